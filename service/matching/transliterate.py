"""Other scripts in Latin letters: own tables for Cyrillic, Greek and Arabic, pinyin for Han, anyascii for the rest.

Arabic script leaves short vowels out, so its reading is a consonant skeleton, and a Latin word is reduced to
the same skeleton before the two are compared (``skeleton``).
"""

from __future__ import annotations

import re

from anyascii import anyascii

from service.matching.han import pinyin_of
from service.matching.normalise import script_of
from service.matching.remembering import remembered

_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђјљњћџѓќѕѣ",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya e i i e g u dj j lj nj c dz "
        "gj kj dz e".replace("-", "").split(" "),
        strict=True,
    )
)
_GREEK = dict(
    zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True)
)
# Arabic, Persian, Urdu and Pashto letters as skeleton classes; letters that only carry vowels vanish.
_ARABIC = {
    **dict.fromkeys("بپ", "b"),
    **dict.fromkeys("تطټٹة", "t"),
    "ث": "s",
    **dict.fromkeys("جچ", "j"),
    **dict.fromkeys("حهھہځ", "h"),
    "خ": "x",
    **dict.fromkeys("دضڈډ", "d"),
    **dict.fromkeys("ذظزژړ", "z"),
    **dict.fromkeys("رړڑ", "r"),
    **dict.fromkeys("سص", "s"),
    "ش": "c",
    "غ": "g",
    **dict.fromkeys("گ", "g"),
    **dict.fromkeys("فڤ", "f"),
    **dict.fromkeys("قكکڪ", "k"),
    "ل": "l",
    "م": "m",
    **dict.fromkeys("نںڼ", "n"),
    "و": "w",
    **dict.fromkeys("يیېۍئىے", "y"),
}
_SKELETON_DIGRAPHS = (
    ("tch", "j"), ("sch", "c"), ("sh", "c"), ("kh", "x"), ("ch", "c"), ("dh", "z"), ("th", "s"), ("gh", "g"),
    ("ph", "f"), ("dj", "j"), ("ck", "k"), ("ou", "w"), ("oo", "w"),
)  # fmt: skip
_ALEF = frozenset("اأإآعء")
_VOWEL_CLASSES = str.maketrans({"e": "y", "i": "y", "o": "w", "u": "w", "p": "b", "v": "w", "q": "k", "'": ""})
_SKELETON_LETTERS = str.maketrans({"p": "b", "v": "w", "q": "k", "e": "", "a": "", "o": "", "u": "", "i": ""})


@remembered
def to_latin(word: str) -> str:
    """One case-folded word in ASCII letters and digits; every character of it takes part."""
    if word.isascii():
        return word
    parts: list[str] = []
    for character in word:
        if character.isascii():
            parts.append(character)
        elif character in _CYRILLIC:
            parts.append(_CYRILLIC[character])
        elif character in _GREEK:
            parts.append(_GREEK[character])
        elif script_of(character) == "zh":
            parts.append(" " + (pinyin_of(character) or anyascii(character).lower()) + " ")
        elif script_of(character) == "ha":
            parts.append(" " + anyascii(character).lower() + " ")
        else:
            parts.append(anyascii(character).lower())
    return re.sub(r"[^a-z0-9 ]", "", "".join(parts)).strip()


@remembered
def skeleton(word: str) -> str:
    """The consonants of a word in classes that Arabic script can tell apart; w and y count only at the start."""
    if is_abjad(word):
        classes = "".join(_ARABIC.get(c, "") for c in word)
        if word[0] in _ALEF or not classes:
            classes = "'" + classes
        if word.endswith(("ة", "ه", "ۀ")) and len(classes) > 2:
            classes = classes[:-1]
    else:
        classes = _digraphs(word)
        if classes.endswith("h") and len(classes) > 2:
            classes = classes[:-1]
        vowel_first = classes[:1] in ("a", "e", "i", "o", "u")
        classes = ("'" if vowel_first else "") + classes.translate(_SKELETON_LETTERS)
    return _drop_glides(classes)


