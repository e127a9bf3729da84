"""What is kept of an Idempotency-Key: keyed digests of key and request, which say nothing without the secret.

A plain digest of a request could be guessed from a list of names and birth dates, so it would be personal data; and a
caller may put anything into a key. HMAC-SHA-256 (RFC 2104) under a key of its own, made from the secret that also
signs form tokens. Hosts behind one address share that secret (HIRESCREEN_SECRET_KEY); with another one, a repeated
request counts as another request.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import cached_property

import rfc8785

from service.records import IdempotencyClaim, JsonObject

PURPOSE = b"hirescreen idempotency 1"


class ClaimMaker:
    """Makes claims under a secret, which is asked for when the first one is made."""

    def __init__(self, secret: Callable[[], bytes] | None = None) -> None:
        """Without ``secret`` one is made up that lasts as long as this object."""
        self._secret = secret or (lambda: secrets.token_bytes(32))

    @cached_property
    def _key(self) -> bytes:
        return hmac.digest(self._secret(), PURPOSE, hashlib.sha256)

    def claim(self, key: str, body: JsonObject) -> IdempotencyClaim:
        """The claim of a request on the key that its caller chose: the same request however it is written."""
        return IdempotencyClaim(key=self._digest(b"key", key.encode()), fingerprint=self._digest(b"body", _text(body)))

    def _digest(self, what: bytes, content: bytes) -> str:
        return hmac.digest(self._key, what + b"\0" + content, hashlib.sha256).hex()


def _text(body: JsonObject) -> bytes:
    return rfc8785.dumps(body)
