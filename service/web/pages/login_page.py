"""Signing in and out with a local account."""

from __future__ import annotations

import math
import re
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from service.passwords import password_matches
from service.records import Account
from service.web.pages.login_attempts import LoginAttempts
from service.web.pages.sign_in import close_session, current_account, open_session
from service.web.services import WebServices
from service.web.wording.pages import say

# One check fills 46 MiB: more than two at once would let a flood of log-ins take a worker's memory.
_CHECKS = BoundedSemaphore(2)

_LIST_PAGES = r"lists(?:/[A-Za-z0-9_.-]{1,64}(?:/(?:changes|(?:versions|held)/[0-9]{1,9}))?)?"
_PAGES = re.compile(rf"/(?:screen|{_LIST_PAGES}|screenings/[0-9a-f-]{{36}})")


def add_login(pages: Blueprint, services: WebServices) -> None:
    """Add ``/login`` and ``/logout``."""
    attempts = LoginAttempts()

    @pages.get("/login")
    def login() -> Any:
        if current_account(services) is not None:
            return redirect(url_for("pages.screen"), 303)
        return _page(wanted=_own_page(request.args.get("next")), ended="ended" in request.args)

    @pages.post("/login")
    def log_in() -> Any:
        username, wanted = request.form.get("username", "").strip(), _own_page(request.form.get("next"))
        wait = attempts.wait(username)
        if wait > 0:
            return _page(wanted=wanted, username=username, error=say("login.slowed", minutes=_minutes(wait))), 429
        account = _check(services, username, request.form.get("password", ""))
        if account is None:
            attempts.failed(username)
            return _page(wanted=wanted, username=username, error=say("login.wrong")), 401
        attempts.succeeded(username)
        open_session(services, account)
        return redirect(wanted or url_for("pages.screen"), 303)

    @pages.post("/logout")
    def logout() -> Any:
        close_session(services)
        return redirect(url_for("pages.login"), 303)


def _check(services: WebServices, username: str, password: str) -> Account | None:
    """The account that name and password belong to; a wrong one of either costs the same time."""
    account = services.accounts.find(username) if username and "\x00" not in username else None
    with _CHECKS:
        matches = password_matches(password, account.password_hash if account else None)
    return account if account is not None and matches and account.disabled_at is None else None


def _page(*, wanted: str | None, username: str = "", error: str | None = None, ended: bool = False) -> str:
    return render_template("login.html", wanted=wanted, username=username, error=error, ended=ended)


def _own_page(path: str | None) -> str | None:
    """The page to go on to, if it is one of ours: never another site's address."""
    return path if path and _PAGES.fullmatch(path) else None


def _minutes(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
