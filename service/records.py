"""What crosses the border between the desk and the store: plain data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ListVersion:
    """One loaded state of one list. ``version`` counts from 1; 0 is the built-in starter list.

    ``complete`` is False where a publisher's set was loaded in part (``--partial``). ``counts`` holds
    the number of entries by kind (``person``, ``organisation``, ``vessel``, ``aircraft``) and by
    programme (``programme:DPRK3``).
    """

    list_id: str
    version: int
    sha256: str  # hex, over the files' bytes in the order of their role names
    entries: int
    published_on: date | None = None
    address: str | None = None
    fetched_at: datetime | None = None
    checked_at: datetime | None = None  # last time the publisher (or an import) confirmed this content
    complete: bool = True
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditRecord:
    """A leaf of the record (canonical JSON bytes) and the disclosures of its commitments."""

    entry_id: UUID
    leaf: bytes
    disclosures: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreeningRecord:
    """A decided screening ready to be stored with its audit record in one transaction.

    ``answer`` and ``request`` are JSON bytes and hold personal data; the other columns do not.
    """

    id: UUID
    tenant: str
    actor: str
    reference: str | None
    decision: str
    stage: str
    as_of: str
    decided_at: datetime
    clauses: tuple[str, ...]
    lists: tuple[str, ...]
    request: bytes
    answer: bytes
    audit: AuditRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class IdempotencyClaim:
    """An Idempotency-Key with the SHA-256 fingerprint (hex) of the canonical request body."""

    key: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredScreening:
    """An answer as it was given; ``replayed`` where an Idempotency-Key returned an earlier one."""

    id: UUID
    answer: bytes
    replayed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who asks: an API key, a local account, or the command line. ``name`` is no personal data."""

    kind: str  # "key", "account", "cli"
    id: str
    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """An API key without the key: its hash is the store's."""

    id: UUID
    name: str
    role: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A local account of a person who uses the pages."""

    id: UUID
    username: str
    role: str
    password_hash: str
    disabled_at: datetime | None = None


JsonObject = dict[str, Any]
