"""The result of a screening, and the way back from it to a form with its facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, abort, render_template

from service.records import Account, JsonObject
from service.web.auth import Permission, may
from service.web.pages.filling import fill_form, not_carried
from service.web.pages.result import show_result
from service.web.pages.retention_view import answer_to_show, kept_view
from service.web.pages.screen_page import render_form
from service.web.pages.sign_in import signed_in
from service.web.pictures.contract_dates import dated_events
from service.web.pictures.contract_timeline import contract_timeline
from service.web.services import WebServices


def add_result(pages: Blueprint, services: WebServices) -> None:
    """Add ``/screenings/<id>`` and the form that starts from an earlier screening."""

    @pages.get("/screenings/<uuid:screening_id>")
    @signed_in(services, Permission.READ_SCREENINGS)
    def result(account: Account, screening_id: UUID) -> Any:
        stored = services.desk.screening(screening_id)
        if stored is None:
            abort(404)
        answer: JsonObject = orjson.loads(stored.answer)
        asked = services.desk.request_of(screening_id) or {}
        catalogue = services.desk.rulebook()["clauses"]
        titles = {test["id"]: test["title"] for clause in catalogue for test in clause["exceptions"]}
        deadlines = {clause["id"]: clause["dates"] for clause in catalogue}
        return render_template(
            "result.html",
            account=account,
            r=show_result(answer_to_show(answer), titles),
            kept=kept_view(services, account, stored),
            picture=contract_timeline(answer, asked, deadlines) if stored.erased_at is None else None,
            picture_rows=dated_events(answer, asked, deadlines),
            can_change=bool(asked) and may(account.role, Permission.SCREEN),
        )

    @pages.post("/screenings/<uuid:screening_id>/again")
    @signed_in(services, Permission.SCREEN)
    def again(account: Account, screening_id: UUID) -> Any:
        asked = services.desk.request_of(screening_id)
        if asked is None:
            abort(404)
        return render_form(account, fill_form(asked), not_carried=not_carried(asked))
