"""Erasures in the database: requests and approvals by the service's role, deletions by the eraser's alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from service.erasure.file import Erased
from service.erasure.ports import Erasure, Locked, NewErasure, OnRecord, Settled
from service.erasure.retention import Retention
from service.records import AuditRecord
from service.store.audit import append_in
from service.store.database import Connection, Database, fetch_object, fetch_objects, fetch_row
from service.store.sql_files import query

ROWS_A_FETCH = 1000
IDS_A_QUERY = 10_000


class ErasureTransaction:
    """One transaction with the eraser's rights; see ``service.erasure.ports.Settling``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, erasure_id: UUID) -> Locked | None:
        """The erasure, for this transaction alone; None for an unknown one."""
        return fetch_object(self._connection, Locked, "lock_erasure", {"id": erasure_id})

    def waiting(self, erasure_id: UUID) -> tuple[UUID, ...]:
        """Its screenings that are not settled."""
        rows = self._connection.execute(query("erasure_items"), {"id": erasure_id}).fetchall()
        return tuple(row[0] for row in rows)

    def on_record(self, screenings: Sequence[UUID]) -> tuple[OnRecord, ...]:
        """What is on record of them."""
        return _on_record(self._connection, screenings, None, len(screenings))

    def approve(self, erasure_id: UUID, account_id: UUID, approved_by: str) -> bool:
        """Note a person's approval; False where it was there."""
        parameters = {"id": erasure_id, "account_id": account_id, "approved_by": approved_by}
        return self._connection.execute(query("approve_erasure"), parameters).rowcount == 1

    def people(self, erasure_id: UUID, roles: Sequence[str]) -> tuple[UUID, ...]:
        """Who stands behind it, each person once."""
        parameters = {"id": erasure_id, "roles": list(roles)}
        return tuple(row[0] for row in self._connection.execute(query("erasure_people"), parameters).fetchall())

    def append(self, record: AuditRecord) -> None:
        """Append an audit entry without disclosures."""
        self._connection.execute(query("append_sealer_entry"), {"entry_id": record.entry_id, "leaf": record.leaf})

    def erase(self, erasure_id: UUID, erased_at: datetime, left_over: Sequence[tuple[UUID, bytes | None]]) -> int:
        """Delete everything personal of screenings and store what is left of their answers; rows deleted."""
        parameters = {
            "erasure_id": erasure_id,
            "erased_at": erased_at,
            "screenings": [screening for screening, _ in left_over],
            "answers": [answer for _, answer in left_over],
        }
        (deleted,) = fetch_row(self._connection, "erase_screenings", parameters)
        assert isinstance(deleted, int)  # noqa: S101 - a sum of counts
        return deleted

    def settle(self, erasure_id: UUID, *, state: str, settled_by: str, entry_id: UUID | None) -> None:
        """Close the erasure."""
        parameters = {"id": erasure_id, "state": state, "settled_by": settled_by, "entry_id": entry_id}
        self._connection.execute(query("settle_erasure"), parameters)

    def settle_items(self, erasure_id: UUID, items: Sequence[Settled]) -> None:
        """Say what became of each screening."""
        parameters = {
            "id": erasure_id,
            "screenings": [each.screening for each in items],
            "states": [each.state for each in items],
            "classes": [each.class_id for each in items],
            "bases": [each.basis for each in items],
            "days": [each.keep_until for each in items],
        }
        self._connection.execute(query("settle_erasure_items"), parameters)

    def restore(self, erased: Erased) -> None:
        """Write down an erasure that this database does not know."""
        parameters = {
            "id": erased.id,
            "ground": erased.ground,
            "requested_by": erased.by[0],
            "settled_by": erased.by[-1],
            "at": erased.at,
            "entry_id": erased.entry_id,
            "screenings": list(erased.screenings),
        }
        self._connection.execute(query("restore_erasure"), parameters)
        self._connection.execute(query("restore_erasure_items"), parameters)
        for by in erased.by:
            kind, _, account = by.partition(":")
            if kind == "account":
                given = {"id": erased.id, "account_id": account, "approved_by": by}
                self._connection.execute(query("approve_erasure"), given)

    def came_back(self, screenings: Sequence[UUID]) -> tuple[UUID, ...]:
        """Which of these erased screenings have something personal in the tables."""
        return tuple(_came_back(self._connection, screenings))

    def has_entry(self, entry_id: UUID) -> bool:
        """Whether an audit entry is there."""
        return bool(fetch_row(self._connection, "find_entry", {"entry_id": entry_id})[0])


