"""How long one query takes over 50,000 names on one core: ``python -m tests.benchmarks.matching``."""

from __future__ import annotations

import os
import random
import statistics
import time

from service.lists.listing import ListingKind
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from tests.benchmarks.names import SEED, listings, misspelt, organisation, person

NAMES = 50_000
QUERIES = 600  # a third each: on no list, misspelt, exact
REACH_MILLISECONDS = 2.0


def queries(index: NameIndex) -> list[tuple[Party, bool]]:
    """Parties to look for, and whether each is listed; never the same name twice."""
    source = random.Random(SEED + 1)
    asked = []
    for listing in source.sample(index.listings, QUERIES):
        is_person = listing.kind is ListingKind.PERSON
        name = (
            (person if is_person else organisation)(source),
            misspelt(listing.name, source),
            listing.name,
        )[len(asked) % 3]
        party = Party(path="worker", names=(name,), kinds=("person" if is_person else "organisation",))
        asked.append((party, len(asked) % 3 != 0))
    return asked


def main() -> None:
    """Print the median and the 99th percentile of one query, and how many listed names were found."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.perf_counter()
    index = NameIndex.build(listings(NAMES))
    built = time.perf_counter() - started
    asked = queries(index)
    for party, _ in asked[:20]:
        match_party(party, index)
    times, found = [], 0
    for party, is_listed in asked:
        started = time.perf_counter()
        matches = match_party(party, index)
        times.append((time.perf_counter() - started) * 1000)
        found += bool(matches) and is_listed
    median = statistics.median(times)
    print(f"matching: {len(index):,} names indexed in {built:.1f} s, one core, {QUERIES} queries")
    print(f"  found {found} of {sum(is_listed for _, is_listed in asked)} listed names (half of them misspelt)")
    print(f"  median {median:.2f} ms, p99 {statistics.quantiles(times, n=100)[98]:.2f} ms")
    print(f"  median / reach of {REACH_MILLISECONDS:.0f} ms = {median / REACH_MILLISECONDS:.2f} (reach: under 1)")


if __name__ == "__main__":
    main()
