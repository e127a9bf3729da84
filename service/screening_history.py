"""The history of screenings: what can be asked of it, and what one line of it says. No personal data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.identifiers import first_uuid7


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Which screenings are wanted; None leaves open. ``since`` is the first instant, ``until`` the first after.

    ``list_id`` asks for those that rest on any version of a list, with ``list_version`` on that version.
    """

    decision: str | None = None
    clause: str | None = None
    list_id: str | None = None
    list_version: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def first_id(self) -> UUID | None:
        """No screening since ``since`` has a smaller id."""
        return first_uuid7(self.since) if self.since else None

    @property
    def last_id(self) -> UUID | None:
        """Every screening before ``until`` has a smaller id, but those of its own millisecond."""
        return first_uuid7(self.until, after=True) if self.until else None


@dataclass(frozen=True, kw_only=True, slots=True)
class PastScreening:
    """One line of the history; ``lists`` are written ``un_sc:12``."""

    id: UUID
    reference: str | None
    decision: str
    stage: str
    as_of: str
    decided_at: datetime
    clauses: Sequence[str]
    lists: Sequence[str]
    erased: bool


class HistorySource(Protocol):
    """Where the history is read. StoreUnavailableError where the database is away."""

    def page(self, wanted: Filter, *, rows: int, before: UUID | None = None) -> tuple[PastScreening, ...]:
        """Screenings from the newest; ``before`` is the place to go on from."""
