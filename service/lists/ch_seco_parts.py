"""Birth dates, nationalities, documents, addresses and numbers in prose of the Swiss sanctions list.

Publisher: SECO. Places stand at the end of the file and are pointed at by ``place-id``. Numbers of ships,
banks and companies stand in ``other-information`` only, in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from service.lists.listing import Address, BirthDate, ListedIdentifier, ListingKind
from service.lists.numbers import is_number
from service.lists.xml_records import clean
from service.nationality.countries import country_code

_ADDRESS = ("remarks", "c-o", "address-details", "p-o-box", "zip-code", "location", "area", "country")
_DOCUMENTS = {
    "passport": "passport",
    "diplomatic-passport": "passport",
    "service-passport": "passport",
    "id-card": "national_id",
    "identity-card": "national_id",
    "national-id": "national_id",
}
_IMO = re.compile(r"\bIMO(?:\s+(?:number|no\.?))?\s*:?\s*(\d{7})\b", re.IGNORECASE)
_BANK_CODES = re.compile(r"\b(?:SWIFT|BIC)(?:/BIC)?(?:\s+codes?)?\s*:\s*([^;.]+)", re.IGNORECASE)
_BANK_CODE = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b")
_NUMBERS = (
    ("ogrn", re.compile(r"\b(?:OGRN|ОГРН)\b[^\d]{0,40}(\d{13}(?:\d{2})?)\b", re.IGNORECASE)),
    ("inn", re.compile(r"\b(?:INN|ИНН)\b[^\d]{0,40}(\d{10}(?:\d{2})?)\b", re.IGNORECASE)),
    ("tax_id", re.compile(r"\btax(?:payer)? (?:identification|registration) number\s*:?\s*(\d[\d-]*)", re.IGNORECASE)),
    ("registration_number", re.compile(r"\bregistration number\s*:?\s*(\d[\d-]*)", re.IGNORECASE)),
)


def birth_dates(party: Any) -> tuple[BirthDate, ...]:
    """The dates of ``day-month-year`` of all identities; one without a year, or of another calendar, gives none."""
    return tuple(dict.fromkeys(_birth_dates(party)))


def _birth_dates(party: Any) -> Iterator[BirthDate]:
    for born in party.iterfind("identity/day-month-year"):
        year, month, day = (_number(born.get(name)) for name in ("year", "month", "day"))
        if year is None or born.get("calendar", "Gregorian") != "Gregorian":
            continue
        circa = born.get("quality") == "low"
        if month is None or not 1 <= month <= 12:
            month = day = None
        elif day is not None:
            try:
                date(year, month, day)
            except ValueError:
                day = None
        yield BirthDate(year=year, month=month, day=day, circa=circa)


def _number(text: str | None) -> int | None:
    return (int(text) or None) if text and is_number(text) else None


def nationalities(party: Any) -> tuple[str, ...]:
    """Alpha-2 codes of the nationalities of all identities."""
    stated = party.iterfind("identity/nationality/country")
    return tuple(dict.fromkeys(code for each in stated if (code := _country(each))))


def genders(party: Any) -> tuple[str, ...]:
    """``male`` or ``female`` as stated."""
    stated = party.get("sex", "").lower()
    return (stated,) if stated in ("male", "female") else ()


def addresses(party: Any, places: dict[str, Any]) -> tuple[Address, ...]:
    """The addresses of all identities, each with the place that it points at."""
    return tuple(dict.fromkeys(_addresses(party, places)))


def _addresses(party: Any, places: dict[str, Any]) -> Iterator[Address]:
    for each in party.iterfind("identity/address"):
        place = places.get(each.get("place-id", ""), {})
        own = {name: clean(each.findtext(name)) for name in _ADDRESS}
        texts = [own[name] or _text(place.get(name)) for name in _ADDRESS]
        if any(texts):
            element = each.find("country")
            country = _country(element) if element is not None else _place_country(place)
            yield Address(text=", ".join(text for text in texts if text), country=country)


def identifiers(party: Any, kind: ListingKind) -> tuple[ListedIdentifier, ...]:
    """Documents of the identities, and the numbers that the other information states."""
    return tuple(dict.fromkeys([*_documents(party, kind), *_in_prose(party)]))


def _documents(party: Any, kind: ListingKind) -> Iterator[ListedIdentifier]:
    for document in party.iterfind("identity/identification-document"):
        number = clean(document.findtext("number"))
        issuer = document.find("issuer")
        if number:
            what = _DOCUMENTS.get(document.get("document-type", ""), "other")
            if what == "national_id" and kind is not ListingKind.PERSON:
                what = "registration_number"
            country = _country(issuer) if issuer is not None else None
            yield ListedIdentifier(kind=what, value=number, country=country)


def _in_prose(party: Any) -> Iterator[ListedIdentifier]:
    for element in party.iterfind("other-information"):
        text = clean(element.text)
        for number in _IMO.findall(text):
            yield ListedIdentifier(kind="imo", value=number)
        for stated in _BANK_CODES.findall(text):
            for code in _BANK_CODE.findall(stated):
                yield ListedIdentifier(kind="bic", value=code)
        for what, pattern in _NUMBERS:
            if match := pattern.search(text):
                yield ListedIdentifier(kind=what, value=match[1])
                break


def _country(element: Any) -> str | None:
    for text in (element.get("iso-code"), element.get("code"), clean(element.text)):
        if text and (code := country_code(text)):
            return code
    return None


def _place_country(place: dict[str, Any]) -> str | None:
    stated = place.get("country")
    if isinstance(stated, list):
        stated = stated[0]
    texts = [stated.get(name) for name in ("@iso-code", "@code", "#text")] if isinstance(stated, dict) else [stated]
    return next((code for text in texts if text and (code := country_code(text))), None)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0]
    return str(value.get("#text", "")) if isinstance(value, dict) else str(value or "")
