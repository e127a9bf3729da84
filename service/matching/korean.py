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
from service.matching.korean_syllables import (
    KANA_CODAS,
    Syllable,
    alternatives,
    compatibility,
    is_syllable,
    kana_unit,
    options,
)
from service.matching.normalise import clean, script_of
from service.matching.remembering import remembered

MAX_READINGS = 24  # a name in one unbroken token can be cut in many places
_SPLIT = re.compile(r"[\s\-.,/()=\"“”«»]+")
_VOWELS = re.compile(r"[aeiou]+")
_MOST_SYLLABLES = 3  # of one word in Latin or Cyrillic letters
_COMMON_SURNAME = 50_000  # bearers in the census
_SURNAME_WEIGHT = 0.97  # an attested spelling that the grammar alone does not give (Lee, Park, Choi)
_ONSET_CLASS = {
    **dict.fromkeys("ㄱㄲㅋ", "k"), **dict.fromkeys("ㄷㄸㅌ", "t"), **dict.fromkeys("ㅂㅃㅍ", "p"),
    **dict.fromkeys("ㅈㅉㅊ", "c"), **dict.fromkeys("ㅅㅆ", "s"), **dict.fromkeys("ㄹㄴㅇ", "l"),
    "ㅎ": "h", "ㅁ": "m",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KoreanName:
    """One way to read a name: its surname (one or two syllables) and the syllables of the given name."""

    surname: tuple[str, ...]
    given: tuple[str, ...]


@lru_cache(maxsize=1)
def _surnames() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Spelling (Latin, hangul or hanja) -> surnames in hangul it may be; and all surnames in hangul."""
    table: dict[str, set[str]] = {}
    hangul = set()
    for row in data_rows("korean_surnames.tsv"):
        hangul.add(row[0])
        for spelling in (row[0], *row[1].split(), *row[2].split()):
            table.setdefault(spelling, set()).add(row[0])
            table.setdefault(spelling.replace("'", ""), set()).add(row[0])
    for spelling, surname in (("rim", "임"), ("li", "이"), ("ri", "이"), ("yi", "이"), ("ro", "노"), ("no", "노")):
        table.setdefault(spelling, set()).add(surname)
    return {k: frozenset(v) for k, v in table.items()}, frozenset(hangul)


@remembered
def surnames_of(syllables: tuple[str, ...]) -> frozenset[str]:
    """The surnames in hangul that a spelling may stand for: attested spellings first, then the grammar."""
    table, _ = _surnames()
    found = set(table.get("".join(syllables), ()))
    if not found or script_of(syllables[0][0]) != "zh":
        if len(syllables) == 2:
            found |= {s for s in _double_surnames() if _spells(syllables, s)}
        if len(syllables) == 1:
            found |= {_single_surnames()[s] for s in alternatives(syllables[0], least=0.7) & _single_surnames().keys()}
    return frozenset(found)


@lru_cache(maxsize=1)
def _double_surnames() -> tuple[str, ...]:
    return tuple(sorted(s for s in _surnames()[1] if len(s) == 2))


@lru_cache(maxsize=1)
def _single_surnames() -> dict[Syllable, str]:
    """The sound of each surname of one syllable -> the surname."""
    return {next(iter(options(s))): s for s in _surnames()[1] if len(s) == 1}


def _spells(syllables: tuple[str, ...], hangul: str) -> bool:
    return all(
        compatibility(s, h, initial=i == 0) >= 0.7 for i, (s, h) in enumerate(zip(syllables, hangul, strict=True))
    )


@remembered
def parse(text: str) -> tuple[KoreanName, ...]:
    """Every way to read a name as Korean; empty where it cannot be one."""
    cleaned = clean(text).text
    comma = "," in cleaned
    tokens = [t for t in _SPLIT.split(cleaned) if t.strip("'")]
    if not 1 <= len(tokens) <= 4 or sum(map(len, tokens)) > 30:
        return ()
    if len(tokens) == 1 and script_of(tokens[0][0]) == "la" and not _is_one_korean_word(tokens[0]):
        return ()
    readings: dict[KoreanName, None] = {}
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


def _is_one_korean_word(token: str) -> bool:
    """Whether a single Latin word can be a whole name (Kimjongun): a usual surname and two syllables more."""
    return any(r[0].replace("'", "") in _usual_surnames() and len(r) >= 3 for r in _readings_of_token(token))


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
    table, _ = _surnames()
    whole = ((token,),) if token in table and not options(token) else ()
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


@remembered
def surname_agreement(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """0 to 1: can two spellings be the same surname (Ri, Yi, Lee, 李, 리)?"""
    if one == other:
        return 1.0
    direct = 0.0
    if len(one) == len(other):
        direct = min(compatibility(a, b, initial=i == 0) for i, (a, b) in enumerate(zip(one, other, strict=True)))
    if direct < _SURNAME_WEIGHT and _same_root(one, other):
        return _SURNAME_WEIGHT
    return direct


def _same_root(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    table, _ = _surnames()
    mine, theirs = table.get("".join(one)), table.get("".join(other))
    if mine is None or theirs is None:
        return False
    return any(
        a == b or compatibility(a, b, initial=True) > 0 for a in mine for b in theirs if len(a) == len(b) == 1
    ) or bool(mine & theirs)


def agreement(one: tuple[KoreanName, ...], other: tuple[KoreanName, ...]) -> float:
    """The best product of syllable agreements over all readings, 0 to 1; 0 where no syllable count fits."""
    best = 0.0
    for a in one:
        for b in other:
            if len(a.given) != len(b.given):
                continue
            found = surname_agreement(a.surname, b.surname)
            for i, (x, y) in enumerate(zip(a.given, b.given, strict=True)):
                if found <= best:
                    break
                found *= compatibility(x, y, initial=i == 0)
            best = max(best, found)
    return best


@lru_cache(maxsize=1)
def _usual_surnames() -> frozenset[str]:
    """Spellings of the common surnames that hardly anyone but a Korean (or Chinese) bears."""
    found = {"ri", "rim", "ro", "ryu", "yi", "i"}
    for row in data_rows("korean_surnames.tsv"):
        if int(row[3]) >= _COMMON_SURNAME:
            found |= {s.replace("'", "") for s in row[2].split()[:4]} | {row[0], *row[1].split()}
    return frozenset(found)


@remembered
def is_surely_korean(text: str) -> bool:
    """Whether a name can hardly be read otherwise: a usual surname first, then one or two plain syllables."""
    cleaned = clean(text).text
    tokens = [t.replace("'", "") for t in _SPLIT.split(cleaned) if t.strip("'")]
    if not 2 <= len(tokens) <= 3 or tokens[0] not in _usual_surnames():
        return False
    sizes = [{len(r) for r in _readings_of_token(t)} for t in tokens[1:]]
    if len(sizes) == 1:
        return bool(sizes[0] & {1, 2})
    return all(1 in s for s in sizes)


@remembered
def is_in_hangul(text: str) -> bool:
    """Whether every letter is hangul and the name parses as Korean."""
    return bool(parse(text)) and all(script_of(c) == "ha" for c in clean(text).text if c.isalpha())


@remembered
def _classes(syllable: str) -> str:
    return "".join(sorted({_ONSET_CLASS[onset] for onset, _, _ in options(syllable)}))


def keys(names: tuple[KoreanName, ...]) -> frozenset[str]:
    """Index keys: two names that agree at all share one (onset classes of the given name, its length)."""
    found = set()
    for name in names:
        surname = {_ONSET_CLASS[next(iter(options(h[0])))[0]] for h in surnames_of(name.surname)}
        surname |= set(_classes(name.surname[0]))
        for parts in product("".join(sorted(surname)), *(_classes(s) for s in name.given)):
            found.add("".join(parts))
    return frozenset(found)
