"""The only outgoing network code: fetching list files from their publishers.

HTTPS with verified certificates; plain HTTP to this machine only, for mirrors and tests on loopback.
A redirect is followed only to hosts that the source names, and never from HTTPS to HTTP. A download is
bounded in time and in size, must keep up a least speed, must be as long as announced, and must match a
digest where one is sent. No address that we are sent to may lie in a private network.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import http.client
import ipaddress
import re
import socket
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
LEAST_RATE = 50 * 1024  # bytes a second, looked at once the first seconds are over
_FIRST_SECONDS = 5.0
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


@dataclass(frozen=True, slots=True)
class _Limit:
    """How long a fetch may take, and the monotonic time at which that is over."""

    seconds: float
    deadline: float


class Fetcher:
    """Fetches one file at a time. FetchError says in one line why a file could not be had."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        least_rate: float = LEAST_RATE,
        user_agent: str = "hirescreen",  # OFAC's service answers 403 to a client that names itself not at all
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._least_rate = least_rate
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
        seconds: float | None = None,
    ) -> Fetched:
        """The file at ``address``, or word that it is still the one with ``etag``/``last_modified``.

        ``redirects``: hosts that may be redirected to besides the address's own; a leading dot allows
        every host below. ``seconds`` is another limit of time for all of it.
        """
        seconds = seconds or self._total_seconds
        deadline = self._monotonic() + seconds
        first = _checked(_split(address), plain_allowed=True)
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "identity", "Accept": "*/*"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        target = first
        for _ in range(MAX_REDIRECTS + 1):
            connection = self._connection(target, deadline, anywhere=target.hostname == first.hostname)
            try:
                response = self._request(connection, target, headers, patience=seconds)
                if response.status not in _REDIRECTS:
                    limit = _Limit(seconds, deadline)
                    return self._answer(response, target, limit, conditional=bool(etag or last_modified))
                location = response.getheader("Location")
            finally:
                connection.close()
            target = _redirected(first, target, location, redirects)
        raise FetchError(f"{first.hostname} redirects more than {MAX_REDIRECTS} times")

    def _connection(self, target: SplitResult, deadline: float, *, anywhere: bool) -> http.client.HTTPConnection:
        """``anywhere``: the host is the one that was configured, which may stand in our own network (a mirror)."""
        seconds = max(0.001, min(self._connect_seconds, deadline - self._monotonic()))
        host = target.hostname or ""
        if not anywhere and not _is_loopback(host):
            _refuse_private_addresses(host, target.port or 443)
        if target.scheme == "https":
            return http.client.HTTPSConnection(host, target.port, timeout=seconds, context=self._tls)
        return http.client.HTTPConnection(host, target.port, timeout=seconds)

    def _request(
        self,
        connection: http.client.HTTPConnection,
        target: SplitResult,
        headers: Mapping[str, str],
        *,
        patience: float,
    ) -> http.client.HTTPResponse:
        """``patience``: the time for all of it; who is given more of it than others may also be silent longer."""
        path = target.path or "/"
        try:
            connection.connect()
            if patience > self._total_seconds:
                connection.sock.settimeout(patience)
            connection.request("GET", f"{path}?{target.query}" if target.query else path, headers=dict(headers))
            return connection.getresponse()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise FetchError(f"{target.hostname} cannot be reached ({_word(error)})") from error

    def _answer(
        self, response: http.client.HTTPResponse, target: SplitResult, limit: _Limit, *, conditional: bool
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
        return Fetched(content=self._body(response, target, limit), **validators)

    def _body(self, response: http.client.HTTPResponse, target: SplitResult, limit: _Limit) -> BinaryIO:
        stated = response.getheader("Content-Length") or ""
        announced = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else None
        if announced is not None and announced > self._max_bytes:
            raise FetchError(f"{target.hostname} announces more than {self._max_bytes} bytes")
        with ExitStack() as on_failure:
            temporary = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by whoever gets it
            spool = on_failure.enter_context(cast(BinaryIO, temporary))
            digest, size = self._receive(response, spool, target, limit)
            if announced is not None and size != announced:
                raise FetchError(f"the download from {target.hostname} broke off after {size} of {announced} bytes")
            _compare_digest(response, digest, target)
            spool.seek(0)
            on_failure.pop_all()
        return spool

    def _receive(
        self, response: http.client.HTTPResponse, spool: BinaryIO, target: SplitResult, limit: _Limit
    ) -> tuple[bytes, int]:
        """Write the body to ``spool``; its SHA-256 and its length."""
        digest, size = hashlib.sha256(), 0
        began = self._monotonic()
        try:
            # read1 returns after one receive, so that a server that drips bytes cannot outlast the deadline.
            while chunk := response.read1(_CHUNK):
                size += len(chunk)
                if size > self._max_bytes:
                    raise FetchError(f"{target.hostname} sends more than {self._max_bytes} bytes")
                now = self._monotonic()
                if now > limit.deadline:
                    raise FetchError(f"{target.hostname} took longer than {limit.seconds:g} seconds")
                if now - began > _FIRST_SECONDS and size < self._least_rate * (now - began):
                    raise FetchError(f"{target.hostname} sends less than {self._least_rate:g} bytes a second")
                digest.update(chunk)
                spool.write(chunk)
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"the download from {target.hostname} broke off ({_word(error)})") from error
        return digest.digest(), size


def _split(address: str) -> SplitResult:
    try:
        target = urlsplit(address)
        _ = target.port  # read here, where it can be refused
    except ValueError as error:
        raise FetchError("the address of the list is no URL") from error
    return target


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
    if location is None:
        raise FetchError(f"{current.hostname} redirects to nowhere")
    try:
        joined = urljoin(current.geturl(), location)
    except ValueError as error:
        raise FetchError(f"{current.hostname} redirects to what is no URL") from error
    target = _checked(_split(joined), plain_allowed=first.scheme == "http")
    host = target.hostname or ""
    if target.port not in (None, 443, first.port):
        raise FetchError(f"{current.hostname} redirects to another port of {host}")
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


def _refuse_private_addresses(host: str, port: int) -> None:
    """A name that leads into our own network is no publisher's; its certificate is checked besides."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} cannot be found ({_word(error)})") from error
    if any(not ipaddress.ip_address(address.partition("%")[0]).is_global for address in found):
        raise FetchError(f"{host} lies in a private network, where no publisher is")


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
