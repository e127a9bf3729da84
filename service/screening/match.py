"""A match: one party of the request compared with one listing, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.lists.listing import AliasQuality, Listing
from service.lists.relations import RelatedListing


class Grade(StrEnum):
    """How far the evidence goes; ``exact`` and ``strong`` need more than a name for a person."""

    EXACT = "exact"
    STRONG = "strong"
    POSSIBLE = "possible"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlignedToken:
    """Which token of the query met which token of the listed name, and how.

    ``how`` is one of ``same``, ``spelling``, ``sound_alike``, ``transliteration``, ``initial``,
    ``joined``, ``query_only`` (``listed`` empty) and ``listed_only`` (``query`` empty).
    """

    query: str
    listed: str
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """``score`` runs from 0 to 10000. ``agrees``, ``disagrees`` and ``unknown`` name attributes."""

    party: str  # path of the party in the request: "worker", "counterparties[0].owners[0]"
    query: str  # the spelling of the request that matched
    listing: Listing
    matched_name: str
    alias_quality: AliasQuality
    grade: Grade
    score: int
    agrees: tuple[str, ...] = ()
    disagrees: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    alignment: tuple[AlignedToken, ...] = ()
    reasons: tuple[str, ...] = ()
    listed_on: date | None = None
    listed_on_basis: str | None = None  # "list", "first_seen" or a stated basis
    related: tuple[RelatedListing, ...] = ()  # who stands behind the listing by the lists' own relations
