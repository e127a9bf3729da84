"""What erasures are made of, and what they need of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from service.erasure.file import Erased
from service.erasure.retention import Retention
from service.records import Actor, AuditRecord, JsonObject

# (kind of event, fields, who) -> an audit record
AuditInName = Callable[[str, dict[str, Any], Actor], AuditRecord]


class Ground(StrEnum):
    """Why personal data are erased, by GDPR article 17(1) and the law that follows it."""

    NO_LONGER_NEEDED = "no_longer_needed"  # (a)
    CONSENT_WITHDRAWN = "consent_withdrawn"  # (b)
    OBJECTION = "objection"  # (c)
    UNLAWFUL = "unlawful"  # (d)
    LEGAL_OBLIGATION = "legal_obligation"  # (e)
    RETENTION_ENDED = "retention_ended"  # the period of service/erasure/retention.toml has run out


class Scope(StrEnum):
    """What happens where a part must still be kept."""

    ERASABLE = "erasable"  # what may be erased is; the rest is named with its day
    ALL = "all"  # all or nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for: screenings by id, or all with the caller's ``reference``."""

    ground: Ground
    screenings: tuple[UUID, ...] = ()
    reference: str | None = None
    scope: Scope = Scope.ERASABLE
    case: str | None = None  # the number of the matter in the operator's own files; no personal data


@dataclass(frozen=True, kw_only=True, slots=True)
class OnRecord:
    """What is on record of one screening; ``request`` and ``answer`` are None once erased."""

    id: UUID
    entry_id: UUID
    decided_at: datetime
    request: bytes | None
    answer: bytes | None
    erased_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewErasure:
    """A request to be stored."""

    id: UUID
    ground: str
    case_reference: str | None
    whole: bool
    requested_by: str
    requested_account: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """An erasure as stored. ``items``: objects with ``screening``, ``state``, ``class``, ``basis``, ``keep_until``;
    ``approvals``: objects with ``account``, ``by``, ``username``, ``at``. ``state``: ``requested``, ``refused``,
    ``done``.
    """

    id: UUID
    ground: str
    case_reference: str | None
    whole: bool
    requested_by: str
    requested_account: UUID | None
    requested_at: datetime
    state: str
    settled_at: datetime | None = None
    settled_by: str | None = None
    entry_id: UUID | None = None
    requested_username: str | None = None
    approvals: list[JsonObject] = field(default_factory=list)
    items: list[JsonObject] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Locked:
    """The row of an erasure that is being settled; nobody else can settle it meanwhile."""

    state: str
    whole: bool
    ground: str
    requested_by: str
    requested_account: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What becomes of one screening of an erasure: ``erased`` or ``kept``, and what decided."""

    screening: UUID
    state: str
    class_id: str | None = None
    basis: str | None = None
    keep_until: date | None = None


class Settling(Protocol):
    """One transaction in which an erasure is settled, with the eraser's rights."""

    def lock(self, erasure_id: UUID) -> Locked | None:
        """The erasure, for this transaction alone; None for an unknown one."""

    def waiting(self, erasure_id: UUID) -> tuple[UUID, ...]:
        """Its screenings that are not settled."""

    def on_record(self, screenings: Sequence[UUID]) -> tuple[OnRecord, ...]:
        """What is on record of them."""

    def approve(self, erasure_id: UUID, account_id: UUID, approved_by: str) -> bool:
        """Note a person's approval; False where it was there."""

    def people(self, erasure_id: UUID, roles: Sequence[str]) -> tuple[UUID, ...]:
        """Who asked and who approved, each person once, as far as the account is in use and has one of the roles."""

    def append(self, record: AuditRecord) -> None:
        """Append an audit entry that lasts if the transaction does."""

    def erase(self, erasure_id: UUID, erased_at: datetime, left_over: Sequence[tuple[UUID, bytes | None]]) -> int:
        """Delete everything personal of screenings and store what is left of their answers; rows deleted."""

    def settle(self, erasure_id: UUID, *, state: str, settled_by: str, entry_id: UUID | None) -> None:
        """Close the erasure."""

    def settle_items(self, erasure_id: UUID, items: Sequence[Settled]) -> None:
        """Say what became of each screening."""

    def restore(self, erased: Erased) -> None:
        """Write down an erasure that this database does not know."""

    def came_back(self, screenings: Sequence[UUID]) -> tuple[UUID, ...]:
        """Which of these erased screenings have something personal in the tables."""

    def has_entry(self, entry_id: UUID) -> bool:
        """Whether an audit entry is there."""


class ErasureStore(Protocol):
    """Where erasures are kept. StoreUnavailableError where the database is away or refuses."""

    def request(self, erasure: NewErasure, items: Sequence[tuple[UUID, Retention]], audit: AuditRecord) -> None:
        """Store a request with its audit entry."""

    def on_record(
        self, *, screenings: Sequence[UUID] = (), reference: str | None = None, most: int
    ) -> tuple[OnRecord, ...]:
        """What is on record of screenings, by id or by the caller's reference."""

    def get(self, erasure_id: UUID) -> Erasure | None:
        """One erasure."""

    def of_screening(self, screening_id: UUID) -> Erasure | None:
        """The erasure that erased a screening."""

    def page(self, *, rows: int, before: UUID | None = None, state: str | None = None) -> tuple[Erasure, ...]:
        """Erasures, the newest first."""

    def settling(self) -> AbstractContextManager[Settling]:
        """A transaction with the eraser's rights."""

    def past(self, before: datetime) -> Iterator[OnRecord]:
        """Screenings decided before a moment that hold personal data and that no erasure waits for; streamed."""

    def came_back(self, screenings: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these erased screenings have something personal in the tables."""

    def done(self) -> tuple[Erased, ...]:
        """Every erasure that was carried out."""

    def forget_old_claims(self) -> None:
        """Delete Idempotency-Keys that are older than a day."""
