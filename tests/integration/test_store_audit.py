"""The audit log only grows, nobody chooses what the database writes into it, and it comes out whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors

from service.errors import StoreUnavailableError
from service.store.audit import AuditLog
from service.store.database import Database
from tests.integration.records import an_audit_record

CHANGES = (
    "update audit_entry set leaf = 'x'",
    "update audit_entry set at = '2001-01-01'",
    "delete from audit_entry",
    "truncate audit_entry cascade",
)
FORGERIES = (
    "insert into audit_entry (entry_id, leaf, at) values (gen_random_uuid(), 'x', '2001-01-01')",
    "insert into audit_entry (entry_id, leaf, xid) values (gen_random_uuid(), 'x', '3')",
    "insert into audit_entry (entry_id, leaf, id) overriding system value values (gen_random_uuid(), 'x', 1)",
)


@pytest.fixture
def log(database: Database) -> AuditLog:
    log = AuditLog(database)
    log.append(an_audit_record())
    return log


def test_an_appended_leaf_comes_out_byte_for_byte(database: Database) -> None:
    log, record = AuditLog(database), an_audit_record()
    log.append(record)
    (entry,) = log.export()
    assert (entry.entry_id, entry.leaf, entry.disclosures) == (record.entry_id, record.leaf, record.disclosures)
    assert abs(entry.at - datetime.now(UTC)) < timedelta(seconds=30)


@pytest.mark.parametrize("change", CHANGES)
def test_the_service_may_not_change_the_log(database: Database, log: AuditLog, change: str) -> None:
    with pytest.raises(StoreUnavailableError, match="InsufficientPrivilege"), database.connection() as connection:
        connection.execute(change)
    assert len(list(log.export())) == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("replication", ["origin", "replica"])
def test_not_even_the_owner_changes_the_log(log: AuditLog, database_url: str, change: str, replication: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        if owner.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (True,):
            owner.execute(f"set session_replication_role = {replication}")
        with pytest.raises(errors.InsufficientPrivilege, match="append-only"):
            owner.execute(change)
    assert len(list(log.export())) == 1


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_time_transaction_or_number_is_refused(database: Database, forgery: str) -> None:
    with pytest.raises(StoreUnavailableError, match="InsufficientPrivilege"), database.connection() as connection:
        connection.execute(forgery)


def test_an_entry_id_is_used_once(log: AuditLog) -> None:
    (entry,) = log.export()
    record = an_audit_record()
    again = type(record)(entry_id=entry.entry_id, leaf=b"another")
    with pytest.raises(StoreUnavailableError, match="UniqueViolation"):
        log.append(again)


def test_an_export_is_streamed_whole_and_in_order(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute(
            "insert into audit_entry (entry_id, leaf)"
            " select gen_random_uuid(), convert_to(n::text, 'UTF8') from generate_series(1, 25000) as n"
        )
    leaves = [entry.leaf for entry in AuditLog(database).export()]
    assert leaves == [b"%d" % number for number in range(1, 25001)]


def test_an_export_can_be_limited_in_time(database: Database) -> None:
    log = AuditLog(database)
    for name in ("one", "two", "three"):
        log.append(an_audit_record(name))
    first, second, third = log.export()
    assert [e.number for e in log.export(since=second.at)] == [second.number, third.number]
    assert [e.number for e in log.export(until=second.at)] == [first.number]
    assert [e.number for e in log.export(since=second.at, until=third.at)] == [second.number]


def test_an_export_that_is_left_early_gives_its_connection_back(database_url: str) -> None:
    with Database(database_url, max_size=1) as database:
        log = AuditLog(database)
        log.append(an_audit_record())
        log.append(an_audit_record())
        export = log.export()
        next(export)
        export.close()
        assert len(list(log.export())) == 2


def test_disclosures_can_be_erased_and_the_leaves_stay(database: Database, log: AuditLog, database_url: str) -> None:
    (before,) = log.export()
    with psycopg.connect(database_url) as eraser:
        eraser.execute("set role hirescreen_eraser")
        eraser.execute("delete from audit_private")
    (after,) = log.export()
    assert (after.leaf, after.disclosures) == (before.leaf, ())
