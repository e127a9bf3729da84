"""Calendar days and instants as a request writes them: RFC 3339, read strictly.

The standard library's ``fromisoformat`` also takes week dates, basic format and missing offsets; a
legal date must not be read by guesswork, so these fields take one notation each.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from marshmallow import ValidationError

from service.screening.moment import Moment, PartialDate
from service.web.schemas.strict import StrictField

EARLIEST_YEAR = 1900
LATEST_YEAR = 2200

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_PARTIAL_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")

_YEARS = f"years {EARLIEST_YEAR} to {LATEST_YEAR}"


def read_day(value: object) -> date:
    """The calendar day that ``value`` writes as YYYY-MM-DD; ValidationError if it is no such day."""
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValidationError("Write a calendar day as YYYY-MM-DD.")
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    _check_year(year)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError("There is no such calendar day.") from None


def read_instant(value: object) -> datetime:
    """The instant that ``value`` writes in RFC 3339, in its own zone; ValidationError otherwise.

    A leap second is the first instant of the next minute. Digits beyond the microsecond are cut.
    """
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValidationError("Write an instant as RFC 3339 with its offset, such as 2026-11-23T10:00:00Z.")
    day = read_day(match[1])
    hour, minute, second = int(match[2]), int(match[3]), int(match[4])
    micro = int((match[5] or "").ljust(6, "0")[:6])
    zone = _zone(match[6], match[7], match[8])
    leap = second == 60
    try:
        clock = time(hour, minute, 59 if leap else second, 0 if leap else micro, tzinfo=zone)
    except ValueError:
        raise ValidationError("There is no such time of day.") from None
    read = datetime.combine(day, clock)
    return read + timedelta(seconds=1) if leap else read


def _zone(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    if sign is None:
        return UTC
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        raise ValidationError("There is no such UTC offset.")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset) if offset else UTC


def _check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValidationError(f"Only the {_YEARS} can be judged.")


class Day(StrictField[date]):
    """A calendar day, YYYY-MM-DD."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        text = f"{description} YYYY-MM-DD, {_YEARS}."
        super().__init__({"type": "string", "format": "date", "description": text}, **kwargs)

    def read(self, value: Any) -> date:
        return read_day(value)


class Instant(StrictField[datetime]):
    """An instant with its UTC offset, RFC 3339."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        text = f"{description} RFC 3339, {_YEARS}."
        super().__init__({"type": "string", "format": "date-time", "description": text}, **kwargs)

    def read(self, value: Any) -> datetime:
        return read_instant(value)


class DayOrInstant(StrictField[Moment]):
    """A calendar day, or an instant with its UTC offset."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        forms = [
            {"type": "string", "format": "date"},
            {"type": "string", "format": "date-time"},
            {"type": "null"},
        ]
        super().__init__({"anyOf": forms, "description": f"{description} {_YEARS.capitalize()}."}, **kwargs)

    def read(self, value: Any) -> Moment:
        if isinstance(value, str) and len(value) > len("YYYY-MM-DD"):
            return Moment.at(read_instant(value))
        return Moment(day=read_day(value))


class PartialDay(StrictField[PartialDate]):
    """A birth date with the precision that is known: YYYY, YYYY-MM or YYYY-MM-DD."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        described = {
            "type": "string",
            "pattern": r"^(19\d\d|2[01]\d\d|2200)(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
            "description": f"{description} YYYY, YYYY-MM or YYYY-MM-DD, {_YEARS}.",
            "examples": ["1985-03-02", "1985-03", "1985"],
        }
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> PartialDate:
        if not isinstance(value, str) or not _PARTIAL_DAY.fullmatch(value):
            raise ValidationError("Write a birth date as YYYY, YYYY-MM or YYYY-MM-DD.")
        _check_year(int(value[:4]))
        try:
            return PartialDate.parse(value)
        except ValueError:
            raise ValidationError("There is no such calendar day.") from None
