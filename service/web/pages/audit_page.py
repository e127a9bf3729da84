"""The record for people: its signed head, and the export that an auditor takes away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from service.audit.checkpoint import parse_head
from service.audit.export import Form
from service.audit.note import encode_base64
from service.audit.sealed import SealStatus
from service.audit.selection import DECISIONS, PARAMETERS
from service.errors import ExportBusyError, NotSealedError, SelectionError
from service.records import Account, JsonObject
from service.web.api.audit_export import sent_export
from service.web.auth import Permission, may
from service.web.pages.form_guard import TOKEN_FIELD
from service.web.pages.sign_in import actor_of, signed_in
from service.web.schemas.audit import load_order
from service.web.services import WebServices
from service.web.wording.pages import say

LONGEST_RECIPIENT = 200
_FIELDS = (*PARAMETERS, "format", "recipient", "personal_data")


def add_audit(pages: Blueprint, services: WebServices) -> None:
    """Add ``/audit``, ``/audit/checkpoint`` and ``/audit/export``."""

    @pages.get("/audit")
    @signed_in(services, Permission.READ_RECORD)
    def audit(account: Account) -> Any:
        return _page(account, {"format": Form.BUNDLE.value})

    @pages.get("/audit/checkpoint")
    @signed_in(services, Permission.READ_RECORD)
    def audit_checkpoint(account: Account) -> Any:  # noqa: ARG001  # whoever may see the page may keep the head
        try:
            head = services.record.head()
        except NotSealedError:
            abort(404)
        response = Response(head.note, content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{head.size}"'
        return response

    @pages.post("/audit/export")
    @signed_in(services, Permission.READ_RECORD)
    def audit_export(account: Account) -> Any:
        asked = {name: text.strip() for name, text in request.form.items() if name != TOKEN_FIELD}
        if not asked.keys() <= set(_FIELDS):
            abort(400)
        if "personal_data" in asked and not may(account.role, Permission.EXPORT_PERSONAL):
            abort(403)
        recipient = asked.get("recipient", "")[:LONGEST_RECIPIENT]
        if "personal_data" in asked and not recipient:
            return _page(account, asked, fault=("recipient", say("audit.recipient.missing"))), 422
        try:
            stated = {name: text for name, text in asked.items() if text}
            order = load_order(stated, form=Form.BUNDLE, others=frozenset({"recipient"}))
            return sent_export(services.record.exports, replace(order, recipient=recipient or None), actor_of(account))
        except SelectionError as wrong:
            reason = str(wrong).partition(": ")[2]
            return _page(account, asked, fault=(wrong.name, reason[:1].upper() + reason[1:])), 422
        except ExportBusyError:
            return _page(account, asked, fault=("submit", say("audit.busy"))), 503
        except NotSealedError:
            return _page(account, asked, fault=("submit", say("audit.head.none"))), 503

    def _page(account: Account, asked: JsonObject, *, fault: tuple[str, str] | None = None) -> Any:
        return render_template(
            "audit.html",
            account=account,
            here="audit",
            asked=asked,
            fault={"name": fault[0], "text": fault[1]} if fault else None,
            head=_head(services),
            state=_state(services.record.status()),
            decisions=[(word, say(f"result.{word}.word")) for word in DECISIONS],
            forms=[(form.value, say(f"audit.format.{form}")) for form in (Form.BUNDLE, Form.CSV, Form.JSONL)],
            may_take_people=may(account.role, Permission.EXPORT_PERSONAL),
        )


def _head(services: WebServices) -> JsonObject | None:
    try:
        head = services.record.head()
    except NotSealedError:
        return None
    origin = parse_head(head.note).checkpoint.origin
    return {"origin": origin, "size": f"{head.size:,}", "root": encode_base64(head.root), "note": head.note}


def _state(status: SealStatus) -> str:
    if status.stopped is not None:
        return say("audit.state.stopped")
    if not status.ready:
        return say("audit.state.late", waiting=f"{status.unsealed:,}", seconds=f"{status.oldest_seconds:.0f}")
    return say("audit.state.good", waiting=f"{status.unsealed:,}")
