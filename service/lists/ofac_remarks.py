"""The remarks of an OFAC party: a ``; `` list that holds what the CSV has no column for.

Birth dates, nationalities, gender, documents and registrations, weak aliases in quotation marks,
relations (``Linked To:``) and the sanctions regulations that apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, ListedName, ListingKind
from service.nationality.countries import country_code

MAX_LENGTH = 1000  # characters; longer remarks go on in the comments file, in the middle of a word
_ALIAS = re.compile(r"(?:alt\. )?[afn]\.k\.a\. (['\"])(?P<name>.+)\1")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen|Nationality of Registration|Registration Country) (.+)")
_BORN = re.compile(r"(?:alt\. )?DOB (?P<circa>circa )?(?P<first>[\w ]+?)(?:(?: to |-)(?P<last>[\w ]+))?")
_GENDER = re.compile(r"Gender (Male|Female)")
_LINKED = re.compile(r"Linked To: (.+)")
_DPRK = "North Korea Sanctions Regulations"
_DATE_FORMATS = (("%d %b %Y", 3), ("%b %Y", 2), ("%Y", 1))

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
_IDENTIFIERS = [(kind, re.compile(rf"(?:alt\. )?(?:{'|'.join(labels)}){_NUMBER}")) for kind, labels in _LABELS.items()]


def segments(remarks: str, *, cut: bool = False) -> list[str]:
    """The parts of ``remarks``; where it was ``cut`` without its rest, the broken last part is left out."""
    whole = remarks.removesuffix(".") if not cut else remarks
    parts = [part.strip() for part in re.split(r";\s*", whole)]
    return [part for part in (parts[:-1] if cut else parts) if part]


def weak_aliases(parts: list[str]) -> Iterator[ListedName]:
    """The names in quotation marks: OFAC's weak aliases, which its alternate-names file does not have."""
    for part in parts:
        if match := _ALIAS.fullmatch(part):
            yield ListedName(text=match["name"].strip(), quality=AliasQuality.WEAK)


def birth_dates(parts: list[str]) -> Iterator[BirthDate]:
    """Birth dates; a range from 1 January to 31 December of one year is that year.

    One that cannot be read gives nothing (it stays in the record): no date is no evidence.
    """
    for part in parts:
        match = _BORN.fullmatch(part)
        first = _date_parts(match["first"]) if match else None
        if not match or not first:
            continue
        last = _date_parts(match["last"]) if match["last"] else first
        if not last:
            continue
        circa = bool(match["circa"])
        if last == first:
            yield BirthDate(year=first[0], month=first[1], day=first[2], circa=circa)
        elif last[0] == first[0]:
            month = first[1] if first[1] == last[1] else None
            yield BirthDate(year=first[0], month=month, circa=circa)
        else:
            yield BirthDate(year=first[0], until_year=last[0], circa=circa)


def countries(parts: list[str]) -> Iterator[str]:
    """Alpha-2 codes of nationalities, citizenships and places of registration."""
    for part in parts:
        match = _COUNTRY.fullmatch(part)
        code = country_code(match[1]) if match else None
        if code:
            yield code


def genders(parts: list[str]) -> Iterator[str]:
    """``male`` or ``female`` as stated."""
    for part in parts:
        if match := _GENDER.fullmatch(part):
            yield match[1].lower()


def identifiers(parts: list[str], kind: ListingKind) -> Iterator[ListedIdentifier]:
    """Documents, tax and registration numbers, bank codes, IMO numbers and wallet addresses."""
    for part in parts:
        for identifier_kind, pattern in _IDENTIFIERS:
            match = pattern.fullmatch(part)
            if match and any(char.isdigit() for char in match["number"]):
                country = country_code(match["country"]) if match["country"] else None
                number = match["number"].strip()
                finer = _finer_kind(identifier_kind, number, country, kind)
                yield ListedIdentifier(kind=finer, value=number, country=country)
                break
            if match and identifier_kind == "bic":
                yield ListedIdentifier(kind="bic", value=match["number"].strip())
                break


def linked_to(parts: list[str]) -> Iterator[str]:
    """Names of the parties that the remarks link this one to."""
    for part in parts:
        if match := _LINKED.fullmatch(part):
            yield match[1].strip()


def names_the_dprk_regulations(remarks: str) -> bool:
    """Whether the North Korea Sanctions Regulations are named: some DPRK parties lack a DPRK programme."""
    return _DPRK in remarks


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


def _date_parts(text: str) -> tuple[int, int | None, int | None] | None:
    for form, parts in _DATE_FORMATS:
        try:
            day = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a calendar day, no zone
        except ValueError:
            continue
        return day.year, day.month if parts > 1 else None, day.day if parts > 2 else None
    return None
