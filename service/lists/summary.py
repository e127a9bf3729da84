"""What a list version holds, in the few figures that tell whether it may replace another."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from service.lists.compact import Groups
from service.lists.listing import Listing
from service.lists.numbers import is_number

_MODULUS = 1 << 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """``groups`` holds the kind and the programmes of each entry, ``highest_key`` the highest key that is a number.

    ``canaries``: of the names looked out for, those that some entry bears, with the key of that entry.
    ``digest`` (hex) is over every entry as published and does not depend on their order: equal digests
    mean the same list, whatever day or shape of file it came in.
    """

    entries: int
    dprk: int
    groups: Groups = field(default_factory=Groups)
    highest_key: int = 0
    canaries: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    published_on: date | None = None


def summarise(
    listings: Iterable[Listing],
    *,
    published_on: date | None = None,
    names: Iterable[str] = (),
    digest: bool = True,
) -> Summary:
    """Go through ``listings`` once. ``names`` are names to look out for (see ``Summary.canaries``).

    A party that got another primary name and kept the old one as an alias counts as found.

    Without ``digest`` it stays empty, which takes half the time.
    """
    wanted = {name.casefold(): name for name in names}
    found: dict[str, str] = {}
    as_primary: set[str] = set()
    groups = Groups()
    counts: Counter[str] = Counter()
    entries = dprk = total = highest = 0
    for listing in listings:
        entries += 1
        dprk += listing.dprk
        programmes = tuple(f"programme:{tag}" for tag in sorted(set(listing.programmes)))
        group = (listing.kind.value, *programmes)
        groups.add(listing.key, group)
        if is_number(listing.key):
            highest = max(highest, int(listing.key))
        counts.update(group)
        if wanted:
            _look_out(listing, wanted, found, as_primary)
        if digest:
            total = (total + int.from_bytes(fingerprint(listing), "big")) % _MODULUS
    return Summary(
        entries=entries,
        dprk=dprk,
        groups=groups,
        highest_key=highest,
        canaries=found,
        digest=f"{total:064x}" if digest else "",
        counts=dict(counts),
        published_on=published_on,
    )


def _look_out(listing: Listing, wanted: dict[str, str], found: dict[str, str], as_primary: set[str]) -> None:
    """Note the wanted names that ``listing`` bears; whose primary name it is comes before whose alias."""
    for place, name in enumerate(listing.names):
        text = wanted.get(name.text.casefold())
        if text is not None and text not in as_primary:
            if place == 0:
                as_primary.add(text)
                found[text] = listing.key
            else:
                found.setdefault(text, listing.key)


def fingerprint(listing: Listing) -> bytes:
    """SHA-256 over everything that ``listing`` holds."""
    content = (
        *(listing.list_id, listing.key, listing.reference, listing.kind),
        [(name.text, name.quality) for name in listing.names],
        [(born.year, born.month, born.day, born.until_year, born.circa) for born in listing.birth_dates],
        *(listing.countries, listing.address_countries, listing.genders),
        [(number.kind, number.value, number.country) for number in listing.identifiers],
        [(address.text, address.country) for address in listing.addresses],
        *(listing.programmes, listing.listed_on, listing.listed_on_basis),
        [(relation.kind, relation.name, relation.target) for relation in listing.relations],
        *(listing.dprk, listing.record),
    )
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
