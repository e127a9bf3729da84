"""Dates and distances in words, and the question for each field."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.screening.questions import question, shape_of
from service.screening.wording import day_in_words, distance_in_words

ADOPTION = date(2017, 9, 11)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2018, 1, 1), "1 January 2018"),
        (date(2018, 2, 10), "10 February 2018"),
        (date(2019, 12, 22), "22 December 2019"),
    ],
)
def test_a_day_is_written_out(day: date, words: str) -> None:
    assert day_in_words(day) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "zero days"),
        (1, "one day"),
        (2, "two days"),
        (12, "twelve days"),
        (13, "13 days"),
        (44, "44 days"),
        (45, "one month"),
        (46, "two months"),
        (152, "five months"),
        (390, "13 months"),
        (715, "23 months"),
        (716, "two years"),
        (1080, "two years"),
        (1095, "three years"),
        (12 * 366, "twelve years"),
        (14 * 366, "14 years"),
    ],
)
def test_a_distance_is_told_in_days_then_months_then_years(days: int, words: str) -> None:
    assert distance_in_words(ADOPTION, ADOPTION + timedelta(days=days)) == words


def test_the_same_is_asked_of_owners_at_any_depth_and_of_every_party() -> None:
    assert shape_of("counterparties[3].owners[0].owners[12].share_percent") == "counterparties[].owners[].share_percent"
    assert question("counterparties[0].owners[1].share_percent") == "What share does this owner hold?"
    assert question("contract.ends_on") == "On which day does the work end?"
    assert question("worker.shoe_size") == "What is worker.shoe_size?"
