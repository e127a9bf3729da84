"""One entry of a sanctions list, whatever its publisher; every reader yields these.

A listing keeps what the publisher wrote: all names with their quality and script, birth dates with
their precision, and the original record. Countries are ISO 3166-1 alpha-2 where the publisher's word
could be normalised; the word itself stays in ``record``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class ListingKind(StrEnum):
    """What is listed."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"


class AliasQuality(StrEnum):
    """What a name is worth as evidence, by its publisher's own word."""

    PRIMARY = "primary"
    STRONG = "strong"
    WEAK = "weak"
    ORIGINAL_SCRIPT = "original_script"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedName:
    """A name as published, with its quality."""

    text: str
    quality: AliasQuality


@dataclass(frozen=True, kw_only=True, slots=True)
class BirthDate:
    """A birth date as listed. A range has ``until_year``; ``circa`` marks an approximation."""

    year: int
    month: int | None = None
    day: int | None = None
    until_year: int | None = None
    circa: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedIdentifier:
    """A number that identifies the party: ``kind`` is passport, national_id, tax_id, registration_number,

    imo, bic, lei, inn, ogrn, uscc, crypto_address or other.
    """

    kind: str
    value: str
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address as published, with the code of its country where that could be told."""

    text: str
    country: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """A relation that the list states: ``owned_or_controlled_by``, ``owns_or_controls``,

    ``acting_for``, ``linked_to``, ``other``; ``target`` is a key of the same list where it gives one.
    """

    kind: str
    name: str
    target: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """``key`` identifies the entry within its list for ever; ``reference`` is what people quote."""

    list_id: str
    key: str
    reference: str
    kind: ListingKind
    names: tuple[ListedName, ...]  # the first is the primary name
    birth_dates: tuple[BirthDate, ...] = ()
    countries: tuple[str, ...] = ()  # nationality, citizenship, place of registration: alpha-2
    address_countries: tuple[str, ...] = ()  # alpha-2
    genders: tuple[str, ...] = ()  # "male", "female"
    identifiers: tuple[ListedIdentifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    programmes: tuple[str, ...] = ()
    listed_on: date | None = None
    listed_on_basis: str | None = None  # None: not stated by the list
    relations: tuple[Relation, ...] = ()
    dprk: bool = False  # listed under a DPRK regime, programme or remark
    record: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def name(self) -> str:
        """The primary name."""
        return self.names[0].text
