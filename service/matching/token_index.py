"""From the tokens of a query to the names that can reach the threshold, without looking at the others.

A name matches only if no real word is left over on both sides (alignment.py), so every word of the query that
counts must have a like in the listed name, or every word of the listed name one in the query. Like words are
found by a sweep over the vocabulary's bits and confirmed by the very measure that the alignment uses. Names
that are written as one word where the other has two are found by a sweep over whole names.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from service.matching.alignment import token_similarity
from service.matching.fingerprint import NAME_WORDS, bits_of_token, name_bits
from service.matching.names import ParsedName, Role, Token
from service.matching.organisations import soft_start
from service.matching.tokens import LEAST, coarse, similarity
from service.matching.transliterate import skeleton, sound_key

_EDITS = 0.37  # edits of the coarse sound per letter; with more two words are never alike
_LIKES_KEPT = 20_000  # words of queries whose likes are remembered
_NAME_SHARE = 0.6  # of the bits of the poorer name, for names that are cut otherwise
_NAMES_KEPT = 40  # of the names that share most bits

Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


class TokenIndex:
    """The vocabulary of the names of one kind, and where each word stands."""

    def __init__(self, *, organisation: bool) -> None:
        self.organisation = organisation
        self._ids: dict[tuple[str, str, bool], int] = {}
        self._tokens: list[Token] = []
        self._postings: list[list[int]] = []
        self._soft: dict[str, list[int]] = defaultdict(list)
        self._sounds: dict[str, list[int]] = defaultdict(list)
        self._pairs: dict[str, list[int]] = defaultdict(list)
        self._counts: list[int] = []
        self._own: list[bool] = []
        self._initial: list[bool] = []
        self._names: list[tuple[int, ...]] = []
        self._known_likes: dict[tuple[str, str], tuple[int, ...]] = {}

    def add(self, number: int, name: ParsedName) -> None:
        """Index the name with this number; numbers are given in order from 0."""
        chosen = words_that_count(name)
        ids = {self._id(t) for t in chosen}
        for i in ids:
            self._postings[i].append(number)
        for sound in set(_pairs_as_one(chosen)):
            self._pairs[sound].append(number)
        self._counts.append(len(ids))
        self._own.append(any(t.counts for t in chosen))
        self._initial.append(any(t.role is Role.INITIAL for t in name.tokens))
        self._names.append(name_bits(name))

    def _id(self, token: Token) -> int:
        key = (token.text, token.written if token.abjad else "", token.counts)
        known = self._ids.get(key)
        if known is None:
            known = self._ids[key] = len(self._tokens)
            self._tokens.append(token)
            self._postings.append([])
            self._sounds[token.sound].append(known)
            if self.organisation and token.counts:
                self._soft[soft_start(token.text)].append(known)
        return known

    def freeze(self) -> None:
        """Pack what was added into arrays; nothing can be added afterwards."""
        bits = [bits_of_token(t) for t in self._tokens]
        self.letters = np.array([b[0] for b in bits], dtype=np.uint64)
        self.consonants = np.array([b[1] for b in bits], dtype=np.uint64)
        self.abjad = np.array([t.abjad for t in self._tokens], dtype=np.bool_)
        self.lengths = np.array([len(t.text) for t in self._tokens], dtype=np.int64)
        self._coarse = [coarse(t.sound) for t in self._tokens]
        self._skeletons = [skeleton(t.written if t.abjad else t.text) for t in self._tokens]
        self.letter_sizes = np.bitwise_count(self.letters).astype(np.uint8)
        self.consonant_sizes = np.bitwise_count(self.consonants).astype(np.uint8)
        self.posting_arrays: list[Numbers] = [np.array(p, dtype=np.int32) for p in self._postings]
        self.counts = np.array(self._counts, dtype=np.int16)
        self.own = np.array(self._own, dtype=np.bool_)
        self.initial = np.array(self._initial, dtype=np.bool_)
        columns = list(zip(*self._names, strict=True)) or [()] * NAME_WORDS
        self.names = [np.array(column, dtype=np.uint64) for column in columns]
        self.name_sizes = sum(
            (np.bitwise_count(c).astype(np.int16) for c in self.names), np.zeros(len(self._names), np.int16)
        )
        self._postings, self._names = [], []
        self._sounds, self._pairs = dict(self._sounds), dict(self._pairs)
        self._soft = dict(self._soft)

    def candidates(self, name: ParsedName) -> set[int]:
        """The numbers of the names that may match."""
        if not self._tokens or not name.tokens:
            return set()
        return self._by_words(name) | self._by_whole_name(name)

    def _by_words(self, name: ParsedName) -> set[int]:
        chosen = words_that_count(name)
        own = any(t.counts for t in chosen)
        asked = list(dict.fromkeys(chosen))
        total = len(self.counts)
        likes = [set(self._like(token)) for token in asked]
        for i, sound in enumerate(_pairs_as_one(asked)):  # two words here that are one word there
            for known in self._sounds.get(sound, ()):
                likes[i].add(known)
                likes[i + 1].add(known)
        met_query = np.zeros(total, dtype=np.uint8)
        met_listed = np.zeros(total, dtype=np.int64)
        for token, ids in zip(asked, likes, strict=True):
            seen = np.zeros(total, dtype=np.bool_)
            for known in ids:
                seen[self.posting_arrays[known]] = True
            split = self._pairs.get(token.sound)  # one word here that is two words there
            if split is not None:
                seen[split] = True
                np.add.at(met_listed, split, 2)
            met_query += seen
        met = set().union(*likes)
        if met:
            met_listed += np.bincount(np.concatenate([self.posting_arrays[i] for i in met]), minlength=total)
        fits = self._fits(name, own=own, asked=len(asked), met_query=met_query, met_listed=met_listed)
        return set(np.flatnonzero(fits).tolist())

    def _fits(
        self,
        name: ParsedName,
        *,
        own: bool,
        asked: int,
        met_query: npt.NDArray[np.uint8],
        met_listed: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.bool_]:
        if not own:
            return (~self.own) & (met_listed * 2 >= np.minimum(self.counts, asked))
        fits = self.own & ((met_query >= asked) | ((met_listed >= self.counts) & (met_listed > 0)))
        if self.organisation:
            return fits
        has_initial = any(t.role is Role.INITIAL for t in name.tokens)
        several = np.maximum(met_query, met_listed) >= 2
        if asked == 1:
            return fits if has_initial else fits & ((self.counts <= 1) | (met_listed >= 2))
        return fits & (several | (self.initial & (self.counts <= 1)))

    def _like(self, token: Token) -> tuple[int, ...]:
        """The words of the vocabulary that the alignment would pair with this one."""
        key = (token.text, token.written if token.abjad else "")
        known = self._known_likes.get(key)
        if known is None:
            if len(self._known_likes) >= _LIKES_KEPT:
                self._known_likes.clear()
            known = self._known_likes[key] = tuple(self._find_likes(token))
        return known

    def _find_likes(self, token: Token) -> list[int]:
        near = self._near(token)
        found = [i for i in near if self._is_like(token, self._tokens[i])]
        if self.organisation and token.counts:
            found += [i for i in self._soft.get(soft_start(token.text), ()) if i not in found]
        return found

    def _is_like(self, token: Token, other: Token) -> bool:
        if other.text == token.text:
            return True
        if token.abjad or other.abjad or len(token.text) == 1 or Role.NUMBER in (token.role, other.role):
            return token_similarity(token, other, organisation=self.organisation)[0] >= LEAST
        return similarity(token.text, other.text, token.sound, other.sound) >= LEAST

    def _near(self, token: Token) -> list[int]:
        """A few words that hold all like ones: by shared bits and length, then by edits of the coarse sound."""
        letters, consonants = bits_of_token(token)
        share = np.bitwise_count(self.consonants & np.uint64(consonants))
        least = np.minimum(self.consonant_sizes, consonants.bit_count())
        if token.abjad:
            near = np.flatnonzero(2 * share >= least)
            return self._within_skeleton(near, skeleton(token.written))
        of_abjad = self.abjad & (2 * share >= least)
        share = share + np.bitwise_count(self.letters & np.uint64(letters))
        least = least + np.minimum(self.letter_sizes, letters.bit_count())
        longest = np.maximum(self.lengths, len(token.text))
        alike = (3 * share >= least) & (np.abs(self.lengths - len(token.text)) <= 1 + longest // 3) & ~self.abjad
        near = np.flatnonzero(alike)
        kept = self._within(near, coarse(token.sound), self._coarse, (longest[near] * _EDITS).astype(np.int64))
        kept += self._within_skeleton(np.flatnonzero(of_abjad), skeleton(token.text))
        exact = self._ids.get((token.text, "", token.counts))
        return kept if exact is None or exact in kept else [*kept, exact]

    def _within_skeleton(self, near: Places, word: str) -> list[int]:
        edits = 0 if len(word) < 3 else 1 if len(word) < 5 else 2
        return self._within(near, word, self._skeletons, np.full(len(near), edits))

    @staticmethod
    def _within(near: Places, word: str, words: list[str], limits: Places) -> list[int]:
        """Those of ``near`` whose word is at most so many edits away."""
        if not len(near):
            return []
        others = [words[i] for i in near.tolist()]
        edits = cdist([word], others, scorer=OSA.distance, score_cutoff=int(limits.max()), dtype=np.uint8)[0]
        found: list[int] = near[edits <= limits].tolist()
        return found

    def _by_whole_name(self, name: ParsedName) -> set[int]:
        bits = name_bits(name)
        size = sum(b.bit_count() for b in bits)
        if size < 3:
            return set()
        common = np.zeros(len(self.name_sizes), dtype=np.int16)
        for column, word in zip(self.names, bits, strict=True):
            if word:
                common += np.bitwise_count(column & np.uint64(word))
        share = common / np.maximum(np.maximum(self.name_sizes, size), 1)
        keep = np.flatnonzero(share >= _NAME_SHARE)
        if len(keep) > _NAMES_KEPT:
            keep = keep[np.argpartition(-share[keep], _NAMES_KEPT)[:_NAMES_KEPT]]
        return set(keep.tolist())


def words_that_count(name: ParsedName) -> list[Token]:
    """The words whose absence on both sides would contradict; where there are none, all but legal forms."""
    own = [t for t in name.tokens if t.counts]
    return own or [t for t in name.tokens if t.role not in (Role.LEGAL, Role.PARTICLE)] or list(name.tokens)


def _pairs_as_one(tokens: list[Token]) -> list[str]:
    """The sound of each two neighbours written as one word; an empty string where they cannot be."""
    return ["" if a.abjad or b.abjad else sound_key(a.text + b.text) for a, b in pairwise(tokens)]
