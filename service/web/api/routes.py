"""Blueprints of the API: a route is registered together with what the OpenAPI document says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request
from flask_smorest import Blueprint

ViewT = TypeVar("ViewT", bound=Callable[..., Any])


class Routes(Blueprint):  # type: ignore[misc]  # flask-smorest carries no types
    """A blueprint whose every route is documented."""

    def operation(
        self, method: str, rule: str, described: dict[str, Any], *, in_path: dict[str, str] | None = None
    ) -> Callable[[ViewT], ViewT]:
        """Answer ``method`` at ``rule`` by the view below; ``described`` is its OpenAPI operation.

        ``in_path`` says what each parameter of the path is.
        """
        parameters = [{"name": name, "in": "path", "description": text} for name, text in (in_path or {}).items()]

        def register(view: ViewT) -> ViewT:
            self.route(rule, methods=[method], parameters=parameters)(self.doc(**described)(view))
            return view

        return register


def revalidated(response: Response) -> Response:
    """The response with its ETag, or 304 where the caller's If-None-Match names it."""
    response.add_etag()
    response.make_conditional(request)
    return response
