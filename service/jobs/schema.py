"""The tables of the queue: made and changed by procrastinate's own SQL, whose version we keep.

procrastinate ships its schema and the steps from one of its versions to the next. The first are applied
where there is none, the steps where an older version made it; any number of processes may try at once.
"""

from __future__ import annotations

import re
from pathlib import Path

import procrastinate
from procrastinate.schema import SchemaManager

from service.errors import ConfigError
from service.store.database import Connection, connect, driver_errors_become_ours, fetch_row
from service.store.sql_files import query

_STEP = re.compile(r"(\d+)\.(\d+)\.(\d+)_\d+_.*\.sql")

Version = tuple[int, int, int]


def prepare(url: str) -> str:
    """Bring the queue's tables to the installed procrastinate; the version that they have then.

    The database must be migrated. ConfigError where tables of a queue stand there that are not ours, or that
    a newer procrastinate made; StoreUnavailableError where the database is away or refuses.
    """
    with connect(url) as connection, driver_errors_become_ours():
        connection.execute(query("lock_job_schema"))  # until the connection closes
        exists, kept = fetch_row(connection, "find_job_schema")
        installed = procrastinate.__version__
        if kept is None and exists:
            raise ConfigError("The database holds a procrastinate queue that is not ours.")
        if kept == installed:
            return installed
        if kept is None:
            _execute(connection, SchemaManager.get_schema())
        elif _numbers(kept) > _numbers(installed):
            raise ConfigError(f"The job queue was made by procrastinate {kept}; {installed} is installed.")
        else:
            for step in steps_after(kept):
                _execute(connection, step.read_text("utf-8"))
        connection.execute(query("record_job_schema"), {"version": installed})
    return installed


def steps_after(version: str) -> list[Path]:
    """The files of procrastinate's steps that a schema of ``version`` lacks, in their order."""
    folder = Path(SchemaManager.get_migrations_path())
    steps = [(match, path) for path in sorted(folder.iterdir()) if (match := _STEP.fullmatch(path.name))]
    return [path for match, path in steps if tuple(int(part) for part in match.groups()) > _numbers(version)]


def _execute(connection: Connection, statements: str) -> None:
    connection.execute(statements.encode())


def _numbers(version: str) -> Version:
    major, minor, patch = (*(int(part) for part in re.findall(r"\d+", version)[:3]), 0, 0, 0)[:3]
    return major, minor, patch
