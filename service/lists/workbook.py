"""Excel workbooks (OOXML): told from other zips, bounded before they are read, and handed out row by row.

A workbook is a zip of XML parts. Its reader builds trees in memory and knows entities, so before it sees a
part, the number of parts, their unpacked size and their elements are limited and a part that declares a
document type or an entity is refused. Nothing outside the file is ever followed.
"""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from service.errors import MalformedListError

ZIP = b"PK\x03\x04"
MAX_PARTS = 500
MAX_UNPACKED = 64 * 1024 * 1024  # bytes of all parts together; the largest list seen has 7 MB
MAX_MARKS = 3_000_000  # "<" in all parts together: what bounds the memory of a tree; the largest list has 0.6 M
MAX_RUN = 1_000_000  # bytes from one "<" to the next; a cell holds 32,767 characters, a long tag takes quadratic time
MAX_MARKS_IN_A_ROW = 100_000  # "<" of one row, or of what is no row: kept in memory together
MOST_COLUMNS = 64  # a sheet may be 16,384 columns wide; no list has as many as this
_CHUNK = 256 * 1024
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")  # those in which a part may be and its parser reads
_CONTENT_TYPES, _WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"
_RECORD = re.compile(rb"[<:](?:row|si)\b")  # what a sheet and its texts are made of
# A zero byte in a part of XML is refused as well: nobody writes it in UTF-16.
_DECLARATIONS = tuple(word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in _ENCODINGS)
_LONGEST_DECLARATION = max(map(len, _DECLARATIONS))


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a workbook and not a packed list file."""
    return {_CONTENT_TYPES, _WORKBOOK} <= set(archive.namelist())


def rows(stream: BinaryIO, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(number, cells) of each row of the first sheet from its header on, as wide as the header.

    Cells are text, numbers, dates (datetime) or None, dates by the format of their cell; the values of
    formulas are those that were last computed. MalformedListError where the file is no workbook, too large,
    damaged or carries a DOCTYPE, and where the header is empty or has a hole.
    """
    import openpyxl  # noqa: PLC0415 - a third of a second that only this format is worth

    check(stream, name)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which no list is read by
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            yield from _of_sheet(book.worksheets[0], name)
    except MalformedListError:
        raise
    except Exception as error:  # whatever a broken part makes the library stumble over
        raise MalformedListError(f"not a workbook that can be read ({type(error).__name__})", where=name) from error


def _of_sheet(sheet: Any, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    header = next(sheet.iter_rows(min_row=1, max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
    width = next((number for number, cell in enumerate(header) if _is_blank(cell)), len(header))
    if not width or any(not _is_blank(cell) for cell in header[width:]) or width == MOST_COLUMNS:
        raise MalformedListError("the first row is no header: it is empty, has a hole or never ends", where=name)
    yield from enumerate(sheet.iter_rows(max_col=width, values_only=True), start=1)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def check(stream: BinaryIO, name: str) -> None:
    """Refuse (MalformedListError) what is no workbook, or one whose parts could exhaust memory or hide entities."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            if not is_workbook(archive):
                raise MalformedListError("a zip that is no workbook", where=name)
            _check_parts(archive, name)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
        *(ValueError, IndexError, OverflowError, struct.error),  # at headers that no program writes
    ) as error:
        raise MalformedListError(f"the workbook is damaged ({error})", where=name) from error


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise MalformedListError(f"a workbook of {len(parts)} parts, or with a part twice", where=name)
    # A part is never read beyond the size that it declares, so the declared sizes bound what comes out.
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise MalformedListError(f"the workbook unpacks to more than {MAX_UNPACKED} bytes", where=name)
    marks = 0
    for part in parts:
        looked = _Part(part.filename, name)
        with archive.open(part) as content:
            while chunk := content.read(_CHUNK):
                looked.at(chunk)
                marks += chunk.count(b"<")
                if marks > MAX_MARKS:
                    raise MalformedListError(f"the workbook holds more than {MAX_MARKS:,} elements", where=name)


class _Part:
    """Looks through one part before it is parsed, chunk by chunk; every part, since any may be named as a sheet."""

    def __init__(self, part: str, name: str) -> None:
        self._part, self._name = part, name
        self._forbidden = (*_DECLARATIONS, b"\x00") if part.endswith((".xml", ".rels", ".vml")) else _DECLARATIONS
        self._before = b""
        self._run = self._marks = 0  # bytes since the last "<", and elements since the last row

    def at(self, chunk: bytes) -> None:
        """MalformedListError where what was seen so far must not be parsed."""
        if any(forbidden in self._before + chunk for forbidden in self._forbidden):
            self._refuse("declares a document type or an entity")
        self._before = chunk[-_LONGEST_DECLARATION:]
        first, last = chunk.find(b"<"), chunk.rfind(b"<")
        # A chunk is shorter than what is allowed, so only what began before it can be too long.
        if self._run + (len(chunk) if first < 0 else first) > MAX_RUN:
            self._refuse(f"has a text of more than {MAX_RUN:,} bytes")
        self._run = self._run + len(chunk) if first < 0 else len(chunk) - last
        counts = [piece.count(b"<") for piece in _RECORD.split(chunk)]
        if max(self._marks + counts[0], *counts[1:], 0) > MAX_MARKS_IN_A_ROW:
            self._refuse(f"has a row of more than {MAX_MARKS_IN_A_ROW:,} elements")
        self._marks = counts[-1] if len(counts) > 1 else self._marks + counts[0]

    def _refuse(self, why: str) -> None:
        raise MalformedListError(f"{self._part} {why}", where=self._name)
