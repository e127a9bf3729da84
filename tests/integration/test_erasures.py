"""Personal data are erased by two people, never while a duty to keep them runs, and the record still verifies."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from service.erasure.erasures import ROLES
from service.erasure.ports import Ground
from service.store.audit import AuditLog
from service.web.schemas.answer import AnswerSchema
from service.web.schemas.erasures import ErasureSchema, ErasuresSchema
from tests.integration.conftest import Api
from tests.integration.erasures import (
    AMERICAN,
    GERMAN,
    Person,
    a_person,
    canary,
    every_cell,
    found_in,
    full_request,
)
from tests.integration.test_api_screenings import problem

HIRE = {"worker": {"name": "Ri Song Hak", "nationalities": ["PRK"]}, "as_of": "2018-08-03", "reference": "REQ-7"}


@pytest.fixture
def anna(api: Api) -> Person:
    return a_person(api, "anna")


@pytest.fixture
def bo(api: Api) -> Person:
    return a_person(api, "bo", "reviewer")


def screened(api: Api, body: dict[str, Any]) -> str:
    response = api.screen(body)
    assert response.status_code == 201, response.data
    return str(response.get_json()["id"])


def ask(api: Api, person: Person, **body: Any) -> Any:
    return api.call("POST", "/v1/erasures", key=person.key, json={"ground": "no_longer_needed", **body})


def approve(api: Api, person: Person, erasure: str) -> Any:
    return api.call("POST", f"/v1/erasures/{erasure}/approve", key=person.key)


def erase(api: Api, anna: Person, bo: Person, *screenings: str) -> dict[str, Any]:
    made = ask(api, anna, screenings=list(screenings))
    assert made.status_code == 201, made.data
    done = approve(api, bo, made.get_json()["id"])
    assert done.status_code == 200, done.data
    return dict(done.get_json())


def leaves(api: Api, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(entry.leaf) for entry in AuditLog(api.service.database).export()]
    return [leaf for leaf in found if leaf["type"] == kind]


def test_two_people_erase_and_the_decision_stays(api: Api, anna: Person, bo: Person) -> None:
    before = api.screen(HIRE | GERMAN).get_json()
    made = ask(api, anna, screenings=[before["id"]])
    assert made.status_code == 201
    asked = made.get_json()
    assert ErasureSchema().validate(asked) == {}
    assert (asked["state"], asked["requested_by"].split(":")[0], asked["people_needed"]) == ("requested", "key", 2)
    assert made.headers["Location"] == f"/v1/erasures/{asked['id']}"
    assert api.call("GET", f"/v1/screenings/{before['id']}").get_json() == before, "nothing happens before the approval"
    done = approve(api, bo, asked["id"]).get_json()
    assert (done["state"], [item["state"] for item in done["screenings"]]) == ("done", ["erased"])
    after = api.call("GET", f"/v1/screenings/{before['id']}").get_json()
    assert AnswerSchema().validate(after) == {}
    for kept in ("id", "decision", "action", "clauses", "lists", "rulebook", "decided_at", "audit", "stage"):
        assert after[kept] == before[kept]
    assert [f["clause"] for f in after["findings"]] == [f["clause"] for f in before["findings"]]
    assert [f["outcome"] for f in after["findings"]] == [f["outcome"] for f in before["findings"]]
    assert after["erased_at"][:10] == done["settled_at"][:10]
    assert (after["reference"], after["matches"]) == (None, [])
    (leaf,) = leaves(api, "erasure")
    assert leaf["id"] == done["entry_id"]
    assert leaf["entries"] == [before["audit"]["entry_id"]]
    assert leaf["ground"] == "no_longer_needed"
    assert leaf["people"] == sorted([f"account:{anna.account}", f"account:{bo.account}"])
    assert [leaf["type"] for leaf in leaves(api, "erasure_request") + leaves(api, "erasure_approve")] == [
        "erasure_request",
        "erasure_approve",
    ]


def test_nobody_approves_an_erasure_alone(api: Api, anna: Person, bo: Person) -> None:
    erasure = ask(api, anna, screenings=[screened(api, HIRE | GERMAN)]).get_json()["id"]
    problem(approve(api, anna, erasure), 403, "second-person-required")
    second_key = api.new_key("admin")
    problem(
        api.call("POST", f"/v1/erasures/{erasure}/approve", key=second_key), 403, "second-person-required"
    )  # a program's key
    assert api.service.erasures().get(erasure).state == "requested"
    assert approve(api, bo, erasure).get_json()["state"] == "done"
    problem(approve(api, bo, erasure), 409, "erasure-settled")


def test_the_same_person_by_key_and_by_account_is_one(api: Api, anna: Person) -> None:
    from service.errors import SecondPersonError

    erasure = ask(api, anna, screenings=[screened(api, HIRE | GERMAN)]).get_json()["id"]
    with pytest.raises(SecondPersonError):
        api.service.erasures().approve(erasure, anna.actor)


def test_what_a_program_asks_for_needs_two_people(api: Api, anna: Person, bo: Person) -> None:
    screening = screened(api, HIRE | GERMAN)
    made = api.call(
        "POST", "/v1/erasures", key=api.new_key("admin"), json={"screenings": [screening], "ground": "objection"}
    )
    erasure = made.get_json()["id"]
    assert approve(api, anna, erasure).get_json()["state"] == "requested"
    problem(approve(api, anna, erasure), 403, "second-person-required")
    assert approve(api, bo, erasure).get_json()["state"] == "done"


def test_an_approval_of_somebody_whose_account_ended_does_not_count(api: Api, anna: Person, bo: Person) -> None:
    erasure = ask(api, anna, screenings=[screened(api, HIRE | GERMAN)]).get_json()["id"]
    api.service.accounts.disable("anna")
    assert approve(api, bo, erasure).get_json()["state"] == "requested"
    assert approve(api, a_person(api, "cy"), erasure).get_json()["state"] == "done"


@pytest.mark.parametrize("role", ["screener", "auditor"])
def test_other_roles_neither_ask_nor_approve(api: Api, anna: Person, role: str) -> None:
    assert role not in ROLES
    screening, other = screened(api, HIRE | GERMAN), a_person(api, "dee", role)
    problem(ask(api, other, screenings=[screening]), 403, "forbidden")
    erasure = ask(api, anna, screenings=[screening]).get_json()["id"]
    problem(approve(api, other, erasure), 403, "forbidden")
    problem(api.call("POST", f"/v1/erasures/{erasure}/refuse", key=other.key), 403, "forbidden")
    assert api.call("GET", f"/v1/erasures/{erasure}", key=other.key).status_code == 200


def test_a_running_duty_refuses_and_names_itself(api: Api, anna: Person) -> None:
    screening = screened(api, HIRE | AMERICAN)
    said = problem(ask(api, anna, screenings=[screening]), 409, "retention-duty")
    (duty,) = said["retention"]
    assert (duty["screening"], duty["class"]) == (screening, "us-nexus")
    assert "501.601" in duty["basis"]
    decided = api.call("GET", f"/v1/screenings/{screening}").get_json()["decided_at"][:10]
    assert duty["keep_until"] == f"{int(decided[:4]) + 10}{decided[4:]}"
    assert duty["keep_until"] in said["detail"]
    assert leaves(api, "erasure_request") == []


def test_a_screening_of_nobody_s_law_is_kept_longest(api: Api, anna: Person) -> None:
    said = problem(ask(api, anna, screenings=[screened(api, HIRE)]), 409, "retention-duty")
    assert said["retention"][0]["class"] == "longest"


def test_what_may_be_erased_is_and_the_rest_is_named(api: Api, anna: Person, bo: Person) -> None:
    free, bound = screened(api, HIRE | GERMAN), screened(api, HIRE | AMERICAN)
    problem(ask(api, anna, reference="REQ-7", scope="all"), 409, "retention-duty")
    erasure = ask(api, anna, reference="REQ-7").get_json()
    assert {item["screening"] for item in erasure["screenings"]} == {free, bound}
    done = approve(api, bo, erasure["id"]).get_json()
    states = {item["screening"]: (item["state"], item["class"]) for item in done["screenings"]}
    assert states == {free: ("erased", "eu"), bound: ("kept", "us-nexus")}
    assert "erased_at" in api.call("GET", f"/v1/screenings/{free}").get_json()
    assert "erased_at" not in api.call("GET", f"/v1/screenings/{bound}").get_json()
    assert leaves(api, "erasure")[0]["screenings"] == [free]


def test_a_refused_erasure_erases_nothing(api: Api, anna: Person, bo: Person) -> None:
    screening = screened(api, HIRE | GERMAN)
    erasure = ask(api, anna, screenings=[screening]).get_json()["id"]
    refused = api.call("POST", f"/v1/erasures/{erasure}/refuse", key=bo.key).get_json()
    assert refused["state"] == "refused"
    problem(approve(api, bo, erasure), 409, "erasure-settled")
    assert "erased_at" not in api.call("GET", f"/v1/screenings/{screening}").get_json()
    assert leaves(api, "erasure_refuse")[0]["erasure"] == erasure


def test_faults_of_a_request_are_pointed_at(api: Api, anna: Person, bo: Person) -> None:
    screening = screened(api, HIRE | GERMAN)
    for body, pointer in (
        ({"screenings": [screening, str(uuid4())]}, "/screenings/1"),
        ({"screenings": ["x"]}, "/screenings/0"),
        ({"reference": "REQ-8"}, "/reference"),
        ({}, ""),
        ({"screenings": [screening], "reference": "REQ-7"}, ""),
        ({"screenings": [screening], "case": "Kim Yong Chol"}, "/case"),
        ({"screenings": [screening], "ground": "because"}, "/ground"),
        ({"screenings": [screening], "scope": "some"}, "/scope"),
        ({"screenings": [screening], "why": "x"}, "/why"),
    ):
        said = problem(ask(api, anna, **body), 422, "invalid-request")
        assert [each["pointer"] for each in said["errors"]] == [pointer]
    problem(api.call("GET", f"/v1/erasures/{uuid4()}"), 404, "erasure-not-found")
    problem(approve(api, anna, str(uuid4())), 404, "erasure-not-found")
    erase(api, anna, bo, screening)
    problem(ask(api, anna, screenings=[screening]), 409, "nothing-to-erase")


def test_erasures_are_listed_a_page_at_a_time(api: Api, anna: Person, bo: Person) -> None:
    made = [ask(api, anna, screenings=[screened(api, HIRE | GERMAN)]).get_json()["id"] for _ in range(3)]
    approve(api, bo, made[0])
    first = api.call("GET", "/v1/erasures?limit=2")
    assert ErasuresSchema().validate(first.get_json()) == {}
    assert [each["id"] for each in first.get_json()["erasures"]] == [made[2], made[1]]
    path = first.headers["Link"].split(">")[0].removeprefix("<")
    rest = api.call("GET", path)
    assert [each["id"] for each in rest.get_json()["erasures"]] == [made[0]]
    assert "Link" not in rest.headers
    done = api.call("GET", "/v1/erasures?state=done").get_json()["erasures"]
    assert [each["id"] for each in done] == [made[0]]
    for wrong in ("limit=0", "limit=x", "state=gone", "cursor=x"):
        problem(api.call("GET", f"/v1/erasures?{wrong}"), 400, "invalid-parameter")


def sign(api: Api, person: Person, screening: str, reason: str) -> None:
    """Sign the review of a screening in this person's words."""
    path = f"/v1/reviews/{screening}"
    tag = api.call("GET", path, key=person.key).headers["ETag"]
    said = {"verdict": "block", "reason": reason}
    done = api.call("POST", f"{path}/dispositions", key=person.key, json=said, headers={"If-Match": tag})
    assert done.status_code == 201, done.data


