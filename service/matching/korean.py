"""Korean personal names: any spelling becomes syllables, and names are equal syllable by syllable.

Two names are one name only if they have the same number of syllables and every syllable is compatible; that
is why Kim Jong Man is not Kim Jong Un however many letters they share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from service.matching.han import data_rows
from service.matching.korean_surnames import (
    is_attested,
    known_surnames,
    surname_agreement,
    surnames_of,
    usual_surnames,
)
from service.matching.korean_syllables import (
    KANA_CODAS,
    Syllable,
    alternatives,
    classes,
    compatibility,
    is_syllable,
    kana_unit,
    options,
)
from service.matching.normalise import script_of
from service.matching.remembering import remembered
from service.matching.titles import bare_name

MAX_READINGS = 24  # a name in one unbroken token can be cut in many places
_SPLIT = re.compile(r"[\s\-.,/()=\"“”«»]+")
_VOWELS = re.compile(r"[aeiou]+")
_MOST_SYLLABLES = 3  # of one word in Latin or Cyrillic letters
_USUAL = 0.7  # the least weight with which a spelling stands for a usual syllable
_PARTIAL = 2  # syllables of a surname or a given name that stands alone
_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


@dataclass(frozen=True, slots=True)
class KoreanName:
    """One way to read a name: its surname (one or two syllables) and the syllables of the given name.

    One of them is empty where the name is a surname or a given name alone.
    """

    surname: tuple[str, ...]
    given: tuple[str, ...]


@remembered
def parse(text: str) -> tuple[KoreanName, ...]:
    """Every way to read a name as Korean; empty where it cannot be one."""
    cleaned = bare_name(text).translate(_KATAKANA)
    comma = "," in cleaned
    tokens = [t for t in _SPLIT.split(cleaned) if t.strip("'")]
    if not 1 <= len(tokens) <= 4 or sum(map(len, tokens)) > 30:
        return ()
    readings: dict[KoreanName, None] = dict.fromkeys(_partial(tokens))
    if len(tokens) == 1 and script_of(tokens[0][0]) == "la" and not _is_one_korean_word(tokens[0]):
        return tuple(readings)
    orders = [tokens]
    if len(tokens) > 1 and not comma:
        orders.append(tokens[-1:] + tokens[:-1])
    for order in orders:
        for syllables in _readings(order):
            for size in (1, 2):
                name = _name(syllables, size)
                if name:
                    readings[name] = None
    return tuple(readings)[:MAX_READINGS]


def _partial(tokens: list[str]) -> list[KoreanName]:
    """The readings of a name as a given name without a surname, or as a surname alone."""
    if len(tokens) > _PARTIAL:
        return []
    choices = [[r for r in _readings_of_token(token) if len(r) <= _PARTIAL] for token in tokens]
    parts = [tuple(s for part in chosen for s in part) for chosen in product(*choices)]
    found = [KoreanName((), part) for part in parts if len(part) <= _PARTIAL]
    return found + [KoreanName(part, ()) for part in parts if len(tokens) == 1 and surnames_of(part)]


def _is_one_korean_word(token: str) -> bool:
    """Whether a single Latin word can be a whole name (Kimjongun): a usual surname and two syllables more."""
    return any(r[0].replace("'", "") in usual_surnames() and len(r) >= 3 for r in _readings_of_token(token))


def _name(syllables: tuple[str, ...], size: int) -> KoreanName | None:
    if not size + 1 <= len(syllables) <= size + 3:
        return None
    surname = syllables[:size]
    if not surnames_of(surname):
        return None
    return KoreanName(surname, syllables[size:])


def _readings(tokens: list[str]) -> list[tuple[str, ...]]:
    """The syllables of all tokens in order, for every way to cut each token."""
    choices = []
    for token in tokens:
        choices.append(_readings_of_token(token))
        if not choices[-1]:
            return []
    found = (tuple(s for part in parts for s in part) for parts in product(*choices) if 2 <= sum(map(len, parts)) <= 5)
    return list(islice(found, MAX_READINGS))


@remembered
def _readings_of_token(token: str) -> tuple[tuple[str, ...], ...]:
    script = script_of(token[0])
    token = token.strip("'") if script != "la" else token.lstrip("'")
    if script in ("ha", "zh"):
        return (tuple(token),) if len(token) <= 5 and all(options(c) for c in token) else ()
    if script == "ka":
        return tuple(_cut_kana(token, 0))
    whole = ((token,),) if is_attested(token) and not options(token) else ()
    if script == "la" and len(_VOWELS.findall(token.replace("'", ""))) > _MOST_SYLLABLES:
        return whole  # a syllable has its vowels together
    return whole + tuple(_cut(token, 0, _MOST_SYLLABLES))


def _cut(token: str, start: int, left: int) -> list[tuple[str, ...]]:
    """Cut a Latin or Cyrillic token into at most ``left`` syllables, fewest first."""
    if start == len(token):
        return [()]
    if left == 0:
        return []
    found = []
    for end in range(min(len(token), start + 8), start, -1):
        piece = token[start:end]
        if end < len(token) and token[end] == "'":
            continue  # the mark belongs to the letter before it
        if (end == len(token) or left > 1) and is_syllable(piece):
            found += [(piece, *rest) for rest in _cut(token, end, left - 1)]
    return sorted(found, key=len)


def _cut_kana(token: str, start: int) -> list[tuple[str, ...]]:
    if start >= len(token):
        return [()]
    unit = kana_unit(token, start)
    if unit is None:
        return []
    found = []
    for coda in KANA_CODAS:
        end = unit[1] + len(coda)
        if token.startswith(coda, unit[1]):
            found += [(token[start:end], *rest) for rest in _cut_kana(token, end) if len(rest) < 5]
    return found


def agreement(one: tuple[KoreanName, ...], other: tuple[KoreanName, ...]) -> float:
    """The best product of syllable agreements over all readings, 0 to 1; 0 where no syllable count fits."""
    best = 0.0
    for a in one:
        for b in other:
            if not _comparable(a, b):
                continue
            found = surname_agreement(a.surname, b.surname)
            for i, (x, y) in enumerate(zip(a.given, b.given, strict=True)):
                if found <= best:
                    break
                found *= compatibility(x, y, initial=i == 0)
            best = max(best, found)
    return best


def _comparable(one: KoreanName, other: KoreanName) -> bool:
    """Whether two names have as many syllables; parts of names are compared where one of them is in hangul."""
    if len(one.given) != len(other.given) or bool(one.surname) != bool(other.surname):
        return False
    return bool(one.surname and one.given) or "ha" in (_script(one), _script(other))


def _script(name: KoreanName) -> str:
    return script_of((name.surname + name.given)[0][0])


@lru_cache(maxsize=1)
def _usual_syllables() -> frozenset[Syllable]:
    """The sounds that given names are made of."""
    return frozenset(s for row in data_rows("korean_given_names.tsv") for s in alternatives(row[0], least=0.9))


@remembered
def _is_usual(syllable: str) -> bool:
    return any(weight >= _USUAL and s in _usual_syllables() for s, weight in options(syllable).items())


@remembered
def may_be_korean(text: str) -> bool:
    """Whether a name can be read as a usual surname and one or two syllables that given names are made of."""
    return any(_reads_as_usual(name) for name in parse(text))


def _reads_as_usual(name: KoreanName) -> bool:
    if not name.surname or not 1 <= len(name.given) <= 2 or not all(map(_is_usual, name.given)):
        return False
    return not surnames_of(name.surname).isdisjoint(known_surnames())


@remembered
def is_surely_korean(text: str) -> bool:
    """Whether a name can hardly be read otherwise: as ``may_be_korean``, the surname first and the words apart."""
    tokens = [t for t in _SPLIT.split(bare_name(text)) if t.strip("'")]
    return 2 <= len(tokens) <= 3 and _begins_with_surname(tokens) and may_be_korean(text)


def _begins_with_surname(tokens: list[str]) -> bool:
    first = tokens[0].replace("'", "")
    return first in usual_surnames() or any(
        len(surname) > 1 for reading in _readings_of_token(tokens[0]) for surname in surnames_of(reading)
    )


@remembered
def is_in_hangul(text: str) -> bool:
    """Whether every letter is hangul and the name parses as Korean."""
    return bool(parse(text)) and all(script_of(c) == "ha" for c in bare_name(text) if c.isalpha())


def keys(names: tuple[KoreanName, ...]) -> frozenset[str]:
    """Index keys: two names that agree at all share one (the classes of the surname and of each given syllable)."""
    found = set()
    for name in names:
        surname = {"~"}  # a given name alone
        if name.surname:
            firsts = (name.surname[0], *(hangul[0] for hangul in surnames_of(name.surname)))
            surname = {each for first in firsts for each in classes(first)}
        found |= {" ".join(parts) for parts in product(surname, *map(classes, name.given))}
    return frozenset(found)
