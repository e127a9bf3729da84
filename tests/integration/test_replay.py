"""Replays on a real database: the recorded decision computed again, byte for byte, by then's rules and lists."""

from __future__ import annotations

import copy
import dataclasses
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from psycopg import sql

from service.app import Service, build_service
from service.config import Config, Mode
from service.lists import starter
from service.replay import engine as engines
from service.replay.engine import RunningEngine
from service.replay.engine_material import write_material
from service.replay.engine_runner import run_engine
from service.replay.recompute import PinnedLists, canonical_decision, decision_in
from service.replay.replays import DIFFERENT, ERASED, IDENTICAL, UNAVAILABLE, Replay
from service.screening_record import answer_of
from service.web.schemas.screening import load_request
from tests.integration.records import a_listing, a_version
from tests.integration.test_desk import ACTOR, REQUEST, ask, changed
from tests.rule_cases import steps


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """In demo mode, on the starter lists until others are loaded."""
    built = build_service(Config(home=tmp_path, mode=Mode.DEMO, database_url=database_url))
    with built.database:
        built.keep_rules()
        yield built


def replayed(service: Service, answer: dict[str, Any]) -> Replay:
    found = service.replays().replay(UUID(answer["id"]))
    assert found is not None
    return found


def load(service: Service, list_id: str = "un_sc", *extra: Any, published: str = "2026-11-20", **changes: Any) -> None:
    """Load a version of a list: its starter entries, and more."""
    listings = [*starter.listings(list_id), *extra]
    values: dict[str, Any] = {"checked_at": datetime.now(UTC), "published_on": datetime.fromisoformat(published).date()}
    version = a_version(list_id=list_id, entries=len(listings), **values | changes)
    service.lists.add_version(version, listings)
    service.snapshots.refresh()


def tamper(service: Service, given: dict[str, Any], **columns: bytes) -> None:
    """Change what is stored, as whoever owns the database can."""
    with psycopg.connect(service.database.url) as connection:
        for column, value in columns.items():
            changing = sql.SQL("update screening_private set {} = %s where screening_id = %s")
            connection.execute(changing.format(sql.Identifier(column)), [value, given["id"]])


def test_a_decision_replays_to_the_same_bytes(service: Service) -> None:
    found = replayed(service, ask(service))
    assert (found.status, found.identical, found.reason, found.engine) == (IDENTICAL, True, None, "this")
    assert found.commitments == {"entry": "not_checked", "request": "holds", "decision": "holds"}
    assert found.runtime == ()
    assert found.today is not None
    assert found.today_differences == ()


def test_every_worked_case_replays_to_the_same_bytes(service: Service) -> None:
    """Every step of every case of the rulebook, asked at the desk and replayed by a process that has just begun."""
    asked = []
    for step in steps():
        body = copy.deepcopy(step.body)
        request = load_request(body, now=datetime.now(UTC))
        asked.append(service.desk.screen(request, body=body, actor=ACTOR).id)
    replays = service.replays()
    ended = {each: replays.replay(each) for each in asked}
    assert len(ended) > 300
    assert [each and each.reason for each in ended.values() if each is None or not each.identical] == []
    assert all(each and each.today_differences == () for each in ended.values())


def test_what_is_loaded_later_changes_no_replay_but_what_today_s_lists_say(service: Service) -> None:
    load(service)
    load(service, "us_ofac_sdn")
    mongolian = changed(nationalities=[{"country": "MNG", "evidence": "passport"}], name="Batbayar Ganzorig")
    today = ask(service, {**mongolian, "as_of": None})
    past = ask(service, {**mongolian, "as_of": "2026-11-21"})
    earlier = ask(service, {**mongolian, "as_of": "2015-01-01"})
    assert "history_incomplete" in {warning["code"] for warning in earlier["warnings"]}
    firm = a_listing("SEL", "Selenge Brick LLC", list_id="un_sc", countries=("MN",), dprk=True)
    load(service, "un_sc", firm, published="2026-11-22", checked_at=datetime.now(UTC) - timedelta(hours=60))
    load(service, "un_sc", published="2014-12-01")  # an older issue, taken in later
    service.lists.mark_checked("us_ofac_sdn", datetime.now(UTC) + timedelta(seconds=5))
    service.snapshots.refresh()
    for answer in (today, past, earlier):
        found = replayed(service, answer)
        assert (found.status, found.differences) == (IDENTICAL, ()), answer["as_of"]
    service.lists.activate("un_sc", 2)
    service.snapshots.refresh()
    found = replayed(service, today)
    assert found.identical
    assert found.today is not None
    assert found.today["decision"] != today["decision"]
    assert "/decision" in {each.path for each in found.today_differences}


