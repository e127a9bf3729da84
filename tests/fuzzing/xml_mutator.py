"""Mutator for XML: elements and their values move, double, go or change, and mostly stay well-formed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tests.fuzzing.mutators import Chance, raw, text

_TOKEN = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<[^<>]*>|[^<]+|<", re.DOTALL)
_TAG = re.compile(rb"<([^\s<>/?!=]+)([^<>]*?)(/?)>", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([^\s<>="']+)\s*=\s*("[^"]*"|'[^']*')""")


@lru_cache(maxsize=64)
def _elements(data: bytes) -> tuple[tuple[bytes, ...], tuple[tuple[int, int], ...]]:
    """The tokens of an XML text, and (first, last) token of each whole element in it."""
    tokens = tuple(_TOKEN.findall(data))
    found, stack = [], list[tuple[bytes, int]]()
    for place, token in enumerate(tokens):
        if token.startswith(b"</"):
            name = token[2:-1].strip()
            while stack:
                opened, start = stack.pop()
                if opened == name:
                    found.append((start, place))
                    break
        elif match := _TAG.fullmatch(token):
            if match[3]:
                found.append((place, place))
            else:
                stack.append((match[1], place))
    return tokens, tuple(found)


def _named(data: bytes, name: bytes) -> list[bytes]:
    """The elements called ``name`` in an input, as they are written."""
    tokens, found = _elements(data)
    return [
        b"".join(tokens[start : end + 1])
        for start, end in found
        if (match := _TAG.fullmatch(tokens[start])) and match[1] == name
    ]


def xml(data: bytes, chance: Chance, others: Sequence[bytes]) -> bytes:
    """An element doubled, dropped, moved, put into another or taken from another input; a value changed."""
    tokens, found = _elements(data)
    if not found:
        return raw(data, chance, others)
    choice = chance.randrange(10)
    if choice < 3:
        return _value_changed(list(tokens), chance)
    if choice < 5:
        return _attribute_changed(list(tokens), chance)
    start, end = chance.choice(found)
    before, element, after = tokens[:start], tokens[start : end + 1], tokens[end + 1 :]
    if choice == 5:
        return b"".join((*before, *after))
    if choice == 6:
        return b"".join((*before, *element * chance.choice((2, 2, 3, 20)), *after))
    if choice == 7 and others:
        match = _TAG.fullmatch(tokens[start])
        like = _named(chance.choice(others), match[1]) if match else []
        return b"".join((*before, chance.choice(like) if like else b"", *after))
    if choice == 8:  # into another place
        place = chance.randrange(len(tokens))
        return b"".join((*tokens[:place], *element, *tokens[place:]))
    rest = list(element[1:-1]) if len(element) > 2 else []
    return b"".join((*before, *rest, *after)) if chance.random() < 0.5 else b"".join((*before, *element[:1], *after))


def _value_changed(tokens: list[bytes], chance: Chance) -> bytes:
    inner = [place for place, token in enumerate(tokens) if not token.startswith(b"<") and token.strip()]
    empty = [place for place, token in enumerate(tokens) if token.startswith(b"</") and tokens[place - 1][:1] == b"<"]
    if inner and (not empty or chance.random() < 0.85):
        known = [tokens[place].decode("utf-8", "replace") for place in chance.sample(inner, min(8, len(inner)))]
        tokens[chance.choice(inner)] = _escaped(text(chance, known))
    elif empty:
        tokens.insert(chance.choice(empty), _escaped(text(chance)))
    return b"".join(tokens)


def _attribute_changed(tokens: list[bytes], chance: Chance) -> bytes:
    """The value of an attribute becomes a trying one or that of another element; or it goes, or gets a new name."""
    tagged = [place for place, token in enumerate(tokens) if b"=" in token and token[:1] == b"<" != token[1:2]]
    if not tagged:
        return _value_changed(tokens, chance)
    place = chance.choice(tagged)
    stated = list(_ATTRIBUTE.finditer(tokens[place]))
    if not stated:
        return b"".join(tokens)
    chosen = chance.choice(stated)
    alike = [m[2][1:-1] for each in chance.sample(tagged, min(30, len(tagged))) for m in
             _ATTRIBUTE.finditer(tokens[each]) if m[1] == chosen[1]]  # fmt: skip
    known = [value.decode("utf-8", "replace") for value in alike]
    dice = chance.random()
    value = b'%s="%s"' % (chosen[1], _escaped(text(chance, known)).replace(b'"', b"&quot;"))
    written = b"" if dice < 0.15 else value if dice < 0.95 else value + b" " + chosen[0]
    tokens[place] = tokens[place][: chosen.start()] + written + tokens[place][chosen.end() :]
    return b"".join(tokens)


def _escaped(value: str) -> bytes:
    plain = value if value.startswith("&#") else value.replace("&", "&amp;").replace("<", "&lt;")
    return plain.encode("utf-8", "replace")
