"""The list versions that one question is judged by, and the matches that they give.

One version of each list. Besides, an entry that a later known version holds, and that states a day of
listing between the selected version and the day asked about, counts from that day: the issue that first
held it is not loaded, and a listed party must not be cleared for that. An entry without a day that the next
version holds, where issues are missing in between, asks for a review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from service.archive import Archive, Relatives
from service.lists.listing import Listing
from service.lists.relations import ListedRelations
from service.lists.timeline import Asked, Doubt, known, published_day
from service.matching.index import NameIndex
from service.matching.screen import likeliest_first, match_parties, match_party, parties
from service.records import ListVersion
from service.screening.facts import ScreeningRequest
from service.screening.match import Match

FirstSeen = Callable[[ListVersion, str], date | None]


@dataclass(frozen=True, kw_only=True)
class PastList:
    """How one list is read where the version that serves is not the one selected."""

    archive: Archive
    chosen: ListVersion
    later: tuple[ListVersion, ...] = ()  # known versions after the chosen one, by day
    gap: bool = False
    _wanted: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def asked(cls, archive: Archive, chosen: ListVersion, doubt: Doubt | None, asked: Asked | None) -> PastList:
        """``chosen`` for a question; without one, nothing but ``chosen`` counts."""
        ordered = known(archive.versions.values(), asked) if asked and not asked.is_of_today else ()
        numbers = [version.version for version in ordered]
        place = numbers.index(chosen.version) + 1 if chosen.version in numbers else len(ordered)
        return cls(archive=archive, chosen=chosen, later=ordered[place:], gap=doubt is Doubt.GAP)

    def belongs(self, listing: Listing) -> bool:
        """Whether the listing, of either index, counts for this question (see ``stands_late``)."""
        if listing.key not in self.archive.spans:
            return self.archive.active > 0
        wanted = self._content_wanted(listing.key)
        return wanted is not None and wanted == self.archive.content_of(listing)

    def is_late(self, key: str) -> bool:
        """Whether the chosen version lacks ``key``."""
        return key in self.archive.spans and self.archive.content(key, self.chosen.version) is None

    def stands_late(self, listing: Listing, as_of: date) -> bool:
        """Whether a listing that the chosen version lacks may have stood on ``as_of`` all the same."""
        after = published_day(self.chosen) or date.min
        if listing.listed_on is not None:
            return after < listing.listed_on <= as_of
        return self.gap and self.archive.content(listing.key, self.later[0].version) is not None

    def _content_wanted(self, key: str) -> int | None:
        if key not in self._wanted:
            versions = (self.chosen, *self.later)
            contents = (self.archive.content(key, version.version) for version in versions)
            self._wanted[key] = next((content for content in contents if content is not None), None)
        return self._wanted[key]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """``versions`` by list id; ``past`` for those lists of which another version than the serving one is meant."""

    versions: Mapping[str, ListVersion]
    index: NameIndex
    first_seen_in: FirstSeen
    past: Mapping[str, PastList] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    other_indexes: tuple[NameIndex, ...] = ()  # of starter lists that no longer serve
    left_out: frozenset[str] = frozenset()  # lists that serve now and play no part in this question
    relatives: Relatives = field(default_factory=Relatives)  # shared with other selections

    @property
    def identity(self) -> tuple[tuple[str, int], ...]:
        """The versions by which matches are found."""
        return tuple(sorted((v.list_id, v.version) for v in self.versions.values()))

    def serves(self, list_id: str) -> bool:
        """Whether the selected version is the one that serves now."""
        return list_id not in self.past and list_id not in self.left_out

    def matches(self, request: ScreeningRequest) -> tuple[Match, ...]:
        """Matches of every party, in the order of the request, the likeliest first; days of listing not yet judged."""
        if not self.past and not self.left_out:
            return match_parties(request, self.index)
        found: list[Match] = []
        for party in parties(request):
            of_party = match_party(party, self.index, belongs=self._belongs)
            for past in self.past.values():
                of_party += match_party(party, past.archive.index, belongs=past.belongs)
            for index in self.other_indexes:
                of_party += match_party(party, index)
            found += sorted(of_party, key=likeliest_first)
        relations = self._relations_of(match.listing for match in found)
        return tuple(replace(match, related=relations.of(match.listing)) for match in found)

    def _relations_of(self, listings: Iterable[Listing]) -> ListedRelations:
        """What the selected versions state of the families of ``listings``."""
        indexes = (self.index, *(past.archive.index for past in self.past.values()), *self.other_indexes)
        families = self.relatives.of(indexes)
        wanted = {families.number[node] for each in listings if (node := (each.list_id, each.key)) in families.number}
        related = [
            each
            for number in sorted(wanted)
            for place, each in families.members[number]
            if (self._belongs(each) if place == 0 else self._belongs_in(indexes[place], each))
        ]
        return ListedRelations.of_listings(related)

    def _belongs_in(self, index: NameIndex, listing: Listing) -> bool:
        """Whether a listing of another index than that of the serving versions counts."""
        return index in self.other_indexes or self.past[listing.list_id].belongs(listing)

    def _is_of_that_day(self, list_id: str, as_of: date) -> bool:
        """Whether the selected version was published by ``as_of``; a starter list is of no day."""
        published = published_day(self.versions[list_id]) if list_id in self.versions else None
        return published is not None and published <= as_of

    def first_seen(self, listing: Listing) -> date | None:
        """The published day of the first known version that holds the entry under its key."""
        return self.first_seen_in(self.versions[listing.list_id], listing.key)

    def in_time(self, matches: Iterable[Match], as_of: date) -> tuple[Match, ...]:
        """The matches whose listing stood on ``as_of``, each with its day of listing.

        Where the list gives no day, the entry is known to be listed from the day of the first version that
        holds it; for an earlier ``as_of`` the day stays unknown, and the match can only ask for a review.
        """
        return tuple(placed for match in matches if (placed := self._placed(match, as_of)) is not None)

    def _belongs(self, listing: Listing) -> bool:
        if listing.list_id in self.left_out:
            return False
        past = self.past.get(listing.list_id)
        return past is None or past.belongs(listing)

    def _placed(self, match: Match, as_of: date) -> Match | None:
        placed = self._placed_alone(match, as_of)
        if placed is None or not match.related:
            return placed
        behind = ((each, self._behind(match, each.listing, as_of)) for each in match.related)
        related = (replace(each, listed_on=other.listed_on) for each, other in behind if other is not None)
        return replace(placed, related=tuple(related))

    def _behind(self, match: Match, listing: Listing, as_of: date) -> Match | None:
        """A listing that stands behind that of ``match``, placed as if it were matched itself."""
        return self._placed_alone(replace(match, listing=listing), as_of) if listing.list_id in self.versions else None

    def _placed_alone(self, match: Match, as_of: date) -> Match | None:
        listing = match.listing
        past = self.past.get(listing.list_id)
        late = past is not None and past.is_late(listing.key)
        if past is not None and late and not past.stands_late(listing, as_of):
            return None
        if listing.listed_on is not None and listing.listed_on > as_of:
            # An entry that a version of that day holds is listed, whatever later day a slip of its publisher states.
            if late or not self._is_of_that_day(listing.list_id, as_of):
                return None
        elif listing.listed_on is not None:
            return replace(match, listed_on=listing.listed_on, listed_on_basis=listing.listed_on_basis or "list")
        since = None if late else self.first_seen(listing)
        if since is not None and since <= as_of:
            return replace(match, listed_on=since, listed_on_basis="first_seen")
        return replace(match, listed_on=None, listed_on_basis=None)