def test_a_past_question_that_rested_on_several_versions_replays_after_more_are_loaded(service: Service) -> None:
    firm = a_listing("SEL", "Selenge Brick LLC", list_id="un_sc", countries=("MN",), dprk=True)
    load(service, "un_sc", published="2018-01-10")
    load(service, "un_sc", firm, published="2019-05-10")
    load(service, "un_sc", published="2026-11-20")
    body = {**REQUEST, "as_of": "2019-06-01"}
    answer = ask(service, body)
    assert any(match["matched_name"] == "Selenge Brick LLC" for match in answer["matches"])
    assert {each["id"]: each["status"] for each in answer["lists"]}["un_sc"] == "past"
    load(service, "un_sc", published="2019-05-20")
    load(service, "un_sc", firm, a_listing("X", "Some Other Works", list_id="un_sc"), published="2026-11-23")
    assert "Selenge Brick LLC" not in {match["matched_name"] for match in ask(service, body)["matches"]}
    assert replayed(service, answer).identical
    assert apart(service, answer) == canonical_decision(decision_in(answer))


def apart(service: Service, answer: dict[str, Any]) -> bytes:
    """The decision as the stored engine gives it in a process of its own."""
    replays = service.replays()
    record = replays.records.get(UUID(answer["id"]))
    assert record is not None
    given = answer_of(record)
    assert given is not None
    question = replays.question(record, given)
    archive = replays.kept.engine(replays.engine.sha256)
    assert archive is not None
    return run_engine(archive, replays.engine.sha256, question, PinnedLists(service.lists, question.lists))


def test_the_stored_engine_gives_the_same_bytes_in_a_process_of_its_own(service: Service) -> None:
    firm = a_listing("SEL", "Selenge Brick LLC", list_id="un_sc", countries=("MN",), dprk=True)
    load(service, "un_sc", firm)
    load(service, "un_sc", firm, a_listing("X", "Some Other Works", list_id="un_sc"), published="2026-11-23")
    answer = ask(service)
    assert answer["matches"]
    assert apart(service, answer) == canonical_decision(decision_in(answer))


def test_hash_seed_time_zone_and_locale_change_no_byte(service: Service, tmp_path: Path) -> None:
    """The process that answers is started as an operator's shell might start it."""
    load(service)
    answer = ask(service, {**REQUEST, "as_of": None, "stage": "pre_offer", "jurisdictions": ["US"]})
    replays = service.replays()
    record = replays.records.get(UUID(answer["id"]))
    assert record is not None
    question = replays.question(record, answer)
    with (tmp_path / "material").open("wb") as file:
        write_material(question, PinnedLists(service.lists, question.lists), file)
    code = f"from service.replay.engine_process import answer; answer({str(tmp_path / 'material')!r})"
    for settings in (
        {"PYTHONHASHSEED": "0", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4294967295", "TZ": "America/Adak", "PYTHONOPTIMIZE": "1"},
    ):
        ended = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **settings},
            cwd=Path(engines.__file__).parents[1],
            capture_output=True,
            check=True,
        )
        assert ended.stdout == canonical_decision(decision_in(answer)), settings


