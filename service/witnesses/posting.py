"""One HTTP POST to a witness: bounded in time and size, and never to another address than the one configured."""

from __future__ import annotations

import http.client
import ipaddress
import ssl
from collections.abc import Mapping
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from service.errors import WitnessError

STEP_SECONDS = 10.0  # to connect, and for each silence
TOTAL_SECONDS = 30.0
MOST_BYTES = 64 * 1024


def address_fault(address: str, *, plain: bool = False) -> str | None:
    """What is wrong with a witness's address; None for HTTPS, and for HTTP to this machine.

    ``plain`` allows HTTP to anywhere: for what proves itself, whoever carried it.
    """
    try:
        target = urlsplit(address)
        host, _ = target.hostname or "", target.port
    except ValueError:
        return "is no URL"
    if not host or target.username or target.password:
        return "has no host, or credentials in it"
    if target.scheme == "https" or (target.scheme == "http" and (plain or _is_loopback(host))):
        return None
    return "must begin with http:// or https://" if plain else "must begin with https:// (http:// to this machine only)"


def host_of(address: str) -> str:
    """The host of an address: its path and query may hold a secret, so they are never shown."""
    return urlsplit(address).hostname or "?"


def post(address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body of a successful answer (2xx); WitnessError says in one line why there is none.

    A redirect is a failure: a head goes where the operator sent it and nowhere else.
    """
    target = urlsplit(address)
    deadline = monotonic() + TOTAL_SECONDS
    connection = _connection(target)
    try:
        path = f"{target.path or '/'}{f'?{target.query}' if target.query else ''}"
        connection.request("POST", path, body=body, headers={"User-Agent": "hirescreen", **headers})
        response = connection.getresponse()
        if not 200 <= response.status < 300:
            raise WitnessError(f"{target.hostname} answered HTTP {response.status}")
        return _read(response, target, deadline)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise WitnessError(f"{target.hostname} cannot be reached ({_word(error)})") from error
    finally:
        connection.close()


def _connection(target: SplitResult) -> http.client.HTTPConnection:
    host = target.hostname or ""
    if target.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, target.port, timeout=STEP_SECONDS, context=context)
    return http.client.HTTPConnection(host, target.port, timeout=STEP_SECONDS)


def _read(response: http.client.HTTPResponse, target: SplitResult, deadline: float) -> bytes:
    answer = b""
    # read1 returns after one receive, so that a server that drips bytes cannot outlast the deadline
    while chunk := response.read1(8192):
        answer += chunk
        if len(answer) > MOST_BYTES:
            raise WitnessError(f"{target.hostname} answers more than {MOST_BYTES} bytes")
        if monotonic() > deadline:
            raise WitnessError(f"{target.hostname} took longer than {TOTAL_SECONDS:g} seconds")
    return answer


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _word(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"TLS: {error.reason or 'handshake failed'}"
    if isinstance(error, TimeoutError):
        return "timed out"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
