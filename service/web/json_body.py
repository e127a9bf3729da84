"""JSON read strictly: one meaning for every body, and a plain refusal for everything else.

Python's reader takes NaN, lets the last of two equal keys win, builds strings that UTF-8 and PostgreSQL
cannot hold, and dies on deep nesting. Here each of these is a MalformedBodyError with the pointer of the
place, found in one pass over what the C scanner read.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.errors import HirescreenError
from service.web.json_pointer import pointer

LARGEST_BODY = 256 * 1024  # bytes
DEEPEST_BODY = 20  # objects and arrays within each other
LARGEST_INTEGER = 2**53 - 1  # beyond it JSON readers disagree (RFC 7493)
FAULTS = 100

_UNSOUND_TEXT = re.compile("[\x00\ud800-\udfff]")

Path = tuple[str | int, ...]


class MalformedBodyError(HirescreenError):
    """The body is not JSON that has one meaning; ``faults`` are (JSON pointer, detail) pairs."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{pointer or '/'}: {detail}" for pointer, detail in faults))
        self.faults = faults


def request_json(request: Request) -> Any:
    """The JSON value of a request's body.

    Raises UnsupportedMediaType (415), RequestEntityTooLarge (413) and MalformedBodyError (400).
    """
    charset = request.mimetype_params.get("charset", "utf-8")
    if request.mimetype != "application/json" or charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("Send application/json in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Send the body without a content coding.")
    raw = request.get_data(cache=False)  # werkzeug stops at MAX_CONTENT_LENGTH, chunked or not
    if len(raw) > LARGEST_BODY:
        raise RequestEntityTooLarge
    return read_json(raw)


def read_json(raw: bytes) -> Any:
    """The JSON value that ``raw`` holds; MalformedBodyError where it has none, or more than one meaning."""
    if len(raw) > LARGEST_BODY:
        raise MalformedBodyError([("", f"At most {LARGEST_BODY} bytes are taken.")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise MalformedBodyError([("", f"Not UTF-8 at byte {fault.start}.")]) from None
    if text.startswith("\ufeff"):
        raise MalformedBodyError([("", "A byte order mark is not taken.")])
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as fault:
        detail = f"Not JSON at line {fault.lineno}, column {fault.colno}."
        raise MalformedBodyError([("", detail)]) from None
    except RecursionError:
        raise MalformedBodyError([("", f"At most {DEEPEST_BODY} levels are taken.")]) from None
    faults: list[tuple[str, str]] = []
    # Only an escape can bring NUL or half a surrogate pair into a text: the scanner refuses raw ones.
    _inspect(value, (), escapes="\\u" in text, faults=faults)
    if faults:
        raise MalformedBodyError(faults[:FAULTS])
    return value


class _Repeated(dict[str, Any]):
    """An object in which a key came twice."""


class _Unreadable:
    """A number that JSON readers do not agree on; ``detail`` says why."""

    def __init__(self, detail: str) -> None:
        self.detail = detail


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Repeated(members)


def _integer(digits: str) -> int | _Unreadable:
    # Length first: Python refuses to convert thousands of digits at all.
    number = int(digits) if len(digits) <= 17 else LARGEST_INTEGER + 1
    return number if abs(number) <= LARGEST_INTEGER else _Unreadable("An integer beyond 2^53 is not taken.")


def _fraction(digits: str) -> float | _Unreadable:
    number = float(digits)
    return number if math.isfinite(number) else _Unreadable("A number this large is not taken.")


def _constant(_: str) -> _Unreadable:
    return _Unreadable("NaN and Infinity are not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,  # may answer a mark: only the later pass knows the pointer
    parse_float=_fraction,
    parse_constant=_constant,
)


def _inspect(value: Any, path: Path, *, escapes: bool, faults: list[tuple[str, str]]) -> None:
    if isinstance(value, str):
        if escapes and _UNSOUND_TEXT.search(value):
            faults.append((pointer(path), "NUL and lone surrogates are not taken."))
    elif isinstance(value, dict | list):
        if len(path) >= DEEPEST_BODY:
            faults.append((pointer(path), f"At most {DEEPEST_BODY} levels are taken."))
        elif isinstance(value, dict):
            _inspect_members(value, path, escapes=escapes, faults=faults)
        else:
            for index, entry in enumerate(value):
                _inspect(entry, (*path, index), escapes=escapes, faults=faults)
    elif isinstance(value, _Unreadable):
        faults.append((pointer(path), value.detail))


def _inspect_members(members: dict[str, Any], path: Path, *, escapes: bool, faults: list[tuple[str, str]]) -> None:
    if isinstance(members, _Repeated):
        faults.append((pointer(path), "A key of this object comes more than once."))
    for key, entry in members.items():
        if escapes and _UNSOUND_TEXT.search(key):
            faults.append((pointer(path), "NUL and lone surrogates are not taken in a key."))
        else:
            _inspect(entry, (*path, key), escapes=escapes, faults=faults)
