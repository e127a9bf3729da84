"""An alarm stands in the log once when it begins and once when it ends, however many look and however often."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.config import Config, Mode
from service.monitoring.alarm_loop import Watch
from service.store.database import Database
from service.witnesses.journal import Journal
from tests.integration.sealing import add_entries
from tests.integration.test_sealing import as_superuser
from tests.integration.test_witnesses import seal


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(home=tmp_path, mode=Mode.DEMO, database_url=database_url)


def alarms(url: str) -> list[dict[str, Any]]:
    """The alarms in the log, without what differs from run to run."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select convert_from(leaf, 'UTF8') from audit_entry where leaf like '%\"type\":\"alarm\"%' order by id"
        ).fetchall()
    return [json.loads(leaf) for (leaf,) in rows]


def told(url: str) -> list[tuple[str, str]]:
    return [(each["alarm"], each["state"]) for each in alarms(url)]


def age_entries(url: str, seconds: int) -> None:
    as_superuser(url, f"update audit_entry set at = clock_timestamp() - interval '{seconds} seconds'")


def test_late_sealing_is_said_once_an_episode(config: Config, database: Database) -> None:
    url = database.url
    first, second = Watch(config, database), Watch(config, database)  # two hosts
    add_entries(url, 2)
    first.look()
    assert told(url) == []
    age_entries(url, 61)
    for _ in range(3):
        first.look()
        second.look()
    assert told(url) == [("sealing_late", "raised")]
    assert alarms(url)[0]["waiting"] == 2
    assert alarms(url)[0]["oldest_seconds"] >= 61
    age_entries(url, 45)
    second.look()  # not yet over: an age about the limit must not ring again and again
    assert told(url) == [("sealing_late", "raised")]
    seal(config)
    first.look()
    second.look()
    assert told(url) == [("sealing_late", "raised"), ("sealing_late", "over")]
    add_entries(url, 1)
    age_entries(url, 100)
    second.look()
    assert told(url)[2:] == [("sealing_late", "raised")]


def test_a_required_list_that_is_missing_or_too_old_is_said_once(config: Config, database: Database) -> None:
    url = database.url
    production = replace(config, mode=Mode.PRODUCTION, required_lists=("un_sc",))
    watch = Watch(production, database)
    watch.look()
    watch.look()
    assert told(url) == [("list_never_loaded", "raised")]
    assert alarms(url)[0]["about"] == "un_sc"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "insert into list_version (list_id, version, sha256, entries, complete, checked_at)"
            " values ('un_sc', 1, repeat('0', 64), 1, true, now() - interval '73 hours')"
        )
        owner.execute("insert into list_active (list_id, version) values ('un_sc', 1)")
        watch.look()
        watch.look()
        assert told(url)[1:] == [("list_never_loaded", "over"), ("list_too_old", "raised")]
        owner.execute("update list_version set checked_at = now()")
        watch.look()
    assert told(url)[3:] == [("list_too_old", "over")]


def test_a_demo_decides_on_old_lists_and_rings_no_alarm(config: Config, database: Database) -> None:
    Watch(config, database).look()
    assert told(database.url) == []


def test_a_witness_that_takes_nothing_for_an_hour_is_said_once(
    config: Config, database: Database, tmp_path: Path
) -> None:
    url = database.url
    config = replace(config, witness_file=tmp_path / "absent" / "heads")
    Watch(config, database).look()  # nothing was ever sent from here: another host may be the one that seals
    seal(config)
    journal = Journal(config.audit_folder, config.origin, "file")
    failed = journal.failed("No such file or directory")
    Watch(config, database).look()
    assert told(url) == []
    assert failed.failing_since is not None
    journal._write(replace(failed, failing_since="2026-01-01T00:00:00+00:00"))
    for _ in range(2):
        Watch(config, database).look()
    assert told(url) == [("witness_unreached", "raised")]
    Watch(replace(config, audit_home=tmp_path / "elsewhere"), database).look()  # a host that never sends
    assert told(url) == [("witness_unreached", "raised")]
    journal.delivered(1)
    Watch(config, database).look()
    assert told(url)[1:] == [("witness_unreached", "over")]


def test_a_database_that_is_made_unsafe_while_it_runs_is_said_once(config: Config, database: Database) -> None:
    """Settings can be changed without a restart: the check at the start cannot see that."""
    watch = Watch(config, database)
    watch.look()
    with psycopg.connect(database.url, autocommit=True) as owner:
        for value, expected in (("off", ["raised"]), ("on", ["raised", "over"])):
            owner.execute(f'alter database "{owner.info.dbname}" set synchronous_commit = {value}')  # type: ignore[arg-type]
            owner.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            watch.look()
            watch.look()
            assert [state for alarm, state in told(database.url) if alarm == "database_unsafe"] == expected


def test_a_stop_of_the_sealing_is_an_alarm_of_the_sealer_itself(config: Config, database: Database) -> None:
    seal(config)
    as_superuser(database.url, "update audit_entry set leaf = leaf || ' '")
    for _ in range(2):
        with pytest.raises(Exception, match="is not what was sealed"):
            seal(config)
    (alarm,) = alarms(database.url)
    assert alarm["alarm"] == "sealing_stopped"
