"""A listing as compact JSON and back. The same listing always gives the same bytes.

Empty fields are left out, keys are sorted, and small records are arrays in the order of their fields.
The publisher's own record is serialised apart, because matching never needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from service.errors import MalformedListError
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

ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # PostgreSQL keeps no NUL in text


def body_to_json(listing: Listing) -> bytes:
    """Everything but ``list_id``, ``key`` and ``record``; MalformedListError for text that is not Unicode."""
    fields: dict[str, Any] = {
        "reference": listing.reference,
        "kind": listing.kind.value,
        "names": [(name.text, name.quality.value) for name in listing.names],
        "birth_dates": [(d.year, d.month, d.day, d.until_year, d.circa) for d in listing.birth_dates],
        "countries": listing.countries,
        "address_countries": listing.address_countries,
        "genders": listing.genders,
        "identifiers": [(i.kind, i.value, i.country) for i in listing.identifiers],
        "addresses": [(a.text, a.country) for a in listing.addresses],
        "programmes": listing.programmes,
        "listed_on": listing.listed_on and listing.listed_on.isoformat(),
        "listed_on_basis": listing.listed_on_basis,
        "relations": [(r.kind, r.name, r.target) for r in listing.relations],
        "dprk": listing.dprk,
    }
    return _dump({name: value for name, value in fields.items() if value}, listing.key)


def record_to_json(listing: Listing) -> bytes:
    """The publisher's record; MalformedListError where it cannot be written as JSON."""
    return _dump(dict(listing.record), listing.key)


def listing_from_json(list_id: str, key: str, body: Mapping[str, Any]) -> Listing:
    """The listing that :func:`body_to_json` wrote, with an empty ``record``."""
    listed_on = body.get("listed_on")
    return Listing(
        list_id=list_id,
        key=key,
        reference=body.get("reference", ""),
        kind=ListingKind(body["kind"]),
        names=tuple(ListedName(text=text, quality=AliasQuality(quality)) for text, quality in body.get("names", ())),
        birth_dates=tuple(
            BirthDate(year=year, month=month, day=day, until_year=until, circa=circa)
            for year, month, day, until, circa in body.get("birth_dates", ())
        ),
        countries=tuple(body.get("countries", ())),
        address_countries=tuple(body.get("address_countries", ())),
        genders=tuple(body.get("genders", ())),
        identifiers=tuple(
            ListedIdentifier(kind=kind, value=value, country=country)
            for kind, value, country in body.get("identifiers", ())
        ),
        addresses=tuple(Address(text=text, country=country) for text, country in body.get("addresses", ())),
        programmes=tuple(body.get("programmes", ())),
        listed_on=date.fromisoformat(listed_on) if listed_on else None,
        listed_on_basis=body.get("listed_on_basis"),
        relations=tuple(
            Relation(kind=kind, name=name, target=target) for kind, name, target in body.get("relations", ())
        ),
        dprk=body.get("dprk", False),
    )


def _dump(value: dict[str, Any], key: str) -> bytes:
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as unfit:  # orjson says so for a lone surrogate, too
        raise MalformedListError("holds text or values that JSON cannot carry", where=key) from unfit
    if ESCAPED_NUL.search(text):
        raise MalformedListError("holds a NUL character", where=key)
    return text
