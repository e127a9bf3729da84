"""How many altered names of listed parties are still caught: ``python -m tests.benchmarks.evasion``.

Thirty-two classes of alteration, each over 500 names drawn from the UN's and OFAC's lists (the reference folder
beside the checkout, or HIRESCREEN_SHARED). Caught means: the listing is among the matches, or the name is flagged
for a trick of writing, which asks for a person as well. Under it the alerts on people who are on no list, side by
side for each group of origins. Everything is drawn from one seed. Ends with status 1 where a class misses its target.

    python -m tests.benchmarks.evasion [names of each class] [class …]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.lists.listing import Listing, ListingKind
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.normalise import clean
from service.matching.screen import match_party
from tests.benchmarks.alterations import CLASSES, Alteration
from tests.benchmarks.origins import alerts_by_origin
from tests.benchmarks.real_lists import un_and_ofac

SEED = 54
NAMES = 500
SHOWN = 3  # misses of a class that misses its target


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What came of one class."""

    asked: int = 0
    found: int = 0
    flagged: int = 0  # not found, but flagged for a trick
    missed: list[tuple[str, str]] = field(default_factory=list)  # the listed name, and as it was written

    @property
    def caught(self) -> float:
        return (self.found + self.flagged) / self.asked if self.asked else 0.0


def drawn(alteration: Alteration, listings: list[Listing], names: int) -> Iterator[tuple[Listing, str, str]]:
    """(listing, its name, the name altered) for so many names to which the alteration applies, or for all."""
    source = random.Random(f"{SEED} {alteration.name}")
    pool = [x for x in listings if (x.kind is ListingKind.PERSON) == (alteration.kind == "person")]
    made = 0
    for listing in source.sample(pool, len(pool)):
        if made == names:
            return
        altered = alteration.apply(listing.name, source)
        if altered is not None and altered != listing.name:
            made += 1
            yield listing, listing.name, altered


def outcome(alteration: Alteration, listings: list[Listing], index: NameIndex, names: int) -> Outcome:
    """Screen the altered names of one class."""
    result = Outcome()
    for listing, name, altered in drawn(alteration, listings, names):
        result.asked += 1
        party = Party(path="worker", names=(altered,), kinds=(alteration.kind,))
        if any(m.listing is listing for m in match_party(party, index)):
            result.found += 1
        elif clean(altered).tricks:
            result.flagged += 1
        else:
            result.missed.append((name, altered))
    return result


def main(arguments: list[str]) -> int:
    """Print every class and the alert rates; how many classes miss their target."""
    names = int(arguments[0]) if arguments else NAMES
    listings = un_and_ofac()
    index = NameIndex.build(listings)
    started = time.process_time()
    short = 0
    print(f"{len(listings):,} listings, {len(index):,} names; {names} names of each class, seed {SEED}")
    for alteration in CLASSES:
        if arguments[1:] and alteration.name not in arguments[1:]:
            continue
        result = outcome(alteration, listings, index, names)
        enough = result.caught >= alteration.target
        short += not enough
        print(
            f"  {alteration.name:<34} {result.caught:7.3%} of {result.asked:>3} "
            f"(found {result.found}, flagged {result.flagged}) target {alteration.target:.0%}"
            f"{'' if enough else '  MISSED'}"
        )
        for name, altered in [] if enough else result.missed[:SHOWN]:
            print(f"      {name}  ~  {altered}")
    if not arguments[1:]:
        for line in alerts_by_origin(index):
            print("  " + line)
    print(f"{time.process_time() - started:.0f} s of processor time; {short} classes short of their target")
    return short


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
