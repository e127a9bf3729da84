"""Every fault as ``application/problem+json`` (RFC 9457), by one table of types.

A type's address (``/problems/<name>``) is stable and is a page that explains it. A problem never holds
what was sent, a trace, SQL or a path of the machine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
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

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of fault: its name in the address, the HTTP status, a title, and what to do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def address(self) -> str:
        return f"/problems/{self.name}"


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


PROBLEMS: dict[str, ProblemType] = {
    problem.name: problem
    for problem in (
        ProblemType("bad-request", 400, "Bad request", "The request is not one that HTTP allows; see `detail`."),
        ProblemType(
            "malformed-body",
            400,
            "The body is not JSON",
            "Send one JSON value in UTF-8: no repeated key, NaN, NUL or lone surrogate, at most 20 levels deep. "
            "`errors` points at each place.",
        ),
        ProblemType(
            "invalid-parameter",
            400,
            "A parameter of the address cannot be read",
            "Mend the parameter that `detail` names; a cursor is taken from the header `Link` as it stands there.",
        ),
        ProblemType(
            "invalid-idempotency-key",
            400,
            "The Idempotency-Key cannot be read",
            "Send a quoted string or a plain token of at most 255 visible ASCII characters.",
        ),
        ProblemType(
            "unauthenticated",
            401,
            "No valid API key",
            "Send `Authorization: Bearer <key>`, or Basic with the key as user name. The key may be wrong, expired "
            "or revoked.",
        ),
        ProblemType("forbidden", 403, "Not allowed for this role", "Use a key whose role allows this call."),
        ProblemType(
            "not-an-approver",
            403,
            "Only a person may settle this",
            "Use a key that was made for a person (`hirescreen keys create --for`), whose role allows it.",
        ),
        ProblemType("not-found", 404, "Nothing here", "Look up the address in `/openapi.json`."),
        ProblemType(
            "screening-not-found", 404, "No such screening", "Use the id of an answer, or its `Location` header."
        ),
        ProblemType("erasure-not-found", 404, "No such erasure", "Use an id of `GET /v1/erasures`."),
        ProblemType(
            "second-person-required",
            403,
            "Another person has to approve this",
            "Two people stand behind an erasure, each once. Use a key that was made for another person "
            "(`hirescreen keys create --for`) who is reviewer or admin.",
        ),
        ProblemType(
            "retention-duty",
            409,
            "A retention duty runs",
            "These data must still be kept: `retention` names each screening, its class, the basis of the duty and its "
            "last day. Ask again after that day.",
        ),
        ProblemType(
            "erasure-settled",
            409,
            "The erasure was settled before",
            "Read it again; what was carried out or refused stays so. Ask for a new one where that is meant.",
        ),
        ProblemType(
            "nothing-to-erase",
            409,
            "Nothing is left to erase",
            "The personal data of these screenings were erased before; their answers say when.",
        ),
        ProblemType("audit-entry-not-found", 404, "No such audit entry", "Use the `audit.entry_id` of an answer."),
        ProblemType(
            "tile-not-found",
            404,
            "No such tile",
            "Tiles are named as in C2SP tlog-tiles; `GET /v1/audit/checkpoint` says how far the log goes.",
        ),
        ProblemType("clause-not-found", 404, "No such clause", "Use an id of `GET /v1/rulebook`."),
        ProblemType(
            "list-version-not-found",
            404,
            "No such list or version",
            "Use an id of `GET /v1/lists` and a number of `GET /v1/lists/{id}/versions`.",
        ),
        ProblemType(
            "method-not-allowed", 405, "Method not allowed here", "Use one of the methods of the header `Allow`."
        ),
        ProblemType(
            "request-in-progress",
            409,
            "The same request is still running",
            "Repeat the request with the same Idempotency-Key after `Retry-After` seconds.",
        ),
        ProblemType(
            "not-to-be-settled",
            409,
            "This version cannot be settled that way now",
            "Read the version again: `detail` says what is in the way. One person counts once, and a version that was "
            "approved, refused or overtaken stays so.",
        ),
        ProblemType(
            "not-a-signer",
            403,
            "Only a person may sign a review",
            "Use a key that was made for a reviewer or an admin (`hirescreen keys create --for`).",
        ),
        ProblemType(
            "review-not-found",
            404,
            "No such review",
            "Use a `screening` of `GET /v1/reviews`. A screening that was allowed needs nobody's word.",
        ),
        ProblemType(
            "review-closed", 409, "This review cannot be signed now", "Read it again: `detail` says what is in the way."
        ),
        ProblemType(
            "review-moved",
            412,
            "The review is not as you saw it",
            "Somebody signed it meanwhile. Read it again, and send its new ETag as `If-Match`.",
        ),
        ProblemType(
            "precondition-required",
            428,
            "If-Match is missing",
            "Send `If-Match` with the ETag of the review, so that nobody signs what they have not seen.",
        ),
        ProblemType("body-too-large", 413, "The body is too large", "Send at most 256 KiB."),
        ProblemType(
            "unsupported-media-type",
            415,
            "Not a media type that is read here",
            "Send `Content-Type: application/json` in UTF-8, without a content coding.",
        ),
        ProblemType(
            "invalid-request",
            422,
            "The request cannot be screened",
            "Mend each place of `errors`: `pointer` is its JSON pointer (RFC 6901), `detail` says what is taken.",
        ),
        ProblemType(
            "idempotency-key-reused",
            422,
            "The Idempotency-Key belongs to another request",
            "Use a new key for a new body. A key is kept for 24 hours.",
        ),
        ProblemType("internal-error", 500, "A fault of the service", "Report the `instance`; no decision was given."),
        ProblemType(
            "lists-unavailable",
            503,
            "A required list was never loaded",
            "Load the lists that `detail` names; until then nothing is decided.",
        ),
        ProblemType(
            "not-sealed-yet",
            503,
            "Not sealed yet",
            "What was asked for is on record and is sealed within ten seconds. Repeat the request after `Retry-After`.",
        ),
        ProblemType(
            "export-busy",
            503,
            "Another export is under way",
            "One process makes one export at a time. Repeat the request after `Retry-After`.",
        ),
        ProblemType(
            "record-damaged",
            503,
            "The record is not what was signed",
            "Nothing of it is given out. Tell the operator: `hirescreen audit check` names what was changed.",
        ),
        ProblemType(
            "store-unavailable",
            503,
            "Nothing can be recorded now",
            "Repeat the request after `Retry-After` seconds. An answer that cannot be recorded is not given.",
        ),
    )
}

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
