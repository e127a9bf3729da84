"""Versions that wait for two people: the queue, and one version with its reasons, its approvals and its form."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from service.errors import ApprovalError, NotAnApproverError
from service.intake.approval import NEEDED
from service.lists.acceptance import Override
from service.records import Account, HeldList, JsonObject, ListVersion
from service.web.auth import ForbiddenError, Permission, may
from service.web.cursors import HIGHEST_VERSION, known_form
from service.web.pages.list_words import brought_by, counts_text, day_of, group_name, moment
from service.web.pages.presentation import list_name, when
from service.web.pages.sign_in import actor_of, signed_in
from service.web.schemas.held_lists import LONGEST_REASON
from service.web.services import WebServices
from service.web.wording.pages import say

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def add_held_lists(pages: Blueprint, services: WebServices) -> None:
    """Add ``/lists/held`` and ``/lists/<id>/held/<n>`` with its form."""

    @pages.get("/lists/held")
    @signed_in(services, Permission.READ_CATALOGUE)
    def held_lists(account: Account) -> Any:
        waiting = [_shown(services, held, account) for held in services.approvals.waiting()]
        return render_template("list_held.html", account=account, here="lists", waiting=waiting)

    @pages.get("/lists/<list_id>/held/<int:number>")
    @signed_in(services, Permission.READ_CATALOGUE)
    def held_list(account: Account, list_id: str, number: int) -> Any:
        return _page(services, account, _held(services, list_id, number))

    @pages.post("/lists/<list_id>/held/<int:number>")
    @signed_in(services, Permission.SETTLE_LISTS)
    def settle_list(account: Account, list_id: str, number: int) -> Any:
        held = _held(services, list_id, number)
        reason = request.form.get("reason", "").replace("\r\n", "\n").strip()
        errors = _faults(held, reason)
        if errors:
            return _page(services, account, held, errors=errors, reason=reason), 422
        try:
            _settle(services, account, held, reason)
        except NotAnApproverError as error:
            raise ForbiddenError from error
        except ApprovalError as error:
            shown = _held(services, list_id, number)
            return _page(services, account, shown, errors=[{"text": str(error)}], reason=reason), 409
        return redirect(url_for("pages.held_list", list_id=list_id, number=number), 303)


def _held(services: WebServices, list_id: str, number: int) -> HeldList:
    found = services.approvals.state_of(known_form(list_id), number) if 0 < number <= HIGHEST_VERSION else None
    if found is None:
        abort(404)
    return found


def _settle(services: WebServices, account: Account, held: HeldList, reason: str) -> None:
    actor, version = actor_of(account), held.version
    if request.form.get("settle") == "refuse":
        services.approvals.refuse(held.list_id, version, actor, reason=reason)
    else:
        older = "allow_older" in request.form
        services.approvals.approve(held.list_id, version, actor, reason=reason, allow_older=older)


def _faults(held: HeldList, reason: str) -> list[JsonObject]:
    if request.form.get("settle") not in ("approve", "refuse"):
        abort(400)
    if not reason:
        return [{"text": say("held.reason.missing"), "href": "#reason"}]
    if len(reason) > LONGEST_REASON or _CONTROL.search(reason):
        return [{"text": say("held.reason.long", most=LONGEST_REASON), "href": "#reason"}]
    if request.form["settle"] == "approve" and _is_older(held) and "allow_older" not in request.form:
        return [{"text": say("held.older.missing"), "href": "#allow_older"}]
    return []


def _is_older(held: HeldList) -> bool:
    return any(reason.get("override") == Override.OLDER for reason in held.reasons)


def _page(
    services: WebServices,
    account: Account,
    held: HeldList,
    *,
    errors: list[JsonObject] | None = None,
    reason: str = "",
) -> str:
    return render_template(
        "list_held_one.html",
        account=account,
        here="lists",
        h=_shown(services, held, account),
        errors=errors or [],
        fault_of={each["href"][1:]: each["text"] for each in errors or [] if "href" in each},
        reason=reason,
        longest=LONGEST_REASON,
    )


def _shown(services: WebServices, held: HeldList, account: Account) -> JsonObject:
    """A version that was held, with what stands for and against it, as this person sees it."""
    approvals = [
        say("held.approval.line", username=each["username"], at=when(each["at"]), reason=each["reason"] or "–")
        for each in held.approvals
    ]
    mine = any(each["account"] == str(account.id) for each in held.approvals)
    own = held.proposed_by == f"account:{account.id}"
    name = list_name(held.list_id)
    added, removed, changed = services.approvals.difference(held)
    return {
        "list_id": held.list_id,
        "name": name,
        "number": held.version,
        "title": say("held.one.title" if held.state == "held" else "version.title", name=name, number=held.version),
        "against": held.against or None,
        "facts": [
            (say("held.came"), moment(held.held_at)),
            (say("held.brought_by"), brought_by(held, str(account.id))),
            (
                say("held.place"),
                say("held.instead", against=held.against) if held.against else say("held.instead.none"),
            ),
            (say("held.difference"), counts_text({"added": added, "removed": removed, "changed": changed})),
        ],
        "reasons": [reason["detail"] for reason in held.reasons],
        "compared": _compared(services, held),
        "approvals": approvals,
        "stands": _stands(held, mine=mine),
        "waits": held.state == "held",
        "settled": _settled(held),
        "is_older": _is_older(held),
        "is_mine": mine,
        "is_own": own,
        "may_settle": may(account.role, Permission.SETTLE_LISTS),
    }


def _stands(held: HeldList, *, mine: bool) -> str:
    if not held.approvals:
        return say("held.approvals.none")
    if mine and len(held.approvals) < NEEDED:
        return say("held.approvals.you")
    return say("held.approvals.one")


def _settled(held: HeldList) -> str:
    if held.state == "held":
        return ""
    words = {
        "approved": say("held.was.approved", number=held.version),
        "refused": say("held.was.refused", number=held.version),
        "superseded": say("held.was.superseded"),
    }
    return words[held.state]


def _compared(services: WebServices, held: HeldList) -> list[tuple[str, str, str]]:
    """(what, in service, this version): day, entries, and each kind and programme whose count differs."""
    new = services.list_versions.stored(held.list_id, held.version)
    old = services.list_versions.stored(held.list_id, held.against) if held.against else None
    if new is None or old is None:
        return []
    rows = [
        (say("lists.published"), day_of(old), day_of(new)),
        (say("lists.entries"), f"{old.entries:,}", f"{new.entries:,}"),
    ]
    return rows + [(name, f"{before:,}", f"{after:,}") for name, before, after in _groups(old, new)]


def _groups(old: ListVersion, new: ListVersion) -> list[tuple[str, int, int]]:
    names = sorted(old.counts.keys() | new.counts.keys())
    found = [(group_name(name), old.counts.get(name, 0), new.counts.get(name, 0)) for name in names]
    return [(name, before, after) for name, before, after in found if before != after]
