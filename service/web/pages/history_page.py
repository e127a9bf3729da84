"""The history of screenings: a page of the newest, with filters that hold no personal data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from service.audit.leaf import timestamp
from service.records import Account, JsonObject
from service.screening_history import PastScreening
from service.web.auth import Permission
from service.web.history_filter import FILTERS, read_cursor, read_filter
from service.web.pages.presentation import when
from service.web.pages.sign_in import signed_in
from service.web.problems import InvalidParameterError
from service.web.services import WebServices
from service.web.wording.questions import option_words

ROWS = 50


def add_history(pages: Blueprint, services: WebServices) -> None:
    """Add ``/screenings``."""

    @pages.get("/screenings")
    @signed_in(services, Permission.READ_SCREENINGS)
    def history(account: Account) -> Any:
        asked = {name: request.args.get(name, "").strip() for name in FILTERS}
        found: tuple[PastScreening, ...] = ()
        before, fault = None, None
        try:
            before = read_cursor(request.args.get("cursor") or None)
            found = services.history.page(read_filter(_stated(asked)), rows=ROWS + 1, before=before)
        except InvalidParameterError as wrong:
            fault = _fault(str(wrong))
        page = render_template(
            "history.html",
            account=account,
            here="history",
            asked=asked,
            fault=fault,
            rows=[_row(each) for each in found[:ROWS]],
            more=_address(asked, found[ROWS - 1].id) if len(found) > ROWS else None,
            newest=_address(asked) if before else None,
            is_filtered=bool(_stated(asked)),
        )
        return page, 200 if fault is None else 400


def _address(asked: dict[str, str], cursor: UUID | None = None) -> str:
    """The page with these filters, from ``cursor`` on."""
    stated = {**_stated(asked), **({"cursor": str(cursor)} if cursor else {})}
    return f"{url_for('pages.history')}{'?' if stated else ''}{urlencode(stated)}"


def _stated(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _fault(text: str) -> JsonObject:
    """The input that is at fault, and what is wrong with it."""
    name, _, reason = text.partition(": ")
    return {"name": name if name in FILTERS else "", "text": reason[:1].upper() + reason[1:]}


def _row(past: PastScreening) -> JsonObject:
    return {
        "id": past.id,
        "decided": when(timestamp(past.decided_at)),
        "decision": past.decision,
        "reference": past.reference,
        "stage": option_words(past.stage),
        "clauses": list(past.clauses),
        "lists": [each.removesuffix(":0") for each in past.lists],
        "erased": past.erased,
    }
