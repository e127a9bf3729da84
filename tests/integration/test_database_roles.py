"""What each role of the database may do, by the server's own word: a right that is not written down here is a fault.

What is refused in practice is tried in test_sealing.py and below. The owner of the tables, who runs the
migrations, is the fifth role; the triggers stop even that one (test_sealing.py, test_store_audit.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors

from service.app import build_service
from service.audit.events import EventWriter
from service.config import Config, Mode
from service.records import Actor
from service.store.migrate import migrate
from tests.conftest import new_database
from tests.integration.test_witnesses import seal

APP, SEALER, ERASER, EXPORTER = "hirescreen_app", "hirescreen_sealer", "hirescreen_eraser", "hirescreen_exporter"
ROLES = (APP, SEALER, ERASER, EXPORTER)

# role -> table -> why it may delete
DELETES = {
    APP: {
        "session": "people log out",
        "idempotency": "a claim ends after a day",
        "audit_alarm": "an alarm ends; the log keeps both entries",
    },
    ERASER: {
        "audit_private": "erasing is deleting the disclosure",
        "screening_private": "and the request with its answer",
        "idempotency": "and what is known of the request",
    },
}

# role -> table -> the columns that it may change
UPDATES = {
    APP: {
        "account": "role password_hash disabled_at",
        "api_key": "revoked_at last_used_at",
        "idempotency": "*",
        "in_force": "digest since",
        "list_active": "version activated_at",
        "list_held": "against reasons state settled_at settled_by settled_reason",
        "list_span": "until_version",
        "list_version": "checked_at",
        "session": "*",
    },
    SEALER: {"audit_sealer": "mark cluster swept_at stopped stopped_at"},
    ERASER: {
        "erasure": "state settled_at settled_by entry_id",
        "erasure_item": "state class keep_until basis",
        "screening": "reference",
    },
}

# role -> what it may not even read
SECRETS = {
    SEALER: ("audit_private", "screening_private", "screening", "api_key", "account", "session", "idempotency"),
    ERASER: ("api_key", "session", "list_entry"),
    EXPORTER: ("screening_private", "screening", "api_key", "account", "session", "idempotency"),
}

RECORD = ("audit_entry", "audit_log", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_evidence")


@pytest.fixture(scope="module")
def owner(server_url: str, migrated_template: str) -> Iterator[psycopg.Connection]:
    """The owner's connection to a migrated database."""
    with (
        new_database(server_url, template=migrated_template) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        yield connection


def tables(owner: psycopg.Connection) -> list[str]:
    found = owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    return [name for (name,) in found]


def columns(owner: psycopg.Connection, role: str, table: str, right: str) -> set[str]:
    """The columns on which a role has a right; an asterisk where it has it on the whole table."""
    whole = owner.execute("select has_table_privilege(%s, %s::regclass, %s)", [role, table, right]).fetchone()
    if whole == (True,):
        return {"*"}
    found = owner.execute(
        "select attname from pg_attribute where attrelid = %(table)s::regclass and attnum > 0 and not attisdropped"
        " and has_column_privilege(%(role)s, attrelid, attnum, %(right)s)",
        {"role": role, "table": table, "right": right},
    )
    return {name for (name,) in found}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_changes_and_deletes_what_is_written_here_and_nothing_else(owner: psycopg.Connection, role: str) -> None:
    for table in tables(owner):
        expected = set(UPDATES.get(role, {}).get(table, "").split())
        assert columns(owner, role, table, "UPDATE") == expected, (role, table)
        may_delete = owner.execute("select has_table_privilege(%s, %s::regclass, 'DELETE')", [role, table]).fetchone()
        assert may_delete == (table in DELETES.get(role, {}),), (role, table)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_empties_tables_makes_any_or_is_more_than_a_role(owner: psycopg.Connection, role: str) -> None:
    for table in tables(owner):
        for right in ("TRUNCATE", "TRIGGER", "REFERENCES"):
            held = owner.execute("select has_table_privilege(%s, %s::regclass, %s)", [role, table, right]).fetchone()
            assert held == (False,), (role, table, right)
    assert owner.execute("select has_schema_privilege(%s, 'public', 'CREATE')", [role]).fetchone() == (False,)
    attributes = owner.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
        " from pg_roles where rolname = %s",
        [role],
    ).fetchone()
    assert attributes == (False,) * 6


@pytest.mark.parametrize("role", ROLES)
def test_an_entry_is_written_by_its_bytes_alone(owner: psycopg.Connection, role: str) -> None:
    expected = set() if role == EXPORTER else {"entry_id", "leaf"}
    assert columns(owner, role, "audit_entry", "INSERT") == expected
    if role != SEALER:
        for table in RECORD[1:]:
            assert columns(owner, role, table, "INSERT") == set(), (role, table)


