"""Fetching over real sockets: what is taken, and what is refused with which words."""

from __future__ import annotations

import base64
import hashlib
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from service.errors import FetchError
from service.intake.fetch import Fetcher
from tests.list_server import ListServer, Page, list_server, self_signed


@pytest.fixture
def server() -> Iterator[ListServer]:
    with list_server() as running:
        yield running


def test_a_file_arrives_whole_with_its_validators(server: ListServer) -> None:
    body = b"x" * 300_000
    server.pages["/list"] = Page(body, headers={"ETag": '"1"', "Last-Modified": "Wed, 04 Mar 2026 23:00:00 GMT"})
    with Fetcher().fetch(f"{server.address}/list") as fetched:
        assert fetched.content is not None
        assert fetched.content.read() == body
    assert (fetched.etag, fetched.last_modified) == ('"1"', "Wed, 04 Mar 2026 23:00:00 GMT")


def test_the_client_names_itself_and_asks_for_no_encoding(server: ListServer) -> None:
    server.pages["/list"] = Page(b"a")
    with Fetcher().fetch(f"{server.address}/list"):
        _, headers = server.requests[0]
    assert headers["User-Agent"] == "hirescreen"
    assert headers["Accept-Encoding"] == "identity"


def test_an_unchanged_file_is_not_sent_again(server: ListServer) -> None:
    server.pages["/list"] = Page(b"a", headers={"ETag": '"1"'})
    assert Fetcher().fetch(f"{server.address}/list", etag='"1"').content is None


def test_not_modified_without_a_condition_is_a_fault(server: ListServer) -> None:
    server.pages["/list"] = Page(status=304)
    with pytest.raises(FetchError, match="304"):
        Fetcher().fetch(f"{server.address}/list")


@pytest.mark.parametrize("status", [400, 403, 500, 502, 503])
def test_an_error_status_is_named(server: ListServer, status: int) -> None:
    server.pages["/list"] = Page(b"sorry", status=status)
    with pytest.raises(FetchError, match=f"HTTP {status}"):
        Fetcher().fetch(f"{server.address}/list")


@pytest.mark.parametrize("status", [404, 410])
def test_a_retired_address_is_told_apart(server: ListServer, status: int) -> None:
    server.pages["/list"] = Page(status=status)
    with pytest.raises(FetchError, match="no longer offers the list"):
        Fetcher().fetch(f"{server.address}/list")


def test_a_download_cut_in_the_middle_is_refused(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 100_000, cut=60_000)
    with pytest.raises(FetchError, match="broke off"):
        Fetcher().fetch(f"{server.address}/list")


def test_a_download_that_drips_ends_at_the_deadline(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 200, drip=0.05)
    with pytest.raises(FetchError, match=r"longer than 0\.3 seconds"):
        Fetcher(total_seconds=0.3).fetch(f"{server.address}/list")


def test_a_silent_server_times_out(server: ListServer) -> None:
    server.pages["/list"] = Page(b"xx", drip=5)
    with pytest.raises(FetchError, match="timed out"):
        Fetcher(connect_seconds=0.2).fetch(f"{server.address}/list")


def test_an_announced_size_above_the_limit_is_refused(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 2000)
    with pytest.raises(FetchError, match="announces more than 1000 bytes"):
        Fetcher(max_bytes=1000).fetch(f"{server.address}/list")


