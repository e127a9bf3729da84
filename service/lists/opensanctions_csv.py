"""The collection of OpenSanctions as a table of its targets (targets.simple.csv).

Publisher: OpenSanctions Datenbanken GmbH; CC BY-NC 4.0, use by a business needs its licence. Every cell is in
quotation marks; a cell of several values is itself a row, cut at ``;``. ``program_ids`` came later and may be
missing; ``dataset`` holds titles. Numbers have no kind here, names no quality, and links are not given:
entities.ftm.json says more.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedIdentifier, ListedName, Listing, ListingKind
from service.lists.opensanctions_parties import KINDS, birth_dates, is_dprk, named
from service.lists.opensanctions_sides import country_of
from service.lists.text_rows import TextRow, cut_doubts, first_row, rows
from service.lists.un_names import distinct

_COLUMNS = frozenset(
    """
    id schema name aliases birth_date countries addresses identifiers sanctions phones emails dataset first_seen
    last_seen last_change
    """.split()
)
_NO_PARTIES = frozenset({"Address", "Asset", "CryptoWallet", "RealEstate", "Security", "Vehicle"})
_SEVERAL = ("aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions", "phones", "emails",
            "program_ids", "dataset")  # fmt: skip


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with the header of the table."""
    return len(files) == 1 and first_row(files[0])[:5] == ("id", "schema", "name", "aliases", "birth_date")


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The table in ``file``; iterating streams its parties. MalformedListError names the line of the first bad row."""
    left_out = Counter(schema for row in rows(file, _COLUMNS) if (schema := row.cells["schema"]) in _NO_PARTIES)
    return ListFile(
        list_id=list_id,
        entries=lambda: _listings(file, list_id),
        doubts=cut_doubts(file),
        left_out=tuple((f"targets that are no party ({schema})", count) for schema, count in sorted(left_out.items())),
    )


def _listings(file: PlainFile, list_id: str) -> Iterator[Listing]:
    keys: set[str] = set()
    for row in rows(file, _COLUMNS):
        where, key = f"{file.name} line {row.line}", row.cells["id"]
        if row.cells["schema"] in _NO_PARTIES:
            continue
        if not key or key in keys:
            raise MalformedListError(f"the entity {key} comes twice" if key else "a row without an id", where=where)
        keys.add(key)
        yield _listing(row, list_id, where)


def _listing(row: TextRow, list_id: str, where: str) -> Listing:
    cells = row.cells
    kind = KINDS.get(cells["schema"])
    if kind is None or not cells["name"]:
        detail = "a row without a name" if kind else f"a target of the unknown schema {cells['schema']!r}"
        raise MalformedListError(detail, where=where)
    several = {name: _values(cells.get(name, ""), where) for name in _SEVERAL}
    countries = tuple(dict.fromkeys(code for each in several["countries"] if (code := country_of(each))))
    programmes = tuple(several["program_ids"] or several["dataset"])
    return Listing(
        list_id=list_id,
        key=cells["id"],
        reference=cells["id"],
        kind=kind,
        names=distinct(_names(cells["name"], several["aliases"])),
        birth_dates=birth_dates(several["birth_date"]) if kind is ListingKind.PERSON else (),
        countries=countries,
        identifiers=tuple(ListedIdentifier(kind="other", value=value) for value in several["identifiers"]),
        addresses=tuple(Address(text=text) for text in several["addresses"]),
        programmes=programmes,
        dprk=is_dprk(*programmes, *several["sanctions"]),
        record={name: value for name, value in cells.items() if value and name != "last_seen"},
    )


def _names(primary: str, aliases: list[str]) -> Iterator[ListedName]:
    yield ListedName(text=primary, quality=AliasQuality.PRIMARY)
    for alias in aliases:
        yield named(alias, AliasQuality.STRONG)


def _values(cell: str, where: str) -> list[str]:
    """The values of a cell; one that holds a ``;`` itself stands in quotation marks."""
    try:
        found = next(csv.reader([cell], delimiter=";", strict=True), [])
    except csv.Error as error:
        raise MalformedListError(f"a cell of several values that is broken ({error})", where=where) from error
    return [value for value in (each.strip() for each in found) if value]
