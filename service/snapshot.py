"""What a worker decides by: one immutable set of list versions and the index over their listings.

A request pins one snapshot; a new one is built beside it and swapped in whole. Where demo mode finds a
list that was never loaded, the built-in starter list stands in for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol

import structlog

from service.archive import Archive, Archives, PastStore, Relatives
from service.errors import HirescreenError, ListsUnavailableError, StoreUnavailableError
from service.lists import starter
from service.lists.listing import Listing
from service.lists.timeline import Asked, by_day, choose, doubt_of, known, longest_gap, published_day, serves
from service.matching.index import NameIndex
from service.matching.screen import listings_met
from service.records import ListVersion
from service.screening.facts import ScreeningRequest
from service.selection import PastList, Selection

BUILT_IN_PLACE = 2_000  # entries; below, another process costs more than it saves
POLL_SECONDS = 3.0  # an activated version is taken by every worker well within 30 seconds
BuildApart = Callable[[Collection[ListVersion], NameIndex | None], NameIndex]
log = structlog.get_logger()


class ListStore(PastStore, Protocol):
    """Where list versions are kept. Methods raise StoreUnavailableError where the database is away."""

    def active(self) -> tuple[ListVersion, ...]:
        """The serving version of each list: one consistent set."""

    def known_counts(self) -> dict[str, int]:
        """How many versions of each list may be asked by, whether they serve or not."""

    def listings(self, list_id: str, version: int) -> Iterator[Listing]:
        """Every listing of one version, streamed."""


class Builder(Protocol):
    """Who builds a snapshot for several workers at once."""

    def awaited(self) -> bool:
        """Ask for a new snapshot; False where the one who asks had better build it."""

    def settled(self) -> None:
        """The one who asked has built it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """``versions`` by list id, version 0 for a starter list, and the index over all their listings.

    ``archives`` knows the versions that do not serve; without them only the serving ones can be selected.
    """

    versions: dict[str, ListVersion]
    index: NameIndex
    archives: Archives | None = None

    @property
    def identity(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted((v.list_id, v.version) for v in self.versions.values()))

    def known_numbers(self, serving: ListVersion) -> frozenset[int]:
        """The numbers of every version of a list that a question may be judged by now."""
        return frozenset(version.version for version in self._stored(serving) or (serving,))

    def select(self, asked: Asked) -> Selection:
        """The version of each list that a question is judged by.

        StoreUnavailableError where another one than those that serve is needed and cannot be read.
        """
        chosen = {}
        for list_id, active in self.versions.items():
            stored = () if serves(active, asked) else self._stored(active)
            chosen[list_id] = choose(stored, asked) if stored else active
        return self._selection(chosen, asked)

    def selected(self, versions: Mapping[str, int], asked: Asked | None = None) -> Selection:
        """The selection of exactly these versions by list id (0 is the starter list); no other list counts.

        ``asked`` as it was for the question that they were once selected for; without it nothing but what
        the versions hold counts. StoreUnavailableError for a version that is not stored.
        """
        return self._selection({list_id: self._version(list_id, n) for list_id, n in versions.items()}, asked)

    def turning_days(self, request: ScreeningRequest, asked: Asked) -> frozenset[date]:
        """Days on which, or the day after which, the lists may say something else of a party of the request."""
        archives = {list_id: self._archive(v) for list_id, v in self.versions.items() if self._has_past(v)}
        days: set[date | None] = {asked.now.date()}
        met: set[tuple[str, str]] = set()
        for index in (self.index, *(archive.index for archive in archives.values())):
            for listing in listings_met(request, index):
                days.add(listing.listed_on)
                met.add((listing.list_id, listing.key))
        for list_id, key in met:
            days.add(self._first_seen(self.versions[list_id], key, asked))
            for before, after in archives[list_id].changes(key) if list_id in archives else ():
                gone_after = published_day(before)
                days |= {gone_after, gone_after and gone_after + longest_gap(list_id), published_day(after)}
        return frozenset(day for day in days if day is not None)

    def _selection(self, chosen: dict[str, ListVersion], asked: Asked | None) -> Selection:
        past, starters = {}, []
        left_out = set(self.versions) - set(chosen)
        doubts = {list_id: doubt_of(version, asked) for list_id, version in chosen.items()} if asked else {}
        for list_id, version in chosen.items():
            active = self.versions.get(list_id) or starter.version(list_id)
            if version.version == 0 != active.version:
                left_out.add(list_id)
                starters.append(NameIndex.build(starter.listings(list_id)))
            elif version.version != active.version or (asked and not self._is_newest(active, asked)):
                past[list_id] = PastList.asked(self._archive(active), version, doubts.get(list_id), asked)
        return Selection(
            versions=chosen,
            index=self.index,
            first_seen_in=lambda version, key: self._first_seen(version, key, asked),
            past=past,
            doubts={list_id: doubt for list_id, doubt in doubts.items() if doubt is not None},
            other_indexes=tuple(starters),
            left_out=frozenset(left_out),
            relatives=self.archives.relatives if self.archives else Relatives(),
        )

    def _is_newest(self, active: ListVersion, asked: Asked) -> bool:
        """Whether no known version tells more about the day asked for than the one that serves."""
        return asked.is_of_today or not self._has_past(active) or known(self._stored(active), asked)[-1:] == (active,)

    def _has_past(self, active: ListVersion) -> bool:
        return self.archives is not None and self.archives.has_past(active)

    def _stored(self, active: ListVersion) -> tuple[ListVersion, ...]:
        """Every stored version, the serving one as it is known to this snapshot; none where only that one is."""
        if self.archives is None or not self.archives.has_past(active):
            return ()
        stored = self.archives.versions(active.list_id)
        return tuple(active if version.version == active.version else version for version in stored)

    def _version(self, list_id: str, number: int) -> ListVersion:
        active = self.versions.get(list_id)
        if active is not None and active.version == number:
            return active
        if number == 0:
            return starter.version(list_id)
        stored = self.archives.versions(list_id) if self.archives else ()
        for version in stored:
            if version.version == number:
                return version
        raise StoreUnavailableError(f"Version {number} of {list_id} is not stored.")

    def _archive(self, active: ListVersion) -> Archive:
        if self.archives is None:
            raise StoreUnavailableError(f"No version of {active.list_id} but the serving one can be read.")
        return self.archives.of(active)

    def _first_seen(self, version: ListVersion, key: str, asked: Asked | None) -> date | None:
        """The published day of the first version known to the question that holds ``key``."""
        active = self.versions.get(version.list_id) or version
        if self.archives is None or version.version == 0 or not self._has_past(active):
            return published_day(version)
        stored = self._stored(active)
        ordered = known(stored, asked) if asked else by_day(stored)
        first = self.archives.first_holding(active, key, ordered or by_day(stored))
        return published_day(first or version)


