"""The tree of an export: follows the leaf hashes once, writes tiles on the way, and proves single entries."""

from __future__ import annotations

from collections.abc import Callable

from service.audit.checkpoint import SignedHead
from service.audit.merkle import HASH_BYTES, inclusion_proof, root_from
from service.audit.proof import EntryProof
from service.audit.tiles import TILE_BYTES, WIDTH, nodes_in_tiles, tile_path, tile_root

WriteTile = Callable[[str, bytes], None]
ReadTile = Callable[[str], bytes]


class ExportTree:
    """A tree that is given its leaf hashes in order and keeps no more than the roots of full tiles.

    ``write`` gets each tile by its path: those of every level where ``all_levels``, else of level 0 alone.
    """

    def __init__(self, write: WriteTile | None, *, all_levels: bool) -> None:
        self.size = 0
        self._write = write
        self._all_levels = all_levels
        self._levels = [bytearray()]  # of level 0 the last, partial tile only; of those above every hash

    def add(self, hashes: bytes) -> None:
        """The next leaf hashes, one after the other."""
        pending = self._levels[0]
        pending += hashes
        first = self.size // WIDTH
        self.size += len(hashes) // HASH_BYTES
        full = len(pending) // TILE_BYTES
        for number in range(full):
            tile = bytes(pending[number * TILE_BYTES : (number + 1) * TILE_BYTES])
            self._give(0, first + number, tile)
            self._add_root(1, tile_root(tile))
        del pending[: full * TILE_BYTES]

    def finish(self) -> bytes:
        """Write the partial tiles; the root."""
        for level, hashes in enumerate(self._levels):
            part = bytes(hashes[len(hashes) // TILE_BYTES * TILE_BYTES :])
            if part:
                number = self.size // WIDTH if level == 0 else len(hashes) // TILE_BYTES
                self._give(level, number, part)
        return root_from(nodes_in_tiles(self._upper), self.size)

    def prover(self, head: SignedHead, read: ReadTile) -> Callable[[int], EntryProof]:
        """Gives the proof of an entry under ``head``; ``read`` gives the full tiles of level 0 that were written."""

        def tile(level: int, number: int) -> bytes:
            if level or number == self.size // WIDTH:
                return self._upper(level, number)
            return read(tile_path(0, number))

        node = nodes_in_tiles(tile)
        return lambda index: EntryProof(index, tuple(inclusion_proof(node, index, self.size)), head)

    def _upper(self, level: int, number: int) -> bytes:
        """A tile that is kept: any above level 0, or the last one of level 0."""
        if level == 0:
            return bytes(self._levels[0])
        return bytes(self._levels[level][number * TILE_BYTES : (number + 1) * TILE_BYTES])

    def _add_root(self, level: int, root: bytes) -> None:
        if level == len(self._levels):
            self._levels.append(bytearray())
        hashes = self._levels[level]
        hashes += root
        if len(hashes) % TILE_BYTES == 0:
            tile = bytes(hashes[-TILE_BYTES:])
            self._give(level, len(hashes) // TILE_BYTES - 1, tile)
            self._add_root(level + 1, tile_root(tile))

    def _give(self, level: int, number: int, tile: bytes) -> None:
        if self._write is not None and (level == 0 or self._all_levels):
            self._write(tile_path(level, number, len(tile) // HASH_BYTES), tile)
