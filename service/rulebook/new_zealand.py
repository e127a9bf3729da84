"""New Zealand: the United Nations Sanctions (DPRK) Regulations 2017 (LI 2017/74, made on 18 April 2017).

Regulation 35A bars joint ventures with DPRK parties, 35B has existing ones ended; both were inserted by
LI 2017/290 from 4 January 2018. Regulation 47 keeps listed persons from entering or crossing. No regulation
on employment was seen: whether a DPRK national may work is a matter of the visa.

Who is bound: everyone in New Zealand, and its citizens. Penalties are those of the parent Act.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import HOST_NATIONAL
from service.rulebook.un_1718 import entry_of_listed_worker
from service.rulebook.un_2375 import VENTURE_EXCEPTIONS
from service.rulebook.un_2375_ventures import no_joint_ventures_nationally
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Finding, TextualException

JURISDICTION = "NZ"
MADE_ON = date(2017, 4, 18)
VENTURES_FROM = date(2018, 1, 4)


def _regulation(
    number: str,
    title: str,
    paraphrase: str,
    *,
    since: date,
    binds: Binds,
    exceptions: tuple[TextualException, ...],
    note: str,
) -> Clause:
    return Clause(
        id=f"NZ-2017-74-r{number}",
        instrument="United Nations Sanctions (DPRK) Regulations 2017 (NZ)",
        paragraph=number,
        title=title,
        paraphrase=paraphrase,
        url="https://www.legislation.govt.nz/regulation/public/2017/0074/latest/whole.html",
        in_force_from=since,
        binds=binds,
        jurisdiction=JURISDICTION,
        basis=Basis.OFFICIAL_TEXT,
        effect="deny",
        exceptions=exceptions,
        note=note,
    )


VENTURES = _regulation(
    "35A",
    "Joint ventures with DPRK parties are prohibited",
    "No joint venture or cooperative entity is opened, kept or run with DPRK parties.",
    since=VENTURES_FROM,
    binds=Binds.EMPLOYER,
    exceptions=VENTURE_EXCEPTIONS,
    note="Heading and date were read; that its exceptions follow resolution 2375 is our reading.",
)
TERMINATION = _regulation(
    "35B",
    "Existing joint ventures with DPRK parties are ended",
    "Joint ventures and cooperative entities that existed before are brought to an end.",
    since=VENTURES_FROM,
    binds=Binds.EMPLOYER,
    exceptions=VENTURE_EXCEPTIONS,
    note="Heading and date were read; that its exceptions follow resolution 2375 is our reading.",
)
ENTRY = _regulation(
    "47",
    "Listed persons may not enter or cross New Zealand",
    "Persons whom the UN lists for the DPRK are kept from entering or crossing New Zealand.",
    since=MADE_ON,
    binds=Binds.STATE,
    exceptions=(HOST_NATIONAL,),
    note="The day on which the regulations were made is used; the day they came into force was not confirmed.",
)


def joint_ventures(case: Case) -> tuple[Finding, ...]:
    """Regulation 35A: does this hire serve a joint venture with a DPRK party?"""
    return no_joint_ventures_nationally(case, VENTURES)


def existing_joint_ventures(case: Case) -> tuple[Finding, ...]:
    """Regulation 35B: does a joint venture older than the regulation still run?"""
    return no_joint_ventures_nationally(case, TERMINATION, formed_before=VENTURES_FROM)


def listed_worker_enters(case: Case) -> Finding | None:
    """Regulation 47: would a listed worker have to enter New Zealand?"""
    return entry_of_listed_worker(case, ENTRY, case.works_in(JURISDICTION))
