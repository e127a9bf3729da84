"""Names without their spaces: which of them differ by a slip or two, wherever the spaces stand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from service.matching.comparison import slips_forgiven

_WORDS = 4  # of 64 bits, for the letter pairs of a name
_MOST_SLIPS = 3
_PAIRS_PER_SLIP = 3  # two letters that change places touch three pairs

Numbers = npt.NDArray[np.int64]


class WholeNames:
    """Spellings of names in the order of their lengths, and the numbers of the names."""

    def __init__(self, spellings: list[str], numbers: list[int]) -> None:
        lengths = np.array([len(spelling) for spelling in spellings], dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        self._lengths = lengths[order]
        self._spellings = np.array(spellings, dtype=object)[order]
        self._numbers = np.array(numbers, dtype=np.int64)[order]
        bits = [pair_bits(spelling) for spelling in self._spellings]
        columns = list(zip(*bits, strict=True)) or [()] * _WORDS
        self._columns = [np.array(column, dtype=np.uint64) for column in columns]

    def within_slips(self, spelling: str) -> Numbers:
        """The numbers of the names that are this spelling but for as many slips as its length forgives."""
        forgiven = slips_forgiven(len(spelling) + _MOST_SLIPS)
        start, end = np.searchsorted(self._lengths, [len(spelling) - forgiven, len(spelling) + forgiven + 1])
        lacking = np.zeros(end - start, dtype=np.int16)
        besides = np.zeros(end - start, dtype=np.int16)
        for column, word in zip(self._columns, pair_bits(spelling), strict=True):
            there, asked = column[start:end], np.uint64(word)
            lacking += np.bitwise_count(asked & ~there)
            besides += np.bitwise_count(there & ~asked)
        near = start + np.flatnonzero(np.maximum(lacking, besides) <= forgiven * _PAIRS_PER_SLIP)
        if not len(near):
            return self._numbers[:0]
        slips = cdist([spelling], self._spellings[near], scorer=OSA.distance, score_cutoff=forgiven, dtype=np.uint8)[0]
        found: Numbers = self._numbers[near[slips <= forgiven]]
        return found


def pair_bits(spelling: str) -> tuple[int, ...]:
    """256 bits of the letter pairs of a spelling, as four words."""
    bits = 0
    for one, other in pairwise(spelling):
        bits |= 1 << ((ord(one) * 31 + ord(other) * 7919) % 65521 % (64 * _WORDS))
    return tuple((bits >> (64 * i)) & 0xFFFFFFFFFFFFFFFF for i in range(_WORDS))
