"""S/RES/2397 (2017), adopted on 22 December 2017.

Paragraph 3. The asset freeze of resolution 1718 reaches whom the annexes name, those acting for them and those
whom they own or control.

Paragraph 8. States send home to the DPRK all its nationals who earn income in their jurisdiction, and
the Government's safety oversight attachés who watch over them, at once and at the latest 24 months
after adoption: 22 December 2019. Whoever the State finds to be its own national stays; so does whoever
may not be sent back under refugee or human-rights law, the UN Headquarters Agreement or the UN
privileges convention. The date of the contract excepts nobody after that day.

Paragraph 25. The Committee may exempt an activity, case by case.

Who is bound: the State. Reading: the 24 months are a ceiling, not a permission; within them a contract older
than resolution 2375 that ends in time is being wound down, one that runs past them is barred as it is written.
"""

from __future__ import annotations

from datetime import date

from service.rulebook import un_2375
from service.rulebook.exceptions import (
    COMMITTEE_APPROVAL,
    HOST_NATIONAL,
    PROTECTED,
    UN_FUNCTIONS,
    host_national,
    protected,
    un_functions,
)
from service.rulebook.freezes import annex_clause
from service.screening.case import Case
from service.screening.facts import ExemptionEvidence, ExemptionKind, OfficialCapacity
from service.screening.finding import (
    Basis,
    Binds,
    Clause,
    ExceptionTest,
    Finding,
    Reasons,
    TextualException,
    judge,
)
from service.screening.logic import FALSE, TRUE, Truth, all_of, any_of, unknown
from service.screening.moment import Moment, Order
from service.screening.wording import day_in_words

ADOPTED_ON = date(2017, 12, 22)
LEAVE_BY = date(2019, 12, 22)  # 24 months after adoption, the last permitted day
URL = "https://undocs.org/S/RES/2397(2017)"

LEAVES_IN_TIME = TextualException(
    id="ends-within-24-months", title="The work ends by 22 December 2019, within the time for return"
)

REPATRIATION = Clause(
    id="UN-2397-8",
    instrument="S/RES/2397 (2017)",
    paragraph="8",
    title="DPRK nationals earning income abroad return by 22 December 2019",
    paraphrase="States repatriate all DPRK nationals who earn income in their jurisdiction, and the officials who "
    "oversee them, at the latest 24 months after adoption; their own nationals and people whom the law "
    "protects from return are excepted.",
    url=URL,
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.QUOTED,
    effect="deny",
    dates=(("DPRK nationals earning income have returned by", LEAVE_BY),),
    exceptions=(LEAVES_IN_TIME, HOST_NATIONAL, PROTECTED, UN_FUNCTIONS, COMMITTEE_APPROVAL),
    needs=frozenset({"worker.nationalities"}),
)

EXEMPTION_POWER = Clause(
    id="UN-2397-25",
    instrument="S/RES/2397 (2017)",
    paragraph="25",
    title="The Committee may exempt an activity case by case",
    paraphrase="The measures are not meant to harm civilians; the Committee may exempt an activity where aid work in "
    "the DPRK or another purpose consistent with the resolutions needs it.",
    url=URL,
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.SECONDARY,
    effect="exempts",
)

ANNEX = annex_clause("UN-2397-3", "S/RES/2397 (2017)", URL, ADOPTED_ON)


def earning_income_abroad(case: Case) -> Finding | None:
    """Paragraph 8: must the State have sent this worker home, or will it have to?

    Oversight attachés are covered whatever they earn.
    """
    attache = case.request.worker.official_capacity is OfficialCapacity.SAFETY_OVERSIGHT_ATTACHE
    prohibited = all_of(
        case.in_force(REPATRIATION),
        case.worker_is_dprk_national,
        ~case.works_in_dprk,
        any_of(case.earns_income, Truth(attache)),
        case.works_in_member_state,
    )
    if prohibited.is_false:
        return None
    exceptions = (
        _leaves_in_time(case),
        host_national(case),
        protected(case),
        un_functions(case),
        _exempted_by_committee(case),
    )
    reasons = Reasons(
        deny=_why_barred(case),
        review=_what_is_open(case),
        allow="The paragraph is met.",
        facts=case.labour_facts,
    )
    return judge(REPATRIATION, prohibited, exceptions, reasons)


