"""One JSON line for each request, without anything personal in it.

A line holds the route's pattern, never the path or the query: a path may hold an id that leads to a
person, and an unknown path may hold anything. Keys are named by their id.
"""

from __future__ import annotations

import re
import sys
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, request

REQUEST_ID = "hirescreen.request_id"  # in the WSGI environment
ACTOR = "hirescreen.actor"  # "key:<id>" once the caller is known
STARTED = "hirescreen.started"

KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# A caller's own id is taken over only in forms that cannot spell a name.
_FOREIGN_ID = re.compile(r"[0-9a-fA-F]{8,64}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _StandardError:
    """Writes whole lines to whatever standard error is at that moment."""

    def info(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    error = info


def web_log() -> Any:
    """The log of the web: JSON lines on standard error, times in UTC."""
    return structlog.wrap_logger(
        _StandardError(),
        wrapper_class=structlog.BoundLogger,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    ).bind()


def request_id() -> str:
    """The id of the request being answered."""
    return str(request.environ.get(REQUEST_ID, ""))


def set_access_log(app: Flask) -> None:
    """Give every request an id, echo it as ``X-Request-Id``, and log one line when it is answered."""
    log = web_log()

    @app.before_request
    def begin() -> None:
        stated = request.headers.get("X-Request-Id", "")
        request.environ[REQUEST_ID] = stated if _FOREIGN_ID.fullmatch(stated) else str(uuid4())
        request.environ[STARTED] = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        log.info(
            "request",
            id=request_id(),
            method=request.method if request.method in KNOWN_METHODS else "other",
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            ms=round((perf_counter() - request.environ.get(STARTED, perf_counter())) * 1000, 1),
            actor=request.environ.get(ACTOR),
        )
        return response
