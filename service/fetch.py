"""The only outgoing network code: fetching list files from their publishers.

HTTPS with verified certificates; plain HTTP to this machine only, for mirrors and tests on loopback.
A redirect is followed only to hosts that the source names, and never from HTTPS to HTTP. A download is
bounded in time and in size, must be as long as announced, and must match a digest where one is sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import http.client
import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Self, cast
from urllib.parse import SplitResult, urljoin, urlsplit

from service.errors import FetchError

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 60.0
MAX_BYTES = 100 * 1024 * 1024
MAX_REDIRECTS = 5
_CHUNK = 64 * 1024
_IN_MEMORY = 4 * 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DIGEST = re.compile(r"sha-256=:?([A-Za-z0-9+/]{43}=):?", re.IGNORECASE)  # RFC 3230 and RFC 9530


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What a server gave. ``content`` is None where it said that nothing changed (304).

    Used as a context manager, it closes the content at the end.
    """

    content: BinaryIO | None
    etag: str | None = None
    last_modified: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.content is not None:
            self.content.close()


class Fetcher:
    """Fetches one file at a time. FetchError says in one line why a file could not be had."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        user_agent: str = "hirescreen",  # OFAC's service answers 403 to a client that names itself not at all
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._user_agent = user_agent
        self._monotonic = monotonic
        self._tls = ssl.create_default_context()

    def fetch(
        self,
        address: str,
        *,
        redirects: tuple[str, ...] = (),
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched:
        """The file at ``address``, or word that it is still the one with ``etag``/``last_modified``.

        ``redirects``: hosts that may be redirected to besides the address's own; a leading dot allows
        every host below.
        """
        deadline = self._monotonic() + self._total_seconds
        first = _checked(urlsplit(address), plain_allowed=True)
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "identity", "Accept": "*/*"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        target = first
        for _ in range(MAX_REDIRECTS + 1):
            connection = self._connection(target, deadline)
            try:
                response = self._request(connection, target, headers)
                if response.status not in _REDIRECTS:
                    return self._answer(response, target, deadline, conditional=bool(etag or last_modified))
                location = response.getheader("Location")
            finally:
                connection.close()
            target = _redirected(first, target, location, redirects)
        raise FetchError(f"{first.hostname} redirects more than {MAX_REDIRECTS} times")

    def _connection(self, target: SplitResult, deadline: float) -> http.client.HTTPConnection:
        seconds = max(0.001, min(self._connect_seconds, deadline - self._monotonic()))
        host = target.hostname or ""
        if target.scheme == "https":
            return http.client.HTTPSConnection(host, target.port, timeout=seconds, context=self._tls)
        return http.client.HTTPConnection(host, target.port, timeout=seconds)

    def _request(
        self, connection: http.client.HTTPConnection, target: SplitResult, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        path = target.path or "/"
        try:
            connection.request("GET", f"{path}?{target.query}" if target.query else path, headers=dict(headers))
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"{target.hostname} cannot be reached ({_word(error)})") from error

    def _answer(
        self, response: http.client.HTTPResponse, target: SplitResult, deadline: float, *, conditional: bool
    ) -> Fetched:
        host = target.hostname
        validators = {
            "etag": response.getheader("ETag"),
            "last_modified": response.getheader("Last-Modified"),
        }
        if response.status == 304 and conditional:
            return Fetched(content=None, **validators)
        if response.status in (404, 410):
            raise FetchError(f"{host} no longer offers the list (HTTP {response.status}): has its address changed?")
        if response.status != 200:
            raise FetchError(f"{host} answered HTTP {response.status}")
        if response.getheader("Content-Type", "").lower().startswith("text/html"):
            raise FetchError(f"{host} answered with an HTML page instead of the list")
        return Fetched(content=self._body(response, target, deadline), **validators)

    def _body(self, response: http.client.HTTPResponse, target: SplitResult, deadline: float) -> BinaryIO:
        announced = response.getheader("Content-Length")
        if announced and announced.isdigit() and int(announced) > self._max_bytes:
            raise FetchError(f"{target.hostname} announces more than {self._max_bytes} bytes")
        with ExitStack() as on_failure:
            temporary = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by whoever gets it
            spool = on_failure.enter_context(cast(BinaryIO, temporary))
            digest, size = self._receive(response, spool, target, deadline)
            if announced and announced.isdigit() and size != int(announced):
                raise FetchError(f"the download from {target.hostname} broke off after {size} of {announced} bytes")
            _compare_digest(response, digest, target)
            spool.seek(0)
            on_failure.pop_all()
        return spool

    def _receive(
        self, response: http.client.HTTPResponse, spool: BinaryIO, target: SplitResult, deadline: float
    ) -> tuple[bytes, int]:
        """Write the body to ``spool``; its SHA-256 and its length."""
        digest, size = hashlib.sha256(), 0
        try:
            # read1 returns after one receive, so that a server that drips bytes cannot outlast the deadline.
            while chunk := response.read1(_CHUNK):
                size += len(chunk)
                if size > self._max_bytes:
                    raise FetchError(f"{target.hostname} sends more than {self._max_bytes} bytes")
                if self._monotonic() > deadline:
                    raise FetchError(f"{target.hostname} took longer than {self._total_seconds:g} seconds")
                digest.update(chunk)
                spool.write(chunk)
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"the download from {target.hostname} broke off ({_word(error)})") from error
        return digest.digest(), size


def _checked(target: SplitResult, *, plain_allowed: bool) -> SplitResult:
    """``target`` if it may be asked at all: HTTPS, or HTTP to this machine, without credentials in it."""
    host = target.hostname or ""
    if not host or target.username or target.password:
        raise FetchError("the address of the list has no host, or credentials in it")
    if target.scheme == "https" or (target.scheme == "http" and plain_allowed and _is_loopback(host)):
        return target
    raise FetchError(f"{host} is not asked over {target.scheme or 'no scheme'}: lists are fetched over HTTPS only")


def _redirected(
    first: SplitResult, current: SplitResult, location: str | None, allowed: tuple[str, ...]
) -> SplitResult:
    target = _checked(urlsplit(urljoin(current.geturl(), location or "")), plain_allowed=first.scheme == "http")
    host = target.hostname or ""
    if location is None:
        raise FetchError(f"{current.hostname} redirects to nowhere")
    if not any(
        host == name or (name.startswith(".") and host.endswith(name)) for name in (first.hostname or "", *allowed)
    ):
        raise FetchError(f"{current.hostname} redirects to {host}, which is not a host of this publisher")
    return target


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _compare_digest(response: http.client.HTTPResponse, digest: bytes, target: SplitResult) -> None:
    for header in ("Digest", "Content-Digest", "Repr-Digest"):
        match = _DIGEST.search(response.getheader(header, ""))
        if not match:
            continue
        try:
            announced = base64.b64decode(match[1], validate=True)
        except binascii.Error:
            continue
        if announced != digest:
            raise FetchError(f"what {target.hostname} sent does not match the digest that it announced")


def _word(error: Exception) -> str:
    """A few words for a network fault; a certificate's own reason is worth its length."""
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or 'handshake failed'}"
    if isinstance(error, TimeoutError):
        return "timed out"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
