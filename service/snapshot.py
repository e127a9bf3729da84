"""What a worker decides by: one immutable set of list versions and the index over their listings.

A request pins one snapshot; a new one is built beside it and swapped in whole. Where demo mode finds a
list that was never loaded, the built-in starter list stands in for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol

import structlog

from service.errors import HirescreenError, ListsUnavailableError, StoreUnavailableError
from service.lists import starter
from service.lists.listing import Listing
from service.matching.index import NameIndex
from service.records import ListVersion

POLL_SECONDS = 3.0  # an activated version is taken by every worker well within 30 seconds
log = structlog.get_logger()


class ListStore(Protocol):
    """Where list versions are kept. Methods raise StoreUnavailableError where the database is away."""

    def active(self) -> tuple[ListVersion, ...]:
        """The serving version of each list: one consistent set."""

    def listings(self, list_id: str, version: int) -> Iterator[Listing]:
        """Every listing of one version, streamed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """``versions`` by list id, version 0 for a starter list, and the index over all their listings."""

    versions: dict[str, ListVersion]
    index: NameIndex

    @property
    def identity(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted((v.list_id, v.version) for v in self.versions.values()))

    def known_since(self, list_id: str) -> date | None:
        """The day from which this version of the list surely tells what was on it."""
        version = self.versions[list_id]
        if version.published_on is not None:
            return version.published_on
        return version.fetched_at.date() if version.fetched_at else None


class Snapshots:
    """Gives the current snapshot and keeps it current in the background."""

    def __init__(
        self,
        store: ListStore,
        *,
        required: tuple[str, ...],
        demo: bool,
        build: Callable[[Iterator[Listing]], NameIndex] = NameIndex.build,
    ) -> None:
        self._store = store
        self._required = required
        self._demo = demo
        self._build = build
        self._current: Snapshot | None = None
        self._problem: HirescreenError | None = None
        self._loading = threading.Lock()
        self._stopped = threading.Event()

    def adopt(self, other: Snapshots) -> None:
        """Begin with the snapshot that another one of this process has built."""
        self._current, self._problem = other._current, other._problem

    def watch(self) -> None:
        """Keep the snapshot current until ``stop``. Called once in each worker, after it was forked."""
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
                active = self._store.active()
            except StoreUnavailableError as error:
                self._problem = error
                return False
            return self._take(active)

    def _take(self, active: tuple[ListVersion, ...]) -> bool:
        versions = {version.list_id: version for version in active}
        missing = [list_id for list_id in self._required if list_id not in versions]
        if missing and not self._demo:
            self._problem = ListsUnavailableError(f"A required list was never loaded: {', '.join(missing)}.")
            self._current = None
            return False
        versions |= {list_id: starter.version(list_id) for list_id in missing}
        before = self._current
        if before is not None and before.identity == tuple(sorted((v.list_id, v.version) for v in versions.values())):
            self._current = Snapshot(versions=versions, index=before.index)  # only check times moved
            return False
        try:
            index = self._build(chain.from_iterable(self._listings(version) for version in versions.values()))
        except StoreUnavailableError as error:
            self._problem = error
            return False
        self._current = Snapshot(versions=versions, index=index)
        self._problem = None
        log.info("lists_swapped", versions=[f"{v.list_id}:{v.version}" for v in versions.values()])
        return True

    def _listings(self, version: ListVersion) -> Iterator[Listing]:
        if version.version == 0:
            return iter(starter.listings(version.list_id))
        return self._store.listings(version.list_id, version.version)

    def _watch(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                self.refresh()
            except Exception as error:  # the thread must live; the message may quote data, so only its type is told
                log.warning("list_refresh_failed", error=type(error).__name__)
