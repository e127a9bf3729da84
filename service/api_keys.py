"""API keys: ``scr_live_``, 30 random base62 characters, and a checksum of them that needs no database.

The checksum is CRC-32 in six base62 characters (digits, capitals, small letters): a scanner can tell a
leaked key from a look-alike, and a mistyped key is refused without a query. A key carries 178 bits of
chance, so its SHA-256 is stored plain; a slow hash is for passwords.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from binascii import crc32

PREFIX = "scr_live_"
SECRET_SCANNING_PATTERN = r"\bscr_live_[0-9A-Za-z]{36}\b"  # noqa: S105  # a pattern, published for secret scanners

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_LENGTH = 30
_CHECKSUM_LENGTH = 6
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM_LENGTH}}})([0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})")


def generate_key() -> str:
    """A new key; it is shown once and never stored."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return f"{PREFIX}{body}{checksum(body)}"


def checksum(body: str) -> str:
    """The six base62 characters of the CRC-32 of a key's random part."""
    number = crc32(body.encode("ascii"))
    digits = ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


def is_well_formed(key: str) -> bool:
    """Whether ``key`` has the form of a key and its checksum agrees; says nothing about its being valid."""
    match = _FORM.fullmatch(key)
    return match is not None and secrets.compare_digest(checksum(match[1]), match[2])


def fingerprint(key: str) -> bytes:
    """What is stored of a key: its SHA-256, 32 bytes."""
    return hashlib.sha256(key.encode("utf-8")).digest()
