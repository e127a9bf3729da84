"""Canada's Consolidated Autonomous Sanctions List, XML.

Publisher: Global Affairs Canada, ``sema-lmes.xml``: root ``data-set``, one flat ``record`` a party, listed under
the Special Economic Measures Act or the Justice for Victims of Corrupt Foreign Officials Act. ``Country`` is
the regime and never a nationality. The file gives no numbers of its own: an entry is named by its regulations,
schedule and item, and items are renumbered at times. Measures that follow the UN's are published elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO

from service.errors import MalformedListError
from service.lists.birth_texts import birth_dates
from service.lists.ca_aliases import aliases, halves
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, ListedIdentifier, ListedName, Listing, ListingKind
from service.lists.un_names import distinct, names_of
from service.lists.xml_records import as_published, clean, local_name, records, root_of

ROOT = "data-set"
_RECORD = frozenset({"record"})
_DPRK = re.compile(r"\bDPRK\b|Democratic People.s Republic of Korea|North Korea", re.IGNORECASE)
_FIELDS = frozenset(
    {
        *("Country", "LastName", "GivenName", "EntityOrShip", "TitleOrShip", "ShipIMONumber", "Schedule", "Item"),
        *("Aliases", "DateOfListing", "DateOfBirthOrShipBuildDate", "DateOfBirth"),
    }
)


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file has this list's root element."""
    return len(files) == 1 and f"<{ROOT}".encode() in files[0].head


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; see ``read``."""
    return read(file.stream, list_id)


def read(stream: BinaryIO, list_id: str) -> ListFile:
    """The list in ``stream`` (seekable, unpacked); iterating the result streams its entries.

    ``published_on`` is the newest day of listing in it: the file has no date of its own. MalformedListError where
    the root is another one or the XML breaks, and for a record that lacks what the list must give.
    """
    root = root_of(stream)
    if local_name(root.tag) != ROOT:
        raise MalformedListError(f"the root element is {local_name(root.tag)}, not {ROOT}")
    days = (_listed_on(record, _where(record)) for _, record in records(stream, _RECORD))
    return ListFile(list_id=list_id, published_on=max(days, default=None), entries=lambda: _entries(stream, list_id))


def _entries(stream: BinaryIO, list_id: str) -> Iterator[Listing]:
    keys: set[str] = set()
    for _, record in records(stream, _RECORD):
        listing = _listing(record, list_id)
        if listing.key in keys:
            raise MalformedListError("the item occurs twice", where=listing.reference)
        keys.add(listing.key)
        yield listing


def _listing(record: Any, list_id: str) -> Listing:
    where = _where(record)
    if unknown := {local_name(child.tag) for child in record} - _FIELDS:
        raise MalformedListError(f"unknown element {', '.join(sorted(unknown))}", where=where)
    regime, schedule, item = _regime(record), _schedule(record), _text(record, "Item")
    for tag, value in (("Country", regime), ("Item", item)):
        if not value:
            raise MalformedListError(f"{tag} is missing", where=where)
    kind = _kind(record, where)
    imo = _text(record, "ShipIMONumber")
    born = birth_dates(_born(record)) if kind is ListingKind.PERSON else ()
    return Listing(
        list_id=list_id,
        key="|".join((regime, schedule, item)),
        reference=where,
        kind=kind,
        names=distinct(_names(record, kind, where)),
        birth_dates=born,
        identifiers=(ListedIdentifier(kind="imo", value=imo),) if imo else (),
        programmes=(regime,),
        listed_on=_listed_on(record, where),
        listed_on_basis="list",
        dprk=bool(_DPRK.search(_text(record, "Country"))),
        record=as_published(record),
    )


def _kind(record: Any, where: str) -> ListingKind:
    """By what the name stands in: persons in LastName, ships in EntityOrShip with a number or a type of ship."""
    person = bool(_text(record, "LastName") or _text(record, "GivenName"))
    if person == bool(_text(record, "EntityOrShip")):
        raise MalformedListError("the record names no party, or a person and an entity at once", where=where)
    if person:
        return ListingKind.PERSON
    ship = _text(record, "ShipIMONumber") or _text(record, "TitleOrShip")
    return ListingKind.VESSEL if ship else ListingKind.ORGANISATION


def _names(record: Any, kind: ListingKind, where: str) -> Iterator[ListedName]:
    person = kind is ListingKind.PERSON
    if person:
        primary, *others = [f"{_text(record, 'GivenName')} {_text(record, 'LastName')}".strip()]
    else:
        primary, *others = halves(_text(record, "EntityOrShip"))
    if not any(char.isalnum() for char in primary):
        raise MalformedListError("the record has no name", where=where)
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    for text, quality in ((primary, AliasQuality.PRIMARY), *((other, AliasQuality.STRONG) for other in others)):
        yield from names_of(text, quality)
    yield from aliases(record.findtext("{*}Aliases") or "", person=person, own_names=primary)


def _regime(record: Any) -> str:
    """The English name of the regime: ``Belarus / Bélarus`` is ``Belarus``."""
    return _text(record, "Country").split(" / ")[0].strip()


def _schedule(record: Any) -> str:
    return re.sub(r",\s*", ", ", _text(record, "Schedule"))


def _born(record: Any) -> str:
    return _text(record, "DateOfBirthOrShipBuildDate") or _text(record, "DateOfBirth")


def _where(record: Any) -> str:
    """How people quote the entry: ``Belarus, Schedule 1, Part 1, item 17``."""
    schedule = _schedule(record)
    parts = (_regime(record), f"Schedule {schedule}" if schedule else "", f"item {_text(record, 'Item')}")
    return ", ".join(part for part in parts if part)


def _listed_on(record: Any, where: str) -> date:
    stated = _text(record, "DateOfListing")
    try:
        return date.fromisoformat(stated)
    except ValueError as error:
        raise MalformedListError(f"DateOfListing is {stated!r}, not a day", where=where) from error


def _text(record: Any, tag: str) -> str:
    return clean(record.findtext(f"{{*}}{tag}"))
