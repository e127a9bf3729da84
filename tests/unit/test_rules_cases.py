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
