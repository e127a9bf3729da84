"""The history of a list: its versions, and what changed between two of them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import asdict
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.lists.sources import SOURCES
from service.records import DatedVersion, ListVersion
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.problems import InvalidParameterError, ListVersionNotFoundError
from service.web.schemas.list_versions import ListChangesSchema, ListVersionsSchema
from service.web.services import ListVersionStore, WebServices

VERSIONS_A_PAGE, MOST_VERSIONS = 50, 200
CHANGES_A_PAGE, MOST_CHANGES = 200, 1000
_HIGHEST = 2**31 - 1
_LIST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9]{1,9})", re.ASCII)
_UNREADABLE = InvalidParameterError("cursor: it is none of this service's cursors.")
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)

_LIST = {"list_id": "The id of a list."}
_VERSION = {**_LIST, "number": "The number of a version."}
_LINK = {"Link": {"description": "The next page (`rel=next`), where there is one.", "schema": {"type": "string"}}}


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _limit(usual: int, most: int) -> dict[str, Any]:
    return _query("limit", {"type": "integer", "minimum": 1, "maximum": most, "default": usual}, "The most to give.")


_CURSOR = _query("cursor", {"type": "string"}, "Where to go on: from the header `Link` of the page before.")
_FAULTS = faults(
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
    "another name under its key is one that changed.",
    "security": SECURED,
    "parameters": [
        _query(
            "since",
            {"type": "integer", "minimum": 1, "maximum": _HIGHEST},
            "The version to compare with; the one before by published day where it is not given.",
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
        before = _place(request.args["cursor"]) if "cursor" in request.args else None
        found = store.page(_known_id(list_id), rows=rows + 1, before=before)
        if not found and before is None and list_id not in SOURCES:
            raise ListVersionNotFoundError
        body = {"list": list_id, "versions": [_version_json(each) for each in found[:rows]]}
        last = found[rows - 1] if len(found) > rows else None
        return _page(body, f"{last.day.isoformat()}.{last.version.version}" if last else None)

    @routes.operation("GET", "/<list_id>/versions/<int:number>/changes", _CHANGES, in_path=_VERSION)
    def read_changes(list_id: str, number: int) -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        rows = _asked_number("limit", CHANGES_A_PAGE, MOST_CHANGES)
        after = _key(request.args["cursor"]) if "cursor" in request.args else None
        version = _known_version(store, _known_id(list_id), number)
        if "since" in request.args:
            since = _known_version(store, list_id, _asked_number("since", 1, _HIGHEST)).version
        else:
            since = store.before(version) or 0
        found = list(store.changes(list_id, since, number, after=after, rows=rows + 1))
        added, removed, changed = store.count(list_id, since, number)
        body = {
            "list": list_id,
            "since": since or None,
            "version": number,
            "counts": {"added": added, "removed": removed, "changed": changed},
            "changes": [asdict(each) for each in found[:rows]],
        }
        return _page(body, _cursor_of(found[rows - 1].key) if len(found) > rows else None)

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
        "sha256": version.sha256,
        "address": version.address,
        "complete": version.complete,
        "since": dated.since,
        "changes": {"added": dated.added, "removed": dated.removed, "changed": dated.changed},
    }


def _known_id(list_id: str) -> str:
    if not _LIST_ID.fullmatch(list_id):
        raise ListVersionNotFoundError
    return list_id


def _known_version(store: ListVersionStore, list_id: str, number: int) -> ListVersion:
    found = store.version(list_id, number) if number <= _HIGHEST else None
    if found is None:
        raise ListVersionNotFoundError
    return found


def _asked_number(name: str, usual: int, most: int) -> int:
    """A parameter of the query, from 1 to ``most``."""
    stated = request.args.get(name)
    if stated is None:
        return usual
    if not _NUMBER.fullmatch(stated) or not 1 <= int(stated) <= most:
        raise InvalidParameterError(f"{name}: a whole number from 1 to {most} is taken.")
    return int(stated)


def _place(cursor: str) -> tuple[date, int]:
    found = _PLACE.fullmatch(cursor)
    if found is None:
        raise _UNREADABLE
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError as error:
        raise _UNREADABLE from error


def _cursor_of(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _key(cursor: str) -> str:
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _UNREADABLE from error
    if not key or "\0" in key:
        raise _UNREADABLE
    return key


def _page(body: dict[str, Any], cursor: str | None) -> Response:
    response = Response(orjson.dumps(body), mimetype="application/json")
    if cursor is not None:
        asked = {name: value for name, value in request.args.items() if name != "cursor"}
        address = f"{quote(request.path)}?{urlencode({**asked, 'cursor': cursor})}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return response
