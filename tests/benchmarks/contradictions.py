"""No listed person is cleared by what they say of themselves: ``python -m tests.benchmarks.contradictions``.

Every person on the UN's and OFAC's lists asks under each of their names, good aliases too, and gives a birth date,
a nationality and a gender that are not the listed ones. Ends with status 1 where a match is lost.
"""

from __future__ import annotations

import sys

from service.lists.listing import AliasQuality, Listing, ListingKind
from service.matching.batch import screen_many
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.screening.moment import PartialDate
from tests.benchmarks.real_lists import un_and_ofac

GOOD = (AliasQuality.PRIMARY, AliasQuality.STRONG)


def denials(listings: list[Listing]) -> list[tuple[Listing, Party]]:
    """Every good name of every person, with attributes that contradict the listing."""
    return [
        (
            listing,
            Party(
                path="worker",
                names=(name.text,),
                kinds=("person",),
                birth_date=PartialDate(2003, 1, 1),
                countries=("NZ",),
                gender="female" if "male" in listing.genders else "male",
            ),
        )
        for listing in listings
        if listing.kind is ListingKind.PERSON
        for name in listing.names
        if name.quality in GOOD
    ]


def main() -> int:
    """Print how many persons and names were asked for, and every one that was lost."""
    listings = un_and_ofac()
    asked = denials(listings)
    answers = screen_many(NameIndex.build(listings), [party for _, party in asked])
    lost = [
        (listing.reference, party.names[0])
        for (listing, party), matches in zip(asked, answers, strict=True)
        if not any(match.listing is listing for match in matches)
    ]
    persons = len({id(listing) for listing, _ in asked})
    print(f"{persons:,} persons, {len(asked):,} names, every attribute contradicted: {len(lost)} lost")
    for reference, name in lost:
        print(f"  {reference}  {name}")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
