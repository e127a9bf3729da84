"""Names that a publisher printed inside another name: ``… Corporation (Aliases: KOGEN, GENCO)``."""

from __future__ import annotations

import re

from service.lists.xml_records import clean

_ALIASES = re.compile(
    r"\(\s*(?:alias(?:es)?|[afn]\.?k\.?a|also known as|formerly known as|former(?:ly)?)\b\.?\s*:?\s*([^()]*)\)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:[afn]\.?\s?k\.?\s?a\b\.?)\s*:?\s*", re.IGNORECASE)


def names_within(text: str) -> list[str]:
    """The names in ``text``, the main one first; brackets that do not say that they hold aliases stay."""
    within = [piece for group in _ALIASES.findall(text) for piece in re.split(r"[;,]", group)]
    outside = clean(_ALIASES.sub(" ", text))
    found = [unlabelled(piece) for piece in (outside, *within)]
    return list(dict.fromkeys(name for name in found if name)) or [clean(text)]


def unlabelled(text: str) -> str:
    """A name without "a.k.a.:", "f.k.a." and the like before it."""
    return clean(_LABEL.sub("", clean(text)))
