"""The append-only audit log: leaves go in beside what they record, and come out whole, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from service.records import AuditRecord
from service.store.database import Connection, Database
from service.store.sql_files import query

ROWS_A_FETCH = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """A stored leaf. ``number`` orders the log; ``disclosures`` are empty once erased."""

    number: int
    entry_id: UUID
    at: datetime
    leaf: bytes
    disclosures: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "disclosures", tuple(self.disclosures))


def append_in(connection: Connection, record: AuditRecord) -> None:
    """Append a leaf within the transaction of ``connection``: it lasts if and only if that does."""
    connection.execute(
        query("append_audit_entry"),
        {"entry_id": record.entry_id, "leaf": record.leaf, "disclosures": list(record.disclosures)},
    )


class AuditLog:
    """Writes and reads the log. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, record: AuditRecord) -> None:
        """Append a leaf that stands alone (a refused list, an export)."""
        with self._database.connection() as connection:
            append_in(connection, record)

    def export(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[AuditEntry]:
        """Every entry with ``since <= at < until``, in the order of the log; streamed, without a limit."""
        with (
            self._database.transaction(long=True) as connection,
            connection.cursor("audit_export", row_factory=class_row(AuditEntry)) as cursor,
        ):
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(query("export_audit_entries"), {"since": since, "until": until})
            yield from cursor
