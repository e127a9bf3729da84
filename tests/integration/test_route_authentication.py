"""Every route asks who is there, except those named here; a new route is covered without being added."""

from __future__ import annotations

import re
from http import HTTPStatus
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.integration.conftest import Api

# What anybody may see: whether it lives, how it is asked, and the way in.
OPEN = {
    "/livez": "the process's health, for whoever runs it",
    "/readyz": "whether it may decide, for a load balancer",
    "/openapi.json": "how it is asked; the same for everybody",
    "/docs": "the same for people",
    "/problems/<name>": "what a kind of fault means; the address that faults carry as their type",
    "/login": "the way in",
    "/assets/<path:filename>": "style sheets and the icon",
}

SOMETHING = {"uuid": UUID("01a20a5a-712c-70d4-b2c9-e8c09620d0ff"), "int": 1, "path": "app.css", "string": "something"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def guarded(api: Api) -> list[tuple[Rule, str]]:
    """Every route and method that is not open."""
    return [
        (rule, method)
        for rule in api.app.url_map.iter_rules()
        if rule.rule not in OPEN
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def address(api: Api, rule: Rule) -> str:
    """The rule with something in the place of each of its variables."""
    kinds = dict(re.findall(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", rule.rule))
    values = {name: SOMETHING[kind or "string"] for kind, name in kinds.items()}
    return str(api.app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods or []))))


def form_token(client: FlaskClient) -> str:
    """A valid token of a browser that has not signed in: what refuses must not be the lack of a token."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").get_data(as_text=True))
    assert found
    return found[1]


@pytest.mark.parametrize("credentials", [{}, {"Authorization": "Bearer scr_live_" + "0" * 36}, {"Authorization": "x"}])
def test_no_route_answers_a_stranger(api: Api, credentials: dict[str, str]) -> None:
    routes = guarded(api)
    assert len(routes) > 8
    for rule, method in routes:
        client = api.client
        options = {"data": {"csrf_token": form_token(client)}} if method in UNSAFE and "pages" in rule.endpoint else {}
        answer = client.open(address(api, rule), method=method, headers=credentials, **options)
        if rule.endpoint.startswith("pages."):
            assert answer.status_code == HTTPStatus.SEE_OTHER, (rule.rule, method, answer.status_code)
            assert answer.headers["Location"].startswith("/login"), (rule.rule, method)
        else:
            assert answer.status_code == HTTPStatus.UNAUTHORIZED, (rule.rule, method, answer.status_code)
            assert answer.content_type == "application/problem+json"
            assert "WWW-Authenticate" in answer.headers


def test_every_open_route_exists(api: Api) -> None:
    assert {rule.rule for rule in api.app.url_map.iter_rules()} >= set(OPEN)
