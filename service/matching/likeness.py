"""The words of a vocabulary that are like a word: all those that the alignment would pair with it, and no others.

Like words are found in three steps, each over the whole vocabulary at once: by the letters that they share (no
edit changes more than one), by their edits, and by the few rules that edits do not tell. The outcome is that of
``alignment.token_similarity`` against every word, which a test holds it to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from service.matching.alignment import token_similarity
from service.matching.bags import Bags, begins_otherwise, edits, first_letters
from service.matching.names import Role, Token
from service.matching.organisations import soft_start
from service.matching.slavic import masculine
from service.matching.tokens import EDIT, FIRST_LETTER, LEAST, SOUND, VOWEL_EDIT, coarse
from service.matching.transliterate import skeleton
from service.matching.vocabulary import GIVEN_NAME_FORMS

_SHORT = 3  # letters; for shorter words rules of their own hold
_KEPT = 1_000  # words of queries whose likes in Arabic script are remembered
_SKELETON_SLIPS = 2  # the most that tokens.abjad_similarity bears
_SERVANT = "abd"  # Abdul Rahman and Rahman
_FORMS = frozenset({*GIVEN_NAME_FORMS, *GIVEN_NAME_FORMS.values()})

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Vocabulary:
    """The different words of the names of one kind; each has a number, given in order from 0."""

    def __init__(self, *, organisation: bool) -> None:
        self.organisation = organisation
        self.tokens: list[Token] = []
        self._known: dict[tuple[str, str, bool], int] = {}
        self._abjad_known: dict[str, Ids] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    def add(self, token: Token) -> int:
        """The number of the word, new or known."""
        key = (token.text, token.written if token.abjad else "", token.counts)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.tokens)
            self.tokens.append(token)
        return number

    def freeze(self) -> None:
        """Pack what was added into arrays; nothing can be added afterwards."""
        tokens = self.tokens
        self._texts = np.array([t.text for t in tokens], dtype=object)
        self._sounds = np.array([t.sound for t in tokens], dtype=object)
        self._vowelless = np.array([coarse(t.text) for t in tokens], dtype=object)
        self._lengths = np.array([len(t.text) for t in tokens], dtype=np.int16)
        self._first = first_letters(t.text for t in tokens)
        self._first_sounds = first_letters(t.sound for t in tokens)
        self._spelt = np.array([_is_spelt(t) for t in tokens], dtype=np.bool_)
        sounds = np.array([coarse(t.sound) for t in tokens], dtype=object)
        as_written = sounds == self._vowelless
        self._by_text = Bags(self._vowelless, tokens, self._spelt)
        self._by_other_sound = Bags(sounds, tokens, self._spelt & ~as_written)
        self._by_sound_as_written = Bags(sounds, tokens, self._spelt & as_written)
        self._abjad = np.flatnonzero(np.array([t.abjad for t in tokens], dtype=np.bool_))
        self._abjad_skeletons = np.array([skeleton(tokens[i].written) for i in self._abjad], dtype=object)
        by_key: dict[str, list[int]] = defaultdict(list)
        for number, token in enumerate(tokens):
            for key in _offered(token, organisation=self.organisation):
                by_key[key].append(number)
        self._by_key = {key: tuple(numbers) for key, numbers in by_key.items()}
        self._known = {}

    def like(self, token: Token, least: float = LEAST) -> Ids:
        """The numbers, ascending, of the words that are equal or that ``token_similarity`` puts at ``least`` or above.

        Initials apart: what an initial stands for is asked of the name, not of the vocabulary.
        """
        ruled = self._by_rules(token)
        if token.abjad:
            ruled.update(_within(skeleton(token.written), self._all_skeletons).tolist())
        elif len(self._abjad):
            ruled.update(self._abjad_like(token).tolist())
        found = [i for i in ruled if self._is_like(token, self.tokens[i], least)]
        if _is_spelt(token):
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
        if _is_spelt(token):
            spelt = np.flatnonzero(self._spelt[numbers])
            found[spelt[self._spelt_alike(token, numbers[spelt], LEAST)]] = True
        return found

    def _by_rules(self, token: Token) -> set[int]:
        keys = _asked(token, organisation=self.organisation)
        return {i for key in keys for i in self._by_key.get(key, ())}

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
        most = _SKELETON_SLIPS if len(consonants) >= _SHORT else 0
        near: Flags = edits(consonants, self._all_skeletons[numbers], most) <= most
        return near | np.isin(numbers, self._abjad, assume_unique=True)

    @cached_property
    def _all_skeletons(self) -> npt.NDArray[np.object_]:
        """For words in Arabic script, which are asked for seldom."""
        return np.array([skeleton(t.written if t.abjad else t.text) for t in self.tokens], dtype=object)

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
        otherwise = begins_otherwise(token.text, token.sound, self._first[near], self._first_sounds[near])
        cost += np.where(otherwise, FIRST_LETTER, 0.0)
        alike: Flags = within & (1.0 - EDIT * cost / longest >= least)
        return alike


def _is_spelt(token: Token) -> bool:
    """Whether edits tell what is like this word: not for numbers, short words and scripts without vowels."""
    return not token.abjad and len(token.text) >= _SHORT and token.role is not Role.NUMBER


def _ids(numbers: list[int]) -> Ids:
    return np.array(sorted(numbers), dtype=np.int64)


def _within(word: str, words: npt.NDArray[np.object_]) -> Ids:
    """The places of ``words`` that are nearly ``word``: skeletons of four consonants bear one edit."""
    most = 0 if len(word) < _SHORT else 1 if len(word) < 5 else 2
    return np.flatnonzero(edits(word, words, most) <= most)


def _asked(token: Token, *, organisation: bool) -> list[str]:
    """The keys under which stand the words that are like this one by a rule and not by their edits."""
    text = token.text
    keys = [text]
    if token.abjad or token.role is Role.NUMBER:
        return keys
    man = masculine(text)
    keys += [man, f"masculine {man}", f"form {GIVEN_NAME_FORMS.get(text, text)}"]
    keys += [text.removeprefix(_SERVANT), f"servant {text}"]
    if len(text) <= _SHORT:  # two letters against three
        keys.append(f"short {text[:1]}")
    if organisation and token.role is Role.CONTENT:
        keys.append(f"soft {soft_start(text)}")
    return keys


def _offered(token: Token, *, organisation: bool) -> Iterator[str]:
    """The keys under which a word of the vocabulary stands, its own text first."""
    text = token.text
    yield text
    if token.abjad or token.role is Role.NUMBER:
        return
    if masculine(text) != text:
        yield f"masculine {masculine(text)}"
    if text in _FORMS:
        yield f"form {GIVEN_NAME_FORMS.get(text, text)}"
    if text.startswith(_SERVANT):
        yield f"servant {text.removeprefix(_SERVANT)}"
    if len(text) <= _SHORT:
        yield f"short {text[:1]}"
    if organisation and token.role is Role.CONTENT:
        yield f"soft {soft_start(text)}"
