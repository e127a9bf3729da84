"""The names in one text of the UN Consolidated List.

A text may hold several names: ``A; B``, ``A b) B``, an acronym or the original script in brackets,
brackets inside brackets, or remarks ("original script: …"). The rules are those that the file itself
shows (measured on the issues of 2017 to 2026).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from service.lists.listing import AliasQuality, ListedName

_NUMBERING = re.compile(r"\s[a-z]\)\s")
_REMARK = re.compile(r",?\s+born\s+(in\s+)?\d.*$", re.IGNORECASE | re.DOTALL)
_IN_ORIGINAL_SCRIPT = re.compile(r"(?:original script|in arabic)\s*:\s*([^.;:()]+)", re.IGNORECASE)
_REFERENCE = re.compile(r"[A-Z]{2}[ie]\.\d{3}", re.IGNORECASE)  # "(KPe.018)": another entry, not a name
_LABEL = re.compile(r"^\s*original script\s*:\s*", re.IGNORECASE)


def names_of(text: str, quality: AliasQuality) -> Iterator[ListedName]:
    """Every name in ``text``: the names themselves in ``quality``, original script marked as such.

    A short form in brackets that can be read off the name's own letters counts as a weak alias. Other
    words in brackets may be what tells two parties apart ("(PAKISTAN)"): the name without them is weak.
    """
    for piece in _split(" ".join(text.split())):
        outside, groups = _brackets(_REMARK.sub("", piece))
        outside = _tidy(outside)
        within = [name for group in groups for name in _names_in_brackets(group, outside, quality)]
        if len(within) < len(groups) and any(_is_part_of_the_name(group, outside) for group in groups):
            yield ListedName(text=_tidy(piece), quality=_quality(piece, quality))
            if is_latin(outside) and outside:
                yield ListedName(text=outside, quality=AliasQuality.WEAK)
        elif outside:
            yield ListedName(text=outside, quality=_quality(outside, quality))
        yield from within


def names_in_note(note: str, alias: str) -> Iterator[ListedName]:
    """Names that a note adds to ``alias``: its original script, or romanisations of a non-Latin alias."""
    found = [_tidy(match.group(1)) for match in _IN_ORIGINAL_SCRIPT.finditer(note)]
    for name in found:
        if name and not is_latin(name):
            yield ListedName(text=name, quality=AliasQuality.ORIGINAL_SCRIPT)
    if not found and not is_latin(alias) and ";" in note:
        listed = re.match(r"\s*\(([^()]*)\)", note)
        for name in (listed.group(1) if listed else note).split(";"):
            if _tidy(name):
                yield ListedName(text=_tidy(name), quality=AliasQuality.STRONG)


def distinct(names: Iterator[ListedName]) -> tuple[ListedName, ...]:
    """Each spelling once, in the first quality given to it."""
    kept: dict[str, ListedName] = {}
    for name in names:
        kept.setdefault(name.text, name)
    return tuple(kept.values())


def is_latin(text: str) -> bool:
    """Whether the letters of ``text`` are Latin, by the first one."""
    letter = next((char for char in text if char.isalpha()), "a")
    return unicodedata.name(letter, "").startswith("LATIN")


def _split(text: str) -> Iterator[str]:
    """``text`` cut at ``;`` and at list letters (``b)``), outside brackets only."""
    depth, start = 0, 0
    before_brackets = text.partition("(")[0]
    marks = [(m.start(), m.end()) for m in _NUMBERING.finditer(before_brackets)]
    for position, char in enumerate(text):
        depth = max(0, depth + (char == "(") - (char == ")"))
        if char == ";" and depth == 0:
            marks.append((position, position + 1))
    for begin, end in sorted(marks):
        if begin >= start:
            yield text[start:begin]
            start = end
    yield text[start:]


def _brackets(text: str) -> tuple[str, list[str]]:
    """The text outside brackets, and the content of each outermost pair."""
    outside: list[str] = []
    groups: list[str] = []
    depth, group = 0, ""
    for char in text:
        if char == "(":
            depth += 1
            group = group + char if depth > 1 else ""
        elif char == ")" and depth:
            depth -= 1
            if depth:
                group += char
            else:
                groups.append(group)
        elif depth:
            group += char
        elif char != ")":
            outside.append(char)
    if depth:  # never closed: keep what it holds rather than lose a name
        outside.append(" " + group)
    return "".join(outside), groups


def _names_in_brackets(group: str, outside: str, quality: AliasQuality) -> Iterator[ListedName]:
    pieces = [_tidy(_LABEL.sub("", _brackets(piece)[0])) for piece in _split(group)]
    pieces = [piece for piece in pieces if piece]
    names_its_own = len(pieces) > 1 or not outside
    for piece in pieces:
        other_script = bool(outside) and is_latin(piece) != is_latin(outside)
        if names_its_own or other_script:
            yield ListedName(text=piece, quality=_quality(piece, quality))
        elif is_short_form(piece, outside):
            yield ListedName(text=piece, quality=AliasQuality.WEAK)


def _is_part_of_the_name(group: str, outside: str) -> bool:
    """A capital or another script starts a name; "(birth name)" and "(false identity …)" are remarks."""
    text = group.strip()
    if not outside or _REFERENCE.fullmatch(text):
        return False
    return text[:1].isupper() or not is_latin(text)


def is_short_form(short: str, name: str) -> bool:
    """Whether ``short`` can be read off ``name``: "(CAGL)" can, "(PAKISTAN)" and "(combat name)" cannot.

    It is made of beginnings of the name's words in their order (SAPICO from Sahand Aluminum Parts
    Industrial Company), or of up to four of its letters in order, the first one first (HQN).
    """
    letters = "".join(char for char in short.upper() if char.isalnum())
    if not 2 <= len(letters) <= 8 or " " in short or not short[:1].isupper():
        return False
    words = [word for word in re.split(r"[^\w]+", name.upper()) if word]
    if _from_beginnings(letters, words):
        return True
    flat = "".join(words)
    return len(letters) <= 4 and flat.startswith(letters[0]) and _in_order(letters, flat)


def _from_beginnings(letters: str, words: list[str]) -> bool:
    """Whether ``letters`` is a row of beginnings of some of ``words``, in their order."""
    reached = {0}  # how many of the letters the words so far can give
    for word in words:
        reached |= {
            start + taken
            for start in reached
            for taken in range(1, len(letters) - start + 1)
            if word.startswith(letters[start : start + taken])
        }
    return len(letters) in reached


def _in_order(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(char in rest for char in part)


def _quality(text: str, quality: AliasQuality) -> AliasQuality:
    if quality in (AliasQuality.PRIMARY, AliasQuality.STRONG) and not is_latin(text):
        return AliasQuality.ORIGINAL_SCRIPT
    return AliasQuality.STRONG if quality is AliasQuality.PRIMARY else quality


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(' ,;:"“”')
