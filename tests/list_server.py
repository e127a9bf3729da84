"""A real HTTP server on loopback that behaves like a list publisher, well or badly."""

from __future__ import annotations

import socket
import ssl
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Page:
    """What a path answers.

    ``cut`` sends only so many bytes of the body and closes; with ``reset`` it breaks the connection there.
    ``drip`` waits between bytes, ``silence`` before the first. A ``Content-Length`` among the headers is sent
    as it stands.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0
    silence: float = 0.0
    reset: bool = False


@dataclass
class ListServer:
    """``pages`` by path; ``requests`` are (path, headers) in the order in which they came."""

    address: str
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def self_signed() -> ssl.SSLContext:
    """A server's side of TLS for ``localhost``, with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "server.pem"
        pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(pem)
    return context


@contextmanager
def list_server(tls: ssl.SSLContext | None = None) -> Iterator[ListServer]:
    """Run a server for the length of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.requests.append((self.path, dict(self.headers)))
            page = served.pages.get(self.path, Page(status=404))
            time.sleep(page.silence)
            etag = page.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self._head(304, page.headers, 0)
                return
            length = int(page.headers.get("Content-Length", len(page.body)))
            self._head(page.status, page.headers, length)
            body = page.body if page.cut is None else page.body[: page.cut]
            if page.drip:
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(page.drip)
            else:
                self.wfile.write(body)
            if page.reset:
                self.wfile.flush()
                time.sleep(0.05)  # else the break overtakes the bytes
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            if page.cut is not None or "Content-Length" in page.headers:
                self.close_connection = True

        def _head(self, status: int, headers: dict[str, str], length: int) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name != "Content-Length":
                    self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(length))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):  # some tests make the client leave early, or us
                super().handle()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    if tls is not None:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up, as they should
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    served = ListServer(address=f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
