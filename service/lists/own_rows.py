"""The rows of the operator's own list: CSV in UTF-8 with a header, checked for shape."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.own_cells import Cells

RELATIONS = {
    "owned_by": "owned_or_controlled_by",
    "owns": "owns_or_controls",
    "acting_for": "acting_for",
    "linked_to": "linked_to",
}
REQUIRED = ("key", "name")
COLUMNS = frozenset(
    {
        *REQUIRED,
        *("reference", "kind", "aliases", "weak_aliases", "original_names", "birth_dates", "genders", "countries"),
        *("identifiers", "addresses", "address_countries", "programmes", "listed_on", "dprk", "note"),
        *RELATIONS,
    }
)
_LONGEST_LINE = 64 * 1024  # bytes
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def header_of(file: PlainFile) -> tuple[str, ...]:
    """The names of the columns. MalformedListError for one that is unknown, missing or given twice."""
    _, cells = next(_cells(file), (0, []))
    names = tuple(cell.strip().lower() for cell in cells)
    if missing := [name for name in REQUIRED if name not in names]:
        raise MalformedListError(f"the header lacks the column {', '.join(missing)}", where=f"{file.name} line 1")
    if unknown := [name for name in names if name not in COLUMNS]:
        known = ", ".join(sorted(COLUMNS))
        shown = ", ".join(repr(name[:40]) for name in unknown)
        raise MalformedListError(f"unknown column {shown}; known are {known}", where=f"{file.name} line 1")
    if len(set(names)) != len(names):
        raise MalformedListError("the header names a column twice", where=f"{file.name} line 1")
    return names


def rows(file: PlainFile) -> Iterator[Cells]:
    """Every row below the header, with the line on which it ends; blank lines are passed over."""
    names = header_of(file)
    below = _cells(file)
    next(below)
    for line, cells in below:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            detail = f"{len(cells)} cells; the header has {len(names)} columns"
            raise MalformedListError(detail, where=f"{file.name} line {line}")
        yield Cells(line, dict(zip(names, cells, strict=True)))


def _cells(file: PlainFile) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(file), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise MalformedListError(f"{error}", where=f"{file.name} line {reader.line_num}") from error


def _lines(file: PlainFile) -> Iterator[str]:
    file.stream.seek(0)
    number = 0
    while raw := file.stream.readline(_LONGEST_LINE):
        number += 1
        where = f"{file.name} line {number}"
        if len(raw) == _LONGEST_LINE:
            raise MalformedListError(f"a line longer than {_LONGEST_LINE} bytes", where=where)
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise MalformedListError("bytes that are not UTF-8", where=where) from error
        if _CONTROL.search(line):
            raise MalformedListError("a control character", where=where)
        yield line
