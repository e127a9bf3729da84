"""The worked cases of the reference folder, answered over real list files.

Every case, settled or not, must be answered as stated, each ``then`` step too, unless it waits for something that
the tables below name with its reason.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from service.lists import readers, starter
from service.lists.container import unpack
from service.lists.listing import Listing
from service.lists.timeline import Asked
from service.matching.index import NameIndex
from service.records import ListVersion
from service.rulebook import current
from service.rulebook.stages import usable_facts
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.match import Match
from service.snapshot import Snapshot, Snapshots
from service.store.database import Database
from service.store.lists import Lists
from service.web.schemas.screening import load_request
from tests.conftest import new_database
from tests.rule_cases import set_path

pytestmark = pytest.mark.shared

NOW = datetime(2026, 11, 23, tzinfo=UTC)

# No real UK file of the reference folder holds the owners that one case asks of: a list of these two, in its format.
UNITED_KINGDOM = Path(__file__).parents[1] / "data" / "lists" / "uk_sl_two_owners.xml"
# Needs that these lists, and a question put to the rules alone, do not meet; each with its reason.
UNMET = {
    "stale_lists": "the age of lists is judged by the desk, not by the rules",
}
# Cases that wait for something else than a need.
DELISTED = "the entry was taken off the UN list; the starter list has no versions of that time"
LISTED_LATER = "listed in 2025, and the SDN list loaded here is of 2021; the starter lists have it"
WAITING = {
    "real": {"E20": LISTED_LATER, "R09": LISTED_LATER},
    "starter": {"E25": DELISTED},
}


@pytest.fixture(scope="module")
def real(shared: Path, server_url: str, migrated_template: str) -> Iterator[Snapshot]:
    """Five versions of the UN list, that of 2026-02-27 in service, and the SDN list of July 2021."""
    lists = shared / "lists"
    with new_database(server_url, template=migrated_template) as url, Database(url) as database:
        store = Lists(database)
        for day in ("2018-08-24", "2020-11-24", "2020-12-01", "2025-11-18", "2026-02-27"):
            listings, published_on = _read("un_sc", [lists / f"un_consolidated_{day}.xml.xz"])
            store.add_version(_version("un_sc", len(listings), published_on), listings)
        listings, _ = _read("us_ofac_sdn", sorted((lists / "ofac_set_2021-07").iterdir()))
        store.add_version(_version("us_ofac_sdn", len(listings), date(2021, 7, 31)), listings)
        listings, published_on = _read("uk_sl", [UNITED_KINGDOM])
        store.add_version(_version("uk_sl", len(listings), published_on), listings)
        yield Snapshots(store, required=(), demo=False).current()


@pytest.fixture(scope="module")
def built_in() -> Snapshot:
    """The starter lists that demo mode decides by."""
    listings = chain.from_iterable(starter.listings(list_id) for list_id in starter.list_ids())
    versions = {list_id: starter.version(list_id) for list_id in starter.list_ids()}
    british, published_on = _read("uk_sl", [UNITED_KINGDOM])
    versions["uk_sl"] = _version("uk_sl", len(british), published_on)
    return Snapshot(versions=versions, index=NameIndex.build(chain(listings, british)))


def _read(list_id: str, paths: list[Path]) -> tuple[list[Listing], date | None]:
    with ExitStack() as opened:
        files = []
        for path in paths:
            stream = opened.enter_context(path.open("rb"))
            files.append(opened.enter_context(unpack(stream, path.name)))
        read = readers.read(list_id, files)
        return list(read), read.published_on


def _version(list_id: str, entries: int, published_on: date | None) -> ListVersion:
    return ListVersion(list_id=list_id, version=0, sha256="0" * 64, entries=entries, published_on=published_on)


def answer(body: dict[str, Any], snapshot: Snapshot) -> tuple[Judgement, tuple[Match, ...]]:
    usable = usable_facts(load_request(body, now=NOW))
    request = usable.request
    selection = snapshot.select(Asked(request.as_of.day, request.known_at, NOW))
    matches = selection.in_time(selection.matches(request), request.as_of.day)
    return decide(Case(request=request, matches=matches, ignored=frozenset(usable.forbidden)), current().rules), matches


def steps_of(case: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for change, expected in ({}, case["expect"]), *((then["change"], then["expect"]) for then in case["then"]):
        body = copy.deepcopy(case["request"])
        for path, value in change.items():
            set_path(body, path, value)
        yield body, expected


def complaints(expected: dict[str, Any], judgement: Judgement, matches: tuple[Match, ...]) -> list[str]:
    missing = [each.field for each in judgement.missing]
    found = [f"lacks {clause}" for clause in expected["clauses_include"] if clause not in judgement.clauses]
    found += [f"has {clause}" for clause in expected["clauses_exclude"] if clause in judgement.clauses]
    found += [f"does not ask for {field}" for field in expected["missing_include"] if field not in missing]
    if judgement.outcome.word not in expected["decision"]:
        found.append(f"{judgement.outcome.word} and not {expected['decision']}")
    if expected["match_expected"] is not None and bool(matches) != expected["match_expected"]:
        found.append(f"matches {[match.listing.name for match in matches]}")
    return found


def cases(shared: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (shared / "law" / "cases.jsonl").read_text().splitlines()]


def unmet_by(snapshot: Snapshot, shared: Path, waiting: dict[str, str]) -> list[str]:
    """What is answered otherwise than stated, case by case and step by step."""
    failed = []
    for case in cases(shared):
        if case["id"] in waiting or set(case["needs"]) & set(UNMET):
            continue
        for number, (body, expected) in enumerate(steps_of(case)):
            found = complaints(expected, *answer(body, snapshot))
            failed += [f"{case['id']} step {number} ({case['strictness']}): {each}" for each in found]
    return failed


def test_every_case_is_answered_as_stated_over_real_lists(shared: Path, real: Snapshot) -> None:
    assert unmet_by(real, shared, WAITING["real"]) == []


def test_every_case_is_answered_as_stated_over_the_starter_lists(shared: Path, built_in: Snapshot) -> None:
    assert unmet_by(built_in, shared, WAITING["starter"]) == []


def test_a_case_that_waits_still_does_not_crash(shared: Path, real: Snapshot) -> None:
    for case in cases(shared):
        for body, _ in steps_of(case):
            answer(body, real)


def test_what_is_said_to_wait_is_there(shared: Path) -> None:
    known = cases(shared)
    assert {case_id for waiting in WAITING.values() for case_id in waiting} <= {case["id"] for case in known}
    assert set(UNMET) <= {need for case in known for need in case["needs"]}


def test_every_clause_that_a_case_names_is_in_the_rulebook(shared: Path) -> None:
    known = {clause.id for clause in current().clauses}
    named = {
        clause
        for case in cases(shared)
        for _, expected in steps_of(case)
        for clause in (*expected["clauses_include"], *expected["clauses_exclude"])
    }
    assert named <= known
