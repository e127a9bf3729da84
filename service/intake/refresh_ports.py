"""What bringing lists into service needs from outside: a store, a log, and someone who fetches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from service.intake.fetch import Fetched
from service.lists.listing import Listing
from service.records import Approval, AuditRecord, HeldList, ListAttempt, ListVersion

AuditEvent = Callable[[str, dict[str, Any]], AuditRecord]

# (entries, canaries: name to key of its entry) -> the names by which a search does not find their entry
CanarySearch = Callable[[Iterable[Listing], Mapping[str, str]], tuple[str, ...]]

# (what is done, entries, how many they are where that is known) -> the same entries, counted as they go by
Counting = Callable[[str, Iterable[Listing], int | None], Iterable[Listing]]


def uncounted(what: str, entries: Iterable[Listing], total: int | None) -> Iterable[Listing]:
    """The counting of those who show no progress."""
    del what, total
    return entries


class ListStore(Protocol):
    """Where versions are kept (``service.store.lists.Lists``)."""

    def add_version(
        self,
        version: ListVersion,
        listings: Iterable[Listing],
        *,
        files: Mapping[str, Any] | None = None,
        activate: bool = True,
        audit: Callable[[ListVersion], AuditRecord] | None = None,
        held: HeldList | None = None,
        replaces: int | None = None,
        prove: Callable[[Iterable[Listing]], None] | None = None,
        prove_keys: Sequence[str] | None = None,
    ) -> ListVersion: ...

    def active(self) -> tuple[ListVersion, ...]: ...

    def versions(self, list_id: str) -> tuple[ListVersion, ...]: ...

    def version(self, list_id: str, version: int) -> ListVersion | None: ...

    def listings(self, list_id: str, version: int) -> Iterator[Listing]: ...

    def files(self, list_id: str) -> Mapping[str, Any]: ...

    def mark_checked(self, list_id: str, at: datetime) -> None: ...


class IntakeStore(Protocol):
    """Where it is kept what happens to versions before they serve (``service.store.intake.Intake``)."""

    def loading(self, list_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[None]: ...

    def held(
        self, list_id: str | None = None, version: int | None = None, *, state: str | None = "held"
    ) -> tuple[HeldList, ...]: ...

    def held_as(self, list_id: str, entries_digest: str) -> tuple[int, str] | None: ...

    def still_offered(self, list_id: str, version: int, at: datetime) -> None: ...

    def compare_anew(self, held: HeldList) -> None: ...

    def approve(self, approval: Approval) -> tuple[int, bool]: ...

    def refuse(self, held: HeldList, *, settled_by: str, reason: str, audit: AuditRecord) -> None: ...

    def record_attempt(self, attempt: ListAttempt) -> None: ...

    def changes(self, list_id: str, old: int, new: int) -> tuple[int, int, int]: ...


class AuditStore(Protocol):
    """Where records that stand alone are kept (``service.store.audit.AuditLog``)."""

    def append(self, record: AuditRecord) -> None: ...


class FilesFetcher(Protocol):
    """Who fetches files (``service.intake.fetch.Fetcher``)."""

    def fetch(
        self,
        address: str,
        *,
        redirects: tuple[str, ...] = (),
        etag: str | None = None,
        last_modified: str | None = None,
        seconds: float | None = None,
    ) -> Fetched: ...
