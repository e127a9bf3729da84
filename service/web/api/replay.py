"""Compute a recorded decision again, and compare."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request

from service.records import JsonObject
from service.replay.difference import Difference
from service.replay.replays import Replay
from service.web.api.describing import SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.problems import ScreeningNotFoundError
from service.web.schemas.replay import ReplaySchema
from service.web.services import WebServices

_REPLAY = {
    "operationId": "replayScreening",
    "summary": "Compute a decision again",
    "description": "The recorded request is judged once more by the rulebook, the policy and the list versions that it "
    "was judged by, and the decision's canonical bytes are compared. Where another program decided, the kept one is "
    "run. `today` says, apart from that, what would be answered now. Nothing is recorded.",
    "security": SECURED,
    "responses": {
        **answered(HTTPStatus.OK, ReplaySchema, "How it ended."),
        **faults("unauthenticated", "forbidden", "screening-not-found", "internal-error", "store-unavailable"),
    },
}


def replay_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The route ``/v1/screenings/{id}/replay``."""
    routes = Routes("replay", __name__, url_prefix="/v1/screenings", description="Compute a decision again.")

    @routes.operation("POST", "/<uuid:screening_id>/replay", _REPLAY, in_path={"screening_id": "The id of an answer."})
    def replay(screening_id: UUID) -> Response:
        authenticator.require(request, Permission.READ_SCREENINGS)
        found = services.replays.replay(screening_id)
        if found is None:
            raise ScreeningNotFoundError
        return Response(orjson.dumps(replay_json(found)), HTTPStatus.OK, mimetype="application/json")

    return routes


_OF_ENTRY = ("at", "outcome", "clauses", "rules", "policy", "lists")


def replay_json(found: Replay) -> JsonObject:
    """A replay as the API and the command line give it."""
    engine = found.entry.get("engine", {})
    return {
        "screening": str(found.screening),
        "status": found.status,
        "identical": found.identical,
        "reason": found.reason,
        "commitments": found.commitments,
        "differences": _differences(found.differences),
        "recorded": {name: found.entry[name] for name in _OF_ENTRY if name in found.entry},
        "engine": {
            "version": engine.get("version"),
            "sha256": engine.get("sha256"),
            "used": found.engine,
            "runtime_differences": _differences(found.runtime),
        },
        "today": None if found.today is None else _today(found.today, found.today_differences),
        "today_reason": found.today_reason,
    }


def _today(decision: JsonObject, found: Iterable[Difference]) -> JsonObject:
    shown = {name: decision[name] for name in ("decision", "summary", "clauses", "lists", "rulebook")}
    return {**shown, "differences": _differences(found)}


def _differences(found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [{"path": each.path, "recorded": each.before, "computed": each.after} for each in found]
