"""Which nationality the worker holds, from nationality facts and identity documents alone.

Place of birth, language, ethnicity and the origin of a name are not inputs. An ambiguous word
("Korea") is unknown. Facts that contradict each other are unknown: a contradiction neither clears nor
denies.
"""

from __future__ import annotations

from service.nationality.countries import is_nationality
from service.nationality.mrz import MrzError, read_mrz
from service.screening.facts import (
    Authorisation,
    Document,
    DocumentKind,
    Evidence,
    Nationality,
    NationalityBasis,
    Worker,
)
from service.screening.logic import FALSE, TRUE, Truth, unknown

DPRK = "KP"
FIELD = "worker.nationalities"
IDENTITY_DOCUMENTS = frozenset({DocumentKind.PASSPORT, DocumentKind.NATIONAL_ID})
PROVEN = frozenset({Evidence.PASSPORT, Evidence.NATIONAL_ID, Evidence.RESIDENCE_PERMIT, Evidence.STATUS_DOCUMENT})


def holds_dprk_nationality(worker: Worker, authorisation: Authorisation) -> Truth:
    """Whether the worker is a DPRK national for the labour clauses.

    A national of the DPRK who also proves another nationality is one by the text, yet the text does
    not say which passport counts: only entry on the DPRK one settles it.
    """
    held = [n for n in worker.nationalities if n.basis is NationalityBasis.HELD]
    codes = [n.country.code for n in held]
    documented = documented_nationalities(worker)
    if DPRK in codes:
        return _stated_dprk(held, documented, authorisation)
    if DPRK in documented:
        return unknown(FIELD)
    if not codes or any(code is None or not is_nationality(code) for code in codes):
        return unknown(FIELD)
    return FALSE


def _stated_dprk(held: list[Nationality], documented: frozenset[str], authorisation: Authorisation) -> Truth:
    others = [n for n in held if n.country.code != DPRK]
    dprk = next(n for n in held if n.country.code == DPRK)
    if documented - {DPRK} and (not others or dprk.evidence not in PROVEN):
        return unknown(FIELD)
    if not others:
        return TRUE
    if all(n.country.code is None or not is_nationality(n.country.code) for n in others):
        return TRUE if dprk.evidence in PROVEN else unknown(FIELD)
    if dprk.evidence not in PROVEN:
        return unknown(FIELD)
    admitted = authorisation.admitted_on
    if admitted is None:
        return unknown("authorisation.admitted_on")
    return TRUE if admitted.country is not None and admitted.country.code == DPRK else Truth(None)


def holds_nationality_of(worker: Worker, code: str) -> Truth:
    """Whether the worker is a national of the State ``code`` (alpha-2), proven by a document.

    Stated without proof it stays unknown; not stated at all it is false.
    """
    held = [n for n in worker.nationalities if n.basis is NationalityBasis.HELD and n.country.code == code]
    if any(n.evidence in PROVEN for n in held):
        return TRUE
    return unknown(FIELD) if held else FALSE


def documented_nationalities(worker: Worker) -> frozenset[str]:
    """The nationalities that the worker's passports and national identity cards name."""
    return frozenset(code for document in worker.documents for code in _document_codes(document))


def _document_codes(document: Document) -> frozenset[str]:
    if document.kind not in IDENTITY_DOCUMENTS:
        return frozenset()
    countries = [document.nationality or document.issuing_country, document.issuing_country]
    if document.mrz:
        try:
            mrz = read_mrz(document.mrz)
        except MrzError:
            pass  # an unreadable zone proves nothing; the desk warns of it
        else:
            countries += [mrz.nationality, mrz.issuing_country]
    return frozenset(c.code for c in countries if c is not None and c.code is not None)


def is_national_by_dprk_law(worker: Worker, authorisation: Authorisation) -> Truth:
    """Whether the DPRK's own law counts the worker as its national, for laws that ask it so.

    Any mention of the DPRK, also as a nationality claimed by its law or held before, leaves it open: a second
    passport does not end what that law claims.
    """
    held = holds_dprk_nationality(worker, authorisation)
    mentioned = any(nationality.country.code == DPRK for nationality in worker.nationalities)
    return unknown(FIELD) if held.is_false and mentioned else held
