"""A small starter list for demo mode: parties that matter to DPRK labour, written by hand from facts.

It is no copy of any publisher's file and is not kept up to date: it shows how screening works and never
serves a production decision. Keys and references are those of the publishers, so that a real version
takes over entry by entry. ``starter.tsv`` says for each day of listing where it was taken from.
"""

from __future__ import annotations

import csv
import hashlib
import re
from datetime import date
from functools import cache
from importlib.resources import files

from service.lists.listing import AliasQuality, BirthDate, ListedName, Listing, ListingKind
from service.records import ListVersion

_BORN = re.compile(r"(circa )?(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:/(\d{4}))?")


def list_ids() -> tuple[str, ...]:
    """The lists that the starter has entries of."""
    return tuple(dict.fromkeys(row["list_id"] for row in _rows()))


def listings(list_id: str) -> tuple[Listing, ...]:
    """The starter entries of ``list_id``; empty for a list that has none."""
    return tuple(_listing(row) for row in _rows() if row["list_id"] == list_id)


def version(list_id: str) -> ListVersion:
    """Version 0: what the starter stands for where no list is loaded."""
    entries = listings(list_id)
    counts: dict[str, int] = {}
    for listing in entries:
        for name in (listing.kind.value, *(f"programme:{tag}" for tag in listing.programmes)):
            counts[name] = counts.get(name, 0) + 1
    return ListVersion(
        list_id=list_id,
        version=0,
        sha256=hashlib.sha256(_text().encode()).hexdigest(),
        entries=len(entries),
        complete=False,
        counts=counts,
    )


@cache
def _text() -> str:
    return files("service.lists").joinpath("starter.tsv").read_text(encoding="utf-8")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _listing(row: dict[str, str]) -> Listing:
    return Listing(
        list_id=row["list_id"],
        key=row["key"],
        reference=row["reference"],
        kind=ListingKind(row["kind"]),
        names=(
            ListedName(text=row["name"], quality=AliasQuality.PRIMARY),
            *(
                ListedName(text=text, quality=quality)
                for quality in (AliasQuality.STRONG, AliasQuality.WEAK, AliasQuality.ORIGINAL_SCRIPT)
                for text in _several(row[quality.value])
            ),
        ),
        birth_dates=tuple(_birth_date(text) for text in _several(row["born"])),
        countries=_several(row["countries"]),
        address_countries=_several(row["address_countries"]),
        programmes=_several(row["programmes"]),
        listed_on=date.fromisoformat(row["listed_on"]),
        listed_on_basis=row["basis"],
        dprk=True,
    )


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _birth_date(text: str) -> BirthDate:
    match = _BORN.fullmatch(text)
    if not match:
        raise ValueError(f"starter.tsv: {text!r} is no birth date")
    circa, year, month, day, until = match.groups()
    return BirthDate(
        year=int(year),
        month=int(month) if month else None,
        day=int(day) if day else None,
        until_year=int(until) if until else None,
        circa=bool(circa),
    )
