"""From the tokens of a query to the names that can reach the threshold, without looking at the others.

A name matches only if a word of it is clearly like a word of the query, and if no real word is left over on both
sides (alignment.py): every word of the query that counts has a like in the listed name, or every word of the
listed name one in the query. So the names with a clearly like word are found first, and the rest is asked of
those alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from service.matching.alignment import CLEAR
from service.matching.letters import ranges
from service.matching.likeness import Vocabulary
from service.matching.names import ParsedName, Role, Token
from service.matching.transliterate import sound_key

_LIKES_KEPT = 2_000  # words of queries whose likes are remembered

Places = npt.NDArray[np.int64]
Met = tuple[Places, Places]  # for each name: words of the query that it meets, words of its own that are met


class TokenIndex:
    """The vocabulary of the names of one kind, and where each word stands."""

    def __init__(self, *, organisation: bool) -> None:
        self.organisation = organisation
        self.vocabulary = Vocabulary(organisation=organisation)
        self._words: list[list[int]] = []
        self._owns: list[bool] = []
        self._initials: list[bool] = []
        self._sounds: dict[str, list[int]] = defaultdict(list)
        self._pairs: dict[str, list[int]] = defaultdict(list)
        self._known_likes: dict[tuple[str, str], Places] = {}

    def add(self, number: int, name: ParsedName) -> None:
        """Index the name with this number; numbers are given in order from 0."""
        chosen = words_that_count(name)
        self._words.append(sorted({self._id(t) for t in chosen}))
        for sound in set(_pairs_as_one(chosen)) - {""}:
            self._pairs[sound].append(number)
        self._owns.append(any(t.counts for t in chosen))
        self._initials.append(any(t.role is Role.INITIAL for t in name.tokens))

    def _id(self, token: Token) -> int:
        known = len(self.vocabulary)
        number = self.vocabulary.add(token)
        if number == known:
            self._sounds[token.sound].append(number)
        return number

    def freeze(self) -> None:
        """Pack what was added into arrays; nothing can be added afterwards."""
        self.vocabulary.freeze()
        self._counts = np.array([len(words) for words in self._words], dtype=np.int64)
        self._name_ends = _ends(self._counts)
        self._name_words = np.array([word for words in self._words for word in words], dtype=np.int64)
        order = np.argsort(self._name_words, kind="stable")
        self._posting_names = np.repeat(np.arange(len(self._counts)), self._counts)[order]
        self._posting_ends = _ends(np.bincount(self._name_words, minlength=len(self.vocabulary)))
        self._own = np.array(self._owns, dtype=np.bool_)
        self._initial = np.array(self._initials, dtype=np.bool_)
        self._words, self._owns, self._initials = [], [], []
        self._sounds, self._pairs = dict(self._sounds), dict(self._pairs)

    def candidates(self, name: ParsedName) -> set[int]:
        """The numbers of the names with a word clearly like one of these, and words enough that are like at all."""
        if not len(self.vocabulary) or not name.tokens:
            return set()
        chosen = words_that_count(name)
        asked = list(dict.fromkeys(chosen))
        joined = self._joined(asked)
        splits = [self._pairs.get(token.sound, ()) for token in asked]  # one word here that is two words there
        seeds = [self._postings_of(self._clearly_like(token)) for token in asked]
        seeds += [self._postings_of(np.array(sorted(ids), dtype=np.int64)) for ids in joined if ids]
        numbers = np.unique(np.concatenate([*seeds, *(np.array(split, dtype=np.int64) for split in splits)]))
        if not len(numbers):
            return set()
        met = self._met(asked, joined, splits, numbers)
        own = any(t.counts for t in chosen)
        fits = self._fits(name, numbers, own=own, asked=len(asked), met=met)
        found: set[int] = set(numbers[fits].tolist())
        return found

    def _joined(self, asked: list[Token]) -> list[set[int]]:
        """For each word, the words of the vocabulary that it makes with the next or the last one."""
        joined: list[set[int]] = [set() for _ in asked]
        for i, sound in enumerate(_pairs_as_one(asked)):
            for known in self._sounds.get(sound, ()) if sound else ():
                joined[i].add(known)
                joined[i + 1].add(known)
        return joined

    def _postings_of(self, words: Places) -> Places:
        if not len(words):
            return words
        starts, ends = self._posting_ends[words], self._posting_ends[words + 1]
        return self._posting_names[ranges(starts, ends - starts)]

    def _met(self, asked: list[Token], joined: list[set[int]], splits: Sequence[Sequence[int]], numbers: Places) -> Met:
        """How many of the words asked for each name meets, and how many of its own are met."""
        counts = self._counts[numbers]
        words = self._name_words[ranges(self._name_ends[numbers], counts)]
        different, places = np.unique(words, return_inverse=True)
        firsts = np.cumsum(counts) - counts
        of_query = np.zeros(len(numbers), dtype=np.int64)
        any_met = np.zeros(len(words), dtype=np.bool_)
        by_split = np.zeros(len(numbers), dtype=np.int64)
        for token, ids, split in zip(asked, joined, splits, strict=True):
            like = self.vocabulary.like_among(token, different)
            if ids:
                like |= np.isin(different, sorted(ids))
            met = like[places]
            any_met |= met
            split_here = np.isin(numbers, split)
            of_query += (np.add.reduceat(met, firsts, dtype=np.int64) > 0) | split_here
            by_split += 2 * split_here
        return of_query, np.add.reduceat(any_met, firsts, dtype=np.int64) + by_split

    def _fits(self, name: ParsedName, numbers: Places, *, own: bool, asked: int, met: Met) -> npt.NDArray[np.bool_]:
        of_query, of_listed = met
        counts, has_own = self._counts[numbers], self._own[numbers]
        fits: npt.NDArray[np.bool_]
        if not own:
            fits = (~has_own) & (of_listed * 2 >= np.minimum(counts, asked))
            return fits
        fits = has_own & ((of_query >= asked) | ((of_listed >= counts) & (of_listed > 0)))
        if self.organisation:
            return fits
        has_initial = any(t.role is Role.INITIAL for t in name.tokens)
        several = np.maximum(of_query, of_listed) >= 2
        if asked == 1:
            return fits if has_initial else fits & ((counts <= 1) | (of_listed >= 2))
        return fits & (several | (self._initial[numbers] & (counts <= 1)))

    def _clearly_like(self, token: Token) -> Places:
        """The words of the vocabulary of which one is in every name that may match."""
        key = (token.text, token.written if token.abjad else "")
        known = self._known_likes.get(key)
        if known is None:
            if len(self._known_likes) >= _LIKES_KEPT:
                self._known_likes.clear()
            known = self._known_likes[key] = self.vocabulary.like(token, CLEAR)
        return known


def _ends(sizes: Places) -> Places:
    """Where each of some runs that lie one behind the other begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def words_that_count(name: ParsedName) -> list[Token]:
    """The words whose absence on both sides would contradict; where there are none, all but legal forms."""
    own = [t for t in name.tokens if t.counts]
    return own or [t for t in name.tokens if t.role not in (Role.LEGAL, Role.PARTICLE)] or list(name.tokens)


def _pairs_as_one(tokens: list[Token]) -> list[str]:
    """The sound of each two neighbours written as one word; an empty string where they cannot be."""
    return ["" if a.abjad or b.abjad else sound_key(a.text + b.text) for a, b in pairwise(tokens)]
