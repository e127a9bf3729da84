"""European Union: Decision (CFSP) 2016/849 and Regulation (EU) 2017/1509.

Article 26a of the Decision follows the UN's labour paragraphs in steps. From 15 September 2017 the number of
work authorisations for DPRK nationals is capped at that of 5 August 2017. From 10 October 2017 none is given in
connection with admission, except by the Committee's leave or under a written contract that was finalised
before 11 September 2017: the text counts in days, so a contract of that very day is too late. From 16 October
2017 authorisations of DPRK nationals are not renewed, refugees and other protected persons excepted.

Article 32a leaves room for the missions of the Union and its members in the DPRK.

Article 34 of the Regulation freezes what belongs to listed parties or is held or controlled by them.

Who is bound: the member States, and everyone in the Union. EU law bound the United Kingdom until the end of 2020.
"""

from __future__ import annotations

from datetime import date

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
from service.rulebook.freezes import Freeze, un_dprk_or
from service.rulebook.un_2371 import NO_INCREASE, within_cap
from service.rulebook.un_2375 import ADOPTED, NOTIFY_COMMITTEE_BY, WORK_AUTHORISATION
from service.rulebook.written_contract import BEFORE_ADOPTION, prolonged_since, written_contract_before_adoption
from service.screening.case import Case
from service.screening.facts import Payee, Purpose
from service.screening.finding import (
    NEVER_DENIES,
    Basis,
    Binds,
    Clause,
    ExceptionTest,
    Fact,
    Finding,
    Outcome,
    Reasons,
    TextualException,
    judge,
)
from service.screening.logic import TRUE, Truth, all_of
from service.screening.ownership import EU_TEST

JURISDICTION = "EU"
CAP_FROM = date(2017, 9, 15)
NO_NEW_FROM = date(2017, 10, 10)
NO_RENEWAL_FROM = date(2017, 10, 16)
FIRST_CONTRACT_DAY_BARRED = date(2017, 9, 11)
DECISION = "Council Decision (CFSP) 2016/849"
DECISION_URL = "https://eur-lex.europa.eu/eli/dec/2016/849"

