"""Numbers and days as texts, read so that no text can do worse than be no number.

Python's own reading takes more than publishers write (``1_000``, ``²`` counts as a digit) and fails in more ways
than one: a number of 5,000 digits raises ValueError where it was counted as one, a year of 20 digits OverflowError.
"""

from __future__ import annotations

from datetime import date

MOST_DIGITS = 18  # what fits a column of the database, and more than any publisher's number has


def is_number(text: str) -> bool:
    """Whether ``text`` is ASCII digits alone, and no more of them than a number of a list can have."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def number_of(text: str) -> int:
    """The number that ``text`` states; ValueError where it is none."""
    if not is_number(text):
        raise ValueError("no number")
    return int(text)


def day_of(year: str, month: str, day: str) -> date:
    """The day of the calendar that three numbers state; ValueError where there is none."""
    numbers = number_of(year), number_of(month), number_of(day)
    if not 1 <= numbers[0] <= date.max.year:
        raise ValueError("no year of the calendar")
    return date(*numbers)
