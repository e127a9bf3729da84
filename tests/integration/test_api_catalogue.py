"""The catalogue over HTTP: every clause by its id, and the indicators."""

from __future__ import annotations

from service.rulebook.indicators import INDICATOR_CODES
from service.web.schemas.catalogue import IndicatorsSchema, OneClauseSchema
from tests.integration.conftest import Api


def test_every_clause_of_the_rulebook_is_found_by_its_id_and_has_the_published_shape(api: Api) -> None:
    clauses = api.call("GET", "/v1/rulebook").get_json()["clauses"]
    assert len(clauses) > 40
    for clause in clauses:
        alone = api.call("GET", f"/v1/rulebook/clauses/{clause['id']}").get_json()
        assert OneClauseSchema().validate(alone) == {}
        alone.pop("cases")
        assert alone == clause
    unchanged = api.call("GET", "/v1/rulebook/clauses/UN-2375-17", headers={"If-None-Match": "x"})
    again = api.call("GET", "/v1/rulebook/clauses/UN-2375-17", headers={"If-None-Match": unchanged.headers["ETag"]})
    assert again.status_code == 304


def test_an_unknown_clause_is_a_problem(api: Api) -> None:
    response = api.call("GET", "/v1/rulebook/clauses/UN-9999-1")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.get_json()["type"] == "/problems/clause-not-found"


def test_the_indicators_are_those_that_a_request_may_name(api: Api) -> None:
    body = api.call("GET", "/v1/indicators").get_json()
    assert IndicatorsSchema().validate(body) == {}
    assert [each["code"] for each in body["indicators"]] == list(INDICATOR_CODES)
    clauses = {clause["id"] for clause in api.call("GET", "/v1/rulebook").get_json()["clauses"]}
    assert {each["clause"] for each in body["indicators"]} <= clauses


def test_a_clause_is_shown_with_the_cases_that_the_rulebook_is_tested_by(api: Api) -> None:
    cases = api.call("GET", "/v1/rulebook/clauses/UN-2375-17").get_json()["cases"]
    moved = next(case for case in cases if case["moves"] == "contract.finalised_on")
    assert {step["says"] for step in moved["steps"]} >= {"allow", "review", "deny"}
