"""How many jobs wait and run."""

from __future__ import annotations

from service.store.database import Database
from service.store.sql_files import query


def job_counts(database: Database) -> tuple[tuple[str, str, int], ...]:
    """(queue, status, jobs) for jobs that wait or run; empty where no job ever ran. StoreUnavailableError."""
    with database.connection() as connection:
        return tuple((row[0], row[1], row[2]) for row in connection.execute(query("job_counts")))
