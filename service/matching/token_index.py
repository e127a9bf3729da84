"""From the tokens of a query to the names that can reach the threshold, without looking at the others.

A name matches only if a word of it is clearly like a word of the query, and if no real word is left over on both
sides (alignment.py): every word of the query that counts has a like in the listed name, or every word of the
listed name one in the query. So the names with a clearly like word are found first, and the rest is asked of
those alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from service.matching.alignment import CLEAR
from service.matching.likeness import Vocabulary
from service.matching.names import ParsedName, Role, Token
from service.matching.packed import Runs, Table, ends_of, key_of, numbered
from service.matching.spellings import Spellings, pairs_as_one, words_that_count

_LIKES_KEPT = 2_000  # words of queries whose likes are remembered

Places = npt.NDArray[np.int64]
Met = tuple[Places, Places]  # for each name: words of the query that it meets, words of its own that are met


class TokenIndex:
    """The vocabulary of the names of one kind, and where each word stands."""

    def __init__(self, spellings: Spellings, *, organisation: bool) -> None:
        self.organisation = organisation
        words, read = spellings.vocabulary, spellings.read
        numbers, firsts = numbered(words.same)
        different = words.take(firsts)
        self.vocabulary = Vocabulary(different, organisation=organisation)
        self._names = _different(Runs(numbers[read.words.values], read.words.ends), len(different))
        postings = self._names.owners[np.argsort(self._names.values, kind="stable")].astype(np.int32)
        self._postings = Runs(postings, ends_of(np.bincount(self._names.values, minlength=len(different))))
        self._counts = self._names.sizes
        self._own, self._initial = read.own, read.initials
        self._sounds = Table(Runs(different.sound_keys, np.arange(len(different) + 1)))
        self._pairs = Table(read.pairs)
        self._known_likes: dict[tuple[str, str], Places] = {}

    def candidates(self, name: ParsedName) -> set[int]:
        """The numbers of the names with a word clearly like one of these, and words enough that are like at all."""
        if not len(self.vocabulary) or not name.tokens:
            return set()
        chosen = words_that_count(name)
        asked = list(dict.fromkeys(chosen))
        joined = self._joined(asked)
        # one word here that is two words there
        splits = [self._pairs.places([key_of(token.sound)] if token.sound else ()) for token in asked]
        seeds = [self._postings.at(self._clearly_like(token)) for token in asked]
        seeds += [self._postings.at(np.array(sorted(ids), dtype=np.int64)) for ids in joined if ids]
        numbers = np.unique(np.concatenate([*seeds, *splits]).astype(np.int64))
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
        for i, sound in enumerate(pairs_as_one(asked)):
            for known in self._sounds.places([key_of(sound)]).tolist() if sound else ():
                joined[i].add(known)
                joined[i + 1].add(known)
        return joined

    def _met(self, asked: list[Token], joined: list[set[int]], splits: Sequence[Places], numbers: Places) -> Met:
        """How many of the words asked for each name meets, and how many of its own are met."""
        counts = self._counts[numbers]
        words = self._names.at(numbers)
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


def _different(words: Runs, count: int) -> Runs:
    """The words of each name, ascending, each of them once; there are ``count`` words in all."""
    marks = np.unique(words.owners * count + words.values)
    owners, values = np.divmod(marks, max(count, 1))
    return Runs(values.astype(np.int32), ends_of(np.bincount(owners, minlength=len(words))))