WORK_AUTHORISATIONS = Clause(
    id="EU-2016-849-26a",
    instrument=DECISION,
    paragraph="26a",
    title="No new or renewed work authorisations for DPRK nationals",
    paraphrase="Member States do not raise, give or renew work authorisations for DPRK nationals; older written "
    "contracts, the Committee's leave and international protection are excepted.",
    url=DECISION_URL,
    in_force_from=CAP_FROM,
    binds=Binds.STATE,
    jurisdiction=JURISDICTION,
    basis=Basis.QUOTED,
    effect="deny",
    dates=(
        ("contracts finalised on or after this day do not count", FIRST_CONTRACT_DAY_BARRED),
        ("no authorisations are given from", NO_NEW_FROM),
        ("authorisations are not renewed from", NO_RENEWAL_FROM),
    ),
    exceptions=(NO_INCREASE, BEFORE_ADOPTION, COMMITTEE_APPROVAL, PROTECTED, STATUS_BASED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=frozenset({"worker.nationalities"}),
    note="The content was confirmed from quotations; the article's number and its first day were not.",
)

MISSIONS = TextualException(id="mission-in-dprk", title="A mission in the DPRK engages the worker for its own work")

MISSIONS_IN_DPRK = Clause(
    id="EU-2016-849-32a",
    instrument=DECISION,
    paragraph="32a",
    title="Missions in the DPRK are not impeded",
    paraphrase="The UN's measures do not apply where they would impede diplomatic or consular missions in the DPRK.",
    url=DECISION_URL,
    in_force_from=date(2016, 5, 27),
    binds=Binds.STATE,
    jurisdiction=JURISDICTION,
    basis=Basis.OFFICIAL_TEXT,
    effect="exempts missions in the DPRK",
    exceptions=(MISSIONS,),
    needs=frozenset({"worker.nationalities"}),
    note="The day of the Decision is used; the day on which the article was inserted was not confirmed.",
)

FREEZE_CLAUSE = Clause(
    id="EU-2017-1509-34",
    instrument="Regulation (EU) 2017/1509",
    paragraph="34",
    title="Assets of listed parties are frozen in the Union",
    paraphrase="Funds and economic resources of listed parties, or held or controlled by them, are frozen, and "
    "none are made available to them.",
    url="https://eur-lex.europa.eu/eli/reg/2017/1509",
    in_force_from=date(2017, 8, 30),
    binds=Binds.EMPLOYER,
    jurisdiction=JURISDICTION,
    basis=Basis.UNCONFIRMED,
    effect="deny",
    note="The article's number is from general knowledge. The test of ownership is taken as more than half or control; "
    "from 2024 half may be enough, which here is a review.",
)
FREEZE = Freeze(
    jurisdiction=JURISDICTION,
    counts=un_dprk_or("eu_fsf", "eu_dprk_annexes"),
    test=EU_TEST,
    named=FREEZE_CLAUSE,
    owned=FREEZE_CLAUSE,
)


def work_authorisations(case: Case) -> Finding | None:
    """Article 26a: may a member State give, keep or renew the authorisation for this work?"""
    prohibited = all_of(
        case.in_force(WORK_AUTHORISATIONS),
        case.worker_is_dprk_national,
        case.needs_work_authorisation,
        case.works_in_the_eu,
    )
    if prohibited.is_false:
        return None
    renewed = prolonged_since(case, NO_RENEWAL_FROM) if case.as_of.day >= NO_RENEWAL_FROM else Truth(False)
    exceptions = (
        *_exceptions_in_time(case, renewed),
        protected(case),
        right_to_work_by_status(case),
        host_national(case),
        un_functions(case),
    )
    reasons = Reasons(
        deny="The authorisation was renewed or prolonged after 16 October 2017."
        if renewed.is_true
        else f"{exceptions[0].reason} {exceptions[1].reason}",
        review="It is not settled whether a member State would authorise work of a DPRK national.",
        allow="The article does not reach this authorisation.",
        facts=case.labour_facts,
    )
    return judge(WORK_AUTHORISATIONS, prohibited, exceptions, reasons)


def _exceptions_in_time(case: Case, renewed: Truth) -> tuple[ExceptionTest, ...]:
    """What excepts an authorisation as the article stood on ``as_of``: first the cap, then the ban.

    A renewal after 16 October 2017 undoes the old contract; what the Committee approved it does not.
    """
    approval = approval_also_nationally(
        case, WORK_AUTHORISATIONS.id, WORK_AUTHORISATION.id, before=case.request.authorisation.issued_on
    )
    if case.as_of.day < NO_NEW_FROM:
        return (within_cap(case), approval)
    contract = written_contract_before_adoption(
        case, ADOPTED, NOTIFY_COMMITTEE_BY, first_day_barred=FIRST_CONTRACT_DAY_BARRED
    )
    spared = contract.truth & ~renewed
    reason = {
        True: "An old contract does not carry a renewal after 16 October 2017.",
        False: contract.reason,
        None: f"{contract.reason} When it was renewed is not known.",
    }[renewed.value]
    return (ExceptionTest(id=BEFORE_ADOPTION.id, truth=spared, reason=reason), approval)


def missions_in_the_dprk(case: Case) -> Finding | None:
    """Article 32a: is the worker engaged by a mission in the DPRK, and who is paid?

    Pay to the worker alone is the mission's own affair; anyone else as payee is for a person to judge.
    """
    contract = case.request.contract
    bears = all_of(
        Truth(JURISDICTION in case.jurisdictions),
        case.in_force(MISSIONS_IN_DPRK),
        Truth(contract.purpose is Purpose.MISSION_IN_DPRK),
        case.works_in_dprk,
        case.worker_is_dprk_national,
    )
    if bears.is_false:
        return None
    paid = contract.payee is Payee.WORKER
    test = ExceptionTest(
        id=MISSIONS.id,
        truth=TRUE if paid else Truth(None),
        reason="The mission pays the worker."
        if paid
        else "A mission in the DPRK engages the worker; to whom the pay goes decides, and it is not the worker.",
    )
    outcome = Outcome.ALLOW if paid and bears.is_true else Outcome.REVIEW
    missing = (*(("contract.payee",) if contract.payee is Payee.UNKNOWN else ()), *bears.fields)
    return Finding(
        outcome=outcome,
        clause=MISSIONS_IN_DPRK,
        reason=test.reason if contract.payee is not Payee.UNKNOWN else "To whom the mission pays is not known.",
        facts=(Fact(field="contract.payee", value=contract.payee.value), *case.labour_facts),
        exceptions=(test,),
        missing=() if outcome is Outcome.ALLOW else missing,
        if_known=NEVER_DENIES,
    )
