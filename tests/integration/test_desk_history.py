"""The desk names the list versions that a question about the past was judged by, and holds back what nobody knew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.app import Service, build_service
from service.config import Config, Mode
from service.lists.timeline import Asked
from service.records import Actor
from service.web.schemas.screening import load_request
from tests.integration.records import a_listing, a_version

ACTOR = Actor(kind="key", id="0192", name="tests")
NAME = "Zenko Trading"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A list of today without Zenko in service, and two versions of 2020 and 2022 that hold it."""
    built = build_service(
        Config(home=tmp_path, mode=Mode.PRODUCTION, database_url=database_url, required_lists=("un_sc",))
    )
    with built.database:
        other, listed = a_listing("1", "MOKRAN", list_id="un_sc"), a_listing("2", NAME, list_id="un_sc")
        now = datetime.now(UTC)
        built.lists.add_version(a_version(list_id="un_sc", published_on=TODAY, checked_at=now), [other])
        for day in (date(2020, 1, 2), date(2022, 5, 1)):
            built.lists.add_version(a_version(list_id="un_sc", published_on=day), [other, listed], activate=False)
        yield built


def ask(service: Service, **changes: Any) -> dict[str, Any]:
    body = {
        "worker": {"name": "Ana Ruiz", "nationalities": [{"country": "ESP", "evidence": "passport"}]},
        "counterparties": [{"role": "client", "name": NAME, "country": "ES"}],
        **changes,
    }
    stored = service.desk.screen(load_request(body, now=datetime.now(UTC)), body=body, actor=ACTOR)
    answer: dict[str, Any] = json.loads(stored.answer)
    return answer


def codes(answer: dict[str, Any]) -> set[str]:
    return {warned["code"] for warned in answer["warnings"]}


def test_a_question_of_today_is_judged_by_what_serves(service: Service) -> None:
    answer = ask(service)
    assert [(each["version"], each["status"]) for each in answer["lists"]] == [(1, "fresh")]
    assert (answer["decision"], answer["matches"], codes(answer)) == ("allow", [], set())


def test_where_law_with_a_list_of_its_own_binds_and_none_is_loaded_the_answer_says_so(service: Service) -> None:
    told = [each["detail"] for each in ask(service, jurisdictions=["NO", "SE"])["warnings"]]
    assert told == ["EU: none of the lists that bind there is loaded, so nobody was looked for in them."]


def test_a_past_day_is_judged_by_its_version_and_the_record_names_it(service: Service) -> None:
    answer = ask(service, as_of="2022-05-03")
    assert [(each["version"], each["status"], each["published_on"]) for each in answer["lists"]] == [
        (3, "past", "2022-05-01")
    ]
    (match,) = answer["matches"]
    assert (match["listed_on"], match["listed_on_basis"]) == ("2020-01-02", "first_seen")
    assert answer["decision"] in {"deny", "review"}
    assert "history_incomplete" not in codes(answer)
    leaf = json.loads(next(iter(service.audit.export())).leaf)
    assert [(each["name"], each["version"]) for each in leaf["lists"]] == [("un_sc", 3)]


def test_a_day_between_distant_versions_says_what_is_not_loaded(service: Service) -> None:
    answer = ask(service, as_of="2021-06-01")
    assert [each["version"] for each in answer["lists"]] == [2]
    assert "history_incomplete" in codes(answer)


def test_before_the_first_version_the_earliest_stands_in_and_only_asks(service: Service) -> None:
    answer = ask(service, as_of="2019-06-01")
    assert [each["version"] for each in answer["lists"]] == [2]
    assert "history_incomplete" in codes(answer)
    (match,) = answer["matches"]
    assert (match["listed_on"], answer["decision"]) == (None, "review")


def test_what_nobody_knew_at_the_time_allows_nothing(service: Service) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=900)).isoformat()
    answer = ask(
        service, known_at=long_ago, counterparties=[{"role": "client", "name": "Nobody Listed", "country": "ES"}]
    )
    assert answer["matches"] == []
    assert (answer["decision"], answer["action"]) == ("review", "hold")
    assert "history_incomplete" in codes(answer)


def test_an_older_version_that_an_operator_chose_serves_for_today(service: Service) -> None:
    service.lists.activate("un_sc", 2)
    service.snapshots.refresh()
    answer = ask(service)
    assert [each["version"] for each in answer["lists"]] == [2]
    assert answer["matches"]


def test_an_old_decision_can_be_judged_again_by_its_own_versions(service: Service) -> None:
    now = datetime.now(UTC)
    body = {"worker": {"name": "Ana Ruiz"}, "counterparties": [{"role": "client", "name": NAME}]}
    request = load_request(body, now=now)
    asked = Asked(TODAY, now, now)
    before = service.snapshots.current().select(asked)
    found = before.in_time(before.matches(request), TODAY)
    service.lists.add_version(
        a_version(list_id="un_sc", published_on=TODAY, checked_at=now), [a_listing("2", NAME, list_id="un_sc")]
    )
    service.snapshots.refresh()
    again = service.snapshots.current().selected({"un_sc": 1}, asked)
    assert again.in_time(again.matches(request), TODAY) == found == ()
    assert service.snapshots.current().select(asked).matches(request)


def test_a_what_if_finds_the_day_on_which_a_party_came_on_the_list(service: Service) -> None:
    body = {
        "as_of": "2022-05-03",
        "worker": {"name": "Ana Ruiz", "nationalities": [{"country": "ESP", "evidence": "passport"}]},
        "counterparties": [{"role": "client", "name": NAME, "country": "ES"}],
    }
    answer = service.desk.what_if(load_request(body, now=datetime.now(UTC)), body=body)
    flips = {flip["on"]: (flip["before"], flip["after"]) for flip in answer["flips"] if flip["field"] == "as_of"}
    assert TODAY.isoformat() in flips, "on the day of the version that no longer holds it"
    assert flips[TODAY.isoformat()][1] == "allow"


def test_history_that_was_loaded_since_is_asked_without_a_new_index(service: Service) -> None:
    first = service.snapshots.current()
    service.lists.add_version(
        a_version(list_id="un_sc", published_on=date(2018, 1, 1)),
        [a_listing("3", "SOBAEKU", list_id="un_sc")],
        activate=False,
    )
    service.snapshots.refresh()
    assert service.snapshots.current().index is first.index
    assert [each["version"] for each in ask(service, as_of="2018-01-03")["lists"]] == [4]
