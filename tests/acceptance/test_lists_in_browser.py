"""The pages about lists in a real browser: two people settle a doubtful version without script; no barrier anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from playwright.sync_api import Browser, expect

from service.lists.sources import SOURCES
from tests.acceptance.browsing import Visitor, visit
from tests.acceptance.running_service import RunningService

pytestmark = pytest.mark.browser

NARROW = 320
PASSWORD = "correct horse battery"
PEOPLE = {"berta": "reviewer", "carla": "admin"}
PAGES = (
    "/lists",
    "/lists/held",
    "/lists/ca_sema",
    "/lists/ca_sema/held/1",
    "/lists/ca_sema/versions/1",
    "/lists/own",
    "/lists/own/versions/2",
    "/lists/own/changes?from=1&to=2",
)


def a_short_canadian_list() -> str:
    """The best-known parties alone: too few to be the whole list, and too many to be another one."""
    records = "".join(
        "<record><Country>Belarus / Bélarus</Country>"
        f"<EntityOrShip>{escape(name)}</EntityOrShip><Schedule>1, Part 1</Schedule>"
        f"<Item>{item}</Item><DateOfListing>2020-09-28</DateOfListing></record>\n"
        for item, name in enumerate(SOURCES["ca_sema"].canaries, start=1)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<data-set>\n{records}</data-set>'


@pytest.fixture(scope="module")
def with_lists(service: RunningService, tmp_path_factory: pytest.TempPathFactory) -> RunningService:
    """Two versions of an own list, a list that is too short and so waits, and two people."""
    first = tmp_path_factory.mktemp("own") / "own.csv"
    first.write_text("key,name,aliases\nQ-1,Quillmarsh Plating Works,\nQ-2,Umberfold Ropery,\n")
    second = first.with_name("second.csv")
    second.write_text("key,name,aliases\nQ-1,Quillmarsh Platers,Quillmarsh Plating Works\nQ-3,Vellacott Sawmill,\n")
    for path in (first, second):
        done = service.run("lists", "import", "own", str(path))
        assert done.returncode == 0, done.stderr
    short = first.with_name("sema-lmes.xml")
    short.write_text(a_short_canadian_list())
    assert "is held as version 1" in service.run("lists", "import", "ca_sema", str(short)).stderr
    for username, role in PEOPLE.items():
        service.run("accounts", "create", "--username", username, "--role", role, "--password", PASSWORD)
    return service


@pytest.fixture(scope="module")
def narrow(browser: Browser, with_lists: RunningService) -> Iterator[Visitor]:
    with visit(browser, with_lists, width=NARROW) as visitor:
        visitor.sign_in("berta", PASSWORD)
        yield visitor


@pytest.fixture(scope="module")
def wide(browser: Browser, with_lists: RunningService) -> Iterator[Visitor]:
    with visit(browser, with_lists) as visitor:
        visitor.sign_in("carla", PASSWORD)
        yield visitor


@pytest.mark.parametrize("path", PAGES)
def test_a_page_about_lists_has_no_barrier_and_fits(wide: Visitor, narrow: Visitor, path: str) -> None:
    for visitor in (wide, narrow):
        visitor.open(path)
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways(), visitor.page.viewport_size


def test_what_changed_is_reached_from_the_list_by_keyboard(wide: Visitor) -> None:
    wide.open("/lists/own")
    wide.tab_to("1 added, 1 removed, 1 changed")
    wide.press("Enter")
    for text in ("Quillmarsh Plating Works", "Quillmarsh Platers", "Umberfold Ropery", "Vellacott Sawmill"):
        expect(wide.page.get_by_text(text).first).to_be_visible()


def test_two_people_settle_a_version_by_keyboard_without_script_on_a_narrow_screen(
    browser: Browser, with_lists: RunningService
) -> None:
    for username, answer in (("berta", "Your approval counts"), ("carla", "approved by two people and serves now")):
        with visit(browser, with_lists, width=NARROW, scripts=False) as visitor:
            visitor.sign_in(username, PASSWORD)
            visitor.open("/lists/held")
            visitor.page.get_by_role("link", name="Look at it").first.focus()
            visitor.press("Enter")
            visitor.tab_to("reason")
            visitor.page.keyboard.type("A short list for a test.")
            visitor.tab_to("Approve this version")
            visitor.press("Enter")
            expect(visitor.page.get_by_text(answer)).to_be_visible()
