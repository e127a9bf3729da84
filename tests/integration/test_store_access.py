"""Keys, accounts and sessions: who may ask, from when and until when."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from service.errors import StoreUnavailableError
from service.records import Account
from service.store.accounts import Accounts
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.keys import Keys
from service.store.sessions import Sessions
from tests.integration.records import an_audit_record

IDLE = timedelta(minutes=30)


def a_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(hours=8)


@pytest.fixture
def officer(database: Database) -> Account:
    account = Accounts(database).create(username="Officer", role="reviewer", password_hash="$argon2id$…")
    assert account is not None
    return account


def test_a_key_is_found_by_its_hash_and_only_by_that(database: Database) -> None:
    keys = Keys(database)
    expiry = soon()
    key = keys.create(
        name="ATS", role="screener", key_hash=a_hash("secret"), last4="cret", expires_at=expiry, audit=an_audit_record()
    )
    assert (key.name, key.role, key.expires_at, key.revoked_at) == ("ATS", "screener", expiry, None)
    assert keys.find(a_hash("secret")) == key
    assert keys.find(a_hash("other")) is None
    assert keys.all() == (key,)
    assert len(list(AuditLog(database).export())) == 1


def test_a_key_and_its_audit_entry_are_one(database: Database) -> None:
    keys, record = Keys(database), an_audit_record()
    AuditLog(database).append(record)
    with pytest.raises(StoreUnavailableError):
        keys.create(name="ATS", role="screener", key_hash=a_hash("secret"), last4="cret", audit=record)
    assert keys.all() == ()


def test_a_revoked_key_is_still_found_and_says_so(database: Database) -> None:
    keys = Keys(database)
    key = keys.create(name="ATS", role="screener", key_hash=a_hash("secret"), last4="cret")
    assert keys.revoke(key.id, audit=an_audit_record())
    assert not keys.revoke(key.id, audit=an_audit_record())
    assert not keys.revoke(uuid4(), audit=an_audit_record())
    found = keys.find(a_hash("secret"))
    assert found is not None
    assert found.revoked_at is not None
    assert len(list(AuditLog(database).export())) == 1  # of the one that took effect


def test_the_use_of_a_key_is_noted_once_a_minute(database: Database, database_url: str) -> None:
    keys = Keys(database)
    key = keys.create(name="ATS", role="screener", key_hash=a_hash("secret"), last4="cret")
    seen = []
    with psycopg.connect(database_url, autocommit=True) as owner:
        for _ in range(2):
            keys.touch(key.id)
            seen.append(owner.execute("select last_used_at from api_key").fetchone())
        owner.execute("update api_key set last_used_at = last_used_at - interval '61 seconds'")
        keys.touch(key.id)
        seen.append(owner.execute("select last_used_at from api_key").fetchone())
    assert seen[0] == seen[1] != seen[2]


def test_no_table_holds_a_key_itself(database: Database, database_url: str) -> None:
    Keys(database).create(name="ATS", role="screener", key_hash=a_hash("scr_live_secret"), last4="cret")
    with psycopg.connect(database_url) as owner:
        assert "scr_live" not in str(owner.execute("select api_key::text from api_key").fetchone())


def test_a_user_name_is_taken_in_any_case(database: Database, officer: Account) -> None:
    accounts = Accounts(database)
    assert accounts.create(username="OFFICER", role="admin", password_hash="x", audit=an_audit_record()) is None
    assert accounts.find("officer") == officer
    assert accounts.find("nobody") is None
    assert list(AuditLog(database).export()) == []


def test_a_session_leads_to_its_account_until_log_out(database: Database, officer: Account) -> None:
    sessions = Sessions(database)
    sessions.create(a_hash("token"), officer.id, soon())
    assert sessions.find(a_hash("token"), idle=IDLE) == officer
    assert sessions.find(a_hash("other"), idle=IDLE) is None
    sessions.end(a_hash("token"))
    assert sessions.find(a_hash("token"), idle=IDLE) is None


def test_a_session_ends_at_its_time_and_is_cleared_later(
    database: Database, officer: Account, database_url: str
) -> None:
    sessions = Sessions(database)
    sessions.create(a_hash("old"), officer.id, datetime.now(UTC) - timedelta(seconds=1))
    assert sessions.find(a_hash("old"), idle=IDLE) is None
    sessions.create(a_hash("new"), officer.id, soon())
    with psycopg.connect(database_url) as owner:
        assert owner.execute("select count(*) from session").fetchone() == (1,)


def test_a_session_that_is_not_used_goes_idle_and_use_keeps_it(
    database: Database, officer: Account, database_url: str
) -> None:
    sessions = Sessions(database)
    sessions.create(a_hash("token"), officer.id, soon())
    with psycopg.connect(database_url, autocommit=True) as owner:
        for _ in range(2):  # use after 20 minutes, and again after 20 more
            owner.execute("update session set last_seen_at = last_seen_at - interval '20 minutes'")
            assert sessions.find(a_hash("token"), idle=IDLE) == officer
        owner.execute("update session set last_seen_at = last_seen_at - interval '31 minutes'")
    assert sessions.find(a_hash("token"), idle=IDLE) is None


def test_a_disabled_account_loses_its_sessions_at_once(database: Database, officer: Account) -> None:
    sessions, accounts = Sessions(database), Accounts(database)
    sessions.create(a_hash("token"), officer.id, soon())
    assert accounts.disable("officer", audit=an_audit_record())
    assert not accounts.disable("nobody")
    assert sessions.find(a_hash("token"), idle=IDLE) is None
    found = accounts.find("Officer")
    assert found is not None
    assert found.disabled_at is not None
    sessions.create(a_hash("again"), officer.id, soon())
    assert sessions.find(a_hash("again"), idle=IDLE) is None


def test_a_new_password_ends_every_session(database: Database, officer: Account) -> None:
    sessions, accounts = Sessions(database), Accounts(database)
    sessions.create(a_hash("token"), officer.id, soon())
    assert accounts.set_password("officer", "$argon2id$new", audit=an_audit_record())
    assert sessions.find(a_hash("token"), idle=IDLE) is None
    found = accounts.find("officer")
    assert found is not None
    assert found.password_hash == "$argon2id$new"
    assert len(list(AuditLog(database).export())) == 1
