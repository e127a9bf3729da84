"""The results of the US Consolidated Screening List's JSON, one at a time and in bounded memory.

However the file is made, a result is read as texts only, and what nests, repeats or goes on without end is
refused before it is gathered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ijson  # type: ignore[import-untyped]
from ijson.common import ObjectBuilder  # type: ignore[import-untyped]

from service.errors import MalformedListError
from service.lists.container import PlainFile
from service.lists.us_csl_entry import CslEntry, CslNumber

_RESULT = "results.item"
_SINGLE = ("id", "_id", "source", "entity_number", "type", "name", "vessel_flag", "start_date", "remarks")
_OF_ADDRESS = ("address", "city", "state", "postal_code", "country")
_OF_NUMBER = ("type", "number", "country")
MAX_DEPTH = 10  # a result holds lists of objects of texts: three
_AT_ONCE = 1024  # bytes: the parser keeps the whole path of each value in them, which nesting makes long
MAX_TOKEN = 1024 * 1024  # bytes; longer ones take time in step with their square
MAX_PATH = 1000  # characters of names and levels above a value: what bounds the work on deep nesting elsewhere
MAX_PARTS = 20_000  # values in one JSON result; the largest real entry has some hundreds


def address(text: str) -> tuple[str, str]:
    """(the address, the code of its country, which stands last)."""
    country = text.rpartition(", ")[2]
    return text, country if len(country) == 2 else ""


def json_entries(file: PlainFile) -> Iterator[CslEntry]:
    """Each result as an entry; MalformedListError names the first that is none."""
    for number, result in enumerate(_results(file), start=1):
        where = f"{file.name} result {number}"
        if not isinstance(result, dict):
            raise MalformedListError("a result that is no object", where=where)
        if missing := sorted({"source", "name"} - set(result)):
            raise MalformedListError(f"a result without {', '.join(missing)}", where=where)
        yield _entry(result, where)


def _entry(result: dict[str, Any], where: str) -> CslEntry:
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
        addresses=tuple(_stated_address(each, where) for each in _list(result, "addresses", where)),
        nationalities=_texts(result, "nationalities", where) + _texts(result, "citizenships", where),
        births=_texts(result, "dates_of_birth", where),
        ids=tuple(_number(each, where) for each in _list(result, "ids", where)),
        flag=_text(result, "vessel_flag"),
        start=_text(result, "start_date"),
        remarks=_text(result, "remarks"),
        record={name: value for name, value in result.items() if value not in (None, "", [], {})},
    )


def _demand_texts(fields: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    """MalformedListError where one of ``names`` holds a list or an object: its text would be made up."""
    if wrong := [name for name in names if isinstance(fields.get(name), list | dict)]:
        raise MalformedListError(f"{wrong[0]} is no text", where=where)


def _stated_address(stated: Any, where: str) -> tuple[str, str]:
    if not isinstance(stated, dict):
        return address(str(stated))
    _demand_texts(stated, _OF_ADDRESS, where)
    parts = [_text(stated, name) for name in _OF_ADDRESS]
    return ", ".join(part for part in parts if part), parts[-1]


def _number(stated: Any, where: str) -> CslNumber | str:
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
        for prefix, event, value in ijson.parse(stream, use_float=True, buf_size=_AT_ONCE):
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
