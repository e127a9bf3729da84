"""The pieces of the OpenAPI document that operations share: faults, headers, examples, security."""

from __future__ import annotations

import json
from collections.abc import Iterable
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import Any

from service.web.problem_types import PROBLEMS, ProblemType
from service.web.problems import MEDIA_TYPE
from service.web.schemas.resources import ProblemSchema

Described = dict[str, Any]

_EXAMPLES = Path(__file__).with_name("examples")

SECURED: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}]
OPEN: list[dict[str, list[str]]] = []

REQUEST_ID_HEADER = {
    "X-Request-Id": {"description": "The id of this request, for a report.", "schema": {"type": "string"}}
}
ETAG_HEADER = {"ETag": {"description": "Changes where the content does.", "schema": {"type": "string"}}}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "An earlier ETag: the answer is 304 where nothing has changed.",
}

_FAULT_HEADERS = {
    401: {"WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}}},
    405: {"Allow": {"description": "The methods of this address.", "schema": {"type": "string"}}},
    409: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
    503: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}


def example(name: str) -> Any:
    """The JSON value of ``examples/<name>.json``."""
    return json.loads((_EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def answered(
    status: HTTPStatus, schema: Any, description: str, *, value: Any = None, headers: Described | None = None
) -> Described:
    """A successful response with one JSON body."""
    media: Described = {"schema": schema}
    if value is not None:
        media["example"] = value
    return {
        str(status.value): {
            "description": description,
            "headers": {**REQUEST_ID_HEADER, **(headers or {})},
            "content": {"application/json": media},
        }
    }


def not_modified() -> Described:
    """The response where the caller has the content already."""
    return {"304": {"description": "Nothing has changed.", "headers": {**REQUEST_ID_HEADER, **ETAG_HEADER}}}


# The web server refuses a line that long before the service sees it, so this is no problem object.
TOO_LONG: Described = {
    "414": {"description": "The address is longer than 4,094 bytes.", "content": {"text/html": {"schema": {}}}}
}


def faults(*names: str) -> Described:
    """The responses of the problem types ``names``; types of one status share a response."""
    kinds = sorted((PROBLEMS[name] for name in names), key=lambda kind: kind.status)
    return {str(status): _fault(status, list(group)) for status, group in groupby(kinds, key=lambda k: k.status)}


def _fault(status: int, kinds: Iterable[ProblemType]) -> Described:
    kinds = list(kinds)
    return {
        "description": " Or: ".join(kind.title + "." for kind in kinds),
        "headers": {**REQUEST_ID_HEADER, **_FAULT_HEADERS.get(status, {})},
        "content": {
            MEDIA_TYPE: {"schema": ProblemSchema, "examples": {kind.name: {"value": _sample(kind)} for kind in kinds}}
        },
    }


def _sample(kind: ProblemType) -> Described:
    sample: Described = {
        "type": kind.address,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.advice,
        "instance": "urn:request:3b0f2c8e-7d0f-4d52-9b7a-6a4f5a0d8f11",
    }
    if kind.name in {"invalid-request", "malformed-body"}:
        sample["detail"] = "One place of the body is at fault."
        sample["errors"] = [{"pointer": "/contract/finalised_on", "detail": "There is no such calendar day."}]
    return sample
