"""A name as tokens with a role and a weight: what the alignment compares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from service.matching.arabic import OF_THE_FAITH, join_abjad, join_compounds
from service.matching.normalise import capitals_reading, clean, look_alike_reading
from service.matching.organisations import organisation_words
from service.matching.remembering import remembered
from service.matching.slavic import is_patronymic
from service.matching.titles import bare_name
from service.matching.transliterate import is_abjad, sound_key
from service.matching.vocabulary import COMMON_NAMES, PARTICLES, TITLES
from service.matching.words import words_of

_SQUEEZED_FROM = 160  # letters of a name that are compared as one word
MAX_TOKENS = 14  # the cost of an alignment grows with the product of the token counts


class Role(StrEnum):
    """What a token is to its name."""

    CONTENT = "content"
    COMMON = "common"  # a given name that very many people bear
    PATRONYMIC = "patronymic"
    PARTICLE = "particle"
    TITLE = "title"
    INITIAL = "initial"
    GENERIC = "generic"  # company, trading, general …
    PLACE = "place"
    LEGAL = "legal"
    NUMBER = "number"


WEIGHTS = {
    Role.CONTENT: 1.0,
    Role.COMMON: 0.85,
    Role.PARTICLE: 0.12,
    Role.TITLE: 0.1,
    Role.INITIAL: 0.35,
    Role.GENERIC: 0.4,
    Role.PLACE: 0.55,
    Role.LEGAL: 0.0,
    Role.NUMBER: 0.35,
    Role.PATRONYMIC: 0.6,
}


_COUNTING = frozenset({Role.CONTENT, Role.COMMON, Role.PATRONYMIC})


@dataclass(frozen=True, slots=True)
class Token:
    """``text``: Latin letters and digits; ``written``: as the name had it; ``abjad``: the script has no vowels."""

    text: str
    written: str
    role: Role
    weight: float
    sound: str
    abjad: bool = False
    counts: bool = False  # whether leaving this token unmatched on both sides is a contradiction


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name ready to be compared; ``tricks`` tells what normalising had to undo."""

    text: str
    kind: str
    tokens: tuple[Token, ...]
    joined: str
    tricks: tuple[str, ...] = ()
    cut: bool = False
    key: tuple[str, ...] = field(default=())
    squeezed: str = ""  # every letter and digit, legal forms too
    shuffled: str = ""  # the same, the words in the order of the alphabet

    @property
    def is_of_korea(self) -> bool:
        """Whether the name says Korea, in whatever spelling."""
        return any(t.role is Role.PLACE and t.text == "korea" for t in self.tokens)

    @property
    def own_letters(self) -> int:
        """How many letters the words that identify have."""
        return sum(len(t.text) for t in self.tokens if t.counts)


_CLOSING_ACRONYM = re.compile(r"(.+?)\s*\(([a-z]{2,10})\)")
_UNLETTERED = frozenset({"of", "the", "for", "and", "in", "on"})  # words that acronyms leave out


@remembered
def token(text: str, written: str, role: Role) -> Token:
    """A token with the weight of its role and length, and its sound key."""
    weight = WEIGHTS[role]
    if role in (Role.CONTENT, Role.COMMON):
        weight *= 0.55 + 0.075 * min(len(text), 6)
    return Token(text, written, role, round(weight, 3), sound_key(text), is_abjad(written), role in _COUNTING)


@remembered
def parse_name(text: str, kind: str) -> ParsedName:
    """Tokens of a person's or an organisation's name; never raises, an unreadable name has no tokens."""
    cleaned = clean(text)
    plain = cleaned.text if kind == "organisation" else bare_name(text)
    found = _organisation_tokens(plain) if kind == "organisation" else _person_tokens(plain)
    kept = found[:MAX_TOKENS]
    joined = "".join(t.text for t in kept if t.role is not Role.LEGAL)
    words = [latin for latin, _ in words_of(plain[:_SQUEEZED_FROM])]
    return ParsedName(
        text=cleaned.text,
        kind=kind,
        tokens=tuple(kept),
        joined=joined,
        tricks=cleaned.tricks,
        cut=len(found) > MAX_TOKENS,
        squeezed="".join(words),
        shuffled="".join(sorted(words)),
        key=tuple(sorted(t.text for t in kept if t.role is not Role.LEGAL)),
    )


def _person_tokens(plain: str) -> list[Token]:
    words = [w for w in words_of(plain) if w[0] not in TITLES] or list(words_of(plain))
    if not plain.isascii() and any(is_abjad(w[1]) for w in words):
        return [token(t, w, _person_role(t) if w != "بن" else Role.PARTICLE) for t, w in join_abjad(words)]
    if len(words) > 1 and words[0][0] in OF_THE_FAITH:
        words = [*words[1:], words[0]]  # Eddin Tuma Kamal is Tuma, Kamal Eddin
    joined = join_compounds([w[0] for w in words])
    tokens = []
    for text, start, end in joined:
        written = words[start][1] if end - start == 1 else " ".join(w[1] for w in words[start:end])
        tokens.append(token(text, written, _person_role(text)))
    return tokens


@remembered
def _person_role(text: str) -> Role:
    if text in PARTICLES:
        return Role.PARTICLE
    if len(text) == 1:
        return Role.INITIAL
    if text.isdigit():
        return Role.NUMBER
    if is_patronymic(text):
        return Role.PATRONYMIC
    return Role.COMMON if text in COMMON_NAMES else Role.CONTENT


def _organisation_tokens(plain: str) -> list[Token]:
    text = without_own_acronym(plain)
    words = list(words_of(text))
    return [token(text, written, Role(role)) for text, written, role in organisation_words(words, text)]


def without_own_acronym(text: str) -> str:
    """A name without the acronym of itself that stands behind it in brackets: it says nothing new."""
    bracketed = _CLOSING_ACRONYM.fullmatch(text)
    if bracketed is None:
        return text
    name, acronym = bracketed.groups()
    words = [latin for latin, _ in words_of(name)]
    meant = [word for word in words if word not in _UNLETTERED]
    initials = {"".join(word[0] for word in some) for some in (words, meant)}
    return name if acronym in initials else text


@remembered
def imitated(text: str, kind: str) -> ParsedName | None:
    """The Latin name that a name in look-alike letters imitates, or None."""
    latin = capitals_reading(text) or look_alike_reading(clean(text).text)
    return parse_name(latin, kind) if latin is not None else None
