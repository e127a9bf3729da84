"""S/RES/1718 (2006), adopted on 14 October 2006.

Paragraph 8(d), the asset freeze, stands in ``list_clauses`` and is asked in ``listed_party``.

Paragraph 8(e). States keep whom the Council or its Committee names, and their family, from entering or
crossing their territory.

Who is bound: the State. Reading: no State has to refuse its own nationals.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import HOST_NATIONAL, host_national
from service.rulebook.freezes import named_by, un_dprk_or
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Reasons, judge
from service.screening.logic import Truth, all_of

ADOPTED_ON = date(2006, 10, 14)

ENTRY_BAN = Clause(
    id="UN-1718-8e",
    instrument="S/RES/1718 (2006)",
    paragraph="8(e)",
    title="Listed persons may not enter or cross",
    paraphrase="States keep persons whom the Council or its Committee names, and their family, from entering or "
    "crossing their territory.",
    url="https://undocs.org/S/RES/1718(2006)",
    in_force_from=ADOPTED_ON,
    binds=Binds.STATE,
    jurisdiction="UN",
    basis=Basis.UNCONFIRMED,
    effect="deny",
    exceptions=(HOST_NATIONAL,),
    note="Number and wording are from general knowledge.",
)


def listed_worker_enters(case: Case) -> Finding | None:
    """Paragraph 8(e): does the UN's DPRK regime list the worker, who would have to enter?"""
    return entry_of_listed_worker(case, ENTRY_BAN, ~case.works_in_dprk)


def entry_of_listed_worker(case: Case, clause: Clause, enters: Truth) -> Finding | None:
    """An entry ban on persons whom the UN lists for the DPRK, where ``enters`` says that it is asked."""
    named = Truth(named_by(case, "worker", un_dprk_or()))
    if named.is_unknown and case.request.worker.date_of_birth is None:
        named = Truth(None, ("worker.date_of_birth",))
    reasons = Reasons(
        deny="The UN lists the worker for the DPRK, so the State may not let the worker enter.",
        review="The UN may list the worker for the DPRK, or the place of work is not known.",
        allow="The State does not have to refuse its own national.",
        facts=(Fact(field="worker.name", value=case.request.worker.name),),
    )
    return judge(clause, all_of(case.in_force(clause), named, enters), (host_national(case),), reasons)
