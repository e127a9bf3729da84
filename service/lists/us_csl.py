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

import ijson  # type: ignore[import-untyped]
from ijson.common import ObjectBuilder  # type: ignore[import-untyped]

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.text_rows import BYTE_ORDER_MARK, cut_doubts, first_row, rows
from service.lists.us_csl_entry import CslEntry, CslNumber, listing

_COLUMNS = frozenset(
    """
    source entity_number type programs name title addresses federal_register_notice start_date end_date
    standard_order license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage
    vessel_flag vessel_owner remarks source_list_url alt_names citizenships dates_of_birth nationalities
    places_of_birth source_information_url ids
    """.split()
)
_ADDRESSES_OF_THE_WEB = frozenset({"source_list_url", "source_information_url"})  # one entry came with two of them
_RESULT = "results.item"
_SINGLE = ("id", "_id", "source", "entity_number", "type", "name", "vessel_flag", "start_date", "remarks")
_OF_ADDRESS = ("address", "city", "state", "postal_code", "country")
_OF_NUMBER = ("type", "number", "country")
MAX_DEPTH = 10  # a result holds lists of objects of texts: three
MAX_TOKEN = 4 * 1024 * 1024  # bytes
MAX_PATH = 1000  # characters of names and levels above a value: what bounds the work on deep nesting elsewhere
MAX_PARTS = 20_000  # values in one JSON result; the largest real entry has some hundreds
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
    return _list_file(file, list_id, _json_entries, doubts=())


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
            addresses=tuple(_address(text) for text in _split(cells["addresses"])),
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


def _address(text: str) -> tuple[str, str]:
    """(the address, the code of its country, which stands last)."""
    country = text.rpartition(", ")[2]
    return text, country if len(country) == 2 else ""


def _json_entries(file: PlainFile) -> Iterator[CslEntry]:
    for number, result in enumerate(_results(file), start=1):
        where = f"{file.name} result {number}"
        if not isinstance(result, dict):
            raise MalformedListError("a result that is no object", where=where)
        if missing := sorted({"source", "name"} - set(result)):
            raise MalformedListError(f"a result without {', '.join(missing)}", where=where)
        yield _json_entry(result, where)


def _json_entry(result: dict[str, Any], where: str) -> CslEntry:
    _demand_texts(result, _SINGLE, where)
    return CslEntry(
        where=where,
        id=_text(result, "id") or _text(result, "_id"),
        source=_text(result, "source"),
        number=_text(result, "entity_number"),
        type=_text(result, "type"),
        name=_text(result, "name"),
        programs=_texts(result, "programs", where),
        alt_names=_texts(result, "alt_names", where),
        addresses=tuple(_json_address(each, where) for each in _list(result, "addresses", where)),
        nationalities=_texts(result, "nationalities", where) + _texts(result, "citizenships", where),
        births=_texts(result, "dates_of_birth", where),
        ids=tuple(_json_number(each, where) for each in _list(result, "ids", where)),
        flag=_text(result, "vessel_flag"),
        start=_text(result, "start_date"),
        remarks=_text(result, "remarks"),
        record={name: value for name, value in result.items() if value not in (None, "", [], {})},
    )


def _demand_texts(fields: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    """MalformedListError where one of ``names`` holds a list or an object: its text would be made up."""
    if wrong := [name for name in names if isinstance(fields.get(name), list | dict)]:
        raise MalformedListError(f"{wrong[0]} is no text", where=where)


def _json_address(stated: Any, where: str) -> tuple[str, str]:
    if not isinstance(stated, dict):
        return _address(str(stated))
    _demand_texts(stated, _OF_ADDRESS, where)
    parts = [_text(stated, name) for name in _OF_ADDRESS]
    return ", ".join(part for part in parts if part), parts[-1]


def _json_number(stated: Any, where: str) -> CslNumber | str:
    if not isinstance(stated, dict):
        return str(stated)
    _demand_texts(stated, _OF_NUMBER, where)
    return CslNumber(*(_text(stated, name) for name in _OF_NUMBER))


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return "" if value is None else " ".join(str(value).split())


def _texts(fields: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    stated = _list(fields, name, where)
    if any(isinstance(each, dict) for each in stated):
        raise MalformedListError(f"{name} holds an object", where=where)
    return tuple(text for text in (" ".join(str(each).split()) for each in stated) if text)


def _list(fields: dict[str, Any], name: str, where: str) -> list[Any]:
    value = fields.get(name)
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise MalformedListError(f"{name} is no list", where=where)
    if any(isinstance(each, list) for each in value):
        raise MalformedListError(f"{name} holds a list", where=where)
    return [each for each in value if each is not None]


class _InSmallTokens:
    """The stream of a JSON file; a text that goes on and on is refused before the parser has gathered it."""

    def __init__(self, file: PlainFile) -> None:
        self._file = file
        self.unheard = 0  # bytes read since the parser said something

    def read(self, size: int) -> bytes:
        """The next bytes; MalformedListError after too many without a value."""
        data = self._file.stream.read(size)
        self.unheard += len(data)
        if self.unheard > MAX_TOKEN:
            raise MalformedListError(f"a text of more than {MAX_TOKEN:,} bytes", where=self._file.name)
        return data


def _results(file: PlainFile) -> Iterator[Any]:
    """Each result as plain data, one at a time; MalformedListError where the JSON breaks or has no results."""
    file.stream.seek(0)
    stream = _InSmallTokens(file)
    builder, parts, depth, seen = None, 0, 0, False
    try:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            stream.unheard = 0
            seen = seen or (prefix == "results" and event == "start_array")
            depth += event.startswith("start_") - event.startswith("end_")
            if depth > MAX_DEPTH or len(prefix) > MAX_PATH:
                raise MalformedListError("values nested too deeply", where=file.name)
            if prefix == _RESULT and event in ("start_map", "start_array"):
                builder, parts = ObjectBuilder(), 0
            if builder is None:
                if prefix == _RESULT:
                    yield value  # no object: the caller refuses it
                continue
            parts += 1
            if parts > MAX_PARTS:
                raise MalformedListError(f"a result of more than {MAX_PARTS:,} values", where=file.name)
            builder.event(event, value)
            if prefix == _RESULT and event.startswith("end_"):
                yield builder.value
                builder = None
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise MalformedListError(f"not well-formed JSON: {str(error).splitlines()[0]}", where=file.name) from error
    if not seen:
        raise MalformedListError("the JSON has no list of results", where=file.name)
