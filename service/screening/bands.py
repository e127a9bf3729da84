"""What if a date were another? Stretches of days with one answer, and the days on which the answer changes.

No scan: a rule meets a date only by comparing it with the days and instants of clauses, with other dates of the
request, and with days that follow from these. Between two neighbours among those days nothing can change, so one
question for each of them gives the answer of every day. A property test compares that with a scan day by day.

A date that is moved is moved as a bare day: an hour that the request gives belongs to its own day alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from service.screening.decide import Judgement
from service.screening.facts import ScreeningRequest
from service.screening.finding import Clause, Outcome
from service.screening.moment import EARLIEST_ZONE, LATEST_ZONE, Moment

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)  # the days that a request may name
ONE_DAY = timedelta(days=1)

Judge = Callable[[ScreeningRequest], Judgement]

CONTRACT_DATES = ("effective_on", "starts_on", "ends_on")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What an answer comes to: the decision, and every outcome that each bearing clause has."""

    decision: Outcome
    clauses: frozenset[tuple[str, Outcome]]

    @classmethod
    def of(cls, judgement: Judgement) -> Standing:
        found = ((finding.clause.id, finding.outcome) for finding in judgement.findings)
        return cls(decision=judgement.outcome, clauses=frozenset(found))

    def outcomes_of(self, clause: str) -> tuple[Outcome, ...]:
        """What a clause says, the worst first; nothing where it does not bear."""
        return tuple(sorted((o for each, o in self.clauses if each == clause), key=lambda o: -o.value))


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Neighbouring days of ``field`` that share an answer; ``first`` or ``last`` None where no end is known."""

    field: str
    first: date | None
    last: date | None
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """A change of the answer as ``field`` moves: ``on`` is the first day of the new one."""

    field: str
    on: date
    before: Standing
    after: Standing

    @property
    def changed(self) -> tuple[str, ...]:
        """The clauses that say something else, in the order of their ids."""
        return tuple(sorted({clause for clause, _ in self.before.clauses ^ self.after.clauses}))


def movable_fields(request: ScreeningRequest) -> tuple[str, ...]:
    """The dates to ask about: the day judged on and the contract's own, and its further dates where stated."""
    further = (f"contract.{name}" for name in CONTRACT_DATES if getattr(request.contract, name) is not None)
    return ("as_of", "contract.finalised_on", *further)


def moved(request: ScreeningRequest, field: str, day: date) -> ScreeningRequest:
    """The request with one of its dates on another day, and everything else as it was."""
    if field == "as_of":
        return replace(request, as_of=Moment(day))
    if field == "contract.finalised_on":
        return replace(request, contract=replace(request.contract, finalised=Moment(day)))
    name = field.removeprefix("contract.")
    if name not in CONTRACT_DATES:
        raise ValueError(f"{field} is no date that can be moved")
    dated: dict[str, Any] = {name: day}
    return replace(request, contract=replace(request.contract, **dated))


def bands(request: ScreeningRequest, field: str, judge: Judge, days: Iterable[date]) -> tuple[Band, ...]:
    """The answer for every day of ``field``, as stretches of equal answers in order of time.

    ``days`` are those on which, or after which, a comparison of the rules can turn.
    """
    starts = sorted({day + step for day in days for step in (timedelta(), ONE_DAY) if EARLIEST < day < LATEST})
    found: list[tuple[date | None, Standing]] = [(None, Standing.of(judge(moved(request, field, EARLIEST))))]
    for day in starts:
        standing = Standing.of(judge(moved(request, field, day)))
        if standing != found[-1][1]:
            found.append((day, standing))
    ends = [day - ONE_DAY for day, _ in found[1:] if day is not None]
    return tuple(
        Band(field=field, first=first, last=last, standing=standing)
        for (first, standing), last in zip(found, [*ends, None], strict=True)
    )


def flips_between(of_one_field: Iterable[Band]) -> Iterator[Flip]:
    """The changes from each band to the next."""
    for before, after in pairwise(of_one_field):
        if after.first is not None:
            yield Flip(field=after.field, on=after.first, before=before.standing, after=after.standing)


def days_of_clauses(clauses: Iterable[Clause]) -> Iterator[date]:
    """The days of the clauses: first, last, deadlines, and every day that an instant of theirs can divide."""
    for clause in clauses:
        yield clause.in_force_from
        if clause.in_force_until is not None:
            yield clause.in_force_until
        yield from (on for _, on in clause.dates)
        if clause.in_force_instant is not None:
            yield from days_around(clause.in_force_instant)


def days_around(instant: datetime) -> Iterator[date]:
    """The days on which some place on earth may write ``instant``, and the day on either side."""
    day, last = (instant - LATEST_ZONE).date() - ONE_DAY, (instant + EARLIEST_ZONE).date() + ONE_DAY
    while day <= last:
        yield day
        day += ONE_DAY


def days_of_request(request: ScreeningRequest) -> Iterator[date]:
    """Every calendar day that the request names, wherever it stands."""
    for value in values_of(request):
        if isinstance(value, Moment):
            yield value.day
        elif isinstance(value, date) and not isinstance(value, datetime):
            yield value


def values_of(value: Any) -> Iterator[Any]:
    """Every value within a request, parts before what they hold."""
    yield value
    if is_dataclass(value):
        for each in fields(value):
            yield from values_of(getattr(value, each.name))
    elif isinstance(value, tuple | frozenset):
        for each in value:
            yield from values_of(each)
