"""S/RES/2270 (2016), adopted on 2 March 2016.

Paragraph 32. The freeze reaches entities of the DPRK's Government and of the Workers' Party of Korea
outside the DPRK, those acting for them and those they own or control, where the State finds that they
are associated with the prohibited programmes or activities.

Paragraph 17. States prevent the specialised teaching and training of DPRK nationals, in their territory or by
their nationals, in disciplines that could serve the DPRK's nuclear and missile programmes.

Who is bound: the State. Reading: a counterparty from the DPRK whose link to the Government is not known
makes the question bear; a known link still needs the State's finding, so the answer is a review. Training
in a field that the resolutions do not name, and the training of a protected person, are for a person to judge.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import COMMITTEE_APPROVAL, PROTECTED, committee_approval, protected
from service.rulebook.training import FIELDS_ADDED_ON, is_listed_field, is_specialised_training, training_facts
from service.screening.case import Case, is_from_dprk
from service.screening.facts import Counterparty
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
    judge,
)
from service.screening.logic import FALSE, Truth, all_of

ADOPTED_ON = date(2016, 3, 2)

GOVERNMENT_ENTITIES = Clause(
    id="UN-2270-32",
    instrument="S/RES/2270 (2016)",
    paragraph="32",
    title="Freeze of Government and Workers' Party entities abroad",
    paraphrase="The asset freeze reaches entities of the DPRK Government or the Workers' Party, and whom they own or "
    "control, where the State finds a link to the prohibited programmes or activities.",
    url="https://undocs.org/S/RES/2270(2016)",
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.UNCONFIRMED,
    effect="review",
    note="The paragraph's number was cross-checked; its wording is from general knowledge.",
)

TRAINING = Clause(
    id="UN-2270-17",
    instrument="S/RES/2270 (2016)",
    paragraph="17",
    title="No specialised training of DPRK nationals in sensitive disciplines",
    paraphrase="States prevent specialised teaching or training of DPRK nationals in disciplines that could serve the "
    "DPRK's nuclear activities or nuclear-weapon delivery systems.",
    url="https://undocs.org/S/RES/2270(2016)",
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.UNCONFIRMED,
    effect="deny",
    dates=(("resolution 2321 names further disciplines from", FIELDS_ADDED_ON),),
    exceptions=(COMMITTEE_APPROVAL, PROTECTED),
    needs=frozenset({"worker.nationalities"}),
    note="Number and wording are from general knowledge; Canada's section 8(5), read in full, mirrors the list.",
)


def specialised_training(case: Case) -> Finding | None:
    """Paragraph 17: is a DPRK national to be trained in a discipline that the resolutions name?"""
    prohibited = all_of(
        case.in_force(TRAINING),
        is_specialised_training(case),
        case.worker_is_dprk_national,
        is_listed_field(case),
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="The post trains a DPRK national in a discipline that the resolutions name.",
        review="It is not settled whether a DPRK national would be trained in a discipline that the resolutions name.",
        allow="The Committee approved the training.",
        facts=(*training_facts(case), *case.labour_facts),
    )
    exceptions = (committee_approval(case, TRAINING.id), protection_left_to_a_person(case))
    return judge(TRAINING, prohibited, exceptions, reasons)


def protection_left_to_a_person(case: Case) -> ExceptionTest:
    """Protection where the text has no exception for it: never met, but a person decides."""
    test = protected(case)
    if test.truth.is_true:
        return ExceptionTest(
            id=PROTECTED.id,
            truth=Truth(None),
            reason="The worker is protected against return; the text knows no such exception, so a person decides.",
        )
    return ExceptionTest(id=PROTECTED.id, truth=FALSE, reason=test.reason)


def government_entities(case: Case) -> tuple[Finding, ...]:
    """Paragraph 32: is a counterparty an entity of the DPRK's Government or ruling party?"""
    if not case.in_force(GOVERNMENT_ENTITIES).is_true:
        return ()
    found = (_one_party(path, party) for path, party in case.counterparties())
    return tuple(finding for finding in found if finding is not None)


def _one_party(path: str, party: Counterparty) -> Finding | None:
    field = f"{path}.government_of_dprk"
    from_dprk = is_from_dprk(party)
    if party.government_of_dprk is True:
        reason = "A counterparty belongs to the DPRK Government; the State must find whether the freeze reaches it."
        missing: tuple[str, ...] = ()
    elif party.government_of_dprk is None and from_dprk:
        reason = "A counterparty is from the DPRK, and it is not known whether it belongs to the Government."
        missing = (field,)
    else:
        return None
    facts = (
        Fact(field=f"{path}.country", value=party.country.code if party.country else None),
        Fact(field=field, value=party.government_of_dprk),
    )
    return Finding(
        outcome=Outcome.REVIEW,
        clause=GOVERNMENT_ENTITIES,
        reason=reason,
        facts=facts,
        missing=missing,
        if_known=NEVER_DENIES,
    )
