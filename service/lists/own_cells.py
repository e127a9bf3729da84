"""The cells of a row of the operator's own list: each is read by its column's rule, each fault is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from service.lists.listing import BirthDate, ListedIdentifier, ListingKind
from service.nationality.countries import country_code

IDENTIFIER_KINDS = (
    *("passport", "national_id", "tax_id", "registration_number", "imo", "bic", "lei", "inn", "ogrn", "uscc"),
    *("crypto_address", "other"),
)
_BORN = re.compile(r"(?P<circa>c )?(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?|/(?P<until>\d{4}))?")
_EARLIEST, _LATEST = 1850, 2100  # years of birth outside are slips of the pen

Value = TypeVar("Value")


@dataclass(slots=True)
class Cells:
    """One row by the names of its columns. ``faults`` gathers what cannot be read, each with line and column."""

    line: int
    columns: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def text(self, column: str) -> str:
        """The cell without outer spaces; empty where the file has no such column."""
        return " ".join(self.columns.get(column, "").split())

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell, which ``;`` parts, each once."""
        values = (value.strip() for value in self.text(column).split(";"))
        return tuple(dict.fromkeys(value for value in values if value))

    def needed(self, column: str) -> str:
        """The cell, which must hold something."""
        text = self.text(column)
        if not text:
            self.fault(column, "is empty")
        return text

    def one(self, column: str, read: Callable[[str], Value]) -> Value | None:
        """The cell's one value as ``read`` reads it; None where it is empty or cannot be read."""
        return next(iter(self._read((self.text(column),), column, read)), None) if self.text(column) else None

    def each(self, column: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """The cell's values as ``read`` reads them, each once."""
        return tuple(dict.fromkeys(self._read(self.several(column), column, read)))

    def _read(self, texts: tuple[str, ...], column: str, read: Callable[[str], Value]) -> list[Value]:
        found: list[Value] = []
        for text in texts:
            try:
                found.append(read(text))
            except ValueError as error:
                self.fault(column, f"{text[:60]!r} {error}")
        return found

    def fault(self, column: str, detail: str) -> None:
        """Note that the cell at ``column`` cannot be read."""
        self.faults.append(f"line {self.line}, column {column}: {detail}")


def kind_of(text: str) -> ListingKind:
    """``person``, ``organisation``, ``vessel`` or ``aircraft``."""
    if text.lower() not in set(ListingKind):
        raise ValueError(f"is none of {', '.join(ListingKind)}")
    return ListingKind(text.lower())


def birth_date(text: str) -> BirthDate:
    """``1967-01-31``, ``1967-01``, ``1967``, ``1960/1964`` for a range; a ``c `` before it for about."""
    match = _BORN.fullmatch(text)
    if not match:
        raise ValueError("is no birth date; write 1967-01-31, 1967-01, 1967, c 1967 or 1960/1964")
    year, until = int(match["year"]), int(match["until"]) if match["until"] else None
    month, born = int(match["month"] or 0), int(match["day"] or 0)
    try:
        date(year, month or 1, born or 1)
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error
    if (match["month"] and not month) or (match["day"] and not born):
        raise ValueError("has a month or a day of 00; leave out what is not known")
    if not _EARLIEST <= year <= (until or _LATEST) <= _LATEST:
        raise ValueError("is no year in which a listed person was born, or a range that ends before it begins")
    return BirthDate(year=year, month=month or None, day=born or None, until_year=until, circa=bool(match["circa"]))


def country(text: str) -> str:
    """The alpha-2 code of a country written as a code or a name."""
    code = country_code(text)
    if code is None:
        raise ValueError("names no one country; write its code (ISO 3166-1) or its full name")
    return code


def identifier(text: str) -> ListedIdentifier:
    """``imo:9187629``, ``passport:PS 472310``; the kinds are those of the documentation."""
    kind, mark, value = text.partition(":")
    if not mark or kind.strip().lower() not in IDENTIFIER_KINDS or not value.strip():
        raise ValueError(f"is no identifier; write kind:value, the kind one of {', '.join(IDENTIFIER_KINDS)}")
    return ListedIdentifier(kind=kind.strip().lower(), value=value.strip())


def day(text: str) -> date:
    """A day as ``2026-11-23``."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("is no day; write 2026-11-23")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("is no day of the calendar") from error


def yes_or_no(text: str) -> bool:
    """``yes`` or ``no``."""
    if text.lower() not in {"yes", "no"}:
        raise ValueError("is neither yes nor no")
    return text.lower() == "yes"
