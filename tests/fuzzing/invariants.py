"""What must hold of a list that a reader handed back, whatever bytes it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from service.lists.list_file import ListFile
from service.lists.listing import BirthDate, Listing
from service.lists.own_cells import IDENTIFIER_KINDS
from service.store.listing_json import body_to_json, listing_from_json, record_to_json

RELATION_KINDS = frozenset({"owned_or_controlled_by", "owns_or_controls", "acting_for", "linked_to", "other"})
FIRST_BIRTH, LAST_BIRTH = 1700, 2100  # years; what lies outside is a slip of the pen and no evidence
FIRST_LISTING, LAST_LISTING = date(1945, 1, 1), date(2100, 12, 31)
_CODE = re.compile(r"[A-Z]{2}")
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
PLACE = re.compile(r"handed\.in|line \d|row \d")
WHOLE_FILE = re.compile(  # what can only be said of the file as a whole
    r"^(the file carries a DOCTYPE|the root element is |the sections? .* (is|are) missing|the set lacks |"
    r"not well-formed XML|\w+ is .*, not an )",
    re.DOTALL,
)


class BrokenPromiseError(AssertionError):
    """A parser gave back something that it must not; the message says what, without the input's own words."""


def demand(holds: bool, promise: str) -> None:
    """BrokenPromiseError with ``promise`` unless it holds."""
    if not holds:
        raise BrokenPromiseError(promise)


def check_list(read: ListFile) -> None:
    """What the head of a list must be."""
    demand(all(reason and count > 0 for reason, count in read.left_out), "left_out counts nothing or has no reason")
    demand(all(doubt.strip() for doubt in read.doubts), "a doubt without words")
    demand(read.declared_entries is None or read.declared_entries >= 0, "fewer than no entries are declared")
    day = read.published_on
    demand(day is None or FIRST_LISTING <= day <= LAST_LISTING, "published on a day that cannot be")


def check_listing(listing: Listing) -> None:
    """What each entry must be."""
    demand(bool(listing.key.strip()), "an entry without a key")
    demand(listing.key == listing.key.strip(), "a key with outer spaces")
    demand(bool(listing.reference.strip()), "an entry without a reference")
    demand(bool(listing.names), "an entry without a name")
    demand(all(any(map(str.isprintable, name.text.strip())) for name in listing.names), "an empty name")
    for born in listing.birth_dates:
        _check_birth(born)
    codes = (*listing.countries, *listing.address_countries)
    stated = (*(each.country for each in listing.identifiers), *(each.country for each in listing.addresses))
    demand(all(_CODE.fullmatch(code) for code in (*codes, *filter(None, stated))), "a country that is no alpha-2 code")
    demand(set(listing.genders) <= {"male", "female"}, "a gender that is neither male nor female")
    demand(all(each.kind in IDENTIFIER_KINDS for each in listing.identifiers), "an identifier of an unknown kind")
    demand(all(each.value.strip() for each in listing.identifiers), "an identifier without a value")
    demand(all(each.text.strip() for each in listing.addresses), "an empty address")
    demand(all(tag.strip() for tag in listing.programmes), "an empty programme")
    demand(all(each.kind in RELATION_KINDS for each in listing.relations), "a relation of an unknown kind")
    demand(all(each.name.strip() for each in listing.relations), "a relation to nobody")
    day = listing.listed_on
    demand(day is None or FIRST_LISTING <= day <= LAST_LISTING, "listed on a day that cannot be")
    _check_stored(listing)
    demand(not any(_UNSAFE.search(text) for text in _texts(listing)), "a surrogate or a control character")


def _check_birth(born: BirthDate) -> None:
    try:
        date(born.year, born.month or 1, born.day or 1)
    except ValueError:
        raise BrokenPromiseError("a birth date that is no day of the calendar") from None
    demand(born.month is not None or born.day is None, "a birth date with a day and no month")
    demand(FIRST_BIRTH <= born.year <= LAST_BIRTH, "a year of birth that cannot be")
    until = born.until_year
    demand(until is None or born.year <= until <= LAST_BIRTH, "a range of birth years that ends before it begins")


def _check_stored(listing: Listing) -> None:
    """What the store keeps of it must give the same entry back; what it refuses to keep is refused."""
    body = orjson.loads(body_to_json(listing))
    demand(listing_from_json(listing.list_id, listing.key, body) == listing, "the store gives another entry back")
    record_to_json(listing)


def _texts(listing: Listing) -> Iterator[str]:
    yield from (listing.key, listing.reference, *listing.programmes)
    yield from (name.text for name in listing.names)
    yield from (each.value for each in listing.identifiers)
    yield from (each.text for each in listing.addresses)
    yield from (each.name for each in listing.relations)
    yield from _leaves(listing.record)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)


def check_refusal(message: str, where: str | None) -> None:
    """A refusal must say where in the file it was met (the record or the line), in few words."""
    placed = (where or "").strip() or PLACE.search(message) or WHOLE_FILE.search(message)
    demand(bool(placed), f"a refusal without a place: {_shape(message)}")
    demand(len(message) < 4500, "a refusal of more than 4,500 characters")
    demand(not _UNSAFE.search(message), "a refusal with a surrogate or a control character")


def _shape(message: str) -> str:
    """The message up to what it quotes, so that the same fault is told from others by it."""
    return re.sub(r"\d+", "…", re.split(r"['\"]", message, maxsplit=1)[0])[:60]
