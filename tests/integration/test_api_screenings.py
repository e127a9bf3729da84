"""Screenings over HTTP: decided once, on record, and the same bytes ever after."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.config import Mode
from service.web.api.describing import example
from service.web.schemas.answer import AnswerSchema
from tests.integration.conftest import Api

HIRE = {"worker": {"name": "Ri Song Hak", "nationalities": ["PRK"]}, "as_of": "2018-08-03"}


def problem(response: Any, status: int, name: str) -> dict[str, Any]:
    assert response.status_code == status, response.data
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert body["type"] == f"/problems/{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == f"urn:request:{response.headers['X-Request-Id']}"
    return dict(body)


def test_the_example_of_the_document_is_answered_as_it_says(api: Api) -> None:
    response = api.screen(example("request"))
    assert response.status_code == 201
    answer, stated = response.get_json(), example("answer")
    assert set(answer) == set(stated)
    assert answer["decision"] == stated["decision"] == "deny"
    assert set(stated["clauses"]) <= set(answer["clauses"])  # later clauses may join
    assert "demo_mode" in {warning["code"] for warning in answer["warnings"]}


@pytest.mark.parametrize(
    "body",
    [
        HIRE,
        example("request"),
        {"worker": {"name": "A B"}, "stage": "pre_offer", "jurisdictions": ["US"]},
        {
            "worker": {"name": "Kim Yong Chol"},
            "counterparties": [
                {
                    "role": "client",
                    "name": "Korea General Corporation for External Construction",
                    "country": "PRK",
                    "owners": [{"name": "Зенко", "country": "PRK", "share_percent": 50}],
                    "joint_venture": {"dprk_party": True},
                }
            ],
            "indicators": ["proxy_interview"],
        },
    ],
)
def test_an_answer_has_the_published_shape(api: Api, body: dict[str, Any]) -> None:
    response = api.screen(body)
    assert response.status_code == 201, response.data
    assert AnswerSchema().validate(response.get_json()) == {}


def test_an_answer_is_read_again_byte_for_byte(api: Api) -> None:
    response = api.screen(HIRE)
    answer = response.get_json()
    assert response.headers["Location"] == answer["links"]["self"] == f"/v1/screenings/{answer['id']}"
    assert UUID(answer["id"]).version == 7
    again = api.call("GET", response.headers["Location"])
    assert again.status_code == 200
    assert again.data == response.data
    assert again.headers["Cache-Control"] == "no-store"
    unchanged = api.call("GET", response.headers["Location"], headers={"If-None-Match": again.headers["ETag"]})
    assert unchanged.status_code == 304
    assert unchanged.data == b""


def test_the_same_idempotency_key_gets_the_same_answer_however_it_is_quoted(api: Api) -> None:
    first = api.screen(HIRE, headers={"Idempotency-Key": '"hire-1"'})
    assert "Idempotency-Replayed" not in first.headers
    reordered = json.dumps(dict(reversed(HIRE.items())), indent=3)
    again = api.call(
        "POST",
        "/v1/screenings",
        data=reordered,
        content_type="application/json; charset=UTF-8",
        headers={"Idempotency-Key": "hire-1"},
    )
    assert again.status_code == 201
    assert again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"


def test_an_idempotency_key_belongs_to_one_body_and_to_one_caller(api: Api) -> None:
    headers = {"Idempotency-Key": "hire-2"}
    first = api.screen(HIRE, headers=headers)
    problem(api.screen({**HIRE, "stage": "employed"}, headers=headers), 422, "idempotency-key-reused")
    other = api.screen(HIRE, headers=headers, key=api.new_key())
    assert other.status_code == 201
    assert other.get_json()["id"] != first.get_json()["id"]


@pytest.mark.parametrize("key", ["", '""', '"', '"a', "a,b", 'a"b', '"a";x=1', "a" * 256, '"é"', "a b", '"a\\b"'])
def test_an_idempotency_key_that_cannot_be_read_is_refused(api: Api, key: str) -> None:
    problem(api.screen(HIRE, headers={"Idempotency-Key": key}), 400, "invalid-idempotency-key")


def test_an_unknown_or_misspelt_id_is_not_found(api: Api) -> None:
    problem(api.call("GET", f"/v1/screenings/{uuid4()}"), 404, "screening-not-found")
    problem(api.call("GET", "/v1/screenings/1"), 404, "not-found")


def test_every_fault_of_a_request_is_pointed_at(api: Api) -> None:
    body = {"worker": {"name": "Ri", "colour": "blue"}, "contract": {"finalised_on": "2017-02-30"}, "stage": "x"}
    found = problem(api.screen(body), 422, "invalid-request")["errors"]
    assert [each["pointer"] for each in found] == ["/contract/finalised_on", "/stage", "/worker/colour"]
    assert all(set(each) == {"pointer", "detail"} and each["detail"] for each in found)


def test_a_refused_request_is_not_recorded(api: Api) -> None:
    headers = {"Idempotency-Key": "hire-3"}
    problem(api.screen({"worker": {}}, headers=headers), 422, "invalid-request")
    assert api.screen(HIRE, headers=headers).status_code == 201


def test_without_a_required_list_nothing_is_decided(make_api: Callable[..., Api]) -> None:
    api = make_api(Mode.PRODUCTION)
    response = api.screen(HIRE)
    problem(response, 503, "lists-unavailable")
    assert int(response.headers["Retry-After"]) > 0
    ready = api.client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["lists"]["ok"] is False
    assert api.client.get("/livez").status_code == 200


def test_with_the_database_away_no_decision_leaves(api: Api) -> None:
    assert api.screen(HIRE).status_code == 201  # the key is known now, so it is the record that fails
    api.service.database.close()
    response = api.screen(HIRE)
    said = problem(response, 503, "store-unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "errors" not in said
    assert b'decision"' not in response.data
    assert api.client.get("/readyz").status_code == 503
