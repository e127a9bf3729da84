"""What if a date were different? The answer for every day of each date of an earlier screening; never recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, abort, render_template, request

from service.errors import InvalidRequestError
from service.records import Account, JsonObject
from service.web.auth import Permission
from service.web.pages.fields import FORM, Field
from service.web.pages.fields import Group as FieldGroup
from service.web.pages.form_guard import TOKEN_FIELD
from service.web.pages.layout import Answers, Question
from service.web.pages.moved_dates import boxes_of, dates_of, movable, pressed, read_dates, with_dates
from service.web.pages.presentation import field_label, warning_text, when
from service.web.pages.question_views import show_question
from service.web.pages.sign_in import signed_in
from service.web.pictures.answer_bands import answer_bands
from service.web.schemas.screening import load_request
from service.web.services import WebServices
from service.web.wording.pages import say

_OUR_OWN = frozenset({TOKEN_FIELD, "screening", "move"})


def add_what_if(pages: Blueprint, services: WebServices) -> None:
    """Add ``/what-if``; it starts from the screening whose id it is given."""

    @pages.get("/what-if")
    @signed_in(services, Permission.SCREEN)
    def what_if(account: Account) -> Any:
        stated = request.args.get("screening")
        if stated is None:
            return render_template("what_if.html", account=account, here="what_if", start=True)
        screening_id = _id(stated)
        body = _asked(screening_id)
        return _page(account, screening_id, body=body, answers=boxes_of(dates_of(body)), changed=body, faults=[])

    @pages.post("/what-if")
    @signed_in(services, Permission.SCREEN)
    def move(account: Account) -> Any:
        screening_id = _id(request.form.get("screening", ""))
        body = _asked(screening_id)
        answers: Answers = _answers(_questions(body))
        dates, faults = read_dates(answers, today=datetime.now(UTC).date())
        if not faults and "move" in request.form:
            try:
                dates = pressed(dates, request.form["move"])
            except (ValueError, OverflowError):
                abort(400)
        answers = answers if faults else boxes_of(dates)
        changed = None if faults else with_dates(body, dates)
        return _page(account, screening_id, body=body, answers=answers, changed=changed, faults=faults)

    def _asked(screening_id: UUID) -> JsonObject:
        """The request as it was answered: what it left to the clock stands in the answer."""
        stored, asked = services.desk.screening(screening_id), services.desk.request_of(screening_id)
        if stored is None or asked is None:
            abort(404)
        answer = orjson.loads(stored.answer)
        return {**asked, "as_of": answer["as_of"], "known_at": answer["known_at"]}

    def _page(
        account: Account,
        screening_id: UUID,
        *,
        body: JsonObject,
        answers: Answers,
        changed: JsonObject | None,
        faults: list[tuple[str, str]],
    ) -> Any:
        """The boxes, and the answers for ``changed``; without it, what is wrong in the boxes."""
        shown: JsonObject | None = None
        if changed is not None:
            try:
                facts = load_request(changed, now=datetime.now(UTC))
            except InvalidRequestError as invalid:
                faults = invalid.faults
            else:
                shown = show_answers(services.desk.what_if(facts, body=changed), changed)
        questions = _questions(body)
        errors = {question.path: text for question in questions for at, text in faults if at == question.pointer}
        page = render_template(
            "what_if.html",
            account=account,
            here="what_if",
            start=False,
            screening_id=screening_id,
            questions=[show_question(question, answers, errors) for question in questions],
            dates=[(question.path, field_label(question.path)) for question in questions if question.path != "stage"],
            errors=[{"text": text, "href": f"#{_anchor(at, questions)}"} for at, text in faults],
            a=shown,
        )
        return (page, 422) if faults else page


def show_answers(answer: JsonObject, asked: JsonObject) -> JsonObject:
    """A what-if in words: the decision, the stretches of each date with their picture, and what would settle it."""
    dates = dates_of(asked)
    fields = list(dict.fromkeys(band["field"] for band in answer["bands"]))
    return {
        "decision": answer["decision"],
        "summary": answer["summary"],
        "findings": [
            {"id": finding["clause"]["id"], "outcome": finding["outcome"], "reason": finding["reason"]}
            for finding in answer["findings"]
        ],
        "warnings": [warning_text(warning["detail"]) for warning in answer["warnings"]],
        "moved": [_moved(field, answer, dates, number) for number, field in enumerate(fields)],
        "settling": [
            {
                "labels": [field_label(path) for path in each["fields"]],
                "decisions": " / ".join(say(f"result.{word}.word") for word in each["decisions"]),
            }
            for each in answer["settling"]
        ],
    }


def _moved(field: str, answer: JsonObject, dates: JsonObject, number: int) -> JsonObject:
    bands = [band for band in answer["bands"] if band["field"] == field]
    part, _, name = field.rpartition(".")
    stated = (dates["contract"] if part else dates).get(name)
    here = date.fromisoformat(stated) if stated else None
    label = field_label(field)
    return {
        "field": field,
        "label": label,
        "id": f"moved-{number}",
        "picture": answer_bands(bands, here, label, number=number),
        "rows": [_row(band, stated) for band in bands],
    }


def _row(band: JsonObject, stated: str | None) -> JsonObject:
    first, last = band["first"], band["last"]
    clauses = (f"{each['clause']} ({_words(each['outcomes'])})" for each in band["clauses"])
    return {
        "first": first,
        "last": when(last) if last else None,
        "decision": band["decision"],
        "clauses": ", ".join(clauses) or say("what_if.none"),
        "is_here": stated is not None and (first or "") <= stated <= (last or stated),
    }


def _words(outcomes: list[str]) -> str:
    return " / ".join(say(f"result.{outcome}.word") for outcome in outcomes)


def _questions(body: JsonObject) -> list[Question]:
    known = dict(_fields(FORM))
    return [Question(known[path], path) for path in (*movable(body), "stage")]


def _fields(items: tuple[Field | FieldGroup, ...]) -> list[tuple[str, Field]]:
    found: list[tuple[str, Field]] = []
    for item in items:
        found += [(item.path, item)] if isinstance(item, Field) else _fields(item.items)
    return found


def _answers(questions: list[Question]) -> dict[str, list[str]]:
    """What was typed; a form with inputs that ours does not have is not ours."""
    sent = request.form.to_dict(flat=False)
    answers = {name: texts for name, texts in sent.items() if name not in _OUR_OWN}
    if not answers.keys() <= {name for question in questions for name in question.inputs}:
        abort(400)
    return answers


def _anchor(pointer: str, questions: list[Question]) -> str:
    return next((question.id for question in questions if question.pointer == pointer), "main-content")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)
