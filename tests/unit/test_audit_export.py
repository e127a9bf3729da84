"""The parts of an export: no cell that a spreadsheet would run, filters read strictly, trees as tiles have them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.audit import rulebook_text
from service.audit.checkpoint import Checkpoint
from service.audit.export_folder import new_folder
from service.audit.export_tree import ExportTree
from service.audit.leaf import leaf_hash
from service.audit.merkle import root_of
from service.audit.record import parse_tile_name
from service.audit.rulebook_text import rule_text
from service.audit.selection import WHOLE, read_selection
from service.audit.signing import sign_checkpoint
from service.audit.tiles import WIDTH, tile_path
from service.audit.verify_audit import COLUMNS, Citations, csv_cell, csv_row, entry_row, fits
from service.audit.zipping import zip_blocks
from service.errors import ExportError, SelectionError, TileNotFoundError
from service.replay.engine import archive
from service.rulebook import current
from tests.audit_exports import KEY, ORIGIN


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", " =", "\u00a0@", "　="]
)
def test_every_formula_start_is_made_inert(start: str) -> None:
    assert csv_cell(f"{start}HYPERLINK()").startswith("'")
    assert csv_cell("plain") == "plain"
    assert csv_cell("") == ""


def test_a_row_is_read_back_by_any_csv_reader() -> None:
    content = {
        "actor": '=cmd|"x"', "clauses": ["A", "B"], "lists": [{"name": "un_sc", "version": 3}, "odd"], "outcome": None,
        "rules": {"version": "2026.1"}, "type": "line\nbreak", "at": 5,
    }  # fmt: skip
    leaf = json.dumps(content, ensure_ascii=False).encode()
    raw = csv_row(COLUMNS) + entry_row(7, leaf, bytes(32), content, [("worker.name", "金, “K”")])
    (row,) = csv.DictReader(io.StringIO(raw.decode(), newline=""))
    assert row["actor"] == '\'=cmd|"x"'
    assert (row["index"], row["clauses"], row["lists"], row["rules"]) == ("7", "A B", "un_sc:3", "2026.1")
    assert (row["type"], row["at"], row["outcome"], row["leaf"]) == ("line\nbreak", "5", "", leaf.decode())
    assert json.loads(row["disclosed"]) == [["worker.name", "金, “K”"]]


def test_a_day_counts_from_its_beginning_to_its_end() -> None:
    chosen = read_selection({"from": "2026-11-20", "to": "2026-11-20", "decision": ""})
    assert chosen.since == datetime(2026, 11, 20, tzinfo=UTC)
    assert chosen.until == datetime(2026, 11, 21, tzinfo=UTC)
    assert read_selection({"from": "2026-11-20T10:00:00+02:00"}).since == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert read_selection({"clause": " "}) == WHOLE
    assert WHOLE.as_json() is None


@pytest.mark.parametrize(
    ("name", "text"),
    [("from", "2026-13-01"), ("from", "9999-12-31T23:59:59-01:00"), ("to", "9999-12-31"), ("to", "2026-11-20T10:00:00"),
     ("first", "1.5"), ("last", "٣"), ("last", "01"), ("decision", "DENY"), ("clause", "a b"), ("list", "-x")],
)  # fmt: skip
def test_what_is_no_filter_is_named(name: str, text: str) -> None:
    with pytest.raises(SelectionError) as refused:
        read_selection({name: text})
    assert refused.value.name == name


DECISION = {
    "at": "2026-11-20T12:00:00.000000Z", "outcome": "deny", "clauses": ["UN-2375-17"],
    "lists": [{"name": "un_sc", "version": 3}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [({}, True), ({"from": "2026-11-20T12:00:00.000000Z"}, True), ({"to": "2026-11-20T12:00:00.000000Z"}, False),
     ({"first": 5, "last": 5}, True), ({"first": 6}, False), ({"last": 4}, False), ({"decision": "allow"}, False),
     ({"clause": "UN-2375-17", "list": "un_sc"}, True), ({"clause": "UN-2375"}, False), ({"list": "un_sc:3"}, True),
     ({"list": "un_sc:4"}, False), ({"list": "un"}, False)],
)  # fmt: skip
def test_an_entry_fits_where_every_filter_agrees(selection: dict[str, Any], chosen: bool) -> None:
    assert fits(selection, 5, DECISION) is chosen


def test_what_tells_of_a_list_fits_its_filter() -> None:
    assert fits({"list": "un_sc"}, 0, {"type": "list_load", "list": "un_sc", "version": 3})
    assert fits({"list": "un_sc:3"}, 0, {"type": "list_load", "list": "un_sc", "version": 3})
    assert not fits({"list": "None"}, 0, {"type": "key"})


def test_each_list_version_is_cited_once() -> None:
    cited, version = Citations(), {"name": "un_sc", "version": 3, "published": None, "sha256": "ab", "records": 9}
    for _ in range(2):
        cited.add({"lists": [{**version, "checked": "x"}], "rules": {"sha256": "cd"}})
    cited.add({"type": "list_load", "list": "own", "version": 1, "published": None, "sha256": "ef", "records": 1})
    cited.add({"lists": [{"name": []}, 5], "rules": {"sha256": 5}})
    assert [(row["name"], row["version"]) for row in json.loads(cited.lists_json())] == [("own", 1), ("un_sc", 3)]
    assert cited.rules == {"cd": 2}
    assert json.loads(Citations().lists_json()) == []


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 70_000])
def test_the_tree_of_an_export_has_the_root_and_the_proofs_of_its_leaves(size: int) -> None:
    hashes = [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]
    tiles: dict[str, bytes] = {}
    tree = ExportTree(tiles.__setitem__, all_levels=True)
    for start in range(0, size, 1000):
        tree.add(b"".join(hashes[start : start + 1000]))
    root = tree.finish()
    assert root == root_of(hashes)
    head = sign_checkpoint(Checkpoint(ORIGIN, size, root), [KEY])
    prove = tree.prover(head, tiles.__getitem__)
    for index in {0, size // 2, size - 1}:
        prove(index).verify(index.to_bytes(4, "big"))
    level, hashed = 0, size
    while hashed:  # every tile that tlog-tiles asks for is there, and no other
        for number in range(-(-hashed // WIDTH)):
            name = tile_path(level, number, min(WIDTH, hashed - number * WIDTH))
            assert len(tiles.pop(name)) == 32 * min(WIDTH, hashed - number * WIDTH)
        level, hashed = level + 1, hashed // WIDTH
    assert tiles == {}


def test_a_tile_s_name_is_read_in_its_one_form() -> None:
    assert parse_tile_name("0/x001/x234/067").path == "tile/0/x001/x234/067"
    assert parse_tile_name("entries/000.p/255").path == "tile/entries/000.p/255"
    for name in ("", "0/1234", "0/x000/001", "0/000.p/256", "64/000", "a/000", "0/000.p/", "0/000\n"):
        with pytest.raises(TileNotFoundError):
            parse_tile_name(name)


def test_the_rules_text_has_the_digest_that_decisions_name() -> None:
    text = rule_text(current().sha256, lambda _: None)
    assert text is not None
    assert b"service.rulebook/un_2375.py\n" in text
    assert hashlib.sha256(text).hexdigest() == current().sha256


def test_the_text_of_earlier_rules_is_read_out_of_an_engine_that_decided_by_them() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in ("screening/decide.py", "rulebook/b.py", "rulebook/a.py", "lists/x.py", "rulebook/data/c.py"):
            file.writestr(f"service/{name}", name.encode())
    text = b"service.rulebook/a.py\nrulebook/a.pyservice.rulebook/b.py\nrulebook/b.py"
    text += b"service.screening/decide.py\nscreening/decide.py"
    digest = hashlib.sha256(text).hexdigest()
    assert rule_text(digest, lambda asked: buffer.getvalue() if asked == digest else None) == text
    assert rule_text("0" * 64, lambda _: buffer.getvalue()) is None
    assert rule_text("0" * 64, lambda _: None) is None


def test_an_engine_holds_the_very_text_of_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rulebook_text.running_text()
    monkeypatch.setattr(rulebook_text, "running_text", lambda: b"the rules of a later program")
    assert rule_text(current().sha256, lambda _: archive()) == text


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def fill(target: Path, *, late: bool) -> None:
        with new_folder(target) as folder:
            (folder / "half").write_text("x")
            if not late:
                raise RuntimeError("the database went away")
            target.mkdir()
            (target / "theirs").write_text("came first")

    with pytest.raises(RuntimeError):
        fill(tmp_path / "deep" / "out", late=False)
    assert list((tmp_path / "deep").iterdir()) == []
    with pytest.raises(ExportError, match="not empty"):
        fill(tmp_path / "late", late=True)
    assert [path.name for path in (tmp_path / "late").iterdir()] == ["theirs"]
    assert not any(".partial" in path.name for path in tmp_path.iterdir())


def test_a_folder_is_packed_while_it_is_sent(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "large").write_bytes(bytes(range(256)) * 5000 + random.Random(1).randbytes(1_000_000))
    (tmp_path / "a" / "empty").write_bytes(b"")
    blocks = list(zip_blocks(tmp_path / "a", "audit-1"))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(blocks)))
    assert len(blocks) > 2
    assert packed.testzip() is None
    assert packed.namelist() == ["audit-1/b/large", "audit-1/empty"]
    assert packed.read("audit-1/b/large") == (tmp_path / "a" / "b" / "large").read_bytes()
