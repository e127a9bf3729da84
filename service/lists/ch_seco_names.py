"""Names of the Swiss sanctions list: put together from parts, with the spellings that single parts have.

Publisher: SECO. A party has identities, an identity names, a name parts in an order; a part may have
spelling variants, each with a language and a script. A variant of one part goes with the like variants of
the others, and with the part as written where it has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from service.errors import MalformedListError
from service.lists.listing import AliasQuality, ListedName
from service.lists.numbers import is_number
from service.lists.un_names import distinct, is_latin
from service.lists.xml_records import clean

_PRIMARY = "primary-name"
_TYPES = frozenset({_PRIMARY, "alias", "formerly-known-as"})
_QUALITIES = {"": False, "good": False, "low": True}  # whether it is weak
_NO_NAME = frozenset({"title"})  # Dr., Sheikh: in the record
_MOST_SPELLINGS = 64  # of one name in one script; beyond, one part varies at a time
_Culture = tuple[str, str]  # language, script


def names(party: Any) -> tuple[ListedName, ...]:
    """Every name of ``party`` (an individual, entity or object), its primary name first."""
    return distinct(_names(party))


def primary_name(party: Any) -> str:
    """The primary name of the main identity; MalformedListError where the party has no name."""
    return _written(_primary(party))


def _names(party: Any) -> Iterator[ListedName]:
    first = _primary(party)
    yield ListedName(text=_written(first), quality=AliasQuality.PRIMARY)
    for name in (first, *(each for each in party.iterfind("identity/name") if each is not first)):
        weak = _is_weak(name)
        if text := _written(name):
            yield ListedName(text=text, quality=_quality(text, weak))
        for text in _spellings(name):
            yield ListedName(text=text, quality=_quality(text, weak))


def _primary(party: Any) -> Any:
    """The element of the primary name; a good alias of the main identity where there is none."""
    identities = sorted(party.iterfind("identity"), key=lambda each: each.get("main") != "true")
    found = [name for identity in identities for name in identity.iterfind("name") if _written(name)]
    if not found:
        raise MalformedListError("a target without a name", where=f"target {party.getparent().get('ssid')}")
    return min(found, key=lambda name: (name.get("name-type") != _PRIMARY, _is_weak(name)))


def _is_weak(name: Any) -> bool:
    quality, type_ = name.get("quality", ""), name.get("name-type", "")
    if quality not in _QUALITIES or type_ not in _TYPES:
        where = f"name {name.get('ssid')}"
        raise MalformedListError(f"unknown name-type {type_!r} or quality {quality!r}", where=where)
    return _QUALITIES[quality]


def _quality(text: str, weak: bool) -> AliasQuality:
    if weak:
        return AliasQuality.WEAK
    return AliasQuality.STRONG if is_latin(text) else AliasQuality.ORIGINAL_SCRIPT


def _parts(name: Any) -> list[Any]:
    parts = [part for part in name.iterfind("name-part") if part.get("name-part-type") not in _NO_NAME]
    return sorted(parts, key=lambda part: int(order) if is_number(order := part.get("order", "0")) else 0)


def _written(name: Any) -> str:
    return " ".join(text for part in _parts(name) if (text := clean(part.findtext("value"))))


def _spellings(name: Any) -> Iterator[str]:
    """The name with the variants of each language and script that its parts have."""
    parts = _parts(name)
    variants = [_variants(part) for part in parts]
    for culture in dict.fromkeys(culture for each in variants for culture in each):
        written = [[clean(part.findtext("value"))] for part in parts]
        choices = [each.get(culture, own) for each, own in zip(variants, written, strict=True)]
        if prod(map(len, choices)) <= _MOST_SPELLINGS:
            combined = [list(chosen) for chosen in product(*choices)]
        else:
            firsts = [each[0] for each in choices]
            combined = [
                [*firsts[:place], text, *firsts[place + 1 :]] for place, each in enumerate(choices) for text in each
            ]
        yield from (" ".join(filter(None, chosen)) for chosen in combined)


def _variants(part: Any) -> dict[_Culture, list[str]]:
    found: dict[_Culture, list[str]] = {}
    for variant in part.iterfind("spelling-variant"):
        if text := clean(variant.text):
            found.setdefault((variant.get("lang", ""), variant.get("script", "")), []).append(text)
    return found
