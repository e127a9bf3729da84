"""What a name says once the tricks of writing are taken away, and which tricks were there.

Compatibility forms are folded (NFKC), invisible and directional characters are removed and flagged, letters of
one script that pass for another's inside one word are folded to the word's script and flagged. Marks are
stripped for Latin, Greek and Cyrillic only: in Indic and Arabic script they are part of the spelling.
Sources of the look-alikes: ``data/look_alikes.tsv``, derived from UTS #39 by scripts/make_look_alikes.py, for
letters as they are written; for whole names in small letters, whose shapes differ from the capitals', a short table
of our own of the letters that Cyrillic, Greek and the small capitals share with Latin.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from service.matching.han import data_rows
from service.matching.remembering import remembered

MAX_CHARACTERS = 512  # a longer name is cut and flagged; CONTRACT refuses it earlier

INVISIBLE = "invisible"
BIDI = "bidi"
LOOK_ALIKE = "look_alike"
DIGIT_FOR_LETTER = "digit_for_letter"
STACKED_MARKS = "stacked_marks"
CUT = "cut"

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5\u034f")  # letters without a glyph
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʻ`´′‵ˈʹʽʾʿ＇‛ʿ"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_"), "-")
_DOTS = dict.fromkeys(map(ord, "·•・･‧∙⋅゠"), " ")

# Latin letters that other scripts write with the same shape, lower case.
_TO_LATIN = dict(
    zip(
        "аеорсухіјѕԁԛԝһьӏвкмнтгпѵүαεορυχικντηѡɑɡɩʀʟɴɪʏᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰıȷƽƙϲϳ",
        "aeopcyxijsdqwhblbkmhtrnvyaeopuxikvtnwagirlniyabcdegh" + "jkmoptuvwzsfijsk" + "cj",
        strict=True,
    )
)
_TO_CYRILLIC = dict(zip("aeopcyxijsbkmhtrnu", "аеорсухіјѕвкмнтгпи", strict=True))
_SMALL_CAPITALS = frozenset("ɑɡɩʀʟɴɪʏᴀʙᴄᴅᴇɢʜᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱꜰıȷ")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|eme|s|ers)?")
_DIGIT_LETTERS = dict(zip("0134579@$!", "oieastgasi", strict=True))
_PASSING_DIGITS = frozenset(_DIGIT_LETTERS)
_LATIN_LETTERS = {
    **dict(zip("øłđıħŧðƀɓɗƒɨŋəɛɔ", "oldihtdbbdfinaeo", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``text``: case-folded, one space between words, punctuation kept; ``tricks``: what had to be undone."""

    text: str
    tricks: tuple[str, ...] = ()


@remembered
def script_of(character: str) -> str:
    """Two-letter word for the script: la cy gr ar he ha (hangul) zh (han) ka (kana), else ``ot``; digits ``dg``."""
    code = ord(character)
    if code < 0x250 or 0x1E00 <= code <= 0x1EFF:
        return "la" if character.isalpha() else "dg" if character.isdigit() else "--"
    for start, end, script in _RANGES:
        if start <= code <= end:
            return script
    return "ot" if character.isalpha() or unicodedata.category(character)[0] == "M" else "--"


_RANGES = (
    (0x250, 0x2AF, "la"),
    (0x1D00, 0x1DBF, "la"),
    (0xA720, 0xA7FF, "la"),
    (0x370, 0x3FF, "gr"),
    (0x1F00, 0x1FFF, "gr"),
    (0x400, 0x52F, "cy"),
    (0x591, 0x5F4, "he"),
    (0x600, 0x6FF, "ar"),
    (0x750, 0x77F, "ar"),
    (0x1100, 0x11FF, "ha"),
    (0x3130, 0x318F, "ha"),
    (0xAC00, 0xD7A3, "ha"),
    (0x3040, 0x30FF, "ka"),
    (0x3005, 0x3007, "zh"),
    (0x3400, 0x9FFF, "zh"),
    (0xF900, 0xFAFF, "zh"),
    (0x20000, 0x3FFFF, "zh"),
)


def scripts_in(text: str) -> frozenset[str]:
    """The scripts of the letters of a text."""
    return frozenset(s for s in map(script_of, text) if s not in ("--", "dg"))


@remembered
def clean(text: str) -> Cleaned:
    """The text without tricks. Answers for every str, also lone surrogates and control characters."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_CHARACTERS:
        lowered = " ".join(text.lower().split())
        if not _has_digit_in_word(lowered):
            return Cleaned(lowered)
        return _fold_words(lowered, [])
    tricks: list[str] = []
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
        tricks.append(CUT)
    kept = _fold_intruders(_without_invisible(text, tricks), tricks)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    folded = folded.translate(_APOSTROPHES).translate(_DASHES).translate(_DOTS)
    return _fold_words(" ".join(_strip_marks(folded, tricks).split()), tricks)


def _without_invisible(text: str, tricks: list[str]) -> str:
    kept: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if character in _BIDI:
            tricks.append(BIDI)
        elif category in ("Cf", "Cs", "Co", "Cn") or character in _BLANK_LETTERS or _is_selector(character):
            tricks.append(INVISIBLE)
        elif category == "Cc":
            kept.append(" ")
        else:
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=1)
def _look_alikes() -> dict[int, str]:
    """Code points of letters of other scripts -> the ASCII letters, in their case, that UTS #39 confuses them with."""
    return {ord(letter): latin for letter, latin in data_rows("look_alikes.tsv")}


