"""Lists that keep themselves up: the queue, its schema, and when each list is due."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import procrastinate
import psycopg
import pytest
from procrastinate.schema import SchemaManager

from service.app import Service, build_service
from service.config import Config, Mode
from service.errors import ConfigError
from service.jobs.beside import WorkerBeside
from service.jobs.refreshing import due, queue_of, refresh
from service.jobs.schema import prepare, steps_after
from service.lists import sources
from service.lists.schedule import FIRST_PAUSE, next_run
from service.records import LastAttempt, ListAttempt
from tests.integration.processes import runs, wait_until
from tests.list_server import ListServer, Page, list_server

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
UN_XML = (DATA / "un_small.xml").read_bytes()
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def one_small_list(monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(
        sources.SOURCES["un_sc"], floor=2, canaries=("PAK EXAMPLE CHOL",), longest_gap=timedelta(days=36500)
    )
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": small})
    monkeypatch.setattr("service.jobs.refreshing.SOURCES", {"un_sc": small})


@pytest.fixture
def server() -> Iterator[ListServer]:
    with list_server() as running:
        running.pages["/un_sc/consolidated.xml"] = Page(UN_XML, headers={"ETag": '"1"'})
        yield running


@pytest.fixture
def service(database_url: str, server: ListServer, tmp_path: Path) -> Iterator[Service]:
    config = Config(home=tmp_path, database_url=database_url, required_lists=("un_sc",), mirror=server.address)
    built = build_service(config)
    with built.database:
        yield built


def work_once(service: Service) -> None:
    """Plan, then work until nothing is left to do. In a thread: an event loop of a browser may run in this one."""

    async def work() -> None:
        queue = queue_of(service)
        async with queue.open_async():
            await queue.tasks["plan_refreshes"].defer_async(timestamp=0)
            for _ in range(2):  # the plan, then what it planned
                await queue.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="always")

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()


def test_a_required_list_is_fetched_by_the_job(service: Service) -> None:
    prepare(service.config.database_url or "")
    work_once(service)
    (version,) = service.lists.active()
    assert (version.list_id, version.entries) == ("un_sc", 3)
    last = service.intake.last_attempts()["un_sc"]
    assert (last.outcome, last.added, last.removed, last.changed) == ("loaded", 3, 0, 0)


def test_a_list_that_was_just_fetched_is_not_due(service: Service) -> None:
    now = datetime.now(UTC)
    assert due(service, now) == ("un_sc",)
    assert refresh(service, "un_sc") == "loaded"
    assert due(service, now) == ()
    assert due(service, now + timedelta(hours=7)) == ("un_sc",)


def test_a_list_that_failed_is_due_again_after_minutes(service: Service, server: ListServer) -> None:
    server.pages.clear()
    assert refresh(service, "un_sc") == "failed"
    now = datetime.now(UTC)
    assert due(service, now) == ()
    assert due(service, now + timedelta(minutes=6)) == ("un_sc",)


def test_an_unchanged_list_is_asked_for_with_its_validators(service: Service, server: ListServer) -> None:
    refresh(service, "un_sc")
    assert refresh(service, "un_sc") == "unchanged"
    assert server.requests[-1][1]["If-None-Match"] == '"1"'


def test_a_list_that_another_process_loads_is_left_to_it(service: Service) -> None:
    with service.intake.loading("un_sc"):
        assert refresh(service, "un_sc") == "busy"
    assert service.intake.last_attempts() == {}


def test_the_status_tells_when_a_list_is_fetched_next_and_what_changed_last(service: Service) -> None:
    refresh(service, "un_sc")
    service.snapshots.refresh()
    shown = next(entry for entry in service.desk.list_status() if entry["id"] == "un_sc")
    assert shown["required"] is True
    assert shown["last_attempt"]["outcome"] == "loaded"
    assert (shown["last_change"]["version"], shown["last_change"]["added"]) == (1, 3)
    hours = (datetime.fromisoformat(shown["next_run"]) - datetime.now(UTC)) / timedelta(hours=1)
    assert 5.9 < hours < 6.7


def test_a_demo_fetches_nothing_by_itself(tmp_path: Path) -> None:
    assert not Config(home=tmp_path, mode=Mode.DEMO).refreshes
    assert Config(home=tmp_path).refreshes
    assert Config.from_env({"HIRESCREEN_MODE": "demo", "HIRESCREEN_REFRESH": "on"}).refreshes
    assert not Config.from_env({"HIRESCREEN_REFRESH": "off"}).refreshes
    with pytest.raises(ConfigError, match="HIRESCREEN_REFRESH"):
        Config.from_env({"HIRESCREEN_REFRESH": "sometimes"})


def test_without_refreshing_no_list_is_planned(service: Service) -> None:
    off = replace(service, config=replace(service.config, refresh=False))
    assert "plan_refreshes" not in queue_of(off).tasks


def test_four_processes_may_prepare_the_queue_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(prepare, [database_url] * 4)) == {procrastinate.__version__}
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select version from job_schema").fetchall() == [(procrastinate.__version__,)]


def test_the_queue_of_an_older_procrastinate_is_brought_up_to_date(database_url: str, service: Service) -> None:
    newer = {path.name for path in steps_after("3.2.0")}
    with psycopg.connect(database_url, autocommit=True) as connection:
        for step in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
            if step.name not in newer:
                connection.execute(step.read_bytes())
        connection.execute("insert into job_schema (version) values ('3.2.0')")
    prepare(database_url)
    work_once(service)
    assert len(service.lists.active()) == 1


def test_the_queue_of_somebody_else_is_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("create table procrastinate_jobs ()")
    with pytest.raises(ConfigError, match="not ours"):
        prepare(database_url)


def test_a_queue_of_a_newer_procrastinate_is_left_alone(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("insert into job_schema (version) values ('99.0.0')")
    with pytest.raises(ConfigError, match=r"99\.0\.0"):
        prepare(database_url)


def test_a_job_whose_worker_died_does_not_keep_its_list_from_being_fetched(service: Service) -> None:
    url = service.config.database_url or ""
    prepare(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, queueing_lock, args)"
            " values ('lists', 'refresh_list', 'doing', 'refresh un_sc', '{\"list_id\": \"un_sc\"}')"
        )
    work_once(service)
    assert len(service.lists.active()) == 1


@pytest.mark.parametrize(("failures", "pause"), [(1, 5), (2, 10), (3, 20), (6, 160), (7, 320), (8, 360), (99, 360)])
def test_failures_are_tried_again_less_and_less_often(failures: int, pause: float) -> None:
    source = sources.SOURCES["un_sc"]
    last = LastAttempt(list_id="un_sc", at=NOW, outcome="failed", failures=failures)
    waited = next_run(source, last, NOW) - NOW
    assert timedelta(minutes=pause) <= waited <= 1.1 * timedelta(minutes=pause)


def test_jitter_spreads_the_runs_and_is_the_same_for_every_reader() -> None:
    source = sources.SOURCES["un_sc"]
    lasts = [
        LastAttempt(list_id="un_sc", at=NOW + timedelta(seconds=n), outcome="loaded", failures=0) for n in range(50)
    ]
    pauses = {next_run(source, last, NOW) - last.at for last in lasts}
    assert len(pauses) > 30
    assert min(pauses) >= source.interval
    assert next_run(source, lasts[0], NOW) == next_run(source, lasts[0], NOW + timedelta(hours=1))
    assert next_run(source, None, NOW) == NOW
    ahead = LastAttempt(list_id="un_sc", at=NOW + timedelta(days=3650), outcome="loaded", failures=0)
    assert next_run(source, ahead, NOW) == NOW  # a clock that was wrong does not stop the list for years
    assert source.interval > FIRST_PAUSE


def test_a_strip_tells_the_worst_of_each_day(service: Service) -> None:
    for hours, outcome in ((0, "loaded"), (1, "failed"), (2, "unchanged"), (30, "unchanged"), (50, "held")):
        at = NOW + timedelta(hours=hours)
        service.intake.record_attempt(ListAttempt(list_id="un_sc", at=at, trigger="schedule", outcome=outcome))
    strip = service.intake.worst_by_day(NOW.date())["un_sc"]
    assert list(strip.values()) == ["failed", "unchanged", "held"]
    assert service.intake.worst_by_day(NOW.date() + timedelta(days=2), "un_sc") == {
        "un_sc": {NOW.date() + timedelta(days=2): "held"}
    }


def test_the_command_works_the_queue_until_it_is_told_to_stop(service: Service, tmp_path: Path) -> None:
    environment = os.environ | service.config.child_env() | {"HIRESCREEN_MIRROR": "http://127.0.0.1:9"}
    command = [Path(sys.executable).with_name("hirescreen"), "jobs", "run"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as running:
        wait_until(lambda: "un_sc" in service.intake.last_attempts(), seconds=60)
        running.terminate()
        assert running.wait(30) == 0
    assert service.intake.last_attempts()["un_sc"].outcome == "failed"


def test_a_worker_that_dies_is_started_anew_and_stops_with_its_block(tmp_path: Path) -> None:
    module = tmp_path / "sleeper.py"
    module.write_text("import time\ntime.sleep(600)\n")
    with WorkerBeside({**os.environ, "PYTHONPATH": str(tmp_path)}, module="sleeper") as beside:
        wait_until(lambda: beside.process is not None)
        assert beside.process is not None
        first = beside.process.pid
        beside.process.kill()
        wait_until(lambda: beside.process is not None and beside.process.pid != first)
        second = beside.process.pid
        assert runs(second)
    assert not runs(second)
