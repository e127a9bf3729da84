"""Readings of Han characters, from ``data/han.tsv`` (derived from Unihan by scripts/make_han_table.py)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from service.matching.remembering import remembered


@dataclass(frozen=True, slots=True)
class Readings:
    """What one character is read as: hangul syllables, pinyin and jyutping without tones, traditional forms."""

    korean: tuple[str, ...]
    mandarin: tuple[str, ...]
    cantonese: tuple[str, ...]
    traditional: tuple[str, ...]


_NONE = Readings((), (), (), ())


def data_rows(name: str) -> list[list[str]]:
    """The rows of a table in ``data/``: tab-separated cells; lines that start with # are notes."""
    text = (files("service.matching") / "data" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _table() -> dict[str, Readings]:
    return {row[0]: Readings(*(tuple(cell.split()) for cell in row[1:5])) for row in data_rows("han.tsv")}


def readings_of(character: str) -> Readings:
    """The readings of one character; empty ones for a character that the table lacks."""
    return _table().get(character, _NONE)


def pinyin_of(character: str) -> str | None:
    """The commonest Mandarin reading without tone, or None."""
    found = readings_of(character).mandarin
    return found[0] if found else None


@remembered
def plain_form(character: str) -> str:
    """One form for a simplified character and its traditional one: the first traditional form, else itself."""
    found = readings_of(character).traditional
    return found[0] if found else character
