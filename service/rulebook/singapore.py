"""Singapore: work passes of DPRK nationals.

By its report to the 1718 Committee of 19 March 2018 Singapore has revoked all work passes of DPRK nationals and
grants no new ones. It is known from press reports, not from a published rule.

Who is bound: the authority that grants the passes. Reading: the report knows no exceptions; what protects a
person from return is for a person to judge.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import HOST_NATIONAL, PROTECTED, UN_FUNCTIONS, host_national, un_functions
from service.rulebook.un_2270 import protection_left_to_a_person
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Finding, Reasons, judge
from service.screening.logic import all_of

JURISDICTION = "SG"

NO_WORK_PASSES = Clause(
    id="SG-WORK-PASS",
    instrument="Singapore's report to the 1718 Committee of 19 March 2018",
    paragraph="",
    title="No work passes for DPRK nationals",
    paraphrase="Singapore has revoked all work passes of DPRK nationals and grants no new ones.",
    url="https://www.un.org/securitycouncil/sanctions/1718/implementation-reports",
    in_force_from=date(2018, 3, 19),
    binds=Binds.STATE,
    jurisdiction=JURISDICTION,
    basis=Basis.SECONDARY,
    effect="deny",
    exceptions=(HOST_NATIONAL, UN_FUNCTIONS, PROTECTED),
    needs=frozenset({"worker.nationalities"}),
    note="The day of the report is used; when the passes were revoked was not confirmed.",
)


def no_work_passes(case: Case) -> Finding | None:
    """Would a DPRK national work in Singapore on a pass?"""
    prohibited = all_of(
        case.in_force(NO_WORK_PASSES),
        case.worker_is_dprk_national,
        case.works_in(JURISDICTION),
        case.needs_work_authorisation,
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="Singapore gives no work passes to DPRK nationals and has revoked those it gave.",
        review="It is not settled whether the worker is a DPRK national who would need a pass for Singapore.",
        allow="No work pass is needed.",
        facts=case.labour_facts,
    )
    exceptions = (host_national(case), un_functions(case), protection_left_to_a_person(case))
    return judge(NO_WORK_PASSES, prohibited, exceptions, reasons)
