"""OFAC's lists as Advanced XML: ``SDN_ADVANCED.XML`` and ``CONS_ADVANCED.XML``.

Publisher: OFAC, U.S. Department of the Treasury, after the United Nations' sanctions model. Root
``Sanctions``, above 120 MB; the namespace changed on 7 May 2024. Everything is a number looked up in the
file's own tables, and what belongs to one party stands in five places: it takes two passes to read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists import ofac_party
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, Listing, ListingKind, Relation
from service.lists.ofac_advanced_sides import SIDES, ListEntry, Sides, Stated, day_of
from service.lists.ofac_party import KINDS
from service.lists.ofac_profile import Profile, names, primary_name, profile_of
from service.lists.ofac_reference import References, references
from service.lists.ofac_relations import relation_kind
from service.lists.xml_records import local_name, records, root_of
from service.nationality.countries import country_code

ROOT = "Sanctions"
_DATE = "DateOfIssue"
_TABLES = "ReferenceValueSets"
_PARTY = "DistinctParties/DistinctParty"
_LINKS = frozenset({"SanctionsEntryLinks/SanctionsEntryLink"})  # of entries with each other: nothing on parties
_PATHS = frozenset({_DATE, _TABLES, _PARTY}) | SIDES
_REQUIRED = frozenset({path.partition("/")[0] for path in _PATHS})


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this format's root element."""
    head = files[0].head if len(files) == 1 else b""
    return any(f"<{ROOT}{end}".encode() in head for end in (" ", ">", "\n", "\r"))


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its parties in file order.

    MalformedListError where the root is another one or the day of issue is missing; while iterating, where
    the XML breaks, a section or a reference value is missing, or a party lacks its name, programme or day
    of listing, occurs twice or is not on the list.
    """
    root = local_name(root_of(file.stream).tag)
    if root != ROOT:
        raise MalformedListError(f"the root element is {root}, not {ROOT}", where=file.name)
    path, element = next(records(file.stream, _PATHS, ignored=_LINKS), ("", None))
    if path != _DATE:
        raise MalformedListError(f"{_DATE} is missing", where=file.name)
    return ListFile(
        list_id=list_id,
        entries=lambda: _entries(file.stream, list_id),
        published_on=day_of(element, _DATE),
    )


def _entries(stream: BinaryIO, list_id: str) -> Iterator[Listing]:
    with Sides() as sides:
        keys = ofac_party.once(_first_pass(stream, sides))
        expected = ofac_party.list_name(list_id)
        for key, entry in sides.listed():
            # A relation may come from a party of the other list; an entry on this one needs its party.
            if entry.list_name == expected and key not in keys:
                raise MalformedListError(f"the party is on the {expected} and not in the file", where=f"profile {key}")
        for path, element in records(stream, _PATHS, ignored=_LINKS):
            if path == _PARTY:
                yield _listing(profile_of(element, sides), list_id, sides, keys)


def _first_pass(stream: BinaryIO, sides: Sides) -> Iterator[tuple[str, str]]:
    """The number and the name of each party; on the way ``sides`` are filled with everything beside them."""
    for path, element in records(stream, _PATHS, ignored=_LINKS, required=_REQUIRED):
        if path == _TABLES:
            sides.references = references(element)
        elif path == _PARTY:
            yield element.get("FixedRef", ""), primary_name(element, sides.references)
        elif path in SIDES:
            sides.add(path, element)


def _listing(profile: Profile, list_id: str, sides: Sides, keys: Mapping[str, str]) -> Listing:
    key, where = profile.key, f"profile {profile.key}"
    entries, stated = sides.entries_of(key), sides.relations_of(key)
    programmes = tuple(dict.fromkeys(tag for entry in entries for tag in entry.programmes))
    if not keys[key] or (entries and not programmes):
        raise MalformedListError("a party without a name or without a programme", where=where)
    days = {each.list_name: each.day for each in sorted(entries, key=lambda entry: entry.day, reverse=True)}
    listed_on = ofac_party.listing_day(list_id, days, where=where)  # of several entries on a list the first counts
    kind = _kind(profile, sides.references, where)
    numbers = ofac_party.identifiers(profile.statements, kind)
    addresses = tuple(dict.fromkeys(_addresses(profile)))
    texts = [*profile.comments, *ofac_party.texts_of(profile.statements)]
    return Listing(
        list_id=list_id,
        key=key,
        reference=key,
        kind=kind,
        names=ofac_party.distinct_names(names(profile)),
        birth_dates=tuple(dict.fromkeys(profile.births)),
        countries=ofac_party.countries(profile.statements, numbers, kind),
        address_countries=tuple(dict.fromkeys(each.country for each in addresses if each.country)),
        genders=ofac_party.genders(profile.statements),
        identifiers=numbers,
        addresses=addresses,
        programmes=programmes,
        listed_on=listed_on,
        listed_on_basis="list",
        relations=tuple(dict.fromkeys(_relations(stated, keys))),
        dprk=ofac_party.is_dprk(programmes, texts),
        record=_record(profile, entries, stated, keys),
    )


def _kind(profile: Profile, tables: References, where: str) -> ListingKind:
    """Vessel or aircraft by the finer type, person or organisation by the type above it."""
    finer = tables.row("PartySubType", profile.sub_type, where=where)
    broad = tables.text("PartyType", finer.attributes.get("PartyTypeID"), where=where)
    for word in (finer.text, broad):
        if word.lower() in KINDS:
            return KINDS[word.lower()]
    raise MalformedListError(f"unknown type of party {broad!r} / {finer.text!r}", where=where)


def _addresses(profile: Profile) -> Iterator[Address]:
    for place in profile.addresses:
        for text in place.texts:
            if text:
                yield Address(text=text, country=country_code(place.country) if place.country else None)


def _relations(stated: list[Stated], keys: Mapping[str, str]) -> Iterator[Relation]:
    for each in stated:
        target = each.other if each.other in keys else None
        # A party of OFAC's other list has no name here: its number is what the file says.
        yield Relation(kind=relation_kind(each.kind), name=keys.get(each.other, f"uid {each.other}"), target=target)


def _record(
    profile: Profile, entries: list[ListEntry], stated: list[Stated], keys: Mapping[str, str]
) -> dict[str, Any]:
    """What the file says in numbers, put into its words."""
    found: dict[str, Any] = {
        "comments": list(profile.comments),
        "aliases": [{"type": name.alias_type, "name": name.text, "script": name.script} for name in profile.names],
        "statements": [
            {"label": each.label, "text": each.text} | ({"country": each.country} if each.country else {})
            for each in profile.statements
        ],
        "birthplaces": list(profile.birthplaces),
        "entries": [
            {"list": each.list_name, "day": each.day.isoformat(), "measures": list(each.measures)} for each in entries
        ],
        "relations": [
            {"type": each.kind, "party": each.other, "name": keys.get(each.other, "")}
            | ({"former": True} if each.former else {})
            for each in stated
        ],
    }
    return {name: value for name, value in found.items() if value}
