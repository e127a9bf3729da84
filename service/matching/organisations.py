"""Names of organisations: legal forms, generic words and places told apart from the words that identify.

The word tables are ``data/organisation_words.tsv`` (Latin) and ``data/organisation_words_other_scripts.tsv``
(hangul, Han, Cyrillic), so that 조선대외건설총회사 reaches Korea General Corporation for External Construction.
"""

from __future__ import annotations

import re
from functools import lru_cache

from service.matching.han import data_rows, plain_form, readings_of
from service.matching.normalise import clean, script_of
from service.matching.remembering import remembered
from service.matching.romanise import romanise
from service.matching.words import words_of

Word = tuple[str, str, str]  # Latin text, as written, role
_ADJECTIVE = re.compile(r"(?<=[a-z]{4})(?:skiy|skij|skii|skaya|skoye|skoe|sky)$")
_SOFT_START = re.compile(r"^(?:dzh|dz|dj|zh|j|z|g)(?=[eiy])")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], tuple[str, str]]:
    """Words in a row -> (canonical word, role)."""
    table: dict[tuple[str, ...], tuple[str, str]] = {}
    for role, canonical, spellings in data_rows("organisation_words.tsv"):
        for spelling in spellings.split("|"):
            table.setdefault(tuple(spelling.split()), (canonical, role))
    return table


@lru_cache(maxsize=1)
def _longest_phrases() -> dict[str, int]:
    """The first word of a phrase -> how many words the longest phrase has that begins so."""
    longest: dict[str, int] = {}
    for words in _phrases():
        longest[words[0]] = max(len(words), longest.get(words[0], 0))
    return longest


@lru_cache(maxsize=1)
def _other_scripts() -> dict[str, str]:
    return {plain(word): english for word, english in data_rows("organisation_words_other_scripts.tsv")}


@remembered
def plain(word: str) -> str:
    """A word in the form that the table of other scripts is keyed by."""
    return "".join(plain_form(c) for c in clean(word).text)


def organisation_words(words: list[tuple[str, str]], text: str) -> list[Word]:
    """Every word of a cleaned name with its role; phrases such as legal forms become one word."""
    if not text.isascii():
        words = _translated(text)
    found: list[Word] = []
    i = 0
    while i < len(words):
        i += _take(words, i, found)
    return _promote(found)


def _take(words: list[tuple[str, str]], i: int, found: list[Word]) -> int:
    """Append the phrase, number or word at ``i``; the number of words taken."""
    table = _phrases()
    for size in range(min(_longest_phrases().get(words[i][0], 0), len(words) - i), 0, -1):
        known = table.get(tuple(w[0] for w in words[i : i + size]))
        if known is not None:
            if known[1] == "legal" and i == 0 and size == 1 and len(words) > 1 and len(words[0][0]) <= 2:
                break  # "AB Volvo", "AS Roma": a short first word may as well be the name
            canonical = words[i][0] if known[1] == "particle" or known[0] == "-" else known[0]
            found.append((canonical, " ".join(w[1] for w in words[i : i + size]), known[1]))
            return size
    text, written = words[i]
    ordinal = _ORDINAL.match(text) if text[:1].isdigit() else None
    if text in _TENS:
        return _take_tens(words, i, found)
    if ordinal or text.isdigit():
        found.append((str(int(ordinal[1] if ordinal else text)), written, "number"))
    elif len(text) == 1:
        found.append((text, written, "initial"))
    else:
        found.append((_without_ending(text), written, "content"))
    return 1


@remembered
def _without_ending(word: str) -> str:
    return _ADJECTIVE.sub("", word)


def _take_tens(words: list[tuple[str, str]], i: int, found: list[Word]) -> int:
    total, size = _TENS[words[i][0]], 1
    if i + 1 < len(words):
        following = _phrases().get((words[i + 1][0],), (words[i + 1][0], ""))[0]
        if following.isdigit() and 0 < int(following) < 10:
            total, size = total + int(following), 2
    found.append((str(total), " ".join(w[1] for w in words[i : i + size]), "number"))
    return size


def _promote(found: list[Word]) -> list[Word]:
    """Where nothing but legal forms is left, the name is made of them, and identifies nobody."""
    if any(role != "legal" for _, _, role in found):
        return found
    return [(text, written, "generic") for text, written, _ in found]


def _translated(text: str) -> list[tuple[str, str]]:
    """Words in hangul, Han and Cyrillic replaced by what the table says, the rest left as read."""
    result: list[tuple[str, str]] = []
    for written in re.split(r"[\s\-,.\"“”«»()]+", text):
        if not written:
            continue
        script = script_of(written[0])
        if script in ("ha", "zh"):
            result += _cut_by_glossary(written)
        elif script == "cy" and plain(written) in _other_scripts():
            result += [(w, written) for w in _other_scripts()[plain(written)].split()]
        else:
            result += words_of(written)
    return result


def _cut_by_glossary(written: str) -> list[tuple[str, str]]:
    table = _other_scripts()
    plain_text = plain(written)
    spoken = _in_hangul(plain_text)
    result: list[tuple[str, str]] = []
    start = i = 0  # what lies between them is in no glossary
    while i < len(plain_text):
        for size in range(min(8, len(plain_text) - i), 1, -1):
            english = table.get(plain_text[i : i + size]) or table.get(spoken[i : i + size])
            if english:
                result.append((romanise(spoken[start:i]), plain_text[start:i]))
                result += [(w, written[i : i + size]) for w in english.split()]
                start = i = i + size
                break
        else:
            i += 1
    result.append((romanise(spoken[start:]), plain_text[start:]))
    return [(t, w) for t, w in result if t]


def _in_hangul(plain_text: str) -> str:
    """A name in Han characters that begins with Korea's as it is read there, sign by sign; any other as it is."""
    if not plain_text.startswith("朝鮮"):
        return plain_text
    return "".join((readings_of(sign).korean or (sign,))[0] for sign in plain_text)


@remembered
def soft_start(text: str) -> str:
    """One spelling for a soft g: Genco, Jenko, Dzhenko and Zenko all become ``jenko``."""
    return _SOFT_START.sub("j", text).replace("c", "k")
