"""The last look at every entry that a reader hands on, the same for all publishers.

Readers take what a publisher writes. What cannot be meant in any list is settled here: an entry that nobody
could be found by refuses the file, while a birth in the year 1 or an empty alias is left out, for it is no
evidence. What is left out stays in the entry's ``record``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from service.errors import MalformedListError
from service.lists.list_file import ListFile
from service.lists.listing import BirthDate, ListedName, Listing

FIRST_BIRTH, LAST_BIRTH = 1700, 2100  # years: vessels and old firms are no persons, but their dates share the field
FIRST_DAY, LAST_DAY = date(1945, 10, 24), date(2100, 12, 31)  # no list in use is older than the United Nations
_GENDERS = frozenset({"male", "female"})


def looked_at(read: ListFile, name: str) -> ListFile:
    """The same list, each of its entries looked at while iterating.

    ``name``: the file, for messages. MalformedListError for a day of publication that cannot be; while iterating,
    for an entry without a key or without a letter or digit in its primary name.
    """
    day = read.published_on
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise MalformedListError(f"published on {day}, a day that cannot be", where=name)
    return replace(read, entries=lambda: _settled(read.entries()))


def _settled(entries: Iterable[Listing]) -> Iterator[Listing]:
    for listing in entries:
        if not listing.key.strip():
            raise MalformedListError("the entry has no key", where=listing.reference or listing.name)
        if not listing.names or not _is_a_name(listing.names[0]):
            raise MalformedListError("the entry's name holds no letter and no digit", where=listing.key)
        yield listing if _is_clean(listing) else _without_what_cannot_be(listing)


def _is_clean(listing: Listing) -> bool:
    """Whether nothing in it has to go: the case of nearly every entry, told without building anything."""
    return (
        all(map(_is_a_name, listing.names))
        and all(map(_may_be_born, listing.birth_dates))
        and _GENDERS.issuperset(listing.genders)
        and all(each.value.strip() for each in listing.identifiers)
        and all(each.text.strip() for each in listing.addresses)
        and all(map(str.strip, listing.programmes))
        and all(each.name.strip() for each in listing.relations)
        and (listing.listed_on is None or FIRST_DAY <= listing.listed_on <= LAST_DAY)
    )


def _without_what_cannot_be(listing: Listing) -> Listing:
    day = listing.listed_on if listing.listed_on and FIRST_DAY <= listing.listed_on <= LAST_DAY else None
    return replace(
        listing,
        names=tuple(name for name in listing.names if _is_a_name(name)),
        birth_dates=tuple(born for each in listing.birth_dates if _may_be_born(born := _on_a_day(each))),
        genders=tuple(gender for gender in listing.genders if gender in _GENDERS),
        identifiers=tuple(each for each in listing.identifiers if each.value.strip()),
        addresses=tuple(each for each in listing.addresses if each.text.strip()),
        programmes=tuple(programme for programme in listing.programmes if programme.strip()),
        relations=tuple(each for each in listing.relations if each.name.strip()),
        listed_on=day,  # an unknown day makes it count from when we first saw it, never hides it
        listed_on_basis=listing.listed_on_basis if day else None,
    )


def _is_a_name(name: ListedName) -> bool:
    text = name.text
    return text[:1].isalnum() or any(map(str.isalnum, text))


def _on_a_day(born: BirthDate) -> BirthDate:
    """The same with what is known of it, where the day is none of its month or the month none of the year."""
    if born.month is not None and not 1 <= born.month <= 12:
        return replace(born, month=None, day=None)
    return born if _is_a_day(born) else replace(born, day=None)


def _is_a_day(born: BirthDate) -> bool:
    return born.day is None or (born.month is not None and 1 <= born.day <= monthrange(born.year, born.month)[1])


def _may_be_born(born: BirthDate) -> bool:
    in_range = FIRST_BIRTH <= born.year <= (born.until_year or LAST_BIRTH) <= LAST_BIRTH
    return in_range and (born.month is None or 1 <= born.month <= 12) and _is_a_day(born)
