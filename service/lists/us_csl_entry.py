"""One entry of the US Consolidated Screening List as a listing, whichever of its 13 lists it is from.

``alt_names`` are given without their quality, weak ones among them: all count as strong here, since the
publisher says nothing else. Entries of Commerce and State have no type and, but for ``_id``, no key. An
order that has ended stays in the list as the publisher keeps it; ``end_date`` is in the record.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from service.errors import MalformedListError
from service.lists import ofac_remarks
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
from service.lists.listing_dates import listing_dates
from service.lists.ofac_births import birth_date
from service.lists.ofac_identifiers import labelled
from service.lists.un_names import distinct
from service.lists.untyped import kind_of
from service.nationality.countries import country_code

_KINDS = {
    "Individual": ListingKind.PERSON,
    "Entity": ListingKind.ORGANISATION,
    "Vessel": ListingKind.VESSEL,
    "Aircraft": ListingKind.AIRCRAFT,
}
_LIST_NAME = re.compile(r"\(([A-Z][A-Za-z-]*)(?: List)?\)")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_SUCCESSORS = re.compile(r",? and (?:any successors?,|its sub-units and successors).*$")
_NOTE = re.compile(r"\s*\[[^\]]*\]|\s*\([^()]*\b(?:individual|DPRK|North Korean)\b[^()]*\)")
_AKA = re.compile(r"[\[(](?:aka|a\.k\.a\.) ([^\])]+)[\])]", re.IGNORECASE)
_DPRK = re.compile(r"North Korea(?:n\b| Sanctions Regulations|$)|\bDPRK\b")
_REGISTRATIONS = frozenset({"registration_number", "ogrn", "inn", "uscc", "tax_id"})
_LONG_AGO, _FAR_OFF = 1950, 2100  # days outside are slips of the pen: 3017 was written for 2017


class CslNumber(NamedTuple):
    """A number as the JSON gives it."""

    label: str
    number: str
    country: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CslEntry:
    """An entry as published. ``addresses``: (text, code of the country); ``ids``: as text in the CSV."""

    where: str
    id: str
    source: str
    number: str
    type: str
    name: str
    programs: tuple[str, ...]
    alt_names: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    nationalities: tuple[str, ...]
    births: tuple[str, ...]
    ids: tuple[CslNumber | str, ...]
    flag: str
    start: str
    remarks: str
    record: dict[str, Any]

    @property
    def code(self) -> str:
        """The short name of the list that the entry is from: SDN, EL, NS-MBS."""
        found = _LIST_NAME.findall(self.source)
        if not found:
            raise MalformedListError(f"the source {self.source[:80]!r} names no list in brackets", where=self.where)
        return str(found[-1])

    @property
    def key(self) -> str:
        """The list and the number that OFAC gave, else the publisher's id, else a digest of who and where."""
        if self.number or self.id:
            return f"{self.code}-{self.number or self.id}"
        who = repr((self.source, self.name, self.addresses, self.start))
        return f"{self.code}-{hashlib.sha256(who.encode()).hexdigest()[:24]}"


def listing(entry: CslEntry, list_id: str) -> Listing:
    """``entry`` as a listing; MalformedListError for one without a name or of an unknown type."""
    if not entry.name:
        raise MalformedListError("an entry without a name", where=entry.where)
    if entry.type and entry.type not in _KINDS:
        raise MalformedListError(f"unknown type of party {entry.type!r}", where=entry.where)
    kind = _KINDS[entry.type] if entry.type else kind_of(entry.name)
    parts = [f"{label} {number}" for label, number in _labels(entry)]
    identifiers = tuple(dict.fromkeys(_identifiers(entry, kind)))
    addresses = tuple(Address(text=text, country=_country(country)) for text, country in entry.addresses)
    listed_on, basis = _listed_on(entry)
    return Listing(
        list_id=list_id,
        key=entry.key,
        reference=entry.number or entry.key,
        kind=kind,
        names=distinct(_names(entry)),
        birth_dates=tuple(dict.fromkeys(_births(entry))),
        countries=_countries(entry, parts, identifiers, kind),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=tuple(dict.fromkeys(ofac_remarks.genders(parts))),
        identifiers=identifiers,
        addresses=addresses,
        programmes=(entry.code, *entry.programs),
        listed_on=listed_on,
        listed_on_basis=basis,
        relations=tuple(_relations(entry)),
        dprk=_is_dprk(entry),
        record=entry.record,
    )


