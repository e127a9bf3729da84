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
    programme (``programme:DPRK3``). ``activated_at`` is None for a version that does not serve.
    """

    list_id: str
    version: int
    sha256: str  # hex, over the files' bytes in the order of their role names
    entries: int
    published_on: date | None = None
    address: str | None = None
    fetched_at: datetime | None = None
    checked_at: datetime | None = None  # last time the publisher (or an import) confirmed this content; None: never
    loaded_at: datetime | None = None  # since when it is known here
    activated_at: datetime | None = None  # since when it serves
    complete: bool = True
    counts: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)  # what its files hold and it does not, by reason


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedVersion:
    """A version in its place: ``day`` is its published day or, without one, that of its fetching or loading.

    ``since`` is the version before it by day, None for the first; ``added``, ``removed`` and ``changed`` count
    the entries in which it differs from that one.
    """

    version: ListVersion
    day: date
    since: int | None
    added: int
    removed: int
    changed: int


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
    """An answer as it was given; ``replayed`` where an Idempotency-Key returned an earlier one.

    ``erased_at`` is when its personal data were erased: ``answer`` is then what is left of it.
    """

    id: UUID
    answer: bytes
    replayed: bool = False
    erased_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who asks: an API key, a local account, or the command line. ``name`` is no personal data."""

    kind: str  # "key", "account", "cli"
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    account: str | None = None  # the id of the account behind it: its own, or that of the person whose key it is


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """An API key without the key: its hash is the store's."""

    id: UUID
    name: str
    role: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None = None
    account_id: UUID | None = None  # the person whose key it is; None for a program's


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A local account of a person who uses the pages."""

    id: UUID
    username: str
    role: str
    password_hash: str
    disabled_at: datetime | None = None


JsonObject = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldList:
    """A doubtful version that is stored and does not serve.

    ``reasons`` are objects with ``code``, ``detail`` and ``override``, found against the version ``against``
    (0: none served). ``approvals`` are objects with ``account``, ``username``, ``at``, ``allows_older`` and
    ``reason``, and hold those only that were given for these reasons. ``state``: ``held``, ``approved``, ``refused`` or
    ``superseded`` (a later version came into service first).
    """

    list_id: str
    version: int
    against: int
    reasons: list[JsonObject]
    entries_digest: str
    proposed_by: str  # kind and id: "job:refresh", "cli:local", "account:<id>"
    held_at: datetime | None = None
    state: str = "held"
    settled_at: datetime | None = None
    settled_by: str | None = None
    settled_reason: str = ""
    approvals: list[JsonObject] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """One person's approval of ``held``, to be counted; with the last of ``needed`` the version serves.

    ``roles`` are those whose approvals count, ``must_allow_older`` says that only those do that allow an older
    issue. ``audit`` is the record of this approval, ``activation`` that of the coming into service.
    """

    held: HeldList
    account_id: UUID
    reason: str
    roles: tuple[str, ...]
    needed: int
    allows_older: bool
    must_allow_older: bool
    audit: AuditRecord
    activation: AuditRecord

    @property
    def settled_by(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListAttempt:
    """One attempt to bring a list up to date.

    ``outcome``: ``loaded``, ``unchanged``, ``held``, ``rejected`` (what came is no list that may serve) or
    ``failed`` (nothing could be had). ``added``, ``removed``, ``changed`` are entries, for what was loaded.
    """

    list_id: str
    at: datetime
    trigger: str  # "schedule", "command", "import", "approval"
    outcome: str
    detail: str | None = None
    version: int | None = None
    added: int | None = None
    removed: int | None = None
    changed: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAttempt:
    """The last attempt at a list, its last change, and how many attempts failed since one got through."""

    list_id: str
    at: datetime
    outcome: str
    failures: int
    detail: str | None = None
    changed_at: datetime | None = None
    changed_version: int | None = None
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
