"""One list: who publishes it, what its version holds, its versions; and one version: where it came from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request

from service.lists.readers import FORMATS
from service.lists.sources import SOURCES
from service.records import Account, DatedVersion, HeldList, JsonObject, ListVersion
from service.web.auth import Permission
from service.web.cursors import HIGHEST_VERSION, cursor_of_version, known_form, version_place
from service.web.pages.list_words import counts_text, counts_view, day_of, moment, status_view
from service.web.pages.lists_page import strip
from service.web.pages.presentation import list_name
from service.web.pages.sign_in import signed_in
from service.web.pictures.list_days import DAYS, ORDER, mark
from service.web.services import WebServices
from service.web.wording.lists import OUTCOMES
from service.web.wording.pages import say

VERSIONS_A_PAGE = 20


def add_list(pages: Blueprint, services: WebServices) -> None:
    """Add ``/lists/<id>`` and ``/lists/<id>/versions/<n>``."""
    store = services.list_versions

    @pages.get("/lists/<list_id>")
    @signed_in(services, Permission.READ_CATALOGUE)
    def one_list(account: Account, list_id: str) -> Any:
        entry = next((each for each in services.desk.list_status() if each["id"] == known_form(list_id)), None)
        if entry is None:
            abort(404)
        before = version_place(request.args["before"]) if "before" in request.args else None
        found = store.page(list_id, rows=VERSIONS_A_PAGE + 1, before=before)
        today = datetime.now(UTC).date()
        days = services.list_days.worst_by_day(today - timedelta(days=DAYS - 1), list_id)
        serving = store.stored(list_id, entry["version"]) if entry.get("version") else None
        view = status_view(entry)
        return render_template(
            "list.html",
            account=account,
            here="lists",
            list={**view, **strip(days.get(list_id, {}), today, view, 0)},
            source=_source(list_id, entry),
            counts=counts_view(serving) if serving else None,
            versions=[_version_row(each) for each in found[:VERSIONS_A_PAGE]],
            older=cursor_of_version(found[VERSIONS_A_PAGE - 1]) if len(found) > VERSIONS_A_PAGE else None,
            is_first=before is None,
            waiting=services.approvals.waiting(list_id),
            legend_rows=[(mark(outcome), OUTCOMES[outcome]) for outcome in ORDER],
        )

    @pages.get("/lists/<list_id>/versions/<int:number>")
    @signed_in(services, Permission.READ_CATALOGUE)
    def list_version(account: Account, list_id: str, number: int) -> Any:
        version = stored_version(services, list_id, number)
        held = services.approvals.state_of(list_id, number)
        known = held is None or held.state == "approved"
        return render_template(
            "list_version.html",
            account=account,
            here="lists",
            list_id=list_id,
            name=list_name(list_id),
            number=number,
            state=_state(version, held),
            waits=held is not None and held.state == "held",
            facts_rows=_facts(version, held),
            reasons=[reason["detail"] for reason in held.reasons] if held else [],
            files=_files(services, version),
            counts=counts_view(version),
            since=store.before(version) if known else None,
            is_known=known,
        )


def stored_version(services: WebServices, list_id: str, number: int) -> ListVersion:
    """A version that is stored, held ones included; a 404 otherwise."""
    known_form(list_id)
    found = services.list_versions.stored(list_id, number) if 0 < number <= HIGHEST_VERSION else None
    if found is None:
        abort(404)
    return found


def _source(list_id: str, entry: JsonObject) -> JsonObject:
    """Who publishes it, where, and in which formats."""
    source = SOURCES.get(list_id)
    titles = [FORMATS[name].title for name in source.formats] if source else []
    first = bool(source and source.files)
    return {
        "title": entry["title"],
        "publisher": entry.get("publisher") or "",
        "page": entry.get("page") or "",
        "addresses": entry.get("addresses") or [],
        "formats": [
            say("list.format.first", format=title) if first and number == 0 else title
            for number, title in enumerate(titles)
        ],
    }


def _version_row(dated: DatedVersion) -> JsonObject:
    version = dated.version
    marks = [say("list.versions.serves")] if version.activated_at else []
    marks += [] if version.complete else [say("list.versions.partial")]
    counts = {"added": dated.added, "removed": dated.removed, "changed": dated.changed}
    return {
        "number": version.version,
        "day": dated.day,
        "entries": f"{version.entries:,}",
        "since": dated.since,
        "changes": counts_text(counts) if dated.since else say("list.versions.first"),
        "marks": ", ".join(marks),
        "left_out": sum(version.left_out.values()),
    }


def _state(version: ListVersion, held: HeldList | None) -> str:
    if version.activated_at is not None:
        return say("version.state.serves")
    words = {
        "held": say("version.state.held"),
        "refused": say("version.state.refused"),
        "superseded": say("version.state.superseded"),
    }
    return words.get(held.state if held else "", say("version.state.past"))


def _facts(version: ListVersion, held: HeldList | None) -> list[tuple[str, str]]:
    facts = [
        (say("lists.published"), day_of(version) if version.published_on else "–"),
        (say("lists.fetched"), moment(version.fetched_at)),
        (say("lists.loaded"), moment(version.loaded_at)),
        (say("lists.checked"), moment(version.checked_at) if version.checked_at else say("version.checked.never")),
        (say("lists.entries"), f"{version.entries:,}"),
        (
            say("version.complete"),
            say("version.complete.yes") if version.complete else say("version.complete.no"),
        ),
        (say("version.digest"), version.sha256),
    ]
    if held is not None and held.settled_at is not None:
        why = f": {held.settled_reason}" if held.settled_reason else ""
        facts.append((say("version.settled"), f"{moment(held.settled_at)}{why}"))
    return facts


def _files(services: WebServices, version: ListVersion) -> list[JsonObject]:
    found = services.list_versions.files(version.list_id, version.version)
    return [
        {
            "name": file["name"],
            "address": file.get("address") or say("version.source.import"),
            "size": say("version.bytes", size=f"{file['size']:,}"),
            "sha256": file["sha256"],
        }
        for _, file in sorted(found.items())
    ]
