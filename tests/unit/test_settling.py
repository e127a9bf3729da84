"""Which missing facts would settle a review: the smallest sets, and what can come of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import comb
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from service.rulebook import current
from service.screening.bands import Standing
from service.screening.case import Case
from service.screening.decide import Judgement, MissingFact, decide
from service.screening.facts import JointVenture, ScreeningRequest
from service.screening.finding import Outcome
from service.screening.moment import Moment, Order
from service.screening.plausible import VALUES, filled, plausible
from service.screening.questions import QUESTIONS
from service.screening.settling import MOST_JUDGEMENTS, Judge, settling_sets
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


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.requests)
def test_a_missing_fact_never_leads_a_clause_to_what_the_answer_left_out(request: ScreeningRequest) -> None:
    judgement = judge(request)
    for missing in judgement.missing:
        for tried in plausible(request, missing.field, missing.settles):
            said = Standing.of(judge(tried))
            for clause in missing.settles:
                outcomes = {outcome.word for outcome in said.outcomes_of(clause)} or {"allow"}
                of_other_parties = {outcome.word for outcome in Standing.of(judgement).outcomes_of(clause)}
                assert outcomes - of_other_parties <= {*missing.if_known}, (missing, clause)


def test_a_share_is_tried_at_nothing_and_at_the_whole() -> None:
    request = asked(counterparties=[{"role": "client", "name": "A", "owners": [{"name": "B"}]}])
    tried = plausible(request, "counterparties[0].owners[0].share_percent", ())
    assert [each.counterparties[0].owners[0].share_percent for each in tried] == [0, 100]


def test_a_day_is_tried_before_and_after_all_that_the_law_and_the_request_know() -> None:
    request = asked(contract={**OLD_CONTRACT["contract"], "ends_on": None})
    tried = [each.contract.ends_on for each in plausible(request, "contract.ends_on", ())]
    assert tried == [date(1950, 1, 1), date(2150, 1, 1)]


def test_protection_is_tried_as_none_and_as_that_of_the_place_of_work() -> None:
    for work, place in (({"country": "RU", "performed_from": "CN"}, "CN"), ({"country": "RU"}, "RU"), ({}, "MN")):
        none, refugee = plausible(asked(work=work), "worker.protection.status", ())
        assert none.worker.protection.status.value == "none"
        country = refugee.worker.protection.country
        assert (refugee.worker.protection.status.value, country and country.code) == ("refugee", place)


def test_an_approval_is_tried_for_each_clause_that_waits_for_one_beside_those_on_file() -> None:
    request = asked(exemptions=[{"clause": "UN-2397-8", "kind": "committee_approval"}])
    [tried] = plausible(request, "exemptions", ("UN-2375-17", "UN-2375-18"))
    assert [each.clause for each in tried.exemptions] == ["UN-2397-8", "UN-2375-17", "UN-2375-18"]


def test_the_hour_of_a_contract_is_tried_on_its_own_day_and_its_day_where_none_is_known() -> None:
    dated = asked(contract={**OLD_CONTRACT["contract"], "finalised_on": "2017-09-12"})
    first, last = (each.contract.finalised for each in plausible(dated, "contract.finalised_at", ()))
    assert (first and first.instant, last and last.instant) == (
        datetime(2017, 9, 11, 10, 0, tzinfo=UTC),
        datetime(2017, 9, 13, 11, 59, tzinfo=UTC),
    )
    undated = asked(contract={**OLD_CONTRACT["contract"], "finalised_on": None})
    tried = [each.contract.finalised for each in plausible(undated, "contract.finalised_at", ())]
    assert tried == [Moment(date(1950, 1, 1)), Moment(date(2150, 1, 1))]


def test_what_stands_before_and_after_a_filled_place_stays() -> None:
    events = [{"kind": "renewal"}, {"kind": "assignment"}, {"kind": "extension"}, {"kind": "re_entry"}]
    request = asked(contract={**OLD_CONTRACT["contract"], "events": events})
    full = filled(request, "contract.events[1].on", date(2018, 1, 1))
    assert [(each.kind.value, each.on) for each in full.contract.events] == [
        ("renewal", None),
        ("assignment", date(2018, 1, 1)),
        ("extension", None),
        ("re_entry", None),
    ]


def test_a_set_is_listed_only_for_what_no_smaller_one_leads_to() -> None:
    contract = {**OLD_CONTRACT["contract"], "ends_on": None, "written": None, "evidence": []}
    found = sets_of(asked(contract=contract))
    assert {frozenset(fields): decisions for fields, decisions in found.items()} == {
        frozenset({"contract.written"}): (REVIEW, DENY),
        frozenset({"contract.ends_on"}): (REVIEW, DENY),
        frozenset({"contract.written", "contract.ends_on", "contract.evidence"}): (ALLOW, DENY),
    }


def test_a_denial_has_nothing_to_settle_though_some_of_its_clauses_wait_for_facts() -> None:
    request = asked(contract={**OLD_CONTRACT["contract"], "finalised_on": "2018-02-01", "ends_on": None})
    assert judge(request).missing
    assert sets_of(request) == {}


def waiting_for(*fields: str) -> tuple[list[int], Judge]:
    """A judge that never settles and always asks for ``fields``, and how often it was asked."""
    asked_for = tuple(MissingFact(field=f, question="?", settles=("A",), if_known=("deny",)) for f in fields)
    answer = Judgement(outcome=REVIEW, findings=(), missing=asked_for, not_evaluated=(), summary="")
    count = [0]

    def judge(_: ScreeningRequest) -> Judgement:
        count[0] += 1
        return answer

    return count, judge


def test_at_most_five_facts_are_tried_together() -> None:
    of_one_value = (
        "worker.protection.evidence",
        "worker.protection.country",
        "worker.right_to_work",
        "contract.evidence",
        "contract.training_field",
        "work.employer_country",
    )
    request = asked(contract={**OLD_CONTRACT["contract"], "evidence": []})
    count, judge = waiting_for(*of_one_value)
    assert settling_sets(request, judge, judge(request)) == ()
    assert count[0] - 1 == sum(comb(6, together) for together in (1, 2, 3, 4, 5))


def test_at_most_four_hundred_variants_are_judged() -> None:
    of_several_values = [field for field, values in VALUES.items() if len(values) > 1 and "[]" not in field]
    count, judge = waiting_for(*of_several_values)
    settling_sets(asked(), judge, judge(asked()))
    assert count[0] - 1 == 400
