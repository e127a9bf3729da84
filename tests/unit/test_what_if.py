"""Flips are computed, not scanned: a scan of every day must find the same ones."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from service.rulebook import current
from service.screening.decide import Judgement
from service.screening.facts import ScreeningRequest
from service.screening.finding import Outcome
from service.screening.moment import Moment
from service.screening.what_if import Flip, flips
from service.web.schemas.screening import load_request
from tests import rule_strategies as some
from tests.rule_cases import NOW, bases, set_path

BASES = bases()
FIRST, LAST = date(2013, 1, 1), date(2024, 12, 31)


def request(base: str, **changes: object) -> ScreeningRequest:
    body = copy.deepcopy(BASES[base])
    for path, value in changes.items():
        set_path(body, path.replace("__", "."), value)
    return load_request(body, now=NOW)


def told(found: tuple[Flip, ...], field: str) -> list[tuple[date, str, str]]:
    return [(flip.on, flip.before.word, flip.after.word) for flip in found if flip.field == field]


def scanned(asked: ScreeningRequest) -> list[tuple[date, Outcome, Outcome]]:
    """The flips of ``as_of`` by asking every single day."""
    found = []
    previous: Judgement | None = None
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        judgement = some.judged(replace(asked, as_of=Moment(day)))
        if previous is not None and judgement.outcome is not previous.outcome:
            found.append((day, previous.outcome, judgement.outcome))
        previous = judgement
    return found


def test_an_old_contract_is_allowed_until_the_last_day_for_return() -> None:
    found = flips(request("mason_in_russia", authorisation__raises_state_total=False), some.judged, current())
    assert told(found, "as_of") == [(date(2019, 12, 23), "allow", "deny")]
    assert found[0].clauses == ("UN-2397-8",)


def test_the_contract_flips_at_the_two_days_that_the_adoption_divides() -> None:
    found = flips(request("mason_in_russia"), some.judged, current())
    assert told(found, "contract.finalised_on") == [
        (date(2017, 9, 11), "allow", "review"),
        (date(2017, 9, 13), "review", "deny"),
    ]
    assert all("UN-2375-17" in flip.clauses for flip in found if flip.field == "contract.finalised_on")


def test_in_the_union_the_day_of_the_adoption_is_already_too_late() -> None:
    found = flips(request("cook_in_poland"), some.judged, current())
    assert told(found, "contract.finalised_on") == [(date(2017, 9, 11), "allow", "deny")]


def test_a_joint_venture_flips_with_each_of_its_clauses() -> None:
    found = flips(request("clerk_of_a_joint_venture"), some.judged, current())
    assert told(found, "as_of") == [
        (date(2017, 9, 11), "allow", "review"),
        (date(2018, 1, 10), "review", "deny"),
    ]


def test_where_nothing_bears_nothing_flips() -> None:
    assert flips(request("clerk"), some.judged, current()) == ()


@pytest.mark.parametrize("base", sorted(BASES))
def test_a_scan_of_every_day_finds_the_same_flips(base: str) -> None:
    asked = request(base)
    found = [
        (flip.on, flip.before, flip.after)
        for flip in flips(asked, some.judged, current())
        if flip.field == "as_of" and FIRST < flip.on <= LAST
    ]
    assert found == scanned(asked)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(some.requests)
def test_a_scan_of_every_day_finds_the_same_flips_for_any_request(asked: ScreeningRequest) -> None:
    found = [
        (flip.on, flip.before, flip.after)
        for flip in flips(asked, some.judged, current())
        if flip.field == "as_of" and FIRST < flip.on <= LAST
    ]
    assert found == scanned(asked)
