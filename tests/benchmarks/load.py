"""Clients that cost little beside the server they measure: raw sockets, requests made beforehand."""

from __future__ import annotations

import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PROCESSES = 2
THREADS = 4  # in each process


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests answered per second, and the seconds that each took, in order of length."""

    per_second: float
    seconds: tuple[float, ...]

    def percentile(self, share: float) -> float:
        """The time within which ``share`` (0 to 1) of the requests were answered, in seconds."""
        return self.seconds[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def prepared(port: int, path: str, body: Any, key: str) -> bytes:
    """One POST request as the bytes that go over the wire."""
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def measure(port: int, requests: Sequence[bytes], seconds: float) -> Measured:
    """Send the requests over and over for ``seconds`` from eight clients; every answer must be 201."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        parts = pool.starmap(_process, [(port, list(requests), seconds)] * PROCESSES)
    times = sorted(one for part in parts for one in part)
    return Measured(len(times) / seconds, tuple(times))


def _process(port: int, requests: list[bytes], seconds: float) -> list[float]:
    times: list[float] = []
    faults: list[BaseException] = []
    until = time.perf_counter() + seconds

    def client(first: int) -> None:
        try:
            times.extend(_client(port, requests, first, until))
        except BaseException as fault:  # handed to the thread that waits
            faults.append(fault)

    threads = [threading.Thread(target=client, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return times


def _client(port: int, requests: list[bytes], first: int, until: float) -> list[float]:
    times = []
    number = first
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while (sent := time.perf_counter()) < until:
            connection.sendall(requests[number % len(requests)])
            if not _read_answer(connection):
                connection.close()
                connection = socket.create_connection(("127.0.0.1", port), timeout=30)
            times.append(time.perf_counter() - sent)
            number += 1
    return times


def _read_answer(connection: socket.socket) -> bool:
    """Read one answer whole; False where the server closes the connection after it."""
    received = b""
    while (end := received.find(b"\r\n\r\n")) < 0:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection before it answered")
        received += part
    head = received[:end].lower()
    if not head.startswith(b"http/1.1 201"):
        raise AssertionError(f"{received!r} {connection.recv(65536)!r}")
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    missing = length - (len(received) - end - 4)
    while missing > 0:
        missing -= len(connection.recv(65536))
    return b"connection: close" not in head
