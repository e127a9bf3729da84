"""A page as a PDF, where the renderer is installed (``pip install hirescreen[pdf]``). It fetches nothing."""

from __future__ import annotations

import importlib
import importlib.util
import re
from typing import Any, NoReturn

from service.errors import HirescreenError
from service.packaged import PACKAGE

_STATIC = PACKAGE / "web" / "static"
_SHEETS = ("govuk-frontend.min.css", "app.css", "certificate.css")


class NoPdfRendererError(HirescreenError):
    """This service makes no PDF: install it as hirescreen[pdf], or print the page."""


def can_render() -> bool:
    """Whether the renderer is installed."""
    return importlib.util.find_spec("weasyprint") is not None


def render_pdf(page: str) -> bytes:
    """A page of ours as it prints. NoPdfRendererError where no renderer is installed, or it misses system libraries."""
    try:
        renderer = importlib.import_module("weasyprint")
        nothing = type("FetchesNothing", (renderer.urls.URLFetcher,), {"fetch": _refuse})()
    except (ImportError, OSError):  # OSError: Pango is not on this system
        raise NoPdfRendererError from None
    sheets = [renderer.CSS(string=(_STATIC / name).read_text("utf-8"), url_fetcher=nothing) for name in _SHEETS]
    text = re.sub(r"<link [^>]*>", "", page)  # what they lead to is given instead
    rendered: bytes = renderer.HTML(string=text, url_fetcher=nothing).write_pdf(stylesheets=sheets)
    return rendered


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise ValueError("nothing is fetched")
