"""The witness behind a webhook: each head as a signed POST in the form of Standard Webhooks."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson

from service.audit.checkpoint import SignedHead
from service.audit.note import VerifierKey
from service.audit.witness import Evidence, EvidenceKind, cosigned, parse_cosigner
from service.errors import ConfigError, ProofError, WitnessError
from service.witnesses.posting import host_of, post

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with
SHORTEST, LONGEST = 24, 64  # bytes of a secret


class WebhookWitness:
    """Posts ``{"type": "audit.head", "timestamp", "data": {origin, size, root, checkpoint}}``.

    ``webhook-id`` is the same for every attempt at one head, so that a receiver can drop repetitions. Where
    ``cosigners`` are given, the answer must hold a cosignature by one of them.
    """

    name = "webhook"
    every_seconds: float | None = None

    def __init__(self, address: str, secrets: Sequence[bytes], cosigners: Sequence[VerifierKey] = ()) -> None:
        self._address = address
        self._secrets = tuple(secrets)
        self._cosigners = tuple(cosigners)

    @property
    def place(self) -> str:
        return host_of(self._address)

    def deliver(self, head: SignedHead) -> Evidence | None:
        """Send one head; the evidence where cosignatures are demanded. WitnessError where it did not get through."""
        now = datetime.now(UTC)
        body = orjson.dumps(
            {
                "type": "audit.head",
                "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "data": {
                    "origin": head.checkpoint.origin,
                    "size": head.size,
                    "root": head.root.hex(),
                    "checkpoint": str(head),
                },
            }
        )
        headers = {"Content-Type": "application/json", **signed(message_id(head), now, body, self._secrets)}
        answer = post(self._address, body, headers)
        if not self._cosigners:
            return None
        try:
            note = cosigned(head, answer, self._cosigners)
        except ProofError as wrong:
            raise WitnessError(f"{self.place}: {wrong}") from wrong
        return Evidence(size=head.size, witness=self.name, kind=EvidenceKind.COSIGNATURE, body=str(note).encode())


def message_id(head: SignedHead) -> str:
    """The id of the message about a head."""
    return f"head_{hashlib.sha256(head.checkpoint.text.encode()).hexdigest()[:32]}"


def signed(message: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 over id, time and body, one signature a secret."""
    seconds = str(int(at.timestamp()))
    content = f"{message}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def read_secrets(path: Path) -> tuple[bytes, ...]:
    """The secrets in a file, one ``whsec_…`` a line; two while one replaces another. ConfigError otherwise."""
    secrets = []
    for line in _lines(path):
        try:
            secret = base64.b64decode(line.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError) as wrong:
            raise ConfigError(f"{path} holds a line that is no webhook secret.") from wrong
        if not line.startswith(SECRET_PREFIX) or not SHORTEST <= len(secret) <= LONGEST:
            raise ConfigError(f"{path}: a secret is whsec_ and base64 of {SHORTEST} to {LONGEST} bytes.")
        secrets.append(secret)
    if not secrets:
        raise ConfigError(f"{path} holds no webhook secret.")
    return tuple(secrets)


def read_cosigners(path: Path) -> tuple[VerifierKey, ...]:
    """The verifier keys (type 0x04) in a file, one a line. ConfigError where one is none, or none is there."""
    try:
        keys = tuple(parse_cosigner(line) for line in _lines(path))
    except ProofError as wrong:
        raise ConfigError(f"{path}: {wrong}") from wrong
    if not keys:
        raise ConfigError(f"{path} holds no verifier key.")
    return keys


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as away:
        raise ConfigError(f"{path} cannot be read.") from away
    return [line.strip() for line in text.splitlines() if line.strip()]
