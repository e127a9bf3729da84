"""From a request of the contract back to what the form would hold: for examples and for changed facts."""

from __future__ import annotations

from typing import Any

from service.records import JsonObject
from service.web.pages.fields import Kind
from service.web.pages.layout import Question, lay_out, without_blank_rows
from service.web.pages.question_views import names_no_one_state
from service.web.pages.reading import AS_WRITTEN, read_form


def fill_form(body: JsonObject) -> dict[str, list[str]]:
    """The answers that give ``body`` when they are read; see :func:`not_carried` for the rest."""
    answers: dict[str, list[str]] = {}
    while True:  # rows show only once an answer names them, so owners come to light after their counterparty
        known = len(answers)
        names = {path: [""] for path in _rows_of(body)}
        for part in lay_out({**names, **answers}):
            for question in part.questions():
                answers.update(_fill_one(question, body))
        if len(answers) == known:
            return answers


def not_carried(body: JsonObject) -> list[str]:
    """The paths of what the form cannot hold, such as ``known_at`` or the owner of an owner."""
    read = dict(_leaves(read_form(without_blank_rows(fill_form(body))).body))
    return [
        path
        for path, value in _leaves(body)  # a country may stand bare or with its evidence
        if value not in (read.get(path), read.get(f"{path}.country"), read.get(path.removesuffix(".country")))
    ]


def _leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """Every single value of a request with its path; what is null says nothing and is left out."""
    if isinstance(value, dict):
        return [leaf for name, part in value.items() for leaf in _leaves(part, f"{path}.{name}".strip("."))]
    if isinstance(value, list):
        return [leaf for row, part in enumerate(value) for leaf in _leaves(part, f"{path}[{row}]")]
    return [] if value is None else [(path, value)]


def _rows_of(body: Any, path: str = "") -> list[str]:
    if isinstance(body, dict):
        return [found for name, value in body.items() for found in _rows_of(value, f"{path}.{name}".strip("."))]
    if isinstance(body, list):
        deeper = (_rows_of(value, f"{path}[{row}]") for row, value in enumerate(body))
        return [f"{path}[{row}]" for row in range(len(body))] + [found for rows in deeper for found in rows]
    return []


def _fill_one(question: Question, body: JsonObject) -> dict[str, list[str]]:
    if question.field.kind is Kind.TIME:
        return _split_instant(question, body)
    value = _look_up(body, question.path)
    if value is None or value == []:
        return {}
    match question.field.kind:
        case Kind.DATE | Kind.PARTIAL_DATE:
            year, month, day, *_ = [*str(value)[:10].split("-"), "", ""]
            boxes = (day.lstrip("0"), month.lstrip("0"), year)
            return {name: [box] for name, box in zip(question.inputs, boxes, strict=True) if box}
        case Kind.YES_NO:
            return {question.path: ["yes" if value else "no"]}
        case Kind.LINES:
            return {question.path: ["\n".join(value)]}
        case Kind.WORDS | Kind.NATIONALITIES:
            return {question.path: [", ".join(_country(entry) for entry in value)]}
        case Kind.CHECKS:
            return {question.path: list(value)}
        case Kind.NATIONALITY:
            stated = _country(value)
            kept = {f"{question.path}-choice": [AS_WRITTEN]} if names_no_one_state(stated) else {}
            return {question.path: [stated], **kept}
        case Kind.COUNTRY:
            return {question.path: [_country(value)]}
    return {question.path: [str(value)]}


def _split_instant(question: Question, body: JsonObject) -> dict[str, list[str]]:
    instant = _look_up(body, question.path)
    if not instant:
        return {}
    day, time = str(instant)[:10], str(instant)[11:]
    offset = "Z" if time.endswith(("Z", "z")) else time[-6:]
    year, month, number = day.split("-")
    date = question.path.replace("finalised_at", "finalised_on")
    clock, zone = question.inputs
    return {
        clock: [time.removesuffix(offset)[:8]],
        zone: [offset],
        f"{date}-day": [number.lstrip("0")],
        f"{date}-month": [month.lstrip("0")],
        f"{date}-year": [year],
    }


def _country(value: Any) -> str:
    return str(value.get("country") or "") if isinstance(value, dict) else str(value)


def _look_up(body: Any, path: str) -> Any:
    """The value at a path; None where there is none. A bare nationality counts as its own country."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(body, dict):
            body = body.get(step)
        elif isinstance(body, list) and step.isdigit():
            body = body[int(step)] if int(step) < len(body) else None
        elif isinstance(body, str) and step == "country":
            continue
        else:
            return None
    return body
