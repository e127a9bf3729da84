"""The words of a cleaned name, each in Latin letters and as it was written."""

from __future__ import annotations

import re

from service.matching.remembering import remembered
from service.matching.transliterate import to_latin

_WORD = re.compile(r"[^\s\-,;:/\\()\[\]{}|\"“”„«»<>&+*=#!?%…。、，]+")
_DOTTED = re.compile(r"\b(?:\w\.){2,}\w?\b\.?|\b(?:\w\. )+(?:\w\.)")


@remembered
def words_of(text: str) -> tuple[tuple[str, str], ...]:
    """(Latin, written) for each word of a cleaned text; dotted capitals become one word."""
    if "." in text:
        text = _DOTTED.sub(lambda m: m[0].replace(".", "").replace(" ", "") + " ", text)
    found: list[tuple[str, str]] = []
    for written in _WORD.findall(text):
        if written.isascii() and written.isalnum():
            found.append((written, written))
        else:
            found += _pieces(written)
    return tuple(found)


@remembered
def _pieces(written: str) -> tuple[tuple[str, str], ...]:
    """(Latin, written) for what stands between two spaces, which may be several words or none."""
    found: list[tuple[str, str]] = []
    bare = written.removesuffix("'s").replace("'", "").replace(".", " ")
    for piece in bare.split():
        latin = to_latin(piece)
        parts = latin.split()
        if len(parts) > 1 and len(parts) == len(piece):
            found += list(zip(parts, piece, strict=True))
        else:
            found += [(part, piece) for part in parts]
    return tuple(found)
