"""The state of the lists: what is loaded, from when, and how fresh it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from service.records import Account, JsonObject
from service.web.auth import Permission
from service.web.pages.presentation import list_view, when
from service.web.pages.sign_in import signed_in
from service.web.services import WebServices
from service.web.wording.pages import say


def add_lists(pages: Blueprint, services: WebServices) -> None:
    """Add ``/lists``."""

    @pages.get("/lists")
    @signed_in(services, Permission.READ_CATALOGUE)
    def lists(account: Account) -> Any:
        shown = [_show(entry) for entry in services.desk.list_status()]
        return render_template("lists.html", account=account, here="lists", lists=shown)


def _show(entry: JsonObject) -> JsonObject:
    facts = [
        (say("lists.version"), str(entry["version"]) if entry.get("version") is not None else ""),
        (say("lists.published"), when(entry["published_on"]) if entry.get("published_on") else ""),
        (say("lists.checked"), when(entry["checked_at"]) if entry.get("checked_at") else ""),
        (say("lists.entries"), f"{entry['entries']:,}" if entry.get("version") is not None else ""),
        (say("lists.sha256"), f"{entry['sha256'][:16]}…" if entry.get("sha256") else ""),
        (say("lists.limit"), _limits(entry.get("limits", {}))),
        (say("lists.basis"), entry.get("legal_basis") or ""),
    ]
    notes = [say("lists.starter.note")] if entry.get("status") == "starter" else []
    if entry.get("version") and not entry.get("complete", True):
        notes.append(say("lists.partial.note"))
    return {**list_view(entry), "notes": notes, "facts": [(label, value) for label, value in facts if value]}


def _limits(limits: JsonObject) -> str:
    if "stale_after_hours" not in limits:
        return ""
    return say("lists.limits", soft=_hours(limits["ageing_after_hours"]), hard=_hours(limits["stale_after_hours"]))


def _hours(hours: float) -> str:
    return f"{hours:g} h" if hours < 48 else f"{hours / 24:g} d"
