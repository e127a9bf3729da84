"""Texts, names, choices, countries and shares as a request writes them.

Every field is strict about its JSON type (no ``"yes"`` for true, no ``"50"`` for 50), takes ``null``
for "unknown" unless it is required, and never repeats the value sent in its message.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from marshmallow import ValidationError

from service.nationality.countries import Country, UnknownCountryError, parse_country
from service.web.schemas.strict import StrictField

NAME_LENGTH = 512
NAME_TOKENS = 40
MARKS_PER_BASE = 4
COUNTRY_LENGTH = 120

# As regular expressions that Python and ECMA-262 (so OpenAPI) read alike; half a surrogate pair cannot
# be written in JSON's UTF-8, so the published ones need not name it.
ONE_LINE = r"^[^\x00-\x1f\x7f\x85\u2028\u2029]*$"
SEVERAL_LINES = r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]*$"

_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_COMBINING = frozenset({"Mn", "Me"})

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class Text(StrictField[str]):
    """One line of text that is not blank and has no control characters."""

    def __init__(self, description: str, *, longest: int, lines: bool = False, **kwargs: Any) -> None:
        self.longest = longest
        self.lines = lines
        described = {
            "type": "string",
            "minLength": 1,
            "maxLength": longest,
            "pattern": SEVERAL_LINES if lines else ONE_LINE,
            "description": description,
        }
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Write a text.")
        if len(value) > self.longest:
            raise ValidationError(f"At most {self.longest} characters are taken.")
        if (_CONTROL_BUT_LINES if self.lines else _CONTROL).search(value):
            raise ValidationError("Control characters are not taken.")
        if not value or value.isspace():
            raise ValidationError("A blank text says nothing; leave the field out where it is unknown.")
        return value


class Name(Text):
    """A name in any script, within the limits that keep a comparison honest and quick."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__(description, longest=NAME_LENGTH, **kwargs)

    def read(self, value: Any) -> str:
        name = super().read(value)
        check_name(name)
        return name


def check_name(name: str) -> None:
    """Raise ValidationError where a name has too many words or piles up combining marks."""
    if len(name.split()) > NAME_TOKENS:
        raise ValidationError(f"At most {NAME_TOKENS} words are taken in a name.")
    if name.isascii():
        return
    pile = 0
    for character in name:
        pile = pile + 1 if unicodedata.category(character) in _COMBINING else 0
        if pile > MARKS_PER_BASE:
            raise ValidationError(f"At most {MARKS_PER_BASE} combining marks are taken on one letter.")


class Flag(StrictField[bool]):
    """true or false; null is unknown."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        described = {"type": "boolean", "description": description}
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise ValidationError("Write true, false or null.")


class Choice(StrictField[ChoiceT]):
    """One member of an enumeration, by its value."""

    def __init__(self, choices: type[ChoiceT], description: str = "", **kwargs: Any) -> None:
        self._members = {member.value: member for member in choices}
        self._fault = f"Must be one of: {', '.join(self._members)}."
        values = [*self._members] if kwargs.get("required") else [*self._members, None]
        super().__init__({"type": "string", "enum": values, "description": description}, **kwargs)

    def read(self, value: Any) -> ChoiceT:
        member = self._members.get(value) if isinstance(value, str) else None
        if member is None:
            raise ValidationError(self._fault)
        return member


class Place(StrictField[Country]):
    """A country by code or by a name of the exact table; an ambiguous name stays ambiguous."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        described = {
            "type": "string",
            "format": "country",
            "minLength": 1,
            "maxLength": COUNTRY_LENGTH,
            "pattern": ONE_LINE,
            "description": f"{description} An ISO 3166-1 or ICAO 9303 code, or an official name.",
            "examples": ["KOR", "KR", "410", "Republic of Korea"],
        }
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> Country:
        return read_country(value)


def read_country(value: object) -> Country:
    """The country that ``value`` states; ValidationError where the exact table has no such entry."""
    if not isinstance(value, str):
        raise ValidationError("Write a country as a text: a code or a name.")
    if len(value) > COUNTRY_LENGTH:
        raise ValidationError(f"At most {COUNTRY_LENGTH} characters are taken.")
    try:
        return parse_country(value)
    except UnknownCountryError as fault:
        raise ValidationError(str(fault)) from None  # its message does not repeat the text


class Jurisdiction(StrictField[str]):
    """Whose law binds the employer: a country as alpha-2, or ``EU``."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        described = {
            "type": "string",
            "format": "jurisdiction",
            "minLength": 1,
            "maxLength": COUNTRY_LENGTH,
            "pattern": ONE_LINE,
            "description": description,
        }
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> str:
        if isinstance(value, str) and value.strip().upper() == "EU":
            return "EU"
        code = read_country(value).code
        if code == "EUE":  # how travel documents of the Union write it
            return "EU"
        if code is None or len(code) != 2:
            raise ValidationError('Name one country, or "EU". UN law always applies and is not named here.')
        return code


class Share(StrictField[Decimal]):
    """A share in percent, 0 to 100, as a JSON number."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        described = {"type": "number", "minimum": 0, "maximum": 100, "description": description}
        super().__init__(described, **kwargs)

    def read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValidationError("Write a number from 0 to 100.")
        if not 0 <= value <= 100:  # also false for NaN
            raise ValidationError("A share lies between 0 and 100 percent.")
        # str() of a float is the shortest decimal that reads back as it: 24.9 stays 24.9.
        return abs(Decimal(str(value)))
