"""Dates in words, for the sentences that people read."""

from __future__ import annotations

from datetime import date

MONTHS = ("January February March April May June July August September October November December").split()
COUNTED = "zero one two three four five six seven eight nine ten eleven twelve".split()


def day_in_words(day: date) -> str:
    """``2018-02-10`` as ``10 February 2018``, in any locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def distance_in_words(earlier: date, later: date) -> str:
    """How long after ``earlier`` the day ``later`` is, rounded to whole days, months or years.

    Months count as begun days do in speech: 11 September to 10 February is five months, one day short.
    """
    days = (later - earlier).days
    if days < 45:
        return _count(days, "day")
    months = round(days / 30.436875)
    if months < 24:
        return _count(months, "month")
    return _count(months // 12, "year")


def _count(number: int, unit: str) -> str:
    word = COUNTED[number] if number < len(COUNTED) else str(number)
    return f"{word} {unit}" if number == 1 else f"{word} {unit}s"
