"""CSV list files read row by row, their columns found by name: strict about encoding and shape.

A row of another width, a second header or a column that is missing or there twice is refused: guessing
which cell is which could screen against addresses instead of names.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.xml_records import clean

_MAX_LINE = 1024 * 1024  # bytes; the statements of reasons are long
_SHOWN = 5  # missing columns named in a message
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How a publisher writes its CSV; ``preamble`` lines stand before the header.

    ``encoding`` may be ``utf-8-sig``: UTF-8 with or without its mark at the start.
    """

    needed: frozenset[str]
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    preamble: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its last line in the file, and its cells by column, tidied, without the empty ones."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, empty where there is none."""
        return self.cells.get(column, "")


def is_csv(file: PlainFile) -> bool:
    """Whether the file is at least no XML."""
    return not file.head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")


def first_line(file: PlainFile, layout: Layout) -> str:
    """The first line as written; MalformedListError where it is not in the list's encoding."""
    return next(_lines(file, layout), "").strip()


def rows(file: PlainFile, layout: Layout) -> Iterator[Row]:
    """Every row below the header. MalformedListError names the line of the first one that is not whole."""
    reader = csv.reader(islice(_lines(file, layout), layout.preamble, None), delimiter=layout.delimiter, strict=True)
    try:
        header = _header(next(reader, []), layout, file.name)
        for cells in reader:
            line = reader.line_num + layout.preamble
            where = f"{file.name} line {line}"
            if not any(cells):
                continue  # an empty line holds nothing
            if len(cells) != len(header):
                raise MalformedListError(f"{len(cells)} columns; the header has {len(header)}", where=where)
            held = {name: text for name, cell in zip(header, cells, strict=True) if cell and (text := clean(cell))}
            if all(name == text for name, text in held.items()) and len(held) > 1:
                raise MalformedListError("the header a second time", where=where)
            yield Row(line, held)
    except csv.Error as error:
        raise MalformedListError(str(error), where=f"{file.name} line {reader.line_num + layout.preamble}") from error


def grouped(read: Callable[[], Iterator[Row]], column: str) -> Iterator[tuple[str, list[Row]]]:
    """The rows of one ``column`` value together, each group as soon as its last row was read.

    ``read`` starts anew at each call: rows are counted first, so that memory holds open groups only.
    MalformedListError for a row without that value.
    """
    left: Counter[str] = Counter()
    for row in read():
        if not row[column]:
            raise MalformedListError(f"no {column}", where=f"line {row.line}")
        left[row[column]] += 1
    waiting: dict[str, list[Row]] = {}
    for row in read():
        key = row[column]
        waiting.setdefault(key, []).append(row)
        left[key] -= 1
        if not left[key]:
            yield key, waiting.pop(key)


def one_value(group: list[Row], column: str, *, where: str) -> str:
    """The one value that a group of rows states; MalformedListError where it states two."""
    found = list(dict.fromkeys(row[column] for row in group if row[column]))
    if len(found) > 1:
        raise MalformedListError(f"one key for two parties: {column} is {found[0]!r} and {found[1]!r}", where=where)
    return found[0] if found else ""


def values(group: list[Row], column: str) -> tuple[str, ...]:
    """What a column holds in a group of rows, each text once, in the order of the file."""
    return tuple(dict.fromkeys(row[column] for row in group if row[column]))


def _header(cells: list[str], layout: Layout, name: str) -> tuple[str, ...]:
    header = tuple(clean(cell) for cell in cells)
    where = f"{name} line {layout.preamble + 1}"
    if missing := sorted(layout.needed - set(header)):
        some = ", ".join(missing[:_SHOWN]) + (f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else "")
        raise MalformedListError(f"the header lacks {some}", where=where)
    if twice := sorted(column for column, count in Counter(header).items() if count > 1 and column):
        raise MalformedListError(f"the header has {', '.join(twice)} twice", where=where)
    return header


def _lines(file: PlainFile, layout: Layout) -> Iterator[str]:
    file.stream.seek(0)
    number = 0
    while raw := file.stream.readline(_MAX_LINE):
        number += 1
        where = f"{file.name} line {number}"
        if len(raw) == _MAX_LINE:
            raise MalformedListError(f"a line longer than {_MAX_LINE} bytes", where=where)
        if _CONTROL.search(raw):
            raise MalformedListError("a control character", where=where)
        try:
            yield raw.decode(layout.encoding if number == 1 else layout.encoding.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            raise MalformedListError(f"bytes that are not {layout.encoding}", where=where) from error
