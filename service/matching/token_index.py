"""From the tokens of a query to the names that can reach the threshold, without looking at the others.

A name matches only if no real word is left over on both sides (alignment.py), so every word of the query that
counts must have a like in the listed name, or every word of the listed name one in the query. Like words are
found by a sweep over the vocabulary's bits and confirmed by the very measure that the alignment uses. Names
that are written as one word where the other has two are found by a sweep over whole names.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from service.matching.alignment import token_similarity
from service.matching.fingerprint import NAME_WORDS, bits_of_token, name_bits
from service.matching.names import ParsedName, Role, Token
from service.matching.organisations import soft_start
from service.matching.tokens import LEAST

_TOKEN_SHARE = 0.34  # of the bits of the poorer token; below it two tokens are never alike
_NAME_SHARE = 0.72  # of the bits of the poorer name, for names that are cut otherwise
_NAMES_KEPT = 40  # of the names that share most bits

Numbers = npt.NDArray[np.int32]


class TokenIndex:
    """The vocabulary of the names of one kind, and where each word stands."""

    def __init__(self, *, organisation: bool) -> None:
        self.organisation = organisation
        self._ids: dict[tuple[str, str, bool], int] = {}
        self._tokens: list[Token] = []
        self._postings: list[list[int]] = []
        self._soft: dict[str, list[int]] = defaultdict(list)
        self._counts: list[int] = []
        self._own: list[bool] = []
        self._initial: list[bool] = []
        self._names: list[tuple[int, ...]] = []

    def add(self, number: int, name: ParsedName) -> None:
        """Index the name with this number; numbers are given in order from 0."""
        chosen = words_that_count(name)
        ids = {self._id(t) for t in chosen}
        for i in ids:
            self._postings[i].append(number)
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
            if self.organisation and token.counts:
                self._soft[soft_start(token.text)].append(known)
        return known

    def freeze(self) -> None:
        """Pack what was added into arrays; nothing can be added afterwards."""
        bits = [bits_of_token(t) for t in self._tokens]
        self.letters = np.array([b[0] for b in bits], dtype=np.uint64)
        self.consonants = np.array([b[1] for b in bits], dtype=np.uint64)
        self.letter_sizes = np.bitwise_count(self.letters).astype(np.uint8)
        self.consonant_sizes = np.bitwise_count(self.consonants).astype(np.uint8)
        self.posting_arrays: list[Numbers] = [np.array(p, dtype=np.int32) for p in self._postings]
        self.counts = np.array(self._counts, dtype=np.int16)
        self.own = np.array(self._own, dtype=np.bool_)
        self.initial = np.array(self._initial, dtype=np.bool_)
        columns = list(zip(*self._names, strict=True)) or [()] * NAME_WORDS
        self.names = [np.array(column, dtype=np.uint64) for column in columns]
        self.name_sizes = sum((np.bitwise_count(c).astype(np.int16) for c in self.names), np.zeros(len(self._names), np.int16))
        self._postings, self._names, self._ids = [], [], {}
        self._soft = dict(self._soft)  # type: ignore[assignment]

    def candidates(self, name: ParsedName) -> set[int]:
        """The numbers of the names that may match."""
        if not self._tokens or not name.tokens:
            return set()
        return self._by_words(name) | self._by_whole_name(name)

    def _by_words(self, name: ParsedName) -> set[int]:
        chosen = words_that_count(name)
        own = any(t.counts for t in chosen)
        asked = list(dict.fromkeys((t.text, t.written, t) for t in chosen))
        total = len(self.counts)
        met_query = np.zeros(total, dtype=np.uint8)
        met_ids: set[int] = set()
        for _, _, token in asked:
            ids = self._like(token)
            met_ids.update(ids)
            seen = np.zeros(total, dtype=np.bool_)
            for i in ids:
                seen[self.posting_arrays[i]] = True
            met_query += seen
        if not met_ids:
            return set()
        numbers = np.concatenate([self.posting_arrays[i] for i in met_ids])
        met_listed = np.bincount(numbers, minlength=total)
        fits = self._fits(name, own=own, asked=len(asked), met_query=met_query, met_listed=met_listed)
        return set(np.flatnonzero(fits).tolist())

    def _fits(
        self, name: ParsedName, *, own: bool, asked: int, met_query: npt.NDArray[np.uint8], met_listed: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        if not own:
            return (~self.own) & (met_listed * 2 >= np.minimum(self.counts, asked))
        fits = self.own & ((met_query >= asked) | ((met_listed >= self.counts) & (met_listed > 0)))
        if self.organisation:
            return fits
        has_initial = any(t.role is Role.INITIAL for t in name.tokens)
        several = np.minimum(met_query, met_listed) >= 2
        if asked == 1:
            return fits & (self.counts <= 1) if not has_initial else fits
        return fits & (several | (self.initial & (self.counts <= 1)))

    def _like(self, token: Token) -> list[int]:
        """The words of the vocabulary that the alignment would pair with this one."""
        letters, consonants = bits_of_token(token)
        share = np.bitwise_count(self.consonants & np.uint64(consonants)).astype(np.float32)
        sizes = np.minimum(self.consonant_sizes, consonants.bit_count()).astype(np.float32)
        if not token.abjad:
            share += np.bitwise_count(self.letters & np.uint64(letters))
            sizes += np.minimum(self.letter_sizes, letters.bit_count())
        near = np.flatnonzero(share >= _TOKEN_SHARE * sizes).tolist()
        found = []
        for i in near:
            other = self._tokens[i]
            if abs(len(other.text) - len(token.text)) > 4 and not other.abjad and not token.abjad:
                continue
            if other.text == token.text or token_similarity(token, other, organisation=self.organisation)[0] >= LEAST:
                found.append(i)
        if self.organisation and token.counts:
            found += [i for i in self._soft.get(soft_start(token.text), ()) if i not in found]
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
