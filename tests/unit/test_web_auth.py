"""Who may call: keys by both schemes, a revocation within five seconds, and what each role allows."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from service.api_keys import fingerprint, generate_key
from service.records import ApiKey
from service.web.auth import ROLES, Authenticator, ForbiddenError, Permission, UnauthenticatedError, may


class KeysInMemory:
    """A key store that counts what it is asked."""

    def __init__(self) -> None:
        self.keys: dict[bytes, ApiKey] = {}
        self.asked = 0
        self.touched: list[UUID] = []

    def add(self, role: str = "screener", *, expires_at: datetime | None = None) -> str:
        text = generate_key()
        key = ApiKey(id=uuid4(), name="payroll", role=role, created_at=datetime.now(UTC), expires_at=expires_at)
        self.keys[fingerprint(text)] = key
        return text

    def revoke(self, text: str) -> None:
        known = self.keys[fingerprint(text)]
        self.keys[fingerprint(text)] = replace(known, revoked_at=datetime.now(UTC))

    def find(self, key_hash: bytes, /) -> ApiKey | None:
        self.asked += 1
        return self.keys.get(key_hash)

    def touch(self, key_id: UUID, /) -> None:
        self.touched.append(key_id)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asking(authorization: str | None) -> Request:
    headers = {} if authorization is None else {"Authorization": authorization}
    return Request(EnvironBuilder(headers=headers).get_environ())


def basic(username: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@pytest.fixture
def keys() -> KeysInMemory:
    return KeysInMemory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authenticator(keys: KeysInMemory, clock: Clock) -> Authenticator:
    return Authenticator(keys, clock=clock)


def test_a_key_comes_as_bearer_or_as_the_user_name_of_basic(keys: KeysInMemory, authenticator: Authenticator) -> None:
    key = keys.add()
    by_bearer = authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)
    by_basic = authenticator.require(asking(basic(key, "ignored")), Permission.SCREEN)
    assert by_bearer == by_basic
    assert by_bearer.kind == "key"
    assert by_bearer.name == "payroll"
    assert key not in repr(by_bearer)


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Basic", "Basic !!", "Basic " + "A" * 7, "Digest username=x", "bearer x, Bearer y"],
)
def test_without_a_key_nobody_comes_in(authorization: str | None, authenticator: Authenticator) -> None:
    with pytest.raises(UnauthenticatedError):
        authenticator.require(asking(authorization), Permission.READ_CATALOGUE)


def test_a_key_with_a_wrong_checksum_is_refused_without_asking_the_store(
    keys: KeysInMemory, authenticator: Authenticator
) -> None:
    key = keys.add()
    with pytest.raises(UnauthenticatedError):
        authenticator.require(asking(f"Bearer {key[:-1]}{'a' if key[-1] != 'a' else 'b'}"), Permission.SCREEN)
    assert keys.asked == 0


def test_an_unknown_key_is_refused(authenticator: Authenticator) -> None:
    with pytest.raises(UnauthenticatedError):
        authenticator.require(asking(f"Bearer {generate_key()}"), Permission.SCREEN)


def test_an_expired_key_is_refused(keys: KeysInMemory, authenticator: Authenticator) -> None:
    key = keys.add(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(UnauthenticatedError):
        authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)


def test_a_revoked_key_is_refused_within_five_seconds(
    keys: KeysInMemory, authenticator: Authenticator, clock: Clock
) -> None:
    key = keys.add()
    authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)
    keys.revoke(key)
    clock.now += 5
    for _ in range(2):
        with pytest.raises(UnauthenticatedError):
            authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)


def test_the_store_is_asked_once_in_four_seconds_and_told_of_use_once_a_minute(
    keys: KeysInMemory, authenticator: Authenticator, clock: Clock
) -> None:
    key = keys.add()
    for _ in range(121):
        authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)
        clock.now += 1
    assert keys.asked == 31
    assert len(keys.touched) == 3


def test_a_new_key_works_at_once_after_a_refusal(keys: KeysInMemory, authenticator: Authenticator) -> None:
    key = keys.add()
    kept = keys.keys.pop(fingerprint(key))
    with pytest.raises(UnauthenticatedError):
        authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)
    keys.keys[fingerprint(key)] = kept
    authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)


def test_an_auditor_reads_and_does_not_screen(keys: KeysInMemory, authenticator: Authenticator) -> None:
    key = keys.add("auditor")
    authenticator.require(asking(f"Bearer {key}"), Permission.READ_SCREENINGS)
    with pytest.raises(ForbiddenError):
        authenticator.require(asking(f"Bearer {key}"), Permission.SCREEN)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(may("owner", permission) for permission in Permission)
    assert set(ROLES) == {"screener", "reviewer", "auditor", "monitor", "admin"}