def test_an_html_page_is_no_list(server: ListServer) -> None:
    server.pages["/list"] = Page(b"<html>maintenance</html>", headers={"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(FetchError, match="HTML"):
        Fetcher().fetch(f"{server.address}/list")


def test_a_redirect_on_the_same_host_is_followed(server: ListServer) -> None:
    server.pages["/list"] = Page(status=302, headers={"Location": "/storage/list?signature=abc"})
    server.pages["/storage/list?signature=abc"] = Page(b"content")
    with Fetcher().fetch(f"{server.address}/list") as fetched:
        assert fetched.content is not None
        assert fetched.content.read() == b"content"


def test_a_redirect_to_an_allowed_host_is_followed(server: ListServer) -> None:
    elsewhere = server.address.replace("127.0.0.1", "localhost")
    server.pages["/list"] = Page(status=302, headers={"Location": f"{elsewhere}/stored"})
    server.pages["/stored"] = Page(b"content")
    with Fetcher().fetch(f"{server.address}/list", redirects=("localhost",)) as fetched:
        assert fetched.content is not None


def test_a_redirect_elsewhere_is_refused(server: ListServer) -> None:
    elsewhere = server.address.replace("127.0.0.1", "localhost")
    server.pages["/list"] = Page(status=302, headers={"Location": f"{elsewhere}/stored"})
    server.pages["/stored"] = Page(b"content")
    with pytest.raises(FetchError, match="localhost, which is not a host of this publisher"):
        Fetcher().fetch(f"{server.address}/list")
    assert len(server.requests) == 1


def test_redirects_without_end_are_refused(server: ListServer) -> None:
    server.pages["/list"] = Page(status=302, headers={"Location": "/list"})
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        Fetcher().fetch(f"{server.address}/list")


def test_a_redirect_to_nowhere_is_refused(server: ListServer) -> None:
    server.pages["/list"] = Page(status=302)
    with pytest.raises(FetchError, match="redirects to nowhere"):
        Fetcher().fetch(f"{server.address}/list")


@pytest.mark.parametrize("address", ["http://lists.example/x", "ftp://lists.example/x", "file:///etc/hostname"])
def test_only_https_leaves_this_machine(address: str) -> None:
    with pytest.raises(FetchError, match=r"HTTPS only|no host"):
        Fetcher().fetch(address)


def test_credentials_in_an_address_are_refused() -> None:
    with pytest.raises(FetchError, match="credentials"):
        Fetcher().fetch("https://user:secret@lists.example/x")


def test_a_closed_port_is_one_clear_line() -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 cannot be reached"):
        Fetcher().fetch("http://127.0.0.1:9/list")


@pytest.mark.parametrize("header", ["Digest", "Content-Digest", "Repr-Digest"])
def test_a_digest_that_is_sent_is_compared(server: ListServer, header: str) -> None:
    def announce(body: bytes) -> str:
        value = base64.b64encode(hashlib.sha256(body).digest()).decode()
        return f"SHA-256={value}" if header == "Digest" else f"sha-256=:{value}:"

    server.pages["/good"] = Page(b"list", headers={header: announce(b"list")})
    server.pages["/bad"] = Page(b"list", headers={header: announce(b"another list")})
    with Fetcher().fetch(f"{server.address}/good") as fetched:
        assert fetched.content is not None
    with pytest.raises(FetchError, match="digest"):
        Fetcher().fetch(f"{server.address}/bad")


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with list_server(tls=self_signed()) as server, pytest.raises(FetchError, match="TLS: CERTIFICATE_VERIFY_FAILED"):
        Fetcher().fetch(f"{server.address}/list")


def test_a_server_that_is_too_slow_is_given_up_before_the_deadline(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 200, drip=0.02)
    seconds = iter(range(0, 10_000, 2))  # each look at the clock finds it two seconds later
    with pytest.raises(FetchError, match="sends less than 51200 bytes a second"):
        Fetcher(total_seconds=1000, monotonic=lambda: float(next(seconds))).fetch(f"{server.address}/list")


def test_a_slow_publisher_may_be_given_more_time(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 10, drip=0.05)
    with Fetcher(total_seconds=0.2).fetch(f"{server.address}/list", seconds=30) as fetched:
        assert fetched.content is not None
    with pytest.raises(FetchError, match=r"longer than 0\.2 seconds"):
        Fetcher().fetch(f"{server.address}/list", seconds=0.2)


def test_a_publisher_that_makes_its_list_on_the_fly_may_be_silent_for_longer(server: ListServer) -> None:
    server.pages["/list"] = Page(b"x" * 10, silence=0.5)
    with pytest.raises(FetchError, match="timed out"):
        Fetcher(connect_seconds=0.2, total_seconds=0.4).fetch(f"{server.address}/list")
    with Fetcher(connect_seconds=0.2, total_seconds=0.4).fetch(f"{server.address}/list", seconds=30) as fetched:
        assert fetched.content is not None


def test_a_host_that_we_are_sent_to_may_not_lie_in_a_private_network(
    server: ListServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo

    def names(host: str, port: int, *rest: Any, **named: Any) -> Any:
        """A publisher's name that somebody points into our network; every other name as it is."""
        return look_up("127.0.0.2" if host == "storage.example" else host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", names)
    server.pages["/list"] = Page(status=302, headers={"Location": "https://storage.example/list"})
    with pytest.raises(FetchError, match=r"storage\.example lies in a private network"):
        Fetcher().fetch(f"{server.address}/list", redirects=("storage.example",))