def listings_of(store: ListStore, list_id: str, version: int) -> Iterator[Listing]:
    """Every listing of one version, streamed; version 0 is the starter list."""
    return iter(starter.listings(list_id)) if version == 0 else store.listings(list_id, version)


class Snapshots:
    """Gives the current snapshot and keeps it current in the background."""

    def __init__(
        self,
        store: ListStore,
        *,
        required: tuple[str, ...],
        demo: bool,
        build_apart: BuildApart | None = None,
    ) -> None:
        """With ``build_apart``, the index over large lists is built by a process of its own, from the one before."""
        self._store = store
        self._required = required
        self._demo = demo
        self._build_apart = build_apart
        self._current: Snapshot | None = None
        self._problem: HirescreenError | None = None
        self._builder: Builder | None = None
        self._loading = threading.Lock()
        self._stopped = threading.Event()

    def adopt(self, other: Snapshots) -> None:
        """Begin with the snapshot that another one of this process has built."""
        self._current, self._problem = other._current, other._problem

    def watch(self, builder: Builder | None = None) -> None:
        """Keep the snapshot current until ``stop``, by ``builder`` where one builds for several workers.

        Called once in each worker, after it was forked.
        """
        self._builder = builder
        threading.Thread(target=self._watch, name="list-versions", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def current(self) -> Snapshot:
        """The snapshot to decide by. Raises ListsUnavailableError where a required list was never loaded.

        A worker that has none yet builds it now; later changes are built in the background.
        """
        snapshot = self._current
        if snapshot is None:
            self.refresh()
            snapshot = self._current
        if snapshot is None:
            raise self._problem or ListsUnavailableError()
        return snapshot

    def refresh(self) -> bool:
        """Look for new versions and swap to them; True where the snapshot changed."""
        with self._loading:
            try:
                active, stored = self._store.active(), self._store.known_counts()
            except StoreUnavailableError as error:
                self._problem = error
                return False
            return self._take(active, stored)

    def _take(self, active: tuple[ListVersion, ...], stored: dict[str, int]) -> bool:
        versions = {version.list_id: version for version in active}
        missing = [list_id for list_id in self._required if list_id not in versions]
        if missing and not self._demo:
            self._problem = ListsUnavailableError(f"A required list was never loaded: {', '.join(missing)}.")
            self._current = None
            return False
        versions |= {list_id: starter.version(list_id) for list_id in missing}
        before = self._current
        archives = Archives(self._store, stored, earlier=before.archives if before else None)
        if before is not None and before.identity == tuple(sorted((v.list_id, v.version) for v in versions.values())):
            # only check times moved, or history came
            self._current = Snapshot(versions=versions, index=before.index, archives=archives)
            if self._builder is not None:
                self._builder.settled()
            return False
        if before is not None and self._builder is not None and self._builder.awaited():
            return False
        try:
            index = self._index(versions.values(), before)
        except StoreUnavailableError as error:
            self._problem = error
            return False
        self._current = Snapshot(versions=versions, index=index, archives=archives)
        self._problem = None
        if self._builder is not None:
            self._builder.settled()
        log.info("lists_swapped", versions=[f"{v.list_id}:{v.version}" for v in versions.values()])
        return True

    def _index(self, versions: Collection[ListVersion], before: Snapshot | None) -> NameIndex:
        if self._build_apart is not None and sum(version.entries for version in versions) > BUILT_IN_PLACE:
            return self._build_apart(versions, before.index if before is not None else None)
        return NameIndex.build(
            chain.from_iterable(listings_of(self._store, version.list_id, version.version) for version in versions)
        )

    def _watch(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.refresh()
            except Exception as error:  # the thread must live; the message may quote data, so only its type is told
                log.warning("list_refresh_failed", error=type(error).__name__)
