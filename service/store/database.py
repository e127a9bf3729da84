"""The one door to PostgreSQL: a pool of connections, their limits, and the driver's errors made ours.

Open the pool after fork and close it before the process ends. Connections are in autocommit: a single
statement is its own transaction, several share the one of :meth:`Database.transaction`.
"""

from __future__ import annotations

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from service.errors import StoreUnavailableError, UnsafeDatabaseError
from service.store.sql_files import query

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

OLDEST_SERVER = 150000  # PostgreSQL 15
WAIT_SECONDS = 5.0  # for a connection, and for a statement of the hot path
LONG_SECONDS = 600.0  # for a list load or an export

# A cut network must end in an error, not in a wait: unanswered bytes and silent peers are given up.
CONNECT: dict[str, Any] = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "application_name": "hirescreen",
    "client_encoding": "UTF8",
}


@contextmanager
def driver_errors_become_ours() -> Iterator[None]:
    """Turn every error of the driver into StoreUnavailableError.

    The message names the kind of error only: PostgreSQL's own text may quote the values of a row.
    """
    try:
        yield
    except (PoolTimeout, PoolClosed, TooManyRequests) as away:
        raise StoreUnavailableError("The database cannot be reached.") from away
    except psycopg.Error as refused:
        if refused.sqlstate is None:
            raise StoreUnavailableError("The connection to the database failed.") from refused
        kind = f"{type(refused).__name__}, SQLSTATE {refused.sqlstate}"
        raise StoreUnavailableError(f"The database refused ({kind}).") from refused


def connect(url: str) -> Connection:
    """One connection outside the pool, for start-up work.

    Raises StoreUnavailableError with the server's reason (which names host and user, never a password).
    """
    try:
        return psycopg.connect(url, autocommit=True, **CONNECT)
    except psycopg.ProgrammingError as malformed:
        # without libpq's reason: it quotes the URL, which may hold a password
        raise StoreUnavailableError("DATABASE_URL is not a PostgreSQL URL.") from malformed
    except psycopg.Error as away:
        reason = " ".join(str(away).split())
        raise StoreUnavailableError(f"The database cannot be reached: {reason}") from away


def fetch_row(connection: Connection, name: str, parameters: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """The first row of the query ``name``, for queries that always have one."""
    row = connection.execute(query(name), parameters).fetchone()
    if row is None:
        raise StoreUnavailableError(f"The database gave no answer to {name}.")
    return row


def fetch_object(connection: Connection, kind: type[T], name: str, parameters: Mapping[str, Any]) -> T | None:
    """The first row of the query ``name`` as a ``kind``, by the names of its columns; None without a row."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query(name), parameters).fetchone()


def fetch_objects(
    connection: Connection, kind: type[T], name: str, parameters: Mapping[str, Any] | None = None
) -> tuple[T, ...]:
    """Every row of the query ``name`` as a ``kind``."""
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return tuple(cursor.execute(query(name), parameters).fetchall())


class Database:
    """A pool of connections to one database.

    ``min_size`` connections are kept open, never more than ``max_size``. Every method raises
    StoreUnavailableError, within about five seconds, where the database is away or refuses.
    """

    def __init__(self, url: str, *, min_size: int = 1, max_size: int = 8) -> None:
        self.url = url
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            url,
            kwargs={"autocommit": True, **CONNECT},
            min_size=min_size,
            max_size=max_size,
            open=False,  # threads do not survive a fork
            timeout=WAIT_SECONDS,
            # Give up early: attempts back off without bound, while the next request starts a fresh one.
            reconnect_timeout=WAIT_SECONDS - 1,
            configure=_configure,
        )

    def open(self) -> None:
        """Start the pool and wait for its first connections."""
        connect(self.url).close()  # the pool would hide the reason
        with driver_errors_become_ours():
            self._pool.open(wait=True, timeout=WAIT_SECONDS)

    def close(self) -> None:
        self._pool.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in autocommit, for a single statement."""
        with driver_errors_become_ours():
            connection = self._living_connection()
            try:
                yield connection
            finally:
                self._pool.putconn(connection)

    @contextmanager
    def transaction(self, *, long: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end of the block and rolls back on any exception.

        ``long`` lifts the limits of the hot path for loads and exports (to ten minutes a statement).
        """
        with self.connection() as connection, connection.transaction():
            if long:
                connection.execute(query("allow_long_transaction"), {"seconds": f"{LONG_SECONDS:.0f}s"})
            yield connection

    def ping(self) -> datetime:
        """The database's clock; StoreUnavailableError where it is away or cannot be written to."""
        with self.connection() as connection:
            now, read_only = fetch_row(connection, "ping")
        if read_only:
            raise StoreUnavailableError("The database is read-only.")
        return cast(datetime, now)

    def check_safety(self) -> tuple[str, ...]:
        """What an operator should change, in one line each.

        Raises UnsafeDatabaseError where this server could lose or garble what it acknowledged. Data checksums
        are only advised: they cannot be switched on in a running server, and what a disk changes in the log
        is noticed by its hashes.
        """
        with self.connection() as connection:
            version, version_text, encoding, checksums, *switches = fetch_row(connection, "safety_settings")
        faults = [
            f"{name} is off"
            for name, value in zip(("fsync", "full_page_writes", "synchronous_commit"), switches, strict=True)
            if value == "off"
        ]
        if version < OLDEST_SERVER:
            faults.append(f"its version is {version_text} (15 or newer is needed)")
        if encoding != "UTF8":
            faults.append(f"its encoding is {encoding} (UTF8 is needed)")
        if faults:
            raise UnsafeDatabaseError(f"The database is not safe to record in: {'; '.join(faults)}.")
        return () if checksums else ("The database has no data checksums: see pg_checksums.",)

    def _living_connection(self) -> Connection:
        """A connection that the server has not closed meanwhile (it restarts, a proxy cuts)."""
        deadline = monotonic() + WAIT_SECONDS
        while True:
            connection = self._pool.getconn(timeout=max(deadline - monotonic(), 0.0))
            if not _server_has_hung_up(connection):
                return connection
            connection.close()
            self._pool.putconn(connection)  # the pool replaces a closed one


def _server_has_hung_up(connection: Connection) -> bool:
    """An idle connection has something to read only when the server said goodbye. Costs no round trip."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _configure(connection: Connection) -> None:
    """Set the limits of a new connection and, where it exists, switch to the service's own role."""
    connection.execute(query("configure_connection"))
