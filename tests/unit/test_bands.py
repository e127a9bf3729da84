"""The days on which an answer changes are those that a scan day by day finds, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.rulebook import current
from service.rulebook.stages import usable_facts
from service.rulebook.turning_days import turning_days
from service.screening.bands import (
    EARLIEST,
    LATEST,
    Band,
    Flip,
    Judge,
    Standing,
    bands,
    days_around,
    days_of_clauses,
    days_of_request,
    flips_between,
    movable_fields,
    moved,
)
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.facts import ScreeningRequest, Stage
from service.screening.finding import Outcome
from service.screening.match import Match
from service.screening.moment import Moment
from service.web.schemas.screening import load_request
from tests import rule_strategies as some

FROM, UNTIL = date(2016, 1, 1), date(2021, 12, 31)
OLD_CONTRACT: dict[str, Any] = {
    "as_of": "2018-06-01",
    "worker": {
        "name": "Pak Un Gyong",
        "nationalities": [{"country": "PRK", "evidence": "passport"}],
        "protection": {"status": "none"},
    },
    "contract": {
        "finalised_on": "2017-09-01",
        "written": True,
        "ends_on": "2019-12-01",
        "remuneration": "paid",
        "evidence": [
            "signed_contract",
            "worker_named",
            "dprk_party_screened",
            "permit_linked",
            "end_date_stated",
            "state_notification",
        ],
    },
    "work": {"country": "RU"},
    "authorisation": {"kind": "work_permit", "issued_on": "2017-09-05"},
}


def judge_with(matches: tuple[Match, ...]) -> Judge:
    """What the desk asks for each day: the facts of the stage, and the listings of that day."""

    def judge(request: ScreeningRequest) -> Judgement:
        usable = usable_facts(request)
        standing = tuple(m for m in matches if m.listed_on is None or m.listed_on <= request.as_of.day)
        case = Case(request=usable.request, matches=standing, ignored=frozenset(usable.forbidden))
        return decide(case, current().rules)

    return judge


def days_for(request: ScreeningRequest, field: str, matches: tuple[Match, ...] = ()) -> frozenset[date]:
    listed = {match.listed_on for match in matches if match.listed_on is not None}
    return turning_days(request, current().clauses, field) | listed


def scan(request: ScreeningRequest, field: str, judge: Judge) -> Iterator[date]:
    """The days of 2016 to 2021 on which the answer differs from that of the day before."""
    before = Standing.of(judge(moved(request, field, FROM - timedelta(days=1))))
    day = FROM
    while day <= UNTIL:
        standing = Standing.of(judge(moved(request, field, day)))
        if standing != before:
            yield day
        before, day = standing, day + timedelta(days=1)


def asked(body: dict[str, Any]) -> ScreeningRequest:
    return load_request(body, now=datetime(2026, 11, 23, tzinfo=UTC))


def found(body: dict[str, Any], field: str) -> list[Flip]:
    request = asked(body)
    return list(flips_between(bands(request, field, judge_with(()), days_for(request, field))))


@st.composite
def questions(draw: st.DrawFn) -> tuple[ScreeningRequest, tuple[Match, ...]]:
    """A request at any stage, some of its days away from those of the law, and listings of its parties."""
    any_day = st.none() | st.dates(FROM, UNTIL)
    request = replace(draw(some.requests), stage=draw(st.sampled_from(Stage)))
    exemptions = tuple(replace(each, granted_on=draw(any_day)) for each in request.exemptions)
    parties = tuple(
        replace(party, joint_venture=replace(venture, approval=replace(venture.approval, decided_on=draw(any_day))))
        if (venture := party.joint_venture) is not None
        else party
        for party in request.counterparties
    )
    authorisation = replace(request.authorisation, issued_on=draw(any_day))
    request = replace(request, exemptions=exemptions, counterparties=parties, authorisation=authorisation)
    matches = draw(some.matches_for(request))
    return request, tuple(replace(each, listed_on=draw(any_day)) for each in matches)


def told(outcome: Outcome, *clauses: tuple[str, Outcome]) -> Standing:
    return Standing(decision=outcome, clauses=frozenset(clauses))


def denied_from(day: date) -> Judge:
    """Denies what is judged on ``day`` or later, and says nothing of anything earlier."""

    def judge(request: ScreeningRequest) -> Judgement:
        outcome = Outcome.DENY if request.as_of.day >= day else Outcome.ALLOW
        return Judgement(outcome=outcome, findings=(), missing=(), not_evaluated=(), summary="")

    return judge


@pytest.mark.parametrize("turning", [date(2018, 5, 1), date(2018, 4, 30)])
def test_a_comparison_may_turn_on_a_day_or_after_it_and_neighbours_of_one_answer_are_one_band(turning: date) -> None:
    days = [turning, date(2019, 1, 1), date(2017, 1, 1), EARLIEST, LATEST]
    first, last = bands(asked(OLD_CONTRACT), "as_of", denied_from(date(2018, 5, 1)), days)
    assert (first.first, first.last, first.standing) == (None, date(2018, 4, 30), told(Outcome.ALLOW))
    assert (last.first, last.last, last.standing) == (date(2018, 5, 1), None, told(Outcome.DENY))


def test_only_days_that_a_request_may_name_are_asked_about() -> None:
    asked_about: list[date] = []

    def judge(request: ScreeningRequest) -> Judgement:
        asked_about.append(request.as_of.day)
        return Judgement(outcome=Outcome.ALLOW, findings=(), missing=(), not_evaluated=(), summary="")

    days = [date(1900, 1, 1), date(2200, 12, 31), date(2018, 5, 1), date(1800, 1, 1), date(2300, 1, 1)]
    assert len(bands(asked(OLD_CONTRACT), "as_of", judge, days)) == 1
    assert asked_about == [date(1900, 1, 1), date(2018, 5, 1), date(2018, 5, 2)]
    asked_about.clear()
    bands(asked(OLD_CONTRACT), "as_of", judge, [date(1900, 1, 2), date(2200, 12, 30)])
    assert asked_about == [
        date(1900, 1, 1),
        date(1900, 1, 2),
        date(1900, 1, 3),
        date(2200, 12, 30),
        date(2200, 12, 31),
    ]


def test_what_a_clause_says_comes_with_the_worst_first() -> None:
    standing = told(Outcome.DENY, ("A", Outcome.REVIEW), ("A", Outcome.DENY), ("B", Outcome.ALLOW))
    assert standing.outcomes_of("A") == (Outcome.DENY, Outcome.REVIEW)
    assert standing.outcomes_of("C") == ()


def test_a_flip_names_the_clauses_that_say_something_else() -> None:
    before = told(Outcome.REVIEW, ("A", Outcome.REVIEW), ("B", Outcome.ALLOW))
    after = told(Outcome.DENY, ("B", Outcome.ALLOW), ("C", Outcome.DENY))
    first = Band(field="as_of", first=None, last=date(2018, 4, 30), standing=before)
    [flip] = flips_between([first, Band(field="as_of", first=date(2018, 5, 1), last=None, standing=after)])
    assert (flip.field, flip.on, flip.changed) == ("as_of", date(2018, 5, 1), ("A", "C"))


def test_the_days_of_a_clause_are_its_first_its_last_its_deadlines_and_those_around_its_instant() -> None:
    clause = next(clause for clause in current().clauses if clause.id == "UN-2375-17")
    bounded = replace(clause, in_force_until=date(2020, 1, 1))
    assert sorted(days_of_clauses([bounded])) == [
        date(2017, 9, 10),
        date(2017, 9, 11),
        date(2017, 9, 11),
        date(2017, 9, 12),
        date(2017, 9, 13),
        date(2017, 12, 15),
        date(2020, 1, 1),
    ]
    assert sorted(days_of_clauses([replace(clause, in_force_instant=None, dates=())])) == [date(2017, 9, 11)]


@pytest.mark.parametrize(
    ("instant", "days"),
    [
        (datetime(2018, 5, 1, 9, 59, tzinfo=UTC), [29, 30, 1, 2]),
        (datetime(2018, 5, 1, 10, 0, tzinfo=UTC), [29, 30, 1, 2, 3]),
        (datetime(2018, 5, 1, 12, 0, tzinfo=UTC), [30, 1, 2, 3]),
    ],
)
def test_an_instant_divides_the_days_that_some_place_writes_and_one_more_on_either_side(
    instant: datetime, days: list[int]
) -> None:
    assert [day.day for day in days_around(instant)] == days


def test_the_days_of_a_request_are_all_that_it_names_wherever_they_stand() -> None:
    body = {
        **OLD_CONTRACT,
        "exemptions": [{"clause": "UN-2397-8", "kind": "committee_exemption", "granted_on": "2020-10-10"}],
        "known_at": "2021-01-01T00:00:00Z",
    }
    assert set(days_of_request(asked(body))) == {
        date(2018, 6, 1),
        date(2017, 9, 1),
        date(2019, 12, 1),
        date(2017, 9, 5),
        date(2020, 10, 10),
    }


def test_an_old_contract_flips_on_the_days_that_the_adoption_divides_and_says_which_clauses_change() -> None:
    on = {flip.on: flip for flip in found(OLD_CONTRACT, "contract.finalised_on")}
    assert list(on) == [date(2017, 9, 11), date(2017, 9, 13)]
    divided, late = on.values()
    assert (divided.before.decision.word, divided.after.decision.word) == ("allow", "review")
    assert (late.before.decision.word, late.after.decision.word) == ("review", "deny")
    assert all("UN-2375-17" in flip.changed for flip in (divided, late))
    assert [outcome.word for outcome in divided.after.outcomes_of("UN-2375-17")] == ["review"]
    assert [outcome.word for outcome in late.after.outcomes_of("UN-2375-17")] == ["deny"]


def test_the_day_judged_on_flips_with_each_resolution_and_after_the_last_day_of_return() -> None:
    on = [flip.on for flip in found(OLD_CONTRACT, "as_of")]
    assert {date(2017, 8, 5), date(2017, 9, 11), date(2017, 12, 22), date(2019, 12, 23)} <= set(on)
    assert on == sorted(on)


def test_a_refusal_flips_the_answer_after_its_hundred_and_twenty_days() -> None:
    party = {
        "role": "legal_employer",
        "name": "Selenge Brick",
        "joint_venture": {"dprk_party": True, "approval": {"status": "refused", "decided_on": "2018-03-01"}},
    }
    body = {**OLD_CONTRACT, "counterparties": [party]}
    flip = next(flip for flip in found(body, "as_of") if flip.on == date(2018, 6, 30))
    assert flip.changed == ("UN-2375-18",)


def test_an_exemption_flips_the_answer_on_the_day_of_its_letter() -> None:
    letter = {
        "clause": "UN-2397-8",
        "kind": "committee_exemption",
        "power": "UN-2397-25",
        "granted_on": "2020-10-10",
        "evidence": "letter",
    }
    flip = next(flip for flip in found({**OLD_CONTRACT, "exemptions": [letter]}, "as_of") if flip.on.year == 2020)
    assert (flip.on, flip.changed) == (date(2020, 10, 10), ("UN-2397-8",))


def test_days_of_membership_are_asked_for_the_countries_of_the_request_alone() -> None:
    days = {
        code: turning_days(asked({**OLD_CONTRACT, "work": {"country": code}}), (), "as_of") for code in ("GB", "RU")
    }
    assert date(2021, 1, 1) in days["GB"] - days["RU"]


def test_the_united_kingdom_leaves_the_law_of_the_union_with_the_transition() -> None:
    body = {**OLD_CONTRACT, "work": {"country": "GB"}}
    flip = next(flip for flip in found(body, "as_of") if flip.on == date(2021, 1, 1))
    assert "EU-2016-849-26a" in flip.changed
    assert flip.after.outcomes_of("EU-2016-849-26a") == ()


def test_the_contracts_further_dates_are_moved_only_where_they_are_stated() -> None:
    assert movable_fields(asked(OLD_CONTRACT)) == ("as_of", "contract.finalised_on", "contract.ends_on")
    ends = found(OLD_CONTRACT, "contract.ends_on")
    assert [(flip.on, flip.after.decision.word) for flip in ends] == [(date(2019, 12, 23), "deny")]


def test_an_hour_is_left_behind_where_the_day_moves() -> None:
    request = replace(asked(OLD_CONTRACT), as_of=Moment.at(datetime(2018, 6, 1, 9, 30, tzinfo=UTC)))
    assert moved(request, "as_of", date(2018, 6, 2)).as_of == Moment(date(2018, 6, 2))


def test_only_a_date_of_judging_or_of_the_contract_is_moved() -> None:
    with pytest.raises(ValueError, match=r"worker\.name"):
        moved(asked(OLD_CONTRACT), "worker.name", date(2018, 1, 1))


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions(), st.data())
def test_the_days_found_are_those_of_a_scan_day_by_day(
    question: tuple[ScreeningRequest, tuple[Match, ...]], data: st.DataObject
) -> None:
    request, matches = question
    field = data.draw(st.sampled_from(movable_fields(request)))
    judge = judge_with(matches)
    of_field = bands(request, field, judge, days_for(request, field, matches))
    exact = [band.first for band in of_field if band.first is not None and FROM <= band.first <= UNTIL]
    assert exact == list(scan(request, field, judge))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(questions(), st.data())
def test_any_day_has_the_answer_of_its_band(
    question: tuple[ScreeningRequest, tuple[Match, ...]], data: st.DataObject
) -> None:
    request, matches = question
    judge = judge_with(matches)
    for field in movable_fields(request):
        of_field = bands(request, field, judge, days_for(request, field, matches))
        for day in data.draw(st.lists(st.dates(date(1955, 1, 1), date(2100, 1, 1)), min_size=3, max_size=6)):
            within = [b for b in of_field if (b.first or date.min) <= day <= (b.last or date.max)]
            assert [band.standing for band in within] == [Standing.of(judge(moved(request, field, day)))]