def _names(entry: CslEntry) -> Iterator[ListedName]:
    typed = bool(entry.type)
    whole = " ".join(entry.name.split())
    yield ListedName(text=whole if typed else " ".join(_plain(whole).split()), quality=AliasQuality.PRIMARY)
    inside = [] if typed else [name for group in _AKA.findall(whole) for name in group.split(", ")]
    for position, name in enumerate((*entry.alt_names, *inside)):
        # Commerce writes its aliases as a sentence: "A; B; and C".
        text = name if typed or not position else name.removeprefix("and ")
        yield ListedName(text=" ".join(text.split()), quality=AliasQuality.STRONG)


def _plain(name: str) -> str:
    """An untyped name without what Commerce and State write behind it: other names, notes, successors."""
    return _NOTE.sub("", _AKA.sub("", _SUCCESSORS.sub("", name))).strip(" ,") or name


def _births(entry: CslEntry) -> Iterator[BirthDate]:
    """The dates of birth. A first of January or of a month may stand for the year or month alone: the

    publisher writes "Jan 1957" as 1957-01-01, so such a day, or January, is no fact.
    """
    for text in entry.births:
        match = _DAY.fullmatch(text)
        if match:
            year, month, day = (int(part) for part in match.groups())
            if not 1 <= month <= 12:
                continue
            known = day if day != 1 else None
            yield BirthDate(year=year, month=month if known or month != 1 else None, day=known)
        elif born := birth_date(text):
            yield born


def _labels(entry: CslEntry) -> Iterator[tuple[str, str]]:
    """(label, value) of each id; in the CSV the label stood last until 2022 and stands first since."""
    for stated in entry.ids:
        if isinstance(stated, CslNumber):
            yield stated.label, stated.number
            continue
        pieces = stated.split(", ")
        if len(pieces) > 1:
            yield pieces[-1], ", ".join(pieces[:-1])
            yield pieces[0], ", ".join(pieces[1:])


def _identifiers(entry: CslEntry, kind: ListingKind) -> Iterator[ListedIdentifier]:
    for stated in entry.ids:
        if isinstance(stated, CslNumber):
            found = labelled(stated.label, stated.number, stated.country or None, kind)
        else:
            found = _identifier(stated.split(", "), kind)
        if found:
            yield found


def _identifier(pieces: list[str], kind: ListingKind) -> ListedIdentifier | None:
    """The number of a text id: ``CO, 1978075, NIT #`` or ``NIT #, 1978075, CO``, with days of issue left out."""
    for label, others in ((pieces[-1], pieces[:-1]), (pieces[0], pieces[1:])):
        values = [each for each in others if not _DAY.fullmatch(each)]
        country = None
        for place in (0, -1):
            if len(values) > 1 and len(values[place]) == 2 and (country := _country(values[place])):
                del values[place]
                break
        if values and (found := labelled(label, ", ".join(values), country, kind)):
            return found
    return None


def _countries(
    entry: CslEntry, parts: list[str], identifiers: tuple[ListedIdentifier, ...], kind: ListingKind
) -> tuple[str, ...]:
    found = [country for stated in entry.nationalities if (country := _country(stated))]
    found += ofac_remarks.countries(parts)
    if kind is not ListingKind.PERSON:
        found += [each.country for each in identifiers if each.country and each.kind in _REGISTRATIONS]
        flag = _country(entry.flag)
        found += [flag] if flag else []
    return tuple(dict.fromkeys(found))


def _relations(entry: CslEntry) -> Iterator[Relation]:
    text = entry.remarks
    for linked in re.findall(r"Linked To: (.+?)(?=; Linked To:|\)$|\); |;|$)", text):
        yield Relation(kind="linked_to", name=linked.strip())


def _listed_on(entry: CslEntry) -> tuple[date | None, str | None]:
    day = plausible_day(entry.start)
    if day:
        return day, "list"
    if entry.code == "SDN" and entry.number:
        return listing_dates("us_ofac_sdn").get(entry.number, (None, None))
    return None, None


def plausible_day(text: str) -> date | None:
    """The day that ``text`` (ISO) states; None where it states none or one that cannot be meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _LONG_AGO <= day.year <= _FAR_OFF else None


def _is_dprk(entry: CslEntry) -> bool:
    texts = [entry.remarks, *(stated if isinstance(stated, str) else stated.number for stated in entry.ids)]
    if not entry.type:
        texts.append(entry.name)
    return any(tag.startswith("DPRK") for tag in entry.programs) or any(_DPRK.search(text) for text in texts)


def _country(text: str) -> str | None:
    return country_code(text) if text else None
