"""Trees and proofs of RFC 6962, against public vectors, another implementation and each other."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pymerkle
import pytest

from service.audit.leaf import leaf_hash
from service.audit.merkle import (
    EMPTY_ROOT,
    GrowingTree,
    consistency_proof,
    inclusion_proof,
    nodes_over,
    root_from,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from service.audit.tiles import nodes_in_tiles
from service.errors import ProofError

# The eight leaves that the reference implementation of Certificate Transparency uses in its tests, and the
# roots over the first n of them.
CT_LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
CT_LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
CT_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
HASHES = [leaf_hash(b"%d" % number) for number in range(600)]
SIZES = [1, 2, 3, 7, 8, 9, 255, 256, 257, 300, 511, 512, 513, 600]


def in_tiles(read_size: int) -> Any:
    """The node function of the first leaves as tiles give it: level 1 from the roots of full tiles."""

    def read(level: int, number: int) -> bytes:
        if level == 0:
            return b"".join(HASHES[:read_size][number * 256 : (number + 1) * 256])
        full = read_size // 256
        return b"".join(root_of(HASHES[tile * 256 : (tile + 1) * 256]) for tile in range(full))

    return nodes_in_tiles(read)


@pytest.mark.parametrize("size", sorted(CT_ROOTS))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in CT_LEAVES[:size]]
    assert root_of(hashes).hex() == CT_ROOTS[size]
    assert root_from(nodes_over(hashes), size).hex() == CT_ROOTS[size]


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_a_growing_tree_has_the_root_of_each_size_on_its_way() -> None:
    tree, node = GrowingTree(), nodes_over(HASHES)
    for size, leaf in enumerate(HASHES, 1):
        tree.append(leaf)
        assert tree.root() == root_from(node, size)


@pytest.mark.parametrize("size", SIZES)
def test_tiles_answer_as_the_list_of_leaves_does(size: int) -> None:
    listed, tiled = nodes_over(HASHES), in_tiles(size)
    assert root_from(tiled, size) == root_from(listed, size)
    for index in {0, size // 2, size - 1}:
        assert inclusion_proof(tiled, index, size) == inclusion_proof(listed, index, size)
    for old in {1, size // 2 or 1, size}:
        assert consistency_proof(tiled, old, size) == consistency_proof(listed, old, size)


def test_every_leaf_of_every_small_tree_has_a_proof_and_no_other_leaf_fits_it() -> None:
    node = nodes_over(HASHES)
    for size in range(1, 40):
        root = root_from(node, size)
        for index in range(size):
            proof = inclusion_proof(node, index, size)
            verify_inclusion(HASHES[index], index=index, size=size, proof=proof, root=root)
            for wrong in {(index + 1) % size, size - 1 - index} - {index}:
                with pytest.raises(ProofError):
                    verify_inclusion(HASHES[index], index=wrong, size=size, proof=proof, root=root)
            for changed in ([*proof, HASHES[0]], proof[:-1], proof[::-1]):
                if changed != proof:
                    with pytest.raises(ProofError):
                        verify_inclusion(HASHES[index], index=index, size=size, proof=changed, root=root)


def test_every_small_tree_continues_each_smaller_one_and_no_other() -> None:
    node = nodes_over(HASHES)
    roots = [root_from(node, size) for size in range(40)]
    for new in range(1, 40):
        for old in range(1, new + 1):
            proof = consistency_proof(node, old, new)
            verify_consistency(old=old, new=new, old_root=roots[old], new_root=roots[new], proof=proof)
            with pytest.raises(ProofError):
                verify_consistency(old=old, new=new, old_root=roots[old - 1], new_root=roots[new], proof=proof)
            with pytest.raises(ProofError):
                verify_consistency(
                    old=old, new=new, old_root=roots[old], new_root=roots[new], proof=[*proof, HASHES[0]]
                )


def test_a_proof_from_size_0_says_nothing_and_is_refused() -> None:
    with pytest.raises(ProofError):
        consistency_proof(nodes_over(HASHES), 0, 5)
    for new in (0, 5):
        with pytest.raises(ProofError):
            verify_consistency(old=0, new=new, old_root=EMPTY_ROOT, new_root=root_of(HASHES[:new]), proof=[])


@pytest.mark.parametrize("length", [0, 12, 31, 33])
def test_a_root_that_is_no_hash_is_refused(length: int) -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(old=1, new=1, old_root=b"x" * length, new_root=b"x" * length, proof=[])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(b"x" * length, index=0, size=1, proof=[], root=b"x" * length)


@pytest.mark.shared
def test_the_public_vectors_but_one_are_judged_as_they_say(shared: Path) -> None:
    """The exception gives 12 bytes for a root, which no SHA-256 tree has."""
    rows = [json.loads(line) for line in (shared / "audit/vectors/merkle.jsonl").read_text().splitlines()]
    differing = [row["vector"] for row in rows if accepted(row) is row["wantErr"]]
    assert len(rows) == 196
    assert differing == ["consistency/additional/sizes-are-equal-one-and-proof-is-empty"]


def accepted(row: dict[str, Any]) -> bool:
    proof = [base64.b64decode(each) for each in row["proof"] or []]
    given = {name: base64.b64decode(row[name] or "") for name in ("root", "leafHash", "root1", "root2") if name in row}
    try:
        if "leafIdx" in row:
            verify_inclusion(
                given["leafHash"], index=row["leafIdx"], size=row["treeSize"], proof=proof, root=given["root"]
            )
        else:
            verify_consistency(
                old=row["size1"], new=row["size2"], old_root=given["root1"], new_root=given["root2"], proof=proof
            )
    except ProofError:
        return False
    return True


def test_another_implementation_finds_the_same_roots_and_its_proofs_lead_to_ours() -> None:
    other, ours = pymerkle.InmemoryTree(algorithm="sha256"), GrowingTree()
    for size in range(1, 301):
        entry = b"entry %d" % size
        other.append_entry(entry)
        ours.append(leaf_hash(entry))
        assert other.get_root() == ours.root()
    hashes = [leaf_hash(b"entry %d" % size) for size in range(1, 301)]
    roots, node = [root_of(hashes[:size]) for size in range(301)], nodes_over(hashes)
    for size in range(1, 301, 13):
        for index in (1, size // 2 + 1, size):
            pymerkle.verify_inclusion(hashes[index - 1], roots[size], other.prove_inclusion(index, size))
            proof = inclusion_proof(node, index - 1, size)
            verify_inclusion(hashes[index - 1], index=index - 1, size=size, proof=proof, root=other.get_root(size))
        for old in {1, size // 2 or 1, size}:
            pymerkle.verify_consistency(roots[old], roots[size], other.prove_consistency(old, size))
            proof = consistency_proof(node, old, size)
            verify_consistency(
                old=old, new=size, old_root=other.get_root(old), new_root=other.get_root(size), proof=proof
            )
