"""Rows of OFAC's CSV files, checked.

Publisher: OFAC, U.S. Department of the Treasury. No header row; 12 columns (parties), 5 (alternate
names), 6 (addresses) or 2 (rest of long remarks); CRLF line ends; ``-0-`` stands for nothing; a last
byte 0x1A, which csv readers hand out as one more row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.numbers import is_number

END_OF_FILE = b"\x1a"
NOTHING = "-0-"
_MAX_LINE = 64 * 1024
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Role(StrEnum):
    """Which file of the set it is, told by its columns."""

    PARTIES = "parties"
    ALIASES = "aliases"
    ADDRESSES = "addresses"
    COMMENTS = "comments"


COLUMNS = {Role.PARTIES: 12, Role.ALIASES: 5, Role.ADDRESSES: 6, Role.COMMENTS: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``key`` is the ent_num, ``cells`` has "" where the publisher wrote ``-0-``."""

    line: int
    key: str
    cells: tuple[str, ...]


def role_of(file: PlainFile) -> Role:
    """The role of ``file`` by the number of columns of its first row; MalformedListError if none fits."""
    first = next(_cells(file), None)
    if first is None:
        raise MalformedListError("no row in the file", where=file.name)
    line, cells = first
    for role, columns in COLUMNS.items():
        if len(cells) == columns:
            return role
    raise MalformedListError(f"{len(cells)} columns; OFAC's files have 12, 5, 6 or 2", where=f"{file.name} line {line}")


def rows(file: PlainFile, role: Role) -> Iterator[Row]:
    """Every row of ``file``. MalformedListError names the line of the first one that is not whole."""
    for line, cells in _cells(file):
        where = f"{file.name} line {line}"
        if len(cells) != COLUMNS[role]:
            raise MalformedListError(f"{len(cells)} columns; expected {COLUMNS[role]}", where=where)
        key = cells[0].strip()
        if not is_number(key):
            raise MalformedListError("no number where the ent_num belongs (a header row?)", where=where)
        # The last column keeps its outer spaces: a long remark is cut there and goes on in another file.
        last = "" if cells[-1].strip() == NOTHING else cells[-1]
        yield Row(line, str(int(key)), (*(_meaning(cell) for cell in cells[:-1]), last))


def ends_as_published(file: PlainFile) -> bool:
    """Whether the last byte is 0x1A, as OFAC ends its files; a cut copy lacks it."""
    file.stream.seek(-1, 2)
    return file.stream.read(1) == END_OF_FILE


def _meaning(cell: str) -> str:
    text = cell.strip()
    return "" if text == NOTHING else text


def _cells(file: PlainFile) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(file), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise MalformedListError(str(error), where=f"{file.name} line {reader.line_num}") from error


def _lines(file: PlainFile) -> Iterator[str]:
    file.stream.seek(0)
    number = 0
    while raw := file.stream.readline(_MAX_LINE):
        number += 1
        where = f"{file.name} line {number}"
        if END_OF_FILE in raw:
            if not raw.endswith(END_OF_FILE) or file.stream.read(1):
                raise MalformedListError("data after the end-of-file mark (0x1A)", where=where)
            raw = raw[:-1]
            if not raw:
                return
        if len(raw) == _MAX_LINE:
            raise MalformedListError(f"a line longer than {_MAX_LINE} bytes", where=where)
        if _CONTROL.search(raw):
            raise MalformedListError("a control character", where=where)
        try:
            yield raw.decode("utf-8")  # OFAC writes ASCII; UTF-8 reads it and nothing broken
        except UnicodeDecodeError as error:
            raise MalformedListError("bytes that are neither ASCII nor UTF-8", where=where) from error
