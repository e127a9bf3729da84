"""Two names compared: the likeliest of all readings, with its alignment."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from service.matching import alignment, korean
from service.matching.names import ParsedName, imitated, parse_name
from service.screening.match import AlignedToken

THRESHOLD = 8000  # the one fixed threshold: a score at or above it is a match to look at

_KOREAN_LEAST = 0.5  # the product of syllable agreements that still is one name
_KOREAN_SURE = 0.85  # at the threshold or above; in between the score runs from 8000 to 10000
_NOT_ONE_KOREAN_NAME = 0.72


@dataclass(frozen=True, slots=True)
class Comparison:
    """``score``: 0 to 10000. ``how``: the reading that won (``letters`` or ``korean``). ``tricks``: of the query."""

    score: int
    alignment: tuple[AlignedToken, ...] = ()
    how: str = "letters"
    tricks: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Readings:
    """A name parsed once for every scorer."""

    text: str
    parsed: ParsedName
    korean: tuple[korean.KoreanName, ...]
    surely_korean: bool
    imitated: ParsedName | None


@lru_cache(maxsize=16384)
def read(text: str, kind: str) -> Readings:
    """Parse a name for comparing; ``kind`` is ``person`` or ``organisation``."""
    return Readings(
        text=text,
        parsed=parse_name(text, kind),
        korean=korean.parse(text) if kind == "person" else (),
        surely_korean=kind == "person" and korean.is_surely_korean(text),
        imitated=imitated(text, kind),
    )


def score(query: Readings, listed: Readings) -> tuple[float, alignment.Alignment | None]:
    """(0 to 1, the letter alignment that gave it, or None where the Korean reading did)."""
    syllables = korean.agreement(query.korean, listed.korean) if query.korean and listed.korean else -1.0
    if syllables >= _KOREAN_SURE:
        return 0.8 + 0.2 * syllables, None
    best = _letters(query, listed)
    if syllables >= _KOREAN_LEAST:
        found = 0.8 + 0.2 * (syllables - _KOREAN_LEAST) / (1 - _KOREAN_LEAST)
        return (found, None) if found >= best.score else (best.score, best)
    if query.surely_korean and listed.surely_korean and _NOT_ONE_KOREAN_NAME < best.score < 1.0:
        return _NOT_ONE_KOREAN_NAME, best
    return best.score, best


def _letters(query: Readings, listed: Readings) -> alignment.Alignment:
    best = alignment.align(query.parsed, listed.parsed)
    for one, other in ((query.imitated, listed.parsed), (query.parsed, listed.imitated)):
        if one is not None and other is not None and best.score < 1.0:
            found = alignment.align(one, other)
            best = found if found.score > best.score else best
    return best


def compare(query: str, listed: str, kind: str = "person") -> Comparison:
    """How far ``query`` may be the name ``listed``; ``kind`` is ``person`` or ``organisation``.

    Answers for every str: a name without letters scores 0 against all but itself.
    """
    kind = "organisation" if kind == "organisation" else "person"
    one, other = read(query, kind), read(listed, kind)
    tricks = one.parsed.tricks
    if one.parsed.text == other.parsed.text and one.parsed.text:
        return Comparison(10000, _same(one, other), tricks=tricks)
    value, found = score(one, other)
    points = min(round(value * 10000), 9990)
    if found is None:
        return Comparison(points, korean_alignment(one, other), "korean", tricks)
    return Comparison(points, alignment.explain(found, one.parsed, other.parsed), tricks=tricks)


def _same(one: Readings, other: Readings) -> tuple[AlignedToken, ...]:
    return alignment.explain(alignment.align(one.parsed, other.parsed), one.parsed, other.parsed)


def korean_alignment(one: Readings, other: Readings) -> tuple[AlignedToken, ...]:
    """The syllables of the reading that agrees best, side by side."""
    best = max(
        ((a, b) for a in one.korean for b in other.korean if len(a.given) == len(b.given)),
        key=lambda pair: korean.agreement((pair[0],), (pair[1],)),
    )
    pairs = [("".join(best[0].surname), "".join(best[1].surname)), *zip(best[0].given, best[1].given, strict=True)]
    return tuple(AlignedToken(query=a, listed=b, how=_korean_how(a, b)) for a, b in pairs)


def _korean_how(one: str, other: str) -> str:
    if one == other:
        return "same"
    return "sound_alike" if one.isascii() == other.isascii() else "transliteration"
