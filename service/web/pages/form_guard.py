"""Forms are taken from our own pages only: by where the browser says they come from, and by a token."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms import ValidationError  # type: ignore[import-untyped]  # the package ships no types

from service.web.auth import ForbiddenError

TOKEN_FIELD = "csrf_token"  # noqa: S105  # the name of a field

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign_forms(public_url: str | None) -> None:
    """Raise ForbiddenError for an unsafe request that another site sent or that carries no valid token."""
    if request.method in _SAFE:
        return
    if not _comes_from_here(request, public_url):
        raise ForbiddenError
    try:
        validate_csrf(request.form.get(TOKEN_FIELD))
    except ValidationError:
        raise ForbiddenError from None


def form_token() -> str:
    """The token to put into a form; it is bound to the cookie of this browser."""
    token: str = generate_csrf()
    return token


def _comes_from_here(asked: Request, public_url: str | None) -> bool:
    """By Sec-Fetch-Site, which pages cannot forge; browsers that do not send it are asked for Origin."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    if origin is None:
        return True  # the token decides
    ours = {asked.host, urlsplit(public_url).netloc if public_url else asked.host}
    return urlsplit(origin).netloc in ours
