"""A backup from before an erasure is restored: what was erased is gone again before the first answer."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from service.app import Service, build_service
from service.audit.events import EventWriter
from service.config import Config, Mode
from service.erasure.erasures import Erasures
from service.erasure.file import Erased, ErasureFile
from service.erasure.retention import load_schedule
from service.errors import ErasureFileError
from service.store.audit import AuditLog
from service.store.embedded import binaries
from service.store.erasures import ErasureRecords
from tests.acceptance.running_service import COMMAND, free_port
from tests.conftest import new_database
from tests.integration.conftest import Api
from tests.integration.erasures import Person, a_person, found_in, full_request
from tests.integration.test_erasures import erase


def dump(url: str, file: Path) -> Path:
    subprocess.run([binaries() / "pg_dump", "--format=custom", f"--file={file}", f"--dbname={url}"], check=True)
    return file


def restore(file: Path, url: str) -> str:
    subprocess.run([binaries() / "pg_restore", "--exit-on-error", f"--dbname={url}", file], check=True)
    return url


def service_on(url: str, home: Path) -> Service:
    return build_service(Config(home=home, mode=Mode.DEMO, database_url=url))


@pytest.fixture
def anna(api: Api) -> Person:
    return a_person(api, "anna")


@pytest.fixture
def bo(api: Api) -> Person:
    return a_person(api, "bo", "reviewer")


def erasure_leaves(service: Service) -> list[dict[str, Any]]:
    found = [json.loads(entry.leaf) for entry in AuditLog(service.database).export()]
    return [leaf for leaf in found if leaf["type"] == "erasure"]


def test_what_a_restored_backup_brings_back_is_erased_again(  # noqa: PLR0917  # fixtures
    api: Api, anna: Person, bo: Person, database_url: str, server_url: str, tmp_path: Path
) -> None:
    body, canaries = full_request()
    first = api.screen(body, headers={"Idempotency-Key": "hire-1"}).get_json()
    other = api.screen(body).get_json()
    old = dump(database_url, tmp_path / "old.dump")
    done = erase(api, anna, bo, first["id"])
    erased = api.call("GET", f"/v1/screenings/{first['id']}").data
    with new_database(server_url) as url:
        service = service_on(restore(old, url), tmp_path)
        with service.database:
            assert found_in(url, canaries)
            assert service.erasures().replay() == 1
            stored = service.desk.screening(UUID(first["id"]))
            assert stored is not None
            assert json.loads(stored.answer) == json.loads(erased)
            assert service.desk.request_of(UUID(first["id"])) is None
            assert service.desk.request_of(UUID(other["id"])) is not None, "only what was erased goes"
            (leaf,) = erasure_leaves(service)
            assert (leaf["replays"], leaf["entries"]) == (done["entry_id"], [first["audit"]["entry_id"]])
            assert leaf["people"] == sorted([f"account:{anna.account}", f"account:{bo.account}"])
            known = service.erasures().get(UUID(done["id"]))
            assert (known.state, [item["state"] for item in known.items]) == ("done", ["erased"])
            assert service.erasures().replay() == 0
            assert len(erasure_leaves(service)) == 1, "a second start adds nothing"
        with psycopg.connect(url) as connection:
            connection.execute("delete from screening_private where screening_id = %s", [other["id"]])
            connection.execute("delete from audit_private")
            connection.execute("update screening set reference = null")
        assert found_in(url, canaries) == set()


def test_values_that_come_back_without_their_erasure_being_lost_go_again(
    api: Api, anna: Person, bo: Person, database_url: str
) -> None:
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    with psycopg.connect(database_url) as owner:
        kept = owner.execute("select * from screening_private").fetchone()
        secret = owner.execute("select * from audit_private where disclosures::text <> '{}'").fetchone()
    erase(api, anna, bo, screening)
    assert kept is not None
    assert secret is not None
    with psycopg.connect(database_url) as owner:
        owner.execute("insert into screening_private values (%s, %s, %s)", kept)
        owner.execute("insert into audit_private values (%s, %s)", secret)
    assert found_in(database_url, canaries)
    assert api.service.erasures().replay() == 1
    assert found_in(database_url, canaries) == set()


def test_a_host_that_lost_its_file_gets_it_back_from_the_database(
    api: Api, anna: Person, bo: Person, tmp_path: Path
) -> None:
    erase(api, anna, bo, api.screen(full_request()[0]).get_json()["id"])
    file = ErasureFile(api.service.config.audit_folder)
    (before,) = file.all()
    file.path.unlink()
    assert api.service.erasures().replay() == 0
    (after,) = file.all()
    assert (after.id, after.entry_id, after.screenings) == (before.id, before.entry_id, before.screenings)
    assert set(after.by) == set(before.by)


def test_nothing_is_erased_that_cannot_be_remembered(
    api: Api, anna: Person, bo: Person, tmp_path: Path, database_url: str
) -> None:
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    folder = api.service.config.audit_folder
    folder.mkdir(parents=True)
    (folder / "erasures.jsonl").mkdir()
    made = api.call(
        "POST", "/v1/erasures", key=anna.key, json={"ground": "objection", "screenings": [screening]}
    ).get_json()
    assert api.call("POST", f"/v1/erasures/{made['id']}/approve", key=bo.key).status_code == 503
    assert "erased_at" not in api.call("GET", f"/v1/screenings/{screening}").get_json()
    assert {field for field, _, _ in found_in(database_url, canaries)} == set(canaries)
    assert api.service.erasures().get(UUID(made["id"])).approvals == []


class CutShort(ErasureFile):
    """The file of a process that dies between the file and the commit."""

    def append(self, erased: Iterable[Erased]) -> None:
        super().append(erased)
        if self.all():
            raise KeyboardInterrupt


def test_an_erasure_that_died_before_its_commit_is_finished_at_the_next_start(
    api: Api, anna: Person, bo: Person, database_url: str
) -> None:
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    asked = {"ground": "objection", "screenings": [screening]}
    made = UUID(api.call("POST", "/v1/erasures", key=anna.key, json=asked).get_json()["id"])
    service = api.service
    dying = Erasures(
        store=ErasureRecords(service.database),
        file=CutShort(service.config.audit_folder),
        schedule=load_schedule(),
        audit_event=lambda kind, fields, actor: EventWriter("default", actor)(kind, fields),
        clock=lambda: datetime.now(UTC),
    )
    with pytest.raises(KeyboardInterrupt):
        dying.approve(made, bo.actor)
    assert service.erasures().get(made).state == "requested"
    assert {field for field, _, _ in found_in(database_url, canaries)} == set(canaries)
    assert service.erasures().replay() == 1
    assert found_in(database_url, canaries) == set()
    done = service.erasures().get(made)
    assert (done.state, [item["state"] for item in done.items]) == ("done", ["erased"])
    assert {given["account"] for given in done.approvals} == {str(anna.account), str(bo.account)}
    assert len(erasure_leaves(service)) == 1


def test_a_damaged_line_stops_the_service_and_a_cut_one_does_not(api: Api) -> None:
    file = ErasureFile(api.service.config.audit_folder)
    file.append([an_erasure(1), an_erasure(2)])
    assert [each.id for each in file.all()] == [UUID(int=1), UUID(int=2)]
    whole = file.path.read_bytes()
    file.path.write_bytes(whole + whole[:20])
    assert len(file.all()) == 2
    file.append([an_erasure(2), an_erasure(3)])
    assert [each.id for each in file.all()] == [UUID(int=1), UUID(int=2), UUID(int=3)]
    assert file.path.stat().st_mode & 0o777 == 0o600
    file.path.write_bytes(whole.replace(b'"erasure"', b'"erasurf"', 1))
    with pytest.raises(ErasureFileError, match=r"Line 1 of .* is damaged"):
        file.all()
    with pytest.raises(ErasureFileError):
        api.service.erasures().replay()


def an_erasure(number: int) -> Erased:
    return Erased(
        id=UUID(int=number),
        entry_id=UUID(int=100 + number),
        at=datetime(2026, 11, 24, tzinfo=UTC),
        ground="objection",
        by=("key:x", f"account:{UUID(int=300)}"),
        screenings=(UUID(int=200 + number),),
    )


def test_the_service_starts_on_a_restored_backup_and_the_first_answer_holds_nothing(  # noqa: PLR0917  # fixtures
    api: Api, anna: Person, bo: Person, database_url: str, server_url: str, tmp_path: Path
) -> None:
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    old = dump(database_url, tmp_path / "old.dump")
    erase(api, anna, bo, screening)
    with new_database(server_url) as url:
        restore(old, url)
        assert found_in(url, canaries)
        answer = first_answer(url, tmp_path, f"/v1/screenings/{screening}", api.key)
        assert "erased_at" in answer
        assert found_in(url, canaries) == set()


def first_answer(url: str, home: Path, path: str, key: str) -> dict[str, Any]:
    """What a service that starts on this database answers first."""
    port = free_port()
    settings = {"DATABASE_URL": url, "HIRESCREEN_HOME": str(home), "HIRESCREEN_MODE": "demo"}
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("HIRESCREEN_")}
    command = [str(COMMAND), "serve", "--demo", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command, env=inherited | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        until = monotonic() + 60
        while True:
            assert monotonic() < until
            assert process.poll() is None
            try:
                response = httpx.get(
                    f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {key}"}, timeout=10
                )
            except httpx.TransportError:
                sleep(0.05)
                continue
            assert response.status_code == 200, response.text
            return dict(response.json())
    finally:
        process.terminate()
        process.wait(40)