class ErasureRecords:
    """Writes and reads erasures. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(self, erasure: NewErasure, items: Sequence[tuple[UUID, Retention]], audit: AuditRecord) -> None:
        """Store a request with its audit entry."""
        parameters = {
            "erasure_id": erasure.id,
            "screenings": [screening for screening, _ in items],
            "classes": [retention.class_id for _, retention in items],
            "bases": [retention.basis for _, retention in items],
            "days": [retention.keep_until for _, retention in items],
        }
        with self._database.transaction() as connection:
            connection.execute(query("request_erasure"), asdict(erasure))
            connection.execute(query("add_erasure_items"), parameters)
            append_in(connection, audit)

    def on_record(
        self, *, screenings: Sequence[UUID] = (), reference: str | None = None, most: int
    ) -> tuple[OnRecord, ...]:
        """What is on record of screenings, by id or by the caller's reference."""
        with self._database.connection() as connection:
            return _on_record(connection, screenings, reference, most)

    def get(self, erasure_id: UUID) -> Erasure | None:
        """One erasure."""
        with self._database.connection() as connection:
            return fetch_object(connection, Erasure, "erasures", _selection(erasure_id=erasure_id))

    def of_screening(self, screening_id: UUID) -> Erasure | None:
        """The erasure that erased a screening."""
        with self._database.connection() as connection:
            return fetch_object(connection, Erasure, "erasures", _selection(screening=screening_id))

    def page(self, *, rows: int, before: UUID | None = None, state: str | None = None) -> tuple[Erasure, ...]:
        """Erasures, the newest first."""
        with self._database.connection() as connection:
            return fetch_objects(connection, Erasure, "erasures", _selection(rows=rows, before=before, state=state))

    @contextmanager
    def settling(self) -> Iterator[ErasureTransaction]:
        """A transaction with the eraser's rights."""
        with self._database.transaction(long=True) as connection:
            connection.execute(query("become_eraser"))
            yield ErasureTransaction(connection)

    def past(self, before: datetime) -> Iterator[OnRecord]:
        """Screenings decided before a moment that no erasure waits for, the oldest first; streamed."""
        with (
            self._database.transaction(long=True) as connection,
            connection.cursor("past_retention", row_factory=class_row(OnRecord)) as cursor,
        ):
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(query("screenings_past_retention"), {"before": before})
            yield from cursor

    def came_back(self, screenings: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these erased screenings have something personal in the tables."""
        found: set[UUID] = set()
        with self._database.transaction(long=True) as connection:
            for start in range(0, len(screenings), IDS_A_QUERY):
                found.update(_came_back(connection, screenings[start : start + IDS_A_QUERY]))
        return frozenset(found)

    def done(self) -> tuple[Erased, ...]:
        """Every erasure that was carried out, the oldest first."""
        with self._database.transaction(long=True) as connection:
            rows = connection.execute(query("done_erasures")).fetchall()
        return tuple(
            Erased(
                id=row[0],
                entry_id=row[1],
                at=row[2],
                ground=row[3],
                by=tuple(dict.fromkeys(row[4])),
                screenings=tuple(row[5]),
            )
            for row in rows
        )

    def forget_old_claims(self) -> None:
        """Delete Idempotency-Keys that are older than a day."""
        with self._database.connection() as connection:
            connection.execute(query("forget_old_claims"))


def _selection(
    *,
    erasure_id: UUID | None = None,
    screening: UUID | None = None,
    rows: int = 1,
    before: UUID | None = None,
    state: str | None = None,
) -> dict[str, object]:
    return {"id": erasure_id, "screening": screening, "rows": rows, "before": before, "state": state}


def _on_record(
    connection: Connection, screenings: Sequence[UUID], reference: str | None, most: int
) -> tuple[OnRecord, ...]:
    parameters = {"screenings": list(screenings), "reference": reference, "most": most}
    return fetch_objects(connection, OnRecord, "erasure_candidates", parameters)


def _came_back(connection: Connection, screenings: Sequence[UUID]) -> Iterator[UUID]:
    for row in connection.execute(query("values_that_came_back"), {"screenings": list(screenings)}):
        yield row[0]
