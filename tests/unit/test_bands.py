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
from service.screening.bands import Flip, Judge, Standing, bands, flips_between, movable_fields, moved
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.facts import ScreeningRequest, Stage
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
