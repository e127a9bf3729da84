"""Where a page of a list's history goes on: places among versions, and keys of entries, as texts of an address."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date

from service.records import DatedVersion
from service.web.problems import InvalidParameterError, ListVersionNotFoundError

HIGHEST_VERSION = 2**31 - 1
_LIST_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9]{1,9})", re.ASCII)
_UNREADABLE = InvalidParameterError("cursor: it is none of this service's cursors.")


def known_form(list_id: str) -> str:
    """The id, where it is one that a list may have; ListVersionNotFoundError."""
    if not _LIST_ID.fullmatch(list_id):
        raise ListVersionNotFoundError
    return list_id


def cursor_of_version(dated: DatedVersion) -> str:
    """The place of a version: its day and its number."""
    return f"{dated.day.isoformat()}.{dated.version.version}"


def version_place(cursor: str) -> tuple[date, int]:
    """The place that ``cursor`` names; InvalidParameterError."""
    found = _PLACE.fullmatch(cursor)
    if found is None:
        raise _UNREADABLE
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError as error:
        raise _UNREADABLE from error


def cursor_of_key(key: str) -> str:
    """The key of an entry for an address: base64url without padding."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def key_place(cursor: str) -> str:
    """The key that ``cursor`` names; InvalidParameterError."""
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise _UNREADABLE from error
    if not key or "\0" in key:
        raise _UNREADABLE
    return key
