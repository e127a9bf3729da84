"""After an erasure: old exports verify, later ones hold no value, the tree goes on, and nobody else may delete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from service.config import Mode
from service.web.api.describing import example
from tests.integration.conftest import Api
from tests.integration.erasures import Person, a_person, found_in, full_request
from tests.integration.exporting import Record, verify
from tests.integration.test_erasures import approve, erase

# What every table holds of a person who is screened. A new table is not listed: say here what it holds, and where it
# holds something personal, let sql/queries/erase_screenings.sql and values_that_came_back.sql take it away.
PERSONAL = {
    "audit_private": "the disclosures of audit entries",
    "idempotency": "keyed digests of a caller's key and request",
    "screening": "the caller's reference",
    "screening_private": "request and answer",
}
IMPERSONAL = {
    "account": "who uses the service, not who is screened",
    "api_key": "programs, and who uses the service",
    "session": "who uses the service",
    "audit_alarm": "names of alarms",
    "audit_checkpoint": "heads of the tree",
    "audit_entry": "leaves: commitments, which say nothing without their salts",
    "audit_evidence": "what witnesses answered to heads",
    "audit_leaf": "hashes",
    "audit_log": "names of logs",
    "audit_sealer": "how far the sealer is",
    "audit_tile": "hashes",
    "disposition": "who signed what: the words stand in disclosures",
    "engine": "programs",
    "engine_runtime": "versions of libraries",
    "policy": "settings",
    "in_force": "digests of rulebooks and settings",
    "erasure": "ids and grounds",
    "erasure_approval": "who uses the service",
    "erasure_item": "ids and days",
    "screening_erased": "what is left of an answer",
    "job_schema": "a version",
    "schema_migrations": "versions",
    **{
        f"list_{name}": "published lists and their loading"
        for name in (*("active", "approval", "attempt", "bundle", "change", "entry", "held", "span", "version"),)
    },
}


@pytest.fixture
def anna(api: Api) -> Person:
    return a_person(api, "anna")


@pytest.fixture
def bo(api: Api) -> Person:
    return a_person(api, "bo", "reviewer")


def test_of_every_table_it_is_known_what_it_holds_of_a_person(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        tables = {
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables"
                " where table_schema = 'public' and table_type = 'BASE TABLE'"
            )
        }
    assert PERSONAL.keys().isdisjoint(IMPERSONAL)
    assert tables == PERSONAL.keys() | IMPERSONAL.keys()


def test_old_exports_verify_and_later_ones_hold_no_value(api: Api, anna: Person, bo: Person, tmp_path: Path) -> None:
    record = Record(api.service)
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    other = api.screen(example("request")).get_json()["id"]
    record.seal()
    old, new = tmp_path / "old", tmp_path / "new"
    record.export(old, personal=True, recipient="the auditor")
    erase(api, anna, bo, screening)
    record.seal()
    record.export(new, personal=True, recipient="the auditor")
    for folder in (old, new):
        done = verify(folder, record.vkey)
        assert done.returncode == 0, done.stdout + done.stderr
    done = verify(new, record.vkey, "--since", str(old / "checkpoint"))
    assert done.returncode == 0, done.stdout + done.stderr
    committed = {"worker.name", "reference"}
    assert {f for f in committed if canaries[f] in disclosed(old)} == committed
    assert [field for field, text in canaries.items() if text in disclosed(new)] == []
    assert "Kim Yong" in disclosed(new) or other, "the other screening keeps its disclosures"
    leaf = next(entry for entry in leaves_of(new) if entry["type"] == "erasure")
    assert leaf["screenings"] == [screening]


def test_what_was_erased_cannot_be_computed_again_and_says_so(api: Api, anna: Person, bo: Person) -> None:
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    assert api.call("POST", f"/v1/screenings/{screening}/replay").get_json()["status"] == "identical"
    erase(api, anna, bo, screening)
    replayed = api.call("POST", f"/v1/screenings/{screening}/replay")
    assert replayed.get_json()["status"] == "unavailable"
    certified = api.call("GET", f"/v1/screenings/{screening}/certificate")
    for response in (replayed, certified):
        assert [field for field, text in canaries.items() if text in response.get_data(as_text=True)] == []


APP_MAY_NOT = (
    "delete from screening_private",
    "delete from audit_private",
    "update screening set reference = null",
    "update erasure set state = 'done'",
    "insert into erasure (id, ground, whole, requested_by, state) select id, 'x', true, 'x', 'done' from account",
    "insert into erasure_approval (erasure_id, account_id, approved_by) select id, id, 'x' from account",
    "insert into erasure_item (erasure_id, screening_id, state) select id, id, 'erased' from account",
    "insert into screening_erased select id, id, now(), 'x' from screening",
    "update erasure_item set state = 'erased'",
)
ERASER_MAY_NOT = (
    "update screening set decision = 'allow'",
    "delete from screening",
    "update screening_private set answer = ''",
    "insert into screening_private select id, '', '' from screening",
    "update audit_private set disclosures = '{}'",
    "delete from audit_entry",
    "insert into audit_entry (entry_id, leaf, at) values (gen_random_uuid(), 'x', '2001-01-01')",
    "select password_hash from account",
    "delete from erasure",
    "select from api_key",
)


def test_the_service_s_own_role_erases_nothing_and_the_eraser_does_nothing_else(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for role, refused in (("hirescreen_app", APP_MAY_NOT), ("hirescreen_eraser", ERASER_MAY_NOT)):
            connection.execute(f"set role {role}")  # type: ignore[arg-type]
            for statement in refused:
                with pytest.raises(errors.InsufficientPrivilege):
                    connection.execute(statement)  # type: ignore[arg-type]


def test_two_approvals_at_once_erase_once(api: Api, anna: Person, bo: Person) -> None:
    from concurrent.futures import ThreadPoolExecutor

    screening = api.screen(full_request()[0]).get_json()["id"]
    asked = {"ground": "objection", "screenings": [screening]}
    made = api.call("POST", "/v1/erasures", key=api.new_key("admin"), json=asked).get_json()["id"]
    three = [anna, bo, a_person(api, "cy"), a_person(api, "di")]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda person: approve(api, person, made).status_code, three))
    assert sorted(answers) == [200, 200, 409, 409]
    done = api.service.erasures().page(rows=5)
    assert [each.state for each in done] == ["done"]


def test_a_duty_is_asked_about_again_when_the_second_person_approves(
    make_api: Any, database_url: str, tmp_path: Path
) -> None:
    api = make_api(Mode.DEMO)
    anna, bo = a_person(api, "anna"), a_person(api, "bo")
    body, canaries = full_request()
    screening = api.screen(body).get_json()["id"]
    asked = {"ground": "objection", "screenings": [screening]}
    made = api.call("POST", "/v1/erasures", key=anna.key, json=asked).get_json()["id"]
    longer = tmp_path / "retention.toml"
    longer.write_text(
        '[[class]]\nid = "de"\njurisdictions = ["DE"]\nduty_years = 3\nkeep_years = 3\ncounted_from = "decision"\n'
        'basis = "a new law"\nsource = "counsel"\n'
    )
    later = make_api(Mode.DEMO, retention=longer)
    refused = approve(later, bo, made)
    assert refused.status_code == 409
    assert refused.get_json()["retention"][0]["class"] == "de"
    assert {field for field, _, _ in found_in(database_url, canaries)} == set(canaries)
    assert approve(api, bo, made).get_json()["state"] == "done", "the request waited on"


def disclosed(folder: Path) -> str:
    """The disclosures of an export as somebody would read them."""
    from tests.integration.erasures import opened

    lines = (folder / "entries.jsonl").read_text().splitlines()
    return "\n".join(opened(each) for line in lines for each in json.loads(line)["d"])


def leaves_of(folder: Path) -> list[dict[str, Any]]:
    import base64

    lines = (folder / "entries.jsonl").read_text().splitlines()
    return [json.loads(base64.b64decode(json.loads(line)["leaf"])) for line in lines]
