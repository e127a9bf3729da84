"""The Idempotency-Key header: a Structured Field string (RFC 9651) in quotation marks, or a plain token."""

from __future__ import annotations

import re

from flask import Request

from service.web.problems import InvalidIdempotencyKeyError

LONGEST_KEY = 255

_QUOTED = re.compile(r'"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_PLAIN = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")  # visible, without " , ; and \


def idempotency_key(request: Request) -> str | None:
    """The key that the caller chose, without its quotation marks; None where there is none.

    ``"abc"`` and ``abc`` are the same key. Raises InvalidIdempotencyKeyError for anything else.
    """
    stated = request.headers.get("Idempotency-Key")
    if stated is None:
        return None
    stated = stated.strip(" \t")
    quoted = _QUOTED.fullmatch(stated)
    if quoted:
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _PLAIN.fullmatch(stated):
        key = stated
    else:
        raise InvalidIdempotencyKeyError
    if not 1 <= len(key) <= LONGEST_KEY:
        raise InvalidIdempotencyKeyError
    return key
