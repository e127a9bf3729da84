"""Bare days and instants, and what may be said when the one is compared with the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.screening.moment import Moment, Order, PartialDate

ADOPTION_OF_2375 = datetime(2017, 9, 11, 22, 12, tzinfo=UTC)


def day(text: str) -> Moment:
    return Moment(date.fromisoformat(text))


def instant(text: str) -> Moment:
    return Moment.at(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2017-09-10", Order.BEFORE),
        ("2017-09-11", Order.UNDECIDED),
        ("2017-09-12", Order.UNDECIDED),
        ("2017-09-13", Order.AFTER),
    ],
)
def test_the_adoption_of_resolution_2375_divides_two_bare_days(written: str, order: Order) -> None:
    assert day(written).compare(ADOPTION_OF_2375) is order


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2017-09-11T18:11:59-04:00", Order.BEFORE),
        ("2017-09-11T18:12:00-04:00", Order.AFTER),
        ("2017-09-11T22:11:59+00:00", Order.BEFORE),
        ("2017-09-11T22:12:00+00:00", Order.AFTER),
        ("2017-09-12T07:11:00+09:00", Order.BEFORE),
        ("2017-09-12T07:13:00+09:00", Order.AFTER),
        ("2017-09-12T08:11:59+10:00", Order.BEFORE),
        ("2017-09-12T08:12:00+10:00", Order.AFTER),
    ],
)
def test_an_instant_is_told_to_the_second_in_every_zone(written: str, order: Order) -> None:
    assert instant(written).compare(ADOPTION_OF_2375) is order


def test_the_day_of_an_instant_is_the_day_in_its_own_zone() -> None:
    assert instant("2017-09-12T07:11:00+09:00").day == date(2017, 9, 12)


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Moment.at(datetime.fromisoformat("2017-09-11T22:12:00"))


def test_a_bare_day_begins_in_the_first_zone_and_ends_in_the_last() -> None:
    moment = day("2018-04-25")
    assert moment.earliest == datetime(2018, 4, 24, 10, tzinfo=UTC)
    assert moment.latest == datetime(2018, 4, 26, 12, tzinfo=UTC)


def test_a_bare_day_at_the_very_edge_is_told() -> None:
    moment = day("2018-04-25")
    assert moment.compare(moment.earliest) is Order.AFTER
    assert moment.compare(moment.earliest + timedelta(seconds=1)) is Order.UNDECIDED
    assert moment.compare(moment.latest - timedelta(seconds=1)) is Order.UNDECIDED
    assert moment.compare(moment.latest) is Order.BEFORE


def test_a_moment_is_written_as_it_was_given() -> None:
    assert day("2017-09-11").isoformat() == "2017-09-11"
    assert instant("2017-09-11T18:12:00-04:00").isoformat() == "2017-09-11T18:12:00-04:00"


@given(
    st.dates(date(2000, 1, 2), date(2040, 1, 1)),
    st.integers(-12 * 60, 14 * 60),
    st.times(),
    st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2040-01-01"), timezones=st.just(UTC)),
)
def test_a_bare_day_is_told_only_where_every_zone_agrees(
    written: date, offset: int, clock: object, other: datetime
) -> None:
    """Whatever the zone and time of day turn out to be, they never contradict what the day told."""
    zone = timezone(timedelta(minutes=offset))
    known = Moment.at(datetime.combine(written, clock, zone))  # type: ignore[arg-type]
    order = Moment(written).compare(other)
    assert order is Order.UNDECIDED or order is known.compare(other)


@pytest.mark.parametrize("text", ["1985", "1985-03", "1985-03-02"])
def test_a_birth_date_keeps_the_precision_that_is_known(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "85", "1985-3", "1985-13", "1985-02-30", "1985-03-02-01", "1985-03-0x", "١٩٨٥", "0000", "1985/03"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    "text", ["1985-0x", "19x5", "1985-03-0x", "\u0661\u0669\u0668\u0665", "198", "1985-3", "1985-03-02-01"]
)
def test_what_is_no_partial_date_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match="expected YYYY"):
        PartialDate.parse(text)


def test_the_day_of_a_partial_date_is_one_of_its_own_year() -> None:
    assert str(PartialDate.parse("2024-02-29")) == "2024-02-29"
    for text in ("2023-02-29", "2024-13", "2024-00", "0000"):
        with pytest.raises(ValueError, match=r"."):
            PartialDate.parse(text)
