"""Korean surnames: which a spelling may stand for, in any script, and whether two spellings are one surname.

``data/korean_surnames.tsv`` has the surnames of the census with their hanja and the spellings met; the grammar of
syllables reads the rest.
"""

from __future__ import annotations

from functools import lru_cache

from service.matching.han import data_rows
from service.matching.korean_syllables import Syllable, alternatives, classes, compatibility, options
from service.matching.normalise import script_of
from service.matching.remembering import remembered
from service.matching.romanise import romanise

_COMMON = 50_000  # bearers in the census
_KNOWN = 10_000
_ATTESTED = 0.97  # an attested spelling that the grammar alone does not give (Lee, Park, Choi)
_NORTHERN = ("리", "림", "로", "류")  # as the North writes 이, 임, 노 and 유


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


def is_attested(spelling: str) -> bool:
    """Whether a surname is met in this spelling."""
    return spelling in _surnames()[0]


@remembered
def surnames_of(syllables: tuple[str, ...]) -> frozenset[str]:
    """The surnames in hangul that a spelling may stand for: attested spellings first, then the grammar."""
    table, _ = _surnames()
    found = set(table.get("".join(syllables), ()))
    if not found or script_of(syllables[0][0]) != "zh":
        if len(syllables) == 2:
            sounding_like = {s for each in classes(syllables[0]) for s in _double_surnames().get(each, ())}
            found |= {s for s in sounding_like if _spells(syllables, s)}
        if len(syllables) == 1:
            found |= {_single_surnames()[s] for s in alternatives(syllables[0], least=0.7) & _single_surnames().keys()}
    return frozenset(found)


@lru_cache(maxsize=1)
def _double_surnames() -> dict[str, list[str]]:
    """The surnames of two syllables by the class of the first."""
    table: dict[str, list[str]] = {}
    for surname in sorted(s for s in _surnames()[1] if len(s) == 2):
        for each in classes(surname[0]):
            table.setdefault(each, []).append(surname)
    return table


@lru_cache(maxsize=1)
def _single_surnames() -> dict[Syllable, str]:
    """The sound of each surname of one syllable -> the surname."""
    return {next(iter(options(s))): s for s in _surnames()[1] if len(s) == 1}


def _spells(syllables: tuple[str, ...], hangul: str) -> bool:
    return all(
        compatibility(s, h, initial=i == 0) >= 0.7 for i, (s, h) in enumerate(zip(syllables, hangul, strict=True))
    )


@remembered
def surname_agreement(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """0 to 1: can two spellings be the same surname (Ri, Yi, Lee, 李, 리)?"""
    if one == other:
        return 1.0
    direct = 0.0
    if len(one) == len(other):
        direct = min(compatibility(a, b, initial=i == 0) for i, (a, b) in enumerate(zip(one, other, strict=True)))
    if direct < _ATTESTED and _same_root(one, other):
        return _ATTESTED
    return direct


def _same_root(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether an attested spelling of one surname is an attested or a regular one of the other."""
    table, _ = _surnames()
    mine, theirs = table.get("".join(one), frozenset()), table.get("".join(other), frozenset())
    return _share_one(mine, surnames_of(other)) or _share_one(theirs, surnames_of(one))


def _share_one(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(mine & theirs) or any(
        compatibility(a, b, initial=True) > 0 for a in mine for b in theirs if len(a) == len(b) == 1
    )


@lru_cache(maxsize=1)
def usual_surnames() -> frozenset[str]:
    """Spellings of the common surnames that hardly anyone but a Korean (or Chinese) bears."""
    found = {"yi", "i", *map(romanise, _NORTHERN)}
    for hangul, hanja, spellings, bearers in data_rows("korean_surnames.tsv"):
        if int(bearers) >= _COMMON:
            found |= {s.replace("'", "") for s in spellings.split()[:4]} | {hangul, romanise(hangul), *hanja.split()}
    return frozenset(found)


@lru_cache(maxsize=1)
def known_surnames() -> frozenset[str]:
    """The surnames in hangul that are common, or of two syllables and so unlike any other name."""
    rows = data_rows("korean_surnames.tsv")
    return frozenset({*_NORTHERN} | {r[0] for r in rows if int(r[3]) >= _KNOWN or len(r[0]) > 1})
