"""The tables at the head of OFAC's Advanced XML, by which every number in it is looked up.

Publisher: OFAC, U.S. Department of the Treasury, ``ReferenceValueSets``. The numbers are stable, but only
the file itself says what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.errors import MalformedListError
from service.lists.xml_records import clean, local_name


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """One row: its text and what else it states (``PartyTypeID``, ``ISO2``, ``ScriptCode`` …)."""

    text: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class References:
    """Name of a table (``Country``, ``ScriptValues`` without the ``Values``) to id to row."""

    tables: Mapping[str, Mapping[str, ReferenceValue]]

    def row(self, table: str, number: str | None, *, where: str) -> ReferenceValue:
        """The row; MalformedListError where the file uses a number that it does not explain."""
        found = self.tables.get(table, {}).get(number or "")
        if found is None:
            raise MalformedListError(f"{table} {number} is not among the reference values", where=where)
        return found

    def text(self, table: str, number: str | None, *, where: str) -> str:
        """What the number means; see ``row``."""
        return self.row(table, number, where=where).text


def references(element: Any) -> References:
    """The tables in ``ReferenceValueSets``."""
    tables: dict[str, dict[str, ReferenceValue]] = {}
    for values in element:
        for each in values:
            rows = tables.setdefault(local_name(each.tag), {})
            rows[each.get("ID", "")] = ReferenceValue(clean(each.text), dict(each.attrib))
    return References(tables)
