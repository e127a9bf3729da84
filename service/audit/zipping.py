"""A folder as a ZIP archive that is made while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

BLOCK = 1 << 18
FASTEST = 1  # the entries are base64 of canonical JSON: more effort saves little


class _Sink:
    """What the archive is written to: it keeps the bytes until they are taken."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, block: bytes) -> int:
        self._blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self._blocks)
        self._blocks.clear()
        return taken


def zip_blocks(folder: Path, root: str) -> Iterator[bytes]:
    """The archive of every file below ``folder``, under the folder name ``root``, block by block."""
    sink = _Sink()
    with zipfile.ZipFile(cast(BinaryIO, sink), "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = zipfile.ZipInfo.from_file(path, f"{root}/{path.relative_to(folder).as_posix()}")
            name.compress_type, name.external_attr = zipfile.ZIP_DEFLATED, 0o100600 << 16
            with path.open("rb") as file, archive.open(name, "w", force_zip64=True) as packed:
                while block := file.read(BLOCK):
                    packed.write(block)
                    if taken := sink.take():
                        yield taken
    if taken := sink.take():
        yield taken


def file_blocks(path: Path) -> Iterator[bytes]:
    """The bytes of one file, block by block."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
