"""The API's own pages: every operation as the OpenAPI document states it, and every kind of fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from service.web.problem_types import PROBLEMS

_METHODS = ("get", "post", "put", "patch", "delete")
_MOST_CHOICES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One field of a schema, as the page shows it."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """One operation of the document, as the page shows it. Examples are indented JSON."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    secured: bool
    parameters: tuple[dict[str, Any], ...]
    request: str | None
    request_example: str | None
    responses: tuple[tuple[str, str, str | None], ...]  # status, description, name of the schema
    response_example: str | None


def docs_blueprint(document: dict[str, Any]) -> Blueprint:
    """The routes ``/docs`` and ``/problems/<name>``; they need no key."""
    routes = Blueprint("docs", __name__)
    operations = tuple(_operations(document))
    schemas = {name: _rows(schema) for name, schema in document["components"]["schemas"].items()}
    texts = {name: schema.get("description", "") for name, schema in document["components"]["schemas"].items()}

    routes.add_app_template_filter(with_code, "with_code")

    @routes.get("/docs")
    def docs() -> str:
        return render_template(
            "docs.html",
            info=document["info"],
            operations=operations,
            schemas=schemas,
            texts=texts,
            security=document["components"]["securitySchemes"],
            problems=PROBLEMS.values(),
        )

    @routes.get("/problems/<name>")
    def problem(name: str) -> str:
        found = PROBLEMS.get(name)
        if found is None:
            raise NotFound
        return render_template("problem.html", problem=found)

    return routes


def with_code(text: str) -> Markup:
    """A text as HTML, with what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(  # every part is escaped by the formatting
        Markup("<code>{}</code>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(path, method, item[method], item.get("parameters", []))


def _operation(path: str, method: str, stated: dict[str, Any], shared: list[dict[str, Any]]) -> Operation:
    asked = stated.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = [answer.get("content", {}).get("application/json", {}) for answer in stated["responses"].values()]
    examples = [answer["example"] for answer in answers if "example" in answer]
    return Operation(
        id=stated["operationId"],
        method=method.upper(),
        path=path,
        summary=stated["summary"],
        description=stated.get("description", ""),
        secured=bool(stated.get("security")),
        parameters=(*shared, *stated.get("parameters", [])),
        request=_reference(asked.get("schema", {})),
        request_example=_indented(asked["example"]) if "example" in asked else None,
        responses=tuple(
            (status, answer["description"], _schema_of(answer)) for status, answer in stated["responses"].items()
        ),
        response_example=_indented(examples[0]) if examples else None,
    )


def _schema_of(answer: dict[str, Any]) -> str | None:
    for media in answer.get("content", {}).values():
        return _reference(media.get("schema", {}))
    return None


def _reference(schema: dict[str, Any]) -> str | None:
    reference = schema.get("$ref")
    return reference.rpartition("/")[2] if reference else None


def _rows(schema: dict[str, Any]) -> tuple[Row, ...]:
    required = set(schema.get("required", ()))
    return tuple(
        Row(name=name, kind=_kind(stated), required=name in required, description=stated.get("description", ""))
        for name, stated in schema.get("properties", {}).items()
    )


def _kind(stated: dict[str, Any]) -> str:
    """What a field takes, in words: ``array of Owner``, ``string, date``, or its choices."""
    if "enum" in stated:
        return "one of " + ", ".join(str(value) for value in stated["enum"][:_MOST_CHOICES] if value is not None)
    if "anyOf" in stated:
        kinds = [_kind(each) for each in stated["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "null"))
    if "$ref" in stated:
        return _reference(stated) or ""
    stated_type = stated.get("type", "any")
    types = stated_type if isinstance(stated_type, list) else [stated_type]
    kind = " or ".join(each for each in types if each != "null")
    if kind == "array":
        return f"array of {_kind(stated.get('items', {}))}"
    return f"{kind}, {stated['format']}" if "format" in stated else kind


def _indented(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
