"""The sealer's own connection: its lock, its role, and the few rows that it may write.

One session advisory lock makes it the only sealer. It is taken before the transaction begins: a snapshot
from before the lock would not see what the sealer before us wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from psycopg import IsolationLevel

from service.audit.checkpoint import SignedHead
from service.audit.sealed import SealedHead
from service.audit.sealing_ports import Candidate, Picked, SealerState
from service.audit.tiles import FullTile
from service.errors import StoreUnavailableError
from service.records import AuditRecord
from service.store.database import (
    Connection,
    connect,
    driver_errors_become_ours,
    fetch_object,
    fetch_objects,
    fetch_row,
)
from service.store.sealed_log import SealedTree, last_head
from service.store.sql_files import query

LOCK = 0x68697265_7365616C  # "hire" "seal"
HEADS_A_FETCH = 1000


class SealingStore:
    """What the sealer needs of the database. StoreUnavailableError where it is away or refuses."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open: Connection | None = None
        self._held = False

    def acquire(self) -> bool:
        """Connect and take the lock, where that is not done yet; False where another sealer has it."""
        if self._held and self._open is not None and not self._open.closed:
            return True
        self.attach()
        with driver_errors_become_ours():
            (self._held,) = fetch_row(self._connection, "try_sealer_lock", {"key": LOCK})
        if not self._held:
            self.close()
        return self._held

    def attach(self) -> None:
        """Connect without the lock, to read or to say that something is wrong."""
        if self._open is not None and not self._open.closed:
            return
        self._held = False
        connection = connect(self._url)
        with driver_errors_become_ours():
            try:
                connection.execute(query("configure_sealer_connection"))
                connection.isolation_level = IsolationLevel.REPEATABLE_READ
            except BaseException:
                connection.close()
                raise
        self._open = connection

    def close(self) -> None:
        """Give the lock back."""
        if self._open is not None:
            self._open.close()
            self._open, self._held = None, False

    @property
    def _connection(self) -> Connection:
        if self._open is None:
            raise StoreUnavailableError("The sealer is not connected.")
        return self._open

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One snapshot; what is written in the block lasts if the block ends well."""
        with driver_errors_become_ours(), self._connection.transaction():
            yield

    def state(self) -> SealerState:
        """The current log and how far it has come."""
        with driver_errors_become_ours():
            state = fetch_object(self._connection, SealerState, "sealer_state", {})
        if state is None:
            raise StoreUnavailableError("The sealer's row is missing.")
        return state

    def pick(self, state: SealerState, *, mark: int, sweep: bool, most: int) -> Picked:
        """Entries without a leaf, at most ``most``, and the mark below which none is left after them."""
        with driver_errors_become_ours():
            rows = self._connection.execute(
                query("entries_to_seal"), {"log": state.log, "mark": mark, "sweep": sweep, "most": most}
            ).fetchall()
            (horizon,) = fetch_row(self._connection, "snapshot_horizon")
        finished = len(rows) < most
        return Picked(
            candidates=tuple(Candidate(entry=row[0], leaf=bytes(row[1])) for row in rows),
            mark=horizon if finished else min(horizon, rows[-1][2]),
            finished=finished,
        )

    def pick_carried(self, state: SealerState, *, most: int) -> tuple[Candidate, ...]:
        """The next entries of the log that this one continues; empty where all are carried over."""
        with driver_errors_become_ours():
            rows = self._connection.execute(
                query("entries_to_carry"),
                {"log": state.log, "previous": state.previous, "size": state.size, "most": most},
            ).fetchall()
        return tuple(Candidate(entry=row[0], leaf=bytes(row[1])) for row in rows)

    def add_leaves(self, log: int, first: int, leaves: Sequence[tuple[int, bytes]]) -> None:
        """Number entries from index ``first`` on; each is (entry, leaf hash)."""
        with (
            driver_errors_become_ours(),
            self._connection.cursor() as cursor,
            cursor.copy(query("copy_audit_leaves")) as copy,
        ):
            for index, (entry, leaf_hash) in enumerate(leaves, first):
                copy.write_row((log, index, entry, leaf_hash))

    def add_tiles(self, log: int, tiles: Sequence[FullTile]) -> None:
        """Store tiles that became full."""
        with driver_errors_become_ours():
            for tile in tiles:
                self._connection.execute(
                    query("add_audit_tile"),
                    {"log": log, "level": tile.level, "number": tile.number, "hashes": tile.hashes, "root": tile.root},
                )

    def set_mark(self, mark: int, *, swept: bool) -> None:
        """Remember from which transaction on to look; ``swept`` says that a whole sweep ended."""
        with driver_errors_become_ours():
            self._connection.execute(query("set_sealer_mark"), {"mark": mark})
            if swept:
                self._connection.execute(query("end_sealer_sweep"))

    def tree(self, log: int, size: int) -> SealedTree:
        """The tree as stored; its errors are the driver's own, so read it within :meth:`reading`."""
        return SealedTree(self._connection, log, size)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Makes the driver's errors ours while a tree is read."""
        with driver_errors_become_ours():
            yield

    def last_head(self, log: int) -> SealedHead | None:
        """The newest head in the database."""
        with driver_errors_become_ours():
            return last_head(self._connection, log)

    def heads(self, log: int) -> Iterator[SealedHead]:
        """Every head in the database, by size."""
        after = 0
        while True:
            with driver_errors_become_ours():
                part = {"log": log, "after": after, "most": HEADS_A_FETCH}
                heads = fetch_objects(self._connection, SealedHead, "audit_checkpoints", part)
            if not heads:
                return
            yield from heads
            after = heads[-1].size

    def add_head(self, log: int, head: SignedHead) -> None:
        """Store a signed head; nothing happens where it is stored already."""
        with driver_errors_become_ours():
            self._connection.execute(
                query("add_audit_checkpoint"), {"log": log, "size": head.size, "root": head.root, "note": str(head)}
            )

    def start_log(self, origin: str, previous: int | None, opening: AuditRecord) -> tuple[int, int]:
        """Begin a log with an entry that opens it; the numbers of log and entry. Call within a transaction."""
        with driver_errors_become_ours():
            (log,) = fetch_row(self._connection, "start_audit_log", {"origin": origin, "previous": previous})
            self._connection.execute(query("set_sealer_mark"), {"mark": 0})
            self._connection.execute(query("resume_sealer"))
        return log, self.append(opening)

    def append(self, record: AuditRecord) -> int:
        """Write an entry of the sealer's own; its number. It carries no disclosures."""
        with driver_errors_become_ours():
            (number,) = fetch_row(
                self._connection, "append_sealer_entry", {"entry_id": record.entry_id, "leaf": record.leaf}
            )
        assert isinstance(number, int)  # noqa: S101 - bigint
        return number

    def stop(self, reason: str, alarm: AuditRecord) -> None:
        """Say why nothing is signed any more, with an alarm entry where it was not stopped already."""
        with self.transaction():
            (news,) = fetch_row(self._connection, "stop_sealer", {"reason": reason})
            if news:
                self.append(alarm)

    def resume(self) -> None:
        """Take the reason back: everything was checked and holds."""
        with driver_errors_become_ours():
            self._connection.execute(query("resume_sealer"))
