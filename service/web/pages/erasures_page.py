"""Erasures for people: what was asked for, the form to ask, and one erasure with its approval or refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for

from service.audit.leaf import timestamp
from service.erasure.ports import Erasure, Ground
from service.errors import (
    ErasureNotFoundError,
    ErasureSettledError,
    InvalidRequestError,
    NothingToEraseError,
    RetentionDutyError,
    SecondPersonError,
)
from service.records import Account, JsonObject
from service.web.auth import Permission, may
from service.web.pages.presentation import when
from service.web.pages.sign_in import actor_of, signed_in
from service.web.schemas.erasures import load_wanted
from service.web.services import WebServices
from service.web.wording.pages import say

ROWS = 20
_TONES = {"requested": "review", "refused": "deny", "done": "allow"}
_IDS = {"screenings": "screenings", "reference": "reference", "ground": "ground", "case": "case"}


def add_erasures(pages: Blueprint, services: WebServices) -> None:
    """Add ``/erasures`` with its form, and ``/erasures/<id>`` with its own."""

    @pages.get("/erasures")
    @signed_in(services, Permission.READ_SCREENINGS)
    def erasures(account: Account) -> Any:
        return _list(services, account, {"screenings": request.args.get("screening", "")}, [])

    @pages.post("/erasures")
    @signed_in(services, Permission.ERASE)
    def ask_erasure(account: Account) -> Any:
        answers = {name: request.form.get(name, "").strip() for name in (*_IDS, "whole")}
        try:
            made = services.erasures.request(load_wanted(_body(answers)), actor_of(account))
        except InvalidRequestError as fault:
            return _list(services, account, answers, [_said(*each) for each in fault.faults]), 422
        except (RetentionDutyError, NothingToEraseError) as fault:
            return _list(services, account, answers, [{"text": str(fault), "href": "#screenings"}]), 409
        return redirect(url_for("pages.erasure", erasure_id=made.id), 303)

    @pages.get("/erasures/<uuid:erasure_id>")
    @signed_in(services, Permission.READ_SCREENINGS)
    def erasure(account: Account, erasure_id: UUID) -> Any:
        return _one(services, account, erasure_id)

    @pages.post("/erasures/<uuid:erasure_id>")
    @signed_in(services, Permission.ERASE)
    def settle_erasure(account: Account, erasure_id: UUID) -> Any:
        settle = {"approve": services.erasures.approve, "refuse": services.erasures.refuse}
        chosen = settle.get(request.form.get("settle", ""))
        if chosen is None:
            abort(400)
        try:
            chosen(erasure_id, actor_of(account))
        except ErasureNotFoundError:
            abort(404)
        except (SecondPersonError, ErasureSettledError, RetentionDutyError) as fault:
            return _one(services, account, erasure_id, errors=[{"text": str(fault)}]), 409
        return redirect(url_for("pages.erasure", erasure_id=erasure_id), 303)


def people_behind(erasure: Erasure) -> list[str]:
    """The user names of those who asked and approved, each once; words for one whose account is not known."""
    found: dict[str, str] = {}
    if erasure.requested_account is not None:
        found[str(erasure.requested_account)] = erasure.requested_username or say("erasure.gone")
    for given in erasure.approvals:
        found.setdefault(given["account"], given["username"] or say("erasure.gone"))
    return list(found.values())


def _body(answers: JsonObject) -> JsonObject:
    """The form as the request of the API: what is empty is left out."""
    ids = answers["screenings"].lower().split()
    stated = {
        "screenings": ids or None,
        "reference": answers["reference"] or None,
        "ground": answers["ground"] or None,
        "case": answers["case"] or None,
        "scope": "all" if answers["whole"] else None,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _said(pointer: str, detail: str) -> JsonObject:
    """A fault of the form, with a link to its input."""
    field = pointer.split("/")[1] if pointer else ""
    words = {"ground": say("erasures.fault.ground"), "screenings": say("erasures.fault.screenings")}
    return {"text": words.get(field, detail), "href": f"#{_IDS.get(field, 'screenings')}", "field": field}


def _list(services: WebServices, account: Account, answers: JsonObject, errors: list[JsonObject]) -> str:
    before = _place(request.args.get("before"))
    found = services.erasures.page(rows=ROWS + 1, before=before)
    return render_template(
        "erasures.html",
        account=account,
        here="erasures",
        erasures=[_row(each) for each in found[:ROWS]],
        older=found[ROWS - 1].id if len(found) > ROWS else None,
        is_first=before is None,
        may_ask=may(account.role, Permission.ERASE),
        grounds=[(each.value, say(f"ground.{each.value}")) for each in Ground],
        answers=answers,
        errors=[dict(each) for each in {each["text"]: each for each in errors}.values()],
        faulty={each.get("field") for each in errors},
    )


def _place(stated: str | None) -> UUID | None:
    try:
        return UUID(stated) if stated is not None else None
    except ValueError:
        abort(400)


def _row(erasure: Erasure) -> JsonObject:
    count = len(erasure.items)
    return {
        "id": erasure.id,
        "at": when(timestamp(erasure.requested_at)),
        "ground": say(f"ground.{erasure.ground}"),
        "count": say("erasures.count.one") if count == 1 else say("erasures.count", count=count),
        "state": say(f"erasure.{erasure.state}"),
        "tone": _TONES[erasure.state],
    }


def _one(services: WebServices, account: Account, erasure_id: UUID, *, errors: list[JsonObject] | None = None) -> str:
    try:
        erasure = services.erasures.get(erasure_id)
    except ErasureNotFoundError:
        abort(404)
    return render_template(
        "erasure.html",
        account=account,
        here="erasures",
        e=_row(erasure),
        facts=_facts(erasure),
        items=[_item(item) for item in erasure.items],
        waits=erasure.state == "requested",
        may_settle=may(account.role, Permission.ERASE),
        is_own=erasure.requested_account == account.id,
        is_mine=any(given["account"] == str(account.id) for given in erasure.approvals),
        errors=errors or [],
    )


def _facts(erasure: Erasure) -> list[tuple[str, str]]:
    asked = erasure.requested_username or say("erasure.gone")
    approved = ", ".join(
        f"{given['username'] or say('erasure.gone')} ({when(given['at'])})" for given in erasure.approvals
    )
    facts = [
        (say("erasure.ground"), say(f"ground.{erasure.ground}")),
        (say("erasure.scope"), say("erasure.scope.all" if erasure.whole else "erasure.scope.erasable")),
        (say("erasure.case"), erasure.case_reference or ""),
        (say("erasure.asked"), asked if erasure.requested_account else say("erasure.program", by=erasure.requested_by)),
        (say("erasures.at"), when(timestamp(erasure.requested_at))),
        (say("erasure.approved"), approved or say("erasure.approved.nobody")),
        (say("erasure.settled"), when(timestamp(erasure.settled_at)) if erasure.settled_at else ""),
        (say("erasure.entry"), str(erasure.entry_id or "")),
    ]
    return [(label, value) for label, value in facts if value]


def _item(item: JsonObject) -> JsonObject:
    day = item["keep_until"]
    keep = say("erasure.keep.until", day=day, name=item["class"], basis=item["basis"]) if day else ""
    return {
        "screening": item["screening"],
        "state": say(f"erasure.item.{item['state']}"),
        "keep": keep or say("erasure.keep.none"),
    }
