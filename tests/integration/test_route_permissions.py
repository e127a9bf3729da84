"""Every route demands a permission, and every role that lacks it is refused there: each permission by each route.

Which permission a route demands is what it asks of the authenticator while it is called; a route that asks
for none, or asks after it has looked at the request, fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import psycopg
import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from service.passwords import hash_password
from service.records import Actor
from service.web.auth import ROLES, Authenticator, Permission, may
from service.web.pages import sign_in
from tests.integration.conftest import Api
from tests.integration.test_route_authentication import UNSAFE, address, guarded

PASSWORD = "a long enough password"
STRANGER = "no-such-role"
BY_EVERYBODY = {"/logout"}  # whoever is signed in may sign out

# Who may do what; a new permission or role is decided here.
WHO = {
    Permission.SCREEN: {"screener", "reviewer", "admin"},
    Permission.READ_SCREENINGS: {"screener", "reviewer", "auditor", "admin"},
    Permission.READ_CATALOGUE: {"screener", "reviewer", "auditor", "admin"},
    Permission.SETTLE_LISTS: {"reviewer", "admin"},
    Permission.SIGN: {"reviewer", "admin"},
    Permission.ERASE: {"reviewer", "admin"},
    Permission.READ_RECORD: {"auditor", "admin"},
    Permission.EXPORT_PERSONAL: {"admin"},
    Permission.READ_METRICS: {"monitor", "admin"},
}


def test_who_may_do_what_is_written_down() -> None:
    assert {each: {role for role in ROLES if may(role, each)} for each in Permission} == WHO
    assert not [each for each in Permission if may(STRANGER, each)]


@contextmanager
def asked_permissions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Permission]]:
    """The permissions that are asked for in the block, by the API and by the pages."""
    asked: list[Permission] = []
    require = Authenticator.require

    def spy(self: Authenticator, request: Request, permission: Permission) -> Actor:
        asked.append(permission)
        return require(self, request, permission)

    def spy_may(role: str, permission: Permission) -> bool:
        asked.append(permission)
        return may(role, permission)

    with monkeypatch.context() as patched:
        patched.setattr(Authenticator, "require", spy)
        patched.setattr(sign_in, "may", spy_may)
        yield asked


def api_routes(api: Api) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule, method in guarded(api) if not rule.endpoint.startswith("pages.")]


def test_every_route_of_the_api_refuses_every_role_that_lacks_its_permission(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {role: api.new_key(role) for role in (*ROLES, STRANGER)}
    seen: set[Permission] = set()
    for rule, method in api_routes(api):
        path = address(api, rule)
        with asked_permissions(monkeypatch) as asked:
            refused = api.call(method, path, key=keys[STRANGER])
        assert refused.status_code == HTTPStatus.FORBIDDEN, (rule.rule, method)
        assert asked, (rule.rule, method)
        needed = asked[0]
        seen.add(needed)
        for role in ROLES:
            answer = api.call(method, path, key=keys[role], json={} if method in UNSAFE else None)
            fault = answer.get_json(silent=True) if answer.status_code == HTTPStatus.FORBIDDEN else None
            forbidden = isinstance(fault, dict) and str(fault.get("type", "")).endswith("/forbidden")
            assert forbidden == (role not in WHO[needed]), (rule.rule, method, role, answer.status_code)
    assert seen == set(WHO) - {Permission.EXPORT_PERSONAL}, "that one is asked for by what an export is to hold"


def signed_in(api: Api, role: str) -> tuple[FlaskClient, str]:
    """A browser that signed in as an account which then got a role, and the token that its forms carry."""
    api.service.accounts.create(username=role, role="admin", password_hash=hash_password(PASSWORD))
    client = api.client
    page = client.get("/login").get_data(as_text=True)
    sent = {"csrf_token": token_in(page), "username": role, "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == HTTPStatus.SEE_OTHER
    token = token_in(client.get("/screen").get_data(as_text=True))
    assert api.service.config.database_url is not None
    with psycopg.connect(api.service.config.database_url) as owner:
        owner.execute("update account set role = %s where username = %s", [role, role])
    return client, token


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_every_page_refuses_every_role_that_lacks_its_permission(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger, token = signed_in(api, STRANGER)
    others = {role: signed_in(api, role) for role in ROLES}
    pages = [
        (rule, method)
        for rule, method in guarded(api)
        if rule.endpoint.startswith("pages.") and rule.rule not in BY_EVERYBODY
    ]
    assert len(pages) > 8
    for rule, method in pages:
        path = address(api, rule)
        with asked_permissions(monkeypatch) as asked:
            refused = stranger.open(path, method=method, data={"csrf_token": token} if method in UNSAFE else None)
        assert refused.status_code == HTTPStatus.FORBIDDEN, (rule.rule, method, refused.status_code)
        for role, (client, own) in others.items():
            if role in WHO[asked[0]]:
                continue
            answer = client.open(path, method=method, data={"csrf_token": own} if method in UNSAFE else None)
            assert answer.status_code == HTTPStatus.FORBIDDEN, (rule.rule, method, role, answer.status_code)
