"""An earlier request with other dates: what the boxes of the what-if page hold, and what a press on it changes."""

from __future__ import annotations

import copy
from datetime import date, timedelta

from service.records import JsonObject
from service.web.pages.filling import fill_form
from service.web.pages.layout import Answers
from service.web.pages.reading import read_form

CONTRACT_DATES = ("finalised_on", "starts_on", "ends_on", "effective_on")
STEPS = {"earlier": timedelta(days=-1), "later": timedelta(days=1)}


def dates_of(body: JsonObject) -> JsonObject:
    """The dates of a request that can be moved, and its stage: as a request that holds nothing else."""
    contract = body.get("contract") or {}
    stated = {name: contract.get(name) for name in CONTRACT_DATES}
    stated["finalised_on"] = contract.get("finalised_at") or stated["finalised_on"]
    days = {name: text[:10] for name, text in stated.items() if text}
    return {"as_of": body["as_of"][:10], "stage": body.get("stage") or "offer_accepted", "contract": days}


def movable(body: JsonObject) -> tuple[str, ...]:
    """The paths of the dates that have boxes: the day judged on, the contract's, and what else the request states."""
    stated = dates_of(body)["contract"]
    further = (f"contract.{name}" for name in CONTRACT_DATES if name in stated and name != "finalised_on")
    return ("as_of", "contract.finalised_on", *further)


def boxes_of(dates: JsonObject) -> Answers:
    """What the boxes hold for these dates."""
    return fill_form(dates)


def read_dates(answers: Answers, *, today: date) -> tuple[JsonObject, list[tuple[str, str]]]:
    """The dates typed, and what is wrong with them as pairs of JSON pointer and words.

    Where no day to judge on is typed, it is ``today``.
    """
    reading = read_form(answers)
    faults = [fault for fault in reading.faults if fault[0] != "/worker/name"]
    return {"as_of": today.isoformat(), "contract": {}, **reading.body}, faults


def pressed(dates: JsonObject, button: str) -> JsonObject:
    """The dates after a press on a button: ``as_of:later``, ``contract.ends_on:2019-12-23``.

    Raises ValueError for a button that the page does not have, or where no day can be moved.
    """
    path, _, to = button.partition(":")
    moved = copy.deepcopy(dates)
    place, name = (moved["contract"], path.removeprefix("contract.")) if "." in path else (moved, path)
    if path not in ("as_of", *(f"contract.{each}" for each in CONTRACT_DATES)):
        raise ValueError("there is no such date")
    if to in STEPS and name not in place:
        raise ValueError("there is no day to move from")
    day = date.fromisoformat(place[name]) + STEPS[to] if to in STEPS else date.fromisoformat(to)
    place[name] = day.isoformat()
    return moved


def with_dates(body: JsonObject, dates: JsonObject) -> JsonObject:
    """The request with these dates. A date that stays keeps its hour; one that moves is a bare day."""
    now, changed = dates_of(body), copy.deepcopy(body)
    changed["stage"] = dates.get("stage") or now["stage"]
    if dates["as_of"] != now["as_of"]:
        changed["as_of"] = dates["as_of"]
    contract = dict(changed.get("contract") or {})
    for name in CONTRACT_DATES:
        day = dates["contract"].get(name)
        if day == now["contract"].get(name):
            continue
        if name == "finalised_on":
            contract.pop("finalised_at", None)
        contract[name] = day
    return {**changed, "contract": contract} if contract else changed
