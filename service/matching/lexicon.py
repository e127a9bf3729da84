"""Words packed, each with what a vocabulary sorts and finds it by; worked out once, when the word is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.matching.bags import bags_of, first_letters, pairs_of
from service.matching.names import Role, Token
from service.matching.organisations import soft_start
from service.matching.packed import Columns, Runs, Texts, key_of
from service.matching.slavic import masculine
from service.matching.tokens import coarse
from service.matching.transliterate import skeleton
from service.matching.vocabulary import GIVEN_NAME_FORMS

SHORT = 3  # letters; for shorter words rules of their own hold
SERVANT = "abd"  # Abdul Rahman and Rahman
_FORMS = frozenset({*GIVEN_NAME_FORMS, *GIVEN_NAME_FORMS.values()})
_ROLES = tuple(Role)
_ROLE_NUMBERS = {role: number for number, role in enumerate(_ROLES)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Words(Columns):
    """Tokens, and beside each what it is found by."""

    texts: Texts
    written: Texts
    sounds: Texts
    vowelless: Texts  # texts and sounds with all vowels alike
    vowelless_sounds: Texts
    skeletons: Texts  # the consonants
    roles: npt.NDArray[np.uint8]
    weights: npt.NDArray[np.float64]
    abjad: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.bool_]
    spelt: npt.NDArray[np.bool_]  # whether edits tell what is like it
    lengths: npt.NDArray[np.int16]
    sound_lengths: npt.NDArray[np.int16]
    firsts: npt.NDArray[np.int32]  # the first letters of text and sound
    first_sounds: npt.NDArray[np.int32]
    bags: npt.NDArray[np.uint64]  # of ``vowelless`` and ``vowelless_sounds``: letters, and pairs of letters
    pairs: npt.NDArray[np.uint64]
    sound_bags: npt.NDArray[np.uint64]
    sound_pairs: npt.NDArray[np.uint64]
    sound_keys: npt.NDArray[np.uint64]
    same: npt.NDArray[np.uint64]  # equal for words that one vocabulary holds once
    itself: npt.NDArray[np.uint64]  # equal for equal tokens only
    offered: Runs  # keys of the rules by which it is like others

    @classmethod
    def of(cls, tokens: Sequence[Token], *, organisation: bool) -> Words:
        """The tokens as they are."""
        vowelless = np.array([*(coarse(t.text) for t in tokens), None], dtype=object)[:-1]
        sounds = np.array([*(coarse(t.sound) for t in tokens), None], dtype=object)[:-1]
        return cls(
            texts=Texts.of(t.text for t in tokens),
            written=Texts.of(t.written for t in tokens),
            sounds=Texts.of(t.sound for t in tokens),
            vowelless=Texts.of(vowelless),
            vowelless_sounds=Texts.of(sounds),
            skeletons=Texts.of(skeleton(t.written if t.abjad else t.text) for t in tokens),
            roles=np.array([_ROLE_NUMBERS[t.role] for t in tokens], dtype=np.uint8),
            weights=np.array([t.weight for t in tokens], dtype=np.float64),
            abjad=np.array([t.abjad for t in tokens], dtype=np.bool_),
            counts=np.array([t.counts for t in tokens], dtype=np.bool_),
            spelt=np.array([is_spelt(t) for t in tokens], dtype=np.bool_),
            lengths=np.array([len(t.text) for t in tokens], dtype=np.int16),
            sound_lengths=np.array([len(t.sound) for t in tokens], dtype=np.int16),
            firsts=first_letters(t.text for t in tokens),
            first_sounds=first_letters(t.sound for t in tokens),
            bags=bags_of(vowelless),
            pairs=pairs_of(vowelless),
            sound_bags=bags_of(sounds),
            sound_pairs=pairs_of(sounds),
            sound_keys=np.array([key_of(t.sound) for t in tokens], dtype=np.uint64),
            same=np.array(
                [key_of(f"{t.text}\0{t.written if t.abjad else ''}\0{t.counts}") for t in tokens], dtype=np.uint64
            ),
            itself=np.array([key_of(f"{t.text}\0{t.written}\0{t.role}") for t in tokens], dtype=np.uint64),
            offered=Runs.of(
                [[key_of(key) for key in _offered(t, organisation=organisation)] for t in tokens], np.uint64
            ),
        )

    def __len__(self) -> int:
        return len(self.roles)

    def __iter__(self) -> Iterator[Token]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, place: int) -> Token:
        return Token(
            text=self.texts[place],
            written=self.written[place],
            role=_ROLES[self.roles[place]],
            weight=float(self.weights[place]),
            sound=self.sounds[place],
            abjad=bool(self.abjad[place]),
            counts=bool(self.counts[place]),
        )


def is_spelt(token: Token) -> bool:
    """Whether edits tell what is like this word: not for numbers, short words and scripts without vowels."""
    return not token.abjad and len(token.text) >= SHORT and token.role is not Role.NUMBER


def asked(token: Token, *, organisation: bool) -> list[str]:
    """The keys under which stand the words that are like this one by a rule and not by their edits."""
    text = token.text
    keys = [text]
    if token.abjad or token.role is Role.NUMBER:
        return keys
    man = masculine(text)
    keys += [man, f"masculine {man}", f"form {GIVEN_NAME_FORMS.get(text, text)}"]
    keys += [text.removeprefix(SERVANT), f"servant {text}"]
    if len(text) <= SHORT:  # two letters against three
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
    if text.startswith(SERVANT):
        yield f"servant {text.removeprefix(SERVANT)}"
    if len(text) <= SHORT:
        yield f"short {text[:1]}"
    if organisation and token.role is Role.CONTENT:
        yield f"soft {soft_start(text)}"
