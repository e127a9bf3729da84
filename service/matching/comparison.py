"""Two names compared: the likeliest of all readings, with its alignment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import product

from rapidfuzz.distance import OSA

from service.matching import alignment, chinese, korean, mandarin
from service.matching.names import ParsedName, imitated, parse_name
from service.matching.remembering import remembered
from service.matching.tokens import shapes
from service.screening.match import AlignedToken

THRESHOLD = 7900  # the one fixed threshold: a score at or above it is a match to look at

_SLIPS = (6, 11, 26)  # letters from which on one, two and three slips are forgiven in a whole name
_SLIPS_IN_OWN_WORDS = (6, 20)  # the same for two and three slips, in the words that identify
_SCANNED = 0.85  # the same letters to the eye of a scanner: arnin and amin
_SHUFFLED = 0.95  # the same words in another order, which may part a compound: Kamal al-Din, Din al Kamal
_LEAST_SCANNED = 6  # letters of a whole name
_VARIANT = 0.98  # a name inside a name is worth a little less than the whole
_LEAST_LETTERS = 3
_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")
_SYLLABLES_LEAST = 0.5  # the product of syllable agreements that still is one name
_SYLLABLES_SURE = 0.85  # no need to look at the letters any more
_SPACED_OTHERWISE = 0.8  # the same letters, cut into other syllables: Cho Il U, Cho I Lu
MANDARIN = "mandarin"
_IN_MANDARIN = 0.8  # a Korean name as Mandarin reads its hanja: weak evidence
_NOT_ONE_NAME = 0.72  # what like letters are worth where the syllables say no


@dataclass(frozen=True, slots=True)
class Comparison:
    """``score``: 0 to 10000. ``how``: the reading that won (``letters``, ``korean``, ``chinese``
    or ``mandarin``, a Korean name in pinyin).

    ``tricks``: what had to be undone in the query.
    """

    score: int
    alignment: tuple[AlignedToken, ...] = ()
    how: str = "letters"
    tricks: tuple[str, ...] = field(default=())


class Readings:
    """A name parsed once for every scorer; its syllables are read when a scorer first asks for them."""

    __slots__ = ("_chinese", "_korean", "_mandarin", "imitated", "parsed", "text")

    def __init__(self, text: str, kind: str) -> None:
        self.text = text
        self.parsed = parse_name(text, kind)
        self.imitated = None if text.isascii() else imitated(text, kind)
        is_person = kind == "person"
        self._korean: tuple[korean.KoreanName, ...] | None = None if is_person else ()
        self._chinese: tuple[chinese.ChineseName, ...] | None = None if is_person else ()
        self._mandarin: tuple[mandarin.MandarinName, ...] | None = None if is_person else ()

    @property
    def korean(self) -> tuple[korean.KoreanName, ...]:
        """The ways to read it as a Korean's name."""
        if self._korean is None:
            self._korean = korean.parse(self.text)
        return self._korean

    @property
    def chinese(self) -> tuple[chinese.ChineseName, ...]:
        """The ways to read it as a Chinese name."""
        if self._chinese is None:
            self._chinese = chinese.parse(self.text)
        return self._chinese

    @property
    def mandarin(self) -> tuple[mandarin.MandarinName, ...]:
        """The ways to read it as a Korean's name in Mandarin."""
        if self._mandarin is None:
            self._mandarin = mandarin.parse(self.text)
        return self._mandarin

    @property
    def surely_korean(self) -> bool:
        return self.parsed.kind == "person" and korean.is_surely_korean(self.text)

    @property
    def may_be_korean(self) -> bool:
        return self.parsed.kind == "person" and korean.may_be_korean(self.text)

    @property
    def in_hangul(self) -> bool:
        return self.parsed.kind == "person" and korean.is_in_hangul(self.text)

    @property
    def surely_chinese(self) -> bool:
        return self.parsed.kind == "person" and chinese.is_surely_chinese(self.text)


