"""256 bits that two spellings of one name share most of: letter pairs, and pairs of consonants.

Consonant pairs survive a change of vowels (Mohamed, Muhammad), letter pairs survive a change of consonants;
neither crosses the border of a token, so the order of the tokens does not matter.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from service.matching.names import ParsedName, Role

WORDS = 4  # of 64 bits
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=65536)
def _token_bits(sound: str) -> int:
    bits = 0
    for pair in zip(sound, sound[1:], strict=False):
        bits |= 1 << (_number(pair) % 128)
    consonants = [c for c in sound if c not in _VOWELS]
    padded = ["^", *consonants, "$"]
    for pair in zip(padded, padded[1:], strict=False):
        bits |= 1 << (128 + _number(pair) % 128)
    return bits


def _number(pair: tuple[str, str]) -> int:
    return (ord(pair[0]) * 31 + ord(pair[1]) * 7919) % 65521


def bits_of(name: ParsedName) -> npt.NDArray[np.uint64]:
    """The fingerprint of a name; generic words and particles count only where there is nothing else."""
    chosen = [t for t in name.tokens if t.counts] or [t for t in name.tokens if t.role is not Role.LEGAL]
    bits = 0
    for token in chosen:
        bits |= _token_bits(token.sound)
    return np.array([(bits >> (64 * i)) & 0xFFFFFFFFFFFFFFFF for i in range(WORDS)], dtype=np.uint64)
