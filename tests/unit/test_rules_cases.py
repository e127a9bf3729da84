"""Every case in ``tests/cases``, and the guard that each clause has one on either side of each of its dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.rulebook import POWERS, current
from service.screening.finding import Clause
from tests.rule_cases import Step, judge_body, outcome_of, steps

STEPS = list(steps())
NEAR = timedelta(days=2)  # a day that an adoption divides is neither before nor after, so two days are near


@pytest.mark.parametrize("step", STEPS, ids=[step.title for step in STEPS])
def test_the_case_is_answered_as_it_is_written(step: Step) -> None:
    judgement = judge_body(step.body, step.matches)
    said = [(f.clause.id, f.outcome.word, f.reason) for f in judgement.findings]
    assert outcome_of(judgement, step.clause) == step.outcome, said
    assert judgement.outcome.word == step.decision, said
    assert set(step.missing) <= {missing.field for missing in judgement.missing}
    assert not step.says or any(step.says in reason for clause, _, reason in said if clause == step.clause)


def boundaries(clause: Clause) -> list[date]:
    last = [clause.in_force_until] if clause.in_force_until else []
    return [clause.in_force_from, *last, *(day for _, day in clause.dates)]


CLAUSES = [
    clause for clause in current().clauses if clause not in POWERS and not clause.id.startswith(("LIST-", "IND-"))
]


@pytest.mark.parametrize("clause", CLAUSES, ids=[clause.id for clause in CLAUSES])
def test_a_clause_has_a_case_on_either_side_of_each_of_its_dates(clause: Clause) -> None:
    days = {step.at for step in STEPS if step.clause == clause.id and step.at is not None}
    uncovered = [
        day
        for day in boundaries(clause)
        if not any(day - NEAR <= tried < day for tried in days) or not any(day <= tried <= day + NEAR for tried in days)
    ]
    assert uncovered == [], f"{clause.id} has cases on {sorted(days)}"


@pytest.mark.parametrize("clause", CLAUSES, ids=[clause.id for clause in CLAUSES])
def test_a_clause_that_can_deny_has_a_case_in_which_it_does(clause: Clause) -> None:
    said = {step.outcome for step in STEPS if step.clause == clause.id}
    worst = "deny" if clause.effect == "deny" else "review"
    assert worst in said


def test_every_case_names_a_clause_of_the_rulebook() -> None:
    known = {clause.id for clause in current().clauses}
    assert [step.title for step in STEPS if step.clause not in known] == []


CLAUSE_IDS_OF_THE_CONTRACT = """
UN-1718-8d UN-1718-8e UN-2270-17 UN-2270-32 UN-2094-11 UN-2321-11 UN-2321-15 UN-2321-17 UN-2321-23 UN-2321-16
UN-2371-3 UN-2371-8 UN-2371-11 UN-2371-12 UN-2375-17 UN-2375-18 UN-2397-3 UN-2397-8 UN-2397-25 UN-2664-1 US-EO-13722
US-31CFR510-201 US-31CFR510-206 US-50PCT US-22USC9241a US-22USC9214g1C EU-2016-849-26a EU-2016-849-32a EU-2017-1509-34
UK-2019-411-r7 UK-2019-411-r13 UK-2019-411-r24 UK-2019-411-r26 UK-2019-411-r28 NZ-2017-74-r35A NZ-2017-74-r35B
NZ-2017-74-r47 CA-2006-287-s2 CA-2006-287-s7 CA-2006-287-s8-5 CH-946-231-127-6-2a CH-946-231-127-6-2b SG-WORK-PASS
""".split()


def test_every_clause_of_the_contract_is_in_the_rulebook() -> None:
    assert set(CLAUSE_IDS_OF_THE_CONTRACT) <= {clause.id for clause in current().clauses}
