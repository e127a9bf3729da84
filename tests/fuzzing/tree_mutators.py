"""Mutators for CSV, JSON, workbooks and sets of files: what they change stays mostly readable."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from tests.fuzzing.mutators import Chance, Mutator, raw, text


def table(delimiter: str) -> Mutator:
    """For CSV: a row doubled, dropped, moved or taken from another input; a cell changed, added or lost."""

    def mutate(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
        rows = data.splitlines(keepends=True)
        if not rows:
            return raw(data, chance, others)
        place, choice = chance.randrange(len(rows)), chance.randrange(10)
        if choice == 0:
            del rows[place]
        elif choice == 1:
            rows[place:place] = [rows[place]] * chance.choice((1, 1, 2, 20))
        elif choice == 2:
            other = chance.randrange(len(rows))
            rows[place], rows[other] = rows[other], rows[place]
        elif choice == 3 and others:
            rows.insert(place, chance.choice(chance.choice(others).splitlines(keepends=True) or [b""]))
        else:
            rows[place] = _cell_changed(rows[place], chance, delimiter.encode(), rows)
        return b"".join(rows)

    return mutate


def _cell_changed(row: bytes, chance: Chance, delimiter: bytes, rows: Sequence[bytes]) -> bytes:
    end = row[len(row.rstrip(b"\r\n\x1a")) :]
    cells = re.findall(rb'"(?:[^"]|"")*"|[^%s"]+|' % re.escape(delimiter), row[: len(row) - len(end)])
    held = [place for place, cell in enumerate(cells) if cell] or [0]
    place, dice = chance.choice(held), chance.random()
    if not cells:
        return row
    if dice < 0.8:
        known = [cell.decode("utf-8", "replace").strip('"') for cell in cells]
        other = chance.choice(rows).split(delimiter)
        known.append(chance.choice(other).decode("utf-8", "replace").strip('" \r\n'))
        cell = text(chance, known).replace('"', '""').encode("utf-8", "replace")
        quoted = cells[place][:1] == b'"' or delimiter in cell or b"\n" in cell or b'"' in cell
        changed = b'"' + cell + b'"' if quoted else cell
        place = place if chance.random() < 0.8 else chance.randrange(len(cells))
        cells[place] = changed
        start = _start_of(row, delimiter, place)
        return _with_cell(row, delimiter, start, changed)
    if dice < 0.9:
        return row[: len(row) - len(end)] + delimiter + end
    return raw(row, chance, ())


def _start_of(row: bytes, delimiter: bytes, wanted: int) -> int:
    """Where about the ``wanted``-th piece of the row begins."""
    starts = [0, *(match.end() for match in re.finditer(re.escape(delimiter), row))]
    return starts[wanted % len(starts)]


def _with_cell(row: bytes, delimiter: bytes, start: int, cell: bytes) -> bytes:
    """The row with the cell that begins at ``start`` replaced, its own quotation marks respected."""
    match = re.compile(rb'"(?:[^"]|"")*"|[^%s\r\n]*' % re.escape(delimiter)).match(row, start)
    return row[:start] + cell + row[match.end() if match else start :]


_VALUES: tuple[Any, ...] = (None, True, -1, 0, 1.5, 10**30, [], {}, [[]], [None], {"a": 1}, [""], "\ud800", "a\x00b")


def json_text(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """For JSON: a value replaced, dropped, doubled or moved somewhere in the tree; now and then a name twice."""
    try:
        content = json.loads(data)
        like = json.loads(chance.choice(others)) if others and chance.random() < 0.3 else content
    except (ValueError, RecursionError):
        return raw(data, chance, others)
    places = list(_places(content))
    if not places:
        return json.dumps(chance.choice(_VALUES)).encode()
    holder, name = chance.choice(places)
    sources = list(_places(like))
    dice = chance.random()
    if dice < 0.45:
        holder[name] = text(chance, [value for value in (holder[name],) if isinstance(value, str)])
    elif dice < 0.6:
        holder[name] = chance.choice(_VALUES)
    elif dice < 0.7:
        del holder[name]
    elif dice < 0.8 and sources:
        source, other = chance.choice(sources)
        holder[name] = json.loads(json.dumps(source[other]))
    elif dice < 0.9 and isinstance(holder, list):
        holder.extend(json.loads(json.dumps([holder[name]])) * chance.choice((1, 2, 20)))
    elif dice < 0.95:
        depth = chance.choice((2, 10, 200, 2000))
        return json.dumps(content).encode().replace(b"null", b"[" * depth + b"]" * depth, 1)
    else:
        return re.sub(rb'("\w+"): ', rb"\1: 1, \1: ", json.dumps(content).encode(), count=1)
    return json.dumps(content, ensure_ascii=chance.random() < 0.8).encode("utf-8", "replace")


def _places(content: Any) -> Iterator[tuple[Any, Any]]:
    """(holder, name or index) of every value in a tree of JSON."""
    waiting = [content]
    while waiting:
        holder = waiting.pop()
        names: Any = (
            holder.keys() if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        )
        for name in names:
            yield holder, name
            waiting.append(holder[name])


def json_lines(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """One JSON text a line: a line is changed as JSON, doubled, dropped, moved or taken from another input."""
    held = data.split(b"\n")
    place, dice = chance.randrange(len(held)), chance.random()
    if dice < 0.75:
        pieces = [line for other in others[:4] for line in other.split(b"\n")[:20]]
        held[place] = json_text(held[place], chance, pieces)
    elif dice < 0.82:
        del held[place]
    elif dice < 0.9:
        held.insert(chance.randrange(len(held)), held[place])
    elif others:
        held.insert(place, chance.choice(chance.choice(others).split(b"\n")))
    return b"\n".join(held)


def zipped(inner: Mutator) -> Mutator:
    """For workbooks and zips: a part is unpacked, changed by ``inner`` and packed again; or a part is lost, doubled."""

    def mutate(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
        parts = _parts(data)
        if not parts or chance.random() < 0.1:
            return raw(data, chance, others)
        place, dice = chance.randrange(len(parts)), chance.random()
        if dice < 0.7:  # the sheets and their texts hold the list
            sheets = [at for at, (name, _) in enumerate(parts) if "sheet1" in name or "sharedStrings" in name]
            place = chance.choice(sheets) if sheets else place
        name, content = parts[place]
        if dice < 0.9:
            parts[place] = (name, inner(content, chance, []))
        elif dice < 0.93:
            del parts[place]
        elif dice < 0.96:
            parts.append((name, content))
        else:
            parts[place] = (chance.choice(("../x", "/x", "x\x00y", "xl/Workbook.xml", "x" * 300, "")), content)
        return _packed(parts)

    return mutate


@lru_cache(maxsize=64)
def _parts_of(data: bytes) -> tuple[tuple[str, bytes], ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return tuple((info.filename, archive.read(info)) for info in archive.infolist() if info.file_size < 1 << 20)


def _parts(data: bytes) -> list[tuple[str, bytes]]:
    try:
        return list(_parts_of(data))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return []


def _packed(parts: Sequence[tuple[str, bytes]]) -> bytes:
    import warnings

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name given twice is what we want to try
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in parts:
                archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def parted(inner: Mutator, mark: bytes) -> Mutator:
    """For sets of files joined by ``mark``: one file is changed, lost or given twice."""

    def mutate(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
        held = data.split(mark)
        place, dice = chance.randrange(len(held)), chance.random()
        if dice < 0.9:
            held[place] = inner(
                held[place], chance, [other.split(mark)[place % (other.count(mark) + 1)] for other in others]
            )
        elif dice < 0.95:
            del held[place]
        else:
            held.append(held[place])
        return mark.join(held)

    return mutate
