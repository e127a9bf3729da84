"""A screening and its audit entry are stored together, once, or not at all."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from service.errors import IdempotencyConflictError, IdempotencyInProgressError, StoreUnavailableError
from service.records import AuditRecord
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.screenings import Screenings
from tests.integration.records import a_claim, a_screening, an_audit_record

TABLES = ("screening", "screening_private", "audit_entry", "audit_private", "idempotency")


def rows(database: Database) -> dict[str, int]:
    with database.connection() as connection:
        return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}


def test_a_recorded_screening_is_answered_as_it_was_given(database: Database) -> None:
    screenings, record = Screenings(database), a_screening()
    stored = screenings.record(record)
    assert (stored.id, stored.answer, stored.replayed) == (record.id, record.answer, False)
    assert screenings.get(record.id) == stored
    assert screenings.request(record.id) == record.request


def test_the_columns_say_what_was_decided(database: Database) -> None:
    record = a_screening(lists=(), reference=None)
    Screenings(database).record(record)
    with database.connection() as connection:
        row = connection.execute(
            "select id, audit_entry_id, tenant, actor, reference, decision, stage, as_of, decided_at, clauses, lists"
            " from screening"
        ).fetchone()
    assert row == (
        record.id,
        record.audit.entry_id,
        record.tenant,
        record.actor,
        None,
        record.decision,
        record.stage,
        record.as_of,
        record.decided_at,
        list(record.clauses),
        [],
    )
    (entry,) = AuditLog(database).export()
    assert (entry.leaf, entry.disclosures) == (record.audit.leaf, record.audit.disclosures)


def test_an_unknown_screening_is_none(database: Database) -> None:
    assert Screenings(database).get(a_screening().id) is None


def test_one_screening_leaves_one_row_in_each_table(database: Database) -> None:
    Screenings(database).record(a_screening(), a_claim())
    assert rows(database) == dict.fromkeys(TABLES, 1)


def test_all_rows_of_a_screening_share_one_transaction(database: Database) -> None:
    Screenings(database).record(a_screening(), a_claim())
    with database.connection() as connection:
        found = {connection.execute(f"select xmin from {t}").fetchone()[0] for t in TABLES}
    assert len(found) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"audit": AuditRecord(entry_id=a_screening().id, leaf=b"")},
        {"audit": AuditRecord(entry_id=a_screening().id, leaf=b"x" * 65536)},
        {"decision": "perhaps"},
    ],
)
def test_a_refused_insert_leaves_nothing_behind(database: Database, fault: dict[str, object]) -> None:
    with pytest.raises(StoreUnavailableError):
        Screenings(database).record(a_screening(**fault), a_claim())
    assert rows(database) == dict.fromkeys(TABLES, 0)


def test_an_audit_entry_that_cannot_be_written_takes_the_screening_with_it(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute("alter table audit_entry add constraint full_log check (false) not valid")
    with pytest.raises(StoreUnavailableError):
        Screenings(database).record(a_screening())
    assert rows(database) == dict.fromkeys(TABLES, 0)


def test_an_error_of_the_store_quotes_no_personal_data(database: Database) -> None:
    with pytest.raises(StoreUnavailableError) as refused:
        Screenings(database).record(a_screening(decision="Kim Yong Chol"))
    assert "Kim" not in str(refused.value)
    assert "CheckViolation" in str(refused.value)


def test_the_same_key_and_request_replay_the_first_answer(database: Database) -> None:
    screenings, first = Screenings(database), a_screening(answer=b"first")
    screenings.record(first, a_claim())
    again = screenings.record(a_screening(answer=b"second"), a_claim())
    assert (again.id, again.answer, again.replayed) == (first.id, b"first", True)
    assert screenings.earlier("key:1", a_claim()) == again
    assert rows(database) == dict.fromkeys(TABLES, 1)


def test_the_same_key_with_another_request_is_a_conflict(database: Database) -> None:
    screenings = Screenings(database)
    screenings.record(a_screening(), a_claim(body=b"one"))
    with pytest.raises(IdempotencyConflictError):
        screenings.record(a_screening(), a_claim(body=b"two"))
    with pytest.raises(IdempotencyConflictError):
        screenings.earlier("key:1", a_claim(body=b"two"))
    assert rows(database) == dict.fromkeys(TABLES, 1)


def test_a_new_key_has_no_earlier_answer(database: Database) -> None:
    assert Screenings(database).earlier("key:1", a_claim()) is None


def test_two_actors_may_use_the_same_key(database: Database) -> None:
    screenings = Screenings(database)
    screenings.record(a_screening(actor="key:1"), a_claim())
    assert not screenings.record(a_screening(actor="key:2"), a_claim(body=b"other")).replayed


def test_a_key_can_be_used_again_after_24_hours(database: Database, database_url: str) -> None:
    screenings = Screenings(database)
    screenings.record(a_screening(), a_claim(body=b"one"))
    with psycopg.connect(database_url) as owner:
        owner.execute("update idempotency set created_at = created_at - interval '24 hours 1 second'")
    assert screenings.earlier("key:1", a_claim(body=b"two")) is None
    assert not screenings.record(a_screening(), a_claim(body=b"two")).replayed
    assert rows(database) == dict.fromkeys(TABLES, 2) | {"idempotency": 1}


def test_a_key_whose_first_request_is_still_running_is_in_progress(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended(E'key:1\\nk-1', 0))")
        with pytest.raises(IdempotencyInProgressError):
            Screenings(database).record(a_screening(), a_claim())
    assert rows(database) == dict.fromkeys(TABLES, 0)


def test_parallel_posts_with_one_key_give_one_screening(database: Database) -> None:
    screenings = Screenings(database)
    starting = threading.Barrier(8)

    def post(number: int) -> bytes | None:
        starting.wait()
        try:
            return screenings.record(a_screening(answer=b"%d" % number), a_claim()).answer
        except IdempotencyInProgressError:
            return None

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(answer for answer in pool.map(post, range(8)) if answer is not None)
    assert len(answers) == 1
    assert rows(database) == dict.fromkeys(TABLES, 1)


def test_a_screening_without_disclosures_has_no_private_audit_row(database: Database) -> None:
    audit = an_audit_record()
    bare = AuditRecord(entry_id=audit.entry_id, leaf=audit.leaf)
    Screenings(database).record(a_screening(audit=bare))
    (entry,) = AuditLog(database).export()
    assert (entry.entry_id, entry.leaf, entry.disclosures) == (bare.entry_id, bare.leaf, ())
    assert rows(database)["audit_private"] == 0
