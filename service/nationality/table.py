"""The table of countries, read once from the three files beside this module.

``countries.tsv`` has the 249 rows of ISO 3166-1 with names in many languages, ``beyond_iso.tsv`` Kosovo
and what ICAO Doc 9303 part 3 section 5 adds, ``ambiguous.tsv`` the words that name more than one.
A spelling that would lead to two places stops the program at its first look-up: the table is never read
so that one row quietly wins.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.nationality.spelling import normalise, normalise_code

FOLDER = Path(__file__).parent
OTHER_CODES = {"D": "DE", "UK": "GB", "EL": "GR"}  # Germany in Doc 9303; Britain and Greece in EU texts
LANGUAGES = ("demonym", "ru", "zh", "ko", "ja", "de", "fr", "es", "pl", "other")
HAN = re.compile(r"[\u3400-\u9fff]$|[\u3400-\u9fff][^\uac00-\ud7af]*$")
HANGUL = re.compile(r"[\uac00-\ud7af]$")
HAN_SUFFIXES = ("人", "籍", "国籍", "國籍")
HANGUL_SUFFIXES = ("인", "사람", "국적", "국민")
INVERTED = re.compile(r"(.+? of) (.+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One State, territory or ICAO code. ``code`` is alpha-2, or the ICAO code that ISO lacks.

    ``territory_of``: the State that answers for a territory, or whose kind of nationality this is.
    """

    code: str
    alpha3: str
    numeric: str | None
    territory_of: str | None
    name: str
    full_name: str
    is_nationality: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a spelling means: one ``code``, or none and then the ``choices`` it may stand for.

    ``unsettled`` marks the words for Korea: they are an answer, though not one that names a State.
    """

    code: str | None
    choices: tuple[str, ...] = ()
    unsettled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """``rows`` by code; ``codes`` by ``normalise_code``, ``names`` by ``normalise``."""

    rows: dict[str, Row]
    codes: dict[str, Meaning]
    names: dict[str, Meaning]


@cache
def table() -> Table:
    """The whole table; ValueError where a spelling or a code leads to two places."""
    read = Table(rows={}, codes={}, names={})
    entries = [*_iso_rows(), *_beyond_iso_rows()]
    for row, codes, _ in entries:
        read.rows[row.code] = row
        for code in codes:
            _place(read.codes, normalise_code(code), Meaning(code=row.code))
    for code, stands_for in OTHER_CODES.items():
        _place(read.codes, normalise_code(code), Meaning(code=stands_for))
    spellings = [(name, Meaning(code=row.code)) for row, _, names in entries for name in names]
    for name, meaning in (*spellings, *_ambiguous()):
        for written in (name, *_with_suffix(name)):
            key = normalise(written)
            _place(read.names, key, meaning)
            if not meaning.unsettled and read.codes.get(key, meaning) != meaning:
                raise ValueError(f"{written!r} is a name of {meaning} and a code of {read.codes[key]}")
    return read


def _place(places: dict[str, Meaning], key: str, meaning: Meaning) -> None:
    known = places.setdefault(key, meaning)
    if not key or (known != meaning and not (known.unsettled and meaning.unsettled)):
        raise ValueError(f"{key!r} stands for {known} and for {meaning}")


def _lines(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _iso_rows() -> Iterator[tuple[Row, list[str], list[str]]]:
    for line in _lines("countries.tsv"):
        english = [line["name"], *_split(line["english"])]
        row = Row(
            code=line["alpha2"],
            alpha3=line["alpha3"],
            numeric=line["numeric"],
            territory_of=line["territory_of"] or None,
            name=line["name"],
            full_name=english[1] if len(english) > 1 else line["name"],
            is_nationality=True,
        )
        matches = [INVERTED.fullmatch(normalise(name)) for name in english]
        inverted = [f"{found[2]} {found[1]}" for found in matches if found]
        others = [name for language in LANGUAGES for name in _split(line[language])]
        yield row, [row.code, row.alpha3, line["numeric"]], [*english, *inverted, *others]


def _beyond_iso_rows() -> Iterator[tuple[Row, list[str], list[str]]]:
    for line in _lines("beyond_iso.tsv"):
        other_codes = _split(line["other_codes"])
        row = Row(
            code=line["code"],
            alpha3=other_codes[0] if len(line["code"]) == 2 else line["code"],
            numeric=None,
            territory_of=line["territory_of"] or None,
            name=line["name"],
            full_name=line["name"],
            is_nationality=line["is_nationality"] == "yes",
        )
        yield row, [row.code, *other_codes], [row.name, *_split(line["spellings"])]


def _ambiguous() -> Iterator[tuple[str, Meaning]]:
    for line in _lines("ambiguous.tsv"):
        meaning = Meaning(code=None, choices=tuple(_split(line["choices"])), unsettled=line["answer"] == "unsettled")
        for name in _split(line["spellings"]):
            yield name, meaning


def _with_suffix(name: str) -> list[str]:
    """The name as "person of" and "nationality of" in scripts that write those as an ending."""
    if HANGUL.search(name):
        return [name + suffix for suffix in HANGUL_SUFFIXES]
    if HAN.search(name):
        return [name + suffix for suffix in HAN_SUFFIXES]
    return []
