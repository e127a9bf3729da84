"""Birth dates of the UN Consolidated List: exact, by year, approximate, between years, or in a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from service.lists.listing import BirthDate

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(Z|[+-]\d{2}:\d{2})?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def birth_dates(element: Any) -> Iterator[BirthDate]:
    """The birth dates of an INDIVIDUAL; one that cannot be read stays in the record: no date is no evidence."""
    for born in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        note = _text(born, "NOTE")
        circa = _text(born, "TYPE_OF_DATE") == "APPROXIMATELY" or "approx" in note.lower()
        first, last = _text(born, "FROM_YEAR"), _text(born, "TO_YEAR")
        stated = f"{first or last} - {last or first}" if first or last else ""
        yield from _birth_date(stated or _text(born, "DATE") or _text(born, "YEAR") or note, circa)
    for alias in element.iterfind("INDIVIDUAL_ALIAS/DATE_OF_BIRTH"):
        yield from _birth_date(" ".join((alias.text or "").split()), circa=False)


def _birth_date(text: str, circa: bool) -> Iterator[BirthDate]:
    """``1969-11-07``, ``1969``, ``1958 - 1964``, ``Nov. 1973``, ``Between Aug. and Sep. 1977`` (its year)."""
    if match := DAY.match(text):
        try:
            day = date(*(int(part) for part in match.groups()[:3]))
        except ValueError:
            return
        yield BirthDate(year=day.year, month=day.month, day=day.day, circa=circa)
        return
    years = sorted({int(year) for year in re.findall(r"\b((?:19|20)\d{2})\b", text)})
    words = (word.lower() for word in re.findall(r"\b([A-Z][a-z]{2})[a-z]*\.?", text))
    months = [_MONTHS.index(word) + 1 for word in words if word in _MONTHS]
    if len(years) == 1:
        yield BirthDate(year=years[0], month=months[0] if len(months) == 1 else None, circa=circa)
    elif len(years) == 2:
        yield BirthDate(year=years[0], until_year=years[1], circa=circa)


def _text(element: Any, tag: str) -> str:
    return " ".join((element.findtext(tag) or "").split())