def is_abjad(word: str) -> bool:
    """Whether a word is in Arabic script, where a reading without vowels is all there is."""
    return not word.isascii() and any(c in _ARABIC for c in word)


def _digraphs(word: str) -> str:
    for written, sound in _SKELETON_DIGRAPHS:
        word = word.replace(written, sound)
    return word


def _drop_glides(classes: str) -> str:
    head, tail = classes[:1], classes[1:].replace("w", "").replace("y", "")
    merged = head
    for character in tail:
        if merged[-1:] != character:
            merged += character
    return merged


@remembered
def vowels_fit(arabic: str, latin: str) -> bool:
    """Whether a Latin word has a vowel wherever the Arabic spelling writes one: حسین is Husayn, not Hasan."""
    return bool(_vowel_pattern(arabic).fullmatch(_vowel_classes(latin)))


@remembered
def _vowel_classes(latin: str) -> str:
    merged = ""
    for character in _digraphs(latin).translate(_VOWEL_CLASSES):
        if merged[-1:] != character:
            merged += character
    return merged


@remembered
def _vowel_pattern(arabic: str) -> re.Pattern[str]:
    pattern, last = "[ayw]*", ""
    for i, character in enumerate(arabic):
        if character in "اآأإىٰ":
            pattern += "[ayw]*[ayw][ayw]*" if i == 0 else "[ayw]*[ay][ayw]*"
        elif character in "وۆۇ":
            pattern += "[ayw]*w[ayw]*"
        elif character in "يیېۍئ":
            pattern += "[ayw]*y[ayw]*"
        elif character in "ةهۀ" and i == len(arabic) - 1:
            pattern += "[tyh]?[ayw]*"
        elif character in _ARABIC and _ARABIC[character] != last:
            pattern += _ARABIC[character] + "[ayw]*"
        last = _ARABIC.get(character, "")
    return re.compile(pattern)


_DOUBLED = re.compile(r"(.)\1")
_FOLDS = tuple(  # pattern, sound, and what a word must hold of for the pattern to be worth a look
    (re.compile(pattern), sound, tuple(needles.split()))
    for pattern, sound, needles in (
        (r"(?<=[oe]v)s$|(?<=j)s$", "", "s"), (r"tsch|tch|tsh", "c", "tsch tch tsh"), (r"sch|sh", "x", "sch sh"),
        (r"dzh|dj|zh|dž", "j", "zh dj dž"), (r"ch|cz", "c", "ch cz"), (r"ph", "f", "ph"), (r"kh|x(?=h)", "h", "kh xh"),
        (r"th", "t", "th"), (r"dh", "d", "dh"), (r"gh", "g", "gh"), (r"ck|q", "k", "ck q"), (r"c(?=[eiy])", "s", "c"),
        (r"c(?=[aou])", "k", "c"), (r"ij|iy|yi|ey|ei|ai|ay|ee|ie|ii|yy", "i", "ij iy yi ey ei ai ay ee ie ii yy"),
        (r"ou|oo|uw", "u", "ou oo uw"), (r"ae", "e", "ae"), (r"oe", "o", "oe"), (r"ue", "u", "ue"), (r"w", "v", "w"),
        (r"y|j(?=[aeou])(?<=[^aeiou]j)", "i", "y j"), (r"tz|tc", "ts", "tz tc"), (r"(.)\1+", r"\1", ""),
        (r"(?<=[aeiou])h(?![aeiou])", "", "h"),
    )
)  # fmt: skip


@remembered
def sound_key(word: str) -> str:
    """A coarse spelling of how a Latin word sounds: Mohamed and Mohammed, Sergej and Sergey meet."""
    for pattern, sound, needles in _FOLDS:
        for needle in needles:
            if needle in word:
                word = pattern.sub(sound, word)
                break
        else:
            if not needles and _DOUBLED.search(word):
                word = pattern.sub(sound, word)
    return word
