"""S/RES/2270 (2016), adopted on 2 March 2016.

Paragraph 32. The freeze reaches entities of the DPRK's Government and of the Workers' Party of Korea
outside the DPRK, those acting for them and those they own or control, where the State finds that they
are associated with the prohibited programmes or activities.

Who is bound: the State. Reading: a counterparty from the DPRK whose link to the Government is not known
makes the question bear; a known link still needs the State's finding, so the answer is a review.
"""

from __future__ import annotations

from datetime import date

from service.screening.case import DPRK, Case
from service.screening.facts import Counterparty
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Outcome

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


def government_entities(case: Case) -> tuple[Finding, ...]:
    """Paragraph 32: is a counterparty an entity of the DPRK's Government or ruling party?"""
    if not case.in_force(GOVERNMENT_ENTITIES).is_true:
        return ()
    found = (_one_party(path, party) for path, party in case.counterparties())
    return tuple(finding for finding in found if finding is not None)


def _one_party(path: str, party: Counterparty) -> Finding | None:
    field = f"{path}.government_of_dprk"
    from_dprk = party.country is not None and party.country.code == DPRK
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
    return Finding(outcome=Outcome.REVIEW, clause=GOVERNMENT_ENTITIES, reason=reason, facts=facts, missing=missing)
