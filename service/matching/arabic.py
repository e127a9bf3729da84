"""Compound names of Arabic: written apart, with hyphens or as one word, they are one name.

``Abd al-Rahman``, ``Abdul Rahman`` and ``Abdurrahman`` become ``abdrahman``; ``Nur al-Din``, ``Nooruddin``
and ``Noureddine`` end alike; ``Hamid Allah`` is ``hamidullah``.
"""

from __future__ import annotations

import re

from service.matching.remembering import remembered

_SERVANT = frozenset("abd abdul abdel abdal abdol abdoul abdu abdur abdus abdulla".split())
_ARTICLE = frozenset("al el ul ar as ad an az at ash ur us ud".split())
OF_THE_FAITH = frozenset("eddin eddine uddin addin".split())  # no name begins with one of these
_SERVANT_PREFIX = re.compile(
    r"^abd(?:oul|[aeuo]l)(?=[^l])|^abd(?:[aeou]r(?=r)|[aeou]s(?=s)|[aeou]d(?=d)|[aeou]n(?=n)|[aeou]z(?=z))|^abd[aeou]l(?=l)"
)
_FAITH = re.compile(r"(?:[aeu]d|[aeu]l|[aeu])?d[aei]+[iy]*n[e]?$")


def join_compounds(words: list[str]) -> list[tuple[str, int, int]]:
    """(name, first word, after the last word) for each name; words that join no other stay as they are."""
    found: list[tuple[str, int, int]] = []
    i = 0
    while i < len(words):
        word, end = words[i], i + 1
        if word in _SERVANT and end < len(words):
            if words[end] in _ARTICLE and end + 1 < len(words):
                end += 1
            found.append((_servant(words[end]), i, end + 1))
            i = end + 1
            continue
        if found and word in ("allah", "ullah", "ollah") and found[-1][0] not in _ARTICLE:
            last = found.pop()
            found.append((last[0].rstrip("u") + "ullah", last[1], end))
        elif found and word in ("din", "deen", "dine", *OF_THE_FAITH) and i > 0:
            _join_faith(found, i)
        else:
            found.append((_one_word(word), i, end))
        i = end
    return found


def join_abjad(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same for (Latin, written) words in Arabic script: عبد الرحمن and نور الدين become one word each."""
    found: list[tuple[str, str]] = []
    i = 0
    while i < len(words):
        latin, written = words[i]
        if written == "عبد" and i + 1 < len(words):
            following = words[i + 1][1].removeprefix("ال") if words[i + 1][1] != "الله" else "الله"
            found.append(("abd" + words[i + 1][0], "عبد" + following))
            i += 2
            continue
        if found and written in ("الله", "اللہ") and found[-1][1][0] >= "\u0600":
            last = found.pop()
            found.append((last[0] + "ullah", last[1] + "لله"))
        elif found and written in ("الدين", "الدین"):
            last = found.pop()
            found.append((last[0] + "udin", last[1] + "دين"))
        elif written.startswith("عبدال") and len(written) > 6:
            found.append((latin, "عبد" + written[5:]))
        elif written.startswith("ال") and len(written) > 4:
            found += [("al", "ال"), (latin.removeprefix("al"), written[2:])]
        else:
            found.append((latin, written))
        i += 1
    return found


def _servant(rest: str) -> str:
    return "abd" + re.sub(r"^(?:al|el|ul)(?=[^aeiou])", "", rest)


def _join_faith(found: list[tuple[str, int, int]], i: int) -> None:
    """``nur`` ``al`` + ``din`` -> ``nurudin``; the article between them goes with it."""
    if found[-1][0] in _ARTICLE and len(found) > 1:
        found.pop()
    last = found.pop()
    found.append((last[0] + "udin", last[1], i + 1))


@remembered
def _one_word(word: str) -> str:
    if len(word) > 6 and word.startswith("abd"):
        stripped = _SERVANT_PREFIX.sub("", word)
        if stripped != word and len(stripped) >= 3:
            return "abd" + stripped
    if (
        len(word) > 6
        and word[-1] in "ne"
        and word.endswith(("uddin", "eddin", "eddine", "iddin", "uldin", "eldin", "aldin", "addin", "uddeen", "eddeen"))
    ):
        return re.sub(r"(?:[aeiu]d|[aeu]l)d[ei]+n?e?n?e?$", "udin", word)
    return word
