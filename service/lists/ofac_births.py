"""Birth dates as OFAC writes them, in words or as a period between two days.

Publisher: OFAC, U.S. Department of the Treasury. Words: ``07 Jan 1930``, ``Sep 1960``, ``1945``, ``circa
1947``, ``1953 to 1957``, ``01 Jan 1953 to 31 Dec 1953`` (the year and no more).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from service.lists.listing import BirthDate

_BORN = re.compile(r"(?P<circa>circa )?(?P<first>[\w ]+?)(?:(?: to |-)(?P<last>[\w ]+))?", re.IGNORECASE)
_FORMS = (("%d %b %Y", 3), ("%b %Y", 2), ("%Y", 1))
_Parts = tuple[int, int | None, int | None]


def birth_date(text: str) -> BirthDate | None:
    """The date in words; a range within one year is that year. None for what cannot be read."""
    match = _BORN.fullmatch(text.strip())
    first = _parts(match["first"]) if match else None
    if not match or not first:
        return None
    last = _parts(match["last"]) if match["last"] else first
    return _between(first, last, circa=bool(match["circa"])) if last else None


def birth_period(first: date, last: date, *, circa: bool = False) -> BirthDate:
    """The date as precise as the days from ``first`` to ``last`` are: a day, a month, a year or years."""
    if first == last:
        return BirthDate(year=first.year, month=first.month, day=first.day, circa=circa)
    whole_months = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    one_month = whole_months and (first.year, first.month) == (last.year, last.month)
    month = first.month if one_month else None
    return _between((first.year, month, None), (last.year, month, None), circa=circa)


def _between(first: _Parts, last: _Parts, *, circa: bool) -> BirthDate:
    if last == first:
        return BirthDate(year=first[0], month=first[1], day=first[2], circa=circa)
    if last[0] == first[0]:
        month = first[1] if first[1] == last[1] else None
        return BirthDate(year=first[0], month=month, circa=circa)
    return BirthDate(year=first[0], until_year=last[0], circa=circa)


def _parts(text: str) -> _Parts | None:
    for form, parts in _FORMS:
        try:
            day = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - a calendar day, no zone
        except ValueError:
            continue
        return day.year, day.month if parts > 1 else None, day.day if parts > 2 else None
    return None
