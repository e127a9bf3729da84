"""Who is signed in: sessions on the server, known by a token that only the browser's cookie holds.

The cookie is Flask's signed one; it carries the token and the secret of the form tokens, nothing else. The
store knows the token by its SHA-256 only, ends a session that is idle or old, and forgets it at log-out.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec

from flask import Flask, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from service.records import Account, Actor
from service.web.access_log import ACTOR
from service.web.auth import ForbiddenError, Permission, may
from service.web.services import WebServices

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)

_TOKEN = "token"  # noqa: S105  # the name of the entry in the cookie

Args = ParamSpec("Args")
View = Callable[Args, Response | BaseResponse | str]


def set_cookie_rules(app: Flask, *, secret_key: bytes, secure: bool) -> None:
    """Name and attributes of the one cookie; over https its name makes browsers pin it to this host."""
    app.secret_key = secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-hirescreen" if secure else "hirescreen",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=int(LONGEST.total_seconds()),
    )


def open_session(services: WebServices, account: Account) -> None:
    """Sign the account in under a new token; whatever the cookie held before is dropped."""
    close_session(services)
    token = secrets.token_urlsafe(32)
    services.sessions.create(_hash(token), account.id, datetime.now(UTC) + LONGEST)
    session[_TOKEN] = token


def close_session(services: WebServices) -> None:
    """Sign out, here and on the server."""
    token = session.get(_TOKEN)
    session.clear()
    if isinstance(token, str):
        services.sessions.end(_hash(token))


def current_account(services: WebServices) -> Account | None:
    """The account that is signed in; None where nobody is, or the session has ended."""
    token = session.get(_TOKEN)
    if not isinstance(token, str):
        return None
    account = services.sessions.find(_hash(token), idle=IDLE)
    if account is not None:
        request.environ[ACTOR] = f"account:{account.id}"
    return account


def signed_in(
    services: WebServices, permission: Permission
) -> Callable[[Callable[Concatenate[Account, Args], Any]], Callable[Args, Any]]:
    """Let a view be seen only by an account that has ``permission``; others sign in first, or get a 403."""

    def wrap(view: Callable[Concatenate[Account, Args], Any]) -> Callable[Args, Any]:
        @functools.wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Any:
            account = current_account(services)
            if account is None:
                wanted = request.path if request.method == "GET" and request.path != "/" else None
                return redirect(url_for("pages.login", next=wanted, ended=1 if _TOKEN in session else None), 303)
            if not may(account.role, permission):
                raise ForbiddenError
            return view(account, *args, **kwargs)

        return guarded

    return wrap


def actor_of(account: Account) -> Actor:
    """The account as the record names it: by its id, for a user name may be a person's name."""
    return Actor(kind="account", id=str(account.id), name="account", roles=frozenset({account.role}))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
