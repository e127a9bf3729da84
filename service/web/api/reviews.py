"""Reviews: the screenings that wait for people, and the word of each person on them."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import Response, request

from service.audit.leaf import timestamp
from service.dispositions import NEEDED, Disposition, Review, person
from service.errors import ReviewMovedError
from service.web.api.describing import ETAG_HEADER, SECURED, answered, faults
from service.web.api.routes import Routes
from service.web.auth import Authenticator, Permission
from service.web.history_filter import read_cursor
from service.web.json_body import request_json
from service.web.problems import InvalidParameterError, PreconditionMissingError
from service.web.schemas.reviews import DISPOSITION, ReviewSchema, ReviewsSchema, load_disposition
from service.web.services import WebServices

ROWS, MOST_ROWS = 50, 200
PARAMETERS = ("settled", "needs_me", "limit", "cursor")

_ID = {"screening_id": "The id of a screening."}
_READ_FAULTS = ("unauthenticated", "forbidden", "internal-error", "store-unavailable")
_EXAMPLE = {"verdict": "clear", "reason": "Another person: the passport shows another birth date."}
_TAG = re.compile(r'"([^"]{1,64})"')
_FLAGS = {"true": True, "false": False}


def _flag(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "boolean", "default": False}
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


_QUEUE = {
    "operationId": "readReviews",
    "summary": "The screenings that people must settle",
    "description": "Every `review` and `deny` that waits for two people, the oldest first. Go on by the header `Link`.",
    "security": SECURED,
    "parameters": [
        _flag("settled", "Those that two people have settled, instead."),
        _flag("needs_me", "Without those that you have signed already; by a person's key."),
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
            "description": "From the header `Link` of the page before.",
        },
    ],
    "responses": {
        **answered(
            HTTPStatus.OK,
            ReviewsSchema,
            "A page.",
            headers={"Link": {"description": "The next page (`rel=next`).", "schema": {"type": "string"}}},
        ),
        **faults("invalid-parameter", *_READ_FAULTS),
    },
}

_ONE = {
    "operationId": "readReview",
    "summary": "One review",
    "description": "How it stands, with the tag that a signature must name. What another person has said is shown "
    "once you have signed, or once it is settled.",
    "security": SECURED,
    "responses": {
        **answered(HTTPStatus.OK, ReviewSchema, "The review.", headers=ETAG_HEADER),
        **faults(*_READ_FAULTS, "review-not-found"),
    },
}

_SIGN = {
    "operationId": "signReview",
    "summary": "Sign a review",
    "description": "A person's word: by a person's key (`hirescreen keys create --for`). Two people who agree settle "
    "the review; a later word of the same person replaces the earlier. Once anybody has escalated, one of the two must "
    "be an admin. The recorded decision never changes.",
    "security": SECURED,
    "parameters": [
        {
            "name": "If-Match",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
            "description": "The ETag of the review as you saw it.",
        }
    ],
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": DISPOSITION, "example": _EXAMPLE}},
    },
    "responses": {
        **answered(HTTPStatus.CREATED, ReviewSchema, "It counts; this is how the review stands.", headers=ETAG_HEADER),
        **faults(
            *("bad-request", "malformed-body", "unauthenticated", "forbidden", "not-a-signer", "review-not-found"),
            *("review-closed", "review-moved", "body-too-large", "unsupported-media-type", "invalid-request"),
            *("precondition-required", "internal-error", "store-unavailable"),
        ),
    },
}


def reviews_blueprint(services: WebServices, authenticator: Authenticator) -> Routes:
    """The routes under ``/v1/reviews``."""
    routes = Routes("reviews", __name__, url_prefix="/v1/reviews", description="What people must settle.")
    reviews = services.reviews

    @routes.operation("GET", "", _QUEUE)
    def queue() -> Response:
        actor = authenticator.require(request, Permission.READ_SCREENINGS)
        if not request.args.keys() <= set(PARAMETERS):
            raise InvalidParameterError(f"Only {', '.join(PARAMETERS)} are taken.")
        rows, caller = _rows(request.args.get("limit")), person(actor)
        found = reviews.queue(
            rows=rows + 1,
            after=read_cursor(request.args.get("cursor")),
            settled=_truth("settled"),
            without=caller if _truth("needs_me") else None,
        )
        response = _json({"reviews": [review_json(each, caller) for each in found[:rows]]})
        if len(found) > rows:
            asked = {name: value for name, value in request.args.items() if name != "cursor"}
            address = f"/v1/reviews?{urlencode({**asked, 'cursor': str(found[rows - 1].screening_id)})}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response

    @routes.operation("GET", "/<uuid:screening_id>", _ONE, in_path=_ID)
    def read(screening_id: UUID) -> Response:
        actor = authenticator.require(request, Permission.READ_SCREENINGS)
        return _answer(reviews.get(screening_id), person(actor))

    @routes.operation("POST", "/<uuid:screening_id>/dispositions", _SIGN, in_path=_ID)
    def sign(screening_id: UUID) -> Response:
        actor = authenticator.require(request, Permission.SIGN)
        said = load_disposition(request_json(request))
        review = reviews.sign(
            screening_id,
            actor,
            verdict=said["verdict"],
            reason=said["reason"],
            seen=_seen(request.headers.get("If-Match")),
        )
        return _answer(review, person(actor), HTTPStatus.CREATED)

    return routes


def review_json(review: Review, caller: UUID | None) -> dict[str, Any]:
    """A review as the API shows it to this person."""
    return {
        "screening": str(review.screening_id),
        "decision": review.decision,
        "decided_at": timestamp(review.decided_at),
        "stage": review.stage,
        "reference": review.reference,
        "clauses": list(review.clauses),
        "state": review.state.value,
        "verdict": review.verdict.value if review.verdict else None,
        "dispositions": [
            _disposition_json(each, shown=review.open_to(caller) or each.account_id == caller)
            for each in review.dispositions
        ],
        "signatures_needed": NEEDED,
        "tag": review.tag,
    }


def _disposition_json(disposition: Disposition, *, shown: bool) -> dict[str, Any]:
    return {
        "id": str(disposition.id),
        "account": str(disposition.account_id),
        "username": disposition.username,
        "role": disposition.role,
        "at": timestamp(disposition.at),
        "verdict": disposition.verdict.value if shown else None,
        "reason": disposition.reason if shown else None,
    }


def _answer(review: Review, caller: UUID | None, status: HTTPStatus = HTTPStatus.OK) -> Response:
    response = _json(review_json(review, caller), status)
    response.headers["ETag"] = f'"{review.tag}"'
    return response


def _seen(stated: str | None) -> str:
    if stated is None:
        raise PreconditionMissingError
    found = _TAG.fullmatch(stated.strip())
    if found is None:  # a weak tag, several, or a star: none names one state of one review
        raise ReviewMovedError
    return found[1]


def _rows(stated: str | None) -> int:
    if stated is None:
        return ROWS
    if not (stated.isascii() and stated.isdigit() and len(stated) < 5 and 1 <= int(stated) <= MOST_ROWS):
        raise InvalidParameterError(f"limit: a whole number from 1 to {MOST_ROWS} is taken.")
    return int(stated)


def _truth(name: str) -> bool:
    stated = request.args.get(name, "false")
    if stated not in _FLAGS:
        raise InvalidParameterError(f"{name}: true or false is taken.")
    return _FLAGS[stated]


def _json(body: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")
