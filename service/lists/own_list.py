"""The operator's own list: a CSV file with the columns that ``docs/own-list.md`` describes.

UTF-8, with or without a byte order mark, columns by name in any order, several values of a cell parted by
``;``. The file is read whole or refused: every cell that cannot be read is told with its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedName, Listing, ListingKind, Relation
from service.lists.own_cells import Cells, birth_date, country, day, identifier, kind_of, yes_or_no
from service.lists.own_rows import COLUMNS, RELATIONS, header_of, rows
from service.lists.un_names import distinct

MOST_FAULTS = 20  # told at once; a file with more is described well enough by these
_ALIASES = {
    "aliases": AliasQuality.STRONG,
    "weak_aliases": AliasQuality.WEAK,
    "original_names": AliasQuality.ORIGINAL_SCRIPT,
}


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file begins with a header that names this list's columns and no others."""
    if len(files) != 1:
        return False
    first = files[0].head.decode("utf-8-sig", "replace").splitlines()[:1]
    names = {name.strip().strip('"').lower() for name in first[0].split(",")} if first else set()
    return {"key", "name"} <= names <= COLUMNS


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``. MalformedListError names every column that is missing or not known.

    While iterating, it names the lines and columns of the cells that cannot be read.
    """
    header_of(file)
    return ListFile(list_id=list_id, entries=lambda: _entries(file, list_id))


def _entries(file: PlainFile, list_id: str) -> Iterator[Listing]:
    names = _check(file, list_id)
    for cells in rows(file):
        yield _listing(cells, list_id, names)


def _check(file: PlainFile, list_id: str) -> dict[str, str]:
    """Key to name of every entry, after a first look at every cell: all faults are told at once."""
    names: dict[str, str] = {}
    faults: list[str] = []
    for cells in rows(file):
        listing = _listing(cells, list_id, {})
        if listing.key and listing.key in names:
            cells.fault("key", f"{listing.key!r} is used for a second entry")
        names[listing.key] = listing.name
        faults += cells.faults
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        more = " (and perhaps more)" if len(faults) >= MOST_FAULTS else ""
        raise MalformedListError("; ".join(faults[:MOST_FAULTS]) + more, where=file.name)
    return names


def _listing(cells: Cells, list_id: str, names: dict[str, str]) -> Listing:
    """The entry of one row; cells that cannot be read are noted in ``cells.faults``."""
    key, name = cells.needed("key"), cells.needed("name")
    addresses = tuple(Address(text=text) for text in cells.several("addresses"))
    listed_on = cells.one("listed_on", day)
    return Listing(
        list_id=list_id,
        key=key,
        reference=cells.text("reference") or key,
        kind=cells.one("kind", kind_of) or ListingKind.ORGANISATION,
        names=distinct(_names(cells, name)),
        birth_dates=cells.each("birth_dates", birth_date),
        countries=cells.each("countries", country),
        address_countries=cells.each("address_countries", country),
        genders=cells.each("genders", _gender),
        identifiers=cells.each("identifiers", identifier),
        addresses=addresses,
        programmes=cells.several("programmes"),
        listed_on=listed_on,
        listed_on_basis="list" if isinstance(listed_on, date) else None,
        relations=tuple(_relations(cells, names)),
        dprk=bool(cells.one("dprk", yes_or_no)),
        record={column: cells.text(column) for column in cells.columns if cells.text(column)},
    )


def _names(cells: Cells, name: str) -> Iterator[ListedName]:
    yield ListedName(text=name, quality=AliasQuality.PRIMARY)
    for column, quality in _ALIASES.items():
        for text in cells.several(column):
            yield ListedName(text=text, quality=quality)


def _relations(cells: Cells, names: dict[str, str]) -> Iterator[Relation]:
    """Each value is the key of another entry of the file, or the name of a party anywhere."""
    for column, kind in RELATIONS.items():
        for text in cells.several(column):
            known = text in names
            yield Relation(kind=kind, name=names[text] if known else text, target=text if known else None)


def _gender(text: str) -> str:
    if text.lower() not in {"male", "female"}:
        raise ValueError("is neither male nor female")
    return text.lower()
