"""Reads the sealed log: leaves, tiles and signed heads, proofs of entries, and how far sealing has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from service.audit.checkpoint import parse_head
from service.audit.merkle import HASH_BYTES, Node, inclusion_proof
from service.audit.proof import EntryProof
from service.audit.sealed import SealedHead, SealedLeaf, SealStatus
from service.audit.tiles import LEVEL_BITS, WIDTH, nodes_in_tiles
from service.errors import SealingStoppedError
from service.store.database import Connection, Database, fetch_object, fetch_objects, fetch_row
from service.store.sql_files import query

ROWS_A_FETCH = 1024


class SealedTree:
    """The tree of one log at one size, over a connection of the caller."""

    def __init__(self, connection: Connection, log: int, size: int) -> None:
        self._connection = connection
        self._log = log
        self.size = size

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile, as many as it has at this size. SealingStoppedError where some are missing."""
        start = number * WIDTH
        width = min(WIDTH, (self.size >> LEVEL_BITS * level) - start)
        if width == WIDTH:
            hashes, _ = self.full_tile(level, number)
        elif level == 0:
            hashes = self.hashes(start, start + width)
        else:
            hashes = self._bytes("audit_tile_roots", level=level - 1, start=start, stop=start + width)
        if len(hashes) != width * HASH_BYTES:
            raise SealingStoppedError(f"Tile {number} of level {level} is not whole.")
        return hashes

    def full_tile(self, level: int, number: int) -> tuple[bytes, bytes]:
        """The hashes of a full tile as stored, and its stored root."""
        parameters = {"log": self._log, "level": level, "number": number}
        row = self._connection.execute(query("audit_tile"), parameters).fetchone()
        if row is None:
            raise SealingStoppedError(f"Tile {number} of level {level} is missing.")
        return bytes(row[0]), bytes(row[1])

    def nodes(self) -> Node:
        """The node function of the tree, from its tiles; each tile is read once."""
        return nodes_in_tiles(self.tile)

    def hashes(self, start: int, stop: int) -> bytes:
        """The stored hashes of leaves from ``start`` until before ``stop``, as many as there are."""
        return self._bytes("sealed_hashes", start=start, stop=stop)

    def leaves(self, start: int, stop: int) -> Iterator[SealedLeaf]:
        """The leaves from ``start`` until before ``stop``. SealingStoppedError where one is missing."""
        expected = start
        while expected < stop:
            part = {"log": self._log, "start": expected, "stop": min(expected + ROWS_A_FETCH, stop)}
            for leaf in fetch_objects(self._connection, SealedLeaf, "sealed_leaves", part):
                if leaf.index != expected:
                    break
                expected += 1
                yield leaf
            if expected != part["stop"]:
                raise SealingStoppedError(f"Leaf {expected} is missing, or its entry is.")

    def _bytes(self, name: str, **parameters: Any) -> bytes:
        return bytes(fetch_row(self._connection, name, {"log": self._log, **parameters})[0])


class SealedLog:
    """Answers for the current log. StoreUnavailableError where the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def status(self) -> SealStatus:
        """How far the log is sealed and what waits."""
        with self._database.connection() as connection:
            (mark,) = fetch_row(connection, "sealer_mark")
            status = fetch_object(connection, SealStatus, "seal_status", {"mark": mark})
        assert status is not None  # noqa: S101 - the query always has a row
        return status

    def head(self) -> SealedHead | None:
        """The newest signed head; None while nothing is sealed."""
        with self._database.connection() as connection:
            return last_head(connection, current_log(connection))

    @contextmanager
    def reading(self) -> Iterator[tuple[SealedTree, SealedHead] | None]:
        """The tree under the newest signed head, with that head, for a long read; None before the first seal.

        What is sealed never changes, so the tree can be read bit by bit while the sealer goes on.
        """
        with self._database.transaction(long=True) as connection:
            log = current_log(connection)
            head = last_head(connection, log)
            yield None if log is None or head is None else (SealedTree(connection, log, head.size), head)

    def proof(self, entry_id: UUID) -> EntryProof | None:
        """The proof of an entry under the newest head; None where it is not sealed yet, or there is none."""
        with self._database.connection() as connection:  # no transaction: what is under a head never changes
            log = current_log(connection)
            head = last_head(connection, log)
            parameters = {"log": log, "entry_id": entry_id}
            row = connection.execute(query("find_sealed_entry"), parameters).fetchone()
            if head is None or log is None or row is None or row[3] is None or row[3] >= head.size:
                return None
            path = inclusion_proof(SealedTree(connection, log, head.size).nodes(), row[3], head.size)
            return EntryProof(row[3], tuple(path), parse_head(head.note))


def current_log(connection: Connection) -> int | None:
    """The number of the current log; None before the first seal."""
    row = connection.execute(query("current_audit_log")).fetchone()
    return None if row is None else row[0]


def last_head(connection: Connection, log: int | None) -> SealedHead | None:
    """The newest head that the database holds of a log."""
    return fetch_object(connection, SealedHead, "last_audit_checkpoint", {"log": log})
