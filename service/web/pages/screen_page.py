"""The form: ask, check, screen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from flask import Blueprint, abort, redirect, render_template, request, url_for

from service.errors import InvalidRequestError
from service.records import Account, JsonObject
from service.screening.facts import ScreeningRequest
from service.web.auth import Permission
from service.web.pages.check import show_answers
from service.web.pages.examples import EXAMPLES
from service.web.pages.filling import fill_form
from service.web.pages.form_faults import place_faults
from service.web.pages.form_guard import TOKEN_FIELD
from service.web.pages.layout import Answers, lay_out, without_blank_rows
from service.web.pages.part_views import show_form
from service.web.pages.reading import Reading, expected_inputs, read_form
from service.web.pages.sign_in import actor_of, signed_in
from service.web.schemas.screening import load_request
from service.web.services import WebServices

_OUR_OWN = frozenset({TOKEN_FIELD, "form_id", "add", "check", "back"})
_LISTS = frozenset({"nationalities", "documents", "events", "counterparties", "owners", "directors", "exemptions"})


def add_form(pages: Blueprint, services: WebServices) -> None:
    """Add ``/`` and ``/screen``."""

    @pages.get("/")
    @signed_in(services, Permission.SCREEN)
    def home(account: Account) -> Any:
        return render_form(account, {})

    @pages.get("/screen")
    @signed_in(services, Permission.SCREEN)
    def screen(account: Account) -> Any:
        example = EXAMPLES.get(request.args.get("example", ""))
        answers = fill_form(example.body) if example else {}
        return render_form(account, answers, loaded=example.title if example else None)

    @pages.post("/screen")
    @signed_in(services, Permission.SCREEN)
    def submit(account: Account) -> Any:
        answers = _answers()
        if "back" in request.form:
            return render_form(account, answers)
        if "add" in request.form:
            return render_form(account, answers, add=_list_to_grow(request.form["add"]))
        answers = without_blank_rows(answers)
        reading = read_form(answers)
        screening, faults = _load(reading)
        if screening is None:
            return render_form(account, answers, faults=faults), 422
        if "check" in request.form:
            shown = show_answers(answers, reading.body, services.public_url or request.host_url.rstrip("/"))
            return render_template("check.html", account=account, here="screen", form_id=_form_id(), **shown)
        return _decide(account, screening, reading.body)

    def _decide(account: Account, screening: ScreeningRequest, body: JsonObject) -> Any:
        stored = services.desk.screen(screening, body=body, actor=actor_of(account), idempotency_key=_once(body))
        return redirect(url_for("pages.result", screening_id=stored.id), 303)


def render_form(
    account: Account,
    answers: Answers,
    *,
    loaded: str | None = None,
    add: str | None = None,
    faults: list[tuple[str, str]] | None = None,
    not_carried: list[str] | None = None,
) -> str:
    """The form page with what was answered, and with what to mend.

    ``not_carried`` are paths of an earlier request that this form cannot hold; the page says so.
    """
    parts = lay_out(answers, add=add)
    placed = place_faults(faults or [], parts)
    errors = {question.path: detail for question, detail in placed if question is not None}
    return render_template(
        "screen.html",
        account=account,
        here="screen",
        parts=show_form(parts, answers, errors),
        errors=[{"text": text, **({"href": f"#{q.id}"} if q else {})} for q, text in placed],
        examples=EXAMPLES,
        loaded=loaded,
        not_carried=not_carried,
        form_id=_form_id(),
    )


def _answers() -> dict[str, list[str]]:
    """What was typed; a form with inputs that ours does not have is not ours, and nothing of it is dropped."""
    sent: Mapping[str, list[str]] = request.form.to_dict(flat=False)
    answers = {name: texts for name, texts in sent.items() if name not in _OUR_OWN}
    if not answers.keys() <= expected_inputs(lay_out(answers)):
        abort(400)
    return answers


def _list_to_grow(path: str) -> str:
    if path.rpartition(".")[2] not in _LISTS:
        abort(400)
    return path


def _load(reading: Reading) -> tuple[ScreeningRequest | None, list[tuple[str, str]]]:
    """The request as facts, or everything that is wrong with what was typed."""
    body = {"worker": {}, **reading.body}
    try:
        screening = load_request(body, now=datetime.now(UTC))
    except InvalidRequestError as invalid:
        return None, [*reading.faults, *invalid.faults]
    return (None, reading.faults) if reading.faults else (screening, [])


def _form_id() -> str:
    """The id of this form in the browser: the one it came with, or a new one."""
    return request.form.get("form_id") or uuid4().hex


def _once(body: JsonObject) -> str | None:
    """A key that makes a second press on the same form give the first answer, and no second record."""
    form_id = request.form.get("form_id", "")
    if not (form_id.isalnum() and len(form_id) <= 64):
        return None
    return f"form-{form_id}-{hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]}"