def _fold_intruders(text: str, tricks: list[str]) -> str:
    """A Latin word in which every other letter only looks Latin, in Latin letters."""
    words = text.split(" ")
    for i, word in enumerate(words):
        if word.isascii() or not any(c.isascii() and c.isalpha() for c in word):
            continue
        foreign = [c for c in word if c.isalpha() and script_of(c) != "la"]
        if foreign and all(ord(c) in _look_alikes() for c in foreign):
            words[i] = word.translate(_look_alikes())
            tricks.append(LOOK_ALIKE)
    return " ".join(words)


def capitals_reading(text: str) -> str | None:
    """The Latin name, in small letters, that capitals of other scripts imitate ("ΒΑΝΕΗ"), or None where they cannot."""
    letters = [c for c in text if c.isalpha()]
    if not letters or not all(c.isupper() and (c.isascii() or ord(c) in _look_alikes()) for c in letters):
        return None
    return text.translate(_look_alikes()).lower()


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0000" <= character <= "\U000e01ef"


def _strip_marks(text: str, tricks: list[str]) -> str:
    """Marks go where the letter under them is Latin, Greek or Cyrillic; ŏ and ŭ keep a mark: o' u'."""
    result: list[str] = []
    base, marks = "--", 0
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) in ("Mn", "Me"):
            marks += 1
            if marks > 3:
                tricks.append(STACKED_MARKS)
            elif base == "cy" and character == "\u0306" and result[-1] in "иу":
                result[-1] = "й" if result[-1] == "и" else "ў"
            elif base == "cy" and character == "\u0308" and result[-1] in "еі":
                result[-1] = "ё" if result[-1] == "е" else "ї"
            elif base == "la" and character == "\u0306" and result[-1] in "ou":
                result.append("'")
            elif base not in ("la", "gr", "cy", "--"):
                result.append(character)
            continue
        base, marks = script_of(character), 0
        result.append(_LATIN_LETTERS.get(character, character))
    return unicodedata.normalize("NFC", "".join(result))


def _has_digit_in_word(text: str) -> bool:
    return _may_pass_for_letters(text) and any(_digits_pass_for_letters(word) for word in text.split())


def _may_pass_for_letters(text: str) -> bool:
    return not _PASSING_DIGITS.isdisjoint(text)


def _digits_pass_for_letters(word: str) -> bool:
    """Ig0r and 0asis, but not 44th, b2b or MT-123: single digits among at least twice as many letters."""
    return any(_is_disguised(part.strip("'\".,()")) for part in word.split("-"))


def _is_disguised(part: str) -> bool:
    letters = sum(c.isalpha() for c in part)
    digits = [i for i, c in enumerate(part) if c in _DIGIT_LETTERS]
    if not digits or letters < 2 * len(digits) or _ORDINAL.fullmatch(part):
        return False
    if part[-1:].isdigit() and len(digits) == 1:
        return False  # Vostok2 has a number
    apart = all(b - a > 1 for a, b in pairwise(digits)) or letters >= 3 * len(digits)
    return apart and (part[0].isalpha() or len(part) >= 5) and letters >= 2


def _fold_words(text: str, tricks: list[str]) -> Cleaned:
    words = []
    for word in text.split(" "):
        folded = word
        scripts = scripts_in(word) if not word.isascii() else frozenset()
        if "la" in scripts and scripts & {"cy", "gr"}:
            folded = _fold_mixed(word)
            tricks.append(LOOK_ALIKE)
        elif not _SMALL_CAPITALS.isdisjoint(word):
            folded = "".join(_TO_LATIN.get(c, c) if c in _SMALL_CAPITALS else c for c in word)
            tricks.append(LOOK_ALIKE)
        if _may_pass_for_letters(folded) and _digits_pass_for_letters(folded):
            parts = folded.split("-")
            plain = (
                "".join(_DIGIT_LETTERS.get(c, c) for c in p) if _is_disguised(p.strip("'\".,()")) else p for p in parts
            )
            folded = "-".join(plain)
            tricks.append(DIGIT_FOR_LETTER)
        words.append(folded)
    return Cleaned(" ".join(words), tuple(dict.fromkeys(tricks)))


def _fold_mixed(word: str) -> str:
    """A word of two scripts, all in that script which holds letters the other lacks."""
    only_cyrillic = sum(script_of(c) == "cy" and c not in _TO_LATIN for c in word)
    if only_cyrillic:
        return "".join(_TO_CYRILLIC.get(c, c) for c in word)
    return "".join(_TO_LATIN.get(c, c) for c in word)


def look_alike_reading(text: str) -> str | None:
    """The Latin name that words wholly in Cyrillic or Greek imitate ("КІМ", "СНО Il U"), or None where they cannot."""
    if text.isascii():
        return None
    letters = [c for c in text if c.isalpha()]
    if not letters or not all(c.isascii() or c in _TO_LATIN for c in letters):
        return None
    return "".join(_TO_LATIN.get(c, c) for c in text)
