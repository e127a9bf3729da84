"""Bits that two spellings of one token, or of one name, share most of: letter pairs and pairs of consonants.

Consonant pairs survive a change of vowels (Mohamed, Muhammad) and meet words in scripts without vowels; letter
pairs survive a change of consonants. A whole name is taken without its spaces, so it does not matter where they stand.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from service.matching.names import ParsedName, Token
from service.matching.transliterate import skeleton

TOKEN_BITS = 64  # for letter pairs, and as many for consonant pairs
NAME_WORDS = 4  # of 64 bits


@lru_cache(maxsize=131072)
def token_bits(word: str, sound: str) -> tuple[int, int]:
    """(letter pairs of the sound, consonant pairs of the word): 64 bits each."""
    letters = 0
    for pair in pairwise(f"{sound}$"):
        letters |= 1 << (_number(pair) % TOKEN_BITS)
    consonants = 0
    for pair in pairwise(f"^{skeleton(word).replace(chr(39), '')}$"):
        consonants |= 1 << (_number(pair) % TOKEN_BITS)
    return letters, consonants


def bits_of_token(token: Token) -> tuple[int, int]:
    """The bits of a token; a word in Arabic script has consonants only."""
    return token_bits(token.written, "") if token.abjad else token_bits(token.text, token.sound)


def _number(pair: tuple[str, str]) -> int:
    return (ord(pair[0]) * 31 + ord(pair[1]) * 7919) % 65521


def name_bits(name: ParsedName) -> tuple[int, ...]:
    """256 bits of the letter pairs of a whole name without its spaces, as four words."""
    bits = 0
    for pair in pairwise(name.squeezed):
        bits |= 1 << (_number(pair) % (64 * NAME_WORDS))
    return tuple((bits >> (64 * i)) & 0xFFFFFFFFFFFFFFFF for i in range(NAME_WORDS))
