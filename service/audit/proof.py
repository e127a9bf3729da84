"""Proofs of one entry as text (C2SP tlog-proof v1): its index, the path to the root, a signed checkpoint."""

from __future__ import annotations

from dataclasses import dataclass

from service.audit.checkpoint import SignedHead, parse_decimal, parse_head
from service.audit.leaf import leaf_hash
from service.audit.merkle import HASH_BYTES, verify_inclusion
from service.audit.note import decode_base64, demand_plain_text, encode_base64
from service.errors import ProofError

MAGIC = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63


@dataclass(frozen=True, slots=True)
class EntryProof:
    """That the entry at ``index`` stands in the tree under ``head``; ``path`` goes from leaf to root."""

    index: int
    path: tuple[bytes, ...]
    head: SignedHead

    def __str__(self) -> str:
        """The proof file; we write no extra data."""
        path = "".join(f"{encode_base64(each)}\n" for each in self.path)
        return f"{MAGIC}\nindex {self.index}\n{path}\n{self.head}"

    def verify(self, leaf: bytes) -> None:
        """Raise ProofError unless the path leads from the bytes of ``leaf`` to the head's root.

        The head's signatures are the caller's to check.
        """
        verify_inclusion(leaf_hash(leaf), index=self.index, size=self.head.size, proof=self.path, root=self.head.root)


def parse_proof(raw: bytes | str) -> EntryProof:
    """The proof in a file; ProofError where it is none. An ``extra`` line is read and passed over."""
    text, blank, head = demand_plain_text(raw).partition("\n\n")
    lines = text.split("\n")
    if not blank or lines.pop(0) != MAGIC:
        raise ProofError(f"A proof begins with {MAGIC}.")
    if lines and lines[0].startswith("extra "):
        decode_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise ProofError("The proof lacks its index.")
    index = parse_decimal(lines.pop(0).removeprefix("index "))
    path = tuple(decode_base64(line) for line in lines)
    if len(path) > MAX_PATH or any(len(each) != HASH_BYTES for each in path):
        raise ProofError(f"The path of a proof has at most {MAX_PATH} hashes of {HASH_BYTES} bytes.")
    return EntryProof(index, path, parse_head(head))
