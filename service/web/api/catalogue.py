"""What decisions rest on: the lists that serve now, and the clauses of the rulebook."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from service.web.api.describing import (
    ETAG_HEADER,
    IF_NONE_MATCH,
    SECURED,
    answered,
    faults,
    not_modified,
)
from service.web.api.routes import Routes, revalidated
from service.web.auth import Authenticator, Permission
from service.web.problems import ClauseNotFoundError
from service.web.schemas.catalogue import IndicatorsSchema, OneClauseSchema
from service.web.schemas.resources import ListsSchema, RulebookSchema
from service.web.services import WebServices

_FAULTS = faults("unauthenticated", "forbidden", "internal-error", "store-unavailable")

_LISTS = {
    "operationId": "readLists",
    "summary": "The lists that serve now",
    "description": "Each list with its version, its age and the limits of its age.",
    "security": SECURED,
    "responses": {**answered(HTTPStatus.OK, ListsSchema, "The lists."), **_FAULTS},
}

_RULEBOOK = {
    "operationId": "readRulebook",
    "summary": "The rulebook",
    "description": "Every clause with its dates, its exceptions and how its wording was confirmed.",
    "security": SECURED,
    "parameters": [IF_NONE_MATCH],
    "responses": {
        **answered(HTTPStatus.OK, RulebookSchema, "The rulebook.", headers=ETAG_HEADER),
        **not_modified(),
        **_FAULTS,
    },
}


_CLAUSE = {
    "operationId": "readClause",
    "summary": "One clause of the rulebook",
    "description": "The clause with its dates, its exceptions, how its wording was confirmed, and its worked cases.",
    "security": SECURED,
    "parameters": [IF_NONE_MATCH],
    "responses": {
        **answered(HTTPStatus.OK, OneClauseSchema, "The clause.", headers=ETAG_HEADER),
        **not_modified(),
        **faults("clause-not-found"),
        **_FAULTS,
    },
}

_INDICATORS = {
    "operationId": "readIndicators",
    "summary": "The indicators that may be reported",
    "description": "Signs of fraud or forced labour, with the advisory that names each. They can only ask for a "
    "person's judgement.",
    "security": SECURED,
    "responses": {**answered(HTTPStatus.OK, IndicatorsSchema, "The indicators."), **_FAULTS},
}


def catalogue_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes ``/v1/lists``, ``/v1/rulebook`` with its clauses, and ``/v1/indicators``."""
    routes = Routes("catalogue", __name__, url_prefix="/v1", description="What decisions rest on.")

    @routes.operation("GET", "/lists", _LISTS)
    def read_lists() -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        return _json({"lists": services.desk.list_status()})

    @routes.operation("GET", "/rulebook", _RULEBOOK)
    def read_rulebook() -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        return _kept(services.desk.rulebook())

    @routes.operation("GET", "/rulebook/clauses/<clause_id>", _CLAUSE, in_path={"clause_id": "The id of a clause."})
    def read_clause(clause_id: str) -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        clause = services.desk.clause(clause_id)
        if clause is None:
            raise ClauseNotFoundError
        return _kept(clause)

    @routes.operation("GET", "/indicators", _INDICATORS)
    def read_indicators() -> Response:
        authenticator.require(request, Permission.READ_CATALOGUE)
        return _json({"indicators": services.desk.indicators()})

    return routes


def _kept(value: Any) -> Response:
    response = _json(value)
    response.headers["Cache-Control"] = "private, no-cache"  # may be kept, must be asked about
    return revalidated(response)


def _json(value: Any) -> Response:
    return Response(orjson.dumps(value), mimetype="application/json")
