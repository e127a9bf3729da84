"""The remarks of an OFAC party: a ``; `` list that holds what the CSV has no column for.

Birth dates, nationalities, gender, documents and registrations, weak aliases in quotation marks,
relations (``Linked To:``) and the sanctions regulations that apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, ListedName, ListingKind
from service.lists.ofac_births import birth_date
from service.lists.ofac_identifiers import in_remark
from service.nationality.countries import country_code

REMEMBERED = 20_000  # remarks: more than the list has, and some tens of megabytes
MAX_LENGTH = 1000  # characters; longer remarks go on in the comments file, in the middle of a word
_ALIAS = re.compile(r"(?:alt\. )?[afn]\.k\.a\. (['\"])(?P<name>.+)\1")
_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen|Nationality of Registration|Registration Country) (.+)")
_BORN = re.compile(r"(?:alt\. )?DOB (.+)")
_GENDER = re.compile(r"Gender (Male|Female)")
_LINKED = re.compile(r"Linked To: (.+)")
# The XML puts each in brackets; a name may hold brackets of its own.
_LINKED_IN_BRACKETS = re.compile(r"\(Linked To: (.{1,500}?)\)(?=[\s.]*(?:;|$|\(Linked To:))")
_DPRK = "North Korea Sanctions Regulations"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the remarks of one party say, each in the order in which it stands there."""

    weak_aliases: tuple[ListedName, ...]
    birth_dates: tuple[BirthDate, ...]
    countries: tuple[str, ...]
    genders: tuple[str, ...]
    identifiers: tuple[ListedIdentifier, ...]
    linked_to: tuple[str, ...]


@lru_cache(maxsize=REMEMBERED)  # from one issue of the list to the next hardly a remark changes
def told(remarks: str, kind: ListingKind, *, cut: bool = False) -> Told:
    """Everything that ``remarks`` say of a party of ``kind``; ``cut`` as for :func:`segments`."""
    parts = segments(remarks, cut=cut)
    return Told(
        weak_aliases=tuple(weak_aliases(parts)),
        birth_dates=tuple(dict.fromkeys(birth_dates(parts))),
        countries=tuple(countries(parts)),
        genders=tuple(dict.fromkeys(genders(parts))),
        identifiers=tuple(dict.fromkeys(identifiers(parts, kind))),
        linked_to=tuple(linked_to(parts)),
    )


def segments(remarks: str, *, cut: bool = False) -> list[str]:
    """The parts of ``remarks``; where it was ``cut`` without its rest, the broken last part is left out."""
    whole = remarks.removesuffix(".") if not cut else remarks
    parts = [part.strip() for part in re.split(r";\s*", whole)]
    return [part for part in (parts[:-1] if cut else parts) if part]


def weak_aliases(parts: list[str]) -> Iterator[ListedName]:
    """The names in quotation marks: OFAC's weak aliases, which its alternate-names file does not have."""
    for part in parts:
        if match := _ALIAS.fullmatch(part):
            yield ListedName(text=match["name"].strip(), quality=AliasQuality.WEAK)


def birth_dates(parts: list[str]) -> Iterator[BirthDate]:
    """Birth dates; a range from 1 January to 31 December of one year is that year.

    One that cannot be read gives nothing (it stays in the record): no date is no evidence.
    """
    for part in parts:
        match = _BORN.fullmatch(part)
        if born := birth_date(match[1]) if match else None:
            yield born


def countries(parts: list[str]) -> Iterator[str]:
    """Alpha-2 codes of nationalities, citizenships and places of registration."""
    for part in parts:
        match = _COUNTRY.fullmatch(part)
        code = country_code(match[1]) if match else None
        if code:
            yield code


def genders(parts: list[str]) -> Iterator[str]:
    """``male`` or ``female`` as stated."""
    for part in parts:
        if match := _GENDER.fullmatch(part):
            yield match[1].lower()


def identifiers(parts: list[str], kind: ListingKind) -> Iterator[ListedIdentifier]:
    """Documents, tax and registration numbers, bank codes, IMO numbers and wallet addresses."""
    for part in parts:
        if identifier := in_remark(part, kind):
            yield identifier


def linked_to(parts: list[str]) -> Iterator[str]:
    """Names of the parties that the remarks link this one to."""
    for part in parts:
        if match := _LINKED.fullmatch(part):
            yield match[1].strip()


def linked_in_brackets(remarks: str) -> Iterator[str]:
    """The same names in the remarks of ``sdn.xml``: ``(Linked To: NAME)``."""
    for match in _LINKED_IN_BRACKETS.finditer(remarks):
        yield match[1].strip()


def names_the_dprk_regulations(remarks: str) -> bool:
    """Whether the North Korea Sanctions Regulations are named: some DPRK parties lack a DPRK programme."""
    return _DPRK in remarks
