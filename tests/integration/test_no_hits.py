"""E20: many screenings of which none meets a listed person are an alarm, not good news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import service.monitoring.no_hits
from service.config import Config, Mode
from service.monitoring.alarm_loop import Watch
from service.monitoring.alarms import Observation
from service.monitoring.no_hits import MANY, MANY_OF_ONE, HitWatch, of_hits
from service.store.database import Database
from service.store.list_hits import ListHits
from service.store.screenings import Screenings
from tests.integration.records import NOW, a_screening
from tests.integration.test_alarms import told


def wrong(observed: list[Observation]) -> list[str]:
    return [each.name for each in observed if each.wrong]


def hits(database: Database) -> ListHits:
    return ListHits(database, dprk_clause="UN-1718-8d")


def test_e20_no_match_among_many_screenings_is_an_alarm() -> None:
    assert wrong(list(of_hits([], {"un_sc": (MANY, 0), "own": (5, 0)}))) == ["no_hits"]
    assert wrong(list(of_hits([], {"un_sc": (MANY - 1, 0)}))) == []
    assert wrong(list(of_hits([], {"un_sc": (MANY, 0), "us_ofac_sdn": (MANY, 1)}))) == []
    assert wrong(list(of_hits([], {}))) == []


def test_e20_a_required_list_that_is_never_met_is_doubted_after_many_more() -> None:
    counts = {"un_sc": (MANY_OF_ONE, 0), "us_ofac_sdn": (MANY_OF_ONE, 30), "au_dfat": (MANY_OF_ONE, 0)}
    assert wrong(list(of_hits(["un_sc", "us_ofac_sdn"], counts))) == ["no_hits_on:un_sc"]
    assert wrong(list(of_hits(["un_sc"], {"un_sc": (MANY_OF_ONE - 1, 0), "own": (9, 1)}))) == []


def test_a_match_is_counted_for_the_list_whose_clause_is_cited(database: Database) -> None:
    store, lists = Screenings(database), ("un_sc:3", "us_ofac_sdn:7")
    for clauses in ((), ("UN-1718-8d", "UN-2397-8"), ("LIST-un_sc",), ("LIST-us_ofac_sdn",), ("UN-2397-8",)):
        store.record(a_screening(clauses=clauses, lists=lists))
    store.record(a_screening(clauses=("LIST-own",), lists=("own:1",), decided_at=NOW - timedelta(days=31)))
    assert hits(database).since(NOW - timedelta(days=30)) == {"un_sc": (5, 2), "us_ofac_sdn": (5, 1)}


def test_it_is_counted_once_an_hour(database: Database) -> None:
    now = [NOW]
    watch = HitWatch(["un_sc"], hits(database), lambda: now[0])
    assert [each.name for each in watch.observed()] == ["no_hits", "no_hits_on:un_sc"]
    assert list(watch.observed()) == []
    now[0] += timedelta(hours=1)
    assert len(list(watch.observed())) == 2


def test_the_alarm_is_on_record_and_over_with_the_first_match(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service.monitoring.no_hits, "MANY", 3)
    config, store = Config(home=tmp_path, mode=Mode.DEMO, database_url=database.url), Screenings(database)
    for _ in range(3):
        store.record(a_screening(clauses=(), decided_at=datetime.now(UTC)))
    Watch(config, database).look()
    store.record(a_screening(clauses=("LIST-un_sc",), decided_at=datetime.now(UTC)))
    Watch(config, database).look()
    assert told(database.url) == [("no_hits", "raised"), ("no_hits", "over")]
