"""A question is judged by the list as it stood on its day, by what was known: compared with a naive replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.lists.listing import Listing
from service.lists.timeline import Asked
from service.matching.index import NameIndex
from service.matching.screen import match_parties
from service.records import ListVersion
from service.screening.facts import ScreeningRequest
from service.snapshot import Snapshot, Snapshots
from service.store.database import Database
from service.store.lists import Lists
from service.web.schemas.screening import load_request
from tests.integration.records import a_listing, a_version

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
KEYS = "abcd"
NAMES = {"a": "Zenko Trading", "b": "Mokran Shipping", "c": "Genco Build", "d": "Sobaek Timber"}
NUMBERS = count(1)


def a_question(**changes: Any) -> ScreeningRequest:
    """About every name that the made-up lists hold."""
    parties = [{"role": "client", "name": name} for name in NAMES.values()]
    return load_request({"worker": {"name": "Nobody Listed"}, "counterparties": parties, **changes}, now=NOW)


@dataclass(frozen=True)
class Loaded:
    """A version as the naive replay keeps it."""

    version: int
    published: date
    known: datetime
    content: dict[str, Listing]


@pytest.fixture
def owner(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield connection


def load(database: Database, owner: psycopg.Connection, list_id: str, drawn: list[Loaded], active: int) -> Snapshot:
    lists = Lists(database)
    for each in drawn:
        lists.add_version(
            a_version(list_id=list_id, published_on=each.published), each.content.values(), activate=False
        )
        statement = "update list_version set loaded_at = %s where list_id = %s and version = %s"
        owner.execute(statement, (each.known, list_id, each.version))
    lists.activate(list_id, active)
    owner.execute("update list_active set activated_at = %s where list_id = %s", (drawn[active - 1].known, list_id))
    snapshots = Snapshots(_Only(lists, list_id), required=(), demo=False)
    return snapshots.current()


class _Only(Lists):
    """One list of a database that holds several."""

    def __init__(self, lists: Lists, list_id: str) -> None:
        super().__init__(lists._database)
        self._list_id = list_id

    def active(self) -> tuple[ListVersion, ...]:
        return tuple(version for version in super().active() if version.list_id == self._list_id)


def day(number: int) -> date:
    return TODAY - timedelta(days=100 - 10 * number)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Loaded], int]:
    """Versions in the order of their loading, with days in any order, and which of them serves."""
    list_id = f"own{next(NUMBERS)}"
    loaded = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        keys = draw(st.sets(st.sampled_from(KEYS), min_size=1))
        content = {}
        for key in sorted(keys):
            listed = draw(st.sampled_from([None, *range(9)]))
            variant = draw(st.sampled_from(["", " Two"]))
            content[key] = a_listing(
                key, NAMES[key] + variant, list_id=list_id, listed_on=None if listed is None else day(listed)
            )
        known = NOW - timedelta(days=draw(st.integers(0, 9)), hours=1)
        loaded.append(Loaded(number, day(draw(st.integers(1, 8))), known, content))
    newest = max(loaded, key=lambda each: (each.published, each.version))
    return loaded, draw(st.sampled_from([newest.version, draw(st.integers(1, len(loaded)))]))


def replayed(loaded: list[Loaded], active: int, asked: Asked) -> tuple[Loaded, dict[str, tuple[Listing, date | None]]]:
    """The version to judge by, and each listing that counts with its day, the long way round."""
    serving = loaded[active - 1]
    known = [each for each in loaded if each.known <= asked.known_at]
    ordered = sorted(known or loaded, key=lambda each: (each.published, each.version))
    before = [each for each in ordered if each.published <= asked.as_of]
    chosen = before[-1] if before and known else ordered[0]
    today = asked.as_of >= asked.now.date()
    if today and asked.known_at >= serving.known:
        chosen = serving
    found: dict[str, tuple[Listing, date | None]] = {}
    for key, listing in chosen.content.items():
        seen = next(each.published for each in ordered if key in each.content)
        listed = listing.listed_on
        if listed is not None and listed > asked.as_of >= chosen.published:
            listed = None  # it stands there already, whatever it says
        since = listed or (seen if seen <= asked.as_of else None)
        if since is None or since <= asked.as_of:
            found[key] = (listing, since)
    later = [] if today or not known else ordered[ordered.index(chosen) + 1 :]
    gap = bool(before) and asked.as_of - chosen.published > timedelta(days=7)
    for number, each in enumerate(later):
        for key, listing in each.content.items():
            if key in chosen.content or any(key in earlier.content for earlier in later[:number]):
                continue
            if listing.listed_on and chosen.published < listing.listed_on <= asked.as_of:
                found[key] = (listing, listing.listed_on)
            elif listing.listed_on is None and gap and number == 0:
                found[key] = (listing, None)
    return chosen, found


def test_a_slip_of_the_publisher_in_a_day_of_listing_hides_nobody(
    database: Database, owner: psycopg.Connection
) -> None:
    listing = a_listing("a", NAMES["a"], list_id="slip", listed_on=date(2062, 3, 2))
    version = Loaded(1, TODAY - timedelta(days=1), NOW - timedelta(hours=1), {"a": listing})
    snapshot = load(database, owner, "slip", [version], 1)
    for as_of, days in ((TODAY, [version.published]), (TODAY - timedelta(days=2), [])):
        selection = snapshot.select(Asked(as_of, NOW, NOW))
        found = selection.in_time(selection.matches(a_question()), as_of)
        assert [match.listed_on for match in found] == days


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_any_question_of_any_history_is_answered_as_by_a_naive_replay(
    database: Database, owner: psycopg.Connection, history: tuple[list[Loaded], int]
) -> None:
    loaded, active = history
    list_id = next(iter(loaded[0].content.values())).list_id
    snapshot = load(database, owner, list_id, loaded, active)
    request = a_question()
    for as_of in (day(0), *(day(n) + timedelta(days=5) for n in range(1, 9)), TODAY, TODAY + timedelta(days=1)):
        for known_at in (NOW, NOW - timedelta(days=3), NOW - timedelta(days=30)):
            asked = Asked(as_of, known_at, NOW)
            chosen, expected = replayed(loaded, active, asked)
            selection = snapshot.select(asked)
            assert selection.versions[list_id].version == chosen.version
            found = selection.in_time(selection.matches(request), as_of)
            assert {match.listing.key: (match.listing, match.listed_on) for match in found} == expected
            again = snapshot.selected({list_id: chosen.version}, asked)
            assert again.in_time(again.matches(request), as_of) == found
            assert again.doubts == selection.doubts
    for each in loaded:
        alone = snapshot.selected({list_id: each.version}).matches(request)
        assert alone == match_parties(request, NameIndex.build(each.content[key] for key in sorted(each.content)))
