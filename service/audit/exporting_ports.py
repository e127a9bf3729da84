"""What an export needs of the store and of the service, and what it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol
from uuid import UUID

from service.audit.checkpoint import SignedHead
from service.audit.proof import EntryProof
from service.audit.sealed import SealedHead, SealStatus
from service.audit.witness import Evidence
from service.records import AuditRecord


class ExportedEntry(NamedTuple):
    """An entry as it was sealed; ``disclosures`` are empty where they were erased or not asked for."""

    number: int  # its index in the log
    hash: bytes
    leaf: bytes
    disclosures: list[str]


class HashTree(Protocol):
    """The tree of a log at one size."""

    size: int

    def tile(self, level: int, number: int, /) -> bytes: ...
    def hashes(self, start: int, stop: int, /) -> bytes: ...


class LogReading(Protocol):
    """One log under one signed head; service.store.audit_export.ReadLog says what each method does."""

    @property
    def head(self) -> SignedHead: ...
    @property
    def tree(self) -> HashTree: ...
    def hashes(self, start: int, stop: int, /) -> bytes: ...
    def entries(self, start: int, stop: int, /, *, personal: bool) -> Iterator[ExportedEntry]: ...
    def heads(self) -> Iterator[SignedHead]: ...
    def evidence(self) -> Iterator[Evidence]: ...
    def engine_with(self, rulebook: str, /) -> bytes | None: ...


class LogStore(Protocol):
    """Where the record is kept. Methods raise StoreUnavailableError where the database is away."""

    def reading(self) -> AbstractContextManager[LogReading | None]: ...
    def record(self, record: AuditRecord, /) -> None: ...
    def is_recorded(self, entry_id: UUID, /) -> bool: ...


class SealReader(Protocol):
    """Answers for the sealed log."""

    def head(self) -> SealedHead | None: ...
    def status(self) -> SealStatus: ...
    def proof(self, entry_id: UUID, /) -> EntryProof | None: ...
