"""A designation of the United Kingdom as a listing, whatever file it came in.

Names come as ``Name1`` to ``Name6`` with the surname in ``Name6``. A "primary name variation" is another
spelling of the primary name, and some designations have nothing else. A day of birth may have letters or
zeros for what is not known: ``dd/mm/1945``, ``00/08/1970``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists import numbers
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from service.lists.un_names import is_latin
from service.nationality.countries import country_code

_KINDS = {
    "individual": ListingKind.PERSON,
    "entity": ListingKind.ORGANISATION,
    "ship": ListingKind.VESSEL,
}
_PRIMARY = frozenset({"", "primary name", "prime alias"})
_VARIATION = "primary name variation"
_DAY = re.compile(r"'?\s*(\d{1,2}|[a-z]{1,2})/(\d{1,2}|[a-z]{1,2})/(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:18|19|20)\d{2})\b")
_IMO = re.compile(r"\d{7}")
_TAX = re.compile(r"\b(?:tax|fiscal|inn)\b", re.IGNORECASE)
_DPRK = re.compile(r"democratic people.{0,3}s republic of korea|north korea|\bdprk\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedName:
    """A name with its type (``Primary Name``, ``Alias``, …) and strength as published."""

    text: str
    type: str = ""
    strength: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Designation:
    """What the publisher states of one party, as written; ``kind`` is Individual, Entity or Ship.

    ``addresses`` are (text, country); ``national_ids`` are (number, what is said about it).
    """

    key: str
    kind: str
    regime: str
    designated: str
    names: tuple[StatedName, ...]
    original_script: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    passports: tuple[str, ...] = ()
    national_ids: tuple[tuple[str, str], ...] = ()
    registrations: tuple[str, ...] = ()
    imos: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    owners: tuple[str, ...] = ()  # parent companies, and who owns or operates a ship now
    owned: tuple[str, ...] = ()  # subsidiaries
    former_owners: tuple[str, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


def listing_of(stated: Designation, list_id: str) -> Listing:
    """The listing; MalformedListError names the designation where kind, regime, name or a day is amiss."""
    kind = _KINDS.get(stated.kind.strip().lower())
    if kind is None:
        raise MalformedListError(f"unknown kind {stated.kind!r}", where=stated.key)
    if not stated.regime:
        raise MalformedListError("no regime", where=stated.key)
    addresses = tuple(Address(text=text, country=country_code(country)) for text, country in stated.addresses)
    countries = stated.nationalities if kind is ListingKind.PERSON else (*stated.nationalities, *stated.flags)
    return Listing(
        list_id=list_id,
        key=stated.key,
        reference=stated.key,
        kind=kind,
        names=_names(stated),
        birth_dates=tuple(dict.fromkeys(born for text in stated.births if (born := birth_date(text)))),
        countries=_codes(countries),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=tuple(dict.fromkeys(text.lower() for text in stated.genders if text.lower() in ("male", "female"))),
        identifiers=tuple(dict.fromkeys(_identifiers(stated))),
        addresses=tuple(dict.fromkeys(addresses)),
        programmes=(stated.regime,),
        listed_on=day_of(stated.designated, where=stated.key) if stated.designated else None,
        listed_on_basis="list" if stated.designated else None,
        relations=tuple(dict.fromkeys(_relations(stated))),
        dprk=bool(_DPRK.search(stated.regime)),
        record=stated.record,
    )


def day_of(text: str, *, where: str) -> date:
    """``31/12/2020``; MalformedListError for anything else."""
    try:
        day, month, year = (part.strip() for part in text.split("/"))
        return numbers.day_of(year, month, day)
    except ValueError as error:
        raise MalformedListError(f"{text!r} is no date", where=where) from error


def birth_date(text: str) -> BirthDate | None:
    """What is known of a day of birth: all of it, month and year, or the year; None without a year."""
    match = _DAY.match(text.strip())
    if match is None:
        years = _YEAR.findall(text)
        circa = re.search(r"circa|approx|\bc\.", text, re.IGNORECASE) is not None
        return BirthDate(year=int(years[0]), circa=circa) if len(set(years)) == 1 else None
    day, month, year = (int(part) if part.isdigit() else 0 for part in match.groups())
    if not 1 <= month <= 12:
        return BirthDate(year=year) if year else None
    try:
        date(year, month, day)
    except ValueError:  # day 0 is one that is not known
        return BirthDate(year=year, month=month) if year else None
    return BirthDate(year=year, month=month, day=day)


def with_targets(read: Callable[[], Iterator[Listing]]) -> Iterator[Listing]:
    """The listings of ``read`` (started twice), their relations led to the one party that has the name."""
    keys: dict[str, set[str]] = {}
    for listing in read():
        for name in listing.names:
            if listing.kind is not ListingKind.VESSEL:
                keys.setdefault(name.text.casefold(), set()).add(listing.key)
    for listing in read():
        relations = tuple(_led(relation, keys, listing.key) for relation in listing.relations)
        yield replace(listing, relations=relations) if relations else listing


def _led(relation: Relation, keys: Mapping[str, set[str]], own: str) -> Relation:
    found = keys.get(relation.name.casefold(), set()) - {own}
    return replace(relation, target=next(iter(found))) if len(found) == 1 else relation


def _names(stated: Designation) -> tuple[ListedName, ...]:
    """The primary name (else the first variation of it, else the first name), then the others. Each text once."""
    named = [name for name in stated.names if name.text]
    if not named:
        raise MalformedListError("the designation has no name", where=stated.key)
    types = [name.type.strip().lower() for name in named]
    primary = next((name for name, type_ in zip(named, types, strict=True) if type_ in _PRIMARY), None)
    primary = primary or next((name for name, type_ in zip(named, types, strict=True) if type_ == _VARIATION), named[0])
    kept = {primary.text: ListedName(text=primary.text, quality=AliasQuality.PRIMARY)}
    weak = [name for name in named if "low" in name.strength.lower()]
    for name in [*(each for each in named if each not in weak), *weak]:  # a spelling that is both is strong
        quality = AliasQuality.WEAK if name in weak else _script(name.text, AliasQuality.STRONG)
        kept.setdefault(name.text, ListedName(text=name.text, quality=quality))
    for text in stated.original_script:
        kept.setdefault(text, ListedName(text=text, quality=_script(text, AliasQuality.STRONG)))
    return tuple(kept.values())


def _script(text: str, latin: AliasQuality) -> AliasQuality:
    return latin if is_latin(text) else AliasQuality.ORIGINAL_SCRIPT


def _codes(texts: tuple[str, ...]) -> tuple[str, ...]:
    codes = (country_code(text) for text in texts)
    return tuple(dict.fromkeys(code for code in codes if code))


def _identifiers(stated: Designation) -> Iterator[ListedIdentifier]:
    for number in stated.passports:
        yield ListedIdentifier(kind="passport", value=number)
    for number, about in stated.national_ids:
        yield ListedIdentifier(kind="tax_id" if _TAX.search(about) else "national_id", value=number)
    for number in stated.registrations:
        yield ListedIdentifier(kind="registration_number", value=number)
    for text in stated.imos:
        for number in _IMO.findall(text):
            yield ListedIdentifier(kind="imo", value=number)


def _relations(stated: Designation) -> Iterator[Relation]:
    kinds = {
        "owned_or_controlled_by": stated.owners,
        "owns_or_controls": stated.owned,
        "linked_to": stated.former_owners,
    }
    for kind, texts in kinds.items():
        for text in texts:
            for name in (part.strip() for part in text.split(";")):
                if name:
                    yield Relation(kind=kind, name=name)
