"""S/RES/2371 (2017), adopted on 5 August 2017.

Paragraph 3. The asset freeze of resolution 1718 reaches whom the annexes name, those acting for them and those
whom they own or control.

Paragraph 8. Coal from the DPRK is barred; what Russia exports of its own through Rajin is not. It marks how far
the Rajin-Khasan exception of resolution 2375 paragraph 18 goes.

Paragraph 11. States do not raise the number of work authorisations for DPRK nationals above what it was
on the day of adoption, unless the Committee approves in advance, case by case.

Paragraph 12. No new joint ventures or cooperative entities with DPRK entities or individuals, and no
expansion of existing ones by further investment, unless the Committee approves in advance.

Who is bound: the State. Reading: from the adoption of resolution 2375 its stricter paragraphs 17 and 18
speak in their place, so these two bear only on a day of screening before it.
"""

from __future__ import annotations

from datetime import date

from service.rulebook import un_2375
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
from service.rulebook.freezes import annex_clause
from service.rulebook.ventures import Venture, approved_by_committee, ventures
from service.screening.case import Case
from service.screening.finding import (
    Basis,
    Binds,
    Clause,
    ExceptionTest,
    Fact,
    Finding,
    Reasons,
    TextualException,
    judge,
)
from service.screening.logic import Truth, all_of, any_of, truth, unknown

ADOPTED_ON = date(2017, 8, 5)
URL = "https://undocs.org/S/RES/2371(2017)"

NO_INCREASE = TextualException(
    id="no-increase", title="The State's number of authorisations stays at or below that of 5 August 2017"
)
EXISTING = TextualException(id="existing-venture", title="The joint venture is older and was not enlarged")

CAP = Clause(
    id="UN-2371-11",
    instrument="S/RES/2371 (2017)",
    paragraph="11",
    title="No more work authorisations for DPRK nationals than on 5 August 2017",
    paraphrase="States keep the total number of work authorisations for DPRK nationals at or below the number at "
    "adoption, unless the Committee approves more in advance.",
    url=URL,
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.QUOTED,
    effect="deny",
    dates=(("resolution 2375 paragraph 17 speaks in its place from", un_2375.ADOPTED_ON),),
    exceptions=(NO_INCREASE, COMMITTEE_APPROVAL, STATUS_BASED, HOST_NATIONAL, UN_FUNCTIONS),
    needs=frozenset({"worker.nationalities"}),
    note="The content was confirmed from quotations; the paragraph's number was not seen in an official text.",
)

NEW_VENTURES = Clause(
    id="UN-2371-12",
    instrument="S/RES/2371 (2017)",
    paragraph="12",
    title="No new or larger joint ventures with DPRK parties",
    paraphrase="No joint venture or cooperative entity with DPRK entities or individuals is opened, and no existing "
    "one is expanded by investment, unless the Committee approves in advance.",
    url=URL,
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.SECONDARY,
    effect="deny",
    dates=(("resolution 2375 paragraph 18 speaks in its place from", un_2375.ADOPTED_ON),),
    exceptions=(COMMITTEE_APPROVAL, EXISTING),
)

ANNEX = annex_clause("UN-2371-3", "S/RES/2371 (2017)", URL, ADOPTED_ON)
COAL = Clause(
    id="UN-2371-8",
    instrument="S/RES/2371 (2017)",
    paragraph="8",
    title="No coal from the DPRK; coal from Russia through Rajin is spared",
    paraphrase="Coal and ores from the DPRK are not bought; coal that a State shows to come from elsewhere and to pass "
    "only through the port of Rajin is spared.",
    url=URL,
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.QUOTED,
    effect="scope of an exception",
    note="It forbids no hire; resolution 2375 paragraph 18 points to it.",
)


def cap_on_authorisations(case: Case) -> Finding | None:
    """Paragraph 11: would this authorisation raise the State's number? Only the State can tell."""
    prohibited = all_of(
        case.in_force(CAP),
        ~case.in_force(un_2375.WORK_AUTHORISATION),
        case.worker_is_dprk_national,
        ~case.works_in_dprk,
        case.needs_work_authorisation,
        case.works_in_member_state,
    )
    if prohibited.is_false:
        return None
    authorisation = case.request.authorisation
    exceptions = (
        within_cap(case),
        committee_approval(case, CAP.id, before=authorisation.issued_on),
        right_to_work_by_status(case),
        host_national(case),
        un_functions(case),
    )
    reasons = Reasons(
        deny=f"{exceptions[0].reason} {exceptions[1].reason}",
        review="The day of screening may lie on either side of the adoption of resolution 2375."
        if case.in_force(un_2375.WORK_AUTHORISATION).is_unknown
        else "It is not settled whether the worker is a DPRK national whose authorisation counts under the cap.",
        allow="The authorisation stays within the cap.",
        facts=(
            *case.labour_facts,
            Fact(field="authorisation.raises_state_total", value=authorisation.raises_state_total),
        ),
    )
    return judge(CAP, prohibited, exceptions, reasons)


def within_cap(case: Case) -> ExceptionTest:
    """Whether the State confirms that the authorisation keeps within its number of 5 August 2017."""
    raises = case.request.authorisation.raises_state_total
    return ExceptionTest(
        id=NO_INCREASE.id,
        truth=~truth(raises, "authorisation.raises_state_total"),
        reason={
            True: "The authorisation raises the State's number above that of 5 August 2017.",
            False: "The authorisation does not raise the State's number above that of 5 August 2017.",
            None: "Only the State can tell whether the authorisation raises its number above that of 5 August 2017.",
        }[raises],
    )


def new_or_larger_ventures(case: Case) -> tuple[Finding, ...]:
    """Paragraph 12: was a joint venture opened or enlarged between 5 August and 11 September 2017?"""
    window = case.in_force(NEW_VENTURES) & ~case.in_force(un_2375.JOINT_VENTURES)
    if window.is_false:
        return ()
    found = (_one_venture(case, window, venture) for venture in ventures(case))
    return tuple(finding for finding in found if finding is not None)


def _one_venture(case: Case, window: Truth, venture: Venture) -> Finding | None:
    facts = venture.facts()
    formed = _on_or_after_adoption(venture.facts_stated.formed_on, f"{venture.path}.joint_venture.formed_on")
    expanded_on = venture.facts_stated.expanded_on
    expanded = Truth(expanded_on is not None and expanded_on >= ADOPTED_ON)
    reasons = Reasons(
        deny="The joint venture with a DPRK party was opened or enlarged after 5 August 2017 without approval.",
        review=venture.open_reason or "It is not known when the joint venture with a DPRK party was formed.",
        allow="The Committee approved the joint venture.",
        facts=facts,
    )
    approval = approved_by_committee(case, venture, NEW_VENTURES.id, ADOPTED_ON)
    finding = judge(
        NEW_VENTURES, all_of(window, venture.has_dprk_party, any_of(formed, expanded)), (approval,), reasons
    )
    if finding is not None or venture.has_dprk_party.is_false:
        return finding
    existing = ExceptionTest(
        id=EXISTING.id,
        truth=Truth(True),
        reason="The joint venture is older than 5 August 2017 and unenlarged.",
    )
    return judge(NEW_VENTURES, window & venture.has_dprk_party, (existing,), reasons)


def _on_or_after_adoption(day: date | None, field: str) -> Truth:
    return unknown(field) if day is None else Truth(day >= ADOPTED_ON)
