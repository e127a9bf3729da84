"""How a written country is brought to the form in which the table keeps it.

Only the way of writing is removed: case, width, accents on Latin letters, punctuation, spaces, the word
"the". No letter is guessed and no word is left out, so two names that differ in a word stay different.
"""

from __future__ import annotations

import re
import string
import unicodedata

LONGEST = 120  # characters; the longest official name has 57
LONGEST_CODE = 3
LATIN_END = 0x0250
LATIN_ADDITIONAL = range(0x1E00, 0x1F00)
APOSTROPHES = "'’‘ʼʹ`´′ʻ‛"
REMOVED = str.maketrans("", "", APOSTROPHES + ".。．")
UNSPACED_SCRIPTS = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")


def normalise(text: str) -> str:
    """The look-up form of ``text``; empty where nothing is left of it.

    Text longer than any name is cut to nothing rather than searched.
    """
    if len(text) > LONGEST:
        return ""
    folded = unicodedata.normalize("NFKC", text.translate(REMOVED)).casefold().translate(REMOVED)
    if not folded.isascii():
        folded = _without_latin_accents(folded)
    words = _spaced(folded).split()
    kept = [word for word in words if word != "the"]
    joined = " ".join(kept)
    return joined.replace(" ", "") if UNSPACED_SCRIPTS.search(joined) else joined


def normalise_code(text: str) -> str:
    """The look-up form of a code: case, width, outer spaces and an MRZ's fillers are removed, no more.

    Dots stay, so that "Kor." is the abbreviation that it looks like and not the code ``KOR``. Numbers get
    back the zeros that spreadsheets drop. Empty where ``text`` cannot be a code.
    """
    code = unicodedata.normalize("NFKC", text[:LONGEST]).strip(f"{string.whitespace}\ufeff\u200b<").casefold()
    if not (code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE):
        return ""
    return code.zfill(LONGEST_CODE) if code.isdigit() else code


def _without_latin_accents(text: str) -> str:
    """Accents go from Latin letters only: elsewhere a mark makes another letter (ど, й, दक्षिण)."""
    kept: list[str] = []
    on_latin = False
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.category(char) == "Mn":
            if on_latin:
                continue
        else:
            on_latin = ord(char) < LATIN_END or ord(char) in LATIN_ADDITIONAL
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).replace("ё", "е")


def _spaced(text: str) -> str:
    """Punctuation as spaces, invisible characters gone, ``&`` as a word."""
    chars: list[str] = []
    for char in text.replace("&", " and "):
        if char.isalnum() or char == " ":
            chars.append(char)
            continue
        category = unicodedata.category(char)
        if category == "Cf":
            continue
        chars.append(" " if category[0] in "PZ" or char in "<\t\n\r" else char)
    return "".join(chars)
