"""What OFAC's Advanced XML keeps beside its parties: places, documents, relations, entries on lists.

Publisher: OFAC, U.S. Department of the Treasury. Places and documents stand before the parties, relations
and entries on lists behind them: a first pass over the file gathers them all, by the number of the party. They
are more than the parties themselves, so they wait in files and not in memory.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from service.errors import MalformedListError
from service.lists.compact import Shelf
from service.lists.numbers import number_of
from service.lists.ofac_party import Statement, joined
from service.lists.ofac_reference import References
from service.lists.xml_records import clean

_PROGRAMME = "Program"  # the one type of measure that is a programme; its tag is the measure's comment
_CREATED = "Created"
_UNSPECIFIED = "Unknown"  # the type of the one part of a place that is but a country
# Parts of an address in the order in which they are written; others go behind them.
_ORDER = {name: rank for rank, name in enumerate(
    ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION"))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A location: once as written in Latin letters and once more for each other way it is written."""

    texts: tuple[str, ...]
    country: str | None  # as OFAC names it


@dataclass(frozen=True, slots=True)
class ListEntry:
    """The party's entry on one of OFAC's lists."""

    list_name: str
    day: date
    programmes: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation of the party that carries it to ``other``, in OFAC's words."""

    kind: str
    other: str
    former: bool


class Sides:
    """What stands beside the parties, for the length of a block. Whoever fills it sets ``references`` first."""

    def __init__(self) -> None:
        self.references = References({})
        with ExitStack() as on_failure:
            self.places, self.documents, self.relations, self.entries = (
                on_failure.enter_context(Shelf()) for _ in range(4)
            )
            self._shelves = on_failure.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shelves.close()

    def add(self, path: str, element: Any) -> None:
        """Take the record at ``path``, one of ``SIDES``."""
        _ADDERS[path](self, element)

    def place(self, number: str) -> Place | None:
        """The location of that number."""
        return next((Place(tuple(texts), country) for texts, country in self.places.of(number)), None)

    def documents_of(self, identity: str) -> list[Statement]:
        """The documents of the identity of that number."""
        return [Statement(*row) for row in self.documents.of(identity)]

    def relations_of(self, party: str) -> list[Stated]:
        """The relations that the party carries."""
        return [Stated(*row) for row in self.relations.of(party)]

    def entries_of(self, party: str) -> list[ListEntry]:
        """The party's entries on OFAC's lists."""
        return [_entry(row) for row in self.entries.of(party)]

    def listed(self) -> Iterator[tuple[str, ListEntry]]:
        """Every entry on a list, with the number of its party."""
        return ((party, _entry(row)) for party, row in self.entries)


def _entry(row: list[Any]) -> ListEntry:
    name, day, programmes, measures = row
    return ListEntry(name, date.fromisoformat(day), tuple(programmes), tuple(measures))


def day_of(element: Any, where: str, *, ends: bool = False) -> date:
    """Year, month and day below ``element``; a month or day 0 is the first one or, where it ``ends``, the last."""
    try:
        year, month, day = (number_of(clean(element.findtext(f"{{*}}{part}"))) for part in ("Year", "Month", "Day"))
        month = month or (12 if ends else 1)
        return date(year, month, day or (monthrange(year, month)[1] if ends else 1))
    except (ValueError, OverflowError, AttributeError) as error:
        raise MalformedListError("not a day with its year and month", where=where) from error


def _add_place(sides: Sides, element: Any) -> None:
    where = f"Location {element.get('ID')}"
    codes = [each.get("CountryID") for each in element.iterfind("{*}LocationCountry")]
    countries = [sides.references.text("Country", code, where=where) for code in codes]
    areas = [each.get("AreaCodeID") for each in element.iterfind("{*}LocationAreaCode")]
    regions = [sides.references.row("AreaCode", area, where=where) for area in areas]
    country = next(iter([*countries, *(each.attributes.get("Description", "") for each in regions)]), None) or None
    parts = sorted(_parts(sides, element, where), key=lambda part: _ORDER.get(part[0], len(_ORDER)))
    ways = max((len(values) for _, values in parts), default=1)
    texts = (_written([values[min(way, len(values) - 1)] for _, values in parts], country) for way in range(ways))
    if country is None:
        country = next((values[0] for kind, values in parts if kind == _UNSPECIFIED), None)
    sides.places.add(element.get("ID", ""), (list(dict.fromkeys(texts)), country))


def _written(parts: list[str], country: str | None) -> str:
    return joined(parts if country in parts else [*parts, country or ""])


def _parts(sides: Sides, element: Any, where: str) -> Iterator[tuple[str, list[str]]]:
    """(type, values with the primary one first) of each part that says something."""
    for part in element.iterfind("{*}LocationPart"):
        kind = sides.references.text("LocPartType", part.get("LocPartTypeID"), where=where)
        values = sorted(part.iterfind("{*}LocationPartValue"), key=lambda value: value.get("Primary") != "true")
        texts = [text for value in values if (text := clean(value.findtext("{*}Value")))]
        if texts:
            yield kind, texts


def _add_document(sides: Sides, element: Any) -> None:
    where = f"IDRegDocument {element.get('ID')}"
    label = sides.references.text("IDRegDocType", element.get("IDRegDocTypeID"), where=where)
    issuer, place = element.get("IssuedBy-CountryID"), sides.place(element.get("IssuedIn-LocationID", ""))
    country = sides.references.text("Country", issuer, where=where) if issuer else place.country if place else None
    number = clean(element.findtext("{*}IDRegistrationNo"))
    sides.documents.add(element.get("IdentityID", ""), (label, number, country))


def _add_relation(sides: Sides, element: Any) -> None:
    where = f"ProfileRelationship {element.get('ID')}"
    kind = sides.references.text("RelationType", element.get("RelationTypeID"), where=where)
    subject, other = element.get("From-ProfileID"), element.get("To-ProfileID")
    if not subject or not other:
        raise MalformedListError("a relation to nobody", where=where)
    sides.relations.add(subject, (kind, other, element.get("Former") == "true"))


def _add_entry(sides: Sides, element: Any) -> None:
    where = f"SanctionsEntry {element.get('ID')}"
    name = sides.references.text("List", element.get("ListID"), where=where)
    events: list[tuple[bool, date]] = []
    for event in element.iterfind("{*}EntryEvent"):
        type_ = sides.references.text("EntryEventType", event.get("EntryEventTypeID"), where=where)
        events.append((type_ != _CREATED, day_of(event.find("{*}Date"), where)))
    if not events:
        raise MalformedListError("an entry without its day", where=where)
    programmes: list[str] = []
    measures: list[str] = []
    for measure in element.iterfind("{*}SanctionsMeasure"):
        type_ = sides.references.text("SanctionsType", measure.get("SanctionsTypeID"), where=where)
        comment = clean(measure.findtext("{*}Comment"))
        if type_ == _PROGRAMME:
            programmes += [comment] if comment else []
        else:
            measures.append(type_)
    sides.entries.add(element.get("ProfileID", ""), (name, min(events)[1].isoformat(), programmes, measures))


_ADDERS: dict[str, Callable[[Sides, Any], None]] = {
    "Locations/Location": _add_place,
    "IDRegDocuments/IDRegDocument": _add_document,
    "ProfileRelationships/ProfileRelationship": _add_relation,
    "SanctionsEntries/SanctionsEntry": _add_entry,
}
SIDES = frozenset(_ADDERS)
