"""Excel workbooks: handed on whole, bounded before they are read, and as wide as their header."""

from __future__ import annotations

import io
import lzma
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from service.errors import MalformedListError
from service.lists import workbook
from service.lists.container import unpack

PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def a_workbook(*rows: tuple[Any, ...], far_right: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if far_right:
        sheet.cell(row=2, column=16_384, value="x")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewritten(content: bytes, change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
        for name, added in (extra or {}).items():
            new.writestr(name, added)
    return buffer.getvalue()


def rows_of(content: bytes) -> list[tuple[int, tuple[Any, ...]]]:
    return list(workbook.rows(io.BytesIO(content), "a.xlsx"))


SMALL = a_workbook(("Reference", "Name"), (1, "Kim"), ("1a", "KIM"))


@pytest.mark.parametrize("packed", [SMALL, lzma.compress(SMALL)], ids=["plain", "xz"])
def test_a_workbook_is_handed_on_as_it_is(packed: bytes) -> None:
    with unpack(io.BytesIO(packed), "a.xlsx") as file:
        assert file.stream.read() == SMALL


def test_rows_come_with_their_numbers_and_the_header_first() -> None:
    assert rows_of(SMALL) == [(1, ("Reference", "Name")), (2, (1, "Kim")), (3, ("1a", "KIM"))]


def test_trap_21_a_sheet_of_16384_columns_is_read_as_wide_as_its_header() -> None:
    wide = a_workbook(("Reference", "Name"), (1, "Kim"), far_right=True)
    assert [len(cells) for _, cells in rows_of(wide)] == [2, 2]


def test_a_header_with_a_hole_or_without_a_name_is_refused() -> None:
    for header in ((None, "Name"), ("Reference", None, "Name")):
        with pytest.raises(MalformedListError, match="no header"):
            rows_of(a_workbook(header, (1, 2, 3)))


@pytest.mark.parametrize("declared", [b'<!DOCTYPE x [<!ENTITY e "e">]>', b"<!ENTITY e SYSTEM 'file:///etc/passwd'>"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"])
def test_a_part_that_declares_an_entity_is_refused(declared: bytes, part: str) -> None:
    changed = rewritten(SMALL, lambda name, old: declared + old if name == part else old)
    with pytest.raises(MalformedListError, match="declares a document type or an entity"):
        rows_of(changed)


def test_an_entity_hidden_across_two_reads_or_in_utf_16_is_found() -> None:
    padding = b" " * (workbook._CHUNK - 4)
    for hidden in (padding + b"<!DOCTYPE x>", "<!DOCTYPE x>".encode("utf-16")):
        changed = rewritten(SMALL, lambda _, old: old, {"xl/more.xml": hidden})
        with pytest.raises(MalformedListError, match="declares a document type or an entity"):
            rows_of(changed)


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [("MAX_UNPACKED", 5000, "unpacks to more than"), ("MAX_PARTS", 3, "parts"), ("MAX_MARKS", 50, "elements")],
)
def test_a_workbook_beyond_a_limit_is_refused_before_it_is_parsed(
    limit: str, value: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, limit, value)
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: pytest.fail("it was parsed"))
    with pytest.raises(MalformedListError, match=reason):
        rows_of(SMALL)


def test_a_zip_bomb_in_a_workbook_is_refused() -> None:
    bomb = rewritten(SMALL, lambda _, old: old, {"xl/bomb.xml": b" " * (workbook.MAX_UNPACKED + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(MalformedListError, match="unpacks to more than"):
        rows_of(bomb)


@pytest.mark.parametrize("cut", [20, 400, 2000])
def test_a_cut_workbook_is_refused(cut: int) -> None:
    with pytest.raises(MalformedListError):
        rows_of(SMALL[:-cut])


def test_a_broken_part_is_refused_in_one_line() -> None:
    broken = rewritten(SMALL, lambda name, old: old[:-30] if "sheet1" in name else old)
    with pytest.raises(MalformedListError, match=r"a\.xlsx: not a workbook that can be read"):
        rows_of(broken)


def test_other_zips_of_several_files_are_no_workbooks() -> None:
    with pytest.raises(MalformedListError, match="a zip with 2 files"):
        unpack(io.BytesIO(_zip("xl/workbook.xml", "b.xml")), "a.zip")
    with pytest.raises(MalformedListError, match="no workbook"):
        rows_of(_zip("a.xml", "b.xml"))


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return buffer.getvalue()
