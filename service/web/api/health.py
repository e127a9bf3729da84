"""Whether the process lives, and whether it can decide."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from flask import Response

from service.web.api.describing import OPEN, answered, faults
from service.web.api.routes import Routes
from service.web.schemas.resources import LivenessSchema, ReadinessSchema
from service.web.services import WebServices

_LIVE = {
    "operationId": "isAlive",
    "summary": "Whether the process answers",
    "security": OPEN,
    "responses": {
        **answered(HTTPStatus.OK, LivenessSchema, "It does.", value={"status": "alive"}),
        **faults("internal-error"),
    },
}

_READY = {
    "operationId": "isReady",
    "summary": "Whether decisions can be given now",
    "security": OPEN,
    "responses": {
        **answered(HTTPStatus.OK, ReadinessSchema, "They can."),
        **answered(HTTPStatus.SERVICE_UNAVAILABLE, ReadinessSchema, "They cannot; the checks say why."),
        **faults("internal-error"),
    },
}


def health_blueprint(services: WebServices) -> Routes:
    """The routes ``/livez`` and ``/readyz``; they need no key."""
    routes = Routes("health", __name__, description="For load balancers.")

    @routes.operation("GET", "/livez", _LIVE)
    def is_alive() -> Response:
        return Response(b'{"status":"alive"}', mimetype="application/json")

    @routes.operation("GET", "/readyz", _READY)
    def is_ready() -> Response:
        found = services.desk.readiness()
        checks = {name: {"ok": ok, "detail": detail} for name, (ok, detail) in found.checks.items()}
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return Response(orjson.dumps({"ready": found.ready, "checks": checks}), status, mimetype="application/json")

    return routes
