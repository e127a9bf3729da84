"""What-if over HTTP and at the desk: the answer that would be given, what would change it, and no record of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from service.config import Mode
from service.lists import starter
from service.web.api.describing import example
from service.web.schemas.screening import load_request
from service.web.schemas.what_if import WhatIfSchema
from tests.integration.conftest import Api
from tests.unit.test_bands import OLD_CONTRACT

BODIES = (
    OLD_CONTRACT,
    example("request"),
    {"worker": {"name": "A B"}, "stage": "pre_offer", "jurisdictions": ["US"]},
    {**OLD_CONTRACT, "contract": {"remuneration": "paid"}},
)
ONLY_ON_RECORD = {"id", "audit", "links"}
ONLY_IN_WHAT_IF = {"flips", "bands", "settling"}


def ask(api: Api, body: Any, **options: Any) -> Any:
    return api.call("POST", "/v1/screenings/what-if", json=body, **options)


@pytest.mark.parametrize("body", BODIES)
def test_it_answers_as_a_screening_would_and_says_what_would_change_it(api: Api, body: dict[str, Any]) -> None:
    now = datetime.now(UTC).isoformat()
    body = {"as_of": now, "known_at": now, **body}
    response = ask(api, body)
    assert response.status_code == 200, response.data
    supposed, recorded = response.get_json(), api.screen(body).get_json()
    assert set(supposed) == set(recorded) - ONLY_ON_RECORD | ONLY_IN_WHAT_IF
    assert WhatIfSchema().validate(supposed) == {}
    for name in set(recorded) - ONLY_ON_RECORD - {"decided_at"}:
        assert supposed[name] == recorded[name], name


def test_nothing_of_it_is_recorded(api: Api) -> None:
    kept = api.screen(OLD_CONTRACT).get_json()
    before = list(api.service.audit.export())
    response = ask(api, OLD_CONTRACT, headers={"Idempotency-Key": "what-if-1"})
    assert response.status_code == 200
    assert "Location" not in response.headers
    assert list(api.service.audit.export()) == before
    with api.service.database.connection() as connection:
        counted = connection.execute("select count(*) from screening").fetchone()
    assert counted is not None
    assert counted[0] == 1
    assert api.call("GET", kept["links"]["self"]).get_json() == kept


def test_a_screening_on_either_side_of_a_flip_is_decided_as_the_flip_says(api: Api) -> None:
    flips = [flip for flip in ask(api, OLD_CONTRACT).get_json()["flips"] if flip["field"] == "contract.finalised_on"]
    assert [flip["on"] for flip in flips] == ["2017-09-11", "2017-09-13"]
    for day, decision in (("2017-09-10", "allow"), ("2017-09-11", "review"), ("2017-09-13", "deny")):
        body = {**OLD_CONTRACT, "contract": {**OLD_CONTRACT["contract"], "finalised_on": day}}
        assert api.screen(body).get_json()["decision"] == decision
    assert [(flip["before"], flip["after"]) for flip in flips] == [("allow", "review"), ("review", "deny")]
    assert {"clause": "UN-2375-17", "before": ["review"], "after": ["deny"]} in flips[1]["changed"]


def test_a_listing_flips_the_answer_on_its_day(api: Api) -> None:
    listing = next(each for each in starter.listings("un_sc") if each.reference == "KPe.044")
    assert listing.listed_on is not None
    party = {"role": "legal_employer", "name": listing.name, "country": "PRK"}
    body = {**OLD_CONTRACT, "counterparties": [party]}
    found = [flip for flip in ask(api, body).get_json()["flips"] if flip["on"] == listing.listed_on.isoformat()]
    assert [flip["field"] for flip in found] == ["as_of"]
    assert "UN-1718-8d" in {changed["clause"] for changed in found[0]["changed"]}


def test_what_would_settle_a_review_is_named(api: Api) -> None:
    body = {**OLD_CONTRACT, "contract": {**OLD_CONTRACT["contract"], "ends_on": None}}
    answer = ask(api, body).get_json()
    assert answer["decision"] == "review"
    assert answer["settling"] == [{"fields": ["contract.ends_on"], "decisions": ["allow", "deny"]}]
    assert ask(api, OLD_CONTRACT).get_json()["settling"] == []


def test_a_name_that_hides_something_is_allowed_on_no_day(api: Api) -> None:
    worker = {"name": "Pak\u200b Un Gyong", "nationalities": [{"country": "MNG", "evidence": "passport"}]}
    answer = ask(api, {**OLD_CONTRACT, "worker": worker}).get_json()
    assert answer["decision"] == "review"
    assert {band["decision"] for band in answer["bands"]} == {"review"}


def test_what_may_not_be_used_at_a_stage_is_left_aside_here_too(api: Api) -> None:
    body = {**OLD_CONTRACT, "stage": "pre_offer", "jurisdictions": ["US"]}
    answer = ask(api, body).get_json()
    assert "worker.nationalities" in {each["field"] for each in answer["ignored_fields"]}
    assert {band["decision"] for band in answer["bands"]} == {"allow"}


def test_an_auditor_may_not_ask_and_faults_are_told_as_for_a_screening(api: Api, make_api: Callable[..., Api]) -> None:
    assert ask(api, OLD_CONTRACT, key=api.new_key("auditor")).status_code == 403
    fault = ask(api, {"worker": {"name": "A", "colour": "blue"}})
    assert fault.status_code == 422
    assert fault.get_json()["errors"][0]["pointer"] == "/worker/colour"
    assert ask(make_api(Mode.PRODUCTION), OLD_CONTRACT).status_code == 503


def test_the_order_of_asking_changes_no_byte(api: Api) -> None:
    desk, request = api.service.desk, load_request(OLD_CONTRACT, now=datetime(2026, 11, 1, tzinfo=UTC))
    one, other = (desk.what_if(request, body=OLD_CONTRACT) for _ in range(2))
    assert {**one, "decided_at": ""} == {**other, "decided_at": ""}
