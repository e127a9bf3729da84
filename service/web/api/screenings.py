"""Screenings: ask one, read one again."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Response, request

from service.web.api.describing import (
    ETAG_HEADER,
    IF_NONE_MATCH,
    SECURED,
    answered,
    example,
    faults,
    not_modified,
)
from service.web.api.idempotency import PLAIN, QUOTED, idempotency_key
from service.web.api.routes import Routes, revalidated
from service.web.auth import Authenticator, Permission
from service.web.json_body import request_json
from service.web.problems import ScreeningNotFoundError
from service.web.schemas.answer import AnswerSchema
from service.web.schemas.screening import REQUEST, load_request
from service.web.services import WebServices

_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": f"^(?:{QUOTED}|{PLAIN})$"},
    "description": "Chosen by the caller, kept for 24 hours: the same key and body get the same answer again, and "
    'nothing is decided twice. A Structured Field string (`"…"`) or a plain token.',
}

_SCREEN = {
    "operationId": "screen",
    "summary": "Screen a hire",
    "description": "Decides whether the law of `as_of` and the lists known at `known_at` bar this arrangement, and "
    "records the answer before giving it. Only `worker.name` is required; what is absent is unknown, and "
    "unknown is never allow.",
    "security": SECURED,
    "parameters": [_IDEMPOTENCY_KEY],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": REQUEST, "example": example("request")}},
    },
    "responses": {
        **answered(
            HTTPStatus.CREATED,
            AnswerSchema,
            "The decision, on record.",
            value=example("answer"),
            headers={
                "Location": {"description": "Where to read it again.", "schema": {"type": "string"}},
                "Idempotency-Replayed": {
                    "description": "`true` where this answer was given before.",
                    "schema": {"type": "string"},
                },
            },
        ),
        **faults(
            "bad-request",
            "malformed-body",
            "invalid-idempotency-key",
            "unauthenticated",
            "forbidden",
            "request-in-progress",
            "body-too-large",
            "unsupported-media-type",
            "invalid-request",
            "idempotency-key-reused",
            "internal-error",
            "lists-unavailable",
            "store-unavailable",
        ),
    },
}

_READ = {
    "operationId": "readScreening",
    "summary": "Read an answer again",
    "description": "The answer as it was given, byte for byte.",
    "security": SECURED,
    "parameters": [IF_NONE_MATCH],
    "responses": {
        **answered(HTTPStatus.OK, AnswerSchema, "The answer.", value=example("answer"), headers=ETAG_HEADER),
        **not_modified(),
        **faults("unauthenticated", "forbidden", "screening-not-found", "internal-error", "store-unavailable"),
    },
}


def screenings_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes under ``/v1/screenings``."""
    routes = Routes("screenings", __name__, url_prefix="/v1/screenings", description="Ask whether a hire is barred.")

    @routes.operation("POST", "", _SCREEN)
    def screen() -> Response:
        actor = authenticator.require(request, Permission.SCREEN)
        key = idempotency_key(request)
        body = request_json(request)
        asked = load_request(body, now=datetime.now(UTC))
        stored = services.desk.screen(asked, body=body, actor=actor, idempotency_key=key)
        response = Response(stored.answer, HTTPStatus.CREATED, mimetype="application/json")
        response.headers["Location"] = f"/v1/screenings/{stored.id}"
        if stored.replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response

    @routes.operation("GET", "/<uuid:screening_id>", _READ, in_path={"screening_id": "The id of an answer."})
    def read(screening_id: UUID) -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        stored = services.desk.screening(screening_id)
        if stored is None:
            raise ScreeningNotFoundError
        response = Response(stored.answer, mimetype="application/json")
        return revalidated(response)

    return routes
