"""The door to the database: it refuses unsafe servers, gives up in time and recovers by itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from service.errors import StoreUnavailableError, UnsafeDatabaseError
from service.store.database import Database, connect
from service.store.embedded import EmbeddedPostgres
from tests.conftest import new_database

GIVE_UP_SECONDS = 7.0  # five, and some for a busy machine


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


def test_an_ordinary_database_is_safe(database: Database) -> None:
    database.check_safety()


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_can_lose_data_is_refused(fast_folder: Path, setting: str) -> None:
    home = fast_folder / f"unsafe-{setting}"
    with (
        EmbeddedPostgres(home, settings={setting: "off"}) as server,
        Database(server.url) as database,
        pytest.raises(UnsafeDatabaseError, match=f"{setting} is off"),
    ):
        database.check_safety()


def test_a_database_that_acknowledges_before_writing_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        name = owner.info.dbname
        owner.execute(f'alter database "{name}" set synchronous_commit = off')  # type: ignore[arg-type]
    with Database(database_url) as database, pytest.raises(UnsafeDatabaseError, match="synchronous_commit is off"):
        database.check_safety()


def test_a_database_of_another_encoding_is_refused(server_url: str) -> None:
    with (
        new_database(server_url, options="encoding 'SQL_ASCII' locale 'C'") as url,
        Database(url) as database,
        pytest.raises(UnsafeDatabaseError, match="encoding is SQL_ASCII"),
    ):
        database.check_safety()


def test_a_read_only_database_is_not_ready(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        name = owner.info.dbname
        owner.execute(f'alter database "{name}" set default_transaction_read_only = on')  # type: ignore[arg-type]
    with Database(database_url) as database, pytest.raises(StoreUnavailableError, match="read-only"):
        database.ping()


def test_connections_work_with_the_rights_of_the_service_and_no_more(database: Database) -> None:
    with database.connection() as connection:
        (role,) = connection.execute("select current_user").fetchone()
    assert role == "hirescreen_app"
    for forbidden in ("drop table screening", "delete from screening", "alter role current_user superuser"):
        with pytest.raises(StoreUnavailableError), database.connection() as connection:
            connection.execute(forbidden)


def test_nobody_listening_is_told_at_once() -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        Database("postgresql://user@127.0.0.1:1/none").open()


def test_a_server_that_never_answers_is_given_up_in_time(silent_port: int) -> None:
    begun = monotonic()
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        Database(f"postgresql://user@127.0.0.1:{silent_port}/none").open()
    assert monotonic() - begun < GIVE_UP_SECONDS


@pytest.mark.parametrize("url", ["postgresql://u:geheim@h:port/d", "postgresql://u:geheim@[/d", "geheim"])
def test_a_malformed_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        connect(url)
    assert "geheim" not in str(refused.value)


def test_a_wrong_password_is_not_repeated(silent_port: int) -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        connect(f"postgresql://user:geheim@127.0.0.1:{silent_port}/none?connect_timeout=1")
    assert "geheim" not in str(refused.value)


def test_connections_that_the_server_closed_are_replaced_unnoticed(database: Database, database_url: str) -> None:
    database.ping()
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    for _ in range(10):
        database.ping()


def test_a_statement_that_takes_too_long_is_stopped(database: Database) -> None:
    begun = monotonic()
    with pytest.raises(StoreUnavailableError, match="QueryCanceled"), database.connection() as connection:
        connection.execute("select pg_sleep(60)")
    assert monotonic() - begun < GIVE_UP_SECONDS
    database.ping()


def test_a_row_that_somebody_else_holds_is_not_waited_for(database: Database, database_url: str) -> None:
    begun = monotonic()
    with psycopg.connect(database_url) as owner:
        owner.execute("lock table screening")
        with pytest.raises(StoreUnavailableError, match="LockNotAvailable"), database.connection() as connection:
            connection.execute("select 1 from screening")
    assert monotonic() - begun < GIVE_UP_SECONDS


def test_an_exhausted_pool_is_an_error_and_not_a_wait(database_url: str) -> None:
    with Database(database_url, max_size=1) as database, database.connection():
        begun = monotonic()
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            database.ping()
        assert monotonic() - begun < GIVE_UP_SECONDS


def test_an_exception_in_a_transaction_rolls_it_back(database: Database) -> None:
    with suppress(ZeroDivisionError), database.transaction() as connection:
        connection.execute("insert into audit_entry (entry_id, leaf) values (gen_random_uuid(), 'x')")
        raise ZeroDivisionError
    with database.connection() as connection:
        assert connection.execute("select count(*) from audit_entry").fetchone() == (0,)


def test_a_long_transaction_lifts_its_own_limits_only(database: Database) -> None:
    with database.transaction(long=True) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("10min",)
    with database.connection() as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("5s",)


def test_a_pool_can_be_opened_after_a_fork(database_url: str) -> None:
    database = Database(database_url)
    child = os.fork()
    if child == 0:
        try:
            with database:
                database.ping()
            os._exit(0)
        finally:
            os._exit(1)
    with database:
        database.ping()
        assert os.waitpid(child, 0)[1] == 0
