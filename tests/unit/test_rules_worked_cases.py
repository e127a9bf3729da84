"""The worked cases that people read beside a clause are those that the tests ask."""

from __future__ import annotations

from service.rulebook import current
from service.rulebook.worked_cases import WorkedStep, cases_of
from tests.rule_cases import steps


def test_a_clause_has_the_cases_that_were_written_for_it() -> None:
    asked = [step for step in steps() if step.clause == "UN-2397-8"]
    shown = cases_of("UN-2397-8")
    assert sum(len(case.steps) for case in shown) == len(asked)
    assert {case.title for case in shown} == {step.title.removeprefix("UN-2397-8: ").split(" [")[0] for step in asked}
    assert cases_of("UN-9999-1") == ()


def test_a_step_says_on_which_day_or_that_nothing_moves() -> None:
    by_title = {case.title: case for case in cases_of("UN-2397-8")}
    moving = by_title["after the last day for return an old contract protects nobody"]
    assert moving.moves == "as_of"
    assert moving.steps[1] == WorkedStep(at="2019-12-23", says="deny", decision="deny")
    still = by_title["a contract without an end runs past the time for return"]
    assert still.moves is None
    assert still.steps == (WorkedStep(at=None, says="deny", decision="deny"),)


def test_most_clauses_have_cases() -> None:
    without = [clause.id for clause in current().clauses if not cases_of(clause.id)]
    assert all(clause.startswith(("LIST-", "IND-", "UN-2371-8", "UN-2397-25", "UN-2664-1")) for clause in without)
