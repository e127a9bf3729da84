"""Lists that no screening ever meets: a filter that is set up wrongly looks like a world without listed people.

One bank screened against 38 of 3,088 listed people for years, and nobody asked why there were no alerts. Canaries
prove that a list is searched; this looks at what came of it. A small list is met seldom, so one list alone is
doubted after many more screenings than all lists together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from service.monitoring.alarms import Observation

PERIOD = timedelta(days=30)
LOOK_EVERY = timedelta(hours=1)
MANY = 1_000  # screenings of the period, of which some must meet some list
MANY_OF_ONE = 10_000  # screenings of the period, of which some must meet a required list


class HitCounts(Protocol):
    """Counts screenings (``service.store.list_hits.ListHits``)."""

    def since(self, moment: datetime) -> Mapping[str, tuple[int, int]]:
        """By list: how many screenings were compared with it, and how many of them cite it."""


def of_hits(required: Iterable[str], counts: Mapping[str, tuple[int, int]]) -> Iterator[Observation]:
    """No match with any list, or none with a required one, though many were screened; over with the first match."""
    asked = max((each for each, _ in counts.values()), default=0)
    hit = any(each for _, each in counts.values())
    yield Observation("no_hits", asked >= MANY and not hit, {"screenings": asked, "days": PERIOD.days})
    for list_id in required:
        asked, hits = counts.get(list_id, (0, 0))
        fields = {"about": list_id, "screenings": asked, "days": PERIOD.days}
        yield Observation(f"no_hits_on:{list_id}", asked >= MANY_OF_ONE and not hits, fields)


class HitWatch:
    """Counts once an hour; between two counts nothing is observed, and alarms stay as they are."""

    def __init__(self, required: Iterable[str], counts: HitCounts, clock: Callable[[], datetime]) -> None:
        self._required = tuple(required)
        self._counts = counts
        self._clock = clock
        self._counted_at: datetime | None = None

    def observed(self) -> Iterator[Observation]:
        """StoreUnavailableError where the database is away."""
        now = self._clock()
        if self._counted_at is not None and now - self._counted_at < LOOK_EVERY:
            return
        counts = self._counts.since(now - PERIOD)
        self._counted_at = now
        yield from of_hits(self._required, counts)
