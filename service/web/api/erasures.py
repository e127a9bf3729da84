"""Erasures of personal data: asked for by one person, approved by another, refused while a duty to keep runs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.erasure.erasures import NEEDED
from service.erasure.ports import Erasure, Scope
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.json_body import request_json
from service.web.problems import InvalidParameterError
from service.web.schemas.erasures import ERASURE_REQUEST, STATES, ErasureSchema, ErasuresSchema, load_wanted
from service.web.services import WebServices

ROWS, MOST_ROWS = 50, 200

_ID = {"erasure_id": "The id of an erasure."}
_READ_FAULTS = ("unauthenticated", "forbidden", "internal-error", "store-unavailable")
_EXAMPLE = {"reference": "REQ-88213", "ground": "no_longer_needed", "case": "DSR-2026-17"}

_REQUEST = {
    "operationId": "requestErasure",
    "summary": "Ask for the erasure of personal data",
    "description": "Deletes, once another person has approved it, every personal value of the screenings: request, "
    "matches, values of facts, the reference, and the disclosures of the audit log. Decision, clauses and lists stay, "
    "and the log still verifies. Refused while a retention duty runs for all of it, or with `scope` `all` for any of "
    "it. A person's key (`hirescreen keys create --for`) counts as that person; a program's counts as nobody, so that "
    "two people then have to approve.",
    "security": SECURED,
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": ERASURE_REQUEST, "example": _EXAMPLE}},
    },
    "responses": {
        **answered(
            HTTPStatus.CREATED,
            ErasureSchema,
            "It waits for another person.",
            headers={"Location": {"description": "Where to read it again.", "schema": {"type": "string"}}},
        ),
        **faults(
            *("bad-request", "malformed-body", "unauthenticated", "forbidden", "retention-duty", "nothing-to-erase"),
            *("body-too-large", "unsupported-media-type", "invalid-request", "internal-error", "store-unavailable"),
        ),
    },
}

_LIST = {
    "operationId": "readErasures",
    "summary": "The erasures",
    "description": "The newest first. They hold ids and grounds, never a person's data.",
    "security": SECURED,
    "parameters": [
        {
            "name": "state",
            "in": "query",
            "required": False,
            "schema": {"type": "string", "enum": list(STATES)},
            "description": "Only those in this state.",
        },
        {
            "name": "limit",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS},
            "description": "The most to give.",
        },
        {
            "name": "cursor",
            "in": "query",
            "required": False,
            "schema": {"type": "string", "format": "uuid"},
            "description": "Where to go on: from the header `Link` of the page before.",
        },
    ],
    "responses": {
        **answered(
            HTTPStatus.OK,
            ErasuresSchema,
            "A page.",
            headers={"Link": {"description": "The next page (`rel=next`).", "schema": {"type": "string"}}},
        ),
        **faults("invalid-parameter", *_READ_FAULTS),
    },
}

_READ = {
    "operationId": "readErasure",
    "summary": "One erasure",
    "description": "How it stands: who asked, who approved, and for each screening whether it was erased or is kept.",
    "security": SECURED,
    "responses": {
        **answered(HTTPStatus.OK, ErasureSchema, "The erasure."),
        **faults(*_READ_FAULTS, "erasure-not-found"),
    },
}


def _settling(name: str, summary: str, description: str, *extra: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": f"{description} The key must be a person's (`hirescreen keys create --for`).",
        "security": SECURED,
        "responses": {
            **answered(HTTPStatus.OK, ErasureSchema, "This is how it stands now."),
            **faults(*_READ_FAULTS, "second-person-required", "erasure-not-found", "erasure-settled", *extra),
        },
    }


_APPROVE = _settling(
    "approveErasure",
    "Approve an erasure",
    "With the second person behind it, it is carried out before the answer is given. Never by the person who asked.",
    "retention-duty",
)
_REFUSE = _settling("refuseErasure", "Refuse an erasure", "Nothing is erased; it can be asked for again.")


def erasures_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes under ``/v1/erasures``."""
    routes = Routes("erasures", __name__, url_prefix="/v1/erasures", description="Erase personal data.")
    erasures = services.erasures

    @routes.operation("POST", "", _REQUEST)
    def ask() -> Response:
        actor = authenticator.require(request, Permission.ERASE)
        made = erasures.request(load_wanted(request_json(request)), actor)
        response = _json(erasure_json(made), HTTPStatus.CREATED)
        response.headers["Location"] = f"/v1/erasures/{made.id}"
        return response

    @routes.operation("GET", "", _LIST)
    def read_all() -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        rows, state, before = _rows(), _state(), _before()
        found = erasures.page(rows=rows + 1, before=before, state=state)
        response = _json({"erasures": [erasure_json(each) for each in found[:rows]]})
        if len(found) > rows:
            asked = {name: value for name, value in request.args.items() if name != "cursor"}
            address = f"/v1/erasures?{urlencode({**asked, 'cursor': str(found[rows - 1].id)})}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response

    @routes.operation("GET", "/<uuid:erasure_id>", _READ, in_path=_ID)
    def read(erasure_id: UUID) -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        return _json(erasure_json(erasures.get(erasure_id)))

    @routes.operation("POST", "/<uuid:erasure_id>/approve", _APPROVE, in_path=_ID)
    def approve(erasure_id: UUID) -> Response:
        actor = authenticator.require(request, Permission.ERASE)
        return _json(erasure_json(erasures.approve(erasure_id, actor)))

    @routes.operation("POST", "/<uuid:erasure_id>/refuse", _REFUSE, in_path=_ID)
    def refuse(erasure_id: UUID) -> Response:
        actor = authenticator.require(request, Permission.ERASE)
        return _json(erasure_json(erasures.refuse(erasure_id, actor)))

    return routes


def erasure_json(erasure: Erasure) -> dict[str, Any]:
    """An erasure as the API and the command line show it."""
    return {
        "id": str(erasure.id),
        "state": erasure.state,
        "ground": erasure.ground,
        "scope": (Scope.ALL if erasure.whole else Scope.ERASABLE).value,
        "case": erasure.case_reference,
        "requested_by": erasure.requested_by,
        "requested_at": timestamp(erasure.requested_at),
        "approvals": [{"by": each["by"], "account": each["account"], "at": each["at"]} for each in erasure.approvals],
        "people_needed": NEEDED,
        "screenings": erasure.items,
        "settled_at": timestamp(erasure.settled_at) if erasure.settled_at else None,
        "entry_id": str(erasure.entry_id) if erasure.entry_id else None,
    }


def _json(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")


def _rows() -> int:
    stated = request.args.get("limit")
    if stated is None:
        return ROWS
    if not (stated.isascii() and stated.isdigit() and len(stated) <= 3 and 1 <= int(stated) <= MOST_ROWS):
        raise InvalidParameterError(f"limit: a whole number from 1 to {MOST_ROWS} is taken.")
    return int(stated)


def _state() -> str | None:
    stated = request.args.get("state")
    if stated is not None and stated not in STATES:
        raise InvalidParameterError(f"state: one of {', '.join(STATES)} is taken.")
    return stated


def _before() -> UUID | None:
    stated = request.args.get("cursor")
    try:
        return UUID(stated) if stated is not None else None
    except ValueError:
        raise InvalidParameterError("cursor: it is none of this service's cursors.") from None
