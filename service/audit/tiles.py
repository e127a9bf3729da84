"""Tiles (C2SP tlog-tiles v0.1.0): the tree and its entries cut into files of 256.

Tile ``n`` of level ``L`` holds the hashes of 256 neighbouring subtrees of ``256**L`` leaves. The last tile of
a level may hold fewer. Entries stand in bundles of 256, each after its length in two bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.audit.merkle import HASH_BYTES, Node, node_hash
from service.errors import ProofError

WIDTH = 256
LEVEL_BITS = 8
TILE_BYTES = WIDTH * HASH_BYTES
LENGTH_BYTES = 2

TileReader = Callable[[int, int], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class FullTile:
    """A tile of 256 hashes and the root over them."""

    level: int
    number: int
    hashes: bytes
    root: bytes


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Where a tile of hashes is served: ``tile/<level>/<number>``, with ``.p/<width>`` where it is partial."""
    return f"tile/{level}/{_number_path(number)}{_width_suffix(width)}"


def entries_path(number: int, width: int = WIDTH) -> str:
    """Where a bundle of entries is served."""
    return f"tile/entries/{_number_path(number)}{_width_suffix(width)}"


def tile_widths(size: int) -> Iterator[tuple[int, int, int]]:
    """The last tile of each level in a tree of ``size`` leaves: (level, number, width), full or partial."""
    level, hashes = 0, size
    while hashes:
        number = (hashes - 1) // WIDTH
        yield level, number, hashes - number * WIDTH
        level, hashes = level + 1, hashes // WIDTH


def entry_bundle(leaves: Iterable[bytes]) -> bytes:
    """The bundle of these entries, each of at most 65,535 bytes."""
    return b"".join(len(leaf).to_bytes(LENGTH_BYTES, "big") + leaf for leaf in leaves)


def split_bundle(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; ProofError where it ends within one."""
    leaves, at = [], 0
    while at < len(bundle):
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(bundle[at:start], "big")
        if at > len(bundle) or start > len(bundle):
            raise ProofError("A bundle of entries ends within an entry.")
        leaves.append(bundle[start:at])
    return leaves


def split_hashes(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def fold(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def tile_root(tile: bytes) -> bytes:
    """The root of a full tile: what stands for it in the level above."""
    if len(tile) != TILE_BYTES:
        raise ProofError(f"A full tile has {TILE_BYTES} bytes.")
    return fold(split_hashes(tile))


def new_tiles(read: TileReader, size: int, added: Sequence[bytes]) -> list[FullTile]:
    """The tiles of every level that become full when leaf hashes are added to a tree of ``size`` leaves.

    ``read`` gives the tiles of that tree, of which only the last of a level is asked for.
    """
    tiles: list[FullTile] = []
    level, first, hashes = 0, size, list(added)  # ``first`` is where the new hashes of this level begin
    while hashes:
        number, filled = divmod(first, WIDTH)
        if filled:
            hashes = split_hashes(read(level, number)) + hashes
        full = [b"".join(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        made = [
            FullTile(level=level, number=number + offset, hashes=tile, root=tile_root(tile))
            for offset, tile in enumerate(full)
        ]
        tiles += made
        level, first, hashes = level + 1, number, [tile.root for tile in made]
    return tiles


def nodes_in_tiles(read: TileReader) -> Node:
    """The node function of a tree kept in tiles; ``read(level, number)`` gives a tile as wide as it is.

    Each tile is read once. ProofError where a tile is shorter than the tree needs.
    """
    kept: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, LEVEL_BITS)
        number, offset = divmod(index << above, WIDTH)
        if (tile_level, number) not in kept:
            kept[tile_level, number] = read(tile_level, number)
        part = kept[tile_level, number][offset * HASH_BYTES : (offset + (1 << above)) * HASH_BYTES]
        if len(part) != HASH_BYTES << above:
            raise ProofError(f"Tile {number} of level {tile_level} is too short.")
        return fold(split_hashes(part))

    return node


def _number_path(number: int) -> str:
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def _width_suffix(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
