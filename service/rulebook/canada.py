"""Canada: Regulations Implementing the United Nations Resolutions on the DPRK (SOR/2006-287).

Section 2 freezes what listed parties own, hold or control. Section 7 bars joint ventures with the DPRK or any
person in it, unless the Committee approved them. Section 8(5) bars specialised teaching or training of a
national, and a national is whoever holds the DPRK's nationality by the DPRK's own law: a citizen of the
Republic of Korea whom that law claims is for a person to judge. No section on employment was seen.

Who is bound: everyone in Canada, and Canadians abroad.
"""

from __future__ import annotations

from datetime import date

from service.rulebook.exceptions import COMMITTEE_APPROVAL, PROTECTED, approval_also_nationally
from service.rulebook.freezes import Freeze, un_dprk_or
from service.rulebook.training import FIELDS_ADDED_ON, is_listed_field, is_specialised_training, training_facts
from service.rulebook.un_2270 import TRAINING as UN_TRAINING
from service.rulebook.un_2270 import protection_left_to_a_person
from service.rulebook.un_2375 import VENTURE_EXCEPTIONS
from service.rulebook.un_2375_ventures import no_joint_ventures_nationally
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Finding, Reasons, TextualException, judge
from service.screening.logic import Truth, all_of
from service.screening.nationals import is_national_by_dprk_law
from service.screening.ownership import UN_TEST

JURISDICTION = "CA"


def _section(
    number: str,
    title: str,
    paraphrase: str,
    *,
    since: date,
    note: str,
    exceptions: tuple[TextualException, ...] = (),
    dates: tuple[tuple[str, date], ...] = (),
    needs: frozenset[str] = frozenset(),
) -> Clause:
    return Clause(
        id=f"CA-2006-287-s{number}",
        instrument="SOR/2006-287 (Canada)",
        paragraph=number.replace("-", "(") + ")" if "-" in number else number,
        title=title,
        paraphrase=paraphrase,
        url="https://laws-lois.justice.gc.ca/eng/regulations/SOR-2006-287/",
        in_force_from=since,
        binds=Binds.EMPLOYER,
        jurisdiction=JURISDICTION,
        basis=Basis.OFFICIAL_TEXT,
        effect="deny",
        exceptions=exceptions,
        dates=dates,
        needs=needs,
        note=note,
    )


FROZEN = _section(
    "2",
    "Assets of listed parties are frozen",
    "Nobody deals with property that listed parties own, hold or control, or makes property or services available to "
    "them.",
    since=date(2006, 11, 9),
    note="The text was read; the day of registration is from general knowledge.",
)
VENTURES = _section(
    "7",
    "No joint ventures with the DPRK or persons in it",
    "Nobody opens, keeps or runs a joint venture or cooperative entity with the DPRK or a person in it, unless the "
    "Committee approved it.",
    since=date(2017, 9, 11),
    exceptions=VENTURE_EXCEPTIONS,
    note="The text was read; when the section was added was not confirmed, and the resolution's day is used.",
)
TRAINING = _section(
    "8-5",
    "No specialised training of a national of the DPRK",
    "Nobody gives specialised teaching or training in the listed disciplines to a national, that is, to whoever holds "
    "the DPRK's nationality by its own law.",
    since=date(2016, 3, 2),
    exceptions=(COMMITTEE_APPROVAL, PROTECTED),
    dates=(("resolution 2321 names further disciplines from", FIELDS_ADDED_ON),),
    needs=frozenset({"worker.nationalities"}),
    note="The text was read; when the section was added was not confirmed, and the resolution's day is used.",
)
FREEZE = Freeze(jurisdiction=JURISDICTION, counts=un_dprk_or("ca_sema"), test=UN_TEST, named=FROZEN, owned=FROZEN)


def joint_ventures(case: Case) -> tuple[Finding, ...]:
    """Section 7: does this hire serve a joint venture with the DPRK or a person in it?"""
    return no_joint_ventures_nationally(case, VENTURES)


def specialised_training(case: Case) -> Finding | None:
    """Section 8(5): is a national by the DPRK's own law to be trained in a listed discipline?"""
    prohibited = all_of(
        Truth(JURISDICTION in case.jurisdictions),
        case.in_force(TRAINING),
        is_specialised_training(case),
        is_national_by_dprk_law(case.request.worker, case.request.authorisation),
        is_listed_field(case),
    )
    if prohibited.is_false:
        return None
    reasons = Reasons(
        deny="The post trains a national of the DPRK in a listed discipline.",
        review="Whether the DPRK's own law counts the trainee as its national, or the discipline as listed, is open.",
        allow="The Committee approved the training.",
        facts=(*training_facts(case), *case.labour_facts),
    )
    exceptions = (
        approval_also_nationally(case, TRAINING.id, UN_TRAINING.id),
        protection_left_to_a_person(case),
    )
    return judge(TRAINING, prohibited, exceptions, reasons)
