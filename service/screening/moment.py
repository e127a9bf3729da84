"""Points in time as the law meets them: a bare day, or an instant with its zone.

A bare day names no zone, so it stands for every instant at which some place on earth writes that day:
from 14 hours before to 12 hours after the UTC day. Comparing such a day with an instant is therefore
three-valued: surely before, surely after, or not to be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

EARLIEST_ZONE = timedelta(hours=14)  # UTC+14, Kiribati
LATEST_ZONE = timedelta(hours=12)  # UTC-12, Baker Island


class Order(StrEnum):
    """Where one moment lies against another."""

    BEFORE = "before"
    AFTER = "after"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or an instant. ``day`` is the calendar day that the writer wrote."""

    day: date
    instant: datetime | None = None

    @classmethod
    def at(cls, instant: datetime) -> Moment:
        """The moment of an aware datetime; its day is the one in its own zone."""
        if instant.utcoffset() is None:
            raise ValueError("an instant needs a UTC offset")
        return cls(day=instant.date(), instant=instant)

    @property
    def earliest(self) -> datetime:
        """The first instant that this moment may be."""
        if self.instant is not None:
            return self.instant
        return datetime.combine(self.day, time.min, UTC) - EARLIEST_ZONE

    @property
    def latest(self) -> datetime:
        """The first instant that this moment can no longer be (the instant itself if it is known)."""
        if self.instant is not None:
            return self.instant
        return datetime.combine(self.day, time.min, UTC) + timedelta(days=1) + LATEST_ZONE

    def compare(self, instant: datetime) -> Order:
        """Where this moment lies against ``instant``; equal counts as after."""
        if self.earliest >= instant:
            return Order.AFTER
        if self.latest <= instant:
            return Order.BEFORE
        return Order.UNDECIDED

    def isoformat(self) -> str:
        """The day, or the instant, as RFC 3339 writes it."""
        return self.day.isoformat() if self.instant is None else self.instant.isoformat()


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birth date with the precision that is known: year, year and month, or day."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``1985``, ``1985-03`` or ``1985-03-02``; ValueError where it is none of them."""
        parts = text.split("-")
        if len(parts) > 3 or len(parts[0]) != 4 or any(len(p) != 2 for p in parts[1:]):
            raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
        if not all(p.isascii() and p.isdigit() for p in parts):
            raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
        numbers = [int(p) for p in parts]
        date(*[*numbers, 1, 1][:3])  # ValueError where no such day is
        return cls(*numbers)

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{p:02d}" for p in (self.month, self.day) if p is not None]
        return "-".join(parts)
