"""The files of an export that repeat its entries: each is given every entry once, in order, and then closed."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from service.audit.tiles import WIDTH, entries_path, entry_bundle
from service.audit.verify_audit import COLUMNS, csv_row, entry_row

BUFFER = 1 << 20


class Row(NamedTuple):
    """An entry with what was read of it; ``opened`` are the (name, value) pairs of its disclosures."""

    number: int  # its index in the log
    leaf: bytes
    leaf_hash: bytes
    content: dict[str, Any]
    disclosures: Sequence[str]
    opened: list[tuple[str, Any]]


class Part(Protocol):
    """A file in the making."""

    def add(self, row: Row, /) -> None: ...
    def close(self) -> None: ...


class Lines:
    """``entries.jsonl``: ``{"i":index,"leaf":"base64 of the exact bytes","d":["disclosure",…]}`` a line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", BUFFER)

    def add(self, row: Row) -> None:
        leaf = b2a_base64(row.leaf, newline=False)
        disclosures = '","'.join(row.disclosures).encode("ascii")
        quoted = b'"%b"' % disclosures if disclosures else b""
        self._file.write(b'{"i":%d,"leaf":"%b","d":[%b]}\n' % (row.number, leaf, quoted))

    def close(self) -> None:
        self._file.close()


class Table:
    """``entries.csv``: a header and one row an entry (RFC 4180); no cell can be taken for a formula."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", BUFFER)
        self._file.write(csv_row(COLUMNS))

    def add(self, row: Row) -> None:
        self._file.write(entry_row(row.number, row.leaf, row.leaf_hash, row.content, row.opened))

    def close(self) -> None:
        self._file.close()


class Bundles:
    """``tile/entries/…``: the bytes of all entries, 256 to a file (C2SP tlog-tiles)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._leaves: list[bytes] = []
        self._number = 0

    def add(self, row: Row) -> None:
        self._leaves.append(row.leaf)
        if len(self._leaves) == WIDTH:
            self._write()

    def close(self) -> None:
        if self._leaves:
            self._write()

    def _write(self) -> None:
        write_file(self._folder / entries_path(self._number, len(self._leaves)), entry_bundle(self._leaves))
        self._leaves, self._number = [], self._number + 1


def write_file(path: Path, content: bytes) -> None:
    """Write a new file, with the folders above it."""
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
