"""The other names that Canada's list writes in one text.

They are parted by ``;``, ``,``, ``/``, line breaks, "or" and "and", and labelled by language (``Arabic: …``);
commas also stand inside names (``Рембаза, АО``). What parts names here is read off the file's own habits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from anyascii import anyascii

from service.lists.listing import AliasQuality, ListedName
from service.lists.un_names import is_latin, names_of
from service.lists.xml_records import clean

_LANGUAGE = re.compile(r"\b(?:Arabic|Belaruss?ian|Burmese|Chinese|Farsi|Hebrew|Persian|Russian|Ukrainian)\s*:")
_ALSO = re.compile(r"^(?:also(?: known as)?|aka|a\.k\.a\.?)\s+|\s+(?:aka|a\.k\.a\.?)$", re.IGNORECASE)
_OR = re.compile(r"\s+or\s+")
_AND = re.compile(r"\s+and\s+")
_LEGAL_FORM = re.compile(
    r"(?:[АA]О|ООО|ПАО|ОАО|ЗАО|САО|ФГУП|МК|УП|ОО|НП|LLC|JSC|AO|OAO|OOO|PAO|PJSC|OJSC|FSUE|Ltd\.?|Inc\.?|Co\.?|S\.?A\.?)",
    re.IGNORECASE,
)
_CLOSING = {"(": ")", "«": "»", "“": "”"}
_ALIKE = 0.6  # a single word this like one of the party's own names is that name, not another one


def aliases(text: str, *, person: bool, own_names: str) -> Iterator[ListedName]:
    """The names in ``text``; ``own_names`` is what the party is called otherwise.

    A single word that only spells one of a person's names anew ("Sergei") names nobody by itself: it stands for
    the whole name so spelt, or, in another script, stays in the record.
    """
    for labelled in _LANGUAGE.sub(";", text).replace("\n", " ").split(";"):
        for name in _names(clean(labelled), person=person):
            single = person and " " not in name
            if single and (part := _spelt_part(name, own_names)):
                if is_latin(name):
                    yield ListedName(text=own_names.replace(part, name), quality=AliasQuality.STRONG)
                continue
            quality = AliasQuality.WEAK if single else AliasQuality.STRONG
            yield from (found for found in names_of(name, quality) if not _LEGAL_FORM.fullmatch(found.text))


def halves(name: str) -> list[str]:
    """A name given in English and French, ``A B/C D``, as its two names; others as they are."""
    pieces = _outside(name, "/")
    return pieces if pieces and all(" " in piece for piece in pieces) else [name]


def _names(text: str, *, person: bool) -> Iterator[str]:
    for either in _OR.split(text):
        for piece in _at_commas(either):
            for half in _outside(piece, "/"):
                together = _AND.split(half) if person or not is_latin(half) else [half]
                for name in together:
                    bare = _ALSO.sub("", name).strip(" ,.:")
                    if any(char.isalnum() for char in bare):
                        yield bare


def _at_commas(text: str) -> list[str]:
    """``text`` cut at its commas, except before a legal form or a word that goes on in lower case."""
    pieces: list[str] = []
    for piece in _outside(text, ","):
        goes_on = _LEGAL_FORM.fullmatch(piece) or piece[:1].islower()
        if pieces and goes_on:
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    return pieces


def _outside(text: str, mark: str) -> list[str]:
    """``text`` cut at ``mark`` wherever no bracket and no quotation is open."""
    pieces, closing = [""], ""
    for char in text:
        if closing:
            closing = "" if char == closing else closing
        elif char == '"':
            closing = '"'
        elif char in _CLOSING and _CLOSING[char] in text:
            closing = _CLOSING[char]
        if char == mark and not closing:
            pieces.append("")
        else:
            pieces[-1] += char
    return [piece.strip() for piece in pieces if piece.strip()]


def _spelt_part(word: str, own_names: str) -> str | None:
    """The part of the party's own names that ``word`` spells in another way, if it does."""
    folded = anyascii(word).casefold()
    likeness = {p: SequenceMatcher(None, folded, anyascii(p).casefold()).ratio() for p in own_names.split()}
    best = max(likeness, key=likeness.__getitem__, default="")
    return best if best and likeness[best] >= _ALIKE else None
