"""A decision computed again, as a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, render_template

from service.records import Account, JsonObject
from service.replay.difference import Difference
from service.replay.replays import BROKEN, DIFFERENT, HOLDS, IDENTICAL, NOT_CHECKED, UNAVAILABLE, Replay
from service.web.auth import Permission
from service.web.pages.presentation import list_view, when
from service.web.pages.sign_in import signed_in
from service.web.services import WebServices
from service.web.wording.pages import say

MOST_SHOWN = 100
LONGEST_VALUE = 400
_TITLES = {IDENTICAL: "replay.identical", DIFFERENT: "replay.different", UNAVAILABLE: "replay.unavailable"}
_ENGINES = {"this": "replay.engine.this", "stored": "replay.engine.stored", "none": "replay.engine.none"}
_PARTS = {"entry": "replay.entry", "request": "replay.request", "decision": "replay.decision"}
_WORDS = {HOLDS: "replay.holds", BROKEN: "replay.broken", NOT_CHECKED: "replay.not_checked"}


def add_replay(pages: Blueprint, services: WebServices) -> None:
    """Add ``POST /screenings/<id>/replay``."""

    @pages.post("/screenings/<uuid:screening_id>/replay")
    @signed_in(services, Permission.READ_SCREENINGS)
    def replay(account: Account, screening_id: UUID) -> Any:
        found = services.replays.replay(screening_id)
        if found is None:
            abort(404)
        return render_template("replay.html", account=account, screening_id=screening_id, r=_view(found))


def _view(found: Replay) -> JsonObject:
    entry, today = found.entry, found.today
    return {
        "status": found.status,
        "title": say(_TITLES[found.status]),
        "tone": {IDENTICAL: "allow", DIFFERENT: "deny", UNAVAILABLE: "review"}[found.status],
        "reason": found.reason,
        "commitments": [
            (say(_PARTS[part]), word, say(_WORDS[word])) for part, word in sorted(found.commitments.items())
        ],
        "differences": _rows(found.differences),
        "hidden": max(len(found.differences) - MOST_SHOWN, 0),
        "outcome": entry.get("outcome"),
        "decided": when(entry.get("at")),
        "engine": say(_ENGINES[found.engine]),
        "runtime": _rows(found.runtime),
        "lists": [f"{each['name']} {each['version']}" for each in entry.get("lists", [])],
        "today": today and {"decision": today["decision"], "summary": today["summary"]},
        "today_lists": [list_view(each) for each in today["lists"]] if today else [],
        "today_differences": _rows(found.today_differences),
        "today_reason": found.today_reason,
    }


def _rows(found: Iterable[Difference]) -> list[tuple[str, str, str]]:
    return [(each.path or "/", _shown(each.before), _shown(each.after)) for each in list(found)[:MOST_SHOWN]]


def _shown(value: Any) -> str:
    if value is None:
        return say("replay.nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
