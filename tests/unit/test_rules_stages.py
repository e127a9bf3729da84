"""What may be used when and where, and what becomes of the clauses that needed it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from service.rulebook import current
from service.rulebook.stages import NATIONALITY_FIELDS, strip_body, usable_facts
from service.screening.facts import Stage
from service.web.schemas.screening import load_request
from tests.rule_cases import NOW, Body, bases, judge_body, listed, outcome_of, set_path

BASES = bases()
NEED_NATIONALITY = {clause.id for clause in current().clauses if "worker.nationalities" in clause.needs}


def body(base: str = "mason_in_russia", **changes: Any) -> Body:
    made = copy.deepcopy(BASES[base])
    for path, value in changes.items():
        set_path(made, path.replace("__", "."), value)
    return made


def pre_offer(country: str, **changes: Any) -> Body:
    place = {"country": country, "performed_from": country, "employer_country": country}
    return body(stage="pre_offer", as_of="2021-06-01", work=place, **changes)


def test_before_an_offer_the_united_states_never_use_nationality() -> None:
    judgement = judge_body(pre_offer("US"))
    assert judgement.outcome.word == "allow"
    assert {each.clause for each in judgement.not_evaluated} >= NEED_NATIONALITY
    assert {each.recheck_at_stage for each in judgement.not_evaluated} == {"offer_accepted"}
    assert not NEED_NATIONALITY & set(judgement.clauses)


@pytest.mark.parametrize("kind", ["work_permit", "quota_position", "student_visa", "visitor_visa"])
def test_a_permit_that_is_needed_opens_the_question_in_europe_but_not_in_the_united_states(kind: str) -> None:
    for country, evaluated in (("DE", True), ("GB", True), ("US", False)):
        judgement = judge_body(pre_offer(country, authorisation={"kind": kind}))
        assert ("UN-2397-8" in judgement.clauses) is evaluated


@pytest.mark.parametrize("country", ["DE", "PL", "GB"])
def test_without_a_permit_nationality_is_left_aside_before_an_offer_in_europe(country: str) -> None:
    judgement = judge_body(pre_offer(country, authorisation={"kind": "not_required"}))
    assert judgement.outcome.word == "allow"
    assert "UN-2397-8" in {each.clause for each in judgement.not_evaluated}


@pytest.mark.parametrize("country", ["RU", "AE", "CN", "NZ"])
def test_elsewhere_nationality_is_used_before_an_offer(country: str) -> None:
    judgement = judge_body(pre_offer(country))
    assert judgement.outcome.word == "deny"
    assert judgement.not_evaluated == ()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PRE_OFFER])
def test_from_the_accepted_offer_on_nothing_is_left_aside(stage: Stage) -> None:
    usable = usable_facts(load_request({**pre_offer("US"), "stage": stage.value}, now=NOW))
    assert usable.forbidden == {}


@pytest.mark.parametrize("jurisdiction", ["US", "EU", "FR", "GB"])
def test_a_stated_jurisdiction_binds_as_the_country_of_work_does(jurisdiction: str) -> None:
    asked = {**pre_offer("RU", authorisation={"kind": "not_required"}), "jurisdictions": [jurisdiction]}
    assert set(usable_facts(load_request(asked, now=NOW)).forbidden) == set(NATIONALITY_FIELDS)


def test_the_stricter_law_wins_where_several_bind() -> None:
    asked = {**pre_offer("DE"), "jurisdictions": ["US"]}
    forbidden = usable_facts(load_request(asked, now=NOW)).forbidden
    assert set(forbidden) == set(NATIONALITY_FIELDS)
    assert "United States" in forbidden["worker.nationalities"]


def test_what_may_not_be_used_is_gone_from_the_facts_and_from_what_is_stored() -> None:
    asked = pre_offer(
        "US",
        worker__right_to_work={"country": "US", "evidence": "passport"},
        worker__documents=[{"kind": "passport", "nationality": "PRK"}],
        authorisation__admitted_on={"kind": "passport", "country": "PRK"},
    )
    usable = usable_facts(load_request(asked, now=NOW))
    assert usable.request.worker.nationalities == ()
    assert usable.request.worker.documents == ()
    assert usable.request.authorisation.admitted_on is None
    stripped, carried = strip_body(asked, usable.forbidden)
    assert "PRK" not in str(stripped)
    assert carried == (
        "worker.nationalities",
        "worker.documents",
        "worker.protection",
        "worker.right_to_work",
        "authorisation.admitted_on",
    )
    assert asked["worker"]["nationalities"], "the caller's own body is left as it was"


@pytest.mark.parametrize(("country", "outcome"), [("US", "review"), ("DE", "review"), ("GB", "review"), ("RU", "deny")])
def test_before_an_offer_a_listed_name_only_asks_where_the_law_says_so(country: str, outcome: str) -> None:
    asked = pre_offer(country, worker__nationalities=[{"country": "SWE", "evidence": "passport"}])
    match = listed({"party": "worker", "kind": "person", "listed_on": NOW.date().replace(year=2016)})
    assert outcome_of(judge_body(asked, (match,)), "UN-1718-8d") == outcome
    asked["stage"] = "offer_accepted"
    assert outcome_of(judge_body(asked, (match,)), "UN-1718-8d") == "deny"


def test_counterparties_are_screened_alike_at_every_stage() -> None:
    asked = pre_offer("US", counterparties=[{"role": "legal_employer", "name": "Ryongpo Works", "country": "US"}])
    match = listed({"party": "counterparties[0]", "listed_on": NOW.date().replace(year=2016)})
    assert outcome_of(judge_body(asked, (match,)), "UN-1718-8d") == "deny"


@pytest.mark.parametrize(("role", "left_aside"), [("legal_employer", True), ("client", False)])
def test_the_country_of_the_legal_employer_binds_and_that_of_a_client_does_not(role: str, left_aside: bool) -> None:
    parties = [{"role": role, "name": "Bluefield", "country": "US"}, {"role": "legal_employer", "name": "Nobody's"}]
    usable = usable_facts(load_request({**pre_offer("RU"), "counterparties": parties}, now=NOW))
    assert bool(usable.forbidden) is left_aside


def test_what_a_request_leaves_out_is_not_said_to_have_been_carried() -> None:
    asked = {"worker": {"name": "A", "nationalities": [], "documents": None}, "authorisation": None}
    stripped, carried = strip_body(asked, NATIONALITY_FIELDS)
    assert (stripped, carried) == ({"worker": {"name": "A"}, "authorisation": None}, ())
    assert strip_body({"worker": {"name": "A"}}, ["authorisation.admitted_on"]) == ({"worker": {"name": "A"}}, ())
