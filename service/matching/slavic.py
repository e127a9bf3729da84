"""Slavic names: patronymics, which lists and passports leave out at will, and feminine family names."""

from __future__ import annotations

import re

from service.matching.remembering import remembered

_PATRONYMIC = re.compile(
    r"[a-z]{3,}(?:ovich|evich|ovych|evych|yovych|iovych|ovitch|evitch|avich|ievich|ovna|evna|ivna|yivna|owich|ewich|ovic|ouna|euna|avna)$"
)
_FEMININE = (
    ("ova", "ov"),
    ("eva", "ev"),
    ("ina", "in"),
    ("yna", "yn"),
    ("skaya", "skiy"),
    ("skaia", "skii"),
    ("ska", "ski"),
)


@remembered
def is_patronymic(word: str) -> bool:
    """Viktorovich, Oleksandrovych, Ivanovna; a family name such as Abramovich cannot be told apart by itself."""
    return bool(_PATRONYMIC.match(word))


@remembered
def masculine(word: str) -> str:
    """The masculine form of a family name: Ivanova -> ivanov, Rotenbergskaya -> rotenbergskiy."""
    for feminine, form in _FEMININE:
        if len(word) > len(feminine) + 2 and word.endswith(feminine):
            return word.removesuffix(feminine) + form
    return word
