"""Which alarms are raised: one row each, with an audit entry for its beginning and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.records import AuditRecord
from service.store.audit import append_in
from service.store.database import Database
from service.store.sql_files import query


class RaisedAlarms:
    """Writes and reads alarms. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, name: str, record: AuditRecord) -> bool:
        """Raise an alarm with its entry; False where another process did."""
        return self._change("raise_alarm", name, record)

    def end(self, name: str, record: AuditRecord) -> bool:
        """End an alarm with its entry; False where another process did."""
        return self._change("end_alarm", name, record)

    def raised(self) -> Mapping[str, datetime]:
        """The alarms that are raised, and since when."""
        with self._database.connection() as connection:
            return dict(connection.execute(query("raised_alarms")).fetchall())

    def _change(self, statement: str, name: str, record: AuditRecord) -> bool:
        with self._database.transaction() as connection:
            changed = connection.execute(query(statement), {"name": name}).rowcount == 1
            if changed:
                append_in(connection, record)
        return changed
