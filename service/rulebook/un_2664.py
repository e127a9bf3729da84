"""S/RES/2664 (2022), adopted on 9 December 2022.

Paragraph 1. Humanitarian aid by the United Nations, international organisations and the aid groups that the
paragraph names does not breach an asset freeze. For the DPRK it has no end date.

It speaks of asset freezes alone: it authorises no work, no joint venture and no entry. Whether the aid and the
body that gives it are of the kinds named is for a person, so it turns a denial under a freeze into a review and
does nothing else.
"""

from __future__ import annotations

from datetime import date

from service.screening.case import Case
from service.screening.facts import ExemptionEvidence, ExemptionKind
from service.screening.finding import Basis, Binds, Clause, ExceptionTest, TextualException
from service.screening.logic import FALSE, Truth, any_of, unknown

ADOPTED_ON = date(2022, 12, 9)

RELIEF = TextualException(id="humanitarian-relief", title="Humanitarian aid under S/RES/2664 (2022) paragraph 1")

HUMANITARIAN_RELIEF = Clause(
    id="UN-2664-1",
    instrument="S/RES/2664 (2022)",
    paragraph="1",
    title="Humanitarian aid does not breach an asset freeze",
    paraphrase="Funds and goods that humanitarian aid by the bodies named in the paragraph needs are not a breach of "
    "an asset freeze.",
    url="https://undocs.org/S/RES/2664(2022)",
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.QUOTED,
    effect="exempts from asset freezes only",
)


def humanitarian_relief(case: Case, clause_id: str) -> ExceptionTest:
    """Whether paragraph 1 is invoked against the freeze of ``clause_id``; open at best, never met."""
    invoked = [
        _invoked(case, path, exemption.evidence)
        for path, exemption in case.exemptions_from(clause_id)
        if exemption.kind is ExemptionKind.HUMANITARIAN and exemption.power == HUMANITARIAN_RELIEF.id
    ]
    result = any_of(*invoked)
    reason = (
        "Humanitarian aid under S/RES/2664 (2022) is not shown."
        if result.is_false
        else "Humanitarian aid under S/RES/2664 (2022) is invoked; a person has to confirm the aid and who gives it."
    )
    return ExceptionTest(id=RELIEF.id, truth=result, reason=reason)


def _invoked(case: Case, path: str, evidence: ExemptionEvidence) -> Truth:
    if not case.in_force(HUMANITARIAN_RELIEF).is_true:
        return FALSE
    return Truth(None) if evidence is ExemptionEvidence.LETTER else unknown(f"{path}.evidence")
