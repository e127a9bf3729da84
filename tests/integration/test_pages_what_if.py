"""The what-if page and the rulebook's pages over a real service: nothing recorded, every day in its stretch."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.conftest import Api
from tests.integration.test_pages import Visitor, people  # noqa: F401  # a fixture
from tests.unit.test_bands import OLD_CONTRACT


@pytest.fixture
def ana(people: Callable[[str], Visitor]) -> Visitor:  # noqa: F811
    return people("screener")


@pytest.fixture
def address(api: Api) -> str:
    """The page of a screening of an old contract."""
    return f"/what-if?screening={api.screen(OLD_CONTRACT).get_json()['id']}"


def sent_back(page: str) -> dict[str, str]:
    """What the page's own form holds."""
    form = page.partition('<form id="what-if"')[2].partition("</form>")[0]
    sent = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', form))
    chosen = re.search(r'<option value="([^"]+)" selected', form)
    return {**sent, **({"stage": chosen[1]} if chosen else {})}


def press(visitor: Visitor, page: str, status: int = 200, **form: str) -> str:
    response = visitor.client.post("/what-if", data={**sent_back(page), **form}, headers={"Accept": "text/html"})
    assert response.status_code == status, response.text
    return unescape(response.text)


def test_the_result_leads_to_it_and_every_day_of_a_flip_is_shown(ana: Visitor, api: Api, address: str) -> None:
    result = ana.get(f"/screenings/{address.partition('=')[2]}")
    assert f'href="{address}"' in result
    page = ana.get(address)
    answer = api.call("POST", "/v1/screenings/what-if", json=OLD_CONTRACT).get_json()
    assert answer["flips"]
    for flip in answer["flips"]:
        assert f'value="{flip["field"]}:{flip["on"]}"' in page
    assert page.count('<svg class="pic"') == len({flip["field"] for flip in answer["flips"]})
    assert "The date stands here" in page


def test_a_day_more_or_less_is_one_press_and_the_answer_follows(ana: Visitor, address: str) -> None:
    page = press(ana, ana.get(address), move="contract.finalised_on:2017-09-10")
    assert sent_back(page)["contract.finalised_on-day"] == "10"
    assert "app-card--allow" in page
    page = press(ana, page, move="contract.finalised_on:later")
    assert sent_back(page)["contract.finalised_on-day"] == "11"
    assert "app-card--review" in page
    assert "only the time of day and its zone settle it" in page
    page = press(ana, press(ana, page, move="contract.finalised_on:later"), move="contract.finalised_on:later")
    assert "app-card--deny" in page
    assert "app-card--review" in press(ana, page, move="contract.finalised_on:earlier")


def test_boxes_are_read_as_typed_and_the_stage_may_change(ana: Visitor, address: str) -> None:
    page = press(ana, ana.get(address), **{"contract.finalised_on-year": "2018"})
    assert "app-card--deny" in page
    assert sent_back(page)["contract.finalised_on-year"] == "2018"
    emptied = {f"contract.finalised_on-{box}": "" for box in ("day", "month", "year")}
    page = press(ana, page, **emptied, stage="employed")
    assert "app-card--review" in page
    assert "What would settle it" in page
    assert sent_back(page)["stage"] == "employed"


def test_without_a_day_to_judge_on_today_is_taken(ana: Visitor, address: str) -> None:
    page = press(ana, ana.get(address), **{f"as_of-{box}": "" for box in ("day", "month", "year")})
    assert sent_back(page)["as_of-year"] == str(datetime.now(UTC).year)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"as_of-day": "31", "as_of-month": "2"}, "There is no such calendar day"),
        ({"as_of-day": "", "as_of-month": ""}, "Write day, month and year, or leave all three empty"),
        ({"contract.ends_on-year": "x"}, "Write day, month and year as numbers"),
        ({"as_of-year": "1492"}, "Only the years 1900 to 2200"),
    ],
)
def test_what_is_no_date_is_said_beside_its_boxes(ana: Visitor, address: str, typed: dict[str, str], says: str) -> None:
    page = press(ana, ana.get(address), 422, **typed)
    assert says in page
    assert "<title>Error: " in page
    assert 'class="govuk-error-message"' in page
    assert "app-bands" not in page


@pytest.mark.parametrize(
    "form",
    [{"move": "worker.name:later"}, {"move": "as_of:soon"}, {"move": "contract.starts_on:later"}, {"extra": "1"}],
)
def test_a_press_that_the_page_does_not_offer_is_refused(ana: Visitor, address: str, form: dict[str, str]) -> None:
    press(ana, ana.get(address), 400, **form)


def test_nothing_of_it_is_recorded(ana: Visitor, api: Api, address: str) -> None:
    before = list(api.service.audit.export())
    press(ana, ana.get(address), move="as_of:later")
    assert list(api.service.audit.export()) == before


def test_an_unknown_screening_is_not_found_and_without_one_the_page_says_where_to_start(ana: Visitor) -> None:
    ana.get(f"/what-if?screening={uuid4()}", 404)
    ana.get("/what-if?screening=1", 404)
    assert "starts from a screening" in ana.get("/what-if")


def test_a_screening_of_today_moves_from_the_hour_it_was_asked(ana: Visitor, api: Api) -> None:
    body: dict[str, Any] = {name: value for name, value in OLD_CONTRACT.items() if name != "as_of"}
    body["contract"] = {**body["contract"], "finalised_on": None, "finalised_at": "2017-09-11T20:00:00Z"}
    answer = api.screen(body).get_json()
    page = ana.get(f"/what-if?screening={answer['id']}")
    assert answer["summary"] in page
    unchanged = press(ana, page)
    assert answer["summary"] in unchanged


def test_the_rulebook_shows_every_clause_with_its_dates_and_how_sure_it_is(ana: Visitor, api: Api) -> None:
    page = ana.get("/rulebook")
    for clause in api.call("GET", "/v1/rulebook").get_json()["clauses"]:
        assert f'href="/rulebook/{clause["id"]}"' in page
        if clause["id"].startswith(("LIST-", "IND-")):
            continue
        assert clause["paraphrase"] in page
        assert f'href="{clause["url"]}"' in page
        for entry in (*clause["exceptions"], *clause["dates"]):
            assert entry.get("title", entry.get("what")) in page
        assert clause["note"] is None or clause["note"] in page
    assert "Wording not confirmed" in page
    assert "<svg" in page


def test_every_clause_has_a_page_of_its_own(ana: Visitor, api: Api) -> None:
    for clause in api.call("GET", "/v1/rulebook").get_json()["clauses"]:
        page = ana.get(f"/rulebook/{clause['id']}")
        assert clause["title"] in page
        assert clause["in_force_from"] in page
    ana.get("/rulebook/UN-9999-1", 404)