@pytest.mark.parametrize(("role", "table"), [(role, table) for role in SECRETS for table in SECRETS[role]])
def test_a_role_does_not_read_what_it_does_not_need(owner: psycopg.Connection, role: str, table: str) -> None:
    assert columns(owner, role, table, "SELECT") == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", [*RECORD, "audit_sealer", "audit_private", "screening", "screening_private"])
def test_a_role_that_tries_is_refused_by_the_server(owner: psycopg.Connection, role: str, table: str) -> None:
    """The grants above, tried: a change, a deletion and an emptying of each table of the record."""
    first = owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attidentity = ''"
        " order by attnum limit 1",
        [table],
    ).fetchone()
    assert first is not None
    attempts = [f"truncate {table} cascade", f"update {table} set {first[0]} = {first[0]}"]
    if table not in DELETES.get(role, {}):
        attempts.append(f"delete from {table}")
    for attempt in attempts:
        with owner.transaction(force_rollback=True):
            owner.execute(f"set local role {role}")  # type: ignore[arg-type]
            with pytest.raises(errors.InsufficientPrivilege), owner.transaction():
                owner.execute(attempt)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [APP, SEALER, ERASER])
@pytest.mark.parametrize(("column", "value"), [("at", "'2001-01-01'"), ("xid", "'3'"), ("id", "1")])
def test_nobody_forges_when_an_entry_was_written(owner: psycopg.Connection, role: str, column: str, value: str) -> None:
    with owner.transaction(force_rollback=True):
        owner.execute(f"set local role {role}")  # type: ignore[arg-type]
        with pytest.raises(errors.InsufficientPrivilege), owner.transaction():
            owner.execute(
                f"insert into audit_entry (entry_id, leaf, {column}) overriding system value"  # type: ignore[arg-type]
                f" values (gen_random_uuid(), 'x', {value})"
            )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("other", ROLES)
def test_no_role_turns_into_another(owner: psycopg.Connection, role: str, other: str) -> None:
    """By its own rights: who may take on which role is granted to the login alone."""
    member = owner.execute("select pg_has_role(%s, %s, 'MEMBER')", [role, other]).fetchone()
    assert member == (role == other,)


def test_the_queue_s_counts_are_for_the_service_alone(owner: psycopg.Connection) -> None:
    may = [
        role
        for role in (*ROLES, "public")
        if owner.execute("select has_function_privilege(%s, 'job_counts()', 'EXECUTE')", [role]).fetchone() == (True,)
    ]
    assert may == [APP]


@pytest.fixture
def login_url(database_url: str) -> Iterator[str]:
    """A login that owns nothing: it may take on the service's roles and see which migrations were applied."""
    name = f"hirescreen_test_login_{os.getpid()}"
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"create role {name} login")  # type: ignore[arg-type]
        owner.execute(f"grant {APP}, {SEALER}, {ERASER} to {name}")  # type: ignore[arg-type]
        owner.execute(f"grant select on schema_migrations to {name}")  # type: ignore[arg-type]
        parts = urlsplit(database_url)
        yield parts._replace(netloc=f"{name}@{parts.netloc.rpartition('@')[2]}").geturl()
        owner.execute(f"drop owned by {name}")  # type: ignore[arg-type]
        owner.execute(f"drop role {name}")  # type: ignore[arg-type]


def test_the_service_runs_with_a_login_that_owns_nothing(login_url: str, tmp_path: Path) -> None:
    """Then not even an injected ``reset role`` reaches the record."""
    migrate(login_url)  # nothing is left to do
    config = Config(home=tmp_path, mode=Mode.DEMO, database_url=login_url)
    service = build_service(config)
    with service.database as database:
        database.check_safety()
        service.audit.append(EventWriter("default", Actor(kind="cli", id="local", name="tests"))("config", {}))
        seal(config)
        assert service.desk.readiness().checks["audit"] == (True, "3 entries sealed, 0 waiting")
        assert b"hirescreen_database_up 1" in service.metrics().write()
    with psycopg.connect(login_url, autocommit=True) as injected:
        injected.execute("reset role")
        for attempt in (
            "alter table audit_entry disable trigger all",
            "drop trigger audit_entry_keeps_its_rows on audit_entry",
            "update audit_entry set leaf = 'x'",
            "delete from audit_leaf",
            "truncate audit_checkpoint",
            "insert into audit_entry (entry_id, leaf, at) values (gen_random_uuid(), 'x', '2001-01-01')",
            "drop table audit_evidence",
            "create table mine (id int)",
            "create role mine",
            f"alter role {APP} superuser",
            "set session_replication_role = replica",
            "copy audit_entry to program 'true'",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                injected.execute(attempt)  # type: ignore[arg-type]
