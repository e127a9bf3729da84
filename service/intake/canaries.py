"""Canaries: parties that a list has held for years, searched for as a screening searches.

A list that was read and stored and yet does not answer for its best-known parties must not serve.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from service.errors import HirescreenError
from service.lists.listing import Listing
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import ORGANISATION, PERSON, match_party
from service.records import ListVersion

BEAT_SECONDS = 300.0
LOOK_SECONDS = 3.0  # how soon lists that were swapped are looked at
MISSED_BEATS = timedelta(seconds=3 * BEAT_SECONDS)  # a check that stands still proves nothing any more
log = structlog.get_logger()


def search(entries: Iterable[Listing], canaries: Mapping[str, str]) -> tuple[str, ...]:
    """The names among ``canaries`` (name to key) by which an index over ``entries`` does not give that entry."""
    if not canaries:
        return ()
    return missed(NameIndex.build(entries), canaries)


def missed(index: NameIndex, canaries: Mapping[str, str], list_id: str | None = None) -> tuple[str, ...]:
    """The names by which ``index`` does not give their own entry (of ``list_id``, where it holds several lists)."""
    return tuple(name for name, key in canaries.items() if not _hits(index, name, key, list_id))


def _hits(index: NameIndex, name: str, key: str, list_id: str | None) -> bool:
    party = Party(path="canary", names=(name,), kinds=(ORGANISATION, PERSON))
    return any(
        match.listing.key == key and list_id in (None, match.listing.list_id) for match in match_party(party, index)
    )


class Current(Protocol):
    """A snapshot of the lists."""

    @property
    def versions(self) -> Mapping[str, ListVersion]: ...

    @property
    def index(self) -> NameIndex: ...


class CurrentSource(Protocol):
    """Gives the snapshot that decisions rest on; ListsUnavailableError where there is none."""

    def current(self) -> Current: ...


class CanaryStore(Protocol):
    """Knows the canaries that each version was loaded with (``service.store.intake.Intake``)."""

    def canaries(self, list_id: str, version: int) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Beat:
    """One look at the lists: when, and what was wrong (empty: nothing)."""

    at: datetime
    faults: tuple[str, ...]


class Heartbeat:
    """In each worker the canaries of the serving lists must hit, and all entries be there.

    It looks every five minutes, and at once when other lists came into service.
    """

    def __init__(
        self,
        snapshots: CurrentSource,
        store: CanaryStore,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._snapshots = snapshots
        self._store = store
        self._clock = clock
        self._last: Beat | None = None
        self._looked_at: NameIndex | None = None
        self._known: dict[tuple[str, int], Mapping[str, str]] = {}
        self._stopped = threading.Event()

    def watch(self) -> None:
        """Look from now on until ``stop``. Called once in each worker, after it was forked."""
        threading.Thread(target=self._watch, name="canaries", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def beat(self) -> Beat:
        """Look once. Where there is no snapshot, that is the fault."""
        try:
            snapshot = self._snapshots.current()
            self._looked_at = snapshot.index
            faults = tuple(
                fault
                for version in snapshot.versions.values()
                for fault in self._faults(version, snapshot.index, snapshot.index.sizes[version.list_id])
            )
        except HirescreenError as error:
            self._looked_at, faults = None, (str(error),)
        if faults:
            log.error("canaries_missed", faults=faults)
        self._last = Beat(self._clock(), faults)
        return self._last

    def check(self) -> tuple[bool, str]:
        """For ``/readyz``: whether the last look found everything, and what it missed."""
        last = self._last
        if last is None:
            return True, "not looked yet"
        if last.faults:
            return False, " ".join(last.faults)
        if self._clock() - last.at > MISSED_BEATS:
            return False, f"The lists were last looked at {last.at:%Y-%m-%d %H:%M} UTC."
        return True, "every canary hits"

    def _faults(self, version: ListVersion, index: NameIndex, there: int) -> Iterable[str]:
        if version.version == 0:
            return  # the starter list is no publisher's
        if there != version.entries:
            yield f"{version.list_id} holds {version.entries} entries and {there} can be searched."
        known = self._canaries(version)
        if lost := missed(index, known, version.list_id):
            yield f"{len(lost)} of {len(known)} canaries of {version.list_id} are not found."

    def _canaries(self, version: ListVersion) -> Mapping[str, str]:
        key = (version.list_id, version.version)
        if key not in self._known:
            self._known = {known: names for known, names in self._known.items() if known[0] != version.list_id}
            self._known[key] = self._store.canaries(*key)
        return self._known[key]

    def _watch(self) -> None:
        while True:
            try:
                if self._is_time():
                    self.beat()
            except Exception as error:  # the thread must live; check() tells when no look succeeds any more
                log.warning("canary_search_failed", error=type(error).__name__)
            if self._stopped.wait(LOOK_SECONDS):
                return

    def _is_time(self) -> bool:
        """Whether the last look is five minutes old, or other lists serve now than it saw."""
        last = self._last
        if last is None or self._clock() - last.at >= timedelta(seconds=BEAT_SECONDS):
            return True
        try:
            return self._snapshots.current().index is not self._looked_at
        except HirescreenError:
            return False
