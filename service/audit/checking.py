"""Reads the stored log again and compares it with itself and with what was signed. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.audit.leaf import leaf_hash
from service.audit.merkle import HASH_BYTES, GrowingTree, consistency_proof, root_from, verify_consistency
from service.audit.sealed import SealedLeaf
from service.audit.sealing_ports import Tree
from service.audit.tiles import WIDTH, split_hashes, tile_root
from service.errors import ProofError, SealingStoppedError

HASHES_A_READ = 65_536


def checked_leaves(tree: Tree, start: int, stop: int) -> Iterator[SealedLeaf]:
    """The leaves of a range; SealingStoppedError at the first whose bytes do not have the stored hash."""
    for leaf in tree.leaves(start, stop):
        if leaf_hash(leaf.leaf) != leaf.hash:
            raise SealingStoppedError(f"Leaf {leaf.index} (entry {leaf.entry_id}) is not what was sealed.")
        yield leaf


def check_tile(tree: Tree, number: int) -> None:
    """Compare a full tile of leaves with its leaves' bytes, and the tiles above it that it completes.

    SealingStoppedError names what differs.
    """
    leaves = list(checked_leaves(tree, number * WIDTH, (number + 1) * WIDTH))
    expected, level = b"".join(leaf.hash for leaf in leaves), 0
    while True:
        hashes, root = tree.full_tile(level, number)
        if hashes != expected or tile_root(hashes) != root:
            raise SealingStoppedError(f"Tile {number} of level {level} is not what was sealed.")
        number, place = divmod(number, WIDTH)
        if place != WIDTH - 1:
            return
        level += 1
        expected = b"".join(tree.full_tile(level - 1, number * WIDTH + at)[1] for at in range(WIDTH))


def check_rest(tree: Tree) -> None:
    """Compare the leaves after the last full tile with their bytes."""
    for _ in checked_leaves(tree, tree.size // WIDTH * WIDTH, tree.size):
        pass


def follow_hashes(tree: Tree, grown: GrowingTree, stop: int) -> None:
    """Grow a tree to size ``stop`` by the stored hashes of leaves."""
    while grown.size < stop:
        until = min(grown.size + HASHES_A_READ, stop)
        hashes = split_hashes(tree.hashes(grown.size, until))
        if len(hashes) != until - grown.size or len(hashes[-1]) != HASH_BYTES:
            raise SealingStoppedError(f"Leaves between {grown.size} and {until} are missing.")
        for each in hashes:
            grown.append(each)


def check_continues(tree: Tree, *, size: int, root: bytes, now: bytes, where: str) -> None:
    """Prove from the tiles that the tree begins with that of an earlier head; SealingStoppedError if not.

    ``now`` is the root of the tree; ``where`` says where the earlier head was kept.
    """
    if size > tree.size:
        raise SealingStoppedError(
            f"The database holds {tree.size} leaves, but {size} were signed ({where}): "
            "it was restored from an older backup, or leaves were removed."
        )
    try:
        proof = consistency_proof(tree.nodes(), size, tree.size)
        verify_consistency(old=size, new=tree.size, old_root=root, new_root=now, proof=proof)
    except ProofError as broken:
        raise SealingStoppedError(f"The log does not continue the head of size {size} ({where}).") from broken


def check_heads(tree: Tree, heads: Iterable[tuple[int, bytes]], where: str) -> None:
    """Compare heads (size, root), by size, with the roots over the stored hashes."""
    grown = GrowingTree()
    for size, root in heads:
        follow_hashes(tree, grown, size)
        if grown.root() != root:
            raise SealingStoppedError(f"The log does not continue the head of size {size} ({where}).")


def check_everything(tree: Tree) -> None:
    """Read every leaf and tile again. SealingStoppedError names the first that is not what was sealed."""
    for number in range(tree.size // WIDTH):
        check_tile(tree, number)
    check_rest(tree)
    if tree.size:
        grown = GrowingTree()
        follow_hashes(tree, grown, tree.size)
        if grown.root() != root_from(tree.nodes(), tree.size):
            raise SealingStoppedError("The tiles and the leaves have two different roots.")
