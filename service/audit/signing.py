"""Ed25519 keys that sign checkpoints: kept in one file outside the database, rotated with an overlap.

The file holds the secret seeds; it is readable by its owner alone and replaced whole. A key signs under
the name of the log's origin, so one key has one verifier key for each origin that it ever signed for.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.audit.checkpoint import Checkpoint, SignedHead
from service.audit.note import ED25519, Note, NoteSignature, VerifierKey, decode_base64, encode_base64, make_note
from service.errors import ConfigError, ProofError

SEED_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret Ed25519 key; it signs until ``signs_until``, without end where that is None."""

    seed: bytes
    created_at: datetime
    signs_until: datetime | None = None

    def __repr__(self) -> str:
        return f"SigningKey(created_at={self.created_at.isoformat()})"  # never the seed

    def signs_at(self, moment: datetime) -> bool:
        return self.signs_until is None or moment < self.signs_until

    def verifier(self, name: str) -> VerifierKey:
        """The public key under the name of an origin."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(name, ED25519, public)

    def sign(self, name: str, text: str) -> NoteSignature:
        """The signature over ``text`` in the name of an origin."""
        value = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return NoteSignature(name, self.verifier(name).key_id, value)


def sign_checkpoint(checkpoint: Checkpoint, keys: Iterable[SigningKey]) -> SignedHead:
    """The checkpoint as a note with a signature by each of the keys."""
    signatures = (key.sign(checkpoint.origin, checkpoint.text) for key in keys)
    return SignedHead(checkpoint, make_note(checkpoint.text, signatures))


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Those of ``keys`` that signed the note, at least one.

    Signatures by other keys are passed over; ProofError where one by a given key is wrong, or none is there.
    """
    known = {(key.name, key.key_id): key for key in keys}
    signers = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, note.text.encode())
        except (InvalidSignature, ValueError) as wrong:
            raise ProofError(f"The signature by {key.name} ({key.key_id.hex()}) is wrong.") from wrong
        signers.append(key)
    if not signers:
        raise ProofError("The note is signed by none of the given keys.")
    return tuple(signers)


class KeyRing:
    """The signing keys in one file, oldest first; ConfigError where the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> tuple[SigningKey, ...]:
        """Every key that this host ever signed with; empty where none was generated."""
        try:
            rows = json.loads(self.path.read_text("utf-8"))
            return tuple(_key(row) for row in rows)
        except FileNotFoundError:
            return ()
        except (ValueError, KeyError, TypeError, ProofError, OSError) as wrong:
            raise ConfigError(f"The signing keys in {self.path} cannot be read.") from wrong

    def signing(self, moment: datetime) -> tuple[SigningKey, ...]:
        """The keys that sign at ``moment``, the newest last."""
        return tuple(key for key in self.all() if key.signs_at(moment))

    def verifiers(self, name: str) -> tuple[VerifierKey, ...]:
        """The public keys of all, retired ones too, under the name of an origin."""
        return tuple(key.verifier(name) for key in self.all())

    def generate(self) -> SigningKey:
        """The first key; ConfigError where there is one already (rotate it instead)."""
        if self.all():
            raise ConfigError(f"{self.path} holds a signing key already; rotate it instead.")
        return self._add(())

    def rotate(self, overlap: timedelta) -> SigningKey:
        """A new key; those that signed so far sign beside it for ``overlap``, and then no longer."""
        keys = self.all()
        if not keys:
            raise ConfigError("There is no signing key to rotate; generate one.")
        until = datetime.now(UTC) + overlap
        return self._add(key if key.signs_until else replace(key, signs_until=until) for key in keys)

    def _add(self, earlier: Iterable[SigningKey]) -> SigningKey:
        new = SigningKey(secrets.token_bytes(SEED_BYTES), datetime.now(UTC))
        self._write([*earlier, new])
        return new

    def _write(self, keys: list[SigningKey]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump([_row(key) for key in keys], file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            sync_folder(self.path.parent)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: a new file is safe only once its folder is on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key(row: dict[str, str | None]) -> SigningKey:
    seed = decode_base64(str(row["seed"]))
    if len(seed) != SEED_BYTES:
        raise ProofError(f"A seed has {SEED_BYTES} bytes.")
    until = row["signs_until"]
    return SigningKey(
        seed, datetime.fromisoformat(str(row["created_at"])), datetime.fromisoformat(until) if until else None
    )


def _row(key: SigningKey) -> dict[str, str | None]:
    return {
        "seed": encode_base64(key.seed),
        "created_at": key.created_at.isoformat(),
        "signs_until": key.signs_until.isoformat() if key.signs_until else None,
    }
