"""S/RES/2321 (2016), adopted on 30 November 2016.

Paragraph 11. States suspend scientific and technical cooperation with persons or groups that the DPRK
sponsors or that represent it. Medical exchanges go on; nuclear and aerospace science and advanced
manufacturing wait for the Committee; other fields for the State's own finding and notice.

Paragraph 15. States restrict the entry of members of the DPRK's Government, officials and armed forces
whom they link to the prohibited programmes.

Paragraph 16. A DPRK mission has one bank account, and so has each of its accredited staff.

Paragraph 17. DPRK diplomats may not practise for profit in the State that received them.

Paragraph 23. No crew services for vessels or aircraft are procured from the DPRK.

Who is bound: the State.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import COMMITTEE_APPROVAL, committee_approval
from service.rulebook.training import is_field_for_the_committee, is_specialised_training, training_facts
from service.screening.case import Case, is_from_dprk
from service.screening.facts import OfficialCapacity, Payee, Purpose, Role
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
from service.screening.logic import FALSE, TRUE, Truth, all_of, any_of, truth

ADOPTED_ON = date(2016, 11, 30)

MEDICAL = TextualException(id="medical-exchange", title="Medical exchanges are not suspended")

SERVANTS = frozenset({OfficialCapacity.DPRK_OFFICIAL, OfficialCapacity.DPRK_MILITARY})
REPRESENTATIVES = SERVANTS | {OfficialCapacity.DPRK_DIPLOMAT}
FROM_GENERAL_KNOWLEDGE = "The paragraph's number and wording are from general knowledge."


def _clause(
    paragraph: str,
    title: str,
    paraphrase: str,
    *,
    basis: Basis,
    effect: str,
    note: str | None,
    exceptions: tuple[TextualException, ...] = (),
    needs: frozenset[str] = frozenset(),
) -> Clause:
    return Clause(
        id=f"UN-2321-{paragraph}",
        instrument="S/RES/2321 (2016)",
        paragraph=paragraph,
        title=title,
        paraphrase=paraphrase,
        url="https://undocs.org/S/RES/2321(2016)",
        in_force_from=ADOPTED_ON,
        binds=Binds.STATE,
        jurisdiction="UN",
        basis=basis,
        effect=effect,
        exceptions=exceptions,
        needs=needs,
        note=note,
    )


COOPERATION = _clause(
    "11",
    "Scientific and technical cooperation with the DPRK is suspended",
    "Cooperation in science and technology with whom the DPRK sponsors or sends is suspended, medical exchanges "
    "excepted; some fields wait for the Committee, others for the State's own finding.",
    basis=Basis.SECONDARY,
    effect="deny",
    exceptions=(MEDICAL, COMMITTEE_APPROVAL),
    needs=frozenset({"worker.nationalities"}),
    note="The content was confirmed from a secondary source; the paragraph's number was not.",
)
ENTRY_OF_OFFICIALS = _clause(
    "15",
    "Entry of DPRK officials and military is restricted",
    "States restrict the entry of the DPRK's officials and armed forces whom they link to the prohibited programmes.",
    basis=Basis.QUOTED,
    effect="review",
    note=None,
)
MISSION_ACCOUNTS = _clause(
    "16",
    "One bank account for a DPRK mission and for each of its staff",
    "A DPRK mission or post, and each accredited member of its staff, has a single bank account.",
    basis=Basis.UNCONFIRMED,
    effect="review",
    note="The paragraph's number was cross-checked; its wording is from general knowledge.",
)
DIPLOMATS = _clause(
    "17",
    "DPRK diplomats do not practise for profit",
    "Diplomats of the DPRK carry on no professional or commercial activity for profit where they are accredited.",
    basis=Basis.UNCONFIRMED,
    effect="deny",
    note=FROM_GENERAL_KNOWLEDGE,
)
CREW = _clause(
    "23",
    "No vessel or aircraft crew from the DPRK",
    "Crew services for vessels and aircraft are not procured from the DPRK.",
    basis=Basis.UNCONFIRMED,
    effect="review",
    needs=frozenset({"worker.nationalities"}),
    note="The paragraph's number was cross-checked; its wording is from general knowledge.",
)


def technical_cooperation(case: Case) -> Finding | None:
    """Paragraph 11: is a person whom the DPRK sponsors to be trained, or sent on a medical exchange?"""
    medical = case.request.contract.purpose is Purpose.MEDICAL_EXCHANGE
    prohibited = all_of(
        case.in_force(COOPERATION),
        is_specialised_training(case) | Truth(medical),
        case.worker_is_dprk_national,
        _is_sponsored(case),
        Truth(True) if medical else is_field_for_the_committee(case),
    )
    if prohibited.is_false:
        return None
    exceptions = (
        ExceptionTest(
            id=MEDICAL.id,
            truth=Truth(medical),
            reason="Medical exchanges are not suspended." if medical else "The post is no medical exchange.",
        ),
        committee_approval(case, COOPERATION.id),
    )
    reasons = Reasons(
        deny="The training is in a field for which cooperation waits for the Committee, which has not approved it.",
        review="Whether this training falls under the suspended cooperation needs the State's finding.",
        allow="The cooperation is excepted.",
        facts=(*training_facts(case), *case.labour_facts),
    )
    return judge(COOPERATION, prohibited, exceptions, reasons)


def _is_sponsored(case: Case) -> Truth:
    """Whether the DPRK sponsors or sends the worker; a sponsor from the DPRK may be private, so it stays open."""
    if case.request.worker.official_capacity in REPRESENTATIVES:
        return TRUE
    parties = [
        truth(party.government_of_dprk, f"{path}.government_of_dprk")
        for path, party in case.counterparties()
        if party.government_of_dprk is True or (party.role is Role.SPONSOR and is_from_dprk(party))
    ]
    return any_of(*parties)


def entry_of_officials(case: Case) -> Finding | None:
    """Paragraph 15: is the worker an official or a soldier of the DPRK?"""
    capacity = case.request.worker.official_capacity
    restricted = all_of(
        case.in_force(ENTRY_OF_OFFICIALS),
        Truth(capacity in SERVANTS),
        ~case.works_in_dprk,
    )
    reason = "The worker serves the DPRK; the State must find whether a link to its programmes bars entry."
    return _review(ENTRY_OF_OFFICIALS, restricted, reason, _capacity_fact(case))


def paid_to_a_mission(case: Case) -> Finding | None:
    """Paragraph 16: is the pay made out to a mission of the DPRK?"""
    payee = case.request.contract.payee
    bears = case.in_force(MISSION_ACCOUNTS) & Truth(payee is Payee.DPRK_MISSION)
    reason = "The pay goes to a DPRK mission, which may hold one bank account and trade through none."
    return _review(MISSION_ACCOUNTS, bears, reason, (Fact(field="contract.payee", value=payee.value),))


def diplomats_side_job(case: Case) -> Finding | None:
    """Paragraph 17: does a DPRK diplomat take paid work beside the post?"""
    purpose = case.request.contract.purpose
    beside = truth(None if purpose is None else purpose is not Purpose.UN_FUNCTIONS, "contract.purpose")
    prohibited = all_of(
        case.in_force(DIPLOMATS),
        Truth(case.request.worker.official_capacity is OfficialCapacity.DPRK_DIPLOMAT),
        ~case.works_in_dprk,
        case.earns_income,
        beside,
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="The worker is a DPRK diplomat, who may not work for profit beside the post.",
        review="It is not settled whether a DPRK diplomat would work for profit beside the post.",
        allow="The post is no side job.",
        facts=(*_capacity_fact(case), *case.labour_facts),
    )
    return judge(DIPLOMATS, prohibited, (), reasons)


def crew_from_the_dprk(case: Case) -> Finding | None:
    """Paragraph 23: is crew taken from the DPRK? A DPRK national aboard, or a supplier from there."""
    from_dprk = any(
        is_from_dprk(party)
        for _, party in case.counterparties()
        if party.role in {Role.LABOUR_SUPPLIER, Role.STAFFING_AGENCY, Role.RECRUITER, Role.SUBCONTRACTOR}
    )
    aboard = case.request.work.vessel is not None
    bears = all_of(
        case.in_force(CREW),
        Truth(aboard),
        case.worker_is_dprk_national | Truth(from_dprk),
    )
    reason = "The post is on a vessel; crew services may not be procured from the DPRK."
    return _review(CREW, bears, reason, case.labour_facts)


def _capacity_fact(case: Case) -> tuple[Fact, ...]:
    return (Fact(field="worker.official_capacity", value=case.request.worker.official_capacity.value),)


def _review(clause: Clause, bears: Truth, reason: str, facts: tuple[Fact, ...]) -> Finding | None:
    """A clause whose application a person judges: a review wherever it bears or may bear."""
    if bears == FALSE:
        return None
    return Finding(
        outcome=Outcome.REVIEW, clause=clause, reason=reason, facts=facts, missing=bears.fields, if_known=NEVER_DENIES
    )
