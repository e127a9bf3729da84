"""The export as a file: whole or absent, exact leaf bytes, and no cell that a spreadsheet would run."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from service.audit.export import inert, write_export


@dataclass(frozen=True, kw_only=True)
class Entry:
    number: int
    leaf: bytes
    entry_id: UUID
    at: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    disclosures: tuple[str, ...] = ()


def entries(count: int) -> Iterator[Entry]:
    for number in range(count):
        leaf = json.dumps({"type": "decision", "outcome": "deny", "actor": f"=cmd|{number}"}).encode()
        yield Entry(number=number, leaf=leaf, entry_id=uuid4(), disclosures=("abc",))


def test_a_line_holds_the_exact_leaf_bytes_and_counts_from_zero(tmp_path: Path) -> None:
    path, count = write_export(entries(3), tmp_path, "jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert (count, [line["i"] for line in lines]) == (3, [0, 1, 2])
    assert json.loads(base64.b64decode(lines[2]["leaf"]))["actor"] == "=cmd|2"
    assert lines[0]["d"] == ["abc"]


def test_a_csv_cell_never_starts_a_formula(tmp_path: Path) -> None:
    path, _ = write_export(entries(2), tmp_path, "csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["actor"] == "'=cmd|1"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_every_formula_start_is_made_inert(start: str) -> None:
    assert inert(f"{start}HYPERLINK()").startswith("'")
    assert inert("plain") == "plain"


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_fault_in_the_middle_leaves_no_file(tmp_path: Path, form: str) -> None:
    def broken() -> Iterator[Entry]:
        yield from entries(5)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write_export(broken(), tmp_path, form)
    assert list(tmp_path.iterdir()) == []
