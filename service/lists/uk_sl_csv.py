"""The UK Sanctions List, CSV as the Foreign, Commonwealth & Development Office publishes it.

Line 1 is ``Report Date: …``, line 2 the header; UTF-8 with a byte order mark. A designation has a row for
each combination of its names, addresses, birth dates and documents, up to 720.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.csv_records import Layout, Row, first_line, grouped, is_csv, one_value, rows, values
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.uk_designation import Designation, StatedName, listing_of, with_targets

_KEY = "Unique ID"
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_ADDRESS = (*(f"Address Line {number}" for number in range(1, 7)), "Address Postal Code", "Address Country")
_KIND_COLUMNS = ("Designation Type", "Individual, Entity, Ship")  # its name until 2025 is the second
LAYOUT = Layout(
    preamble=1,
    needed=frozenset(
        {
            *(_KEY, *_NAME_PARTS, *_ADDRESS, "Name type", "Alias strength", "Name non-latin script", "Regime Name"),
            *("Date Designated", "D.O.B", "Nationality(/ies)", "Passport number", "National Identifier number"),
            *("Gender", "IMO number", "Business registration number (s)", "Subsidiaries"),
        }
    ),
)
_REPORT = re.compile(rb'^(?:\xef\xbb\xbf)?"?Report Date', re.IGNORECASE)
_REPORT_DAY = re.compile(r"Report Date:?[\s,\"]*(\d{1,2})[-/ ](\d{1,2}|[a-z]{3})[a-z]*[-/ ](\d{4})", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME_COLUMNS = (*_NAME_PARTS, "Name type", "Alias strength")


def recognises(files: Sequence[PlainFile]) -> bool:
    """Whether the one file is no XML; first line and columns are checked when it is read."""
    return len(files) == 1 and is_csv(files[0])


def read_file(file: PlainFile, list_id: str) -> ListFile:
    """The list in ``file``; iterating the result streams its designations.

    MalformedListError where the first line or a needed column is missing; while iterating, for rows that
    are not whole and for a designation whose rows contradict each other.
    """
    if not _REPORT.match(file.head):
        raise MalformedListError("the first line is not the Report Date", where=f"{file.name} line 1")
    first = next(rows(file, LAYOUT), None)
    if first is None:
        raise MalformedListError("a header and no rows", where=file.name)
    if not any(first[column] for column in _KIND_COLUMNS):
        raise MalformedListError(f"no {_KIND_COLUMNS[0]}", where=f"{file.name} line {first.line}")
    return ListFile(
        list_id=list_id,
        published_on=_published_on(first_line(file, LAYOUT), file.name),
        entries=lambda: with_targets(lambda: _entries(file, list_id)),
    )


def _published_on(line: str, name: str) -> date:
    """``Report Date: 24-Jun-2026``, also ``24/06/2026``."""
    match = _REPORT_DAY.search(line)
    try:
        day, month, year = match.groups() if match else ()
        named = month.lower()
        return date(int(year), _MONTHS.index(named) + 1 if named.isalpha() else int(month), int(day))
    except ValueError as error:
        raise MalformedListError(f"{line[:60]!r} states no day of the report", where=f"{name} line 1") from error


def _entries(file: PlainFile, list_id: str) -> Iterator[Listing]:
    for key, group in grouped(lambda: rows(file, LAYOUT), _KEY):
        yield listing_of(_designation(key, group, f"{key} ({file.name} line {group[0].line})"), list_id)


def _designation(key: str, group: list[Row], where: str) -> Designation:
    stated = Designation(
        key=key,
        kind=next((kind for column in _KIND_COLUMNS if (kind := one_value(group, column, where=where))), ""),
        regime=one_value(group, "Regime Name", where=where),
        designated=one_value(group, "Date Designated", where=where),
        names=tuple(dict.fromkeys(_name(row) for row in group)),
        addresses=tuple(dict.fromkeys(found for row in group if (found := _address(row)) != ("", ""))),
        record=_record(group),
    )
    return replace(
        stated,
        original_script=values(group, "Name non-latin script"),
        births=values(group, "D.O.B"),
        nationalities=values(group, "Nationality(/ies)"),
        genders=values(group, "Gender"),
        passports=values(group, "Passport number"),
        national_ids=_national_ids(group),
        registrations=values(group, "Business registration number (s)"),
        imos=values(group, "IMO number"),
        flags=values(group, "Current believed flag of ship"),
        owners=(
            *(*values(group, "Parent company"), *values(group, "Parent Company")),
            *values(group, "Current owner/operator (s)"),
        ),
        owned=values(group, "Subsidiaries"),
        former_owners=values(group, "Previous owner/operator (s)"),
    )


def _name(row: Row) -> StatedName:
    text = " ".join(row[part] for part in _NAME_PARTS if row[part])
    return StatedName(text, row["Name type"], row["Alias strength"])


def _address(row: Row) -> tuple[str, str]:
    return ", ".join(row[part] for part in _ADDRESS if row[part]), row["Address Country"]


def _national_ids(group: list[Row]) -> tuple[tuple[str, str], ...]:
    found = ((r["National Identifier number"], r["National Identifier additional information"]) for r in group)
    return tuple(dict.fromkeys(pair for pair in found if pair[0]))


def _record(group: list[Row]) -> dict[str, Any]:
    """The rows as written: each column's texts once, names and addresses put together."""
    columns = dict.fromkeys(column for row in group for column in row.cells)
    record: dict[str, Any] = {}
    for column in columns:
        if column not in _NAME_COLUMNS and column not in _ADDRESS:
            found = values(group, column)
            record[column] = found[0] if len(found) == 1 else list(found)
    names = dict.fromkeys(tuple((c, row[c]) for c in _NAME_COLUMNS if row[c]) for row in group)
    addresses = dict.fromkeys(tuple((c, row[c]) for c in _ADDRESS if row[c]) for row in group)
    record["Names"] = [dict(name) for name in names if name]
    record["Addresses"] = [dict(address) for address in addresses if address]
    return record
