"""The US Consolidated Screening List, as CSV and as JSON.

Publisher: International Trade Administration, U.S. Department of Commerce, from 13 lists of the Departments
of Commerce, State and the Treasury. The CSV of 2019 had no ``_id``; the later ones have. The JSON is
``{"results": [...], "sources": [...]}`` with the same fields, lists where the CSV joins by ``; ``. Neither
has a date of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.text_rows import BYTE_ORDER_MARK, cut_doubts, first_row, rows
from service.lists.us_csl_entry import CslEntry, listing
from service.lists.us_csl_json import address, json_entries

_COLUMNS = frozenset(
    """
    source entity_number type programs name title addresses federal_register_notice start_date end_date
    standard_order license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage
    vessel_flag vessel_owner remarks source_list_url alt_names citizenships dates_of_birth nationalities
    places_of_birth source_information_url ids
    """.split()
)
_ADDRESSES_OF_THE_WEB = frozenset({"source_list_url", "source_information_url"})  # one entry came with two of them
REPEATED = "rows that repeat another"


def recognises_csv(files: Sequence[PlainFile]) -> bool:
    """Whether the one file starts with the header of the CSV, with or without ``_id``."""
    return len(files) == 1 and first_row(files[0])[:3] in (
        ("_id", "source", "entity_number"),
        ("source", "entity_number", "type"),
    )


def recognises_json(files: Sequence[PlainFile]) -> bool:
    """Whether the one file is a JSON object that starts with its results, sources or total."""
    if len(files) != 1:
        return False
    head = files[0].head.removeprefix(BYTE_ORDER_MARK).lstrip()
    return head.startswith(b"{") and head[1:].lstrip().startswith((b'"results"', b'"sources"', b'"total"'))


def read_csv(file: PlainFile, list_id: str) -> ListFile:
    """The list in the CSV ``file``; iterating streams its rows. MalformedListError names the first bad line."""
    return _list_file(file, list_id, _csv_entries, doubts=cut_doubts(file))


def read_json(file: PlainFile, list_id: str) -> ListFile:
    """The list in the JSON ``file``, one result after another; MalformedListError names the first bad one."""
    return _list_file(file, list_id, json_entries, doubts=())


def _list_file(file: PlainFile, list_id: str, entries: Any, *, doubts: tuple[str, ...]) -> ListFile:
    repeated = sum(1 for _, is_new in _distinct(entries(file)) if not is_new)
    return ListFile(
        list_id=list_id,
        entries=partial(_listings, file, list_id, entries),
        doubts=doubts,
        left_out=((REPEATED, repeated),) if repeated else (),
    )


def _listings(file: PlainFile, list_id: str, entries: Any) -> Iterator[Listing]:
    for entry, is_new in _distinct(entries(file)):
        if is_new:
            yield listing(entry, list_id)


def _distinct(entries: Iterator[CslEntry]) -> Iterator[tuple[CslEntry, bool]]:
    """Each entry, and whether it is new: an entry may come again, differing in the links to its source only."""
    known: dict[str, bytes] = {}
    for entry in entries:
        content = repr([(n, v) for n, v in entry.record.items() if n not in _ADDRESSES_OF_THE_WEB])
        digest = hashlib.sha256(content.encode()).digest()
        first = known.setdefault(entry.key, digest)
        if first is not digest and first != digest:
            raise MalformedListError(f"the entry {entry.key} comes twice with different content", where=entry.where)
        yield entry, first is digest


def _csv_entries(file: PlainFile) -> Iterator[CslEntry]:
    for row in rows(file, _COLUMNS):
        cells = row.cells
        yield CslEntry(
            where=f"{file.name} line {row.line}",
            id=cells.get("_id", ""),
            source=cells["source"],
            number=cells["entity_number"],
            type=cells["type"],
            name=cells["name"],
            programs=_split(cells["programs"]),
            alt_names=_split(cells["alt_names"]),
            addresses=tuple(address(text) for text in _split(cells["addresses"])),
            nationalities=_split(cells["nationalities"]) + _split(cells["citizenships"]),
            births=_split(cells["dates_of_birth"]),
            ids=_split(cells["ids"]),
            flag=cells["vessel_flag"],
            start=cells["start_date"],
            remarks=cells["remarks"],
            record={name: value for name, value in cells.items() if value},
        )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split("; ")) if part)
