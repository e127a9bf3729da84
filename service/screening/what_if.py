"""On which days the decision would change, if only the day of screening or the day of the contract moved.

Nothing is scanned. A rule compares days with the dates of the clauses, with dates that the request states and
with days of listing; between two neighbours of those the answer cannot change. So the question is put once to
each of these days and to the days next to it, and a change lies on the first day that answers differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from service.nationality.memberships import EU_ACCESSION, UK_TRANSITION_LAST_DAY, UN_ADMISSION
from service.screening.decide import Judgement
from service.screening.facts import ScreeningRequest
from service.screening.finding import Clause, Outcome
from service.screening.moment import Moment

# A bare day may be any zone's day, so an instant makes open the day before it or the day after it at most.
NEIGHBOURS = tuple(timedelta(days=days) for days in (-1, 0, 1, 2))
REFUSAL_PERIOD = timedelta(days=120)  # S/RES/2375 (2017) paragraph 18

Ask = Callable[[ScreeningRequest], Judgement]


class HasClauses(Protocol):
    """What is needed of a rulebook."""

    @property
    def clauses(self) -> tuple[Clause, ...]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Flip:
    """From ``on`` the decision is ``after``; the day before it was ``before``. ``clauses`` made the difference."""

    field: str
    on: date
    before: Outcome
    after: Outcome
    clauses: tuple[str, ...]


def flips(
    request: ScreeningRequest, ask: Ask, rulebook: HasClauses, listed_on: Iterable[date] = ()
) -> tuple[Flip, ...]:
    """Every day of ``as_of`` and of ``contract.finalised_on`` on which the decision changes, in order of days.

    ``ask`` judges a request, lists placed in time included; ``listed_on`` are the days of listing of every
    listing that a party of the request may be matched with.
    """
    days = tuple(_days_to_ask(request, rulebook, listed_on))
    moved = (
        ("as_of", lambda day: replace(request, as_of=Moment(day))),
        (
            "contract.finalised_on",
            lambda day: replace(request, contract=replace(request.contract, finalised=Moment(day))),
        ),
    )
    return tuple(flip for field, move in moved for flip in _flips(field, days, move, ask))


def _flips(field: str, days: tuple[date, ...], move: Callable[[date], ScreeningRequest], ask: Ask) -> Iterator[Flip]:
    previous: Judgement | None = None
    for day in days:
        judgement = ask(move(day))
        if previous is not None and judgement.outcome is not previous.outcome:
            yield Flip(
                field=field,
                on=day,
                before=previous.outcome,
                after=judgement.outcome,
                clauses=_changed(previous, judgement),
            )
        previous = judgement


def _changed(one: Judgement, other: Judgement) -> tuple[str, ...]:
    """The clauses that say something else, in the order of the later judgement, then of the earlier."""
    was, became = _worst(one), _worst(other)
    return tuple(clause for clause in {**became, **was} if was.get(clause) is not became.get(clause))


def _worst(judgement: Judgement) -> dict[str, Outcome]:
    """What each clause says at worst; findings come in order of severity."""
    worst: dict[str, Outcome] = {}
    for finding in judgement.findings:
        worst.setdefault(finding.clause.id, finding.outcome)
    return worst


def _days_to_ask(request: ScreeningRequest, rulebook: HasClauses, listed_on: Iterable[date]) -> list[date]:
    days = {*_days_of_clauses(rulebook), *_days_of_request(request), *_days_of_memberships(), *listed_on}
    first, last = date.min + timedelta(days=1), date.max - timedelta(days=2)
    return sorted({day + step for day in days if first <= day <= last for step in NEIGHBOURS})


def _days_of_clauses(rulebook: HasClauses) -> Iterator[date]:
    for clause in rulebook.clauses:
        yield clause.in_force_from
        if clause.in_force_until is not None:
            yield clause.in_force_until
        yield from (day for _, day in clause.dates)


def _days_of_memberships() -> Iterator[date]:
    """Whether EU law binds, or a member of the United Nations hosts the work, depends on the day as well."""
    yield from EU_ACCESSION.values()
    yield UK_TRANSITION_LAST_DAY
    yield from UN_ADMISSION.values()


def _days_of_request(request: ScreeningRequest) -> Iterator[date]:
    """Every day that the request states, and the end of the time that a refusal leaves for closing."""
    contract, authorisation = request.contract, request.authorisation
    stated = [request.as_of.day, contract.effective_on, contract.starts_on, contract.ends_on]
    stated += [contract.finalised.day if contract.finalised else None, *(event.on for event in contract.events)]
    stated += [authorisation.issued_on, authorisation.expires_on, *authorisation.extended_on]
    stated += [exemption.granted_on for exemption in request.exemptions]
    for party in request.counterparties:
        venture = party.joint_venture
        if venture is not None:
            decided = venture.approval.decided_on
            stated += [venture.formed_on, venture.expanded_on, decided]
            stated.append(decided + REFUSAL_PERIOD if decided else None)
    yield from (day for day in stated if day is not None)
