"""The words of a vocabulary that are like a word: all those that the alignment would pair with it, and no others.

Like words are found in three steps, each over the whole vocabulary at once: by the letters that they share (no
edit changes more than one), by their edits, and by the few rules that edits do not tell. The outcome is that of
``alignment.token_similarity`` against every word, which a test holds it to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from service.matching.alignment import token_similarity
from service.matching.names import Role, Token
from service.matching.organisations import soft_start
from service.matching.slavic import masculine
from service.matching.tokens import EDIT, FIRST_LETTER, LEAST, SOUND, VOWEL_EDIT, coarse
from service.matching.transliterate import skeleton
from service.matching.vocabulary import GIVEN_NAME_FORMS

_SHORT = 3  # letters; for shorter words rules of their own hold
_LETTERS = {letter: place for place, letter in enumerate("bcdfghjklmnpqrstvwxz")}  # y is a vowel here
_COPIES = 3  # of one letter that are told apart
_VOWEL_PLACE = len(_LETTERS) * _COPIES  # the vowels, all alike, take the bits that are left
_VOWEL_COPIES = 64 - _VOWEL_PLACE
_ROUNDING = 1e-6
_PAIRS_PER_EDIT = 3  # two letters that change places touch three pairs
_VOWELS = frozenset("aeiou")
_SERVANT = "abd"  # Abdul Rahman and Rahman
_FORMS = frozenset({*GIVEN_NAME_FORMS, *GIVEN_NAME_FORMS.values()})

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Distances = npt.NDArray[np.uint8]


class Vocabulary:
    """The different words of the names of one kind; each has a number, given in order from 0."""

    def __init__(self, *, organisation: bool) -> None:
        self.organisation = organisation
        self.tokens: list[Token] = []
        self._known: dict[tuple[str, str, bool], int] = {}

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
        self._first = _first_letters(t.text for t in tokens)
        self._first_sounds = _first_letters(t.sound for t in tokens)
        self._spelt = np.array([_is_spelt(t) for t in tokens], dtype=np.bool_)
        self._by_letters = (
            _Bags(self._vowelless, self._lengths, self._spelt),
            _Bags(np.array([coarse(t.sound) for t in tokens], dtype=object), self._lengths, self._spelt),
        )
        self._abjad = np.flatnonzero(np.array([t.abjad for t in tokens], dtype=np.bool_))
        self._abjad_skeletons = [skeleton(tokens[i].written) for i in self._abjad]
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
            ruled.update(self._abjad[_within(skeleton(token.text), self._abjad_skeletons)].tolist())
        found = [i for i in ruled if self._is_like(token, self.tokens[i], least)]
        if _is_spelt(token):
            share = (1 - least) / EDIT
            texts, sounds = self._by_letters
            near = np.union1d(
                texts.within(coarse(token.text), len(token.text), share),
                sounds.within(coarse(token.sound), len(token.text), share, SOUND),
            )
            return np.union1d(self._spelt_alike(token, near, least), _ids(found))
        return np.unique(_ids(found))

    def like_among(self, token: Token, numbers: Ids) -> Flags:
        """Which of the words ``numbers`` the alignment would pair with this one."""
        rules = self._by_rules(token)
        if token.abjad:
            rules.update(numbers.tolist())
        else:
            rules.update(numbers[np.isin(numbers, self._abjad)].tolist())
        among = set(numbers.tolist()) & rules
        found = np.isin(numbers, _ids([i for i in among if self._is_like(token, self.tokens[i], LEAST)]))
        if _is_spelt(token):
            spelt = numbers[self._spelt[numbers]]
            found |= np.isin(numbers, self._spelt_alike(token, spelt, LEAST))
        return found

    def _by_rules(self, token: Token) -> set[int]:
        keys = _asked(token, organisation=self.organisation)
        return {i for key in keys for i in self._by_key.get(key, ())}

    def _is_like(self, token: Token, other: Token, least: float) -> bool:
        if other.text == token.text:
            return True
        value, how = token_similarity(token, other, organisation=self.organisation)
        return value >= least and how != "initial"

    @cached_property
    def _all_skeletons(self) -> list[str]:
        """For words in Arabic script, which are asked for seldom."""
        return [skeleton(t.written if t.abjad else t.text) for t in self.tokens]

    def _spelt_alike(self, token: Token, near: Ids, least: float) -> Ids:
        """Those of ``near`` that are like by edits of the spelling, of the sound and of the consonants.

        Weighed as ``tokens.similarity`` weighs them.
        """
        if not len(near):
            return near
        longest = np.maximum(self._lengths[near], len(token.text)).astype(np.float64)
        limit = 1 + longest // 3
        cutoff = int(limit.max())
        plain = np.minimum(_edits(token.text, self._texts[near], cutoff), limit + 1)
        sound = _edits(token.sound, self._sounds[near], cutoff).astype(np.float64)
        cost = np.minimum(plain, sound + SOUND)
        within = (cost <= limit) & (np.abs(self._lengths[near] - len(token.text)) <= limit)
        vowelless = np.minimum(_edits(coarse(token.text), self._vowelless[near], cutoff), plain)
        softened = np.minimum(cost, vowelless + VOWEL_EDIT * (plain - vowelless))
        cost = np.where((longest >= 5) & (cost >= 1), softened, cost)
        cost += np.where(self._begins_otherwise(token, near), FIRST_LETTER, 0.0)
        return near[within & (1.0 - EDIT * cost / longest >= least)]

    def _begins_otherwise(self, token: Token, near: Ids) -> Flags:
        first, sound = ord(token.text[0]), ord(token.sound[0]) if token.sound else 0
        differs: Flags = (self._first[near] != first) & (self._first_sounds[near] != sound)
        if token.text[0] in _VOWELS:
            differs &= ~np.isin(self._first[near], [ord(vowel) for vowel in _VOWELS])
        return differs


class _Bags:
    """Words as bags of letters and of letter pairs, in the order of their lengths."""

    def __init__(self, words: npt.NDArray[np.object_], text_lengths: npt.NDArray[np.int16], spelt: Flags) -> None:
        lengths = np.array([len(word) for word in words], dtype=np.int16)
        order = np.lexsort((np.arange(len(words)), lengths))
        self._order = order[spelt[order]]
        self._lengths = lengths[self._order]
        self._words = words[self._order]
        self._bags = np.array([_bag(words[i]) for i in self._order], dtype=np.uint64)
        self._pairs = np.array([_pairs(words[i]) for i in self._order], dtype=np.uint64)
        self._text_lengths = text_lengths[self._order]
        self._longest = int(text_lengths.max(initial=0))

    def within(self, word: str, text_length: int, share: float, at_least: float = 0.0) -> Ids:
        """The words that are fewer edits from ``word`` than like words may cost; first by their letters, then exactly.

        ``share``: what is borne for each letter of the longer text, ``at_least`` being spent already; texts are
        compared only while the longer has at most half as many letters again.
        """
        furthest = int(3 * (text_length + 1) // 2 * share - at_least + _ROUNDING)
        start, end = np.searchsorted(self._lengths, [len(word) - furthest, len(word) + furthest + 1])
        by_length = np.maximum(np.arange(self._longest + 1), text_length) * share - at_least + _ROUNDING
        borne = by_length.astype(np.int16)[self._text_lengths[start:end]]
        near = np.flatnonzero(_lacking(self._bags[start:end], _bag(word)) <= borne)
        near = near[_lacking(self._pairs[start + near], _pairs(word)) <= borne[near] * _PAIRS_PER_EDIT]
        if not len(near):
            return near
        edits = _edits(word, self._words[start + near], furthest)
        found: Ids = self._order[start + near[edits <= borne[near]]]
        return found


def _is_spelt(token: Token) -> bool:
    """Whether edits tell what is like this word: not for numbers, short words and scripts without vowels."""
    return not token.abjad and len(token.text) >= _SHORT and token.role is not Role.NUMBER


def _bag(word: str) -> np.uint64:
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


def _pairs(word: str) -> np.uint64:
    """The pairs of neighbouring letters of a word, its ends too, each as one of 64 bits."""
    bits = 0
    for one, other in pairwise(f"^{word}$"):
        bits |= 1 << ((ord(one) * 31 + ord(other) * 7919) % 65521 % 64)
    return np.uint64(bits)


def _lacking(bags: npt.NDArray[np.uint64], bag: np.uint64) -> Distances:
    """How many bits each bag lacks of ``bag`` or has besides, whichever is more."""
    more: Distances = np.bitwise_count(bags & ~bag)
    less: Distances = np.bitwise_count(~bags & bag)
    return np.maximum(more, less)


def _edits(word: str, others: npt.NDArray[np.object_], cutoff: int) -> Distances:
    found: Distances = cdist([word], others, scorer=OSA.distance, score_cutoff=cutoff, dtype=np.uint8)[0]
    return found


def _ids(numbers: list[int]) -> Ids:
    return np.array(sorted(numbers), dtype=np.int64)


def _within(word: str, words: list[str]) -> Ids:
    """The places of ``words`` that are nearly ``word``: skeletons of four consonants bear one edit."""
    edits = 0 if len(word) < _SHORT else 1 if len(word) < 5 else 2
    distances = cdist([word], words, scorer=OSA.distance, score_cutoff=edits, dtype=np.uint8)[0]
    return np.flatnonzero(distances <= edits)


def _first_letters(words: Iterable[str]) -> npt.NDArray[np.int32]:
    return np.array([ord(word[0]) if word else 0 for word in words], dtype=np.int32)


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
