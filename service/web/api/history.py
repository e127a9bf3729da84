"""The history of screenings: which were decided, without personal data, page by page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.records import JsonObject
from service.screening_history import PastScreening
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.history_filter import FILTERS, read_cursor, read_filter
from service.web.problems import InvalidParameterError
from service.web.schemas.replay import HistorySchema
from service.web.schemas.screening import CLAUSE_ID
from service.web.services import WebServices

ROWS, MOST_ROWS = 50, 200


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T.+)?$"}
_HISTORY = {
    "operationId": "readScreenings",
    "summary": "The history of screenings",
    "description": "The newest first, without personal data. Go on by the header `Link`: what is decided meanwhile "
    "moves nothing.",
    "security": SECURED,
    "parameters": [
        _query("decision", {"type": "string", "enum": ["allow", "review", "deny"]}, "Only this decision."),
        _query(
            "clause", {"type": "string", "pattern": CLAUSE_ID, "maxLength": 64}, "Only those that cite this clause."
        ),
        _query(
            "list",
            {"type": "string", "pattern": r"^[A-Za-z0-9_.-]{1,64}(:[0-9]{1,9})?$"},
            "Only those that rest on this list (`un_sc`), or on this version of it (`un_sc:12`).",
        ),
        _query("from", _TIME, "Only those decided on or after this day (by UTC) or instant."),
        _query("to", _TIME, "Only those decided by the end of this day (by UTC), or before this instant."),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": ROWS}, "The most to give."),
        _query("cursor", {"type": "string", "format": "uuid"}, "From the header `Link` of the page before."),
    ],
    "responses": {
        **answered(
            HTTPStatus.OK,
            HistorySchema,
            "A page.",
            headers={
                "Link": {"description": "The next page (`rel=next`), where there is one.", "schema": {"type": "string"}}
            },
        ),
        **faults("invalid-parameter", "unauthenticated", "forbidden", "internal-error", "store-unavailable"),
    },
}


def history_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The route ``GET /v1/screenings``."""
    routes = Routes("history", __name__, url_prefix="/v1/screenings", description="Which screenings were decided.")

    @routes.operation("GET", "", _HISTORY)
    def history() -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        if not request.args.keys() <= {*FILTERS, "limit", "cursor"}:
            raise InvalidParameterError(f"Only {', '.join(FILTERS)}, limit and cursor are taken.")
        if any(len(values) > 1 for values in request.args.listvalues()):
            raise InvalidParameterError("Each parameter is taken once.")
        rows = _rows(request.args.get("limit"))
        before = read_cursor(request.args.get("cursor"))
        found = services.history.page(read_filter(request.args), rows=rows + 1, before=before)
        body = {"screenings": [_line(each) for each in found[:rows]]}
        response = Response(orjson.dumps(body), HTTPStatus.OK, mimetype="application/json")
        if len(found) > rows:
            asked = {name: value for name, value in request.args.items() if name != "cursor"}
            address = f"/v1/screenings?{urlencode({**asked, 'cursor': str(found[rows - 1].id)})}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response

    return routes


def _rows(stated: str | None) -> int:
    if stated is None:
        return ROWS
    if not (stated.isascii() and stated.isdigit() and len(stated) < 5 and 1 <= int(stated) <= MOST_ROWS):
        raise InvalidParameterError(f"limit: a whole number from 1 to {MOST_ROWS} is taken.")
    return int(stated)


def _line(past: PastScreening) -> JsonObject:
    address = f"/v1/screenings/{past.id}"
    return {
        "id": str(past.id),
        "reference": past.reference,
        "decision": past.decision,
        "stage": past.stage,
        "as_of": past.as_of,
        "decided_at": timestamp(past.decided_at),
        "clauses": list(past.clauses),
        "lists": [
            {"id": name, "version": int(number)} for name, _, number in (each.rpartition(":") for each in past.lists)
        ],
        "erased": past.erased,
        "links": {"self": address, "certificate": f"/screenings/{past.id}/certificate"},
    }
