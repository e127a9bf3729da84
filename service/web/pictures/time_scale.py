"""A time axis: which days to show, where each lies, and where to write the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_MARGIN = 0.05  # of the span, on each side
_SHORTEST = timedelta(days=240)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Days from ``first`` to ``last`` laid over ``left`` to ``right`` (picture units)."""

    first: date
    last: date
    left: float
    right: float

    @classmethod
    def over(cls, days: Iterable[date], left: float, right: float) -> TimeScale:
        """A scale that shows every one of ``days`` with some room on both sides."""
        shown = sorted(days)
        first, last = shown[0], shown[-1]
        short = max(timedelta(0), _SHORTEST - (last - first)) / 2
        first, last = first - short, last + short
        margin = (last - first) * _MARGIN
        return cls(first - margin, last + margin, left, right)

    def x(self, day: date) -> float:
        """Where a day lies; days outside are drawn at the edge."""
        share = (day - self.first) / (self.last - self.first)
        return round(self.left + min(max(share, 0.0), 1.0) * (self.right - self.left), 1)

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last

    def ticks(self) -> list[tuple[float, str, bool]]:
        """Position, label and whether it is a year: quarters where there is room, else years or every few years."""
        years = (self.last - self.first).days / 365.25
        months = (1, 4, 7, 10) if years <= 2.5 else (1, 7) if years <= 4 else (1,)
        every = 1 if years <= 14 else 5 if years <= 60 else 20
        found = []
        for year in range(self.first.year, self.last.year + 1):
            for month in months:
                day = date(year, month, 1)
                if self.shows(day) and (year % every == 0):
                    found.append((self.x(day), str(year) if month == 1 else f"{day:%Y-%m}", month == 1))
        return found
