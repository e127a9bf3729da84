"""``GET /metrics`` for Prometheus, and the counting of requests.

Whoever reads it sees how much a firm hires and when its lists are old, so it needs a key (role ``monitor``):
an address alone proves nothing behind a proxy, from which every request seems to come from this machine.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter

from flask import Flask, Response, request

from service.web.access_log import KNOWN_METHODS, STARTED
from service.web.api.describing import REQUEST_ID_HEADER, SECURED, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission

Write = Callable[[], bytes]
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_METRICS = {
    "operationId": "readMetrics",
    "summary": "Counters and gauges for Prometheus",
    "security": SECURED,
    "responses": {
        str(HTTPStatus.OK.value): {
            "description": "The Prometheus text format. No label holds an id or anything personal.",
            "headers": REQUEST_ID_HEADER,
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **faults("unauthenticated", "forbidden", "store-unavailable", "internal-error"),
    },
}


def metrics_blueprint(write: Write, authenticator: Authenticator) -> Routes:
    """The route ``/metrics``."""
    routes = Routes("metrics", __name__, description="For monitoring.")

    @routes.operation("GET", "/metrics", _METRICS)
    def read_metrics() -> Response:
        authenticator.require(request, Permission.READ_METRICS)
        return Response(write(), content_type=MEDIA_TYPE)

    return routes


def count_requests(app: Flask, count: Callable[..., None]) -> None:
    """Have every answered request counted: by the pattern of its route, never by its address."""

    @app.after_request
    def end(response: Response) -> Response:
        count(
            method=request.method if request.method in KNOWN_METHODS else "other",
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            seconds=perf_counter() - request.environ.get(STARTED, perf_counter()),
        )
        return response
