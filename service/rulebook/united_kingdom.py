"""United Kingdom: the DPRK (Sanctions) (EU Exit) Regulations 2019 (SI 2019/411).

Regulation 7 says who owns or controls: more than half of the shares or votes, the right to name most of the
board, or the power to have affairs run as one wishes; the shares of several holders are not simply added up.
Regulations 10 and 13 freeze whom the UN lists for the DPRK and whom the United Kingdom designates. Regulation
24 bars business arrangements with them. Regulation 26 bars joint ventures with a DPRK person of any kind, and
funds for the DPRK's Government and for bodies incorporated there, though not for a mere national. Regulation
28 bars transfers of funds to and from the DPRK. None speaks of work authorisations: labour is left to
immigration control.

Who is bound: everyone in the United Kingdom, and its nationals.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.rulebook.freezes import Freeze, named_by, un_dprk_or
from service.rulebook.un_2094 import SERVES_IN_DPRK, serves_mission_or_aid
from service.rulebook.un_2375 import VENTURE_EXCEPTIONS
from service.rulebook.un_2375_ventures import no_joint_ventures_nationally
from service.rulebook.ventures import ventures
from service.screening.case import Case, is_from_dprk, walk_owners
from service.screening.facts import Counterparty, Role
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Outcome, Reasons, TextualException, judge
from service.screening.logic import Truth, all_of, any_of
from service.screening.nationals import DPRK
from service.screening.ownership import UK_TEST

JURISDICTION = "GB"
IN_FORCE_FROM = date(2020, 12, 31)
PAID_BODIES = frozenset(
    {
        Role.LEGAL_EMPLOYER,
        Role.EOR,
        Role.LABOUR_SUPPLIER,
        Role.STAFFING_AGENCY,
        Role.SUBCONTRACTOR,
        Role.RECRUITER,
        Role.BANK,
    }
)
PAID_IN_DPRK = frozenset({Role.PAYEE, Role.BANK})


def _regulation(
    number: str, title: str, paraphrase: str, *, exceptions: tuple[TextualException, ...] = (), note: str | None = None
) -> Clause:
    made = "Made on 5 March 2019; the day on which it came into force is from general knowledge."
    return Clause(
        id=f"UK-2019-411-r{number}",
        instrument="DPRK (Sanctions) (EU Exit) Regulations 2019 (UK)",
        paragraph=number,
        title=title,
        paraphrase=paraphrase,
        url=f"https://www.legislation.gov.uk/uksi/2019/411/regulation/{number}",
        in_force_from=IN_FORCE_FROM,
        binds=Binds.EMPLOYER,
        jurisdiction=JURISDICTION,
        basis=Basis.OFFICIAL_TEXT,
        effect="deny",
        exceptions=exceptions,
        note=f"{made} {note}" if note else made,
    )


OWNED = _regulation(
    "7",
    "Owned or controlled by a designated person",
    "An entity is owned or controlled by whom holds more than half of it, names most of its board, or can be expected "
    "to have its affairs run as that person wishes.",
    note="Holdings of several designated persons are not simply added up; together they are a review.",
)
FROZEN = _regulation(
    "13",
    "Assets of designated persons are frozen",
    "Nobody deals with funds or economic resources of a designated person; whom the UN lists for the DPRK is one.",
)
ARRANGEMENTS = _regulation(
    "24",
    "No business arrangements with designated persons",
    "Nobody enters into a joint venture or other business arrangement with a designated person or one acting for it.",
)
INVESTMENT = _regulation(
    "26",
    "No joint ventures with DPRK persons, no funds for DPRK bodies",
    "Nobody opens, keeps or runs a joint venture with a DPRK person of any kind, or makes funds available to the "
    "DPRK's Government, its party or bodies incorporated there.",
    exceptions=VENTURE_EXCEPTIONS,
)
TRANSFERS = _regulation(
    "28",
    "No transfers of funds to or from the DPRK",
    "Funds are not transferred to or from the DPRK.",
    exceptions=(SERVES_IN_DPRK,),
    note="A mission or aid work may hold a licence, so it is a review.",
)
COUNTS = un_dprk_or("uk_sl")
FREEZE = Freeze(jurisdiction=JURISDICTION, counts=COUNTS, test=UK_TEST, named=FROZEN, owned=OWNED)


def _binds(case: Case, clause: Clause) -> bool:
    return JURISDICTION in case.jurisdictions and case.in_force(clause).is_true


def business_arrangements(case: Case) -> tuple[Finding, ...]:
    """Regulation 24: is a designated person among the owners or partners of a joint venture?"""
    if not _binds(case, ARRANGEMENTS):
        return ()
    parties = dict(case.counterparties())
    found: list[Finding | None] = []
    for venture in ventures(case):
        paths = (venture.path, *(path for path, _ in walk_owners(venture.path, parties[venture.path].owners)))
        named = {path: Truth(named_by(case, path, COUNTS)) for path in paths}
        reasons = Reasons(
            deny="A designated person is a party to the joint venture that the hire serves.",
            review="A party to the business arrangement is or may be designated.",
            allow="",
            facts=tuple(Fact(field=path, value="listed") for path, truth in named.items() if not truth.is_false),
        )
        found.append(judge(ARRANGEMENTS, all_of(venture.has_dprk_party, any_of(*named.values())), (), reasons))
    return tuple(finding for finding in found if finding is not None)


def joint_ventures_and_funds(case: Case) -> tuple[Finding, ...]:
    """Regulation 26: a joint venture with a DPRK person, or pay to a body of the DPRK?"""
    if not _binds(case, INVESTMENT):
        return ()
    return (*no_joint_ventures_nationally(case, INVESTMENT), *_funds(case))


def _funds(case: Case) -> Iterator[Finding]:
    for path, party in case.counterparties():
        from_dprk = is_from_dprk(party)
        facts = (
            Fact(field=f"{path}.country", value=party.country.code if party.country else None),
            Fact(field=f"{path}.government_of_dprk", value=party.government_of_dprk),
        )
        if party.government_of_dprk is True or (from_dprk and party.role in PAID_BODIES):
            reason = "Paying a counterparty would make funds available to the DPRK's Government or a body of the DPRK."
            yield Finding(outcome=Outcome.DENY, clause=INVESTMENT, reason=reason, facts=facts)
        elif from_dprk and party.government_of_dprk is None:
            yield Finding(
                outcome=Outcome.REVIEW,
                clause=INVESTMENT,
                reason="A counterparty is from the DPRK; a national may be paid, a body or its Government may not.",
                facts=facts,
                missing=(f"{path}.government_of_dprk",),
                if_known=(Outcome.ALLOW, Outcome.DENY),
            )


def transfers_of_funds(case: Case) -> Finding | None:
    """Regulation 28: would pay go into the DPRK, to a worker there or to a payee or bank there?"""
    paid_there = [path for path, party in case.counterparties() if _is_paid_in_dprk(party)]
    works_there = Truth(case.works_in_dprk.is_true) & case.earns_income
    prohibited = all_of(Truth(_binds(case, TRANSFERS)), works_there | Truth(bool(paid_there)))
    reasons = Reasons(
        deny="Pay would be transferred into the DPRK.",
        review="It is not known whether pay would be transferred into the DPRK.",
        allow="",
        facts=(
            *((Fact(field=case.place_field, value=case.place.code),) if case.place else ()),
            *(Fact(field=f"{path}.country", value=DPRK) for path in paid_there),
        ),
    )
    return judge(TRANSFERS, prohibited, (serves_mission_or_aid(case),), reasons)


def _is_paid_in_dprk(party: Counterparty) -> bool:
    return party.role in PAID_IN_DPRK and is_from_dprk(party)
