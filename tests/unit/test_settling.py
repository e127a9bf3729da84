"""Which missing facts would settle a review: the smallest sets, and what can come of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from service.rulebook import current
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.facts import JointVenture, ScreeningRequest
from service.screening.finding import Outcome
from service.screening.moment import Moment, Order
from service.screening.plausible import filled, plausible
from service.screening.questions import QUESTIONS
from service.screening.settling import MOST_JUDGEMENTS, settling_sets
from service.web.schemas.screening import load_request
from tests import rule_strategies as some
from tests.unit.test_bands import OLD_CONTRACT

ALLOW, REVIEW, DENY = Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY


def judge(request: ScreeningRequest) -> Judgement:
    return decide(Case(request=request), current().rules)


def asked(**changes: Any) -> ScreeningRequest:
    body: dict[str, Any] = {**OLD_CONTRACT, **changes}
    return load_request(body, now=datetime(2026, 11, 23, tzinfo=UTC))


def sets_of(request: ScreeningRequest) -> dict[tuple[str, ...], tuple[Outcome, ...]]:
    return {each.fields: each.decisions for each in settling_sets(request, judge, judge(request))}


def test_one_missing_date_settles_a_review_alone_and_either_way() -> None:
    contract = {**OLD_CONTRACT["contract"], "ends_on": None}
    assert sets_of(asked(contract=contract)) == {("contract.ends_on",): (ALLOW, DENY)}


def test_facts_that_only_together_allow_are_one_set_and_each_that_denies_alone_another() -> None:
    contract = {**OLD_CONTRACT["contract"], "ends_on": None, "written": None}
    assert sets_of(asked(contract=contract)) == {
        ("contract.written",): (REVIEW, DENY),
        ("contract.ends_on",): (REVIEW, DENY),
        ("contract.written", "contract.ends_on"): (ALLOW, DENY),
    }


def test_a_nationality_that_is_not_known_may_allow_alone() -> None:
    worker = {"name": "Pak Un Gyong", "protection": {"status": "none"}}
    sets = sets_of(asked(worker=worker, contract={"finalised_on": "2018-02-01", "remuneration": "paid"}))
    assert sets == {("worker.nationalities",): (ALLOW, DENY)}


def test_a_day_that_the_adoption_divides_is_settled_by_its_hour() -> None:
    contract = {**OLD_CONTRACT["contract"], "finalised_on": "2017-09-12"}
    assert sets_of(asked(contract=contract)) == {("contract.finalised_at",): (ALLOW, DENY)}


@pytest.mark.parametrize("finalised_on", ["2017-09-01", "2018-02-01"])
def test_what_is_no_review_has_nothing_to_settle(finalised_on: str) -> None:
    request = asked(contract={**OLD_CONTRACT["contract"], "finalised_on": finalised_on})
    assert judge(request).outcome is not REVIEW
    assert sets_of(request) == {}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.requests)
def test_the_search_is_bounded_and_every_set_is_of_missing_facts(request: ScreeningRequest) -> None:
    count = 0

    def counted(each: ScreeningRequest) -> Judgement:
        nonlocal count
        count += 1
        return judge(each)

    found = settling_sets(request, counted, judge(request))
    assert count <= MOST_JUDGEMENTS
    assert len({each.fields for each in found}) == len(found)
    for each in found:
        assert each.fields
        assert set(each.decisions) & {ALLOW, DENY}


def test_every_value_that_is_tried_can_be_put_in_its_place() -> None:
    body = {
        "counterparties": [{"role": "client", "name": "A", "owners": [{"name": "B"}]}],
        "exemptions": [{"clause": "UN-2375-17", "kind": "committee_approval"}],
    }
    contract = {**OLD_CONTRACT["contract"], "events": [{"kind": "renewal"}]}
    request = asked(contract=contract, **body)
    tried = {shape: plausible(request, shape.replace("[]", "[0]"), ("UN-2375-17",)) for shape in QUESTIONS}
    assert all(isinstance(each, ScreeningRequest) for found in tried.values() for each in found)
    untried = {shape for shape, found in tried.items() if not found}
    of_a_listing = {shape for shape in untried if shape.endswith((".date_of_birth", ".identifiers", "].country"))}
    assert untried - of_a_listing == {"authorisation.extended_on[]", "exemptions[].power"}


def test_the_hours_tried_are_the_ends_of_the_day_anywhere_on_earth() -> None:
    day = replace(asked(), as_of=Moment(date(2017, 9, 12)))
    first, last = (each.as_of for each in plausible(day, "as_of", ()))
    adoption = datetime(2017, 9, 11, 22, 12, tzinfo=UTC)
    assert (first.compare(adoption), last.compare(adoption)) == (Order.BEFORE, Order.AFTER)


def test_a_part_that_the_request_left_out_is_made_where_a_field_within_it_is_filled() -> None:
    request = asked(counterparties=[{"role": "client", "name": "A"}])
    full = filled(request, "counterparties[0].joint_venture.dprk_party", True)
    assert full.counterparties[0].joint_venture == JointVenture(dprk_party=True)
    with pytest.raises(ValueError, match="no path"):
        filled(request, "counterparties[x].name", "B")
