"""A tab of a real browser that notes what a careful visitor would: scripts' faults, foreign hosts, sideways scroll."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.acceptance.running_service import RunningService

AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
MOST_TABS = 400

# A status of 4xx that a page shows on purpose is also written to the console.
EXPECTED_REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of (400|401|404|422)")

FOCUSED = """() => {
    const at = document.activeElement;
    const closed = at.tagName === 'SUMMARY' && !at.parentElement.open;
    return {tag: at.tagName, name: at.name || '', id: at.id, text: (at.innerText || '').trim(), closed};
}"""
HOLDS = """name => {
    const details = document.activeElement.parentElement;
    return Boolean(details.querySelector(`[name="${CSS.escape(name)}"]`));
}"""
WIDER = """() => {
    const width = document.documentElement.clientWidth;
    return {scroll: document.documentElement.scrollWidth, width};
}"""


class Visitor:
    """One tab, and what it noticed."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED_REFUSAL.match(message.text):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc and not request.url.startswith("data:"):
            self.foreign.append(request.url)

    def open(self, path: str) -> None:
        """Go to a page of the service."""
        self.page.goto(f"{self.url}{path}")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by keyboard on the page that asks for it."""
        self.open("/login")
        self.tab_to("username")
        self.page.keyboard.type(username)
        self.tab_to("password")
        self.page.keyboard.type(password)
        self.press("Enter")

    def press(self, key: str) -> None:
        """Press a key that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control with this name, or the button or link with this text, has the focus.

        A closed part of the page that holds the control is opened on the way, as a person would.
        """
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if name in {focused["name"], focused["text"]}:
                return
            if focused["closed"] and self.page.evaluate(HOLDS, name):
                self.page.keyboard.press("Enter")
        raise AssertionError(f"{name} cannot be reached with Tab")

    def fill(self, answers: dict[str, str]) -> None:
        """Type an answer into each control, in the order of the page; a choice by its first letters."""
        for name, text in answers.items():
            self.tab_to(name)
            self.page.keyboard.type(text)

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        measured = self.page.evaluate(WIDER)
        return bool(measured["scroll"] > measured["width"])

    def barriers(self) -> str:
        """What axe finds against WCAG 2.2 AA; empty where it finds nothing."""
        results = Axe().run(self.page, options=AXE_RULES)
        return results.generate_report() if results.violations_count else ""


@contextmanager
def visit(browser: Browser, service: RunningService, *, width: int = 1280, scripts: bool = True) -> Iterator[Visitor]:
    """A visitor with a clean browser profile; fails at the end where a page complained or asked elsewhere."""
    with browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts) as context:
        context.set_default_timeout(30_000)
        visitor = Visitor(context.new_page(), service.url)
        yield visitor
        assert visitor.complaints == []
        assert visitor.foreign == []
