"""Files as they are handed in: packed or plain, and what is no list at all."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile

import pytest

from service.errors import MalformedListError
from service.lists.container import unpack

TEXT = b'<?xml version="1.0"?><list/>' * 100


def zipped(*names: str, content: bytes = TEXT) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "packed",
    [TEXT, lzma.compress(TEXT), gzip.compress(TEXT, mtime=0), zipped("a.xml")],
    ids=["plain", "xz", "gz", "zip"],
)
def test_packed_and_plain_files_give_the_same_content_and_digest(packed: bytes) -> None:
    with unpack(io.BytesIO(packed), "a") as file, unpack(io.BytesIO(TEXT), "a") as plain:
        assert file.stream.read() == TEXT
        assert (file.sha256, file.size) == (plain.sha256, len(TEXT))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "zero bytes"),
        (gzip.compress(b"", mtime=0), "zero bytes"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS pointer"),
        (b"<!DOCTYPE html>\n<html><body>503</body></html>", "HTML page"),
        (b"\n<HTML><head>", "HTML page"),
        (lzma.compress(TEXT)[:-20], "damaged"),
        (gzip.compress(TEXT, mtime=0)[:-9], "damaged"),
        (zipped("a.xml")[:-30], "damaged"),
        (zipped("a.xml", "b.xml"), "a zip with 2 files"),
    ],
)
def test_what_is_no_list_is_refused_with_its_name(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=rf"handed\.in: .*({reason})"):
        unpack(io.BytesIO(content), "handed.in")


def test_a_bomb_stops_at_the_limit() -> None:
    bomb = lzma.compress(b"\0" * 20_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(MalformedListError, match="unpacks to more than 1000000 bytes"):
        unpack(io.BytesIO(bomb), "bomb.xz", max_plain=1_000_000)


def test_a_packed_file_above_the_limit_is_not_unpacked() -> None:
    with pytest.raises(MalformedListError, match="larger than 10 bytes"):
        unpack(io.BytesIO(lzma.compress(TEXT)), "a.xz", max_compressed=10)
