"""The versions of one list beside the one that serves: which content stood in which of them.

Built from the store when the first question about the past comes, then kept with the snapshot. Contents
that the serving version holds are in the snapshot's own index; the others get an index of their own here.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from service.lists.listing import Listing
from service.lists.relations import Node, families
from service.lists.timeline import by_day
from service.matching.index import NameIndex
from service.records import ListVersion

_MOST_KEPT = 8  # combinations of indexes; there are as many as lists whose past is asked for together


@dataclass(frozen=True, slots=True)
class Span:
    """One content (``entry``) stood from ``first`` until before ``until``; None while it still stands."""

    entry: int
    first: int
    until: int | None

    def holds(self, version: int) -> bool:
        return self.first <= version and (self.until is None or version < self.until)


class PastStore(Protocol):
    """Where versions are kept. Methods raise StoreUnavailableError where the database is away."""

    def known_versions(self, list_id: str) -> tuple[ListVersion, ...]:
        """Every version of a list, but those that wait for approval or never got it."""

    def key_spans(self, list_id: str, key: str) -> tuple[tuple[int, int | None], ...]:
        """From which version until before which one an entry stood, whatever its content."""

    def past_spans(self, list_id: str, version: int) -> Iterator[tuple[str, int, int, int | None]]:
        """(key, content, from, until) of every entry, but those of ``version`` that none ever lacked or changed."""

    def past_entries(self, list_id: str, version: int) -> Iterator[tuple[int, Listing]]:
        """The contents that ``version`` does not hold."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """Every version of one list. ``spans`` by key; a key that is not in it never changed at all.

    ``active`` is 0 where a starter list serves: then every key is in ``spans``.
    """

    active: int
    versions: Mapping[int, ListVersion]
    spans: Mapping[str, tuple[Span, ...]]
    index: NameIndex
    contents: Mapping[int, int]  # identity of a listing of ``index`` to its content

    @classmethod
    def read(cls, store: PastStore, active: ListVersion, known: Iterable[ListVersion] | None = None) -> Archive:
        """Read the list of ``active`` from the store; its contents of other versions are indexed now.

        ``known`` are its versions where they have been read before.
        """
        list_id = active.list_id
        # Versions first: a load that ends meanwhile may add spans that no version read here asks for.
        versions = {version.version: version for version in known or store.known_versions(list_id)}
        spans: dict[str, list[Span]] = defaultdict(list)
        for key, entry, first, until in store.past_spans(list_id, active.version):
            spans[key].append(Span(entry, first, until))
        contents: dict[int, int] = {}

        def noted(entries: Iterable[tuple[int, Listing]]) -> Iterator[Listing]:
            for entry, listing in entries:
                contents[id(listing)] = entry  # the index keeps the listing, so the identity stays its own
                yield listing

        index = NameIndex.build(noted(store.past_entries(list_id, active.version)))
        return cls(
            active=active.version,
            versions=versions,
            spans={key: tuple(found) for key, found in spans.items()},
            index=index,
            contents=contents,
        )

    def content(self, key: str, version: int) -> int | None:
        """The content that ``version`` holds under ``key``, None for none; only for a key of ``spans``."""
        return next((span.entry for span in self.spans[key] if span.holds(version)), None)

    def content_of(self, listing: Listing) -> int | None:
        """The content that a listing is: of this index, or of the version that serves."""
        found = self.contents.get(id(listing))
        return self.content(listing.key, self.active) if found is None else found

    def first_holding(self, key: str, versions: Iterable[ListVersion]) -> ListVersion | None:
        """The first of ``versions`` that holds ``key``."""
        if key not in self.spans:
            return next(iter(versions), None)
        return next((version for version in versions if self.content(key, version.version) is not None), None)

    def changes(self, key: str) -> Iterator[tuple[ListVersion, ListVersion]]:
        """Neighbouring versions, in the order of their days, that differ in what they hold under ``key``."""
        if key not in self.spans:
            return
        ordered = by_day(self.versions.values())
        for before, after in pairwise(ordered):
            if self.content(key, before.version) != self.content(key, after.version):
                yield before, after


@dataclass(frozen=True, slots=True)
class Families:
    """``number`` of the family by node, ``members`` by that number: (place of the index, listing)."""

    number: Mapping[Node, int]
    members: Mapping[int, tuple[tuple[int, Listing], ...]]


class Relatives:
    """The families of listings that relations connect, over the contents of all versions; found once."""

    def __init__(self) -> None:
        self._found: dict[tuple[NameIndex, ...], Families] = {}

    def of(self, indexes: tuple[NameIndex, ...]) -> Families:
        """The families over all listings of ``indexes``."""
        if indexes not in self._found:
            number = families(listing for index in indexes for listing in index.listings)
            members: dict[int, list[tuple[int, Listing]]] = defaultdict(list)
            for place, index in enumerate(indexes):
                for listing in index.listings:
                    if (node := (listing.list_id, listing.key)) in number:
                        members[number[node]].append((place, listing))
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[indexes] = Families(number, {family: tuple(found) for family, found in members.items()})
        return self._found[indexes]


class Archives:
    """The archives of every list, read when first asked for. Safe to share between threads."""

    def __init__(self, store: PastStore, stored: Mapping[str, int], *, earlier: Archives | None = None) -> None:
        """``stored``: how many versions each list has. What ``earlier`` has read of unchanged lists is kept."""
        self._store = store
        self._stored = stored
        self._reading = threading.Lock()
        self._versions: dict[str, tuple[ListVersion, ...]] = {}
        self._archives: dict[str, Archive] = {}
        self._key_spans: dict[tuple[str, str], tuple[tuple[int, int | None], ...]] = {}
        self.relatives = Relatives()
        if earlier is not None:
            self._keep(earlier)

    def _keep(self, earlier: Archives) -> None:
        kept = {list_id for list_id, number in self._stored.items() if earlier._stored.get(list_id) == number}
        self._versions |= {list_id: found for list_id, found in earlier._versions.copy().items() if list_id in kept}
        self._archives |= {list_id: found for list_id, found in earlier._archives.copy().items() if list_id in kept}
        self._key_spans |= {at: found for at, found in earlier._key_spans.copy().items() if at[0] in kept}

    def has_past(self, active: ListVersion) -> bool:
        """Whether any other version than ``active`` is stored."""
        return self._stored.get(active.list_id, 0) > (1 if active.version else 0)

    def versions(self, list_id: str) -> tuple[ListVersion, ...]:
        """Every stored version of a list."""
        if list_id not in self._versions:
            self._versions[list_id] = self._store.known_versions(list_id)
        return self._versions[list_id]

    def of(self, active: ListVersion) -> Archive:
        """The archive of a list beside its version ``active``."""
        found = self._archives.get(active.list_id)
        if found is not None and found.active == active.version:
            return found
        with self._reading:
            found = self._archives.get(active.list_id)
            if found is None or found.active != active.version:
                found = self._archives[active.list_id] = Archive.read(
                    self._store, active, self.versions(active.list_id)
                )
            return found

    def first_holding(self, active: ListVersion, key: str, ordered: Iterable[ListVersion]) -> ListVersion | None:
        """The first of ``ordered`` that holds ``key``, without reading a whole archive for it."""
        list_id = active.list_id
        archive = self._archives.get(list_id)
        if archive is not None and archive.active == active.version:
            return archive.first_holding(key, ordered)
        if (list_id, key) not in self._key_spans:
            self._key_spans[list_id, key] = self._store.key_spans(list_id, key)
        spans = self._key_spans[list_id, key]
        return next((version for version in ordered if _holds(spans, version.version)), None)


def _holds(spans: Iterable[tuple[int, int | None]], version: int) -> bool:
    return any(first <= version and (until is None or version < until) for first, until in spans)
