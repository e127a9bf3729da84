"""Words as bags of letters and of letter pairs: most words of a vocabulary are ruled out by a few bits of each.

No edit changes more than two letters of a bag, nor more than three pairs; the words that are left are compared
in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from service.matching.letters import bits_by_owner, letters_of
from service.matching.names import Token
from service.matching.tokens import FIRST_LETTER

if TYPE_CHECKING:
    from service.matching.lexicon import Words

Ids = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.int32]
Distances = npt.NDArray[np.uint8]

_LETTERS = {letter: place for place, letter in enumerate("bcdfghjklmnpqrstvwxz")}  # y is a vowel here
_COPIES = 3  # of one letter that are told apart
_VOWEL_PLACE = len(_LETTERS) * _COPIES  # the vowels, all alike, take the bits that are left
_VOWEL_COPIES = 64 - _VOWEL_PLACE
_ROUNDING = 1e-6
_FEW = 24  # words that are sooner compared one by one
_PAIRS_PER_EDIT = 3  # two letters that change places touch three pairs
_VOWELS = frozenset("aeiou")
_IS_VOWEL = np.isin(np.arange(128), [ord(vowel) for vowel in _VOWELS])
_PLACES = {**{place * _COPIES: _COPIES for place in _LETTERS.values()}, _VOWEL_PLACE: _VOWEL_COPIES}
_PLACE_OF = np.full(128, -1, dtype=np.int16)
for _letter, _place in _LETTERS.items():
    _PLACE_OF[ord(_letter)] = _place * _COPIES
_PLACE_OF[[ord(vowel) for vowel in _VOWELS]] = _VOWEL_PLACE


class Compared(NamedTuple):
    """What is compared of each of some words: its letters, how many, and the bags of them and of their pairs."""

    letters: npt.NDArray[Any]
    lengths: npt.NDArray[np.int16]
    bags: Bits
    pairs: Bits


class Bags:
    """Words as bags of letters and of letter pairs, in the order of their lengths."""

    def __init__(self, compared: Compared, words: Words, chosen: Flags) -> None:
        numbers = np.flatnonzero(chosen)
        self._order = numbers[np.argsort(compared.lengths[numbers], kind="stable")]
        self._letters = compared.letters
        self._bags, self._pairs = compared.bags[self._order], compared.pairs[self._order]
        lengths = compared.lengths[self._order]
        self._text_lengths = words.lengths[self._order]
        self._firsts, self._first_sounds = words.firsts[self._order], words.first_sounds[self._order]
        self._longest = int(words.lengths.max(initial=0))
        self._ends = np.searchsorted(lengths, np.arange(int(lengths.max(initial=0)) + 2)).tolist()
        self._longest_texts = [int(self._text_lengths[start:end].max(initial=0)) for start, end in pairwise(self._ends)]

    def within(self, word: str, token: Token, share: float, at_least: float = 0.0) -> Ids:
        """The words that are fewer edits from ``word`` than like words may cost; first by their letters, then exactly.

        ``share``: what is borne for each letter of the longer text, ``at_least`` being spent already; texts are
        compared only while the longer has at most half as many letters again.
        """
        text, sound, text_length = token.text, token.sound, len(token.text)
        furthest = int(3 * (text_length + 1) // 2 * share - at_least + _ROUNDING)
        bag = bag_of(word)
        by_length = np.maximum(np.arange(self._longest + 1), text_length) * share - at_least + _ROUNDING
        allowed = by_length.astype(np.int16)
        near = self._of_like_letters(bag, len(word), np.minimum(allowed, furthest).tolist())
        near = near[_lacking(self._bags[near], bag) <= allowed[self._text_lengths[near]]]
        if not len(near):
            return near
        dearer = (by_length - FIRST_LETTER).astype(np.int16)  # -0.4 is 0 as well: a letter too many, never too few
        lengths = self._text_lengths[near]
        otherwise = begins_otherwise(text, sound, self._firsts[near], self._first_sounds[near])
        borne = np.where(otherwise, dearer[lengths], allowed[lengths])
        like = _lacking(self._pairs[near], pairs_in(word)) <= borne * _PAIRS_PER_EDIT
        near, borne = near[like], borne[like]
        found: Ids = self._order[near[edits(word, self._letters[self._order[near]], furthest) <= borne]]
        return found

    def _of_like_letters(self, bag: np.uint64, length: int, allowed: list[int]) -> Ids:
        """Where the words stand whose letters are so few edits away as are ``allowed`` for the length of the text.

        An edit changes two letters at most, one if it makes the word longer or shorter.
        """
        found = []
        for other in range(max(length - allowed[-1], 0), min(length + allowed[-1] + 1, len(self._longest_texts))):
            start, end = self._ends[other], self._ends[other + 1]
            most = 2 * allowed[self._longest_texts[other]] - abs(other - length)
            if most >= abs(other - length) and start < end:
                found.append(start + np.flatnonzero(np.bitwise_count(self._bags[start:end] ^ bag) <= most))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def bag_of(word: str) -> np.uint64:
    """The letters of a word (vowels all alike) without their order, up to three of each: one bit a copy."""
    counts: dict[int, int] = {}
    bits = 0
    for letter in word:
        place = _LETTERS.get(letter, -1) * _COPIES
        if place >= 0:
            copies, most = counts.get(place, 0), _COPIES
        elif letter in _VOWELS:
            place, most = _VOWEL_PLACE, _VOWEL_COPIES
            copies = counts.get(place, 0)
        else:
            continue
        counts[place] = copies + 1
        if copies < most:
            bits |= 1 << (place + copies)
    return np.uint64(bits)


def pairs_in(word: str) -> np.uint64:
    """The pairs of neighbouring letters of a word, its ends too, each as one of 64 bits."""
    bits = 0
    for one, other in pairwise(f"^{word}$"):
        bits |= 1 << ((ord(one) * 31 + ord(other) * 7919) % 65521 % 64)
    return np.uint64(bits)


def begins_otherwise(text: str, sound: str, firsts: Letters, first_sounds: Letters) -> Flags:
    """Which of the words begin otherwise than this one does, to the eye and to the ear."""
    differs: Flags = (firsts != ord(text[0])) & (first_sounds != (ord(sound[0]) if sound else 0))
    if text[0] in _VOWELS:
        differs &= ~_IS_VOWEL[np.minimum(firsts, 127)]
    return differs


def bags_of(words: npt.NDArray[np.object_]) -> npt.NDArray[np.uint64]:
    """``bag_of`` of many words at once."""
    letters, lengths = letters_of(words)
    owner = np.repeat(np.arange(len(words)), lengths)
    bags = np.zeros(len(words), dtype=np.uint64)
    places = _PLACE_OF[np.minimum(letters, 127)]
    for place, most in _PLACES.items():
        counts = np.bincount(owner[places == place], minlength=len(words))
        copies = np.minimum(counts, most).astype(np.uint64)
        bags |= ((np.uint64(1) << copies) - np.uint64(1)) << np.uint64(place)
    return bags


def pairs_of(words: npt.NDArray[np.object_]) -> npt.NDArray[np.uint64]:
    """``pairs_in`` of many words at once."""
    letters, lengths = letters_of([f"^{word}$" for word in words])
    owner = np.repeat(np.arange(len(words)), lengths)
    place = (letters[:-1] * 31 + letters[1:] * 7919) % 65521 % 64
    inside = owner[:-1] == owner[1:]
    return bits_by_owner(owner[:-1][inside], place[inside], len(words))


def _lacking(bags: npt.NDArray[np.uint64], bag: np.uint64) -> Distances:
    """How many bits each bag lacks of ``bag`` or has besides, whichever is more."""
    more: Distances = np.bitwise_count(bags & ~bag)
    less: Distances = np.bitwise_count(~bags & bag)
    return np.maximum(more, less)


def edits(word: str, others: npt.NDArray[Any], cutoff: int) -> Distances:
    """The optimal string alignment distance of a word and each of some others; above ``cutoff`` one more than it."""
    if len(others) <= _FEW:
        distances = (OSA.distance(word, other, score_cutoff=cutoff) for other in others)
        return np.fromiter(distances, dtype=np.uint8, count=len(others))
    found: Distances = cdist([word], others, scorer=OSA.distance, score_cutoff=cutoff, dtype=np.uint8)[0]
    return found


def first_letters(words: Iterable[str]) -> Letters:
    """The code point of the first letter of each word, 0 where there is none."""
    return np.array([ord(word[0]) if word else 0 for word in words], dtype=np.int32)
