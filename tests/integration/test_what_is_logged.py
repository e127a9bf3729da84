"""Whatever changes who may do what, what decisions rest on, or the record itself, leaves an entry in the log.

Each act is done as an operator does it, by its command. Alarms are in test_alarms.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner

from service.audit.leaf import digest
from service.cli import hirescreen
from tests.list_faults import a_real_un_list, without_the_last

PASSWORD = "correct horse battery"
TODAY = datetime.now(UTC).date()
SCREENED = {"worker": {"name": "Ana Qanarry", "nationalities": [{"country": "ESP", "evidence": "passport"}]}}

Command = Callable[..., str]
Entries = list[dict[str, Any]]


@pytest.fixture
def command(database_url: str, tmp_path: Path) -> Command:
    """Runs a command and gives what it printed."""
    environment = {"DATABASE_URL": database_url, "HIRESCREEN_HOME": str(tmp_path / "home"), "HIRESCREEN_MODE": "demo"}

    def run(*arguments: str, stdin: str | None = None, fails: bool = False, **settings: str) -> str:
        done = CliRunner().invoke(hirescreen, arguments, input=stdin, env=environment | settings)
        assert (done.exit_code != 0) is fails, (arguments, done.output, done.exception)
        return done.stdout

    return run


def entries(url: str) -> Entries:
    """What the log says of acts, in its order; that a rulebook came into use is the service's own doing."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("select convert_from(leaf, 'UTF8') from audit_entry order by id").fetchall()
    return [entry for (leaf,) in rows if (entry := json.loads(leaf))["actor"] != "system:service"]


def since(url: str, before: Entries) -> list[tuple[str, str]]:
    """The entries after ``before``: their type, and what happened where one type stands for several acts."""
    return [(each["type"], each.get("action", each.get("change", ""))) for each in entries(url)[len(before) :]]


def test_a_decision_is_logged(command: Command, database_url: str) -> None:
    answer = json.loads(command("screen", "-", stdin=json.dumps(SCREENED)).splitlines()[-1])
    (entry,) = entries(database_url)
    assert (entry["type"], entry["id"], entry["outcome"]) == ("decision", answer["audit"]["entry_id"], "allow")


def test_a_key_s_life_is_logged(command: Command, database_url: str) -> None:
    key = command("keys", "create", "--name", "hr", "--role", "screener").strip()
    (listed,) = command("keys", "list").splitlines()
    key_id = listed.split()[0]
    assert "revoked" not in listed
    command("keys", "revoke", key_id)
    assert "revoked" in command("keys", "list")
    command("keys", "revoke", key_id, fails=True)
    created, revoked = entries(database_url)
    assert (created["type"], created["action"], created["key"], created["role"]) == (
        "key",
        "create",
        key_id,
        "screener",
    )
    assert (revoked["type"], revoked["action"], revoked["key"]) == ("key", "revoke", key_id)
    assert key not in json.dumps([created, revoked])


def test_an_account_s_life_is_logged_without_the_person_s_name(command: Command, database_url: str) -> None:
    name = "ana.qanarry"
    command("accounts", "create", "--username", name, "--role", "reviewer", "--password", PASSWORD)
    command("accounts", "role", name, "admin")
    command("accounts", "password", name, "--password", f"another {PASSWORD}")
    command("accounts", "disable", name)
    command("accounts", "disable", name, fails=True)
    command("accounts", "role", "nobody", "admin", fails=True)
    found = entries(database_url)
    assert [each["type"] for each in found] == ["role_change"] * 4
    assert [each["action"] for each in found] == ["create_account", "change_role", "set_password", "disable_account"]
    assert len({each["account"] for each in found}) == 1
    assert (found[0]["role"], found[1]["before"], found[1]["role"]) == ("reviewer", "reviewer", "admin")
    text = json.dumps(found)
    assert "qanarry" not in text
    assert "horse" not in text
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select role, disabled_at is not null from account").fetchall() == [("admin", True)]


def test_what_becomes_of_list_files_is_logged(command: Command, database_url: str, tmp_path: Path) -> None:
    for name in ("anna", "bo"):
        command("accounts", "create", "--username", name, "--role", "admin", "--password", PASSWORD)
    whole, small, broken = tmp_path / "whole.xml", tmp_path / "small.xml", tmp_path / "broken.xml"
    whole.write_bytes(a_real_un_list(TODAY - timedelta(days=1)))
    small.write_bytes(without_the_last(100, TODAY))
    broken.write_bytes(b"<html>not today</html>")
    settle = ("--password", PASSWORD, "--reason", "looked at it")
    for arguments, fails, expected in (
        (("import", "un_sc", str(whole)), False, ["list_load"]),
        (("import", "un_sc", str(broken)), True, ["list_reject"]),
        (("import", "un_sc", str(small)), True, ["list_held"]),
        (("refuse", "un_sc", "2", "--as", "anna", *settle), False, ["list_refuse"]),
        (("import", "un_sc", str(small)), True, ["list_reject"]),
    ):
        before = entries(database_url)
        command("lists", *arguments, fails=fails)
        assert [kind for kind, _ in since(database_url, before)] == expected, arguments
    (tmp_path / "smaller.xml").write_bytes(without_the_last(101, TODAY))
    command("lists", "import", "un_sc", str(tmp_path / "smaller.xml"), fails=True)
    before = entries(database_url)
    command("lists", "approve", "un_sc", "3", "--as", "anna", *settle)
    command("lists", "approve", "un_sc", "3", "--as", "bo", *settle)
    assert [kind for kind, _ in since(database_url, before)] == ["list_approve", "list_approve", "list_activate"]
    assert len({each["actor"] for each in entries(database_url)[len(before) :]}) == 2


def test_the_keys_of_the_log_and_a_new_origin_are_logged(command: Command, database_url: str, tmp_path: Path) -> None:
    first = command("audit", "keys", "generate").strip()
    second = command("audit", "keys", "rotate").strip()
    command("audit", "seal", "--once")
    command("audit", "new-origin", "screening.example/2027a", "--yes")
    found = entries(database_url)
    assert [(each["type"], each.get("change")) for each in found[:2]] == [("key", "generated"), ("key", "rotated")]
    assert [each["vkey"] for each in found[:2]] == [first, second]
    opening = found[-1]
    assert (opening["type"], opening["origin"]) == ("origin", "screening.example/2027a")
    assert opening["previous"]["size"] >= len(found) - 1
    keys = (tmp_path / "home" / "audit" / "signing-keys.json").read_text()
    seeds = re.findall(r'"seed": "([^"]+)"', keys)
    assert len(seeds) == 2
    assert not [seed for seed in seeds if seed in json.dumps(found)]


def test_every_entry_names_who_did_it_and_when(command: Command, database_url: str) -> None:
    command("screen", "-", stdin=json.dumps(SCREENED))
    command("keys", "create", "--name", "hr", "--role", "screener")
    for each in entries(database_url):
        assert each["v"] == 1
        assert each["actor"] == "cli:local"
        assert each["tenant"] == "default"
        assert abs(datetime.fromisoformat(each["at"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_personal_data_stand_in_the_log_as_commitments_only(command: Command, database_url: str) -> None:
    command("screen", "-", stdin=json.dumps(SCREENED))
    (entry,) = entries(database_url)
    assert "Qanarry" not in json.dumps(entry)
    with psycopg.connect(database_url) as connection:
        ((disclosures,),) = connection.execute("select disclosures from audit_private").fetchall()
    assert sorted(digest(each) for each in disclosures) == entry["_sd"]
