"""What would be answered if a date were another: asked like a screening, recorded nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

import orjson
from flask import Response, request

from service.web.api.describing import SECURED, answered, example, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.json_body import request_json
from service.web.schemas.screening import REQUEST, load_request
from service.web.schemas.what_if import WhatIfSchema
from service.web.services import WebServices

_WHAT_IF = {
    "operationId": "whatIf",
    "summary": "What if a date were different?",
    "description": "The answer that the same body would get, and every day on which it changes while one date moves "
    "and the rest is held: `as_of`, the day on which the contract was finalised, and the contract's further dates "
    "where they are stated. A date moves as a bare day, without an hour. Nothing is recorded, so the answer has no id.",
    "security": SECURED,
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": REQUEST, "example": example("request")}},
    },
    "responses": {
        **answered(HTTPStatus.OK, WhatIfSchema, "What would be answered. Nothing was recorded."),
        **faults(
            "bad-request",
            "malformed-body",
            "unauthenticated",
            "forbidden",
            "body-too-large",
            "unsupported-media-type",
            "invalid-request",
            "internal-error",
            "lists-unavailable",
            "store-unavailable",
        ),
    },
}


def what_if_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The route ``/v1/screenings/what-if``."""
    routes = Routes("what_if", __name__, url_prefix="/v1/screenings", description="Ask what would change an answer.")

    @routes.operation("POST", "/what-if", _WHAT_IF)
    def what_if() -> Response:
        authenticator.require(request, Permission.SCREEN)
        body = request_json(request)
        asked = load_request(body, now=datetime.now(UTC))
        answer = services.desk.what_if(asked, body=body)
        return Response(orjson.dumps(answer), HTTPStatus.OK, mimetype="application/json")

    return routes
