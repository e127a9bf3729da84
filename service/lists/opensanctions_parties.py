"""A party of OpenSanctions, with what stands beside it, as a listing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, ListedName, Listing, ListingKind
from service.lists.opensanctions_sides import Beside, Sides, country_of
from service.lists.un_names import distinct, is_latin

KINDS = {
    "Person": ListingKind.PERSON,
    "Organization": ListingKind.ORGANISATION,
    "Company": ListingKind.ORGANISATION,
    "LegalEntity": ListingKind.ORGANISATION,
    "PublicBody": ListingKind.ORGANISATION,
    "Vessel": ListingKind.VESSEL,
    "Airplane": ListingKind.AIRCRAFT,
}
_NAMES = (
    ("name", AliasQuality.STRONG),
    ("alias", AliasQuality.STRONG),
    ("previousName", AliasQuality.STRONG),
    ("abbreviation", AliasQuality.WEAK),
    ("weakAlias", AliasQuality.WEAK),
)
_NUMBERS = {
    "passportNumber": "passport",
    "idNumber": "national_id",
    "socialSecurityNumber": "national_id",
    "taxNumber": "tax_id",
    "vatCode": "tax_id",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "registrationNumber": "registration_number",
    "leiCode": "lei",
    "swiftBic": "bic",
    "uscCode": "uscc",
    "imoNumber": "imo",
    "mmsi": "other",
    "dunsCode": "other",
    "uniqueEntityId": "other",
}
_OF_PERSONS = ("nationality", "citizenship")
_OF_OTHERS = ("jurisdiction", "country", "mainCountry", "flag")
_BORN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_DPRK = re.compile(r"DPRK|NORTHKOREA|\bPRK\b|North Korea|Democratic People.s Republic of Korea|(?<!\d)1718(?!\d)|-NK\b")
_NOT_KEPT = frozenset({"last_seen"})  # changes with every export, whatever else does


def listing_of(entity: dict[str, Any], sides: Sides, list_id: str, where: str) -> Listing:
    """The party ``entity`` as a listing; MalformedListError for one without a name."""
    key, properties = entity["id"], entity["properties"]
    if not entity["caption"]:
        raise MalformedListError(f"the entity {key} has no caption", where=where)
    kind = KINDS[entity["schema"]]
    beside = sides.beside(key)
    sanctions = beside.sanctions
    programmes = _programmes(properties, sanctions, entity["datasets"])
    titles = [text for sanction in sanctions for text in sanction.get("program", ())]
    addresses = tuple(dict.fromkeys(_addresses(properties, sides)))
    listed_on = _listed_on(sanctions)
    return Listing(
        list_id=list_id,
        key=key,
        reference=key,
        kind=kind,
        names=distinct(_names(entity["caption"], properties)),
        birth_dates=birth_dates(properties.get("birthDate", ())) if kind is ListingKind.PERSON else (),
        countries=_countries(properties, _OF_PERSONS if kind is ListingKind.PERSON else _OF_OTHERS),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=tuple(each for each in properties.get("gender", ()) if each in ("male", "female")),
        identifiers=tuple(dict.fromkeys([*_identifiers(properties, kind), *beside.numbers])),
        addresses=addresses,
        programmes=programmes,
        listed_on=listed_on,
        listed_on_basis="list" if listed_on else None,
        relations=sides.relations(beside.links),
        dprk=is_dprk(*programmes, *titles),
        record=_record(entity, beside),
    )


def is_dprk(*texts: str) -> bool:
    """Whether one of the programmes, by id or title, is about the DPRK."""
    return any(_DPRK.search(text) for text in texts)


def birth_dates(texts: Any) -> tuple[BirthDate, ...]:
    """``1988-01-07``, ``1988-01`` or ``1988``; anything else stays in the record: no date is no evidence."""
    found = []
    for text in texts:
        if match := _BORN.fullmatch(text):
            year, month, day = (int(part) if part else None for part in match.groups())
            if year and (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31):
                found.append(BirthDate(year=year, month=month, day=day))
    return tuple(dict.fromkeys(found))


def named(text: str, quality: AliasQuality) -> ListedName:
    """A name; a strong one in another script than Latin is the original one."""
    if quality is AliasQuality.STRONG and not is_latin(text):
        quality = AliasQuality.ORIGINAL_SCRIPT
    return ListedName(text=text, quality=quality)


def _names(caption: str, properties: dict[str, list[str]]) -> Iterator[ListedName]:
    yield ListedName(text=caption, quality=AliasQuality.PRIMARY)
    for name, quality in _NAMES:
        for text in properties.get(name, ()):
            yield named(text, quality)


def _programmes(
    properties: dict[str, list[str]], sanctions: list[dict[str, list[str]]], datasets: list[str]
) -> tuple[str, ...]:
    """Programme ids of the party and its sanctions; where there are none, the datasets that it is in."""
    ids = [*properties.get("programId", ()), *(each for one in sanctions for each in one.get("programId", ()))]
    return tuple(sorted(set(ids or datasets)))


def _countries(properties: dict[str, list[str]], names: tuple[str, ...]) -> tuple[str, ...]:
    stated = (country_of(each) for name in names for each in properties.get(name, ()))
    return tuple(dict.fromkeys(code for code in stated if code))


def _addresses(properties: dict[str, list[str]], sides: Sides) -> Iterator[Address]:
    known = set()
    for key in properties.get("addressEntity", ()):
        if address := sides.address(key):
            known.add(address.text)
            yield address
    for text in properties.get("address", ()):
        if text not in known:
            yield Address(text=text)


def _identifiers(properties: dict[str, list[str]], kind: ListingKind) -> Iterator[ListedIdentifier]:
    for name, usual in _NUMBERS.items():
        of_a_firm = usual == "national_id" and kind is not ListingKind.PERSON
        what = "registration_number" if of_a_firm else usual
        for value in properties.get(name, ()):
            yield ListedIdentifier(kind=what, value=value)


def _listed_on(sanctions: list[dict[str, list[str]]]) -> date | None:
    """The first day of a sanction that has not ended; the collection has one day for each source."""
    days = []
    for sanction in sanctions:
        if not sanction.get("endDate"):
            for text in (*sanction.get("listingDate", ()), *sanction.get("startDate", ())):
                try:
                    days.append(date.fromisoformat(text[:10]))
                except ValueError:
                    continue  # a year alone is no day
    return min(days, default=None)


def _record(entity: dict[str, Any], beside: Beside) -> dict[str, Any]:
    record = {name: value for name, value in entity.items() if name not in _NOT_KEPT}
    if beside.links:
        record["links"] = [{"kind": link.kind, "other": link.other, **link.stated} for link in beside.links]
    if beside.sanctions:
        record["sanctions"] = beside.sanctions
    return record
