"""Facts that a missing field may turn out to be: a few for each field, enough to reach every answer it can lead to.

They are tried to see what a field would settle; nobody claims them, and none is ever recorded. A date is tried
before and after every day that counts, an hour on either end of its day. Fields whose worth lies in the comparison
with a listing (a birth date, a register number) are not tried: what they would show is not known before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from service.nationality.countries import Country, parse_country
from service.screening import facts
from service.screening.facts import ScreeningRequest
from service.screening.moment import EARLIEST_ZONE, LATEST_ZONE, Moment
from service.screening.questions import shape_of

LONG_AGO, FAR_AHEAD = date(1950, 1, 1), date(2150, 1, 1)
DAYS = (LONG_AGO, FAR_AHEAD)
YES_NO = (True, False)
PAPER = facts.Evidence.STATUS_DOCUMENT

DPRK, OTHER = parse_country("KP"), parse_country("MN")

VALUES: dict[str, tuple[Any, ...]] = {
    "worker.nationalities": tuple(
        (facts.Nationality(country=country, evidence=facts.Evidence.PASSPORT),) for country in (DPRK, OTHER)
    ),
    "worker.official_capacity": (facts.OfficialCapacity.NONE, facts.OfficialCapacity.UN_STAFF),
    "worker.protection.evidence": (PAPER,),
    "contract.written": YES_NO,
    "contract.effective_on": DAYS,
    "contract.ends_on": DAYS,
    "contract.remuneration": (facts.Remuneration.PAID, facts.Remuneration.UNPAID),
    "contract.purpose": (facts.Purpose.ORDINARY, facts.Purpose.UN_FUNCTIONS),
    "contract.payee": (facts.Payee.WORKER, facts.Payee.DPRK_MISSION, facts.Payee.THIRD_PARTY),
    "contract.evidence": (frozenset(facts.ContractEvidence),),
    "contract.training_field": ("nuclear engineering",),
    "contract.events[].on": DAYS,
    "authorisation.issued_on": DAYS,
    "authorisation.raises_state_total": YES_NO,
    "authorisation.admitted_on": tuple(
        facts.Admission(kind=facts.DocumentKind.PASSPORT, country=country) for country in (DPRK, OTHER)
    ),
    "work.country": (OTHER, DPRK),
    "work.performed_from": (OTHER, DPRK),
    "work.employer_country": (OTHER,),
    "work.goods_destined_to": ((parse_country("US"),), (OTHER,)),
    "exemptions[].evidence": (facts.ExemptionEvidence.LETTER,),
    "exemptions[].granted_on": DAYS,
    "counterparties[].government_of_dprk": YES_NO,
    "counterparties[].joint_venture.dprk_party": YES_NO,
    "counterparties[].joint_venture.formed_on": DAYS,
    "counterparties[].joint_venture.approval.status": (facts.ApprovalStatus.NONE, facts.ApprovalStatus.REFUSED),
    "counterparties[].joint_venture.approval.decided_on": DAYS,
    "counterparties[].joint_venture.carve_out_scope": (facts.CarveOutScope.EXCLUSIVE, facts.CarveOutScope.MIXED),
    "counterparties[].owners[].share_percent": (Decimal(0), Decimal(100)),
}

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


def plausible(request: ScreeningRequest, field: str, clauses: Iterable[str]) -> tuple[ScreeningRequest, ...]:
    """The request with ``field`` filled in, once for each plausible value; empty where none can be tried.

    ``clauses`` are those that wait for the field: an exemption is tried for each of them.
    """
    shape = shape_of(field)
    if shape in SPECIAL:
        return SPECIAL[shape](request)
    if shape == "exemptions":
        return (replace(request, exemptions=(*request.exemptions, *map(_approval, clauses))),)
    return tuple(filled(request, field, value) for value in VALUES.get(shape, ()))


def filled(part: Any, path: str, value: Any) -> Any:
    """``part`` with the field at ``path`` below it set: ``counterparties[0].joint_venture.formed_on`` and the like."""
    step, _, rest = path.partition(".")
    named = _STEP.fullmatch(step)
    if named is None:
        raise ValueError(f"{path} is no path of a request")
    name, index = named[1], named[2]
    held = getattr(part, name)
    if index is not None:
        inner = filled(held[int(index)], rest, value) if rest else value
        return replace(part, **{name: (*held[: int(index)], inner, *held[int(index) + 1 :])})
    if rest and held is None:
        held = facts.JointVenture()  # the one part of a request that may be absent and is asked about from within
    return replace(part, **{name: filled(held, rest, value) if rest else value})


def _place(request: ScreeningRequest) -> Country:
    return request.work.performed_from or request.work.country or OTHER


def _protected(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    """Not protected, or a refugee of the country of work who can show it."""
    refugee = facts.Protection(status=facts.ProtectionStatus.REFUGEE, country=_place(request), evidence=PAPER)
    none = facts.Protection(status=facts.ProtectionStatus.NONE)
    return tuple(replace(request, worker=replace(request.worker, protection=each)) for each in (none, refugee))


def _protected_here(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    return (filled(request, "worker.protection.country", _place(request)),)


def _may_work_here(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    right = facts.RightToWork(country=_place(request), evidence=PAPER)
    return (filled(request, "worker.right_to_work", right),)


def _finalised_on(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    """A day that nobody disputes."""
    return tuple(
        replace(request, contract=replace(request.contract, finalised=Moment(day), dispute=frozenset())) for day in DAYS
    )


def _finalised_at(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    finalised = request.contract.finalised
    if finalised is None:
        return _finalised_on(request)
    return tuple(filled(request, "contract.finalised", each) for each in _ends_of(finalised.day))


def _judged_at(request: ScreeningRequest) -> tuple[ScreeningRequest, ...]:
    return tuple(filled(request, "as_of", each) for each in _ends_of(request.as_of.day))


def _ends_of(day: date) -> tuple[Moment, Moment]:
    """The first and the last minute that some place on earth writes with this day."""
    first = datetime.combine(day, datetime.min.time(), timezone(EARLIEST_ZONE))
    last = datetime.combine(day, datetime.min.time(), timezone(-LATEST_ZONE)) + timedelta(hours=23, minutes=59)
    return Moment.at(first.astimezone(UTC)), Moment.at(last.astimezone(UTC))


def _approval(clause: str) -> facts.Exemption:
    return facts.Exemption(
        clause=clause,
        kind=facts.ExemptionKind.COMMITTEE_APPROVAL,
        granted_on=LONG_AGO,
        evidence=facts.ExemptionEvidence.LETTER,
    )


SPECIAL: dict[str, Callable[[ScreeningRequest], tuple[ScreeningRequest, ...]]] = {
    "as_of": _judged_at,
    "contract.finalised_on": _finalised_on,
    "contract.finalised_at": _finalised_at,
    "worker.protection.status": _protected,
    "worker.protection.country": _protected_here,
    "worker.right_to_work": _may_work_here,
}
