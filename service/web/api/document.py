"""The OpenAPI document: made once from the routes and schemas, served as JSON."""

from __future__ import annotations

import inspect
from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response
from flask_smorest import Api

from service.web.api.routes import revalidated
from service.web.schemas.facts_schema import NationalityItem
from service.web.schemas.worker import NATIONALITY_COUNTRY
from service.web.services import WebServices

_DESCRIPTION = (
    "Screens a hire against sanctions law and sanctions lists, and cites the clause. "
    "A `deny` is a finding, not a final decision; nothing here is legal advice. "
    "Every fault is `application/problem+json` (RFC 9457); its `type` is an address that explains it."
)

_SECURITY_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key: `Authorization: Bearer scr_live_…`. Roles: `screener`, `reviewer` and `admin` "
        "may screen and read; `auditor` may read; `reviewer` and `admin` may erase.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "The same key as the user name; no password."},
}


class _Api(Api):  # type: ignore[misc]  # flask-smorest carries no types
    """flask-smorest without its own error answers: every fault goes through ``problems``."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def start_document(app: Flask, services: WebServices) -> Api:
    """The collector of API routes for ``app``."""
    plugin = MarshmallowPlugin(schema_name_resolver=_component_name)
    api = _Api(
        app,
        spec_kwargs={
            "title": "hirescreen",
            "version": services.version,
            "openapi_version": "3.1.0",
            "marshmallow_plugin": plugin,
            "info": {"description": _DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}},
            "servers": [{"url": services.public_url or "/"}],
        },
    )
    converter: Any = plugin.converter
    converter.add_attribute_function(_nationality_or_country)
    for name, scheme in _SECURITY_SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    return api


def finished_document(api: Api) -> dict[str, Any]:
    """The document of everything registered so far, without what nothing refers to."""
    document: dict[str, Any] = api.spec.to_dict()
    for unused in ("Error", "PaginationMetadata"):  # flask-smorest's own, for features not used here
        document["components"]["schemas"].pop(unused, None)
    converter: Any = api.ma_plugin.converter
    for key, name in converter.refs.items():
        if name in document["components"]["schemas"]:
            described = inspect.cleandoc(key[0].__doc__ or "").replace("``", "`")
            document["components"]["schemas"][name]["description"] = described
    for schema in document["components"]["schemas"].values():
        for stated in schema.get("properties", {}).values():
            _drop_empty_descriptions(stated)
    return document


def _drop_empty_descriptions(stated: dict[str, Any]) -> None:
    if stated.get("description") == "":
        del stated["description"]
    if isinstance(stated.get("items"), dict):
        _drop_empty_descriptions(stated["items"])


def document_blueprint(document: dict[str, Any]) -> Blueprint:
    """The route ``/openapi.json``; it needs no key."""
    routes = Blueprint("document", __name__)
    raw = orjson.dumps(document)

    @routes.get("/openapi.json")
    def read_document() -> Response:
        response = Response(raw, mimetype="application/json")
        response.headers["Cache-Control"] = "public, no-cache"
        return revalidated(response)

    return routes


def _component_name(schema: Any) -> str:
    name = schema.__name__ if isinstance(schema, type) else type(schema).__name__
    return name.removesuffix("Schema")


def _nationality_or_country(self: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  # apispec's signature
    """A nationality may be an object or a plain country; apispec knows the object only."""
    if not isinstance(field, NationalityItem) or "$ref" not in ret:
        return {}
    alone = dict(NATIONALITY_COUNTRY.metadata, description="The country alone.")
    return {"anyOf": [{"$ref": ret.pop("$ref")}, alone]}