@remembered
def read(text: str, kind: str) -> Readings:
    """Parse a name for comparing; ``kind`` is ``person`` or ``organisation``."""
    return Readings(text, kind)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` 0 to 1 and the reading that gave it; ``letters`` is the alignment where letters did."""

    score: float
    how: str
    letters: alignment.Alignment


def judge(query: Readings, listed: Readings) -> Verdict:
    """The best of all readings; where both names surely are Korean or Chinese, syllables alone decide."""
    koreans = korean.agreement(query.korean, listed.korean) if query.korean and listed.korean else 0.0
    if koreans >= _SYLLABLES_SURE:
        return Verdict(_scaled(koreans), "korean", alignment.NOTHING)
    chineses = 0.0
    if query.chinese and listed.chinese and koreans < _SYLLABLES_LEAST:
        chineses = chinese.agreement(query.chinese, listed.chinese)
        if chineses >= _SYLLABLES_SURE:
            return Verdict(_scaled(chineses), "chinese", alignment.NOTHING)
    letters = _letters(query, listed)
    syllables, how = max((koreans, "korean"), (chineses, "chinese"))
    if syllables >= _SYLLABLES_LEAST:
        scaled = _scaled(syllables)
        return Verdict(scaled, how, letters) if scaled >= letters.score else Verdict(letters.score, "letters", letters)
    value = letters.score
    if _NOT_ONE_NAME < value < 1.0 and (_korean_decides(query, listed) or _chinese_decides(query, listed)):
        value = _SPACED_OTHERWISE if _look_the_same(query, listed) else _NOT_ONE_NAME
    if value < _IN_MANDARIN and _meeting_in_mandarin(query, listed):
        return Verdict(_IN_MANDARIN, MANDARIN, letters)
    return Verdict(value, "letters", letters)


def _look_the_same(query: Readings, listed: Readings) -> bool:
    return not shapes(query.parsed.squeezed).isdisjoint(shapes(listed.parsed.squeezed))


def _meeting_in_mandarin(query: Readings, listed: Readings) -> tuple[mandarin.MandarinName, korean.KoreanName] | None:
    return mandarin.meeting(query.mandarin, listed.korean) or mandarin.meeting(listed.mandarin, query.korean)


def _scaled(syllables: float) -> float:
    """Agreement of syllables on the scale of scores: the least that is one name stands at the threshold."""
    return 0.8 + 0.2 * (syllables - _SYLLABLES_LEAST) / (1 - _SYLLABLES_LEAST)


def _korean_decides(query: Readings, listed: Readings) -> bool:
    """Whether both names are read as Korean, one of them surely: then another syllable is another name."""
    if (query.surely_korean and listed.may_be_korean) or (query.may_be_korean and listed.surely_korean):
        return True
    return bool((query.in_hangul or listed.in_hangul) and query.korean and listed.korean)


def _chinese_decides(query: Readings, listed: Readings) -> bool:
    return bool((query.surely_chinese or listed.surely_chinese) and query.chinese and listed.chinese)


def _letters(query: Readings, listed: Readings) -> alignment.Alignment:
    best = alignment.align(query.parsed, listed.parsed)
    whole = whole_name(query.parsed, listed.parsed)
    if whole > best.score:
        best = replace(best, score=whole)
    for one, other in ((query.imitated, listed.parsed), (query.parsed, listed.imitated)):
        if one is not None and other is not None and best.score < 1.0:
            found = alignment.align(one, other)
            best = found if found.score > best.score else best
    return best


def slips_forgiven(letters: int) -> int:
    """On how many slips a name of so many letters, the longer of two, still may be the other."""
    return sum(letters >= length for length in _SLIPS)


def whole_name(query: ParsedName, listed: ParsedName) -> float:
    """0 to 1 for two names without their spaces: the same letters but for a slip or two in a long name.

    In the name of an organisation more than one slip needs longer words of its own, and two firms of Korea
    differ by a syllable: Korea Namgang Trading is not Korea Namhung Trading.
    """
    best = _SHUFFLED if query.shuffled and query.shuffled == listed.shuffled else 0.0
    own = min(query.own_letters, listed.own_letters)
    for one, other in ((query.squeezed, listed.squeezed), (query.joined, listed.joined)):
        longest = max(len(one), len(other))
        allowed = slips_forgiven(longest)
        if query.kind == "organisation" and own:
            korean_firms = query.is_of_korea and listed.is_of_korea
            allowed = min(allowed, 1 if korean_firms else 1 + sum(own >= length for length in _SLIPS_IN_OWN_WORDS))
        if one == other and one:
            return 0.97
        if longest >= _LEAST_SCANNED and not shapes(one).isdisjoint(shapes(other)):
            best = max(best, _SCANNED)
        if not allowed or abs(len(one) - len(other)) > allowed:
            continue
        slips = OSA.distance(one, other, score_cutoff=allowed)
        if slips <= allowed:
            best = max(best, (0.97, 0.9, 0.83, 0.81)[slips])
    return best


def compare(query: str, listed: str, kind: str = "person") -> Comparison:
    """How far ``query`` may be the name ``listed``; ``kind`` is ``person`` or ``organisation``.

    Answers for every str: a name without letters scores 0 against all but itself.
    """
    kind = "organisation" if kind == "organisation" else "person"
    return compare_read(read(query, kind), read(listed, kind), kind)


def compare_read(one: Readings, other: Readings, kind: str, *, explained_from: int = 0) -> Comparison:
    """``compare`` of two names that were read already; a score under ``explained_from`` comes without its alignment."""
    tricks = one.parsed.tricks
    if one.parsed.text == other.parsed.text and one.parsed.text:
        return Comparison(10000, _same(one, other), tricks=tricks)
    verdict, one, other = _best_variant(one, other, kind)
    points = min(round(verdict.score * 10000), 9990)
    if points < explained_from:
        return Comparison(points, how=verdict.how, tricks=tricks)
    if verdict.how == "letters":
        return Comparison(points, alignment.explain(verdict.letters, one.parsed, other.parsed), tricks=tricks)
    return Comparison(points, _syllable_alignment(one, other, verdict.how), verdict.how, tricks)


def _best_variant(one: Readings, other: Readings, kind: str) -> tuple[Verdict, Readings, Readings]:
    """The likeliest pair among the names that a text holds: an alias in brackets, several names with a slash."""
    best = judge(one, other), one, other
    for mine in (one.text, *variants(one.text, kind)):
        for theirs in (other.text, *variants(other.text, kind)):
            if (mine, theirs) != (one.text, other.text):
                a, b = read(mine, kind), read(theirs, kind)
                found = judge(a, b)
                if found.score * _VARIANT > best[0].score:
                    best = Verdict(found.score * _VARIANT, found.how, found.letters), a, b
    return best


@remembered
def variants(text: str, kind: str) -> tuple[str, ...]:
    """The names inside a name: "Daedong Credit Bank (DCB)", "Al-Qa'ida/Islamic Army", "A; B"."""
    if "(" not in text and "/" not in text and ";" not in text:
        return ()
    inside = _BRACKETS.findall(text)
    outside = _BRACKETS.sub(" ", text)
    parts = [outside, *inside, *re.split(r"\s*[;/]\s*", outside)]
    kept = [p for p in (p.strip(" ,") for p in parts) if p != text and sum(map(str.isalpha, p)) >= _LEAST_LETTERS]
    return tuple(dict.fromkeys(p for p in kept if any(t.counts for t in parse_name(p, kind).tokens)))[:6]


def _same(one: Readings, other: Readings) -> tuple[AlignedToken, ...]:
    return alignment.explain(alignment.align(one.parsed, other.parsed), one.parsed, other.parsed)


def _syllable_alignment(one: Readings, other: Readings, how: str) -> tuple[AlignedToken, ...]:
    """The syllables of the readings that agree best, side by side."""
    if how == MANDARIN:
        return _mandarin_alignment(one, other)
    if how == "korean":
        mine, theirs = max(product(one.korean, other.korean), key=lambda pair: korean.agreement((pair[0],), (pair[1],)))
        parts = (mine.surname, theirs.surname, mine.given, theirs.given)
    else:
        first, second = max(
            product(one.chinese, other.chinese), key=lambda pair: chinese.agreement((pair[0],), (pair[1],))
        )
        parts = (first.surname, second.surname, first.given, second.given)
    return tuple(AlignedToken(query=a, listed=b, how=_syllable_how(a, b)) for a, b in _side_by_side(*parts))


Syllables = tuple[str, ...]


def _side_by_side(
    surname: Syllables, other_surname: Syllables, given: Syllables, other_given: Syllables
) -> list[tuple[str, str]]:
    surnames = [("".join(surname), "".join(other_surname))] if surname else []
    return [*surnames, *zip(given, other_given, strict=True)]


def _mandarin_alignment(one: Readings, other: Readings) -> tuple[AlignedToken, ...]:
    """Pinyin beside the Korean syllables that it stands for."""
    met = _meeting_in_mandarin(one, other)
    if met is None:
        return ()
    pinyin, hangul = met[0].written, met[1]
    pairs = _side_by_side(pinyin.surname, hangul.surname, pinyin.given, hangul.given)
    if met[0] not in one.mandarin:
        pairs = [(b, a) for a, b in pairs]
    return tuple(AlignedToken(query=a, listed=b, how="transliteration") for a, b in pairs)


def _syllable_how(one: str, other: str) -> str:
    if one == other:
        return "same"
    return "sound_alike" if one.isascii() == other.isascii() else "transliteration"
