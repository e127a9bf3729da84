"""The witness that is a timestamp authority (RFC 3161): it signs that a head existed at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509

from service.audit.checkpoint import SignedHead
from service.audit.witness import Evidence, EvidenceKind
from service.errors import ConfigError, WitnessError
from service.witnesses.posting import host_of, post

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest

HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class TimestampWitness:
    """Has the newest head stamped every so often: one stamp covers every earlier head.

    The token is verified when it comes: over this note, for this question (nonce), by a certificate for
    timestamping that leads to one of ``certificates``.
    """

    name = "timestamp"

    def __init__(self, address: str, certificates: list[x509.Certificate], every_seconds: float) -> None:
        self._address = address
        self._certificates = certificates
        self.every_seconds: float | None = every_seconds

    @property
    def place(self) -> str:
        return host_of(self._address)

    def deliver(self, head: SignedHead) -> Evidence | None:
        """The verified answer of the authority; WitnessError where there is none."""
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # noqa: PLC0415 - an extra

        note = str(head).encode()
        request = (
            TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True)
        ).build()
        answer = post(self._address, request.as_bytes(), HEADERS)
        self._verify(answer, request, note)
        return Evidence(size=head.size, witness=self.name, kind=EvidenceKind.TIMESTAMP, body=answer)

    def _verify(self, answer: bytes, request: TimeStampRequest, note: bytes) -> None:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response  # noqa: PLC0415

        builder = VerifierBuilder.from_request(request)
        for certificate in self._certificates:
            if certificate.issuer == certificate.subject:
                builder = builder.add_root_certificate(certificate)
            else:
                builder = builder.add_intermediate_certificate(certificate)
        try:
            response = decode_timestamp_response(answer)
            builder.build().verify(response, hashlib.sha256(note).digest())
        except (VerificationError, ValueError) as wrong:
            raise WitnessError(f"{self.place} gave no valid timestamp ({wrong})") from wrong


def read_certificates(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, at least one of them a root. ConfigError otherwise, or without the extra."""
    try:
        import rfc3161_client  # noqa: F401, PLC0415 - an extra
    except ImportError as missing:
        raise ConfigError("Timestamps need an extra: install hirescreen[timestamp].") from missing
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as away:
        raise ConfigError(f"{path} holds no certificates in PEM form.") from away
    if not any(each.issuer == each.subject for each in found):
        raise ConfigError(f"{path} holds no root certificate.")
    return found
