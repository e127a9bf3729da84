"""The state of the lists: what serves, how fresh it is, how it is kept up, and what changed last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template

from service.records import Account, JsonObject
from service.web.auth import Permission
from service.web.pages.list_words import status_view
from service.web.pages.sign_in import signed_in
from service.web.pictures.list_days import DAYS, ORDER, last_days, list_days, mark
from service.web.services import WebServices
from service.web.wording.lists import OUTCOMES
from service.web.wording.pages import say


def add_lists(pages: Blueprint, services: WebServices) -> None:
    """Add ``/lists``."""

    @pages.get("/lists")
    @signed_in(services, Permission.READ_CATALOGUE)
    def lists(account: Account) -> Any:
        today = datetime.now(UTC).date()
        days = services.list_days.worst_by_day(today - timedelta(days=DAYS - 1))
        shown = [status_view(entry) for entry in services.desk.list_status()]
        shown.sort(key=lambda view: not view["is_required"])
        matter = [view for view in shown if view["is_loaded"] or view["is_required"] or view["id"] in days]
        return render_template(
            "lists.html",
            account=account,
            here="lists",
            lists=[{**view, **strip(days.get(view["id"], {}), today, view, n)} for n, view in enumerate(matter)],
            others=[view for view in shown if view not in matter],
            waiting=len(services.approvals.waiting()),
            legend_rows=[(mark(outcome), OUTCOMES[outcome]) for outcome in ORDER],
        )


def strip(found: Mapping[date, str], today: date, view: JsonObject, number: int) -> JsonObject:
    """The picture of a list's last days, and its table with the newest first."""
    runs = last_days(found, today)
    return {
        "strip": list_days(runs, view["name"], number=number),
        "strip_rows": [
            (
                say("lists.strip.from", first=run.first)
                if run.days == 1
                else say("lists.strip.span", first=run.first, last=run.last),
                OUTCOMES[run.outcome],
            )
            for run in reversed(runs)
        ],
        "strip_first": runs[0].first,
    }
