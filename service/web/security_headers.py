"""The headers that every response carries, whatever made it."""

from __future__ import annotations

from flask import Flask, Response

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ONE_YEAR = 31_536_000  # seconds


def set_security_headers(app: Flask, *, https: bool) -> None:
    """Add the headers to every response of ``app``; ``https`` tells browsers to stay on it.

    A response is not to be stored unless its view says otherwise: most of them are personal.
    """
    always = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if https:
        always["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(always)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
