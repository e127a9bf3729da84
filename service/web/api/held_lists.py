"""Versions that are held: what waits, why, and the two people who put one into service or refuse it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.intake.approval import NEEDED
from service.lists.acceptance import Override
from service.records import HeldList
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.cursors import HIGHEST_VERSION, known_form
from service.web.json_body import request_json
from service.web.problems import ListVersionNotFoundError
from service.web.schemas.held_lists import (
    APPROVAL,
    REFUSAL,
    HeldVersionSchema,
    HeldVersionsSchema,
    load_settling,
)
from service.web.services import ListApprovals, WebServices

_VERSION = {"list_id": "The id of a list.", "number": "The number of a version that was held."}
_READ_FAULTS = ("unauthenticated", "forbidden", "internal-error", "store-unavailable")
_SETTLE_FAULTS = (
    *("bad-request", "malformed-body", "unauthenticated", "forbidden", "not-an-approver", "list-version-not-found"),
    *("not-to-be-settled", "body-too-large", "unsupported-media-type", "invalid-request"),
    *("internal-error", "store-unavailable"),
)

_HELD = {
    "operationId": "readHeldLists",
    "summary": "The list versions that wait for two people",
    "description": "Versions that were doubtful when they came. The version before goes on serving until two people "
    "have approved the new one, or until it is too old.",
    "security": SECURED,
    "responses": {**answered(HTTPStatus.OK, HeldVersionsSchema, "What waits."), **faults(*_READ_FAULTS)},
}

_ONE = {
    "operationId": "readHeldList",
    "summary": "One version that was held",
    "description": "Why it was held, who approved it, and what became of it.",
    "security": SECURED,
    "responses": {
        **answered(HTTPStatus.OK, HeldVersionSchema, "The version."),
        **faults(*_READ_FAULTS, "list-version-not-found"),
    },
}


def _settling(name: str, summary: str, description: str, schema: Any) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "description": f"{description} The key must be a person's (`hirescreen keys create --for`): a person counts "
        "once, whether by a key or on the page.",
        "security": SECURED,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": {"reason": "Confirmed with the publisher."}}},
        },
        "responses": {
            **answered(HTTPStatus.CREATED, HeldVersionSchema, "It counts; this is how the version stands now."),
            **faults(*_SETTLE_FAULTS),
        },
    }


_APPROVE = _settling(
    "approveHeldList",
    "Approve a held version",
    "With the second person's approval the version serves.",
    APPROVAL,
)
_REFUSE = _settling(
    "refuseHeldList",
    "Refuse a held version",
    "It never serves, nor does the same content when it comes again.",
    REFUSAL,
)


def held_lists_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes ``/v1/lists/held`` and ``/v1/lists/{id}/held/{version}`` with its approvals and refusals."""
    routes = Routes("held_lists", __name__, url_prefix="/v1/lists", description="Doubtful versions of lists.")
    approvals = services.approvals

    @routes.operation("GET", "/held", _HELD)
    def read_held() -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        return _json({"held": [held_json(held, approvals) for held in approvals.waiting()]})

    @routes.operation("GET", "/<list_id>/held/<int:number>", _ONE, in_path=_VERSION)
    def read_one(list_id: str, number: int) -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        return _json(held_json(_held(approvals, list_id, number), approvals))

    @routes.operation("POST", "/<list_id>/held/<int:number>/approvals", _APPROVE, in_path=_VERSION)
    def approve(list_id: str, number: int) -> Response:
        actor = authenticator.require(request, Permission.SETTLE_LISTS)
        said = load_settling(APPROVAL, request_json(request))
        held = _held(approvals, list_id, number)
        approvals.approve(
            held.list_id, number, actor, reason=said["reason"], allow_older=bool(said.get("allow_older", False))
        )
        return _json(held_json(_held(approvals, list_id, number), approvals), HTTPStatus.CREATED)

    @routes.operation("POST", "/<list_id>/held/<int:number>/refusals", _REFUSE, in_path=_VERSION)
    def refuse(list_id: str, number: int) -> Response:
        actor = authenticator.require(request, Permission.SETTLE_LISTS)
        said = load_settling(REFUSAL, request_json(request))
        held = _held(approvals, list_id, number)
        approvals.refuse(held.list_id, number, actor, reason=said["reason"])
        return _json(held_json(_held(approvals, list_id, number), approvals), HTTPStatus.CREATED)

    return routes


def held_json(held: HeldList, approvals: ListApprovals) -> dict[str, Any]:
    """A held version as the API shows it."""
    added, removed, changed = approvals.difference(held)
    return {
        "list": held.list_id,
        "version": held.version,
        "against": held.against or None,
        "state": held.state,
        "held_at": timestamp(held.held_at) if held.held_at else None,
        "proposed_by": held.proposed_by,
        "reasons": [
            {
                "code": reason["code"],
                "detail": reason["detail"],
                "needs_allow_older": reason.get("override") == Override.OLDER,
            }
            for reason in held.reasons
        ],
        "changes": {"added": added, "removed": removed, "changed": changed},
        "approvals": [
            {"account": given["account"], "at": given["at"], "reason": given["reason"]} for given in held.approvals
        ],
        "approvals_needed": NEEDED,
        "settled_at": timestamp(held.settled_at) if held.settled_at else None,
        "settled_reason": held.settled_reason,
    }


def _held(approvals: ListApprovals, list_id: str, number: int) -> HeldList:
    found = approvals.state_of(known_form(list_id), number) if number <= HIGHEST_VERSION else None
    if found is None:
        raise ListVersionNotFoundError
    return found


def _json(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")
