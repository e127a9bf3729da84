"""What changed between two states of one entry, field by field.

An entry is the same one as long as it keeps its key: a corrected primary name is a changed name, never a
removal and an addition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.lists.listing import Address, BirthDate, ListedIdentifier, ListedName, Listing, Relation


class ChangeKind(StrEnum):
    """What became of an entry from one version to a later one."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """``old`` and ``new`` are a text, a boolean, None, or a list of texts that only the one state holds."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryChange:
    """One entry in which two versions differ; ``name`` and ``reference`` are those of the later state."""

    key: str
    kind: ChangeKind
    name: str
    reference: str
    fields: tuple[FieldChange, ...] = ()


def entry_change(old: Listing | None, new: Listing | None) -> EntryChange:
    """How ``old`` became ``new``, with their records; at least one of them is given, both of one key.

    Where nothing differs but the publisher's own record, the fields of that record are named.
    """
    shown = new or old
    if shown is None:
        raise ValueError("an entry that neither version holds")
    fields = tuple(field_changes(old, new)) if old is not None and new is not None else ()
    kind = ChangeKind.ADDED if old is None else ChangeKind.REMOVED if new is None else ChangeKind.CHANGED
    return EntryChange(key=shown.key, kind=kind, name=shown.name, reference=shown.reference, fields=fields)


def field_changes(old: Listing, new: Listing) -> Iterator[FieldChange]:
    """Each field in which two states of an entry differ."""
    for name, read in _SINGLE.items():
        before, after = read(old), read(new)
        if before != after:
            yield FieldChange(name, before, after)
    for name, read_several in _SEVERAL.items():
        before, after = read_several(old), read_several(new)
        gone, come = [text for text in before if text not in after], [text for text in after if text not in before]
        if gone or come:
            yield FieldChange(name, gone, come)
        elif before != after:
            yield FieldChange(f"{name} (order)", before, after)
    yield from _record_changes(old.record, new.record)


def _record_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield FieldChange(f"record.{name}", old.get(name), new.get(name))


def _name(name: ListedName) -> str:
    return f"{name.text} ({name.quality.value.replace('_', ' ')})"


def _birth_date(born: BirthDate) -> str:
    day = "-".join(f"{part:02d}" for part in (born.year, born.month, born.day) if part is not None)
    until = f"/{born.until_year}" if born.until_year else ""
    return f"{'circa ' if born.circa else ''}{day}{until}"


def _identifier(number: ListedIdentifier) -> str:
    return f"{number.kind} {number.value}{f' ({number.country})' if number.country else ''}"


def _address(address: Address) -> str:
    return address.text if address.country is None else f"{address.text} ({address.country})"


def _relation(relation: Relation) -> str:
    return f"{relation.kind} {relation.name}{f' ({relation.target})' if relation.target else ''}"


_SINGLE: dict[str, Callable[[Listing], Any]] = {
    "name": lambda listing: listing.name,
    "reference": lambda listing: listing.reference,
    "kind": lambda listing: listing.kind.value,
    "listed_on": lambda listing: listing.listed_on.isoformat() if listing.listed_on else None,
    "listed_on_basis": lambda listing: listing.listed_on_basis,
    "dprk": lambda listing: listing.dprk,
}
_SEVERAL: dict[str, Callable[[Listing], list[str]]] = {
    "names": lambda listing: [_name(name) for name in listing.names[1:]],
    "birth_dates": lambda listing: [_birth_date(born) for born in listing.birth_dates],
    "countries": lambda listing: list(listing.countries),
    "address_countries": lambda listing: list(listing.address_countries),
    "genders": lambda listing: list(listing.genders),
    "identifiers": lambda listing: [_identifier(number) for number in listing.identifiers],
    "addresses": lambda listing: [_address(address) for address in listing.addresses],
    "programmes": lambda listing: list(listing.programmes),
    "relations": lambda listing: [_relation(relation) for relation in listing.relations],
}
