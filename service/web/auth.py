"""Who calls the API, and what that role may do.

A key comes as ``Authorization: Bearer <key>``, or as the user name of Basic with any password. Its form
and checksum are examined before the database is asked. A key that was found is remembered for four
seconds, so that a revocation takes effect within five.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from threading import Lock
from time import monotonic

from flask import Request

from service.api_keys import fingerprint, is_well_formed
from service.errors import HirescreenError
from service.records import Actor, ApiKey
from service.web.access_log import ACTOR
from service.web.services import KeyStore

REMEMBERED_SECONDS = 4.0
TOUCH_SECONDS = 60.0
MOST_REMEMBERED = 10_000


class Permission(StrEnum):
    """What a call needs."""

    SCREEN = "screen"  # decide and record a screening
    READ_SCREENINGS = "read_screenings"  # see earlier answers: they hold personal data
    ERASE = "erase"  # ask for and settle the erasure of personal data
    READ_CATALOGUE = "read_catalogue"  # see lists and rulebook
    SIGN = "sign"  # say what a review comes to
    SETTLE_LISTS = "settle_lists"  # approve or refuse a list version that is held
    READ_RECORD = "read_record"  # take the audit log: every outcome, nobody's name
    EXPORT_PERSONAL = "export_personal"  # take it with what it holds of people
    READ_METRICS = "read_metrics"  # see how much is asked, and how lists and record stand


_RECORD = frozenset({Permission.READ_RECORD, Permission.EXPORT_PERSONAL})

ROLES: dict[str, frozenset[Permission]] = {
    "screener": frozenset({Permission.SCREEN, Permission.READ_SCREENINGS, Permission.READ_CATALOGUE}),
    "reviewer": frozenset(Permission) - {Permission.READ_METRICS} - _RECORD,
    "auditor": frozenset({Permission.READ_SCREENINGS, Permission.READ_CATALOGUE, Permission.READ_RECORD}),
    "monitor": frozenset({Permission.READ_METRICS}),
    "admin": frozenset(Permission),
}


class UnauthenticatedError(HirescreenError):
    """Send an API key as Authorization: Bearer, or as the user name of Basic."""


class ForbiddenError(HirescreenError):
    """The role of this key does not allow this call."""


def may(role: str, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``; an unknown role has none."""
    return permission in ROLES.get(role, frozenset())


@dataclass(frozen=True, slots=True)
class _Remembered:
    key: ApiKey
    key_hash: bytes
    until: float
    touched: float


class Authenticator:
    """Turns a request into an Actor. Safe to share between threads."""

    def __init__(self, keys: KeyStore, *, clock: Callable[[], float] = monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._remembered: dict[bytes, _Remembered] = {}
        self._lock = Lock()

    def require(self, request: Request, permission: Permission) -> Actor:
        """The caller, who has ``permission``.

        Raises UnauthenticatedError (401), ForbiddenError (403) and StoreUnavailableError (503).
        """
        key = self._key(_presented(request))
        request.environ[ACTOR] = f"key:{key.id}"
        if not may(key.role, permission):
            raise ForbiddenError
        return Actor(
            kind="key",
            id=str(key.id),
            name=key.name,
            roles=frozenset({key.role}),
            account=str(key.account_id) if key.account_id else None,
        )

    def _key(self, presented: str | None) -> ApiKey:
        if presented is None or not is_well_formed(presented):
            raise UnauthenticatedError
        key_hash = fingerprint(presented)
        known = self._remembered.get(key_hash)
        if known is None or known.until <= self._clock():
            known = self._look_up(key_hash, known)
        expires = known.key.expires_at
        if known.key.revoked_at is not None or (expires is not None and expires <= datetime.now(UTC)):
            raise UnauthenticatedError
        if not hmac.compare_digest(known.key_hash, key_hash):
            raise UnauthenticatedError
        return known.key

    def _look_up(self, key_hash: bytes, earlier: _Remembered | None) -> _Remembered:
        key = self._keys.find(key_hash)
        now = self._clock()
        if key is None:
            raise UnauthenticatedError
        touched = earlier.touched if earlier else now - TOUCH_SECONDS
        fresh = _Remembered(key, key_hash, now + REMEMBERED_SECONDS, touched)
        if now - touched >= TOUCH_SECONDS and key.revoked_at is None:
            self._keys.touch(key.id)
            fresh = replace(fresh, touched=now)
        with self._lock:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key_hash] = fresh
        return fresh


def _presented(request: Request) -> str | None:
    stated = request.authorization
    if stated is None:
        return None
    if stated.type == "bearer":
        return stated.token
    if stated.type == "basic":
        return stated.username
    return None
