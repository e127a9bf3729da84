"""The words of a vocabulary that are like a word: all those that the alignment would pair with it, and no others.

Like words are found in three steps, each over the whole vocabulary at once: by the letters that they share (no
edit changes more than one), by their edits, and by the few rules that edits do not tell. The outcome is that of
``alignment.token_similarity`` against every word, which a test holds it to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from service.matching.alignment import token_similarity
from service.matching.bags import Bags, Compared, begins_otherwise, edits
from service.matching.lexicon import SHORT, Words, asked, is_spelt
from service.matching.names import Token
from service.matching.packed import Table, key_of, numbered
from service.matching.tokens import EDIT, FIRST_LETTER, LEAST, SOUND, VOWEL_EDIT, coarse
from service.matching.transliterate import skeleton

_KEPT = 1_000  # words of queries whose likes in Arabic script are remembered
_SKELETON_SLIPS = 2  # the most that tokens.abjad_similarity bears

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Vocabulary:
    """The different words of the names of one kind, each with its number from 0; built once, read-only afterwards."""

    def __init__(self, words: Words, *, organisation: bool) -> None:
        self.organisation = organisation
        self.tokens = words
        self._texts, self._sounds, self._vowelless = (
            texts.letters() for texts in (words.texts, words.sounds, words.vowelless)
        )
        self._lengths, self._spelt = words.lengths, words.spelt
        self._firsts, self._first_sounds = words.firsts, words.first_sounds
        by_text = Compared(self._vowelless, words.lengths, words.bags, words.pairs)
        by_sound = Compared(words.vowelless_sounds.letters(), words.sound_lengths, words.sound_bags, words.sound_pairs)
        as_written = by_sound.letters == by_text.letters
        self._by_text = Bags(by_text, words, words.spelt)
        self._by_other_sound = Bags(by_sound, words, words.spelt & ~as_written)
        self._by_sound_as_written = Bags(by_sound, words, words.spelt & as_written)
        self._skeletons = words.skeletons.letters()
        self._abjad = np.flatnonzero(words.abjad)
        self._abjad_skeletons = self._skeletons[self._abjad]
        self._by_key = Table(words.offered)
        self._abjad_known: dict[str, Ids] = {}

    @classmethod
    def of(cls, tokens: Sequence[Token], *, organisation: bool) -> Vocabulary:
        """The vocabulary of some tokens, each word once."""
        words = Words.of(tokens, organisation=organisation)
        return cls(words.take(numbered(words.same)[1]), organisation=organisation)

    def __len__(self) -> int:
        return len(self.tokens)

    def like(self, token: Token, least: float = LEAST) -> Ids:
        """The numbers, ascending, of the words that are equal or that ``token_similarity`` puts at ``least`` or above.

        Initials apart: what an initial stands for is asked of the name, not of the vocabulary.
        """
        ruled = self._by_rules(token)
        if token.abjad:
            ruled.update(_within(skeleton(token.written), self._skeletons).tolist())
        elif len(self._abjad):
            ruled.update(self._abjad_like(token).tolist())
        found = [i for i in ruled if self._is_like(token, self.tokens[i], least)]
        if is_spelt(token):
            near = self._near(token, (1 - least) / EDIT)
            return np.union1d(near[self._spelt_alike(token, near, least)], _ids(found))
        return np.unique(_ids(found))

    def _near(self, token: Token, share: float) -> Ids:
        """The words that may be like by their edits, where each letter bears ``share`` of one."""
        text, sound = coarse(token.text), coarse(token.sound)
        near = [self._by_text.within(text, token, share), self._by_other_sound.within(sound, token, share, SOUND)]
        if sound != text:  # else what sounds as it is written was found by its text
            near.append(self._by_sound_as_written.within(sound, token, share, SOUND))
        return np.unique(np.concatenate(near))

    def like_among(self, token: Token, numbers: Ids) -> Flags:
        """Which of the words ``numbers``, ascending, the alignment would pair with this one."""
        rules = self._by_rules(token)
        if token.abjad:
            rules.update(numbers[self._of_like_consonants(token, numbers)].tolist())
        elif len(self._abjad):
            rules.update(self._abjad_like(token).tolist())
        found = np.zeros(len(numbers), dtype=np.bool_)
        among = rules.intersection(numbers.tolist())
        ruled = _ids([i for i in among if self._is_like(token, self.tokens[i], LEAST)])
        found[np.searchsorted(numbers, ruled)] = True
        if is_spelt(token):
            spelt = np.flatnonzero(self._spelt[numbers])
            found[spelt[self._spelt_alike(token, numbers[spelt], LEAST)]] = True
        return found

    def _by_rules(self, token: Token) -> set[int]:
        keys = dict.fromkeys(asked(token, organisation=self.organisation))
        return set(self._by_key.places([key_of(key) for key in keys]).tolist())

    def _is_like(self, token: Token, other: Token, least: float) -> bool:
        if other.text == token.text:
            return True
        value, how = token_similarity(token, other, organisation=self.organisation)
        return value >= least and how != "initial"

    def _abjad_like(self, token: Token) -> Ids:
        """The words in Arabic script whose consonants are nearly those of a Latin word."""
        consonants = skeleton(token.text)
        known = self._abjad_known.get(consonants)
        if known is None:
            if len(self._abjad_known) >= _KEPT:
                self._abjad_known.clear()
            known = self._abjad_known[consonants] = self._abjad[_within(consonants, self._abjad_skeletons)]
        return known

    def _of_like_consonants(self, token: Token, numbers: Ids) -> Flags:
        """Which of the words may be one in Arabic script: all in that script, others whose consonants are near."""
        consonants = skeleton(token.written)
        most = _SKELETON_SLIPS if len(consonants) >= SHORT else 0
        near: Flags = edits(consonants, self._skeletons[numbers], most) <= most
        return near | np.isin(numbers, self._abjad, assume_unique=True)

    def _spelt_alike(self, token: Token, near: Ids, least: float) -> Flags:
        """Which of ``near`` are like by edits of the spelling, of the sound and of the consonants.

        Weighed as ``tokens.similarity`` weighs them.
        """
        if not len(near):
            return np.zeros(0, dtype=np.bool_)
        longest = np.maximum(self._lengths[near], len(token.text)).astype(np.float64)
        limit = 1 + longest // 3
        cutoff = int(limit.max())
        plain = np.minimum(edits(token.text, self._texts[near], cutoff), limit + 1)
        sound = edits(token.sound, self._sounds[near], cutoff).astype(np.float64)
        cost = np.minimum(plain, sound + SOUND)
        within = (cost <= limit) & (np.abs(self._lengths[near] - len(token.text)) <= limit)
        vowelless = np.minimum(edits(coarse(token.text), self._vowelless[near], cutoff), plain)
        softened = np.minimum(cost, vowelless + VOWEL_EDIT * (plain - vowelless))
        cost = np.where((longest >= 5) & (cost >= 1), softened, cost)
        otherwise = begins_otherwise(token.text, token.sound, self._firsts[near], self._first_sounds[near])
        cost += np.where(otherwise, FIRST_LETTER, 0.0)
        alike: Flags = within & (1.0 - EDIT * cost / longest >= least)
        return alike


def _ids(numbers: list[int]) -> Ids:
    return np.array(sorted(numbers), dtype=np.int64)


def _within(word: str, words: npt.NDArray[Any]) -> Ids:
    """The places of ``words`` that are nearly ``word``: skeletons of four consonants bear one edit."""
    most = 0 if len(word) < SHORT else 1 if len(word) < 5 else 2
    return np.flatnonzero(edits(word, words, most) <= most)
