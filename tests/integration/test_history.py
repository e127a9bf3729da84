"""The history of screenings over a real service: filters, pages that nothing moves, and no personal data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from service.identifiers import first_uuid7, uuid7
from service.screening_history import Filter
from service.store.database import Database
from service.store.screening_records import ScreeningRecords
from service.store.screenings import Screenings
from tests.integration.conftest import Api
from tests.integration.records import NOW, a_screening, an_audit_record
from tests.integration.test_pages import Visitor, people  # noqa: F401  # a fixture


def decided(database: Database, count: int, **changes: Any) -> list[UUID]:
    """Screenings a minute apart, the newest last."""
    store = Screenings(database)
    ids = []
    for number in range(count):
        at = changes.get("decided_at", NOW) + timedelta(minutes=number)
        ids.append(uuid7(at))
        store.record(a_screening(**{"audit": an_audit_record(), **changes, "id": ids[-1], "decided_at": at}))
    return ids


def found(database: Database, rows: int = 100, before: UUID | None = None, **wanted: Any) -> list[UUID]:
    return [each.id for each in ScreeningRecords(database).page(Filter(**wanted), rows=rows, before=before)]


def test_each_filter_finds_what_it_names_and_together_they_narrow(database: Database) -> None:
    denied = decided(database, 2)
    allowed = decided(database, 2, decision="allow", clauses=(), lists=("un_sc:4", "us_ofac_sdn:0"))
    later = decided(database, 1, decided_at=NOW + timedelta(days=1), lists=("un_sc:3", "own:1"))
    everything = [*denied, *allowed, *later]
    assert found(database) == sorted(everything, reverse=True)
    assert set(found(database, decision="allow")) == set(allowed)
    assert set(found(database, clause="UN-2397-8")) == {*denied, *later}
    assert found(database, clause="UN-2397-9") == []
    assert set(found(database, list_id="un_sc", list_version=3)) == {*denied, *later}
    assert set(found(database, list_id="us_ofac_sdn")) == set(allowed)
    assert found(database, list_id="us_ofac") == []
    assert found(database, since=NOW + timedelta(hours=1)) == later
    assert set(found(database, until=NOW + timedelta(minutes=1))) == {denied[0], allowed[0]}
    assert (
        found(database, clause="UN-2375-17", list_id="un_sc", list_version=3, since=NOW + timedelta(hours=9)) == later
    )


def test_a_list_is_found_by_any_of_its_versions(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute(
            "insert into list_version (list_id, version, sha256, entries, complete)"
            " select 'un_sc', n, repeat('a', 64), 1, true from generate_series(1, 4) as n"
        )
    three, four = decided(database, 1), decided(database, 1, lists=("un_sc:4",))
    decided(database, 1, lists=("own:1",))
    assert set(found(database, list_id="un_sc")) == {*three, *four}


def test_pages_hold_every_screening_once_though_more_are_decided_meanwhile(database: Database) -> None:
    first = decided(database, 25)
    read: list[UUID] = []
    before = None
    while page := found(database, rows=4, before=before):
        read += page
        before = page[-1]
        decided(database, 3, decided_at=NOW + timedelta(days=len(read)))
    assert read == sorted(first, reverse=True)


def test_an_id_is_never_before_the_first_one_of_its_time() -> None:
    for micros in (0, 1, 999, 1000, 123_456):
        at = NOW + timedelta(microseconds=micros)
        assert first_uuid7(at) <= uuid7(at) < first_uuid7(at, after=True)


def test_the_index_finds_a_rare_clause_among_many(database: Database) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute(
            "insert into audit_entry (entry_id, leaf) select gen_random_uuid(), 'x' from generate_series(1, 5000)"
        )
        connection.execute(
            "insert into screening select gen_random_uuid(), entry_id, 't', 'a', null, 'deny', 's', 'd', now(),"
            " array['UN-2375-17'], array['un_sc:1'] from audit_entry"
        )
    rare = decided(database, 1, clauses=("UN-2270-17",))
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("vacuum analyze screening")
        plan = connection.execute(
            "explain select id from screening where clauses @> array['UN-2270-17'] order by id desc limit 50"
        ).fetchall()
    assert "screening_cited_idx" in str(plan)
    assert found(database, clause="UN-2270-17") == rare


BODY = {"worker": {"name": "Sofia Marlen", "nationalities": [{"country": "PRK"}]}, "reference": "REQ-9"}


def test_the_api_gives_pages_that_lead_on_and_names_no_person(api: Api) -> None:
    ids = [api.screen(BODY).get_json()["id"] for _ in range(5)]
    read, address = [], "/v1/screenings?limit=2&decision=review"
    while address:
        response = api.call("GET", address)
        assert response.status_code == 200
        assert "Marlen" not in response.text
        read += [each["id"] for each in response.get_json()["screenings"]]
        link = re.fullmatch(r'<([^>]+)>; rel="next"', response.headers.get("Link", ""))
        address = link[1] if link else ""
        assert not address or "decision=review" in address
    assert read == sorted(ids, reverse=True)
    line = api.call("GET", "/v1/screenings?limit=1").get_json()["screenings"][0]
    assert (line["decision"], line["reference"], line["erased"]) == ("review", "REQ-9", False)
    assert line["lists"] == [{"id": "un_sc", "version": 0}, {"id": "us_ofac_sdn", "version": 0}]
    assert api.call("GET", line["links"]["self"]).get_json()["id"] == line["id"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("decision=maybe", "decision"),
        ("clause=Kim+Yong+Chol", "clause"),
        ("list=un_sc:x", "list"),
        ("from=yesterday", "from"),
        ("from=2026-02-30", "from"),
        ("to=9999-12-31", "to"),
        ("from=2026-11-24&to=2026-11-23", "to"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=1", "cursor"),
        ("cursor=zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "cursor"),
        ("name=Kim+Yong+Chol", "Only"),
        ("to=", "to"),
        ("decision=deny&decision=allow", "Each"),
    ],
)
def test_a_filter_that_cannot_be_read_is_a_fault_and_never_no_filter(api: Api, query: str, named: str) -> None:
    response = api.call("GET", f"/v1/screenings?{query}")
    assert (response.status_code, response.get_json()["type"]) == (400, "/problems/invalid-parameter")
    assert response.get_json()["detail"].startswith(named)
    assert "Kim" not in response.text


def test_days_count_whole_by_utc(api: Api) -> None:
    answer = api.screen(BODY).get_json()
    today = datetime.now(UTC).date()
    for query, expected in (
        (f"from={today}&to={today}", 1),
        (f"to={today - timedelta(days=1)}", 0),
        (f"from={today + timedelta(days=1)}", 0),
        (f"from={answer['decided_at']}", 1),
        (f"to={answer['decided_at']}", 0),
    ):
        assert len(api.call("GET", f"/v1/screenings?{query}").get_json()["screenings"]) == expected, query


def test_the_page_shows_the_same_and_keeps_its_filters(
    api: Api,
    people: Callable[[str], Visitor],  # noqa: F811
) -> None:
    visitor = people("auditor")
    ids = [api.screen(BODY).get_json()["id"] for _ in range(52)]
    page = visitor.get("/screenings?decision=review&clause=&list=un_sc:0&from=&to=")
    assert "Marlen" not in page
    assert page.count("app-tag--review") == 50
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    older = older.replace("&amp;", "&")
    assert "decision=review" in older
    assert "list=un_sc%3A0" in older
    rest = visitor.get(older)
    assert [each for each in ids if f"/screenings/{each}" in rest] == ids[:2]
    assert "No screening is like that" in visitor.get("/screenings?decision=allow")
    wrong = visitor.get("/screenings?clause=no", status=400)
    assert "Error: " in wrong
    assert 'href="#clause"' in wrong
