"""Rows of delimited text files with a header row, read strictly.

A row that is not whole, a second header row, a control character or a byte that is no UTF-8 refuses the
file: a reader that skips such a row skips a listed party.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.errors import MalformedListError
from service.lists.container import PlainFile

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_LINE = 1024 * 1024  # bytes; the longest real one has some 9,000
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row; ``cells`` by column name, without outer spaces. ``line`` is its last line."""

    line: int
    cells: dict[str, str]


def first_row(file: PlainFile, *, delimiter: str = ",") -> tuple[str, ...]:
    """The cells of the first line as far as the head of the file shows it; empty where that is no text."""
    line = file.head.removeprefix(BYTE_ORDER_MARK).split(b"\n", 1)[0]
    try:
        text = line.decode("utf-8").rstrip("\r")
        return tuple(next(csv.reader([text], delimiter=delimiter), ()))
    except (UnicodeDecodeError, csv.Error):
        return ()


def rows(file: PlainFile, columns: frozenset[str], *, delimiter: str = ",") -> Iterator[TextRow]:
    """Every row below the header, which must name ``columns`` and may name more.

    MalformedListError names the line of the first fault: a missing or repeated column, a row of another
    length, the header once more, a row after an empty line, broken quotation marks.
    """
    reader = csv.reader(lines(file), delimiter=delimiter, strict=True)
    header: list[str] = []
    empty = 0
    try:
        for cells in reader:
            where = f"{file.name} line {reader.line_num}"
            if not header:
                header = _header(cells, columns, where)
                continue
            if not cells:
                empty = reader.line_num
                continue
            if empty:
                raise MalformedListError("a row after an empty line", where=where)
            if cells == header:
                raise MalformedListError("the header row once more", where=where)
            if len(cells) != len(header):
                raise MalformedListError(f"{len(cells)} columns; the header has {len(header)}", where=where)
            yield TextRow(reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    except csv.Error as error:
        raise MalformedListError(str(error), where=f"{file.name} line {reader.line_num}") from error
    if not header:
        raise MalformedListError("no header row in the file", where=file.name)


def lines(file: PlainFile) -> Iterator[str]:
    """The lines of ``file``, decoded from UTF-8; MalformedListError names the one that cannot be."""
    file.stream.seek(0)
    number = 0
    while raw := file.stream.readline(MAX_LINE):
        number += 1
        where = f"{file.name} line {number}"
        if len(raw) == MAX_LINE:
            raise MalformedListError(f"a line longer than {MAX_LINE} bytes", where=where)
        if number == 1:
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        if _CONTROL.search(raw):
            raise MalformedListError("a control character", where=where)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise MalformedListError("bytes that are not UTF-8", where=where) from error


def cut_doubts(file: PlainFile) -> tuple[str, ...]:
    """A doubt where the last line does not end: a copy cut inside its last cell looks like this."""
    file.stream.seek(-1, io.SEEK_END)
    whole = file.stream.read(1) in b"\r\n"
    return () if whole else (f"the last line of {file.name} does not end: it may be cut",)


def _header(cells: list[str], columns: frozenset[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if missing := sorted(columns - set(names)):
        raise MalformedListError(f"the header lacks the column {', '.join(missing)}", where=where)
    if len(set(names)) != len(names):
        raise MalformedListError("the header names a column twice", where=where)
    return names
