"""Write the audit log to a file that people and spreadsheets can read, streamed and never capped."""

from __future__ import annotations

import base64
import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO
from uuid import UUID

from service.audit.leaf import leaf_hash, timestamp

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
COLUMNS = ("number", "entry_id", "at", "type", "outcome", "clauses", "actor", "leaf_hash", "leaf", "disclosures")


class Entry(Protocol):
    """One entry of the log as the store gives it; ``number`` orders the log."""

    @property
    def number(self) -> int: ...
    @property
    def entry_id(self) -> UUID: ...
    @property
    def at(self) -> datetime: ...
    @property
    def leaf(self) -> bytes: ...
    @property
    def disclosures(self) -> tuple[str, ...]: ...


def write_export(entries: Iterable[Entry], folder: Path, form: str) -> tuple[Path, int]:
    """Write every entry to ``folder`` as ``jsonl`` or ``csv``; the file's path and the number of entries.

    The file appears under its name only when it is whole; a fault leaves no file behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    path = folder / f"audit-{stamp}.{form}"
    partial = path.with_suffix(path.suffix + ".partial")
    write: Callable[[Iterable[Entry], TextIO], int] = {"jsonl": write_jsonl, "csv": write_csv}[form]
    try:
        with partial.open("x", encoding="utf-8", newline="") as file:
            count = write(entries, file)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    return path, count


def write_jsonl(entries: Iterable[Entry], file: TextIO) -> int:
    """One line an entry: ``i`` counts from 0, ``leaf`` is base64 of the exact bytes, ``d`` the disclosures."""
    count = 0
    for entry in entries:
        leaf = base64.b64encode(entry.leaf).decode("ascii")
        file.write(json.dumps({"i": count, "leaf": leaf, "d": list(entry.disclosures)}, separators=(",", ":")) + "\n")
        count += 1
    return count


def write_csv(entries: Iterable[Entry], file: TextIO) -> int:
    """A header and one row an entry (RFC 4180); no cell can be taken for a formula."""
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for entry in entries:
        writer.writerow([inert(cell) for cell in _row(entry, json.loads(entry.leaf))])
        count += 1
    return count


def _row(entry: Entry, content: Mapping[str, Any]) -> list[str]:
    return [
        str(entry.number),
        str(entry.entry_id),
        timestamp(entry.at),
        str(content.get("type", "")),
        str(content.get("outcome", "")),
        " ".join(content.get("clauses", [])),
        str(content.get("actor", "")),
        leaf_hash(entry.leaf).hex(),
        entry.leaf.decode("utf-8"),
        " ".join(entry.disclosures),
    ]


def inert(cell: str) -> str:
    """The cell with a quote before anything that a spreadsheet would run (ASVS 1.2.10)."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
