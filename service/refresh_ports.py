"""What bringing lists into service needs from outside: a store, a log, and someone who fetches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from service.fetch import Fetched
from service.lists.listing import Listing
from service.records import AuditRecord, ListVersion

AuditEvent = Callable[[str, dict[str, Any]], AuditRecord]


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
    ) -> ListVersion: ...

    def active(self) -> tuple[ListVersion, ...]: ...

    def listings(self, list_id: str, version: int) -> Iterator[Listing]: ...

    def files(self, list_id: str) -> Mapping[str, Any]: ...

    def mark_checked(self, list_id: str, at: datetime) -> None: ...


class AuditStore(Protocol):
    """Where records that stand alone are kept (``service.store.audit.AuditLog``)."""

    def append(self, record: AuditRecord) -> None: ...


class FilesFetcher(Protocol):
    """Who fetches files (``service.fetch.Fetcher``)."""

    def fetch(
        self,
        address: str,
        *,
        redirects: tuple[str, ...] = (),
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched: ...
