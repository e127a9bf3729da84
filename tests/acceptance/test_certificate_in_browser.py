"""The certificate, the replay and the history in a real browser, at a running service that seals its record."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from service.audit import verify_audit
from service.audit.signing import KeyRing
from service.config import DEFAULT_ORIGIN
from service.sealing_loop import KEYS_FILE
from tests.acceptance.browsing import Visitor, visit
from tests.acceptance.running_service import RunningService
from tests.acceptance.test_first_run import ask_as_printed
from tests.acceptance.test_form_in_browser import NARROW, credentials

pytestmark = pytest.mark.browser

SEALED_SECONDS = 30.0


@pytest.fixture(scope="module")
def screening(service: RunningService, client: httpx.Client) -> str:
    """The id of the printed example, once its entry is sealed."""
    answer = ask_as_printed(service)
    deadline = time.monotonic() + SEALED_SECONDS
    while not client.get(f"/v1/screenings/{answer['id']}/certificate").json()["sealed"]:
        assert time.monotonic() < deadline, "not sealed in time"
        time.sleep(0.2)
    return str(answer["id"])


@pytest.fixture(scope="module")
def client(service: RunningService) -> Iterator[httpx.Client]:
    with service.client() as opened:
        yield opened


@pytest.fixture(scope="module")
def wide(browser: Browser, service: RunningService) -> Iterator[Visitor]:
    with visit(browser, service) as visitor:
        visitor.sign_in(*credentials(service))
        yield visitor


def checked(service: RunningService, file: Path) -> subprocess.CompletedProcess[str]:
    """What the auditor's program says of a file, run as a stranger runs it."""
    keys = KeyRing(service.home / "home" / "audit" / KEYS_FILE).verifiers(DEFAULT_ORIGIN)
    program = [sys.executable, "-I", verify_audit.__file__, "--certificate", str(file), "--vkey", str(keys[0])]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_the_certificate_is_reached_from_the_result_and_fits_one_printed_page(
    wide: Visitor, service: RunningService, screening: str, tmp_path: Path
) -> None:
    wide.open(f"/screenings/{screening}")
    wide.tab_to("Certificate to print")
    wide.press("Enter")
    expect(wide.page.get_by_role("heading", level=1)).to_have_text("Certificate of screening")
    expect(wide.page.get_by_text("NOT A FINAL DECISION")).to_be_visible()
    assert wide.barriers() == ""
    for paper in ("A4", "Letter"):
        printed = wide.page.pdf(format=paper)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, paper
    (tmp_path / "saved.html").write_text(wide.page.content())
    (tmp_path / "text.txt").write_text(wide.page.inner_text("main"))
    for name in ("saved.html", "text.txt"):
        done = checked(service, tmp_path / name)
        assert done.returncode == 0, done.stdout + done.stderr
        assert screening in done.stdout


def test_a_decision_is_computed_again_at_the_press_of_a_button(wide: Visitor, screening: str) -> None:
    wide.open(f"/screenings/{screening}")
    wide.tab_to("Compute this decision again")
    wide.press("Enter")
    expect(wide.page.get_by_role("heading", name="The same, byte for byte")).to_be_visible()
    expect(wide.page.locator("main")).to_contain_text("as recorded")
    assert wide.barriers() == ""


def test_the_history_is_filtered_by_keyboard_and_leads_to_the_screening(wide: Visitor, screening: str) -> None:
    wide.open("/screenings")
    wide.fill({"decision": "D", "clause": "UN-2375-17"})
    wide.press("Enter")
    assert "clause=UN-2375-17" in wide.page.url
    assert "decision=deny" in wide.page.url
    assert wide.barriers() == ""
    wide.page.locator(f'a[href="/screenings/{screening}"]').click()
    expect(wide.page.locator(".app-verdict--deny")).to_be_visible()
    wide.open("/screenings?clause=nothing+of+the+kind")
    expect(wide.page.get_by_role("alert")).to_contain_text("The id of a clause is taken")
    assert wide.barriers() == ""


def test_on_a_narrow_screen_nothing_scrolls_sideways(browser: Browser, service: RunningService, screening: str) -> None:
    with visit(browser, service, width=NARROW) as visitor:
        visitor.sign_in(*credentials(service))
        for path in ("/screenings", f"/screenings/{screening}/certificate", f"/screenings/{screening}"):
            visitor.open(path)
            assert not visitor.scrolls_sideways(), path
            assert visitor.barriers() == "", path
