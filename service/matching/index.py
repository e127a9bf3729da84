"""Candidates: every name of the loaded lists that may score over the threshold against a query.

The union of like words (token_index), the name without its spaces (whole_names), the exact name, Korean and
Chinese syllable keys, and identifiers. Every alias is indexed, also weak ones, also the names inside a name
("Daedong Credit Bank (DCB)").
Built once per version set, read-only afterwards; a forked worker shares it.
"""

from __future__ import annotations

import gc
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from service.lists.listing import AliasQuality, Listing, ListingKind
from service.lists.relations import ListedRelations
from service.matching.comparison import Readings, read, variants
from service.matching.identifiers import compact
from service.matching.packed import Numbers, Runs, Table, ends_of, key_of
from service.matching.packed_listings import PackedListings
from service.matching.spellings import Spellings, lookup_keys
from service.matching.token_index import TokenIndex
from service.matching.whole_names import WholeNames

_READ_TOGETHER = 2_000  # spellings that another process reads at a time
_QUALITIES = tuple(AliasQuality)
_QUALITY_NUMBERS = {quality: number for number, quality in enumerate(_QUALITIES)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one listing."""

    listing: int
    text: str
    quality: AliasQuality


class _Names:
    """The names of persons, or of everything else, while they are gathered; their spellings are read meanwhile."""

    def __init__(self, kind: str, earlier: Spellings | None, readers: Executor | None) -> None:
        self.kind = kind
        self.listings, self.qualities, self.spelt = array("i"), array("b"), array("i")
        self._within, self._inside = array("i"), array("i")  # an entry, and the spelling of a name inside its name
        self._numbers: dict[str, int] = {}
        self._earlier, self._readers = earlier, readers
        self._read_before = (
            {text: place for place, text in enumerate(earlier.read.texts)} if earlier is not None else {}
        )
        self._places = array("i")  # of each spelling among those read before; -1 for one that is read now
        self._unread: list[str] = []
        self._read: list[Spellings | Future[Spellings]] = []

    def add(self, listing: int, text: str, quality: AliasQuality) -> None:
        self.spelt.append(self._number(text))
        for spelling in variants(text, self.kind):
            self._within.append(len(self.listings))
            self._inside.append(self._number(spelling))
        self.listings.append(listing)
        self.qualities.append(_QUALITY_NUMBERS[quality])

    def _number(self, spelling: str) -> int:
        number = self._numbers.get(spelling)
        if number is None:
            number = self._numbers[spelling] = len(self._numbers)
            self._places.append(self._read_before.get(spelling, -1))
            if self._places[-1] < 0:
                self._unread.append(spelling)
                if len(self._unread) >= _READ_TOGETHER:
                    self._have_read()
        return number

    def _have_read(self) -> None:
        """Have the spellings read that wait for it, here or by another process."""
        if self._readers is None:
            self._read.append(Spellings.of(self._unread, self.kind))
        else:
            self._read.append(self._readers.submit(Spellings.of, self._unread, self.kind))
        self._unread = []

    def spellings(self) -> Spellings:
        """Every spelling in the order in which it came; the same whether it was read before or not."""
        self._have_read()
        parts = [each.result() if isinstance(each, Future) else each for each in self._read]
        places = np.array(self._places, dtype=np.int64)
        unread = np.flatnonzero(places < 0)
        places[unread] = np.arange(len(unread))
        if self._earlier is not None:
            places[unread] += len(self._earlier)
            parts.insert(0, self._earlier)
        return Spellings.gathered(parts, places)

    def bearers(self) -> Runs:
        """For each spelling the entries that are written so, or that have a name inside theirs that is."""
        spellings = np.concatenate([self.spelt, self._inside]).astype(np.int64)
        entries = np.concatenate([np.arange(len(self.spelt)), self._within]).astype(np.int32)
        order = np.lexsort((entries, spellings))
        return Runs(entries[order], ends_of(np.bincount(spellings, minlength=len(self._numbers))))


class _KindIndex:
    """The names of persons, or of everything else."""

    def __init__(self, names: _Names) -> None:
        self.spellings = names.spellings()
        self.words = TokenIndex(self.spellings, organisation=names.kind == "organisation")
        self._bearers = names.bearers()
        self._listings, self._spelt = (np.array(each, dtype=np.int32) for each in (names.listings, names.spelt))
        self._qualities = np.array(names.qualities, dtype=np.int8)
        self._keys = Table(self.spellings.read.keys)
        self._whole = WholeNames(self.spellings.read)

    def __len__(self) -> int:
        return len(self._listings)

    def entries(self, places: Numbers) -> list[Entry]:
        """The entries at these places, in this order."""
        of_each = zip(self._listings[places].tolist(), self._qualities[places].tolist(), strict=True)
        texts = self.spellings.read.texts.take(self._spelt[places])
        return [
            Entry(listing, text, _QUALITIES[quality]) for (listing, quality), text in zip(of_each, texts, strict=True)
        ]

    def entries_of(self, numbers: set[int]) -> list[Entry]:
        """The different entries that are written as the spellings with these numbers, in their order."""
        return self.entries(np.unique(self._bearers.at(np.array(sorted(numbers), dtype=np.int64))))

    def candidates(self, readings: Readings) -> set[int]:
        """The numbers of the spellings that may match; ``entries_of`` has their entries."""
        found = self.words.candidates(readings.parsed)
        if readings.imitated is not None:
            found |= self.words.candidates(readings.imitated)
        for spelling in {readings.parsed.squeezed, readings.parsed.joined} - {""}:
            found.update(self._whole.within_slips(spelling).tolist())
        found.update(self._keys.places(sorted(lookup_keys(readings))).tolist())
        return found


class NameIndex:
    """All names and identifiers of a set of listings."""

    def __init__(self, listings: Sequence[Listing], kinds: Mapping[str, _KindIndex], identifiers: Table) -> None:
        self.listings = listings
        self._kinds = kinds
        self._identifiers = identifiers
        self.sizes: Counter[str] = Counter()  # how many listings of each list, by its id
        self.relations = ListedRelations({})
        self.memory: dict[tuple[str, str], Any] = {}  # what was found for organisations, by name and kind

    @classmethod
    def build(
        cls,
        listings: Iterable[Listing],
        *,
        packed: bool = False,
        earlier: Mapping[str, Spellings] | None = None,
        readers: Executor | None = None,
    ) -> NameIndex:
        """Index every name and identifier of the listings, in their order.

        The index is the same whatever the rest: ``packed`` keeps the listings packed, without their records, and
        gives out another copy of one each time; ``earlier`` are the ``spellings`` of another index, which need not be
        read again; ``readers`` are processes that read new ones.
        """
        with _uncollected():
            gathered = _Gathered(earlier or {}, readers)
            passing = gathered.passing(listings)
            kept = PackedListings(passing) if packed else list(passing)
            kinds = {kind: _KindIndex(names) for kind, names in gathered.names.items()}
            index = cls(kept, kinds, Table(Runs.of(gathered.identifiers, np.uint64)))
            index.sizes = gathered.sizes
            if gathered.relations:
                index.relations = ListedRelations.of_listings(kept)
        return index

    @property
    def spellings(self) -> dict[str, Spellings]:
        """What was read of every spelling, by kind of party; another index may be built from it."""
        return {kind: index.spellings for kind, index in self._kinds.items()}

    def __len__(self) -> int:
        return sum(map(len, self._kinds.values()))

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
        index = self._kinds[kind]
        return [(self.listings[e.listing], e.text, e.quality) for e in index.entries(np.arange(len(index)))]

    def by_identifier(self, value: str) -> list[Listing]:
        """The listings that carry an identifier, however either side punctuates it."""
        compacted = compact(value)
        places = self._identifiers.places([key_of(compacted)]) if compacted else ()
        met = (self.listings[place] for place in places)
        return [listing for listing in met if any(compact(each.value) == compacted for each in listing.identifiers)]


class _Gathered:
    """What listings hold that the index is made of, noted as they go by."""

    def __init__(self, earlier: Mapping[str, Spellings], readers: Executor | None) -> None:
        self.names = {kind: _Names(kind, earlier.get(kind), readers) for kind in ("person", "organisation")}
        self.identifiers: list[list[int]] = []
        self.sizes: Counter[str] = Counter()
        self.relations = False  # whether any listing states one

    def passing(self, listings: Iterable[Listing]) -> Iterator[Listing]:
        for number, listing in enumerate(listings):
            self._note(number, listing)
            yield listing

    def _note(self, number: int, listing: Listing) -> None:
        self.sizes[listing.list_id] += 1
        self.relations |= bool(listing.relations)
        names = self.names["person" if listing.kind is ListingKind.PERSON else "organisation"]
        seen = set()
        for name in listing.names:
            if name.text not in seen:
                seen.add(name.text)
                names.add(number, name.text, name.quality)
        values = {compact(identifier.value) for identifier in listing.identifiers}
        self.identifiers.append(sorted(key_of(value) for value in values - {""}))


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
