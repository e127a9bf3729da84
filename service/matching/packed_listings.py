"""Listings packed one behind the other; each is unpacked when it is asked for, which is when it was met."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, overload

import numpy as np

from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from service.matching.packed import Runs, ends_of


class PackedListings(Sequence[Listing]):
    """The listings as they were, but for their ``record``, which no matching looks at: it is left empty."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        written, ends = bytearray(), [0]
        for listing in listings:
            written += _pack(listing)
            ends.append(len(written))
        self._bytes = Runs(np.frombuffer(bytes(written), dtype=np.uint8), ends_of(np.diff(ends)))

    def __len__(self) -> int:
        return len(self._bytes)

    @overload
    def __getitem__(self, place: int) -> Listing: ...

    @overload
    def __getitem__(self, place: slice) -> list[Listing]: ...

    def __getitem__(self, place: int | slice) -> Listing | list[Listing]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        start, end = self._bytes.ends[place % len(self) :][:2]
        return _unpack(self._bytes.values[start:end].tobytes())


def _pack(listing: Listing) -> bytes:
    fields: tuple[Any, ...] = (
        listing.list_id,
        listing.key,
        listing.reference,
        listing.kind.value,
        tuple((name.text, name.quality.value) for name in listing.names),
        tuple((d.year, d.month, d.day, d.until_year, d.circa) for d in listing.birth_dates),
        listing.countries,
        listing.address_countries,
        listing.genders,
        tuple((each.kind, each.value, each.country) for each in listing.identifiers),
        tuple((address.text, address.country) for address in listing.addresses),
        listing.programmes,
        listing.listed_on and listing.listed_on.toordinal(),
        listing.listed_on_basis,
        tuple((relation.kind, relation.name, relation.target) for relation in listing.relations),
        listing.dprk,
    )
    return marshal.dumps(fields)


def _unpack(written: bytes) -> Listing:
    fields: tuple[Any, ...] = marshal.loads(written)  # noqa: S302 - packed by ourselves
    (
        list_id,
        key,
        reference,
        kind,
        names,
        births,
        countries,
        address_countries,
        genders,
        identifiers,
        addresses,
        programmes,
        listed_on,
        listed_on_basis,
        relations,
        dprk,
    ) = fields
    return Listing(
        list_id=list_id,
        key=key,
        reference=reference,
        kind=ListingKind(kind),
        names=tuple(ListedName(text=text, quality=AliasQuality(quality)) for text, quality in names),
        birth_dates=tuple(
            BirthDate(year=year, month=month, day=day, until_year=until, circa=circa)
            for year, month, day, until, circa in births
        ),
        countries=countries,
        address_countries=address_countries,
        genders=genders,
        identifiers=tuple(
            ListedIdentifier(kind=kind, value=value, country=country) for kind, value, country in identifiers
        ),
        addresses=tuple(Address(text=text, country=country) for text, country in addresses),
        programmes=programmes,
        listed_on=date.fromordinal(listed_on) if listed_on else None,
        listed_on_basis=listed_on_basis,
        relations=tuple(Relation(kind=kind, name=name, target=target) for kind, name, target in relations),
        dprk=dprk,
    )
