"""Switzerland: Ordinance on Measures concerning the DPRK (SR 946.231.127.6).

Article 2a bans work permits for DPRK nationals; the State Secretariat for Migration may make an exception after
the Committee's approval. Article 2b has the permits of working DPRK nationals revoked without delay, from
25 April 2018 at 18:00 in Bern, unless national or international law forbids it.

Who is bound: the authorities. Reading: article 2a speaks of issuing, so a permit given before it stands until it
is renewed or article 2b revokes it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from service.rulebook.exceptions import (
    COMMITTEE_APPROVAL,
    HOST_NATIONAL,
    PROTECTED,
    STATUS_BASED,
    UN_FUNCTIONS,
    approval_also_nationally,
    host_national,
    protected,
    right_to_work_by_status,
    un_functions,
)
from service.rulebook.un_2375 import WORK_AUTHORISATION
from service.rulebook.un_2397 import REPATRIATION
from service.rulebook.written_contract import prolonged_since
from service.screening.case import Case
from service.screening.facts import AuthorisationKind
from service.screening.finding import Basis, Binds, Clause, Finding, Reasons, judge
from service.screening.logic import TRUE, Truth, all_of, unknown

JURISDICTION = "CH"
NO_PERMITS_FROM = date(2017, 10, 18)
REVOKED_FROM = datetime(2018, 4, 25, 16, 0, tzinfo=UTC)  # 18:00 in Bern
INSTRUMENT = "SR 946.231.127.6 (Switzerland)"
URL = "https://www.fedlex.admin.ch/eli/cc/2016/288"

NO_PERMITS = Clause(
    id="CH-946-231-127-6-2a",
    instrument=INSTRUMENT,
    paragraph="2a",
    title="No work permits for DPRK nationals",
    paraphrase="Work permits are not issued to DPRK nationals; an exception follows the Committee's approval.",
    url=URL,
    in_force_from=NO_PERMITS_FROM,
    binds=Binds.STATE,
    jurisdiction=JURISDICTION,
    basis=Basis.QUOTED,
    effect="deny",
    exceptions=(COMMITTEE_APPROVAL, STATUS_BASED, PROTECTED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=frozenset({"worker.nationalities"}),
    note="The text was confirmed from mirrors; its first day was reported on 20 October 2017 and is not confirmed.",
)
REVOCATION = Clause(
    id="CH-946-231-127-6-2b",
    instrument=INSTRUMENT,
    paragraph="2b",
    title="Permits of working DPRK nationals are revoked",
    paraphrase="Permits of DPRK nationals who work in Switzerland are revoked without delay, unless national or "
    "international law forbids it.",
    url=URL,
    in_force_from=date(2018, 4, 25),
    in_force_instant=REVOKED_FROM,
    binds=Binds.STATE,
    jurisdiction=JURISDICTION,
    basis=Basis.QUOTED,
    effect="deny",
    exceptions=(COMMITTEE_APPROVAL, PROTECTED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=frozenset({"worker.nationalities"}),
)


def no_work_permits(case: Case) -> Finding | None:
    """Article 2a: would a permit be issued, or renewed, for a DPRK national?"""
    prohibited = all_of(
        case.in_force(NO_PERMITS),
        case.worker_is_dprk_national,
        case.works_in(JURISDICTION),
        case.needs_work_authorisation,
        _is_issued_under_the_ban(case),
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="A Swiss work permit for a DPRK national would be issued or renewed.",
        review="It is not settled whether a Swiss work permit would be issued to a DPRK national.",
        allow="The article does not reach this permit.",
        facts=case.labour_facts,
    )
    approval = approval_also_nationally(case, NO_PERMITS.id, WORK_AUTHORISATION.id)
    exceptions = (
        approval,
        right_to_work_by_status(case),
        protected(case),
        host_national(case),
        un_functions(case),
    )
    return judge(NO_PERMITS, prohibited, exceptions, reasons)


def _is_issued_under_the_ban(case: Case) -> Truth:
    authorisation = case.request.authorisation
    if authorisation.issued_on is None:
        held = authorisation.kind in {AuthorisationKind.WORK_PERMIT, AuthorisationKind.UNKNOWN}
        return unknown("authorisation.issued_on") if held else TRUE
    return Truth(authorisation.issued_on >= NO_PERMITS_FROM) | prolonged_since(case, NO_PERMITS_FROM)


def permits_are_revoked(case: Case) -> Finding | None:
    """Article 2b: does a DPRK national work in Switzerland, whenever the permit was issued?"""
    prohibited = all_of(
        case.in_force(REVOCATION),
        case.worker_is_dprk_national,
        case.works_in(JURISDICTION),
        case.earns_income,
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="Switzerland has revoked the permits of working DPRK nationals since 25 April 2018, 18:00.",
        review="It is not settled whether the worker is a DPRK national whose Swiss permit is revoked at this time.",
        allow="The article does not reach this permit.",
        facts=case.labour_facts,
    )
    approval = approval_also_nationally(case, REVOCATION.id, REPATRIATION.id)
    exceptions = (approval, protected(case), host_national(case), un_functions(case))
    return judge(REVOCATION, prohibited, exceptions, reasons)
