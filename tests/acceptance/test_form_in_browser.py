"""The pages in a real browser: by keyboard alone, without script, on a narrow screen, and for everyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.browsing import Visitor, visit
from tests.acceptance.running_service import RunningService
from tests.acceptance.test_first_run import ask_as_printed

pytestmark = pytest.mark.browser

NARROW = 320
PAGES = ("/screen", "/screen?example=deny-2018", "/lists", "/docs", "/no-such-page")
EXAMPLES = ("deny-2018", "review-2017", "poland-2026", "allow-kor", "review-korean", "listed-owner")

# In the order of the page; a date has three boxes, and a choice is made by its first letters.
HIRE = {
    "work.country": "RU",
    "worker.name": "Phyo Tok Bin",
    "worker.nationalities[0].country": "PRK",
    "worker.nationalities[0].evidence": "Passport",
    "contract.finalised_on-day": "10",
    "contract.finalised_on-month": "2",
    "contract.finalised_on-year": "2018",
    "contract.remuneration": "Paid",
    "authorisation.kind": "Work",
    "authorisation.issued_on-day": "1",
    "authorisation.issued_on-month": "3",
    "authorisation.issued_on-year": "2018",
}


def credentials(service: RunningService) -> tuple[str, str]:
    found = re.search(r"as (\S+) with the password (\S+)", service.printed)
    assert found, service.printed
    return found[1], found[2]


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


def test_a_hire_is_screened_by_keyboard_alone_without_script_on_a_narrow_screen(
    browser: Browser, service: RunningService
) -> None:
    with visit(browser, service, width=NARROW, scripts=False) as visitor:
        visitor.sign_in(*credentials(service))
        assert not visitor.scrolls_sideways()
        visitor.fill(HIRE)
        visitor.press("Enter")  # in a text box: the first button of the form, which decides
        verdict = visitor.page.locator("main")
        expect(verdict).to_contain_text("UN-2375-17")
        expect(verdict).to_contain_text("UN-2397-8")
        expect(verdict.locator(".app-verdict--deny")).to_be_visible()
        assert re.search(r"/screenings/[0-9a-f-]{36}$", visitor.page.url)
        assert not visitor.scrolls_sideways()


def test_the_page_says_what_the_printed_request_was_answered(wide: Visitor, service: RunningService) -> None:
    answer = ask_as_printed(service)
    wide.open(answer["links"]["certificate"].removesuffix("/certificate"))
    content = wide.page.locator("main")
    expect(content.locator(".app-verdict--deny")).to_be_visible()
    expect(content).to_contain_text(answer["summary"])
    for clause in answer["clauses"]:
        expect(content).to_contain_text(clause)
    expect(wide.page.locator("main svg[role=img]").first).to_be_visible()


def test_every_clause_of_a_result_links_to_its_text(
    wide: Visitor, client: httpx.Client, service: RunningService
) -> None:
    answer = ask_as_printed(service)
    wide.open(answer["links"]["certificate"].removesuffix("/certificate"))
    links = set(wide.page.eval_on_selector_all("main a[href^=http]", "links => links.map(link => link.href)"))
    assert {finding["clause"]["url"] for finding in answer["findings"]} <= links


def test_what_is_wrong_is_said_at_the_top_and_leads_to_the_field(wide: Visitor) -> None:
    wide.open("/screen")
    wide.tab_to("worker.name")
    wide.press("Enter")
    summary = wide.page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    target = summary.locator("a").first.get_attribute("href")
    assert target is not None
    assert wide.page.locator(f"[id='{target.removeprefix('#')}']").count() == 1
    assert wide.barriers() == ""


def test_answers_can_be_checked_before_they_are_sent(wide: Visitor) -> None:
    wide.open("/screen?example=deny-2018")
    name = wide.page.locator("[name='worker.name']").input_value()
    wide.page.locator("button[name=check]").focus()
    wide.press("Enter")
    expect(wide.page.locator("main")).to_contain_text(name)
    assert wide.barriers() == ""
    assert "/screenings/" not in wide.page.url


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_barrier_and_fits(wide: Visitor, narrow: Visitor, path: str) -> None:
    for visitor in (wide, narrow):
        visitor.open(path)
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_result_of_an_example_has_no_barrier_and_fits(wide: Visitor, narrow: Visitor, example: str) -> None:
    wide.open(f"/screen?example={example}")
    wide.page.locator("main form .app-submit button:not([name])").focus()
    wide.press("Enter")
    result = wide.page.url.removeprefix(wide.url)
    assert result.startswith("/screenings/")
    for visitor in (wide, narrow):
        visitor.open(result)
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()


def test_the_sign_in_page_has_no_barrier_and_refuses_a_wrong_password(
    browser: Browser, service: RunningService
) -> None:
    with visit(browser, service, width=NARROW) as visitor:
        visitor.open("/login")
        assert visitor.barriers() == ""
        visitor.sign_in("nobody", "not the password")
        expect(visitor.page.locator(".govuk-error-summary")).to_be_visible()
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()


def test_every_page_says_that_this_is_a_demo(wide: Visitor) -> None:
    for path in ("/screen", "/lists"):
        wide.open(path)
        expect(wide.page.locator("body")).to_contain_text(re.compile("demo", re.IGNORECASE))


def test_without_signing_in_no_page_shows_anything(browser: Browser, service: RunningService) -> None:
    with visit(browser, service) as visitor:
        for path in ("/", "/screen", "/lists", "/screenings/01a20a5a-712c-70d4-b2c9-e8c09620d0ff"):
            visitor.open(path)
            assert "/login" in visitor.page.url
