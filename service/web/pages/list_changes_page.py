"""What changed in a list between any two of its versions, entry by entry and field by field."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from service.lists.changes import ChangeKind
from service.records import Account, ListVersion
from service.web.auth import Permission
from service.web.cursors import cursor_of_key, key_place, known_form
from service.web.pages.list_page import stored_version
from service.web.pages.list_words import change_view, counts_text, day_of
from service.web.pages.presentation import list_name
from service.web.pages.sign_in import signed_in
from service.web.problems import InvalidParameterError
from service.web.services import WebServices
from service.web.wording.pages import say

CHANGES_A_PAGE = 50
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def add_list_changes(pages: Blueprint, services: WebServices) -> None:
    """Add ``/lists/<id>/changes?from=&to=``."""
    store = services.list_versions

    @pages.get("/lists/<list_id>/changes")
    @signed_in(services, Permission.READ_CATALOGUE)
    def list_changes(account: Account, list_id: str) -> Any:
        newest = _newest(services, known_form(list_id))
        version = _asked("to", services, list_id) or newest
        earlier = _asked("from", services, list_id)
        since = earlier.version if earlier else store.before(version) or 0
        if since > 0 and since == version.version:
            return redirect(url_for("pages.one_list", list_id=list_id), 303)
        kind = ChangeKind(request.args["kind"]) if request.args.get("kind") in set(ChangeKind) else None
        after = key_place(request.args["after"]) if request.args.get("after") else None
        number = version.version
        found = list(store.changes(list_id, since, number, after=after, rows=CHANGES_A_PAGE + 1, kind=kind))
        counts = dict(zip(("added", "removed", "changed"), store.count(list_id, since, number), strict=True))
        return render_template(
            "list_changes.html",
            account=account,
            here="lists",
            list_id=list_id,
            name=list_name(list_id),
            span=_span(earlier or _stored(services, list_id, since), version),
            summary=counts_text(counts),
            since=since or None,
            version=number,
            filters=_filters(counts, kind),
            kind=kind.value if kind else None,
            changes=[change_view(each) for each in found[:CHANGES_A_PAGE]],
            more=cursor_of_key(found[CHANGES_A_PAGE - 1].key) if len(found) > CHANGES_A_PAGE else None,
            is_start=after is None,
        )


def _newest(services: WebServices, list_id: str) -> ListVersion:
    found = services.list_versions.page(list_id, rows=1)
    if not found:
        abort(404)
    return found[0].version


def _asked(name: str, services: WebServices, list_id: str) -> ListVersion | None:
    """The version that the parameter names; a 404 where it is not stored."""
    stated = request.args.get(name, "").strip()
    if not stated:
        return None
    if not _NUMBER.fullmatch(stated):
        raise InvalidParameterError(f"{name}: the number of a version is taken.")
    return stored_version(services, list_id, int(stated))


def _stored(services: WebServices, list_id: str, number: int) -> ListVersion | None:
    return services.list_versions.stored(list_id, number) if number else None


def _span(earlier: ListVersion | None, version: ListVersion) -> str:
    if earlier is None:
        return say("changes.span.first", version=version.version, day=day_of(version))
    return say(
        "changes.span",
        since=earlier.version,
        since_day=day_of(earlier),
        version=version.version,
        day=day_of(version),
    )


def _filters(counts: dict[str, int], kind: ChangeKind | None) -> list[tuple[str | None, str, str, bool]]:
    """(value, words, how many, whether it is the one shown) of each filter."""
    words = {"added": say("changes.added"), "removed": say("changes.removed"), "changed": say("changes.changed")}
    rows: list[tuple[str | None, str, str, bool]] = [
        (None, say("changes.all"), f"{sum(counts.values()):,}", kind is None)
    ]
    return rows + [(each, words[each], f"{counts[each]:,}", kind == each) for each in words]
