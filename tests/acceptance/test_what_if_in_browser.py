"""What-if and the rulebook in a real browser: by keyboard, without script, on a narrow screen, and for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.browsing import Visitor, visit
from tests.acceptance.running_service import RunningService
from tests.acceptance.test_form_in_browser import NARROW, credentials

pytestmark = pytest.mark.browser

# An auditor's question: an old contract of a DPRK national whose work outlasts the last day for return.
OLD_CONTRACT = {
    "as_of": "2018-06-01",
    "worker": {
        "name": "Pak Un Gyong",
        "nationalities": [{"country": "PRK", "evidence": "passport"}],
        "protection": {"status": "none"},
    },
    "contract": {
        "finalised_on": "2017-09-01",
        "written": True,
        "ends_on": "2020-06-30",
        "remuneration": "paid",
        "evidence": [
            "signed_contract",
            "worker_named",
            "dprk_party_screened",
            "permit_linked",
            "end_date_stated",
            "state_notification",
        ],
    },
    "work": {"country": "RU"},
    "authorisation": {"kind": "work_permit", "issued_on": "2017-09-05"},
}


@pytest.fixture(scope="module")
def path(service: RunningService) -> str:
    with service.client() as client:
        answer = client.post("/v1/screenings", json=OLD_CONTRACT).json()
    return f"/what-if?screening={answer['id']}"


@pytest.fixture(scope="module")
def wide(browser: Browser, service: RunningService) -> Iterator[Visitor]:
    with visit(browser, service) as visitor:
        visitor.sign_in(*credentials(service))
        yield visitor


@pytest.fixture(scope="module")
def narrow(browser: Browser, service: RunningService) -> Iterator[Visitor]:
    with visit(browser, service, width=NARROW) as visitor:
        visitor.sign_in(*credentials(service))
        yield visitor


def flip_days(page: Page) -> set[str]:
    return set(page.locator(".app-bands button time").all_inner_texts())


def test_the_page_is_reached_from_the_result_and_shows_the_days_on_which_the_law_turns(
    wide: Visitor, path: str
) -> None:
    wide.open(path.replace("/what-if?screening=", "/screenings/"))
    wide.tab_to("What if a date were different?")
    wide.press("Enter")
    assert wide.page.url.endswith(path)
    assert {"2017-08-05", "2017-09-11", "2017-12-22", "2019-12-23"} <= flip_days(wide.page)
    expect(wide.page.locator("main svg.pic").first).to_be_visible()


def test_the_contract_is_moved_over_the_adoption_by_keyboard_without_script_on_a_narrow_screen(
    browser: Browser, service: RunningService, path: str
) -> None:
    with visit(browser, service, width=NARROW, scripts=False) as visitor:
        visitor.sign_in(*credentials(service))
        visitor.open(path)
        page, said = visitor.page, {}
        page.locator("[name='contract.finalised_on-day']").fill("10")
        page.locator("[name='contract.finalised_on-day']").press("Enter")
        for day in ("10", "11"):
            expect(page.locator("[name='contract.finalised_on-day']")).to_have_value(day)
            row = page.locator(".app-bands").nth(1).locator(".app-bands__here")
            said[day] = (row.inner_text(), page.locator("main .app-card").inner_text())
            assert not visitor.scrolls_sideways()
            button = page.get_by_role("button", name=re.compile("One day later: Contract finalised"))
            button.focus()
            visitor.press("Enter")
        assert ("ALLOW" in said["10"][0], "REVIEW" in said["11"][0]) == (True, True)
        assert "only the time of day and its zone settle it" in said["11"][1]
        assert page.url.endswith("/what-if")


def test_a_press_on_a_day_of_the_table_goes_there(wide: Visitor, path: str) -> None:
    wide.open(path)
    wide.page.locator("button[value='as_of:2017-12-22']").focus()
    wide.press("Enter")
    expect(wide.page.locator("[name='as_of-year']")).to_have_value("2017")
    expect(wide.page.locator(".app-bands").first.locator(".app-bands__here")).to_contain_text("2017-12-22")


def test_what_is_no_date_leads_to_its_boxes(wide: Visitor, path: str) -> None:
    wide.open(path)
    wide.page.locator("[name='as_of-day']").fill("32")
    wide.page.locator("[name='as_of-day']").press("Enter")
    target = wide.page.locator(".govuk-error-summary a").first.get_attribute("href")
    assert target is not None
    assert wide.page.locator(f"[id='{target.removeprefix('#')}']").count() == 1
    assert wide.barriers() == ""


def test_what_if_runs_are_in_no_history(wide: Visitor, path: str, service: RunningService) -> None:
    with service.client() as client:
        body = {**OLD_CONTRACT, "reference": "WHAT-IF-ONLY"}
        answer = client.post("/v1/screenings/what-if", json=body)
        assert answer.status_code == httpx.codes.OK
        assert not {"id", "audit", "links"} & set(answer.json())


@pytest.mark.parametrize("name", ["what-if", "start", "rulebook", "clause"])
def test_a_page_has_no_barrier_and_fits(wide: Visitor, narrow: Visitor, path: str, name: str) -> None:
    address = {"what-if": path, "start": "/what-if", "rulebook": "/rulebook", "clause": "/rulebook/UN-2375-17"}[name]
    for visitor in (wide, narrow):
        visitor.open(address)
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()


def test_the_rulebook_is_reached_from_every_page_and_leads_to_each_clause(wide: Visitor) -> None:
    wide.open("/screen")
    wide.tab_to("Rulebook")
    wide.press("Enter")
    expect(wide.page.locator("main svg.pic")).to_be_visible()
    wide.page.get_by_role("link", name="UN-2397-8", exact=True).last.focus()
    wide.press("Enter")
    expect(wide.page.locator("h1")).to_contain_text("UN-2397-8")
    expect(wide.page.locator("main")).to_contain_text("2019-12-22")
