"""Checkpoints (C2SP tlog-checkpoint v1.0.0): a log's origin, size and root as the text of a signed note."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.audit.merkle import HASH_BYTES
from service.audit.note import Note, decode_base64, demand_name, encode_base64, parse_note
from service.errors import ProofError

DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: ``size`` leaves have the RFC 6962 root ``root`` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed; we write no extension lines."""
        return f"{self.origin}\n{self.size}\n{encode_base64(self.root)}\n"


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint with its signatures, as a note. Parsing one proves nothing: check it by its keys."""

    checkpoint: Checkpoint
    note: Note

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        return self.checkpoint.root

    def __str__(self) -> str:
        """The note, as it is signed, stored and published."""
        return str(self.note)


def parse_decimal(text: str) -> int:
    """A number without sign and leading zeros; ProofError otherwise."""
    if not DECIMAL.fullmatch(text):
        raise ProofError("A number is not written in plain decimal.")
    return int(text)


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in a note's text; ProofError where it is none, or carries lines that we never write."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise ProofError("A checkpoint has three lines: origin, size and root.")
    demand_name(lines[0])
    root = decode_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise ProofError(f"The root of a checkpoint has {HASH_BYTES} bytes.")
    return Checkpoint(lines[0], parse_decimal(lines[1]), root)


def parse_head(raw: bytes | str) -> SignedHead:
    """A signed checkpoint; ProofError where the bytes are none. No signature is checked."""
    note = parse_note(raw)
    return SignedHead(parse_checkpoint(note.text), note)
