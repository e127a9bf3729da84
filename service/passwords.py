"""Passwords of local accounts, hashed with argon2id (RFC 9106) and checked at the same cost for anyone."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import HirescreenError

SHORTEST = 12
LONGEST = 256  # argon2 would hash a megabyte just as gladly, and let anyone spend our time with it

# OWASP's first choice for argon2id: 46 MiB, one pass. One check costs about 50 ms of one core.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)


class WeakPasswordError(HirescreenError):
    """The password is too short, or longer than can be checked."""


def hash_password(password: str) -> str:
    """The argon2id hash to store, in its encoded form with salt and cost.

    Raises WeakPasswordError for fewer than 12 or more than 256 characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"A password has {SHORTEST} to {LONGEST} characters.")
    return _HASHER.hash(password)


def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether ``password`` is the one behind the hash.

    ``None`` stands for an unknown account: it costs as much as a check and answers False, so that the
    time of an answer does not tell which accounts exist.
    """
    if len(password) > LONGEST:
        return False
    try:
        _HASHER.verify(password_hash or _hash_of_nothing(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _hash_of_nothing() -> str:
    return _HASHER.hash("no account has this password")
