"""Which version of a list a question is judged by: by the day asked about and by what was known.

A version was published on a day (valid time) and loaded here at an instant (known time). A question about
a past day, or by earlier knowledge, takes the newest version by published day among those known by then;
a question about today or a later day takes the version that serves, whichever an operator chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from service.lists.sources import SOURCES
from service.records import ListVersion

# The clocks of service and database may differ by 30 s, and workers take a new version within seconds.
NOW_TOLERANCE = timedelta(minutes=1)
LONGEST_GAP = timedelta(days=7)  # for lists whose publisher's habits are not described


class Doubt(StrEnum):
    """Why the chosen version may not show the list as it stood on the day."""

    BEFORE = "before"  # none was published by that day: the earliest one stands in
    UNKNOWN = "unknown"  # none was known at that instant: the earliest one stands in
    GAP = "gap"  # the publisher never let so much time pass: issues between are not loaded


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question is about, by what knowledge, and when it is put."""

    as_of: date
    known_at: datetime
    now: datetime

    @property
    def is_of_today(self) -> bool:
        """Whether the day, by UTC, is today or to come."""
        return self.as_of >= self.now.date()

    @property
    def by_present_knowledge(self) -> bool:
        return self.known_at >= self.now - NOW_TOLERANCE


def published_day(version: ListVersion) -> date | None:
    """The day from which ``version`` surely tells what was on the list; None for a starter list."""
    if version.published_on is not None:
        return version.published_on
    instant = version.fetched_at or version.loaded_at
    return instant.date() if instant else None


def by_day(versions: Iterable[ListVersion]) -> tuple[ListVersion, ...]:
    """``versions`` by published day, then by number: the order in which the list changed."""
    return tuple(sorted(versions, key=lambda v: (published_day(v) or date.min, v.version)))


def known(versions: Iterable[ListVersion], asked: Asked) -> tuple[ListVersion, ...]:
    """Those that were loaded by ``known_at``, in the order of :func:`by_day`."""
    everything = asked.by_present_knowledge
    return by_day(v for v in versions if everything or v.loaded_at is None or v.loaded_at <= asked.known_at)


def serves(active: ListVersion, asked: Asked) -> bool:
    """Whether the question is one for the version that serves now, without any choice."""
    if not asked.is_of_today:
        return False
    return asked.by_present_knowledge or active.activated_at is None or asked.known_at >= active.activated_at


def choose(versions: Sequence[ListVersion], asked: Asked) -> ListVersion:
    """The version to judge by, of the versions of one list (at least one), where :func:`serves` says no."""
    were_known = known(versions, asked)
    if not were_known:
        return by_day(versions)[0]
    published = [v for v in were_known if (published_day(v) or date.min) <= asked.as_of]
    return published[-1] if published else were_known[0]


def doubt_of(chosen: ListVersion, asked: Asked) -> Doubt | None:
    """Why ``chosen`` may not show the list as it stood on the day asked about; None where nothing speaks so."""
    if not asked.by_present_knowledge and chosen.loaded_at is not None and chosen.loaded_at > asked.known_at:
        return Doubt.UNKNOWN
    day = published_day(chosen) or asked.now.date()
    if asked.as_of < day:
        return Doubt.BEFORE
    if asked.is_of_today:
        return None  # whether the list is fresh is another question
    current_until = max(day, chosen.checked_at.date()) if chosen.checked_at else day
    return Doubt.GAP if asked.as_of - current_until > longest_gap(chosen.list_id) else None


def longest_gap(list_id: str) -> timedelta:
    """The longest time that the publisher ever let pass between two issues."""
    return SOURCES[list_id].longest_gap if list_id in SOURCES else LONGEST_GAP
