"""Names of OFAC parties from their typed parts, as OFAC itself formats them: ``LAST, First Middle``.

Publisher: OFAC, U.S. Department of the Treasury. Held against the 1,624 formatted names of the Enhanced
XML of January 2025 (non-SDN lists), all of which come out the same.
"""

from __future__ import annotations

from collections.abc import Iterable

_FAMILY = frozenset({"Last Name", "Maiden Name", "Matronymic"})
_GIVEN = frozenset({"First Name", "Middle Name", "Patronymic"})
# Scripts that set no space, let alone a comma, between family and given name.
_UNSPACED = ("Chinese", "Japanese", "Korean")
_AS_WRITTEN = frozenset({"Nickname", ""})


def full_name(parts: Iterable[tuple[str, str]], *, script: str = "Latin") -> str:
    """The name from (type, value) in the order of the file; a type of its own is part of the name."""
    family: list[str] = []
    given: list[str] = []
    whole: list[str] = []
    for kind, value in parts:
        if kind in _FAMILY:
            family.append(value.upper())
        elif kind in _GIVEN:
            given.append(value)
        else:
            whole.append(value if kind in _AS_WRITTEN else value.upper())
    return person_name(" ".join([*family, *whole]), " ".join(given), script=script)


def person_name(family: str, given: str, *, script: str) -> str:
    """``LAST, First``, and in Chinese, Japanese and Korean letters the two without a break."""
    between = "" if script.startswith(_UNSPACED) else ", "
    return between.join(part for part in (family, given) if part)
