"""Korean names in Mandarin: Jin Zheng'en is how China reads 金正恩, whom Korea calls Kim Jong Un.

Chinese papers and lists carry such names (Li Cheng He, Jin Tiesan). A syllable of Mandarin stands for many hanja, so
the reading is weak evidence: only surnames and hanja that are usual in Korean names count, every syllable must agree,
and the answer is yes or no. A match by it alone is never more than possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from service.matching import chinese
from service.matching.han import data_rows, readings_of
from service.matching.korean import KoreanName
from service.matching.korean_surnames import surname_agreement
from service.matching.korean_syllables import classes, compatibility
from service.matching.remembering import remembered

_SURELY = 0.9  # how well a syllable must agree
_BEARERS = 10_000  # of the surnames that count


@dataclass(frozen=True, slots=True)
class MandarinName:
    """One way to read a name in pinyin: as it is written, and the hangul that each part can stand for."""

    written: chinese.ChineseName
    surname: frozenset[str]
    given: tuple[frozenset[str], ...]


@lru_cache(maxsize=1)
def _surnames() -> dict[str, frozenset[str]]:
    """A surname in pinyin -> the Korean surnames whose hanja are read so."""
    table: dict[str, set[str]] = {}
    for hangul, hanja, _, bearers in data_rows("korean_surnames.tsv"):
        if int(bearers) >= _BEARERS or len(hangul) > 1:
            for written in hanja.split():
                for parts in product(*(readings_of(character).mandarin for character in written)):
                    table.setdefault("".join(parts), set()).add(hangul)
    return {pinyin: frozenset(found) for pinyin, found in table.items()}


@lru_cache(maxsize=1)
def _syllables() -> dict[str, frozenset[str]]:
    """A syllable of pinyin -> the syllables of Korean given names whose hanja are read so."""
    table: dict[str, set[str]] = {}
    for hangul, hanja in data_rows("korean_given_names.tsv"):
        for character in hanja.split():
            for pinyin in readings_of(character).mandarin[:1]:
                table.setdefault(pinyin, set()).add(hangul)
    return {pinyin: frozenset(found) for pinyin, found in table.items()}


@remembered
def parse(text: str) -> tuple[MandarinName, ...]:
    """The readings of a name in pinyin that can be a Korean's; empty where there are none."""
    found = []
    for name in chinese.parse(text):
        surname = _surnames().get("".join(name.surname), frozenset())
        given = tuple(_syllables().get(syllable.replace("'", ""), frozenset()) for syllable in name.given)
        if surname and all(given):
            found.append(MandarinName(name, surname, given))
    return tuple(found)


def meeting(one: tuple[MandarinName, ...], other: tuple[KoreanName, ...]) -> tuple[MandarinName, KoreanName] | None:
    """The first reading of a name in pinyin that is a reading of a Korean name, or None."""
    return next(((a, b) for a in one for b in other if _is_one(a, b)), None)


def _is_one(one: MandarinName, other: KoreanName) -> bool:
    return (
        len(one.given) == len(other.given)
        and any(surname_agreement(tuple(hangul), other.surname) >= _SURELY for hangul in one.surname)
        and all(
            any(compatibility(hangul, syllable, initial=i == 0) >= _SURELY for hangul in readings)
            for i, (readings, syllable) in enumerate(zip(one.given, other.given, strict=True))
        )
    )


def keys(names: tuple[MandarinName, ...]) -> frozenset[str]:
    """The index keys (``korean.keys``) of the Korean names that these can be."""
    found = set()
    for name in names:
        parts = [{each for hangul in part for each in classes(hangul[0])} for part in (name.surname, *name.given)]
        found |= {" ".join(chosen) for chosen in product(*parts)}
    return frozenset(found)
