"""S/RES/2094 (2013), adopted on 7 March 2013.

Paragraph 11. States prevent financial services, and the transfer of bulk cash and other assets, that could
help the DPRK's prohibited programmes.

Who is bound: the State. Reading: where a DPRK national works inside the DPRK for an employer abroad, the
labour paragraphs have nothing to ask, since the worker is at home; what is barred is the pay that crosses
the border. Missions and aid work in the DPRK are for a person to judge.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import COMMITTEE_APPROVAL, committee_approval
from service.screening.case import Case
from service.screening.facts import Purpose, Role
from service.screening.finding import Basis, Binds, Clause, ExceptionTest, Finding, Reasons, TextualException, judge
from service.screening.logic import FALSE, TRUE, Truth, all_of, unknown
from service.screening.nationals import DPRK

ADOPTED_ON = date(2013, 3, 7)

SERVES_IN_DPRK = TextualException(
    id="mission-or-aid-in-dprk", title="A mission or aid work in the DPRK engages the worker there"
)

FINANCIAL_SERVICES = Clause(
    id="UN-2094-11",
    instrument="S/RES/2094 (2013)",
    paragraph="11",
    title="No funds into the DPRK that could serve its programmes",
    paraphrase="States prevent financial services and transfers of cash and assets that could contribute to the "
    "DPRK's prohibited programmes or to evading the measures.",
    url="https://undocs.org/S/RES/2094(2013)",
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.UNCONFIRMED,
    effect="deny",
    exceptions=(COMMITTEE_APPROVAL, SERVES_IN_DPRK),
    needs=frozenset({"worker.nationalities"}),
    note="The paragraph's number was cross-checked; its wording is from general knowledge. That it reaches pay for "
    "remote work inside the DPRK is our reading.",
)


def paid_into_the_dprk(case: Case) -> Finding | None:
    """Paragraph 11: is a DPRK national paid from abroad for work inside the DPRK?"""
    prohibited = all_of(
        case.in_force(FINANCIAL_SERVICES),
        case.worker_is_dprk_national,
        case.works_in_dprk,
        case.earns_income,
        employer_is_abroad(case),
    )
    if prohibited.is_false:
        return None
    exceptions = (committee_approval(case, FINANCIAL_SERVICES.id), serves_mission_or_aid(case))
    reasons = Reasons(
        deny="A DPRK national works inside the DPRK for an employer abroad, whose pay would go into the DPRK.",
        review="It is not settled whether pay would go from abroad to a DPRK national inside the DPRK.",
        allow="The Committee approved the payment.",
        facts=case.labour_facts,
    )
    return judge(FINANCIAL_SERVICES, prohibited, exceptions, reasons)


def employer_is_abroad(case: Case) -> Truth:
    """Whether the employer sits outside the DPRK: as stated of the work, else of the legal employer."""
    stated = case.request.work.employer_country
    countries = [stated] if stated is not None else []
    countries += [
        party.country for _, party in case.counterparties() if party.role is Role.LEGAL_EMPLOYER and party.country
    ]
    codes = [country.code for country in countries]
    if any(code is not None and code != DPRK for code in codes):
        return TRUE
    return FALSE if codes and None not in codes else unknown("work.employer_country")


def serves_mission_or_aid(case: Case) -> ExceptionTest:
    """A mission or aid work in the DPRK; never met by itself, because a person has to confirm the channel."""
    serves = case.request.contract.purpose in {Purpose.MISSION_IN_DPRK, Purpose.HUMANITARIAN_IN_DPRK}
    return ExceptionTest(
        id=SERVES_IN_DPRK.id,
        truth=Truth(None) if serves else FALSE,
        reason="The worker is engaged for a mission or aid work in the DPRK, which a person has to confirm."
        if serves
        else "The work is neither for a mission nor for aid in the DPRK.",
    )
