"""Signed notes as C2SP writes them (signed-note v1.0.0), without cryptography: text, signatures, keys.

A note is a text that ends in a newline, an empty line, and signature lines. Reading is strict, because
what a lenient reader takes for the same note is not what was signed: lines end at ``\\n`` alone, control
characters are refused, and base64 must be the one form that encoding gives.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from service.errors import ProofError

ED25519 = 1
ED25519_KEY_BYTES = 32
KEY_ID_BYTES = 4
DASH = "\u2014 "  # an em dash and a space open a signature line
MAX_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under the name by which it signs; ``kind`` is the signature type, 1 for Ed25519."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """The key as one line: name, key id and key, joined by plus signs."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.public)}"


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who signed, by which key id, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed note; nothing about its signatures has been checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        lines = [f"{DASH}{each.name} {encode_base64(each.key_id + each.value)}\n" for each in self.signatures]
        return f"{self.text}\n{''.join(lines)}"


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes of canonical standard base64; ProofError for any other text, also one that decodes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise ProofError("What should be base64 is not.") from wrong
    if encode_base64(data) != text:
        raise ProofError("Base64 is not in its canonical form.")
    return data


def parse_key(line: str) -> VerifierKey:
    """The key of one line ``name+id+base64``; ProofError where the id does not fit or the type is unknown."""
    parts = line.split("+", 2)  # base64 may hold plus signs
    if len(parts) != 3:
        raise ProofError("A verifier key is written name+id+key.")
    name, key_id, material = parts[0], parts[1], decode_base64(parts[2])
    demand_name(name)
    if len(material) != 1 + ED25519_KEY_BYTES or material[0] != ED25519:
        raise ProofError("The verifier key is not an Ed25519 key.")
    key = VerifierKey(name, material[0], material[1:])
    if key.key_id.hex() != key_id:
        raise ProofError("The verifier key's id does not fit its name and key.")
    return key


def parse_note(raw: bytes | str) -> Note:
    """The note in these bytes; ProofError where they are not exactly one note."""
    message = demand_plain_text(raw)
    text, blank, lines = message.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise ProofError("The note has no signatures, or does not end with a newline.")
    signatures = tuple(_parse_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise ProofError(f"The note has more than {MAX_SIGNATURES} signatures.")
    if len({(each.name, each.key_id) for each in signatures}) < len(signatures):
        raise ProofError("The note holds two signatures by one key.")
    return Note(text + "\n", signatures)


def make_note(text: str, signatures: Iterable[NoteSignature]) -> Note:
    """A note of ``text``, which must end in a newline; ProofError where no reader would take it."""
    note = Note(text, tuple(signatures))
    if parse_note(str(note)) != note:
        raise ProofError("The text cannot stand in a note.")
    return note


def demand_plain_text(raw: bytes | str) -> str:
    """UTF-8 text without control characters but newline; ProofError otherwise."""
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        text.encode("utf-8")  # a str may hold lone surrogates
    except UnicodeError as wrong:
        raise ProofError("The text is not UTF-8.") from wrong
    if any(character < " " and character != "\n" for character in text):
        raise ProofError("The text holds a control character.")
    return text


def demand_name(name: str) -> None:
    """ProofError unless ``name`` can name a key: not empty, without spaces and plus signs."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise ProofError("A key's name is not empty and holds neither spaces nor plus signs.")
    demand_plain_text(name)


def _parse_signature(line: str) -> NoteSignature:
    if not line.startswith(DASH):
        raise ProofError("A signature line does not begin with an em dash and a space.")
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not space:
        raise ProofError("A signature line lacks its signature.")
    demand_name(name)
    material = decode_base64(encoded)
    if len(material) <= KEY_ID_BYTES:
        raise ProofError("A signature is too short.")
    return NoteSignature(name, material[:KEY_ID_BYTES], material[KEY_ID_BYTES:])
