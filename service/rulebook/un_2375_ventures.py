"""The rule of S/RES/2375 (2017) paragraph 18 on joint ventures; the clause stands in ``un_2375``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from service.rulebook.un_2375 import (
    ADOPTED,
    ADOPTED_ON,
    CLOSE_VENTURES_BY,
    HYDROPOWER,
    JOINT_VENTURES,
    RAJIN_KHASAN,
    WINDING_DOWN,
)
from service.rulebook.ventures import Venture, approved_also_nationally, approved_by_committee, ventures
from service.screening.case import Case
from service.screening.facts import ApprovalStatus, CarveOut, CarveOutScope, Purpose, ScreeningRequest
from service.screening.finding import Clause, ExceptionTest, Finding, Reasons, TextualException, judge
from service.screening.logic import FALSE, Truth, truth, unknown
from service.screening.moment import Moment, Order

DAYS_AFTER_REFUSAL = timedelta(days=120)


def no_joint_ventures(case: Case) -> tuple[Finding, ...]:
    """Paragraph 18: does this hire serve a joint venture with a DPRK party?"""
    found = (
        judge_venture(
            case,
            venture,
            JOINT_VENTURES,
            approved_by_committee(case, venture, JOINT_VENTURES.id, ADOPTED_ON),
        )
        for venture in ventures(case)
    )
    return tuple(finding for finding in found if finding is not None)


def no_joint_ventures_nationally(
    case: Case, clause: Clause, *, formed_before: date | None = None
) -> tuple[Finding, ...]:
    """The same under the national ``clause`` that mirrors the paragraph, where its jurisdiction binds.

    With ``formed_before`` it speaks only of ventures that are stated to be older than that day.
    """
    if clause.jurisdiction not in case.jurisdictions:
        return ()
    found = (
        judge_venture(case, venture, clause, approved_also_nationally(case, venture, clause, JOINT_VENTURES.id))
        for venture in ventures(case)
        if formed_before is None or _is_older(venture, formed_before)
    )
    return tuple(finding for finding in found if finding is not None)


def _is_older(venture: Venture, day: date) -> bool:
    formed_on = venture.facts_stated.formed_on
    return formed_on is not None and formed_on < day


def judge_venture(case: Case, venture: Venture, clause: Clause, approval: ExceptionTest) -> Finding | None:
    """What ``clause`` says of one venture: barred unless approved, carved out or closing in its time."""
    exceptions = (
        approval,
        _carve_out(venture, CarveOut.CHINA_DPRK_HYDROPOWER, HYDROPOWER),
        _carve_out(venture, CarveOut.RAJIN_KHASAN_RUSSIAN_COAL, RAJIN_KHASAN),
        _time_to_close(case, venture),
    )
    reasons = Reasons(
        deny=f"The hire serves a joint venture with a DPRK party. {exceptions[0].reason} {exceptions[3].reason}",
        review=venture.open_reason or "The day of screening may lie on either side of the clause's first day.",
        allow="The joint venture is excepted.",
        facts=venture.facts(),
    )
    return judge(clause, case.in_force(clause) & venture.has_dprk_party, exceptions, reasons)


def _carve_out(venture: Venture, kind: CarveOut, exception: TextualException) -> ExceptionTest:
    """The named project only; where it mixes in other business the carve-out does not cover it."""
    stated = venture.facts_stated
    prefix = f"{venture.path}.joint_venture"
    if stated.carve_out is not kind:
        # Silence is no claim: nobody runs one of the two named projects without knowing it.
        return ExceptionTest(id=exception.id, truth=FALSE, reason="The project named in the text is not claimed.")
    scope = stated.carve_out_scope
    exclusive = None if scope is CarveOutScope.UNKNOWN else scope in {None, CarveOutScope.EXCLUSIVE}
    reason = {
        True: f"The venture is within the exception: {exception.title}.",
        False: f"The venture also does business outside the exception: {exception.title}.",
        None: f"It is not known whether the venture keeps within the exception: {exception.title}.",
    }[exclusive]
    return ExceptionTest(id=exception.id, truth=truth(exclusive, f"{prefix}.carve_out_scope"), reason=reason)


def _time_to_close(case: Case, venture: Venture) -> ExceptionTest:
    """Closing an existing venture in time is demanded, hiring for it is for a person to judge.

    So this never comes out as met: it is unknown while the time to close runs, and for a post that
    winds the venture up.
    """
    result, reason = _closing(case, venture)
    return ExceptionTest(id=WINDING_DOWN.id, truth=result, reason=reason)


def _closing(case: Case, venture: Venture) -> tuple[Truth, str]:
    if case.request.contract.purpose is Purpose.VENTURE_WIND_UP:
        return Truth(None), "The post is to wind the venture up, which a person has to confirm."
    stated, prefix = venture.facts_stated, f"{venture.path}.joint_venture"
    if stated.approval.status is ApprovalStatus.REFUSED:
        return _after_refusal(case, venture)
    if case.as_of.day > CLOSE_VENTURES_BY:
        return FALSE, "Existing ventures had to close by 9 January 2018."
    if stated.formed_on is None:
        return unknown(f"{prefix}.formed_on"), "It is not known whether the venture existed before the adoption."
    formed = Moment(stated.formed_on).compare(ADOPTED)
    if formed is Order.AFTER:
        return FALSE, "The venture was formed after the adoption."
    if formed is Order.UNDECIDED:
        return unknown(f"{prefix}.formed_on"), "The venture was formed on a day that the adoption divides."
    if stated.expanded_on is not None and Moment(stated.expanded_on).compare(ADOPTED) is Order.AFTER:
        return FALSE, "The venture was enlarged after the adoption."
    return Truth(None), "The venture has until 9 January 2018 to close; a new hire for it needs a person's judgement."


def last_days_to_close(request: ScreeningRequest) -> Iterator[date]:
    """The days until which a venture whose approval was refused may close, for each refusal that bears a day."""
    for party in request.counterparties:
        stated = party.joint_venture
        if stated is not None and stated.approval.decided_on is not None:
            yield _close_by(stated.approval.decided_on)


def _close_by(refused_on: date) -> date:
    return max(CLOSE_VENTURES_BY, refused_on + DAYS_AFTER_REFUSAL)


def _after_refusal(case: Case, venture: Venture) -> tuple[Truth, str]:
    decided = venture.facts_stated.approval.decided_on
    if decided is None:
        field = f"{venture.path}.joint_venture.approval.decided_on"
        return unknown(field), "The Committee refused approval on a day that is not known."
    close_by = _close_by(decided)
    if case.as_of.day > close_by:
        return FALSE, f"The 120 days after the Committee's refusal ended on {close_by.isoformat()}."
    return Truth(None), f"The venture has until {close_by.isoformat()} to close after the Committee's refusal."
