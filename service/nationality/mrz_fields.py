"""Single fields of a machine-readable zone, each with its check digit. Source: ICAO Doc 9303 part 3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.nationality.mrz_lines import ALPHABET, FILLER, Layout, MrzError, Place

WEIGHTS = (7, 3, 1)
FIRST_YEAR_OF_1900S = 70  # documents that follow Doc 9303 expire between about 1985 and 2069
CENTURY = 100


@dataclass(frozen=True, slots=True)
class MrzDate:
    """A date of the zone with its century; month and day are None where the document leaves them open."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class ShortDate:
    """A date as the zone writes it, with a year of two digits; any part may be open."""

    year: int | None
    month: int | None
    day: int | None

    def as_expiry(self) -> MrzDate | None:
        """The date with its century, by the years in which travel documents expire."""
        if self.year is None:
            return None
        return MrzDate(self.year + (1900 if self.year >= FIRST_YEAR_OF_1900S else 2000), self.month, self.day)

    def as_birth(self, expiry: MrzDate | None) -> MrzDate | None:
        """The date in the latest century that has the holder born before the document expires."""
        if self.year is None or expiry is None:
            return None
        year = expiry.year - expiry.year % CENTURY + self.year
        born = (year, self.month or 1, self.day or 1)
        if born >= (expiry.year, expiry.month or 12, expiry.day or 31):
            year -= CENTURY
        return MrzDate(year, self.month, self.day)


def check_digit(characters: str) -> str:
    """The check digit of a field: values times 7, 3, 1 in turn, modulo 10; a filler counts 0."""
    values = (0 if char == FILLER else ALPHABET.index(char) for char in characters)
    return str(sum(WEIGHTS[i % len(WEIGHTS)] * value for i, value in enumerate(values)) % 10)


@dataclass(frozen=True, slots=True)
class Zone:
    """The lines of a zone at their full length, and where things stand in them."""

    layout: Layout
    lines: list[str]

    def field(self, place: Place) -> str:
        line, first, end = place
        return self.lines[line][first:end]

    def number(self) -> tuple[str, bool]:
        """The document number and whether its digit holds; a long one goes on in the optional data.

        Doc 9303 parts 5 and 6: a filler in the place of the check digit, then the rest of the number and
        its check digit at the head of the optional data, closed by a filler.
        """
        place = self.layout.number
        main = self.field(place)
        if self.layout.overflow and self._after(place) == FILLER:
            rest = self.field(self.layout.overflow).split(FILLER, 1)[0]
            if len(rest) > 1:
                return main + rest[:-1], check_digit(main + rest[:-1]) == rest[-1]
        return main.rstrip(FILLER).replace(FILLER, " "), self._holds(place)

    def date(self, place: Place) -> tuple[ShortDate, bool]:
        """The date and whether its digit holds."""
        line, first, _ = place
        written = self.field(place)
        parts = [written[at : at + 2] for at in range(0, len(written), 2)]
        if not all(part.isdigit() or part == FILLER * 2 for part in parts):
            raise MrzError("a date is written YYMMDD", line=line + 1, position=first + 1)
        year, month, day = (int(part) if part.isdigit() else None for part in parts)
        try:  # in 2000, a leap year: the century is not settled yet
            date(2000, 1 if month is None else month, 1 if day is None else day)
        except ValueError as error:
            raise MrzError("there is no such date", line=line + 1, position=first + 1) from error
        return ShortDate(year, month, day), self._holds(place)

    def sex(self) -> str | None:
        """``F`` or ``M``; None where the document leaves it open."""
        line, first, _ = self.layout.sex
        written = self.field(self.layout.sex)
        if written not in ("F", "M", "X", FILLER):
            raise MrzError("F, M, X or < stands here", line=line + 1, position=first + 1)
        return written if written in ("F", "M") else None

    def names(self) -> tuple[str, str, bool]:
        """Surname and given names with spaces for fillers, and whether they fill the whole field."""
        written = self.field(self.layout.name)
        surname, _, given = written.partition(FILLER * 2)
        return (
            " ".join(surname.replace(FILLER, " ").split()),
            " ".join(given.replace(FILLER, " ").split()),
            not written.endswith(FILLER),
        )

    def optional_holds(self) -> bool | None:
        return self._holds(self.layout.optional) if self.layout.optional else None

    def composite_holds(self) -> bool | None:
        if not self.layout.composite:
            return None
        end = self.layout.length - 1
        covered = "".join(self.field(place) for place in self.layout.composite)
        if not self.lines[1][end].isdigit():
            raise MrzError("a check digit stands here", line=2, position=end + 1)
        return check_digit(covered) == self.lines[1][end]

    def _after(self, place: Place) -> str:
        return self.lines[place[0]][place[2]]

    def _holds(self, place: Place) -> bool:
        """Whether the digit after a field holds; an empty field may have a filler for its digit."""
        written, digit = self.field(place), self._after(place)
        if digit == FILLER and not written.strip(FILLER):
            return True
        if not digit.isdigit():
            raise MrzError("a check digit stands here", line=place[0] + 1, position=place[2] + 1)
        return check_digit(written) == digit
