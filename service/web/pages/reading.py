"""From what was typed into the form to the request of the contract, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from service.nationality.countries import UnknownCountryError, parse_country
from service.records import JsonObject
from service.web.pages.fields import Kind
from service.web.pages.layout import Answers, Part, Question, lay_out
from service.web.wording.pages import FAULTS

AS_WRITTEN = "as_written"

_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:\d{2})")
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2})?")


class UnreadableError(ValueError):
    """What was typed cannot become a value; the message says how to write it."""


@dataclass(slots=True)
class Reading:
    """``body``: the request as JSON. ``faults``: pairs of JSON pointer and what to mend."""

    body: JsonObject = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


def read_form(answers: Answers) -> Reading:
    """Read every question that was answered; what was left empty is left out, and so is unknown."""
    reading = Reading()
    for part in lay_out(answers):
        for question in part.questions():
            _read_one(question, answers, reading)
    _join_instant(reading)
    if "name" not in reading.body.get("worker", {}):
        reading.faults.insert(0, ("/worker/name", FAULTS["required_name"]))
    return reading


def expected_inputs(parts: tuple[Part, ...]) -> set[str]:
    """The names of all inputs of a form that was laid out."""
    return {name for part in parts for question in part.questions() for name in question.inputs}


def _read_one(question: Question, answers: Answers, reading: Reading) -> None:
    if question.is_blank(answers):
        return
    try:
        value = _READERS[question.field.kind](question, answers)
    except UnreadableError as unreadable:
        reading.faults.append((question.pointer, str(unreadable)))
    else:
        _put(reading.body, question.path, value)


def _put(body: JsonObject, path: str, value: Any) -> None:
    place: Any = body
    steps: list[str | int] = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    for step, following in pairwise(steps):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            while len(place) <= step:
                place.append({})
            place = place[step]
        else:
            place = place.setdefault(step, empty)
    place[steps[-1]] = value


def _join_instant(reading: Reading) -> None:
    """Make the time of day beside the contract's date an instant; without the date it says nothing."""
    contract = reading.body.get("contract", {})
    time = contract.pop("finalised_at", None)
    if time is None:
        return
    day = contract.pop("finalised_on", None)
    if day is None:
        reading.faults.append(("/contract/finalised_on", FAULTS["time_without_date"]))
    else:
        contract["finalised_at"] = f"{day}T{time}"


def _text(question: Question, answers: Answers) -> str:
    return answers[question.path][0].strip()


def _lines(question: Question, answers: Answers) -> list[str]:
    return [line.strip() for line in answers[question.path][0].splitlines() if line.strip()]


def _words(question: Question, answers: Answers) -> list[str]:
    return [word.strip() for word in re.split(r"[,;\n]", answers[question.path][0]) if word.strip()]


def _checks(question: Question, answers: Answers) -> list[str]:
    return [value for value in answers[question.path] if value]


def _mrz(question: Question, answers: Answers) -> str:
    return "\n".join(_lines(question, answers))


def _yes_no(question: Question, answers: Answers) -> bool:
    value = _text(question, answers)
    if value not in ("yes", "no"):
        raise UnreadableError(FAULTS["yes_no"])
    return value == "yes"


def _percent(question: Question, answers: Answers) -> int | float:
    text = _text(question, answers).removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", text):
        raise UnreadableError(FAULTS["percent"])
    return float(text) if "." in text else int(text)


def _boxes(question: Question, answers: Answers) -> tuple[str, str, str]:
    day, month, year = (next(iter(answers.get(name, [""]))).strip() for name in question.inputs)
    if not all(re.fullmatch(r"\d*", box, re.ASCII) and len(box) <= 4 for box in (day, month, year)):
        raise UnreadableError(FAULTS["date_digits"])
    if len(year) != 4:
        raise UnreadableError(FAULTS["date_year"])
    return day, month, year


def _date(question: Question, answers: Answers) -> str:
    day, month, year = _boxes(question, answers)
    if not (day and month):
        raise UnreadableError(FAULTS["date_whole"])
    return f"{year}-{month:0>2}-{day:0>2}"


def _partial_date(question: Question, answers: Answers) -> str:
    day, month, year = _boxes(question, answers)
    if day and not month:
        raise UnreadableError(FAULTS["date_month"])
    return "-".join([year, *(f"{box:0>2}" for box in (month, day) if box)])


def _time(question: Question, answers: Answers) -> str:
    time, offset = (next(iter(answers.get(name, [""]))).strip().upper() for name in question.inputs)
    if not _TIME.fullmatch(time):
        raise UnreadableError(FAULTS["time"])
    if not _OFFSET.fullmatch(offset):
        raise UnreadableError(FAULTS["offset"])
    return (time if len(time) == len("07:30:00") else f"{time}:00") + offset


def _nationality(question: Question, answers: Answers) -> str:
    """The nationality as chosen or typed; a word that names no one State has to be settled or kept on purpose."""
    choice = next(iter(answers.get(f"{question.path}-choice", [])), "")
    if choice and choice not in (AS_WRITTEN, "typed"):
        return choice
    text = _text(question, answers)
    try:
        country = parse_country(text)
    except UnknownCountryError:
        raise UnreadableError(FAULTS["nationality_unknown"]) from None
    if country.code is None and choice != AS_WRITTEN:
        raise UnreadableError(FAULTS["nationality_ambiguous"])
    return text


def _nationalities(question: Question, answers: Answers) -> list[str]:
    return _words(question, answers)


_READERS: dict[Kind, Callable[[Question, Answers], Any]] = {
    Kind.TEXT: _text,
    Kind.LINES: _lines,
    Kind.WORDS: _words,
    Kind.MRZ: _mrz,
    Kind.DATE: _date,
    Kind.PARTIAL_DATE: _partial_date,
    Kind.TIME: _time,
    Kind.COUNTRY: _text,
    Kind.NATIONALITY: _nationality,
    Kind.NATIONALITIES: _nationalities,
    Kind.CHOICE: _text,
    Kind.YES_NO: _yes_no,
    Kind.CHECKS: _checks,
    Kind.PERCENT: _percent,
}
