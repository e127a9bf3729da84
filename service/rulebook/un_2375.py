"""S/RES/2375 (2017), adopted on 11 September 2017 at 18:12 in New York (22:12 UTC).

Paragraph 17. States stop providing work authorisations for DPRK nationals in connection with their
admission. Two doors stay open: the 1718 Committee may approve a case in advance, and an authorisation
is spared where its written contract was finalised before the resolution was adopted.

Paragraph 18. Joint ventures and cooperative entities with DPRK entities or individuals are barred,
existing ones as well as new ones, whether or not the DPRK side acts for its Government. Existing ones
had to close within 120 days of adoption, or within 120 days after the Committee refused approval.
Spared are ventures that the Committee approved in advance, the hydroelectric works shared by China and
the DPRK, and the Rajin-Khasan port and railway so far as it exports coal from Russia.

Who is bound: the State. An employer meets these paragraphs through the permit and through national law.
Reading: a bare date of 11 or 12 September 2017 may lie on either side of the adoption, because the day
depends on the place; only the instant settles it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from service.rulebook.exceptions import (
    COMMITTEE_APPROVAL,
    HOST_NATIONAL,
    STATUS_BASED,
    UN_FUNCTIONS,
    committee_approval,
    host_national,
    right_to_work_by_status,
    un_functions,
)
from service.rulebook.written_contract import BEFORE_ADOPTION, written_contract_before_adoption
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Finding, Reasons, TextualException, judge
from service.screening.logic import all_of
from service.screening.moment import Order
from service.screening.wording import day_in_words, distance_in_words

ADOPTED = datetime(2017, 9, 11, 22, 12, tzinfo=UTC)
ADOPTED_ON = date(2017, 9, 11)
NOTIFY_COMMITTEE_BY = date(2017, 12, 15)
CLOSE_VENTURES_BY = ADOPTED_ON + timedelta(days=120)  # 9 January 2018
URL = "https://undocs.org/S/RES/2375(2017)"

HYDROPOWER = TextualException(
    id="china-dprk-hydropower", title="Hydroelectric infrastructure shared by China and the DPRK"
)
RAJIN_KHASAN = TextualException(
    id="rajin-khasan-russian-coal", title="The Rajin-Khasan port and railway, for coal from Russia only"
)
WINDING_DOWN = TextualException(id="time-to-close", title="An existing venture is being closed within its time")
VENTURE_EXCEPTIONS = (COMMITTEE_APPROVAL, HYDROPOWER, RAJIN_KHASAN, WINDING_DOWN)

WORK_AUTHORISATION = Clause(
    id="UN-2375-17",
    instrument="S/RES/2375 (2017)",
    paragraph="17",
    title="No new work authorisations for DPRK nationals",
    paraphrase="States provide no work authorisations for DPRK nationals in connection with admission to their "
    "territory, unless the Committee approves the case in advance or the written contract was finalised before "
    "the resolution was adopted.",
    url=URL,
    in_force_from=ADOPTED_ON,
    in_force_instant=ADOPTED,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.SECONDARY,
    effect="deny",
    dates=(("States report grandfathered contracts to the Committee by", NOTIFY_COMMITTEE_BY),),
    exceptions=(COMMITTEE_APPROVAL, BEFORE_ADOPTION, STATUS_BASED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=frozenset({"worker.nationalities"}),
    note="Right to work by status and host nationality are our reading of 'in connection with admission'.",
)

JOINT_VENTURES = Clause(
    id="UN-2375-18",
    instrument="S/RES/2375 (2017)",
    paragraph="18",
    title="No joint ventures with DPRK entities or individuals",
    paraphrase="Joint ventures and cooperative entities with DPRK entities or individuals may not be opened, kept "
    "or run; existing ones close within 120 days of adoption, or of the Committee's refusal.",
    url=URL,
    in_force_from=ADOPTED_ON,
    in_force_instant=ADOPTED,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.QUOTED,
    effect="deny",
    dates=(("existing joint ventures are closed by", CLOSE_VENTURES_BY),),
    exceptions=VENTURE_EXCEPTIONS,
)


def no_new_work_authorisation(case: Case) -> Finding | None:
    """Paragraph 17: does it forbid the State to authorise this work?

    It bears on DPRK nationals, and on workers whose nationality is open, where the work is done in a
    Member State outside the DPRK and needs an authorisation.
    """
    prohibited = all_of(
        case.in_force(WORK_AUTHORISATION),
        case.worker_is_dprk_national,
        ~case.works_in_dprk,
        case.needs_work_authorisation,
        case.works_in_member_state,
    )
    if prohibited.is_false:
        return None
    exceptions = (
        written_contract_before_adoption(case, ADOPTED, NOTIFY_COMMITTEE_BY),
        committee_approval(case, WORK_AUTHORISATION.id, before=case.request.authorisation.issued_on),
        right_to_work_by_status(case),
        host_national(case),
        un_functions(case),
    )
    reasons = Reasons(
        deny=f"{_what_is_wrong_with_the_contract(case)} {exceptions[1].reason}",
        review=_what_is_open(case),
        allow="The paragraph does not reach this authorisation.",
        facts=case.labour_facts,
    )
    return judge(WORK_AUTHORISATION, prohibited, exceptions, reasons)


def _what_is_wrong_with_the_contract(case: Case) -> str:
    contract = case.request.contract
    if contract.written is False:
        return "No written contract was finalised before the resolution was adopted on 11 September 2017."
    if contract.finalised is not None and contract.finalised.compare(ADOPTED) is Order.AFTER:
        if contract.finalised.day == ADOPTED_ON:
            return "The contract was finalised on 11 September 2017, not before the hour of the resolution's adoption."
        return (
            f"The contract was finalised on {day_in_words(contract.finalised.day)}, "
            f"{distance_in_words(ADOPTED_ON, contract.finalised.day)} after the resolution was adopted."
        )
    return "What happened to the contract after 11 September 2017 counts as a new contract."


def _what_is_open(case: Case) -> str:
    if case.worker_is_dprk_national.is_unknown:
        return "It is not settled whether the worker is a DPRK national, for whom no work may be authorised."
    if case.works_in_member_state.is_unknown:
        return "It is not settled that a Member State of the United Nations hosts the work."
    if case.needs_work_authorisation.is_unknown:
        return "It is not known whether the work is paid, and so whether it needs an authorisation."
    return "The day of screening may lie on either side of the adoption."
