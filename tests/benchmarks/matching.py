"""How long one query takes over 50,000 made-up names on one core: ``python -m tests.benchmarks.matching``.

Times are of the processor, so that other work on the machine counts less. With ``1000000`` as argument: over so
many names. With ``lists``: how long the index of real lists takes that are as many and as large as those of the UN,
OFAC, the EU and the United Kingdom, and how many people a second the batch path screens on two cores.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import sys
import time

from service.building import reading_processes
from service.lists.listing import ListingKind
from service.matching.batch import screen_in_processes
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from tests.benchmarks.names import SEED, listings, misspelt, organisation, person
from tests.benchmarks.origins import family_names, given_names
from tests.benchmarks.real_lists import four_publishers, un_and_ofac

GIVEN, FAMILY = given_names(), family_names()

NAMES = 50_000
QUERIES = 600  # a third each: on no list, misspelt, exact
REACH_MILLISECONDS = 2.0
PEOPLE = 10_000


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


def one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def made_up(names: int) -> None:
    """Print the median, the 95th and the 99th percentile of one query, and how many listed names were found."""
    one_core()
    started = time.process_time()
    index = NameIndex.build(listings(names))
    built = time.process_time() - started
    gc.freeze()  # as a server does before it forks
    asked = queries(index)
    for party, _ in asked[:20]:
        match_party(party, index)
    times, found = [], 0
    for party, is_listed in asked:
        started = time.process_time()
        matches = match_party(party, index)
        times.append((time.process_time() - started) * 1000)
        found += bool(matches) and is_listed
    median, percentiles = statistics.median(times), statistics.quantiles(times, n=100)
    print(f"matching: {len(index):,} names indexed in {built:.1f} s, one core, {QUERIES} queries, {load()}")
    print(f"  found {found} of {sum(is_listed for _, is_listed in asked)} listed names (half of them misspelt)")
    print(f"  median {median:.2f} ms, p95 {percentiles[94]:.2f} ms, p99 {percentiles[98]:.2f} ms")
    print(f"  median / reach of {REACH_MILLISECONDS:.0f} ms = {median / REACH_MILLISECONDS:.2f} (reach: under 1)")


def real_lists() -> None:
    """Print how long real lists take to index, and how many people a second are screened by two processes."""
    with reading_processes() as readers:
        read = four_publishers()
        started = time.perf_counter()
        index = NameIndex.build(read, packed=True, readers=readers)
    print(f"{len(read):,} listings, {len(index):,} names indexed in {time.perf_counter() - started:.1f} s, {load()}")
    index = NameIndex.build(un_and_ofac())
    gc.freeze()
    source = random.Random(SEED)
    people = [
        Party(path=f"line {i}", names=(f"{source.choice(GIVEN)} {source.choice(FAMILY)}",), kinds=("person",))
        for i in range(PEOPLE)
    ]
    started = time.perf_counter()
    alerts = sum(screen_in_processes(index, people, bool, processes=2))
    elapsed = time.perf_counter() - started
    print(f"{PEOPLE:,} people, {alerts} alerts: {PEOPLE / elapsed:,.0f} people per second, two processes, {load()}")


def main(arguments: list[str]) -> None:
    """Measure what the argument names."""
    if arguments == ["lists"]:
        real_lists()
    else:
        made_up(int(arguments[0]) if arguments else NAMES)


if __name__ == "__main__":
    main(sys.argv[1:])