def test_a_decision_of_another_engine_is_replayed_by_that_engine(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(service)
    now = dataclasses.replace(engines.running_engine(), sha256="f" * 64, runtime={"python": "3.99", "numpy": "9.0"})
    monkeypatch.setattr("service.app.running_engine", lambda: now)
    found = replayed(service, answer)
    assert (found.status, found.engine) == (IDENTICAL, "stored")
    assert "/python" in {each.path for each in found.runtime}


def test_an_engine_that_this_host_does_not_know_is_not_run_from_the_database(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(service)
    now = dataclasses.replace(engines.running_engine(), sha256="f" * 64)
    monkeypatch.setattr("service.app.running_engine", lambda: now)
    (service.config.audit_folder / "engines").write_text("")
    found = replayed(service, answer)
    assert (found.status, found.identical, found.engine) == (UNAVAILABLE, None, "none")
    assert "trust-engine" in str(found.reason)
    assert service.known_engines.trust(engines.running_engine().sha256)
    assert replayed(service, answer).identical


def test_an_engine_that_was_changed_in_the_database_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(service)
    with psycopg.connect(service.database.url) as connection:
        connection.execute("update engine set archive = archive || '\\x00'::bytea")
    now: RunningEngine = dataclasses.replace(engines.running_engine(), sha256="f" * 64)
    monkeypatch.setattr("service.app.running_engine", lambda: now)
    found = replayed(service, answer)
    assert (found.status, found.reason) == (
        UNAVAILABLE,
        "The stored engine is not the one that decided: its digest differs.",
    )


def test_a_stored_decision_that_was_changed_is_shown_place_by_place(service: Service) -> None:
    answer = ask(service)
    stored = service.desk.screening(UUID(answer["id"]))
    assert stored is not None
    altered = orjson.loads(stored.answer)
    altered["decision"] = "allow"
    altered["findings"][0]["outcome"] = "allow"
    tamper(service, answer, answer=orjson.dumps(altered))
    found = replayed(service, answer)
    assert (found.status, found.identical) == (DIFFERENT, False)
    assert [(each.path, each.before, each.after) for each in found.differences] == [
        ("/decision", "allow", "deny"),
        ("/findings/0/outcome", "allow", "deny"),
    ]
    assert found.commitments == {"entry": "not_checked", "request": "holds", "decision": "broken"}


def test_a_request_that_was_changed_with_its_decision_is_not_called_identical(service: Service) -> None:
    """The computed decision agrees with the stored one; only the entry's commitment tells."""
    answer = ask(service)
    other = ask(service, changed(name="Somebody Else"))
    with psycopg.connect(service.database.url) as connection:
        rows = connection.execute(
            "select request, answer from screening_private where screening_id = %s", [other["id"]]
        ).fetchone()
    assert rows is not None
    request, given = rows
    tamper(service, answer, request=request, answer=given)
    found = replayed(service, answer)
    assert (found.status, found.identical, found.differences) == (DIFFERENT, False, ())
    assert found.commitments["request"] == "broken"


def test_what_was_erased_is_unavailable_and_not_identical(service: Service) -> None:
    answer = ask(service)
    with psycopg.connect(service.database.url) as connection:
        connection.execute("delete from screening_private")
        connection.execute("delete from audit_private")
    found = replayed(service, answer)
    assert (found.status, found.identical, found.reason) == (UNAVAILABLE, None, ERASED)
    assert found.entry["outcome"] == "deny"
    assert found.today is None


def test_a_screening_that_is_not_there_is_not_replayed(service: Service) -> None:
    assert service.replays().replay(UUID(int=7)) is None


def kinds(service: Service) -> list[str]:
    return [orjson.loads(entry.leaf)["type"] for entry in service.audit.export()]


def test_engine_and_policy_are_recorded_once_and_again_when_they_change(service: Service) -> None:
    assert kinds(service) == ["rule_load", "config"]
    service.keep_rules()
    assert kinds(service) == ["rule_load", "config"]
    production = build_service(dataclasses.replace(service.config, mode=Mode.PRODUCTION))
    with production.database:
        production.keep_rules()
        assert kinds(service) == ["rule_load", "config", "config"]
    service.keep_rules()
    leaves = [orjson.loads(entry.leaf) for entry in service.audit.export()]
    assert [leaf["policy"]["demo"] for leaf in leaves if leaf["type"] == "config"] == [True, False, True]
    assert leaves[0]["engine"]["sha256"] == engines.running_engine().sha256
    assert leaves[0]["rules"]["sha256"] == service.desk.rules.sha256


def test_processes_that_start_at_once_record_a_new_engine_once(service: Service) -> None:
    with psycopg.connect(service.database.url) as connection:
        connection.execute("delete from in_force")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: service.keep_rules(), range(8)))
    assert kinds(service) == ["rule_load", "config"] * 2 or sorted(kinds(service)) == ["config"] * 2 + ["rule_load"] * 2


def test_the_archive_is_the_same_whenever_it_is_made_and_names_its_engine() -> None:
    assert engines.archive.__wrapped__() == engines.archive.__wrapped__()
    with zipfile.ZipFile(io.BytesIO(engines.archive())) as file:
        names = file.namelist()
    assert names == sorted(names)
    assert {"service/replay/engine_process.py", "service/rulebook/un_2375.py", "service/matching/data/han.tsv"} <= set(
        names
    )
    assert not any(name.startswith(("service/store/database", "service/web/pages", "service/config")) for name in names)
    assert len(engines.archive()) < 4_000_000
