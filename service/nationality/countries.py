"""Countries as a request, a passport or a list writes them, by an exact table and nothing else.

There is no search and no likeness here. Fuzzy look-ups answer North Korea for "Republic of Korea", and a
wrong country is a wrong refusal; a text that is in no table is an error, and the writer is asked.
Sources: ISO 3166-1 (codes), ICAO Doc 9303 part 3 section 5 (codes in travel documents).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from service.errors import HirescreenError
from service.nationality.memberships import is_bound_by_eu_law, is_eu_member, is_un_member
from service.nationality.spelling import normalise, normalise_code
from service.nationality.table import Meaning, Row, table

__all__ = [
    "Country",
    "UnknownCountryError",
    "alpha3",
    "choices",
    "country_code",
    "country_of_code",
    "full_name",
    "is_bound_by_eu_law",
    "is_eu_member",
    "is_nationality",
    "is_un_member",
    "name",
    "parse_country",
    "state_of",
]

WITHOUT_STATE = ("AQ", "EH")


@dataclass(frozen=True, slots=True)
class Country:
    """``code``: ISO 3166-1 alpha-2, or an ICAO 9303 code that ISO lacks (``XXA``); None if ambiguous.

    ``stated`` is what the writer wrote.
    """

    code: str | None
    stated: str


class UnknownCountryError(HirescreenError, ValueError):
    """This is not in the table of countries: write a code or the full name."""

    def __init__(self, stated: str, choices: tuple[str, ...] = ()) -> None:
        """``choices``: the codes that the text may stand for. The message never repeats the text."""
        named = " or ".join(f"{alpha3(code)} ({name(code)})" for code in choices)
        super().__init__(f"This may stand for {named}: say which." if choices else None)
        self.stated = stated
        self.choices = choices


def parse_country(text: str) -> Country:
    """The country that ``text`` states: a code (alpha-2, alpha-3, numeric, ICAO 9303) or a name.

    Words for Korea that name neither State give a Country without a code. UnknownCountryError where the
    text is in no table, or stands for several countries of which none is meant by default ("Congo").
    """
    meaning = _meaning(text)
    if meaning is None:
        raise UnknownCountryError(text)
    if meaning.code is None and not meaning.unsettled:
        raise UnknownCountryError(text, meaning.choices)
    return Country(code=meaning.code, stated=text)


@lru_cache(maxsize=4096)  # lists write the same few hundred words a million times
def country_code(text: str) -> str | None:
    """The alpha-2 code (or ``XK``) of a country as lists write it; None where it names no one country."""
    meaning = _meaning(text)
    if meaning is None or meaning.code is None or len(meaning.code) != 2:
        return None
    return meaning.code


def country_of_code(code: str) -> Country | None:
    """The country of the three letters in a travel document (``PRK``, ``D``, ``XXA``); None for others.

    Names are not read here: what stands in the zone of a passport is a code or nothing.
    """
    meaning = table().codes.get(normalise_code(code)) if code.isalpha() else None
    return Country(code=meaning.code, stated=code) if meaning else None


def choices(text: str) -> tuple[str, ...]:
    """The codes to offer a writer whose word stands for several; empty where there is nothing to choose."""
    meaning = _meaning(text)
    return meaning.choices if meaning else ()


def alpha3(code: str) -> str:
    """The three letters of a travel document: ``PRK`` for ``KP``. UnknownCountryError for other text."""
    return _row(code).alpha3


def name(code: str) -> str:
    """The short English name: ``South Korea`` for ``KR``. UnknownCountryError for other text."""
    return _row(code).name


def full_name(code: str) -> str:
    """The official English name, to tell like-named States apart: ``Republic of Korea`` for ``KR``."""
    return _row(code).full_name


def is_nationality(code: str) -> bool:
    """Whether holding ``code`` is holding a nationality.

    False for the codes of the stateless and of refugees (``XXA``, ``XXB``, ``XXC``), of unspecified
    nationality (``XXX``) and of documents that organisations issue (``UNO``, ``XPO``…): such a code leaves
    the nationality unknown. Kinds of British nationality (``GBN``…) are nationalities.
    """
    return _row(code).is_nationality


def state_of(code: str) -> str | None:
    """The State that answers for ``code``: ``CN`` for ``HK``, ``GB`` for ``GBN``, ``FR`` for ``FR``.

    None where there is none or none is agreed (``AQ``, ``EH``) and for codes of organisations.
    """
    row = _row(code)
    if row.code in WITHOUT_STATE or not row.is_nationality:
        return None
    return row.territory_of or row.code


def _row(code: str) -> Row:
    row = table().rows.get(code)
    if row is None:
        raise UnknownCountryError(code)
    return row


def _meaning(text: str) -> Meaning | None:
    known = table()
    return known.codes.get(normalise_code(text)) or known.names.get(normalise(text))
