"""Birth dates in texts that people wrote: Australia's and Canada's lists, and any that mix shapes in one cell.

Found are days (``1967-01-31``, ``31/01/1967`` with 00 or letters where unknown, ``31 Jan. 1967``,
``January 31, 1967``, ``31-Jan-67``), months (``Jan. 1967``, ``1955-11``, ``Sep-82``), years, decades (``1970s``)
and ranges of them; what introduces one as approximate makes it so. What is no date is passed over: no date is
no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.lists.listing import BirthDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR = r"(?:18|19|20)\d\d"
_DATE = re.compile(
    rf"""(?<!\d)(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)
    | (?P<slashed>(?:\d{{1,2}}[/.])?\d{{1,2}}[/.]{_YEAR})(?!\d)
    | (?P<day>\d{{1,2}})[.\s-]*(?P<month>{_MONTH})[\s,-]*(?P<year>{_YEAR}|\d\d(?!\d))
    | (?P<us_month>{_MONTH})\s*(?P<us_day>\d{{1,2}}),\s*(?P<us_year>{_YEAR})(?!\d)
    | (?P<of_month>{_MONTH})[\s,-]*(?P<of_year>{_YEAR}|\d\d(?!\d))
    | (?P<iso_month>{_YEAR}-(?:0[1-9]|1[0-2]))(?![\d-])
    | (?P<decade>(?:18|19|20)\d0)s
    | (?P<only_year>{_YEAR})(?!\d)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SERIAL = re.compile(r"\d{5}")
_CIRCA = re.compile(r"(?:approx\w*\.?|circa|around|about|\bc\.|\bca\.)[\s(]*$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|—|/|to|until)\s*", re.IGNORECASE)
_BETWEEN = re.compile(rf"between\s+(?P<month>{_MONTH}\s+and\s+)?$", re.IGNORECASE)
_OTHER_CALENDAR = re.compile(r"\s*\(?\s*hijri", re.IGNORECASE)
_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the serial numbers into which Excel turns dates
_LONGEST_WORDING = 80  # characters before a date that may say that it is approximate or begins a range
_UNSURE_YEARS = 30  # two digits below this may be of either century, and nobody listed is a child


@dataclass(frozen=True, slots=True)
class _Found:
    year: int
    month: int | None = None
    day: int | None = None
    until_year: int | None = None


def birth_dates(text: str) -> tuple[BirthDate, ...]:
    """Every birth date that ``text`` states, in its order, each once."""
    return tuple(dict.fromkeys(_birth_dates(" ".join(text.split()))))


def _birth_dates(text: str) -> Iterator[BirthDate]:
    if _SERIAL.fullmatch(text):
        born = _EXCEL_EPOCH + timedelta(days=int(text))
        yield BirthDate(year=born.year, month=born.month, day=born.day)
        return
    matches = [(match, found) for match in _DATE.finditer(text) if (found := _found(match))]
    position = 0
    while position < len(matches):
        match, first = matches[position]
        last, before = first, text[max(0, match.start() - _LONGEST_WORDING) : match.start()]
        following = matches[position + 1] if position + 1 < len(matches) else None
        between = _BETWEEN.search(before)
        if following and _joins(text[match.end() : following[0].start()], between=bool(between)):
            last, match = following[1], following[0]
            position += 1
        position += 1
        if not _OTHER_CALENDAR.match(text, match.end()):
            within_a_year = bool(between and between["month"])
            yield _birth_date(first, last, circa=bool(_CIRCA.search(before)), within_a_year=within_a_year)


def _joins(words: str, *, between: bool) -> bool:
    """Whether the words between two dates make them the ends of a range."""
    return bool(_RANGE.fullmatch(words)) or (between and words.strip().lower() == "and")


def _birth_date(first: _Found, last: _Found, *, circa: bool, within_a_year: bool) -> BirthDate:
    until = last.until_year or last.year
    if first is last and first.until_year is None:
        if within_a_year:  # "Between Aug. and Sep. 1977"
            return BirthDate(year=first.year, circa=circa)
        return BirthDate(year=first.year, month=first.month, day=first.day, circa=circa)
    if until == first.year:
        return BirthDate(year=first.year, month=first.month if first.month == last.month else None, circa=circa)
    decade = first.until_year is not None
    return BirthDate(year=min(first.year, until), until_year=max(first.year, until), circa=circa or decade)


def _found(match: re.Match[str]) -> _Found | None:
    """The date of a match; None where there is no such day or the century is open."""
    parts = match.groupdict()
    if parts["only_year"]:
        return _Found(int(parts["only_year"]))
    if parts["decade"]:
        return _Found(int(parts["decade"]), until_year=int(parts["decade"]) + 9)
    if parts["iso_month"]:
        return _Found(int(parts["iso_month"][:4]), int(parts["iso_month"][5:]))
    if parts["iso"]:
        return _day(*(int(part) for part in parts["iso"].split("-")))
    if parts["slashed"]:
        year, month, *day = (int(part) for part in reversed(re.split(r"[/.]", parts["slashed"])))
        return _day(year, month, *day)
    stated_year = _year(parts["year"] or parts["us_year"] or parts["of_year"])
    stated_month = _MONTHS.index((parts["month"] or parts["us_month"] or parts["of_month"])[:3].lower()) + 1
    return None if stated_year is None else _day(stated_year, stated_month, int(parts["day"] or parts["us_day"] or 0))


def _year(text: str) -> int | None:
    if len(text) == 4:
        return int(text)
    return 1900 + int(text) if int(text) >= _UNSURE_YEARS else None


def _day(year: int, month: int, day: int = 0) -> _Found | None:
    """The date of three numbers, of which day and month may be 0 for unknown."""
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return _Found(year, month or None, (day or None) if month else None)


def first_day(text: str) -> date | None:
    """The first whole day that ``text`` states; None where it states none."""
    for match in _DATE.finditer(" ".join(text.split())):
        found = _found(match)
        if found and found.month and found.day:
            return date(found.year, found.month, found.day)
    return None


def of_cell(value: object) -> tuple[BirthDate, ...]:
    """The birth dates of a cell of a workbook: a date, a year as a number, or a text."""
    if isinstance(value, datetime):
        return (BirthDate(year=value.year, month=value.month, day=value.day),)
    if isinstance(value, bool) or value is None:
        return ()
    return birth_dates(str(value))
