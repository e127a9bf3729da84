"""Asking for an erasure in a real browser: by keyboard, on a narrow screen, and without a barrier for anybody."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser

from tests.acceptance.browsing import visit
from tests.acceptance.running_service import RunningService
from tests.acceptance.test_form_in_browser import NARROW, credentials

pytestmark = pytest.mark.browser

HIRE = {"worker": {"name": "Phyo Tok Bin"}, "jurisdictions": ["DE"], "reference": "ERASE-1"}


def test_an_erasure_is_asked_for_by_keyboard_on_a_narrow_screen(
    browser: Browser, service: RunningService, client: httpx.Client
) -> None:
    screening = client.post("/v1/screenings", json=HIRE).json()["id"]
    with visit(browser, service, width=NARROW) as visitor:
        visitor.sign_in(*credentials(service))
        visitor.open(f"/screenings/{screening}")
        visitor.tab_to("Ask for the erasure of the personal data")
        visitor.press("Enter")
        assert visitor.page.input_value("#screenings") == screening
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()
        visitor.fill({"ground": "Consent", "case": "DSR-1"})
        visitor.tab_to("Ask for erasure")
        visitor.press("Enter")
        assert visitor.page.url.startswith(f"{service.url}/erasures/")
        assert "Consent was withdrawn" in visitor.page.inner_text("main")
        assert "Another person has to approve it" in visitor.page.inner_text("main")
        assert visitor.barriers() == ""
        assert not visitor.scrolls_sideways()
        visitor.tab_to("Refuse")
        visitor.press("Enter")
        assert "Refused" in visitor.page.inner_text("main")
