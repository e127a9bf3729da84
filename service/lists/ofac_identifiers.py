"""The numbers that OFAC states of a party, by the label that introduces each.

Publisher: OFAC, U.S. Department of the Treasury. The labels are the same in every format: in the remarks
of the CSV files a label stands before its number, in the XML formats beside it. Document types, features
and ``idType`` share them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.lists.listing import ListedIdentifier, ListingKind
from service.nationality.countries import country_code

# Labels by what they introduce, as patterns; the first kind that fits counts.
_LABELS: dict[str, tuple[str, ...]] = {
    "passport": (r"(?:Diplomatic |Service |Stateless Person )?Passport(?: Booklet| Card)?",),
    "crypto_address": (r"Digital Currency Address - \w+",),
    "imo": (r"(?:Vessel Registration Identification|Company Number|Identification Number) IMO",),
    "uscc": (r"(?:Unified|United) Social Credit Code(?: Certificate)? \(USCCC?\)",),
    "lei": ("Legal Entity Number",),
    "bic": ("SWIFT/BIC",),
    "tax_id": (
        *(r"Tax ID No\.", r"V\.A\.T\. Number", "NIT #", "RUC #", "RIF #", r"R\.F\.C\.", "RFC", r"C\.U\.I\.T\."),
        *("US FEIN", "Italian Fiscal Code", r"\w+ tax identification number"),
    ),
    "registration_number": (
        *(r"(?:Business |Public |Central )?Registration (?:System )?(?:Number|ID|Document #)", "Business Number"),
        *("(?:UK )?Company Number", "Commercial Registry Number", "Enterprise Number", r"Folio Mercantil No\."),
        *("Chamber of Commerce Number", r"[\w ]+ Chamber of (?:Comm\.|Commerce)(?: Membership)? No\."),
        *(r"Matricula Mercantil No\.?", r"(?:Romanian )?C\.R\.(?: No\.)?", r"Trade License No\.", "License"),
        *(r"Economic Register Number \(CBLS\)", "Branch Unit Number", "Certificate of Incorporation Number"),
        *(r"Registered Charity No\.", "File Number", "Organization Code"),
    ),
    "national_id": (
        *(r"National ID No\.", "National Foreign ID Number", r"Cedula No\.", r"C\.U\.R\.P\.", r"D\.N\.I\."),
        *(r"C\.U\.I\.", r"C\.U\.I\.P\.", r"I\.F\.E\.", "LE Number", "SSN", "Personal ID Card", r"\w+ ID No\."),
        *("Citizen's Card Number", "Numero de Identidad", "Tazkira National ID Card"),
        r"(?:\w+ )?Identification Number",
    ),
    "other": (
        *("MMSI", "D-U-N-S Number", "Government Gazette Number", r"BIK \(RU\)", "Aircraft Tail Number"),
        *(r"Aircraft Manufacturer's Serial Number \(MSN\)", r"Driver's License No\.", "Travel Document Number"),
        *("Refugee ID Card", "Residency Number", r"Electoral Registry No\.", "Birth Certificate Number"),
        *("Credencial electoral", "Permit Number"),
    ),
}
_NUMBER = r":? (?:# )?(?P<number>.*?)(?: \((?P<country>[^()]+)\))?(?: issued (?:in )?[\w ]+?)?(?: expires [\w ]+)?"
_IN_REMARKS = [(kind, re.compile(rf"(?:alt\. )?(?:{'|'.join(labels)}){_NUMBER}")) for kind, labels in _LABELS.items()]
_ALONE = [(kind, re.compile(rf"(?:{'|'.join(labels)}):?")) for kind, labels in _LABELS.items()]
_IMO = "IMO "  # stands before the number, not in its label


def in_remark(remark: str, party: ListingKind) -> ListedIdentifier | None:
    """The number that one part of the remarks states: ``Passport X (Country) issued … expires …``."""
    for kind, pattern in _IN_REMARKS:
        match = pattern.fullmatch(remark)
        if match and _is_number(kind, match["number"]):
            return _identifier(kind, match["number"], match["country"], party)
    return None


def labelled(label: str, number: str, country: str | None, party: ListingKind) -> ListedIdentifier | None:
    """``number`` by its label, with the country as the publisher names it; None for what identifies nobody."""
    if number.startswith(_IMO):
        label, number = f"{label} {_IMO}".strip(), number.removeprefix(_IMO)
    kind = _kind(label)
    return _identifier(kind, number, country, party) if kind and _is_number(kind, number) else None


@lru_cache(maxsize=1024)  # labels are few, unless a file was made to have many
def _kind(label: str) -> str | None:
    return next((kind for kind, pattern in _ALONE if pattern.fullmatch(label)), None)


def _is_number(kind: str, number: str) -> bool:
    return kind == "bic" or any(char.isdigit() for char in number)


def _identifier(kind: str, number: str, country: str | None, party: ListingKind) -> ListedIdentifier:
    number, code = number.strip(), country_code(country) if country else None
    return ListedIdentifier(kind=_finer_kind(kind, number, code, party), value=number, country=code)


def _finer_kind(kind: str, number: str, country: str | None, party: ListingKind) -> str:
    """Russian tax (INN, 10 or 12 digits) and register numbers (OGRN, 13 or 15 digits) have own kinds."""
    digits = len(number) if number.isdigit() else 0
    if country == "RU" and kind == "tax_id" and digits in (10, 12):
        return "inn"
    if country == "RU" and kind in ("registration_number", "tax_id") and digits in (13, 15):
        return "ogrn"
    if kind == "national_id" and party is not ListingKind.PERSON:
        return "registration_number"
    return kind
