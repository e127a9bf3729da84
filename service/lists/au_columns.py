"""The rows of Australia's workbook, by the names in its header.

Columns are added from time to time (strength of aliases, IMO number, measures): what is not known here stays
in the record. Casing and spaces vary, in the header as in the cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.workbook import rows
from service.lists.xml_records import clean

_REFERENCE = re.compile(r"(\d+)[A-Za-z]*\d*")
_NEEDED = frozenset(
    {
        *("reference", "name of individual or entity", "type", "name type", "date of birth", "citizenship"),
        *("address", "additional information", "listing information", "committees", "control date"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One name of a party; ``number`` is the reference without its letters."""

    line: int
    reference: str
    number: str
    cells: Mapping[str, Any]

    @property
    def name(self) -> str:
        return clean(self.text("name of individual or entity"))

    @property
    def type(self) -> str:
        return clean(self.text("type")).lower()

    @property
    def name_type(self) -> str:
        return clean(self.text("name type")).lower()

    @property
    def committees(self) -> str:
        return clean(self.text("committees")).replace("–", "-")

    @property
    def control_date(self) -> date | None:
        stated = self.get("control date")
        return stated.date() if isinstance(stated, datetime) else None

    def get(self, column: str) -> Any:
        """The value as the workbook has it: text, number, datetime or None."""
        return self.cells.get(column)

    def text(self, column: str) -> str:
        """The value as text, empty where there is none; line breaks stay."""
        value = self.cells.get(column)
        return "" if value is None else str(value).replace("_x000D_", "\n")

    def as_published(self) -> dict[str, Any]:
        """The cells that hold something, dates as ISO 8601 days."""
        stated = {name: value for name, value in self.cells.items() if value is not None}
        return {n: v.date().isoformat() if isinstance(v, datetime) else v for n, v in stated.items()}


def rows_of(file: PlainFile) -> Iterator[Row]:
    """The rows below the header. MalformedListError names the row that is not whole."""
    below = rows(file.stream, file.name)
    _, header = next(below, (0, ()))
    columns = [clean(str(cell)).lower() for cell in header]
    if len(set(columns)) != len(columns):
        raise MalformedListError("the header names a column twice", where=file.name)
    if missing := _NEEDED - set(columns):
        raise MalformedListError(f"the header lacks {', '.join(sorted(missing))}", where=file.name)
    for line, cells in below:
        stated = dict(zip(columns, cells, strict=False))
        if all(value is None or not str(value).strip() for value in stated.values()):
            continue  # the sheet goes on below its last row
        reference = clean(str(stated["reference"] if stated["reference"] is not None else ""))
        match = _REFERENCE.fullmatch(reference)
        if not match:
            raise MalformedListError(f"the reference is {reference!r}", where=f"{file.name} row {line}")
        yield Row(line=line, reference=reference, number=match[1], cells=stated)
