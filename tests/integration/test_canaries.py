"""Canaries: the best-known parties of each list must be found as a screening finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from service.errors import ListsUnavailableError
from service.intake import canaries
from service.intake.canaries import Heartbeat, missed, search
from service.lists.listing import ListingKind
from service.lists.sources import SOURCES
from service.matching.index import NameIndex
from service.records import ListVersion
from tests.integration.conftest import Api
from tests.integration.processes import wait_until
from tests.integration.records import a_listing, a_version

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ENTRIES = [
    a_listing("1", "ZENKO GENERAL TRADING"),
    a_listing("2", "KIM, Jong Example", kind=ListingKind.PERSON),
    a_listing("3", "MV EXAMPLE STAR", kind=ListingKind.VESSEL),
]
CANARIES = {"ZENKO GENERAL TRADING": "1", "KIM, Jong Example": "2", "MV EXAMPLE STAR": "3"}


@dataclass
class Store:
    canary_names: Mapping[str, str]
    asked: int = 0

    def canaries(self, list_id: str, version: int) -> Mapping[str, str]:
        self.asked += 1
        return self.canary_names


@dataclass
class Snapshots:
    snapshot: Any

    def current(self) -> Any:
        if self.snapshot is None:
            raise ListsUnavailableError("A required list was never loaded: un_sc.")
        return self.snapshot


def snapshot(*, entries: Any = ENTRIES, version: ListVersion | None = None) -> Any:
    loaded = version or a_version(version=3, entries=3)
    return SimpleNamespace(versions={"own": loaded}, index=NameIndex.build(entries))


def test_each_canary_gives_its_own_entry() -> None:
    assert search(ENTRIES, CANARIES) == ()


def test_a_canary_that_gives_another_entry_is_missed() -> None:
    assert search(ENTRIES, {**CANARIES, "ZENKO GENERAL TRADING": "2"}) == ("ZENKO GENERAL TRADING",)
    assert search(ENTRIES[1:], CANARIES) == ("ZENKO GENERAL TRADING",)


def test_an_entry_of_another_list_does_not_count() -> None:
    index = NameIndex.build([a_listing("1", "ZENKO GENERAL TRADING", list_id="other")])
    assert missed(index, {"ZENKO GENERAL TRADING": "1"}, "own") == ("ZENKO GENERAL TRADING",)
    assert missed(index, {"ZENKO GENERAL TRADING": "1"}, "other") == ()


@pytest.mark.parametrize("source", [s for s in SOURCES.values() if s.canaries], ids=lambda source: source.list_id)
def test_a_search_finds_each_canary_of_each_list_by_its_name(source: Any) -> None:
    for kind in ListingKind:
        entries = [a_listing(str(n), name, kind=kind) for n, name in enumerate(source.canaries)]
        assert search(entries, {name: str(n) for n, name in enumerate(source.canaries)}) == ()


def test_a_heart_beats_while_every_canary_hits() -> None:
    store = Store(CANARIES)
    heart = Heartbeat(Snapshots(snapshot()), store, clock=lambda: NOW)
    assert heart.check() == (True, "not looked yet")
    assert heart.beat().faults == ()
    assert heart.check() == (True, "every canary hits")
    heart.beat()
    assert store.asked == 1


def test_a_lost_canary_makes_the_worker_not_ready() -> None:
    heart = Heartbeat(Snapshots(snapshot()), Store({**CANARIES, "SOMEBODY ELSE": "4"}), clock=lambda: NOW)
    heart.beat()
    assert heart.check() == (False, "1 of 4 canaries of own are not found.")


def test_an_index_with_fewer_entries_than_the_list_makes_the_worker_not_ready() -> None:
    """Starling: 38 of 3,088 listed people were screened since 2017."""
    version = a_version(version=3, entries=3088)
    heart = Heartbeat(Snapshots(snapshot(version=version)), Store({}), clock=lambda: NOW)
    heart.beat()
    assert heart.check() == (False, "own holds 3088 entries and 3 can be searched.")


def test_a_heart_that_stands_still_makes_the_worker_not_ready() -> None:
    times = iter([NOW, NOW + timedelta(minutes=14), NOW + timedelta(minutes=16)])
    heart = Heartbeat(Snapshots(snapshot()), Store(CANARIES), clock=lambda: next(times))
    heart.beat()
    assert heart.check()[0]
    assert heart.check() == (False, "The lists were last looked at 2026-11-24 08:00 UTC.")


def test_without_a_snapshot_there_is_a_fault() -> None:
    heart = Heartbeat(Snapshots(None), Store({}), clock=lambda: NOW)
    assert heart.beat().faults == ("A required list was never loaded: un_sc.",)


def test_other_lists_are_looked_at_as_soon_as_they_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canaries, "LOOK_SECONDS", 0.01)
    snapshots = Snapshots(None)
    heart = Heartbeat(snapshots, Store(CANARIES))
    heart.watch()
    try:
        wait_until(lambda: not heart.check()[0])
        snapshots.snapshot = snapshot()
        wait_until(lambda: heart.check() == (True, "every canary hits"))
        snapshots.snapshot = snapshot(entries=ENTRIES[1:], version=a_version(version=4, entries=2))
        wait_until(lambda: heart.check() == (False, "1 of 3 canaries of own are not found."))
    finally:
        heart.stop()


def test_readiness_says_what_the_canaries_say(api: Api) -> None:
    assert api.client.get("/readyz").status_code == 200
    beat = api.service.heartbeat.beat()
    assert beat.faults == ()
    assert api.client.get("/readyz").json["checks"]["canaries"]["ok"] is True
    (version,) = [v for v in api.service.snapshots.current().versions.values() if v.list_id == "un_sc"]
    broken = {"un_sc": replace(version, version=1, entries=version.entries + 1)}
    heart = Heartbeat(
        Snapshots(SimpleNamespace(versions=broken, index=api.service.snapshots.current().index)), Store({})
    )
    heart.beat()
    assert not heart.check()[0]


@pytest.mark.parametrize(
    "source",
    [source for source in SOURCES.values() if source.files and source.retired_on is None],
    ids=lambda source: source.list_id,
)
def test_every_list_that_is_fetched_has_twenty_canaries(source: Any) -> None:
    assert len(set(source.canaries)) >= 20
