"""Merkle trees of RFC 6962 section 2.1 (the same in RFC 9162): roots, proofs, and the check of proofs.

A hash is 32 bytes (SHA-256). A *node function* answers for the perfect subtrees of a tree: ``node(level,
index)`` is the hash over the ``2**level`` leaves that start at ``index * 2**level``. Where those hashes
come from (a list, tiles, a database) is the caller's matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from service.errors import ProofError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 over 0x01 and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class GrowingTree:
    """A tree that only grows and remembers no more than the roots of its perfect subtrees.

    ``append`` and ``root`` cost a hash for each level at most, so a log of any length can be followed.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)  # from the largest subtree to the smallest

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        whole = self.size
        while whole & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            whole >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root of the leaves so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree with these leaf hashes."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def nodes_over(leaves: Sequence[bytes]) -> Node:
    """The node function of a list of leaf hashes."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def root_from(node: Node, size: int) -> bytes:
    """The root of the first ``size`` leaves."""
    return _range_root(node, 0, size) if size else EMPTY_ROOT


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """The path that proves leaf ``index`` in the tree of ``size`` leaves (RFC 9162 section 2.1.3.1).

    ProofError where that tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = start + _largest_power_below(stop - start)
        if index < middle:
            path.append(_range_root(node, middle, stop))
            stop = middle
        else:
            path.append(_range_root(node, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(node: Node, old: int, new: int) -> list[bytes]:
    """The path that proves the tree of ``old`` leaves a beginning of the one of ``new`` (RFC 9162, 2.1.4.1).

    ProofError where ``old`` is 0 (everything begins with nothing, so such a proof says nothing) or
    larger than ``new``.
    """
    if not 0 < old <= new:
        raise ProofError(f"No proof leads from size {old} to size {new}.")
    start, stop, path, known = 0, new, [], True
    while stop != old:
        middle = start + _largest_power_below(stop - start)
        if old <= middle:
            path.append(_range_root(node, middle, stop))
            stop = middle
        else:
            path.append(_range_root(node, start, middle))
            start, known = middle, False
    if not known:
        path.append(_range_root(node, start, stop))
    return path[::-1]


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofError unless ``proof`` leads from the leaf hash to ``root`` (RFC 9162 section 2.1.3.2)."""
    _demand_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofError(f"A tree of {size} leaves has no leaf {index}.")
    at, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError("The inclusion proof is too long.")
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("The inclusion proof is too short.")
    if found != root:
        raise ProofError("The inclusion proof does not lead to the root.")


def verify_consistency(*, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofError unless the tree of ``old_root`` is a beginning of that of ``new_root``.

    RFC 9162 section 2.1.4.2; a proof from size 0 is refused.
    """
    _demand_hashes(old_root, new_root, *proof)
    if not 0 < old <= new:
        raise ProofError(f"No proof leads from size {old} to size {new}.")
    if old == new:
        if proof or old_root != new_root:
            raise ProofError(f"Two trees of size {old} are not the same.")
        return
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps or not proof:
        raise ProofError("The consistency proof is too short.")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError("The consistency proof is too long.")
        if at & 1 or at == last:
            was, now = node_hash(step, was), node_hash(step, now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node_hash(now, step)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofError("The consistency proof is too short.")
    if was != old_root or now != new_root:
        raise ProofError(f"The tree of size {new} does not continue that of size {old}.")


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _range_root(node: Node, start: int, stop: int) -> bytes:
    """The root over [start, stop), a subtree of the RFC's recursion: ``start`` is aligned to its size."""
    size = stop - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _largest_power_below(size)
    return node_hash(_range_root(node, start, middle), _range_root(node, middle, stop))


def _demand_hashes(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofError(f"A hash has {HASH_BYTES} bytes.")
