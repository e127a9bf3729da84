"""The history of a list: its versions, and what changed between two of them."""

from __future__ import annotations

import re
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.lists.changes import ChangeKind
from service.lists.sources import SOURCES
from service.records import DatedVersion, ListVersion
from service.web.api.describing import SECURED, TOO_LONG, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.cursors import (
    HIGHEST_VERSION,
    cursor_of_key,
    cursor_of_version,
    key_place,
    known_form,
    version_place,
)
from service.web.problems import InvalidParameterError, ListVersionNotFoundError
from service.web.schemas.list_versions import ListChangesSchema, ListVersionsSchema
from service.web.services import ListVersionStore, WebServices

VERSIONS_A_PAGE, MOST_VERSIONS = 50, 200
CHANGES_A_PAGE, MOST_CHANGES = 200, 1000
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)

_LIST = {"list_id": "The id of a list."}
_VERSION = {**_LIST, "number": "The number of a version."}
_LINK = {"Link": {"description": "The next page (`rel=next`), where there is one.", "schema": {"type": "string"}}}


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _limit(usual: int, most: int) -> dict[str, Any]:
    return _query("limit", {"type": "integer", "minimum": 1, "maximum": most, "default": usual}, "The most to give.")


_CURSOR = _query("cursor", {"type": "string"}, "Where to go on: from the header `Link` of the page before.")
_FAULTS = TOO_LONG | faults(
    "invalid-parameter",
    "unauthenticated",
    "forbidden",
    "list-version-not-found",
    "internal-error",
    "store-unavailable",
)

_VERSIONS = {
    "operationId": "readListVersions",
    "summary": "The versions of a list",
    "description": "The newest first by published day, each with its counts and with how many entries changed since "
    "the version before.",
    "security": SECURED,
    "parameters": [_limit(VERSIONS_A_PAGE, MOST_VERSIONS), _CURSOR],
    "responses": {**answered(HTTPStatus.OK, ListVersionsSchema, "A page.", headers=_LINK), **_FAULTS},
}

_CHANGES = {
    "operationId": "readListChanges",
    "summary": "What changed in a list",
    "description": "The entries that were added, removed or changed, with each field that changed. An entry that got "
    "another name under its key is one that changed. A version that waits for approval may be asked for too.",
    "security": SECURED,
    "parameters": [
        _query("kind", {"type": "string", "enum": [kind.value for kind in ChangeKind]}, "Only changes of this kind."),
        _query(
            "since",
            {"type": "integer", "minimum": 1, "maximum": HIGHEST_VERSION},
            "The version to compare with; where it is not given, the one before by published day, or the one that a "
            "version that waits would replace.",
        ),
        _limit(CHANGES_A_PAGE, MOST_CHANGES),
        _CURSOR,
    ],
    "responses": {**answered(HTTPStatus.OK, ListChangesSchema, "A page.", headers=_LINK), **_FAULTS},
}


def list_versions_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes ``/v1/lists/{id}/versions`` and ``/v1/lists/{id}/versions/{n}/changes``."""
    routes = Routes("list_versions", __name__, url_prefix="/v1/lists", description="The history of the lists.")
    store = services.list_versions

    @routes.operation("GET", "/<list_id>/versions", _VERSIONS, in_path=_LIST)
    def read_versions(list_id: str) -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        rows = _asked_number("limit", VERSIONS_A_PAGE, MOST_VERSIONS)
        before = version_place(request.args["cursor"]) if "cursor" in request.args else None
        found = store.page(known_form(list_id), rows=rows + 1, before=before)
        if not found and before is None and list_id not in SOURCES:
            raise ListVersionNotFoundError
        body = {"list": list_id, "versions": [_version_json(each) for each in found[:rows]]}
        last = found[rows - 1] if len(found) > rows else None
        return _page(body, cursor_of_version(last) if last else None)

    @routes.operation("GET", "/<list_id>/versions/<int:number>/changes", _CHANGES, in_path=_VERSION)
    def read_changes(list_id: str, number: int) -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        rows = _asked_number("limit", CHANGES_A_PAGE, MOST_CHANGES)
        after = key_place(request.args["cursor"]) if "cursor" in request.args else None
        since = _usual_since(services, known_form(list_id), number)
        if "since" in request.args:
            since = _known_version(store, list_id, _asked_number("since", 1, HIGHEST_VERSION)).version
        kind = _asked_kind()
        found = list(store.changes(list_id, since, number, after=after, rows=rows + 1, kind=kind))
        added, removed, changed = store.count(list_id, since, number)
        body = {
            "list": list_id,
            "since": since or None,
            "version": number,
            "counts": {"added": added, "removed": removed, "changed": changed},
            "changes": [asdict(each) for each in found[:rows]],
        }
        return _page(body, cursor_of_key(found[rows - 1].key) if len(found) > rows else None)

    return routes


def _version_json(dated: DatedVersion) -> dict[str, Any]:
    version = dated.version
    return {
        "version": version.version,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "loaded_at": timestamp(version.loaded_at) if version.loaded_at else None,
        "checked_at": timestamp(version.checked_at) if version.checked_at else None,
        "serves": version.activated_at is not None,
        "entries": version.entries,
        "counts": version.counts,
        "left_out": version.left_out,
        "sha256": version.sha256,
        "address": version.address,
        "complete": version.complete,
        "since": dated.since,
        "changes": {"added": dated.added, "removed": dated.removed, "changed": dated.changed},
    }


def _known_version(store: ListVersionStore, list_id: str, number: int) -> ListVersion:
    found = store.version(list_id, number) if number <= HIGHEST_VERSION else None
    if found is None:
        raise ListVersionNotFoundError
    return found


def _usual_since(services: WebServices, list_id: str, number: int) -> int:
    """What a version is compared with unless the caller says: the version before, or the one it would replace."""
    held = services.approvals.state_of(list_id, number) if number <= HIGHEST_VERSION else None
    if held is not None and held.state == "held":
        return held.against
    return services.list_versions.before(_known_version(services.list_versions, list_id, number)) or 0


def _asked_number(name: str, usual: int, most: int) -> int:
    """A parameter of the query, from 1 to ``most``."""
    stated = request.args.get(name)
    if stated is None:
        return usual
    if not _NUMBER.fullmatch(stated) or not 1 <= int(stated) <= most:
        raise InvalidParameterError(f"{name}: a whole number from 1 to {most} is taken.")
    return int(stated)


def _asked_kind() -> ChangeKind | None:
    stated = request.args.get("kind")
    try:
        return ChangeKind(stated) if stated is not None else None
    except ValueError as error:
        raise InvalidParameterError(f"kind: one of {', '.join(ChangeKind)} is taken.") from error


def _page(body: dict[str, Any], cursor: str | None) -> Response:
    response = Response(orjson.dumps(body), mimetype="application/json")
    if cursor is not None:
        asked = {name: value for name, value in request.args.items() if name != "cursor"}
        address = f"{quote(request.path)}?{urlencode({**asked, 'cursor': cursor})}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
