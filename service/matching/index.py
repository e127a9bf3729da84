"""Candidates: every name of the loaded lists that may score over the threshold against a query.

The union of like words (token_index), the name without its spaces (whole_names), the exact name, Korean and
Chinese syllable keys, and identifiers. Every alias is indexed, also weak ones, also the names inside a name
("Daedong Credit Bank (DCB)").
Built once per version set, read-only afterwards; a forked worker shares it.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.lists.listing import AliasQuality, Listing, ListingKind
from service.lists.relations import ListedRelations
from service.matching import chinese, korean
from service.matching.comparison import Readings, read, variants
from service.matching.identifiers import compact
from service.matching.letters import ranges
from service.matching.token_index import TokenIndex
from service.matching.whole_names import WholeNames


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one listing."""

    listing: int
    text: str
    quality: AliasQuality


class _KindIndex:
    """The names of persons, or of everything else."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entries: list[Entry] = []
        self._bearers: list[list[int]] = []  # for each spelling, the entries that are written so
        self._known: dict[str, int] = {}
        self.words = TokenIndex(organisation=kind == "organisation")
        self.exact: dict[str, list[int]] = defaultdict(list)
        self.syllables: dict[str, list[int]] = defaultdict(list)
        self._spellings: dict[tuple[str, int], None] = {}

    def add(self, entry: Entry) -> None:
        for spelling in (entry.text, *variants(entry.text, self.kind)):
            number = self._known.get(spelling)
            if number is None:
                number = self._known[spelling] = len(self._bearers)
                self._bearers.append([])
                self._add_spelling(number, read(spelling, self.kind))
            self._bearers[number].append(len(self.entries))
        self.entries.append(entry)

    def _add_spelling(self, number: int, readings: Readings) -> None:
        self.words.add(number, readings.parsed)
        for spelling in _spellings(readings):
            self._spellings[spelling, number] = None
        for key in _exact_keys(readings):
            self.exact[key].append(number)
        for key in _syllable_keys(readings):
            self.syllables[key].append(number)

    def freeze(self) -> None:
        self.words.freeze()
        self.exact, self.syllables = dict(self.exact), dict(self.syllables)
        sizes = np.array([len(entries) for entries in self._bearers], dtype=np.int64)
        self._bearer_ends = np.concatenate([[0], np.cumsum(sizes)])
        self._bearer_entries = np.array([entry for entries in self._bearers for entry in entries], dtype=np.int64)
        self._bearers = []
        self.whole = WholeNames([spelling for spelling, _ in self._spellings], [n for _, n in self._spellings])
        self._spellings, self._known = {}, {}

    def entries_of(self, numbers: set[int]) -> list[Entry]:
        """The different entries that are written as the spellings with these numbers, in their order."""
        chosen = np.array(sorted(numbers), dtype=np.int64)
        starts, ends = self._bearer_ends[chosen], self._bearer_ends[chosen + 1]
        places = np.unique(self._bearer_entries[ranges(starts, ends - starts)])
        return list(dict.fromkeys(self.entries[i] for i in places.tolist()))

    def candidates(self, readings: Readings) -> set[int]:
        """The numbers of the spellings that may match; ``entries_of`` has their entries."""
        found = self.words.candidates(readings.parsed)
        if readings.imitated is not None:
            found |= self.words.candidates(readings.imitated)
        for spelling in _spellings(readings):
            found.update(self.whole.within_slips(spelling).tolist())
        for key in _exact_keys(readings):
            found.update(self.exact.get(key, ()))
        for key in _syllable_keys(readings):
            found.update(self.syllables.get(key, ()))
        return found


class NameIndex:
    """All names and identifiers of a set of listings."""

    def __init__(self) -> None:
        # first, so that a pickle lays names and words out side by side: a query touches few pages of a forked worker
        self._kinds = {"person": _KindIndex("person"), "organisation": _KindIndex("organisation")}
        self.listings: list[Listing] = []
        self.sizes: Counter[str] = Counter()  # how many listings of each list, by its id
        self._identifiers: dict[str, list[int]] = defaultdict(list)
        self.relations = ListedRelations({})
        self.memory: dict[tuple[str, str], Any] = {}  # what was found for organisations, by name and kind

    @classmethod
    def build(cls, listings: Iterable[Listing]) -> NameIndex:
        """Index every name and identifier of the listings, in their order."""
        index = cls()
        with _uncollected():
            for listing in listings:
                index._add(listing)
            for kind in index._kinds.values():
                kind.freeze()
            index._identifiers = dict(index._identifiers)
            index.relations = ListedRelations.of_listings(index.listings)
        return index

    def __len__(self) -> int:
        return sum(len(kind.entries) for kind in self._kinds.values())

    def _add(self, listing: Listing) -> None:
        number = len(self.listings)
        self.listings.append(listing)
        self.sizes[listing.list_id] += 1
        kind = self._kinds["person" if listing.kind is ListingKind.PERSON else "organisation"]
        seen = set()
        for name in listing.names:
            if name.text not in seen:
                seen.add(name.text)
                kind.add(Entry(number, name.text, name.quality))
        for identifier in listing.identifiers:
            value = compact(identifier.value)
            if value and number not in self._identifiers[value]:
                self._identifiers[value].append(number)

    def candidates(self, name: str, kind: str = "person") -> list[tuple[Listing, str, AliasQuality]]:
        """(listing, its name, the name's quality) for every name that may match; ``kind`` as in compare."""
        return [(self.listings[e.listing], e.text, e.quality) for e in self.candidate_entries(name, kind)]

    def candidate_entries(self, name: str, kind: str) -> list[Entry]:
        """``candidates`` without their listings, which most of them turn out not to need."""
        index = self._kinds[kind]
        numbers: set[int] = set()
        for spelling in (name, *variants(name, kind)):
            numbers |= index.candidates(read(spelling, kind))
        return index.entries_of(numbers)

    def entries(self, kind: str) -> list[tuple[Listing, str, AliasQuality]]:
        """Every indexed name of a kind: what brute force compares with."""
        return [(self.listings[e.listing], e.text, e.quality) for e in dict.fromkeys(self._kinds[kind].entries)]

    def by_identifier(self, value: str) -> list[Listing]:
        """The listings that carry an identifier, however either side punctuates it."""
        compacted = compact(value)
        return [self.listings[i] for i in self._identifiers.get(compacted, ())] if compacted else []


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector: it would look through all that was built again and again, and find nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _syllable_keys(readings: Readings) -> set[str]:
    return set(korean.keys(readings.korean)) | {f"zh{key}" for key in chinese.keys(readings.chinese)}


def _spellings(readings: Readings) -> set[str]:
    """A name without its spaces, with its legal form and without."""
    return {readings.parsed.squeezed, readings.parsed.joined} - {""}


def _exact_keys(readings: Readings) -> set[str]:
    parsed = readings.parsed
    keys = {" ".join(parsed.key), parsed.joined, "".join(parsed.key), parsed.squeezed}
    if readings.imitated is not None:
        keys.add(readings.imitated.joined)
    return {k for k in keys if k}
