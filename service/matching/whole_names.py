"""Names without their spaces: which of them differ by a slip or two, wherever the spaces stand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from service.matching.bags import bag_of, bags_of, edits
from service.matching.comparison import slips_forgiven
from service.matching.letters import bits_by_owner, letters_of
from service.matching.packed import Texts
from service.matching.spellings import Read

_WORDS = 4  # of 64 bits, for the letter pairs of a name
_MOST_SLIPS = 3
_AT_ONCE = 50_000  # names whose letters are unpacked together
_PAIRS_PER_SLIP = 3  # two letters that change places touch three pairs

Numbers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]


class WholeNames:
    """Spellings of names in the order of their lengths, and the numbers of the names."""

    def __init__(self, spellings: Read) -> None:
        """The names without their spaces, with their legal forms and, where that is another, without."""
        every = Texts.joined([spellings.squeezed, spellings.formless])
        there = np.flatnonzero(every.sizes)
        parts = [_reckoned(every.chosen(part)) for part in np.array_split(there, len(there) // _AT_ONCE + 1)]
        lengths, bags, *columns = (np.concatenate(of_all) for of_all in zip(*parts, strict=True))
        order = np.argsort(lengths, kind="stable")
        self._spellings = every.take(there[order])
        self._numbers = (there[order] % max(len(spellings.texts), 1)).astype(np.int32)
        self._bags, self._columns = bags[order], [column[order] for column in columns]
        self._ends = np.searchsorted(lengths[order], np.arange(int(lengths.max(initial=0)) + 2)).tolist()

    def within_slips(self, spelling: str) -> Places:
        """The numbers of the names that are this spelling but for as many slips as its length forgives."""
        forgiven = slips_forgiven(len(spelling) + _MOST_SLIPS)
        near = self._of_like_letters(spelling, forgiven)
        lacking = np.zeros(len(near), dtype=np.int16)
        besides = np.zeros(len(near), dtype=np.int16)
        for column, word in zip(self._columns, pair_bits(spelling), strict=True):
            there, asked = column[near], np.uint64(word)
            lacking += np.bitwise_count(asked & ~there)
            besides += np.bitwise_count(there & ~asked)
        near = near[np.maximum(lacking, besides) <= forgiven * _PAIRS_PER_SLIP]
        if not len(near):
            return self._numbers[:0]
        found: Places = self._numbers[near[edits(spelling, self._spellings.chosen(near), forgiven) <= forgiven]]
        return found

    def _of_like_letters(self, spelling: str, forgiven: int) -> Numbers:
        """Where the spellings stand that have the same letters but for those that so many slips may change."""
        bag = bag_of(spelling)
        found = []
        for length in range(max(len(spelling) - forgiven, 0), min(len(spelling) + forgiven + 1, len(self._ends) - 1)):
            start, end = self._ends[length], self._ends[length + 1]
            most = 2 * forgiven - abs(length - len(spelling))
            found.append(start + np.flatnonzero(np.bitwise_count(self._bags[start:end] ^ bag) <= most))
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _reckoned(spellings: npt.NDArray[np.object_]) -> list[npt.NDArray[Any]]:
    """Of many spellings their lengths, their letters and the four words of their letter pairs."""
    lengths = np.array([len(spelling) for spelling in spellings], dtype=np.int32)
    return [lengths, bags_of(spellings), *_columns_of_bits(spellings)]


def _columns_of_bits(spellings: npt.NDArray[np.object_]) -> list[npt.NDArray[np.uint64]]:
    """``pair_bits`` of many spellings at once: for each of the four words the bits of every spelling."""
    letters, lengths = letters_of(spellings)
    owner = np.repeat(np.arange(len(spellings)), lengths)
    place = (letters[:-1] * 31 + letters[1:] * 7919) % 65521 % (64 * _WORDS)
    inside = owner[:-1] == owner[1:]
    owner, place = owner[:-1][inside], place[inside]
    columns = []
    for word in range(_WORDS):
        here = place // 64 == word
        columns.append(bits_by_owner(owner[here], place[here] % 64, len(spellings)))
    return columns


def pair_bits(spelling: str) -> tuple[int, ...]:
    """256 bits of the letter pairs of a spelling, as four words."""
    bits = 0
    for one, other in pairwise(spelling):
        bits |= 1 << ((ord(one) * 31 + ord(other) * 7919) % 65521 % (64 * _WORDS))
    return tuple((bits >> (64 * i)) & 0xFFFFFFFFFFFFFFFF for i in range(_WORDS))
