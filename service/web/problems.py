"""Every fault as ``application/problem+json`` (RFC 9457), by one table of types.

A type's address (``/problems/<name>``) is stable and is a page that explains it. A problem never holds
what was sent, a trace, SQL or a path of the machine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from service.errors import (
    ApprovalError,
    DispositionError,
    EntryNotFoundError,
    ErasureNotFoundError,
    ErasureSettledError,
    ExportBusyError,
    HirescreenError,
    IdempotencyConflictError,
    IdempotencyInProgressError,
    InvalidRequestError,
    ListsUnavailableError,
    NotAnApproverError,
    NotASignerError,
    NothingToEraseError,
    NotSealedError,
    RetentionDutyError,
    ReviewMovedError,
    ReviewNotFoundError,
    SealingStoppedError,
    SecondPersonError,
    StoreUnavailableError,
    TileNotFoundError,
)
from service.web.access_log import request_id, web_log
from service.web.auth import ForbiddenError, UnauthenticatedError
from service.web.json_body import MalformedBodyError
from service.web.problem_types import PROBLEMS, ProblemType

MEDIA_TYPE = "application/problem+json"


class InvalidIdempotencyKeyError(HirescreenError):
    """Write the Idempotency-Key as a quoted string or a plain token of at most 255 visible characters."""


class ScreeningNotFoundError(HirescreenError):
    """There is no screening with this id."""


class ClauseNotFoundError(HirescreenError):
    """There is no clause with this id."""


class ListVersionNotFoundError(HirescreenError):
    """There is no such list, or no such version of it."""


class PreconditionMissingError(HirescreenError):
    """Send If-Match with the ETag of the review as you saw it."""


class InvalidParameterError(HirescreenError):
    """A parameter of the address cannot be read."""


# Our own faults: the problem's name, and the headers that go with it.
_FAULTS: dict[type[HirescreenError], tuple[str, dict[str, str]]] = {
    MalformedBodyError: ("malformed-body", {}),
    InvalidIdempotencyKeyError: ("invalid-idempotency-key", {}),
    UnauthenticatedError: ("unauthenticated", {"WWW-Authenticate": 'Bearer realm="hirescreen"'}),
    ForbiddenError: ("forbidden", {}),
    ErasureNotFoundError: ("erasure-not-found", {}),
    SecondPersonError: ("second-person-required", {}),
    RetentionDutyError: ("retention-duty", {}),
    ErasureSettledError: ("erasure-settled", {}),
    NothingToEraseError: ("nothing-to-erase", {}),
    ScreeningNotFoundError: ("screening-not-found", {}),
    ClauseNotFoundError: ("clause-not-found", {}),
    ListVersionNotFoundError: ("list-version-not-found", {}),
    InvalidParameterError: ("invalid-parameter", {}),
    NotAnApproverError: ("not-an-approver", {}),
    NotASignerError: ("not-a-signer", {}),
    ReviewNotFoundError: ("review-not-found", {}),
    DispositionError: ("review-closed", {}),
    ReviewMovedError: ("review-moved", {}),
    PreconditionMissingError: ("precondition-required", {}),
    ApprovalError: ("not-to-be-settled", {}),
    InvalidRequestError: ("invalid-request", {}),
    IdempotencyConflictError: ("idempotency-key-reused", {}),
    IdempotencyInProgressError: ("request-in-progress", {"Retry-After": "1"}),
    EntryNotFoundError: ("audit-entry-not-found", {}),
    TileNotFoundError: ("tile-not-found", {}),
    NotSealedError: ("not-sealed-yet", {"Retry-After": "5"}),
    ExportBusyError: ("export-busy", {"Retry-After": "30"}),
    SealingStoppedError: ("record-damaged", {"Retry-After": "60"}),
    ListsUnavailableError: ("lists-unavailable", {"Retry-After": "30"}),
    StoreUnavailableError: ("store-unavailable", {"Retry-After": "5"}),
}

_BY_STATUS = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-request",
    500: "internal-error",
}

FaultPage = Callable[[ProblemType], Response]


def answer_faults(app: Flask, *, is_for_people: Callable[[], bool], page: FaultPage) -> None:
    """Answer every fault: as a page where ``is_for_people()``, as a problem otherwise."""
    log = web_log()

    def answer(fault: Exception) -> Response | HTTPException:
        if isinstance(fault, HTTPException) and (fault.code or 0) < 400:
            return fault  # a redirect is an answer of its own
        kind, headers, members = _describe(fault)
        if kind.status >= 500 and not isinstance(fault, HirescreenError):
            log.error("fault", id=request_id(), type=type(fault).__name__, at=_place(fault))
        response = page(kind) if is_for_people() else _problem(kind, members)
        response.status_code = kind.status
        response.headers.extend(headers)
        return response

    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer)


def _describe(fault: Exception) -> tuple[ProblemType, list[tuple[str, str]], dict[str, Any]]:
    if isinstance(fault, HTTPException):
        return _describe_http(fault)
    for error, (name, headers) in _FAULTS.items():
        if isinstance(fault, error):
            return PROBLEMS[name], _headers(name, headers), _members(fault)
    return PROBLEMS["internal-error"], [], {}


def _headers(name: str, headers: dict[str, str]) -> list[tuple[str, str]]:
    basic = [("WWW-Authenticate", 'Basic realm="hirescreen", charset="UTF-8"')]
    return [*headers.items(), *(basic if name == "unauthenticated" else [])]


def _members(fault: HirescreenError | Exception) -> dict[str, Any]:
    if isinstance(fault, StoreUnavailableError):
        return {}  # its message speaks of the database; the caller need not know it
    if isinstance(fault, InvalidRequestError | MalformedBodyError):
        errors = [{"pointer": pointer, "detail": detail} for pointer, detail in fault.faults]
        return {"detail": _count(len(errors)), "errors": errors}
    if isinstance(fault, RetentionDutyError):
        return {"detail": str(fault), "retention": fault.retention}
    return {"detail": str(fault)}


def _count(faults: int) -> str:
    return "One place of the body is at fault." if faults == 1 else f"{faults} places of the body are at fault."


def _describe_http(fault: HTTPException) -> tuple[ProblemType, list[tuple[str, str]], dict[str, Any]]:
    status = fault.code or 500
    name = _BY_STATUS.get(status)
    kind = PROBLEMS[name] if name else ProblemType("", status, fault.name, "")
    headers: list[tuple[str, str]] = []
    if isinstance(fault, MethodNotAllowed) and fault.valid_methods:
        headers.append(("Allow", ", ".join(sorted(fault.valid_methods))))
    # werkzeug's own descriptions may quote the request, so only the type's words are used
    return kind, headers, {}


def _problem(kind: ProblemType, members: dict[str, Any]) -> Response:
    body = {
        "type": kind.address if kind.name else "about:blank",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.advice or kind.title,
        "instance": f"urn:request:{request_id()}",
        **members,
    }
    return Response(orjson.dumps(body), status=kind.status, content_type=MEDIA_TYPE)


def _place(fault: BaseException) -> str:
    """File and line of the innermost frame: enough to find a fault, and nothing that was sent."""
    frames = traceback.extract_tb(fault.__traceback__)
    if not frames:
        return "unknown"
    name = frames[-1].filename.replace("\\", "/").rpartition("/")[2]
    return f"{name}:{frames[-1].lineno}"
