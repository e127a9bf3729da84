"""An entity of the EU's consolidated financial sanctions list as a listing, whatever file it came in.

Names follow the attributes of the publisher's XML 1.1 (``wholeName``, ``countryIso2Code``, …); the CSV
holds the same under other column names. Nothing marks the primary name, and one name stands in up to 24
languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
)
from service.lists.name_texts import names_within
from service.lists.numbers import is_number
from service.lists.un_names import is_latin
from service.lists.xml_records import clean
from service.nationality.countries import country_code

Attributes = Mapping[str, str]

_KINDS = {"person": ListingKind.PERSON, "enterprise": ListingKind.ORGANISATION}
_PRIMARY_LANGUAGES = ("", "EN")
_GENDERS = {"M": "male", "F": "female"}
_NOTHING = frozenset({"", "-"})
# Written by hand: "Low quality alias", "lo quality", "Good quality a.k.a.", "ood quality", "god quality".
_LOW = re.compile(r"\b(?:l?ow|lo|lw)[\s-]*qual|\b(?:low|weak)\s+a(?:lias|\.?k\.?a)", re.IGNORECASE)
_GOOD = re.compile(r"\bg?oo?d[\s-]*qual", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})")
_IN_BRACKETS = re.compile(r"\s+\(.*$", re.DOTALL)  # the CSV repeats type and remark after the number
_DOCUMENTS = (
    ("passport", re.compile(r"passport", re.IGNORECASE)),
    ("imo", re.compile(r"\bimo\b|maritime", re.IGNORECASE)),
    ("bic", re.compile(r"swift|\bbic\b", re.IGNORECASE)),
    ("tax_id", re.compile(r"tax|fiscal", re.IGNORECASE)),
    ("registration_number", re.compile(r"regnumber|registration|trade licen|commercial regist", re.IGNORECASE)),
    ("other", re.compile(r"travel|driv|elect|birth|residen|other", re.IGNORECASE)),
    ("national_id", re.compile(r"^id\b|national|identi|social|ssn", re.IGNORECASE)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """What the publisher states of one party; ``acts`` are the days of the legal acts that it names.

    ``names`` have their remarks as ``remark``.
    """

    key: str
    reference: str
    subject: str
    programmes: tuple[str, ...]
    designated: str
    acts: tuple[str, ...]
    names: tuple[Attributes, ...]
    births: tuple[Attributes, ...] = ()
    citizenships: tuple[Attributes, ...] = ()
    addresses: tuple[Attributes, ...] = ()
    documents: tuple[Attributes, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


def listing_of(entity: Entity, list_id: str) -> Listing:
    """The listing; MalformedListError names the entity where its kind, name, programme or a day is amiss."""
    where = entity.reference
    if entity.subject not in _KINDS:
        raise MalformedListError(f"unknown subject type {entity.subject!r}", where=where)
    if not entity.programmes:
        raise MalformedListError("no programme", where=where)
    addresses = tuple(dict.fromkeys(_addresses(entity)))
    listed_on, basis = _listed_on(entity)
    return Listing(
        list_id=list_id,
        key=entity.key,
        reference=entity.reference,
        kind=_KINDS[entity.subject],
        names=_names(entity),
        birth_dates=tuple(dict.fromkeys(born for each in entity.births if (born := _birth_date(each)))),
        countries=_codes(entity.citizenships),
        address_countries=_codes(entity.addresses),
        genders=tuple(
            dict.fromkeys(_GENDERS[n["gender"]] for n in entity.names if n.get("gender") in _GENDERS),
        ),
        identifiers=tuple(dict.fromkeys(_identifiers(entity))),
        addresses=addresses,
        programmes=entity.programmes,
        listed_on=listed_on,
        listed_on_basis=basis,
        dprk="PRK" in entity.programmes,
        record=entity.record,
    )


def day_of(text: str, *, where: str) -> date:
    """``2009-07-16`` or, in the CSV's own columns, ``16/07/2009``; MalformedListError for anything else."""
    match = _DAY.match(text)
    parts = (match.group(1, 2, 3) if match.group(1) else match.group(6, 5, 4)) if match else ()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError as error:
        raise MalformedListError(f"{text!r} is no date", where=where) from error


def _listed_on(entity: Entity) -> tuple[date | None, str | None]:
    """The day of designation; without one the first act that the entity names: it was listed by then.

    The act of the entity itself is often a later amendment (entries of 2009 show one of 2017).
    """
    if entity.designated:
        return day_of(entity.designated, where=entity.reference), "list"
    acts = [day_of(act, where=entity.reference) for act in entity.acts if act]
    return (min(acts), "the first legal act that the entry names") if acts else (None, None)


