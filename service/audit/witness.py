"""What a witness answers: cosignatures (C2SP tlog-cosignature v1.0.1) and timestamps, kept beside the head.

A cosignature says that a witness saw this head at a time, and none that contradicts it. It stands in the
note after the log's own signatures, so one file carries all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.audit.checkpoint import SignedHead, parse_head
from service.audit.note import (
    DASH,
    ED25519_KEY_BYTES,
    Note,
    NoteSignature,
    VerifierKey,
    decode_base64,
    demand_name,
    demand_plain_text,
    parse_note,
)
from service.errors import ProofError

COSIGNATURE = 4
TIME_BYTES = 8
SIGNATURE_BYTES = 64
MOST_LINES = 32


class EvidenceKind(StrEnum):
    """What a witness gave: an RFC 3161 response, or the note with cosignatures."""

    TIMESTAMP = "timestamp"
    COSIGNATURE = "cosignature"


ENDINGS = {EvidenceKind.TIMESTAMP: "tsr", EvidenceKind.COSIGNATURE: "cosigned"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What a witness gave for the head of ``size``.

    ``body``: of a timestamp the TimeStampResp (DER) over the bytes of the note as the log signed it; of a
    cosignature that note with the witness's signature lines after it.
    """

    size: int
    witness: str
    kind: EvidenceKind
    body: bytes

    @property
    def file_name(self) -> str:
        """Its name among others in a folder."""
        return f"{self.size}.{self.witness}.{ENDINGS[self.kind]}"


def parse_cosigner(line: str) -> VerifierKey:
    """The key of a witness in one line ``name+id+base64``; ProofError unless it is a type 0x04 key."""
    parts = line.split("+", 2)
    if len(parts) != 3:
        raise ProofError("A verifier key is written name+id+key.")
    name, key_id, material = parts[0], parts[1], decode_base64(parts[2])
    demand_name(name)
    if len(material) != 1 + ED25519_KEY_BYTES or material[0] != COSIGNATURE:
        raise ProofError("The verifier key is not that of a witness (type 0x04).")
    key = VerifierKey(name, material[0], material[1:])
    if key.key_id.hex() != key_id:
        raise ProofError("The verifier key's id does not fit its name and key.")
    return key


def cosigned_text(text: str, at: int) -> bytes:
    """The bytes that a witness signs over a checkpoint's text at a time (seconds since 1970)."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def verify_cosignature(text: str, signature: NoteSignature, key: VerifierKey) -> datetime:
    """The time at which ``key`` saw the checkpoint; ProofError where the signature is wrong."""
    value = signature.value
    if len(value) != TIME_BYTES + SIGNATURE_BYTES:
        raise ProofError(f"The cosignature by {key.name} has {len(value)} bytes.")
    at = int.from_bytes(value[:TIME_BYTES])
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value[TIME_BYTES:], cosigned_text(text, at))
        return datetime.fromtimestamp(at, UTC)
    except (InvalidSignature, ValueError, OverflowError, OSError) as wrong:
        raise ProofError(f"The cosignature by {key.name} ({key.key_id.hex()}) is wrong.") from wrong


def cosigned(head: SignedHead, answer: bytes, keys: Iterable[VerifierKey]) -> SignedHead:
    """The head with the cosignatures in a witness's answer (signature lines, or the note with them).

    Lines by other keys are passed over. ProofError where one by a given key is wrong, or none is there.
    """
    text = demand_plain_text(answer)
    lines = [line for line in text.split("\n") if line.startswith(DASH)][:MOST_LINES]
    known = {(key.name, key.key_id): key for key in keys}
    if not lines:
        raise ProofError("The answer holds no signature line.")
    note = parse_note(head.checkpoint.text + "\n" + "\n".join(dict.fromkeys(lines)) + "\n")
    ours = [each for each in note.signatures if (each.name, each.key_id) in known]
    if not ours:
        raise ProofError("The answer holds no cosignature by a configured key.")
    for each in ours:
        verify_cosignature(head.checkpoint.text, each, known[each.name, each.key_id])
    return parse_head(str(Note(head.note.text, (*head.note.signatures, *ours))))
