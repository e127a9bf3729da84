"""Invented lists of any length in their publishers' formats, written entry by entry.

Names are made of syllables so that tokens are shared between entries about as often as in real lists: a
matcher's work depends on that. The same number always gives the same entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

from service.lists.sources import source_of

_ONSETS = ("b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "y", "z", "kh")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ya")
_ENDS = ("", "n", "r", "m", "k", "l", "s", "ng")
_COUNTRIES = ("ru", "cn", "ir", "kp", "sy", "by", "ae", "tr", "mm", "ve")
_WORDS = ("Trading", "Shipping", "Bank", "Industries", "Holding", "Technology", "Group", "Logistics", "Mining")
DPRK_EVERY = 50


def name_of(number: int) -> str:
    """A name of three or four words; one in three is an organisation's."""
    words = [_word(number * 7919 + 13), _word(number // 3 + 101), _word(number * 31 + 7)]
    if number % 3 == 0:
        words[-1] = _WORDS[number % len(_WORDS)]
    return " ".join(word.capitalize() for word in words)


def _word(seed: int) -> str:
    mixed = (seed * 2654435761) % (1 << 32)
    parts = []
    for _ in range(2 + mixed % 2):
        mixed, onset = divmod(mixed, len(_ONSETS))
        mixed, vowel = divmod(mixed, len(_VOWELS))
        mixed, end = divmod(mixed, len(_ENDS))
        parts.append(_ONSETS[onset] + _VOWELS[vowel] + _ENDS[end])
        mixed = mixed * 48271 % 2147483647 + seed % 65537
    return "".join(parts)


def write_ftm(out: TextIO, names: Iterator[tuple[int, str]], day: str) -> None:
    """FollowTheMoney entities as OpenSanctions exports them; every fourth party has a sanction beside it."""
    for number, name in names:
        key = f"NK-{number:012x}"
        stamps = {"first_seen": "2026-01-01T00:00:00", "last_seen": f"{day}T00:00:00"}
        tail = {"referents": [], "datasets": ["invented"], **stamps, "last_change": "2026-01-01T00:00:00"}
        born = {"birthDate": [f"{1940 + number % 60}-03-{1 + number % 28:02d}"]} if number % 3 else {}
        properties = {
            "name": [name],
            "alias": [name_of(number + 5_000_001)] if number % 2 else [],
            "country": [_COUNTRIES[number % 10]],
            "topics": ["sanction"],
            "programId": ["UN-SC1718" if number % DPRK_EVERY == 0 else f"INV-{number % 12}"],
            **born,
        }
        party = {"id": key, "caption": name, "schema": "Person" if number % 3 else "Organization"}
        _line(out, {**party, "properties": {k: v for k, v in properties.items() if v}, **tail, "target": True})
        if number % 4 == 0:
            stated = {"entity": [key], "authority": ["Invented"], "listingDate": ["2020-02-03"]}
            sanction = {"id": f"s-{number:x}", "caption": "Sanction", "schema": "Sanction", "properties": stated}
            _line(out, {**sanction, **tail, "target": False})


def _line(out: TextIO, entity: dict[str, object]) -> None:
    out.write(json.dumps(entity, ensure_ascii=False, separators=(",", ":")) + "\n")


def write_un(out: TextIO, names: Iterator[tuple[int, str]], day: str) -> None:
    """The UN's consolidated list, all entries as entities."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:09.554Z"><INDIVIDUALS></INDIVIDUALS><ENTITIES>\n')
    for number, name in names:
        programme = "DPRK" if number % DPRK_EVERY == 0 else ("Al-Qaida", "Iran", "Libya", "Taliban")[number % 4]
        out.write(
            f"<ENTITY><DATAID>{7_000_000 + number}</DATAID><FIRST_NAME>{escape(name)}</FIRST_NAME>"
            f"<UN_LIST_TYPE>{programme}</UN_LIST_TYPE><REFERENCE_NUMBER>X.{number}</REFERENCE_NUMBER>"
            f"<LISTED_ON>2016-03-02</LISTED_ON><ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY>"
            f"<ALIAS_NAME>{name_of(number + 5_000_001)}</ALIAS_NAME></ENTITY_ALIAS></ENTITY>\n"
        )
    out.write("</ENTITIES></CONSOLIDATED_LIST>\n")


def write_ofac(out: TextIO, names: Iterator[tuple[int, str]], day: str, *, entries: int) -> None:
    """OFAC's ``sdn.xml``."""
    year, month, number_of_day = day.split("-")
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<sdnList xmlns="http://tempuri.org/sdnList.xsd">')
    out.write(f"<publshInformation><Publish_Date>{month}/{number_of_day}/{year}</Publish_Date>")
    out.write(f"<Record_Count>{entries}</Record_Count></publshInformation>\n")
    for number, name in names:
        programme = "DPRK3" if number % DPRK_EVERY == 0 else ("SDGT", "IRAN", "RUSSIA-EO14024", "CUBA")[number % 4]
        out.write(
            f"<sdnEntry><uid>{100_000 + number}</uid><lastName>{escape(name)}</lastName><sdnType>Entity</sdnType>"
            f"<programList><program>{programme}</program></programList><akaList><aka><uid>1</uid><type>a.k.a.</type>"
            f"<category>strong</category><lastName>{name_of(number + 5_000_001)}</lastName></aka></akaList>"
            "</sdnEntry>\n"
        )
    out.write("</sdnList>\n")


_ADVANCED_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">
<DateOfIssue><Year>{}</Year><Month>{}</Month><Day>{}</Day></DateOfIssue><ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="1">Russia</Country></CountryValues>
<EntryEventTypeValues><EntryEventType ID="1">Created</EntryEventType></EntryEventTypeValues>
<FeatureTypeValues><FeatureType ID="25">Location</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1">Tax ID No.</IDRegDocType></IDRegDocTypeValues>
<ListValues><List ID="1">SDN List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1">CITY</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1">Entity Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Entity</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="1">Owned or Controlled By</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
</ReferenceValueSets>
"""


def write_advanced(out: TextIO, names: Iterator[tuple[int, str]], day: str, *, entries: int) -> None:
    """OFAC's Advanced XML: each party with a place, a document and an entry, every third one owned by another."""
    out.write(_ADVANCED_HEAD.format(*(int(part) for part in day.split("-"))))
    numbers = range(100_000, 100_000 + entries)
    _section(out, "Locations", (
        f'<Location ID="{n}"><LocationCountry CountryID="1"/><LocationPart LocPartTypeID="1">'
        f'<LocationPartValue Primary="true"><Value>{_word(n)}</Value></LocationPartValue></LocationPart></Location>'
        for n in numbers
    ))  # fmt: skip
    _section(out, "IDRegDocuments", (
        f'<IDRegDocument ID="{n}" IDRegDocTypeID="1" IdentityID="{n}" IssuedBy-CountryID="1">'
        f"<IDRegistrationNo>{7_700_000_000 + n}</IDRegistrationNo></IDRegDocument>"
        for n in numbers
    ))  # fmt: skip
    _section(out, "DistinctParties", (_advanced_party(100_000 + number, name) for number, name in names))
    _section(out, "ProfileRelationships", (
        f'<ProfileRelationship ID="{n}" From-ProfileID="{n}" To-ProfileID="{numbers[0]}" RelationTypeID="1"/>'
        for n in numbers[1::3]
    ))  # fmt: skip
    _section(out, "SanctionsEntries", (
        f'<SanctionsEntry ID="{n}" ProfileID="{n}" ListID="1"><EntryEvent EntryEventTypeID="1"><Date><Year>2016'
        '</Year><Month>3</Month><Day>2</Day></Date></EntryEvent><SanctionsMeasure SanctionsTypeID="1"><Comment>'
        f"{'DPRK3' if n % DPRK_EVERY == 0 else 'SDGT'}</Comment></SanctionsMeasure></SanctionsEntry>"
        for n in numbers
    ))  # fmt: skip
    out.write("</Sanctions>\n")


def _section(out: TextIO, name: str, records: Iterator[str]) -> None:
    out.write(f"<{name}>\n")
    out.writelines(f"{record}\n" for record in records)
    out.write(f"</{name}>\n")


def _advanced_party(key: int, name: str) -> str:
    written = zip((name, name_of(key + 4_900_001)), (1403, 1400), strict=True)
    aliases = "".join(
        f'<Alias AliasTypeID="{type_}" Primary="{str(type_ == 1403).lower()}"><DocumentedName><DocumentedNamePart>'
        f'<NamePartValue NamePartGroupID="{key}">{escape(text)}</NamePartValue></DocumentedNamePart></DocumentedName>'
        "</Alias>"
        for text, type_ in written
    )
    return (
        f'<DistinctParty FixedRef="{key}"><Profile ID="{key}" PartySubTypeID="1"><Identity ID="{key}" Primary="true">'
        f'{aliases}<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="{key}" NamePartTypeID="1"/>'
        '</MasterNamePartGroup></NamePartGroups></Identity><Feature FeatureTypeID="25"><FeatureVersion>'
        f'<VersionLocation LocationID="{key}"/></FeatureVersion></Feature></Profile></DistinctParty>'
    )


def write_own(out: TextIO, names: Iterator[tuple[int, str]], day: str) -> None:
    """The operator's own list; it carries no day."""
    del day
    out.write("key,name,kind,aliases,countries,programmes\n")
    for number, name in names:
        kind = "person" if number % 3 else "organisation"
        alias = name_of(number + 5_000_001)
        out.write(f"V-{number},{name},{kind},{alias},{_COUNTRIES[number % 10].upper()},group {number % 12}\n")


FORMATS: dict[str, tuple[str, Callable[..., None], str]] = {
    "ftm": ("opensanctions", write_ftm, "entities.ftm.json"),
    "un": ("un_sc", write_un, "consolidated.xml"),
    "ofac": ("us_ofac_sdn", write_ofac, "sdn.xml"),
    "advanced": ("us_ofac_sdn", write_advanced, "sdn_advanced.xml"),
    "own": ("own", write_own, "own.csv"),
}


def write(format_: str, folder: Path, day: str, entries: int, *, changed: range = range(0)) -> tuple[str, Path]:
    """(list id, file) of a list with ``entries`` entries; those of ``changed`` bear other names.

    The best-known parties of the real list are the first entries: a list without them is taken for another one.
    """
    list_id, write_entries, name = FORMATS[format_]
    known = source_of(list_id).canaries

    def names() -> Iterator[tuple[int, str]]:
        for number in range(entries):
            if number < len(known):
                yield number, known[number]
            else:
                yield number, f"{name_of(number)} Anew" if number in changed else name_of(number)

    path = folder / f"{day}-{name}"
    with path.open("w", encoding="utf-8") as out:
        more = {"entries": entries} if format_ in ("ofac", "advanced") else {}
        write_entries(out, names(), day, **more)
    return list_id, path