def _leaves_in_time(case: Case) -> ExceptionTest:
    contract = case.request.contract
    if case.request.worker.official_capacity is OfficialCapacity.SAFETY_OVERSIGHT_ATTACHE:
        truth, reason = FALSE, "An attaché who oversees workers is given no time."
    elif case.as_of.day > LEAVE_BY:
        truth, reason = FALSE, "The 24 months for return ended on 22 December 2019."
    elif contract.starts_on is not None and contract.starts_on > LEAVE_BY:
        truth, reason = FALSE, "The work would start after 22 December 2019."
    elif contract.ends_on is not None and contract.ends_on > LEAVE_BY:
        truth, reason = (
            FALSE,
            f"The contract runs until {day_in_words(contract.ends_on)}, past 22 December 2019.",
        )
    elif contract.ends_on is not None:
        truth, reason = _winds_down(contract.finalised, contract.ends_on)
    elif contract.open_ended is True:
        truth, reason = FALSE, "The contract has no end, so it runs past 22 December 2019."
    else:
        truth, reason = unknown("contract.ends_on"), "It is not known when the work ends."
    return ExceptionTest(id=LEAVES_IN_TIME.id, truth=truth, reason=reason)


def _winds_down(finalised: Moment | None, ends_on: date) -> tuple[Truth, str]:
    """The time for return lets old work end; whether it leaves room for a new hire is for a person to judge."""
    end = f"The contract ends on {day_in_words(ends_on)}, within the time for return"
    if finalised is None:
        return unknown("contract.finalised_on"), f"{end}; whether it is an old one is not known."
    if finalised.compare(un_2375.ADOPTED) is Order.BEFORE:
        return TRUE, f"{end}."
    return Truth(None), f"{end}; that time is for leaving, and this is a new hire."


def _exempted_by_committee(case: Case) -> ExceptionTest:
    """A letter that names the power of paragraph 25; another letter leaves its scope to counsel."""
    tests: list[Truth] = []
    for path, exemption in case.exemptions_from(REPATRIATION.id):
        if exemption.kind not in {ExemptionKind.COMMITTEE_APPROVAL, ExemptionKind.COMMITTEE_EXEMPTION}:
            continue
        if exemption.evidence is not ExemptionEvidence.LETTER:
            tests.append(unknown(f"{path}.evidence"))
        elif exemption.power != EXEMPTION_POWER.id:
            tests.append(unknown(f"{path}.power"))
        elif exemption.granted_on is None or exemption.granted_on > case.as_of.day:
            tests.append(unknown(f"{path}.granted_on"))
        else:
            tests.append(TRUE)
    result = any_of(*tests)
    reasons = {
        True: "A letter shows that the Committee exempted this activity under paragraph 25.",
        False: "No exemption by the Committee is shown.",
        None: "An exemption by the Committee is claimed; its letter, power and dates need a lawyer's check.",
    }
    return ExceptionTest(id=COMMITTEE_APPROVAL.id, truth=result, reason=reasons[result.value])


def _why_barred(case: Case) -> str:
    if case.request.worker.official_capacity is OfficialCapacity.SAFETY_OVERSIGHT_ATTACHE:
        return "The worker oversees DPRK workers for its Government; such attachés had to return."
    time_limit = _leaves_in_time(case).reason
    return f"The worker is a DPRK national who earns income in a Member State. {time_limit}"


def _what_is_open(case: Case) -> str:
    if case.worker_is_dprk_national.is_unknown:
        return "It is not settled whether the worker is a DPRK national, who may not earn income abroad."
    if case.works_in_member_state.is_unknown:
        return "It is not settled that a Member State of the United Nations hosts the work."
    return "It is not known whether the worker earns income."
