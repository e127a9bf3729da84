"""The history of a list over HTTP: its versions page by page, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.lists.listing import AliasQuality, ListedName, Listing
from service.web.schemas.list_versions import ListChangesSchema, ListVersionsSchema
from tests.integration.conftest import Api
from tests.integration.records import NOW, a_listing, a_version


def named(listing: Listing, *texts: str) -> Listing:
    primary, *aliases = texts
    return replace(
        listing,
        names=(
            ListedName(text=primary, quality=AliasQuality.PRIMARY),
            *(ListedName(text=text, quality=AliasQuality.STRONG) for text in aliases),
        ),
    )


@pytest.fixture
def history(api: Api) -> Api:
    """Three versions of a list, loaded in another order than that of their days; the newest serves."""
    kept, gone, come = a_listing("1"), a_listing("2", "MOKRAN"), a_listing("3", "SOBAEKU")
    renamed = replace(named(kept, "ZENKO LLC", "ZENKO"), programmes=("DPRK", "DPRK2"))
    lists = api.service.lists
    lists.add_version(a_version(published_on=date(2026, 2, 1), checked_at=NOW), [renamed, come])
    lists.add_version(a_version(published_on=date(2025, 1, 1)), [kept, gone], activate=False)
    lists.add_version(a_version(published_on=date(2025, 6, 1)), [kept], activate=False)
    return api


def read(api: Api, path: str, **options: Any) -> dict[str, Any]:
    response = api.call("GET", f"/v1/lists/own/versions{path}", **options)
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()


def test_the_versions_of_a_list_come_by_their_days_with_what_changed(history: Api) -> None:
    body = read(history, "")
    assert ListVersionsSchema().validate(body) == {}
    shown = [(v["version"], v["since"], v["serves"], *v["changes"].values()) for v in body["versions"]]
    assert shown == [(1, 3, True, 1, 0, 1), (3, 2, False, 0, 1, 0), (2, None, False, 2, 0, 0)]
    newest = body["versions"][0]
    assert newest["counts"] == {"organisation": 2, "programme:DPRK": 2, "programme:DPRK2": 1}
    assert (newest["checked_at"], body["versions"][1]["checked_at"]) == ("2026-11-23T10:00:00.000000Z", None)


def test_a_renamed_party_is_one_that_changed_with_both_names(history: Api) -> None:
    body = read(history, "/1/changes")
    assert ListChangesSchema().validate(body) == {}
    assert (body["since"], body["counts"]) == (3, {"added": 1, "removed": 0, "changed": 1})
    changed, added = body["changes"]
    assert (changed["key"], changed["kind"], changed["name"]) == ("1", "changed", "ZENKO LLC")
    assert changed["fields"] == [
        {"field": "name", "old": "ZENKO", "new": "ZENKO LLC"},
        {"field": "names", "old": [], "new": ["ZENKO (strong)"]},
        {"field": "programmes", "old": [], "new": ["DPRK2"]},
    ]
    assert (added["key"], added["kind"], added["fields"]) == ("3", "added", [])


def test_any_two_versions_can_be_compared(history: Api) -> None:
    forth, back = read(history, "/1/changes?since=2"), read(history, "/2/changes?since=1")
    assert forth["counts"] == {"added": 1, "removed": 1, "changed": 1}
    assert [(each["key"], each["kind"]) for each in forth["changes"]] == [
        ("1", "changed"),
        ("2", "removed"),
        ("3", "added"),
    ]
    assert [(each["key"], each["kind"]) for each in back["changes"]] == [
        ("1", "changed"),
        ("2", "added"),
        ("3", "removed"),
    ]
    first = read(history, "/2/changes")
    assert (first["since"], first["counts"]["added"]) == (None, 2)


@pytest.mark.parametrize(("path", "items", "name"), [("", 3, "versions"), ("/1/changes?since=2", 3, "changes")])
def test_pages_follow_each_other_by_their_links(history: Api, path: str, items: int, name: str) -> None:
    whole = read(history, path)[name]
    assert len(whole) == items
    found, address = [], f"/v1/lists/own/versions{path}{'&' if '?' in path else '?'}limit=1"
    while address:
        response = history.call("GET", address)
        found += response.get_json()[name]
        link = response.headers.get("Link")
        address = link.partition(">")[0].removeprefix("<") if link else ""
    assert found == whole


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("unknown_list/versions", 404),
        ("own/versions/4/changes", 404),
        ("own/versions/99999999999999999999/changes", 404),
        ("own/versions/1/changes?since=9", 404),
        ("own/versions/1/changes?since=0", 400),
        ("own/versions/1/changes?since=x", 400),
        ("own/versions?limit=0", 400),
        ("own/versions?limit=201", 400),
        ("own/versions?cursor=2026-02-30.1", 400),
        ("own/versions?cursor=", 400),
        ("own/versions/1/changes?cursor=AA", 400),
        ("own/versions/1/changes?cursor=%C3%A9", 400),
        ("o%00n/versions", 404),
    ],
)
def test_what_cannot_be_found_or_read_is_a_problem(history: Api, path: str, status: int) -> None:
    response = history.call("GET", f"/v1/lists/{path}")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_a_list_that_was_never_loaded_has_no_versions_yet(make_api: Callable[..., Api]) -> None:
    assert make_api().call("GET", "/v1/lists/un_sc/versions").get_json() == {"list": "un_sc", "versions": []}


def test_the_history_of_lists_needs_a_key(history: Api) -> None:
    for path in ("versions", "versions/1/changes"):
        assert history.client.get(f"/v1/lists/own/{path}").status_code == 401