def _names(entity: Entity) -> tuple[ListedName, ...]:
    """The primary name first: the first strong one in English or without a language. Each spelling once."""
    stated = [(name, text) for name in entity.names if (text := _whole(name))]
    if not stated:
        raise MalformedListError("the entity has no name", where=entity.reference)
    strong = [(name, text) for name, text in stated if _is_strong(name)]
    own = [(name, text) for name, text in strong if name.get("nameLanguage", "").upper() in _PRIMARY_LANGUAGES]
    primary = (own or strong or stated)[0][1]
    first, *within = names_within(primary)
    kept: dict[str, ListedName] = {}
    _keep(kept, [ListedName(text=first, quality=AliasQuality.PRIMARY)])
    # Strong before weak: a spelling that is both is strong.
    for name, text in [*strong, *(pair for pair in stated if pair not in strong)]:
        weak = not _is_strong(name)
        _keep(kept, (ListedName(text=each, quality=_quality(each, weak)) for each in names_within(text)))
    _keep(kept, (ListedName(text=each, quality=_quality(each, weak=False)) for each in within))
    return tuple(kept.values())


def _keep(kept: dict[str, ListedName], names: Iterable[ListedName]) -> None:
    for name in names:
        kept.setdefault(name.text.casefold(), name)


def _whole(name: Attributes) -> str:
    whole = clean(name.get("wholeName"))
    parts = (name.get("firstName"), name.get("middleName"), name.get("lastName"))
    return whole or " ".join(part for part in map(clean, parts) if part)


def _is_strong(name: Attributes) -> bool:
    """By the remark where it says; the flag is often left at ``true`` for names of low quality."""
    remark = name.get("remark", "")
    if _LOW.search(remark):
        return False
    return bool(_GOOD.search(remark)) or name.get("strong", "true") not in ("false", "0")


def _quality(text: str, weak: bool) -> AliasQuality:
    if weak:
        return AliasQuality.WEAK
    return AliasQuality.STRONG if is_latin(text) else AliasQuality.ORIGINAL_SCRIPT


def _birth_date(stated: Attributes) -> BirthDate | None:
    """None where the element states only a place, or a day of another calendar (it stays in the record)."""
    if stated.get("calendarType", "GREGORIAN") not in ("", "GREGORIAN"):
        return None
    circa = stated.get("circa") in ("true", "1")
    first, last = _number(stated, "yearRangeFrom"), _number(stated, "yearRangeTo")
    whole = _DAY.match(stated.get("birthdate", ""))
    if whole and whole.group(1):
        year, month, day = (int(part) for part in whole.group(1, 2, 3))
    elif first or last:
        return BirthDate(year=first or last, until_year=last or first, circa=circa)
    else:
        year, month, day = (_number(stated, name) for name in ("year", "monthOfYear", "dayOfMonth"))
    if not year:
        return None
    if not 1 <= month <= 12:
        return BirthDate(year=year, circa=circa)
    try:
        date(year, month, day)
    except ValueError:  # no day, or one that the month does not have
        return BirthDate(year=year, month=month, circa=circa)
    return BirthDate(year=year, month=month, day=day, circa=circa)


def _number(stated: Attributes, name: str) -> int:
    text = stated.get(name, "").strip()
    return int(text) if is_number(text) else 0


def _codes(stated: tuple[Attributes, ...]) -> tuple[str, ...]:
    codes = (_country(each) for each in stated)
    return tuple(dict.fromkeys(code for code in codes if code))


def _country(stated: Attributes) -> str | None:
    """The publisher's own code; it writes ``00`` for an unknown country."""
    code = stated.get("countryIso2Code", "").strip().upper()
    return country_code(code) if code.isalpha() else country_code(clean(stated.get("countryDescription")))


def _addresses(entity: Entity) -> Iterator[Address]:
    for stated in entity.addresses:
        names = ("street", "place", "poBox", "zipCode", "city", "region")
        parts = [part for part in (clean(stated.get(name)) for name in names) if part not in _NOTHING]
        country = clean(stated.get("countryDescription"))
        if country and country != "UNKNOWN":
            parts.append(country)
        if parts:
            yield Address(text=", ".join(parts), country=_country(stated))


def _identifiers(entity: Entity) -> Iterator[ListedIdentifier]:
    for stated in entity.documents:
        words = f"{stated.get('identificationTypeCode', '')} {stated.get('identificationTypeDescription', '')}"
        kind = next((kind for kind, pattern in _DOCUMENTS if pattern.search(words)), "other")
        for name in ("number", "latinNumber"):
            value = _IN_BRACKETS.sub("", clean(stated.get(name)))
            if value not in _NOTHING:
                yield ListedIdentifier(kind=kind, value=value, country=_country(stated))
