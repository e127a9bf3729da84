"""The Idempotency-Key header: a Structured Field string (RFC 9651) in quotation marks, or a plain token."""

from __future__ import annotations

import re

from flask import Request

from service.web.problems import InvalidIdempotencyKeyError

QUOTED = r'"((?:[ !#-\[\]-~]|\\["\\]){1,255})"'
PLAIN = r"[!#-+\--:<-\[\]-~]{1,255}"  # visible, without " , ; and \

_QUOTED = re.compile(QUOTED)
_PLAIN = re.compile(PLAIN)


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
        return re.sub(r"\\(.)", r"\1", quoted[1])
    if _PLAIN.fullmatch(stated):
        return stated
    raise InvalidIdempotencyKeyError
