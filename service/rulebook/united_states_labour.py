"""United States: work of DPRK nationals, and the goods that they make.

22 USC 9241a (2 August 2017). Goods made wholly or in part by DPRK nationals, anywhere in the world, are taken
to be made by forced labour and may not be imported, unless the customs authority finds clear proof otherwise.
The text has no exception for refugees.

22 USC 9214(g)(1)(C) (20 December 2019). Whoever knowingly employs workers whom the DPRK has exported, to the
profit of its Government or party, is listed.

31 CFR 510.206 with 510.405 and E.O. 13722 (15 March 2016). Services are neither exported to the DPRK nor
performed for its Government by or for US persons; work by whom it sends abroad is presumed to benefit it.

Who is bound: US persons, and whoever deals through the United States or sells to it. Reading: refugees and nationals
of the host State are not workers whom the DPRK exported; a person whom the United States itself admitted to
work is for a person to judge.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import HOST_NATIONAL, PROTECTED, UN_FUNCTIONS, host_national, protected, un_functions
from service.rulebook.un_2270 import protection_left_to_a_person
from service.rulebook.united_states import ADMITTED, EXECUTIVE_ORDER, JURISDICTION
from service.screening.case import Case
from service.screening.facts import AuthorisationKind, Role
from service.screening.finding import (
    Basis,
    Binds,
    Clause,
    ExceptionTest,
    Fact,
    Finding,
    Reasons,
    judge,
)
from service.screening.logic import FALSE, TRUE, Truth, all_of, unknown

NATIONALITY = frozenset({"worker.nationalities"})

IMPORT_PRESUMPTION = Clause(
    id="US-22USC9241a",
    instrument="22 U.S.C. 9241a",
    paragraph="(a)",
    title="Goods made by DPRK nationals may not be imported",
    paraphrase="Goods that DPRK nationals made wholly or in part, wherever they work, are taken to be made by forced "
    "labour and barred from import, unless clear and convincing proof shows otherwise.",
    url="https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title22-section9241a",
    in_force_from=date(2017, 8, 2),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.OFFICIAL_TEXT,
    effect="deny",
    exceptions=(PROTECTED,),
    needs=NATIONALITY,
    note="The text has no exception for refugees; here their work is a review.",
)
MANDATORY_LISTING = Clause(
    id="US-22USC9214g1C",
    instrument="22 U.S.C. 9214",
    paragraph="(g)(1)(C)",
    title="Employers of workers whom the DPRK exported are listed",
    paraphrase="Whoever knowingly exports, or employs, workers of the DPRK to the profit of its Government or party is "
    "listed, without discretion.",
    url="https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title22-section9214",
    in_force_from=date(2019, 12, 20),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.OFFICIAL_TEXT,
    effect="deny",
    exceptions=(PROTECTED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=NATIONALITY,
    note="That protected persons and nationals of the host State are not exported workers is our reading.",
)
SERVICES = Clause(
    id="US-31CFR510-206",
    instrument="31 CFR Part 510",
    paragraph="510.206",
    title="No services to or for the DPRK's Government",
    paraphrase="US persons neither export services to the DPRK nor deal in services performed for its Government; work "
    "by whom it sends abroad is presumed to benefit it.",
    url="https://www.ecfr.gov/current/title-31/part-510/section-510.206",
    in_force_from=date(2016, 3, 15),
    binds=Binds.US_PERSON,
    jurisdiction=JURISDICTION,
    basis=Basis.QUOTED,
    effect="deny",
    exceptions=(PROTECTED, HOST_NATIONAL, UN_FUNCTIONS, ADMITTED),
    needs=NATIONALITY,
    note="In force from the date of the Executive Order; the rule's text was reissued on 5 March 2018. That hiring a "
    "DPRK national abroad is such a dealing is our reading.",
)


def import_presumption(case: Case) -> Finding | None:
    """22 USC 9241a: does a DPRK national make goods that go to the United States?"""
    prohibited = all_of(
        case.in_force(IMPORT_PRESUMPTION),
        case.worker_is_dprk_national,
        _goods_go_to_the_us(case),
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="A DPRK national would make goods that go to the United States; such goods may not be imported.",
        review="It is not settled whether a DPRK national would make goods that go to the United States.",
        allow="No such goods are made.",
        facts=(
            *case.labour_facts,
            Fact(field="work.goods_destined_to", value=[c.code for c in case.request.work.goods_destined_to]),
        ),
    )
    return judge(IMPORT_PRESUMPTION, prohibited, (protection_left_to_a_person(case),), reasons)


def _goods_go_to_the_us(case: Case) -> Truth:
    """As stated; else a client in the United States is the buyer, and a US nexus alone leaves it open."""
    destinations = {country.code for country in case.request.work.goods_destined_to}
    if destinations:
        return Truth(JURISDICTION in destinations)
    if JURISDICTION not in case.jurisdictions or case.works_in(JURISDICTION).is_true:
        return FALSE
    buys = any(
        party.role is Role.CLIENT and party.country is not None and party.country.code == JURISDICTION
        for _, party in case.counterparties()
    )
    return TRUE if buys else unknown("work.goods_destined_to")


def mandatory_listing(case: Case) -> Finding | None:
    """22 USC 9214(g)(1)(C): would the employer employ a worker whom the DPRK exported?"""
    return _employs(
        case,
        MANDATORY_LISTING,
        "The worker is a DPRK national; whoever employs workers whom the DPRK exported is listed by the United States.",
        (protected(case), host_national(case), un_functions(case)),
    )


def services_for_the_government(case: Case) -> tuple[Finding, ...]:
    """31 CFR 510.206 and the Order behind it: would a US person deal in services of a worker whom the DPRK sent?"""
    exceptions = (protected(case), host_national(case), un_functions(case), _admitted(case))
    reason = "The worker is a DPRK national, whose services are presumed to benefit the DPRK's Government."
    found = (_employs(case, clause, reason, exceptions) for clause in (EXECUTIVE_ORDER, SERVICES))
    return tuple(finding for finding in found if finding is not None)


def _employs(case: Case, clause: Clause, deny: str, exceptions: tuple[ExceptionTest, ...]) -> Finding | None:
    prohibited = all_of(
        Truth(JURISDICTION in case.jurisdictions),
        case.in_force(clause),
        case.worker_is_dprk_national,
        case.earns_income,
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny=deny,
        review="It is not settled whether the work of a DPRK national is paid where United States law binds.",
        allow="The worker is not one whom the DPRK exported.",
        facts=case.labour_facts,
    )
    return judge(clause, prohibited, exceptions, reasons)


def _admitted(case: Case) -> ExceptionTest:
    """Lawful admission to work in the United States; never met by itself, for a person decides."""
    admitted = case.works_in(JURISDICTION).is_true and (
        case.request.authorisation.kind in {AuthorisationKind.WORK_PERMIT, AuthorisationKind.STATUS_BASED}
        or case.has_documented_right_to_work
    )
    return ExceptionTest(
        id=ADMITTED.id,
        truth=Truth(None) if admitted else FALSE,
        reason="The United States admitted the worker to work there, which a person has to confirm."
        if admitted
        else "No admission to work in the United States is shown.",
    )
