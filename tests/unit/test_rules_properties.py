"""What no rule may ever do, whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.nationality.countries import is_nationality, parse_country
from service.screening import facts
from service.screening.case import Case
from service.screening.decide import Judgement
from service.screening.finding import Outcome
from service.screening.moment import Moment
from service.screening.nationals import PROVEN
from service.screening.questions import QUESTIONS, shape_of
from tests import rule_strategies as some

BRIEFLY = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@BRIEFLY
@given(some.requests, some.days, some.days)
def test_moving_only_the_contract_changes_only_clauses_whose_date_it_crossed(
    request: facts.ScreeningRequest, one: date, other: date
) -> None:
    first = some.worst_by_clause(some.judged(some.with_contract_of(request, Moment(one))))
    second = some.worst_by_clause(some.judged(some.with_contract_of(request, Moment(other))))
    changed = {clause for clause in first.keys() | second.keys() if first.get(clause) != second.get(clause)}
    crossed = min(one, other) <= date(2017, 9, 12) and max(one, other) >= date(2017, 9, 11)
    # Paragraph 8 of resolution 2397 gives time to leave to contracts that are older than resolution 2375.
    assert changed <= ({"UN-2375-17", "EU-2016-849-26a", "UN-2397-8"} if crossed else set())


@BRIEFLY
@given(some.requests, some.exemptions, st.data())
def test_an_exemption_never_worsens_and_touches_its_own_clause_alone(
    request: facts.ScreeningRequest, exemption: facts.Exemption, data: st.DataObject
) -> None:
    matches = data.draw(some.matches_for(request))
    exempted = replace(request, exemptions=(*request.exemptions, exemption))
    before, after = some.judged(request, matches), some.judged(exempted, matches)
    assert after.outcome.value <= before.outcome.value
    was, became = some.worst_by_clause(before), some.worst_by_clause(after)
    assert was.keys() == became.keys()
    changed = {clause for clause in was if was[clause] != became[clause]}
    if exemption.clause.startswith("UN-"):
        # A letter to a UN paragraph leaves the national clauses that mirror it to a person.
        mirrored = {clause for clause in changed if not clause.startswith("UN-") and became[clause] == 1}
        changed -= mirrored
    assert changed <= {exemption.clause}


@BRIEFLY
@given(some.requests, st.data())
def test_one_more_listed_owner_never_improves_the_answer(request: facts.ScreeningRequest, data: st.DataObject) -> None:
    if not request.counterparties:
        return
    matches = data.draw(some.matches_for(request))
    earlier = [day for day in some.DAYS if day <= request.as_of.day]
    if not earlier:
        return
    party = request.counterparties[0]
    owner = facts.Owner(name="Newly known", share_percent=data.draw(st.sampled_from((None, 10, 60))))
    grown = replace(party, owners=(*party.owners, owner))
    with_owner = replace(request, counterparties=(grown, *request.counterparties[1:]))
    path = f"counterparties[0].owners[{len(party.owners)}]"
    listed = some.match_of(path, data.draw(st.sampled_from(earlier)), sure=data.draw(st.booleans()))
    before = some.judged(request, matches)
    after = some.judged(with_owner, (*matches, listed))
    assert after.outcome.value >= before.outcome.value


def with_nationality(request: facts.ScreeningRequest, code: str) -> facts.ScreeningRequest:
    """The request with a proven nationality in place of the open ones; those that it proves already stay."""
    proven = tuple(
        each
        for each in request.worker.nationalities
        if each.basis is facts.NationalityBasis.HELD
        and each.evidence in PROVEN
        and each.country.code is not None
        and is_nationality(each.country.code)
    )
    learnt = facts.Nationality(country=parse_country(code), evidence=facts.Evidence.PASSPORT)
    return replace(request, worker=replace(request.worker, documents=(), nationalities=(*proven, learnt)))


FILLINGS = {
    "worker.nationalities": with_nationality,
    "contract.written": lambda r, code: replace(r, contract=replace(r.contract, written=code == "PRK")),
    "contract.ends_on": lambda r, code: replace(
        r, contract=replace(r.contract, ends_on=date(2019, 12, 22) if code == "PRK" else date(2019, 12, 23))
    ),
    "contract.remuneration": lambda r, code: replace(
        r,
        contract=replace(
            r.contract, remuneration=facts.Remuneration.PAID if code == "PRK" else facts.Remuneration.UNPAID
        ),
    ),
    "contract.evidence": lambda r, code: replace(
        r, contract=replace(r.contract, evidence=frozenset(facts.ContractEvidence))
    ),
    "authorisation.raises_state_total": lambda r, code: replace(
        r, authorisation=replace(r.authorisation, raises_state_total=code == "PRK")
    ),
    "contract.training_field": lambda r, code: replace(
        r, contract=replace(r.contract, training_field="nuclear" if code == "PRK" else "baking")
    ),
}


@BRIEFLY
@given(some.requests, st.data())
def test_supplying_a_missing_fact_moves_only_what_waited_for_it(
    request: facts.ScreeningRequest, data: st.DataObject
) -> None:
    before = some.judged(request)
    waiting = {each.field: each.settles for each in before.missing if each.field in FILLINGS}
    if not waiting:
        return
    field = data.draw(st.sampled_from(sorted(waiting)))
    after = some.judged(FILLINGS[field](request, data.draw(st.sampled_from(("PRK", "RUS")))))
    was, became = some.worst_by_clause(before), some.worst_by_clause(after)
    # A clause whose exception was met says as little as one that does not bear.
    changed = {clause for clause in was.keys() | became.keys() if was.get(clause, 0) != became.get(clause, 0)}
    assert changed <= set(waiting[field])
    assert before.outcome is not Outcome.DENY or after.outcome is Outcome.DENY


def outcomes(judgement: Judgement) -> list[tuple[str, int]]:
    return sorted((finding.clause.id, finding.outcome.value) for finding in judgement.findings)


@BRIEFLY
@given(some.requests)
def test_the_order_of_what_is_listed_changes_nothing(request: facts.ScreeningRequest) -> None:
    turned = replace(
        request,
        counterparties=tuple(replace(p, owners=p.owners[::-1]) for p in request.counterparties[::-1]),
        exemptions=request.exemptions[::-1],
        jurisdictions=request.jurisdictions[::-1],
        worker=replace(request.worker, nationalities=request.worker.nationalities[::-1]),
        contract=replace(request.contract, events=request.contract.events[::-1]),
    )
    assert outcomes(some.judged(turned)) == outcomes(some.judged(request))


@BRIEFLY
@given(some.requests, st.data())
def test_every_answer_is_whole(request: facts.ScreeningRequest, data: st.DataObject) -> None:
    """Each finding has a reason; each UN finding its national link; each missing field its own question."""
    matches = data.draw(some.matches_for(request))
    judgement = some.judged(request, matches)
    for finding in judgement.findings:
        assert finding.reason.strip().endswith(".")
        assert "  " not in finding.reason
        assert (finding.national_link is not None) == (finding.clause.jurisdiction == "UN")
        assert finding.outcome is Outcome.REVIEW or not finding.missing
        stated = {exception.id for exception in finding.clause.exceptions}
        assert {test.id for test in finding.exceptions} <= stated
        assert not Case(request=request).in_force(finding.clause).is_false or finding.clause.id.startswith("IND-")
    for missing in judgement.missing:
        assert shape_of(missing.field) in QUESTIONS
        assert missing.settles
    assert judgement.summary.endswith(".")


@BRIEFLY
@given(some.requests)
def test_the_same_question_is_answered_alike_every_time(request: facts.ScreeningRequest) -> None:
    assert some.judged(request) == some.judged(request)
