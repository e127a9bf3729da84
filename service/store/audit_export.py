"""Reads the sealed log for exports, tiles and proofs: what is under the newest signed head, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from service.audit.checkpoint import SignedHead, parse_head
from service.audit.exporting_ports import ExportedEntry
from service.audit.sealed import SealedHead
from service.audit.witness import Evidence
from service.errors import SealingStoppedError
from service.records import AuditRecord
from service.store.audit import append_in
from service.store.database import Connection, Database, fetch_objects
from service.store.evidence import evidence_in
from service.store.sealed_log import SealedTree, current_log, last_head
from service.store.sql_files import query

ROWS_A_FETCH = 2048
HEADS_A_FETCH = 1000


@dataclass(frozen=True, slots=True)
class ReadLog:
    """One log under one signed head, over a connection that is held open."""

    head: SignedHead
    tree: SealedTree
    _connection: Connection
    _log: int

    def hashes(self, start: int, stop: int) -> bytes:
        """The stored leaf hashes of a range, one after the other, as many as there are."""
        return self.tree.hashes(start, stop)

    def entries(self, start: int, stop: int, *, personal: bool) -> Iterator[ExportedEntry]:
        """The entries of a range; SealingStoppedError names the first that is missing."""
        expected = start
        while expected < stop:
            until = min(expected + ROWS_A_FETCH, stop)
            part = {"log": self._log, "start": expected, "stop": until, "personal": personal}
            with self._connection.cursor(binary=True) as cursor:
                rows = cursor.execute(query("sealed_entries"), part).fetchall()
            for row in rows:
                if row[0] != expected:
                    break
                expected += 1
                yield ExportedEntry(row[0], row[1], row[2], row[3])
            if expected != until:
                raise SealingStoppedError(f"Leaf {expected} is missing, or its entry is.")

    def heads(self) -> Iterator[SignedHead]:
        """Every head that the database holds of this log, by size, up to this one."""
        after = 0
        while True:
            part = {"log": self._log, "after": after, "most": HEADS_A_FETCH}
            heads = fetch_objects(self._connection, SealedHead, "audit_checkpoints", part)
            for head in heads:
                if head.size > self.head.size:
                    return
                yield parse_head(head.note)
            if len(heads) < HEADS_A_FETCH:
                return
            after = heads[-1].size

    def evidence(self) -> Iterator[Evidence]:
        """What witnesses gave for these heads, by size."""
        return evidence_in(self._connection, self.head.checkpoint.origin, most=self.head.size)

    def engine_with(self, rulebook: str) -> bytes | None:
        """The archive of an engine that decided by the rules with this SHA-256 (hex); None where none is kept."""
        row = self._connection.execute(query("engine_with_rulebook"), {"sha256": rulebook}).fetchone()
        return bytes(row[0]) if row else None


class ExportStore:
    """The record as exports and the API read it. StoreUnavailableError where the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[ReadLog | None]:
        """The log under its newest signed head, for a long read; None while nothing is sealed."""
        with self._database.transaction(long=True) as connection:
            log = current_log(connection)
            head = last_head(connection, log)
            if log is None or head is None:
                yield None
            else:
                yield ReadLog(parse_head(head.note), SealedTree(connection, log, head.size), connection, log)

    def record(self, record: AuditRecord) -> None:
        """Append an entry that stands alone."""
        with self._database.connection() as connection:
            append_in(connection, record)

    def is_recorded(self, entry_id: UUID) -> bool:
        """Whether there is an entry of this id, sealed or not."""
        with self._database.connection() as connection:
            parameters = {"log": None, "entry_id": entry_id}
            return connection.execute(query("find_sealed_entry"), parameters).fetchone() is not None