def test_a_canary_in_every_field_is_gone_from_every_table(
    api: Api, anna: Person, bo: Person, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    body, canaries = full_request()
    response = api.screen(body, headers={"Idempotency-Key": "hire-1"})
    assert response.status_code == 201, response.data
    screening = response.get_json()["id"]
    canaries["disposition"] = canary()
    sign(api, bo, screening, f"The passport of {canaries['disposition']} was seen.")
    where = found_in(database_url, canaries)
    assert {table for _, table, _ in where} == {"screening_private", "audit_private", "screening"}
    assert {field for field, table, _ in where if table == "screening_private"} == set(canaries) - {"disposition"}
    assert {(f, c) for f, t, c in where if t == "screening"} == {("reference", "reference")}
    assert {f for f, t, _ in where if t == "audit_private"} >= {"reference", "worker.name", "disposition"}
    erase(api, anna, bo, screening)
    assert found_in(database_url, canaries) == set()
    after = api.call("GET", response.headers["Location"])
    exported = b"".join(
        entry.leaf + " ".join(entry.disclosures).encode() for entry in AuditLog(api.service.database).export()
    )
    logged = "".join(capfd.readouterr())
    assert "/v1/erasures" in logged, "the log was looked at"
    for place in (after.data.decode(), exported.decode(), logged, str(response.headers), str(after.headers)):
        assert [field for field, text in canaries.items() if text in place] == []


def test_before_the_erasure_a_canary_stands_in_no_log_leaf_error_metric_or_url(
    api: Api, anna: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    body, canaries = full_request()
    screening = api.screen(body)
    refused = api.screen({**body, "unknown": canaries["worker.name"], "stage": canaries["reference"]})
    problem(refused, 422, "invalid-request")
    broken = api.call("POST", "/v1/screenings", data=json.dumps(body)[:-1], content_type="application/json")
    problem(broken, 400, "malformed-body")
    asked = ask(api, anna, reference=canaries["reference"])
    assert asked.status_code == 201
    unknown = ask(api, anna, reference=canary())
    leaves_only = b"".join(entry.leaf for entry in AuditLog(api.service.database).export())
    metrics = api.client.get("/metrics")
    places = {
        "log": "".join(capfd.readouterr()),
        "leaves": leaves_only.decode(),
        "metrics": metrics.get_data(as_text=True),
        "urls": str(screening.headers) + str(asked.headers),
        "errors": refused.text + broken.text + unknown.text,
        "erasure": asked.text + api.call("GET", "/v1/erasures").text,
    }
    dates = {"date_of_birth", "finalised_on", "owner_birth"}
    for place, text in places.items():
        assert text, place
        shown = [field for field, value in canaries.items() if value in text and field not in dates]
        assert shown == [], place
        assert [field for field in dates if canaries[field] in text] == [], place


def test_the_search_for_canaries_looks_everywhere(api: Api, database_url: str) -> None:
    api.screen(HIRE | GERMAN)
    tables = {table for table, _, _ in every_cell(database_url)}
    assert {"screening", "screening_private", "audit_entry", "audit_private", "api_key"} <= tables


def test_an_idempotency_key_and_its_request_cannot_be_read_back(api: Api, database_url: str) -> None:
    import hashlib

    import rfc8785

    key = "anna.smith@example.org"
    first = api.screen(HIRE | GERMAN, headers={"Idempotency-Key": key})
    again = api.screen(HIRE | GERMAN, headers={"Idempotency-Key": key})
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    problem(api.screen(HIRE, headers={"Idempotency-Key": key}), 422, "idempotency-key-reused")
    with psycopg.connect(database_url) as connection:
        ((stored_key, fingerprint),) = connection.execute("select key, fingerprint from idempotency").fetchall()
    assert key not in stored_key
    assert fingerprint != hashlib.sha256(rfc8785.dumps(HIRE | GERMAN)).hexdigest()


def test_a_repeated_request_after_an_erasure_is_a_new_screening(api: Api, anna: Person, bo: Person) -> None:
    headers = {"Idempotency-Key": "hire-1"}
    first = api.screen(HIRE | GERMAN, headers=headers).get_json()
    erase(api, anna, bo, first["id"])
    again = api.screen(HIRE | GERMAN, headers=headers)
    assert again.status_code == 201
    assert again.get_json()["id"] != first["id"]


def test_every_ground_is_published() -> None:
    assert {each.value for each in Ground} == set(ErasureSchema().fields["ground"].validate.choices)
