"""How alike two tokens are: equal, spelt alike, sounding alike, transliterated, or an initial."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from service.matching.organisations import soft_start
from service.matching.remembering import remembered
from service.matching.slavic import masculine
from service.matching.transliterate import is_abjad, skeleton, vowels_fit
from service.matching.vocabulary import GIVEN_NAME_FORMS

LEAST = 0.60  # below this two tokens are two different words
_VOWELS = str.maketrans("eiouy", "aaaaa")
_ABJAD_FORMS = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("يىئے", "ی"), "ك": "ک", "ة": "ه", "ؤ": "و", "ء": ""}
)
EDIT = 1.1  # an edit counts a little more than its share of the letters
FIRST_LETTER = 0.45  # a word seldom changes its first letter
SOUND = 0.35  # a difference of spelling that the sound key takes away
_SHAPES = {"li": "h", "cl": "d"}
VOWEL_EDIT = 0.6  # an edit that only changes a vowel


@remembered
def similarity(one: str, other: str, sound_one: str, sound_other: str) -> float:
    """0 to 1 for two Latin words; 0 where they are two different words."""
    if one == other:
        return 1.0
    if one.startswith("abd") != other.startswith("abd") and one.removeprefix("abd") == other.removeprefix("abd"):
        return 0.9
    if GIVEN_NAME_FORMS.get(one, one) == GIVEN_NAME_FORMS.get(other, other):
        return 0.93
    if masculine(one) == masculine(other) and one[:3] == other[:3]:
        return 0.93
    shortest, longest = sorted((len(one), len(other)))
    if shortest < 3 or longest - shortest > 1 + longest // 3:
        return _short(one, other, shortest, longest)
    limit = 1 + longest // 3
    plain = OSA.distance(one, other, score_cutoff=limit)
    sound = OSA.distance(sound_one, sound_other, score_cutoff=limit)
    cost = min(float(plain), sound + SOUND)
    if cost > limit:
        return 0.0
    if longest >= 5 and cost >= 1:
        skeleton = OSA.distance(one.translate(_VOWELS), other.translate(_VOWELS))
        cost = min(cost, skeleton + VOWEL_EDIT * max(plain - skeleton, 0))
    if one[0] != other[0] and sound_one[:1] != sound_other[:1] and not (one[0] in "aeiou" and other[0] in "aeiou"):
        cost += FIRST_LETTER
    return max(0.0, 1.0 - EDIT * cost / longest)


@remembered
def shapes(text: str) -> frozenset[str]:
    """What a scanner cannot tell apart written in one way: rn is m, cl d, vv w, li h; clien is chen, or dien."""
    found = {text}
    for first, second in (("li", "cl"), ("cl", "li")):
        shape = text.replace("rn", "m").replace("vv", "w")
        for written in (first, second):
            shape = shape.replace(written, _SHAPES[written])
        found.add(shape)
    return frozenset(found)


@remembered
def coarse(sound: str) -> str:
    """A sound key with all vowels alike: edits of it are never more than edits of the word count for."""
    return sound.translate(_VOWELS)


def _short(one: str, other: str, shortest: int, longest: int) -> float:
    if shortest == 2 and longest <= 3 and one[0] == other[0] and OSA.distance(one, other) == 1:
        return 0.6
    return 0.0


@remembered
def soft_similarity(one: str, other: str) -> float:
    """For names of organisations: Genco, Jenko, Dzhenko and Zenko sound alike."""
    if min(len(one), len(other)) < 4:
        return 0.0
    a, b = soft_start(one), soft_start(other)
    return 0.9 if a == b and one != other else 0.0


@remembered
def abjad_similarity(one: str, other: str) -> float:
    """For words of which at least one is in Arabic script: consonants first, then the vowels that are written."""
    if one == other:
        return 1.0
    if is_abjad(one) and is_abjad(other):
        return _both_abjad(one.translate(_ABJAD_FORMS), other.translate(_ABJAD_FORMS))
    a, b = skeleton(one), skeleton(other)
    sounds = min(len(a.strip("'")), len(b.strip("'")))
    if a == b:
        fits = _vowels_agree(one, other)
        return (0.95 if fits else 0.72) if sounds >= 2 else (0.8 if fits else 0.0)
    longest = max(len(a), len(b))
    if sounds < 3:
        return 0.0
    distance = OSA.distance(a, b, score_cutoff=2)
    if distance > (1 if longest < 6 else 2):
        return 0.0
    return max(0.0, 0.95 - distance / longest)


def _both_abjad(one: str, other: str) -> float:
    if one == other:
        return 0.99
    longest = max(len(one), len(other))
    return max(0.0, 1.0 - EDIT * OSA.distance(one, other) / longest)


def _vowels_agree(one: str, other: str) -> bool:
    return vowels_fit(one, other) if is_abjad(one) else vowels_fit(other, one)
