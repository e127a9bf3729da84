"""Ways in which a listed name is written otherwise: by a keyboard, a scanner, a clerk, another language or a trick.

Each takes a name and a source of chance and gives the name altered, or None where it does not apply to that name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from service.matching import chinese, korean
from service.matching.vocabulary import PARTICLES, TITLES

PERSON, ORGANISATION = "person", "organisation"
_LOOK_ALIKES = str.maketrans(dict(zip("aeopcyxiABEKMHOPCTX", "аеорсухіАВЕКМНОРСТХ", strict=True)))
_GREEK_LOOK_ALIKES = str.maketrans(dict(zip("oABEHIKMNOPTXYZ", "οΑΒΕΗΙΚΜΝΟΡΤΧΥΖ", strict=True)))
_SMALL_CAPITALS = str.maketrans(dict(zip("abcdeghijklmnoprtuvwz", "ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ", strict=True)))
_DIGITS = str.maketrans(dict(zip("oieaOIEA", "01340134", strict=True)))
_CYRILLIC = (
    ("shch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю"), ("ya", "я"),
    *zip("abvgdeziyklmnoprstufhjqxwc", "абвгдезийклмнопрстуфхйкквк", strict=True),
)  # fmt: skip
_RESPELT = (
    ("kh", "h"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ei", "ey"), ("iy", "y"), ("ij", "iy"), ("ph", "f"),
    ("q", "k"), ("dj", "j"), ("sch", "sh"), ("zh", "j"), ("ks", "x"), ("x", "ks"), ("mm", "m"), ("ss", "s"),
    ("nn", "n"), ("ll", "l"), ("dd", "d"), ("ff", "f"), ("w", "v"), ("ay", "ai"), ("ya", "ia"), ("yu", "iu"),
    ("ck", "k"), ("ch", "tch"), ("sh", "ch"), ("j", "dj"), ("ai", "ay"), ("ie", "i"), ("y", "i"), ("u", "ou"),
)  # fmt: skip
_OCR = (("m", "rn"), ("rn", "m"), ("w", "vv"), ("d", "cl"), ("cl", "d"), ("li", "h"), ("h", "li"), ("ri", "n"))
_PARTICLES = re.compile(r"\b(?:al|el|bin|ibn|ben|ould|van|von|de|da|del|abu)\b[- ]?", re.IGNORECASE)
_LEGAL = re.compile(
    r",?\s+(?:co\.?,? ltd\.?|ltd\.?|limited|llc|l\.l\.c\.|inc\.?|corp\.?|corporation|company|co\.|gmbh|s\.?a\.?|ooo|"
    r"jsc|ojsc|pjsc|sarl|plc|fze|fzco?)$",
    re.IGNORECASE,
)
_SMALL_WORDS = re.compile(r"\b(?:of|for|the|and|in)\b ?", re.IGNORECASE)
_PATRONYMIC = re.compile(r"\b\w+(?:ovich|evich|ovna|evna|ovych|evych|ivna)\b", re.IGNORECASE)
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Alter = Callable[[str, random.Random], "str | None"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Alteration:
    """A class of alterations, the kind of party it is tried on, and the share that must be caught."""

    name: str
    kind: str
    target: float
    apply: Alter


def _words(name: str) -> list[str]:
    return name.replace(",", " ").split()


def _is_latin(name: str) -> bool:
    return name.isascii() and len(_words(name)) >= 2


def one_edit(name: str, source: random.Random) -> str | None:
    """A letter exchanged, left out, added or swapped with the next one."""
    places = [i for i, c in enumerate(name) if c.isalpha()]
    if not name.isascii() or len(places) < 6:
        return None
    i = source.choice(places)
    letter = source.choice(LETTERS)
    return source.choice(
        (
            name[:i] + letter + name[i + 1 :],
            name[:i] + name[i + 1 :],
            name[:i] + letter + name[i:],
            name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :],
        )
    )


def two_edits(name: str, source: random.Random) -> str | None:
    """Two edits anywhere, in a name of ten letters or more."""
    if sum(c.isalpha() for c in name) < 10:
        return None
    once = one_edit(name, source)
    return one_edit(once, source) if once else None


def _between_letters(name: str, source: random.Random, marks: str) -> str | None:
    places = [i for i in range(1, len(name)) if name[i - 1].isalpha() and name[i].isalpha()]
    if not places:
        return None
    for i in sorted(source.sample(places, min(3, len(places))), reverse=True):
        name = name[:i] + source.choice(marks) + name[i:]
    return name


def _replaced(name: str, source: random.Random, pairs: tuple[tuple[str, str], ...], times: int) -> str | None:
    if not name.isascii():
        return None
    lowered = name.lower()
    usable = [pair for pair in pairs if pair[0] in lowered]
    if not usable:
        return None
    for old, new in source.sample(usable, min(times, len(usable))):
        lowered = lowered.replace(old, new, 1)
    return lowered


def _in_cyrillic(name: str, source: random.Random) -> str | None:
    if not _is_latin(name) or not re.search(r"(?i)(?:ov|ev|in|sky|skiy|enko|ich|ova|eva)\b", name):
        return None
    written = name.lower()
    for latin, cyrillic in _CYRILLIC:
        written = written.replace(latin, cyrillic)
    return written


def _one_word(name: str, source: random.Random, change: Callable[[str], str], least: int = 4) -> str | None:
    words = name.split()
    long = [i for i, w in enumerate(words) if len(w) >= least and w.isascii() and w.isalpha()]
    if not long:
        return None
    i = source.choice(long)
    words[i] = change(words[i])
    return " ".join(words)


def _reordered(name: str, source: random.Random) -> str | None:
    words = _words(name)
    if len(words) < 2:
        return None
    return source.choice((" ".join(words[-1:] + words[:-1]), " ".join(words[1:] + words[:1]), " ".join(words[::-1])))


def _without_middle(name: str, source: random.Random) -> str | None:
    """Without the name behind the first given name; not of names in syllables, nor in compounds."""
    if not name.isascii() or korean.is_surely_korean(name) or chinese.parse(name):
        return None
    family, comma, given = name.partition(",")
    words = (given if comma else name).split()
    if len(words) < (2 if comma else 3) or any(w.lower().strip("-") in PARTICLES | TITLES for w in words[:2]):
        return None
    if comma and len(words[0].strip(".")) == 1:
        return None
    return " ".join(([family + ","] if comma else []) + words[:1] + words[2:])


def _with_middle(name: str, source: random.Random) -> str | None:
    words = _words(name)
    if len(words) < 2:
        return None
    words.insert(1, source.choice("Pavel Anders Yusuf Marco Samir Tomas Feng Adil Elias Nasir".split()))
    return " ".join(words)


def _middle_initial(name: str, source: random.Random) -> str | None:
    words = _words(name)
    return " ".join([words[0], words[1][0] + ".", *words[2:]]) if len(words) >= 3 and name.isascii() else None


def _without(pattern: re.Pattern[str], name: str) -> str | None:
    shorter = " ".join(pattern.sub("", name).split()).strip(" ,-")
    return shorter if shorter != name and len(_words(shorter)) >= 2 else None


def _joined(name: str, source: random.Random) -> str | None:
    words = _words(name)
    if len(words) < 2 or not name.isascii():
        return None
    i = source.randrange(len(words) - 1)
    return " ".join([*words[:i], words[i] + words[i + 1], *words[i + 2 :]])


def _split(word: str, source: random.Random, mark: str) -> str:
    i = source.randrange(2, len(word) - 1)
    return word[:i] + mark + word[i:]


def _case(name: str, source: random.Random) -> str:
    return source.choice((name.lower(), name.upper(), name.swapcase(), name.title()))


def _punctuation(name: str, source: random.Random) -> str:
    marks = source.choice(
        (
            {",": " ", "-": " ", "'": "’", ".": " "},
            {",": ";", "-": "–", "'": "ʼ", ".": ""},
            {",": " ,", "-": "‐", "'": "`"},
            {" ": "  "},
            {" ": " - "},
        )
    )
    return "".join(marks.get(c, c) for c in name)


def _full_width(name: str, source: random.Random) -> str:
    if source.random() < 0.5:
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    start = source.choice((0x1D400, 0x1D5A0, 0x1D670))  # bold, sans-serif, monospace
    return "".join(
        chr(start + ord(c) - ord("A"))
        if "A" <= c <= "Z"
        else chr(start + 26 + ord(c) - ord("a"))
        if "a" <= c <= "z"
        else c
        for c in name
    ).replace(" ", "\u00a0")


def _every(name: str, table: dict[int, int | str | None], *, lower: bool = False) -> str | None:
    written = (name.lower() if lower else name).translate(table)
    return written if name.isascii() and written != name else None


def _like(name: str, kind: str, target: float, apply: Alter) -> Alteration:
    return Alteration(name=name, kind=kind, target=target, apply=apply)


def _both(name: str, target: float, apply: Alter) -> tuple[Alteration, ...]:
    return (
        _like(f"{name}, person", PERSON, target, apply),
        _like(f"{name}, organisation", ORGANISATION, target, apply),
    )


CLASSES: tuple[Alteration, ...] = (
    *_both("case", 1.0, _case),
    *_both("punctuation", 1.0, _punctuation),
    _like("full-width and mathematical", PERSON, 1.0, _full_width),
    _like(
        "invisible characters", PERSON, 1.0, lambda n, s: _between_letters(n, s, "\u200b\u200d\u2060\ufeff\u00ad\ufe0f")
    ),
    _like("directional marks", PERSON, 1.0, lambda n, s: _between_letters(n, s, "\u202e\u2066\u200f\u061c")),
    _like("combining marks", PERSON, 1.0, lambda n, s: _between_letters(n, s, "\u0301\u0323\u0308\u0327")),
    _like("Cyrillic look-alikes", PERSON, 1.0, lambda n, s: _every(n, _LOOK_ALIKES)),
    _like("Greek look-alikes", ORGANISATION, 1.0, lambda n, s: _every(n, _GREEK_LOOK_ALIKES)),
    _like("small capitals", PERSON, 1.0, lambda n, s: _every(n, _SMALL_CAPITALS, lower=True)),
    _like("one digit for a letter", PERSON, 1.0, lambda n, s: _one_word(n, s, lambda w: w[0] + _first_digit(w[1:]), 5)),
    _like("order of words", PERSON, 1.0, _reordered),
    _like("respelt", PERSON, 0.98, lambda n, s: _replaced(n, s, _RESPELT, 2)),
    _like("in Cyrillic", PERSON, 0.98, _in_cyrillic),
    _like("without a middle name", PERSON, 0.95, _without_middle),
    _like("with one more middle name", PERSON, 0.95, _with_middle),
    _like("with a middle initial", PERSON, 0.95, _middle_initial),
    _like("without the patronymic", PERSON, 0.95, lambda n, s: _without(_PATRONYMIC, n)),
    _like("without particles", PERSON, 0.98, lambda n, s: _without(_PARTICLES, n)),
    _like("without the legal form", ORGANISATION, 0.98, lambda n, s: _without(_LEGAL, n)),
    _like("without small words", ORGANISATION, 1.0, lambda n, s: _without(_SMALL_WORDS, n)),
    *_both("one edit", 0.99, one_edit),
    *_both("two edits", 0.95, two_edits),
    _like("read by a scanner", PERSON, 0.98, lambda n, s: _replaced(n, s, _OCR, 1)),
    _like("a word split", PERSON, 0.99, lambda n, s: _one_word(n, s, lambda w: _split(w, s, " "), 5)),
    _like("a hyphen in a word", PERSON, 0.99, lambda n, s: _one_word(n, s, lambda w: _split(w, s, "-"), 5)),
    *_both("two words joined", 0.99, _joined),
)


def _first_digit(text: str) -> str:
    """The first letter that a digit can pass for, as that digit."""
    for i, letter in enumerate(text):
        digit = letter.translate(_DIGITS)
        if digit != letter and i + 1 < len(text):
            return text[:i] + digit + text[i + 1 :]
    return text
