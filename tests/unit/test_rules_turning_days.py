"""The days on which an answer can turn: those of the law, of the request, and of what follows from both."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from service.rulebook import current
from service.rulebook.turning_days import turning_days
from service.web.schemas.screening import load_request
from tests.rule_cases import NOW, bases, set_path

BASES = bases()
LEFT_THE_UNION, JOINED_THE_UNION = date(2021, 1, 1), date(2013, 7, 1)


def days(field: str = "as_of", base: str = "clerk", **changes: Any) -> frozenset[date]:
    body = copy.deepcopy(BASES[base])
    for path, value in changes.items():
        set_path(body, path.replace("__", "."), value)
    return turning_days(load_request(body, now=NOW), current().clauses, field)


def place(code: str) -> dict[str, str]:
    return {"country": code, "performed_from": code, "employer_country": code}


def near(day: date, found: frozenset[date]) -> bool:
    return any(abs((each - day).days) <= 1 for each in found)


def test_the_days_of_the_clauses_count_for_every_date_of_the_request() -> None:
    for field in ("as_of", "contract.finalised_on"):
        assert {date(2017, 8, 5), date(2017, 12, 22), date(2019, 12, 22)} <= days(field)


def test_the_dates_of_the_request_count_for_the_day_judged_on_alone() -> None:
    assert date(2015, 5, 1) in days("as_of")
    assert date(2015, 5, 1) not in days("contract.finalised_on")


@pytest.mark.parametrize("changes", [{"work": place("HR")}, {"jurisdictions": ["HR"]}, {"jurisdictions": ["EU", "HR"]}])
def test_the_day_on_which_a_country_that_is_named_joined_the_union_counts(changes: dict[str, Any]) -> None:
    assert near(JOINED_THE_UNION, days(**changes))
    assert not near(JOINED_THE_UNION, days(work=place("VN")))


def test_a_territory_turns_with_its_state() -> None:
    assert near(LEFT_THE_UNION, days(work=place("GB")))
    assert near(LEFT_THE_UNION, days(work=place("GI")))


def test_a_country_that_nobody_can_place_turns_nothing() -> None:
    body = {"country": "Korea"}
    assert days(work=body) <= days()


@pytest.mark.parametrize(
    ("refused_on", "last_day"), [("2018-03-01", date(2018, 6, 29)), ("2017-08-20", date(2018, 1, 9))]
)
def test_the_last_day_to_close_after_a_refusal_counts(refused_on: str, last_day: date) -> None:
    approval = {"status": "refused", "decided_on": refused_on}
    found = days(base="clerk_of_a_joint_venture", counterparties__0__joint_venture__approval=approval)
    assert last_day in found


def test_parties_without_a_venture_or_a_decision_turn_nothing() -> None:
    parties = [{"role": "client", "name": "A"}, {"role": "client", "name": "B", "joint_venture": {"dprk_party": True}}]
    assert days(counterparties=parties) <= days()


def test_the_days_of_the_state_behind_a_territory_count_beside_those_of_the_territory() -> None:
    denmark_joined, aland_joined = date(1973, 1, 1), date(1995, 1, 1)
    assert near(denmark_joined, days(work=place("FO")))
    assert near(aland_joined, days(work=place("AX")))
    assert not near(denmark_joined, days(work=place("VN")))
