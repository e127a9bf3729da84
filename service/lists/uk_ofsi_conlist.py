"""The retired OFSI Consolidated List, ConList.csv in its formats of 2020 (cp1252) and 2022 (UTF-8).

Publisher: Office of Financial Sanctions Implementation, HM Treasury. Closed on 28 January 2026: the file
stays under its old address but is dead, so that it can be read as history only. Line 1 is
``Last Updated,dd/mm/yyyy``, line 2 the header, a row a name; several values in a cell are numbered:
``(1) X (2) Y``.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.csv_records import Layout, Row, first_line, grouped, one_value, rows, values
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.uk_designation import Designation, StatedName, day_of, listing_of, with_targets

_KEY = "Group ID"
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS = (*(f"Address {number}" for number in range(1, 7)), "Post/Zip Code", "Country")
_NEEDED = frozenset({*_NAME_PARTS, *_ADDRESS, _KEY, "DOB", "Nationality", "Group Type", "Alias Type", "Regime",
                     "Listed On", "Other Information"})  # fmt: skip
_NUMBERING = re.compile(r"\(\d{1,2}\)\s*")
_GENDER = re.compile(r"\(Gender\)\s*:\s*(Male|Female)", re.IGNORECASE)
_IMO = re.compile(r"\bIMO(?:\s+number)?\)?\s*:?\s*(\d{7})\b", re.IGNORECASE)
_PARENT = re.compile(r"\(Parent company\)\s*:\s*([^()]+?)\.?\s*(?=\(|$)", re.IGNORECASE)
_SUBSIDIARIES = re.compile(r"\(Subsidiaries\)\s*:\s*([^()]+?)\.?\s*(?=\(|$)", re.IGNORECASE)
_CHUNK = 256 * 1024


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with the day of the last update."""
    return len(files) == 1 and files[0].head.removeprefix(codecs.BOM_UTF8).startswith(b"Last Updated,")


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its groups.

    MalformedListError where the first line states no day or a needed column is missing; while iterating,
    for rows that are not whole and for a group whose rows contradict each other.
    """
    layout = Layout(needed=_NEEDED, preamble=1, encoding=_encoding(file))
    title, _, stated = first_line(file, layout).partition(",")
    if title != "Last Updated":
        raise MalformedListError("the first line is not Last Updated", where=f"{file.name} line 1")
    if next(rows(file, layout), None) is None:
        raise MalformedListError("a header and no rows", where=file.name)
    return ListFile(
        list_id=list_id,
        published_on=day_of(stated.split(",")[0].strip(), where=f"{file.name} line 1"),
        entries=lambda: with_targets(lambda: _entries(file, layout, list_id)),
    )


def _encoding(file: PlainFile) -> str:
    """UTF-8 where the whole file is that, else cp1252, in which apostrophes are the byte 0x92."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.stream.seek(0)
    try:
        while chunk := file.stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _entries(file: PlainFile, layout: Layout, list_id: str) -> Iterator[Listing]:
    for key, group in grouped(lambda: rows(file, layout), _KEY):
        yield listing_of(_designation(key, group, f"{key} ({file.name} line {group[0].line})"), list_id)


def _designation(key: str, group: list[Row], where: str) -> Designation:
    about = " ".join(values(group, "Other Information"))
    regimes = values(group, "Regime")
    listed = values(group, "Listed On")
    stated = Designation(
        key=key,
        kind=one_value(group, "Group Type", where=where),
        regime=regimes[0] if regimes else "",
        designated=min(listed, key=lambda day: day_of(day, where=where)) if listed else "",
        names=tuple(dict.fromkeys(_name(row) for row in group)),
        addresses=tuple(dict.fromkeys(found for row in group if (found := _address(row)) != ("", ""))),
        record=_record(group),
    )
    return replace(
        stated,
        original_script=values(group, "Name Non-Latin Script"),
        births=_numbered(group, "DOB"),
        nationalities=_numbered(group, "Nationality"),
        genders=tuple(_GENDER.findall(about)),
        passports=_numbered(group, "Passport Number") or _numbers(_numbered(group, "Passport Details")),
        national_ids=tuple(
            (number, "")
            for number in _numbered(group, "National Identification Number") or _numbered(group, "NI Number")
        ),
        imos=tuple(_IMO.findall(about)),
        owners=tuple(_PARENT.findall(about)),
        owned=tuple(_SUBSIDIARIES.findall(about)),
    )


def _name(row: Row) -> StatedName:
    text = " ".join(row[part] for part in _NAME_PARTS if row[part])
    return StatedName(text, row["Alias Type"], row["Alias Quality"])


def _address(row: Row) -> tuple[str, str]:
    return ", ".join(row[part] for part in _ADDRESS if row[part]), row["Country"]


def _numbered(group: list[Row], column: str) -> tuple[str, ...]:
    """The values of a column, the numbered ones of a cell apart."""
    pieces = (piece.strip(" ;.") for text in values(group, column) for piece in _NUMBERING.split(text))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _numbers(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The first word with a digit of each text: "OR811642 (Afghan), issued on 15 January 2004"."""
    words = (next((word for word in text.split() if any(char.isdigit() for char in word)), "") for text in texts)
    return tuple(word.strip(".,;:()") for word in words if word)


def _record(group: list[Row]) -> dict[str, Any]:
    """The rows as written, each column's texts once."""
    record: dict[str, Any] = {}
    for column in dict.fromkeys(column for row in group for column in row.cells):
        found = values(group, column)
        record[column] = found[0] if len(found) == 1 else list(found)
    return record
