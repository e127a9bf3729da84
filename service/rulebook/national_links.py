"""Which national clauses carry a paragraph of the UN to those whom they bind.

A paragraph of a resolution obliges States; an employer meets it through national law. A finding under the UN
therefore names the national clauses of the jurisdictions that bind, or says that the rulebook has none.
"""

from __future__ import annotations

from dataclasses import replace

from service.rulebook import (
    canada,
    european_union,
    new_zealand,
    singapore,
    switzerland,
    united_kingdom,
    united_states,
    united_states_labour,
)
from service.screening.case import Case
from service.screening.finding import Clause, Finding

LABOUR = (
    european_union.WORK_AUTHORISATIONS,
    switzerland.NO_PERMITS,
    switzerland.REVOCATION,
    singapore.NO_WORK_PASSES,
    united_states_labour.SERVICES,
    united_states_labour.MANDATORY_LISTING,
)
VENTURES = (
    new_zealand.VENTURES,
    new_zealand.TERMINATION,
    united_kingdom.INVESTMENT,
    united_kingdom.ARRANGEMENTS,
    canada.VENTURES,
)
FREEZES = (
    european_union.FREEZE_CLAUSE,
    united_kingdom.FROZEN,
    united_kingdom.OWNED,
    canada.FROZEN,
    united_states.FIFTY_PERCENT,
)
GOVERNMENT = (
    united_states.EXECUTIVE_ORDER,
    united_states.BLOCKED_GOVERNMENT,
    united_kingdom.INVESTMENT,
)

NATIONAL_CLAUSES: dict[str, tuple[Clause, ...]] = {
    "UN-1718-8d": FREEZES,
    "UN-2371-3": FREEZES,
    "UN-2397-3": FREEZES,
    "UN-1718-8e": (new_zealand.ENTRY,),
    "UN-2094-11": (united_kingdom.TRANSFERS, united_states_labour.SERVICES, european_union.MISSIONS_IN_DPRK),
    "UN-2270-17": (canada.TRAINING,),
    "UN-2321-11": (canada.TRAINING,),
    "UN-2270-32": GOVERNMENT,
    "UN-2371-11": (european_union.WORK_AUTHORISATIONS,),
    "UN-2371-12": VENTURES,
    "UN-2375-17": LABOUR,
    "UN-2375-18": VENTURES,
    "UN-2397-8": (*LABOUR, united_states_labour.IMPORT_PRESUMPTION),
}


def with_national_link(case: Case, finding: Finding) -> Finding:
    """The finding, and if it is the UN's, by which national clauses it reaches the employer."""
    if finding.clause.jurisdiction != "UN":
        return finding
    links = tuple(
        clause.id
        for clause in NATIONAL_CLAUSES.get(finding.clause.id, ())
        if clause.jurisdiction in case.jurisdictions and not case.in_force(clause).is_false
    )
    return replace(finding, national_link=links or _none_loaded(case))


def _none_loaded(case: Case) -> str:
    """What is said where no national clause carries the paragraph: absence of a rule here proves nothing."""
    codes = ", ".join(sorted(case.jurisdictions))
    return f"no national rule loaded for {codes}" if codes else "no jurisdiction is known, so no national rule"
