"""Puts the sealed log into a folder as C2SP tlog-tiles: files that any web server can serve and any tool read.

The file ``checkpoint`` is replaced last, so whoever reads it finds every tile that it needs. Partial tiles
go once the full one is there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from service.audit.checkpoint import SignedHead, parse_head
from service.audit.sealing_ports import Tree
from service.audit.tiles import LEVEL_BITS, WIDTH, entries_path, entry_bundle, tile_path, tile_widths
from service.errors import ProofError


class TileFolder:
    """The published log of one origin, in a folder of its own within ``root``."""

    def __init__(self, root: Path, origin: str) -> None:
        self.folder = root / quote(origin, safe="")

    def published(self) -> int:
        """The size of the tree that is published; 0 where none is."""
        try:
            return parse_head((self.folder / "checkpoint").read_bytes()).size
        except (FileNotFoundError, ProofError):
            return 0

    def publish(self, head: SignedHead, tree: Tree) -> None:
        """Write what is new since the last time, then the checkpoint."""
        before = self.published()
        if before == head.size:
            return
        for level, last, _ in tile_widths(head.size):
            for number in range((before >> LEVEL_BITS * level) // WIDTH, last + 1):
                self._write_tile(level, number, tree.tile(level, number))
        for number in range(before // WIDTH, -(-head.size // WIDTH)):
            stop = min((number + 1) * WIDTH, head.size)
            leaves = [leaf.leaf for leaf in tree.leaves(number * WIDTH, stop)]
            self._write(entries_path(number, len(leaves)), entry_bundle(leaves))
            if len(leaves) == WIDTH:
                self._drop_partial(entries_path(number))
        self._write("checkpoint", str(head).encode())

    def _write_tile(self, level: int, number: int, tile: bytes) -> None:
        width = len(tile) // 32
        self._write(tile_path(level, number, width), tile)
        if width == WIDTH:
            self._drop_partial(tile_path(level, number))

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
        fresh.write_bytes(content)
        fresh.replace(path)

    def _drop_partial(self, name: str) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder / f"{name}.p")
