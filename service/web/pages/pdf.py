"""A page as a PDF, where the renderer is installed (``pip install hirescreen[pdf]``). It fetches nothing."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from service.errors import HirescreenError
from service.packaged import PACKAGE

_STATIC = PACKAGE / "web" / "static"


class NoPdfRendererError(HirescreenError):
    """This service makes no PDF: install it as hirescreen[pdf], or print the page."""


def can_render() -> bool:
    """Whether the renderer is installed."""
    return importlib.util.find_spec("weasyprint") is not None


def render_pdf(page: str) -> bytes:
    """The page as it prints. NoPdfRendererError where no renderer is installed, or it misses system libraries."""
    try:
        renderer = importlib.import_module("weasyprint")
    except (ImportError, OSError):  # OSError: Pango is not on this system
        raise NoPdfRendererError from None
    rendered: bytes = renderer.HTML(string=page, base_url="page:/", url_fetcher=_own_files).write_pdf()
    return rendered


def _own_files(url: str, *_: Any, **__: Any) -> dict[str, Any]:
    """Our own style sheets; nothing else is fetched, from this host or another."""
    name = url.partition("?")[0].rpartition("/")[2]
    path = _STATIC / name
    if not name.endswith(".css") or not path.is_file():
        raise ValueError("only the style sheets of the page are read")
    return {"string": path.read_bytes(), "mime_type": "text/css"}
