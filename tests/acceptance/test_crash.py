"""``kill -9`` of the service and of its database in the middle of 1,000 requests loses no answer given."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from service.audit.checkpoint import parse_head
from service.audit.heads import whole_records
from tests.acceptance.running_service import RunningService

REQUESTS = 1000
CLIENTS = 8
KILL_AFTER = (250, 600)  # answers given by then
PATIENCE = 90.0  # seconds that a client goes on asking


class Load:
    """Clients that ask until they are answered, each question with one Idempotency-Key."""

    def __init__(self, service: RunningService) -> None:
        self._service = service
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.acknowledged: dict[int, str] = {}  # number of the question -> id of the screening
        self.refusals = 0
        self.unexpected: list[str] = []

    def run(self) -> None:
        """One client: take the next question until none is left."""
        with self._service.client() as client:
            while (number := next(self._numbers)) < REQUESTS:
                self._ask(client, number)

    def _ask(self, client: httpx.Client, number: int) -> None:
        body = {"reference": f"CRASH-{number}", "worker": {"name": f"Somebody Number {number}"}}
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = client.post("/v1/screenings", json=body, headers={"Idempotency-Key": f'"crash-{number}"'})
            except httpx.HTTPError:
                self._refused()
                continue
            if answer.status_code == httpx.codes.CREATED:
                with self._lock:
                    self.acknowledged[number] = answer.json()["id"]
                return
            # 409: the killed worker's transaction is still being rolled back. 503: the database is away.
            if answer.status_code not in {httpx.codes.CONFLICT, httpx.codes.SERVICE_UNAVAILABLE}:
                self.unexpected.append(f"{answer.status_code} {answer.text[:300]}")
                return
            self._refused()
        self.unexpected.append(f"question {number} had no answer for {PATIENCE:.0f} s")

    def _refused(self) -> None:
        with self._lock:
            self.refusals += 1
        time.sleep(0.1)


def kill_a_worker(service: RunningService) -> None:
    _, workers = service.web_server()
    workers[0].send_signal(signal.SIGKILL)


def kill_the_web_server(service: RunningService) -> None:
    master, workers = service.web_server()
    for one in (master, *workers):
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)


def kill_the_database(service: RunningService) -> None:
    for one in service.database_processes():
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGKILL)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningService]:
    """With a witness: the file ``heads`` of the test's folder."""
    settings = {"HIRESCREEN_WITNESS_FILE": str(tmp_path / "heads"), "HIRESCREEN_SEAL_SECONDS": "1"}
    with RunningService("--demo", "--workers", "2", settings=settings) as service:
        yield service


@pytest.mark.parametrize(
    "kill", [kill_a_worker, kill_the_database, kill_the_web_server, RunningService.kill_everything]
)
def test_no_acknowledged_decision_is_lost(
    running: RunningService, tmp_path: Path, kill: Callable[[RunningService], None]
) -> None:
    load = Load(running)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(load.run) for _ in range(CLIENTS)]
        for answered in KILL_AFTER:
            _wait_until(lambda answered=answered: len(load.acknowledged) >= answered or _all_done(clients))
            kill(running)
            _bring_back(running)
        for client in clients:
            client.result()

    assert load.unexpected == []
    assert len(load.acknowledged) == REQUESTS
    assert len(set(load.acknowledged.values())) == REQUESTS

    # What counts is what is there after everything died once more.
    running.kill_everything()
    running.start()
    with running.client() as client:
        for number, screening_id in load.acknowledged.items():
            answer = client.get(f"/v1/screenings/{screening_id}")
            assert answer.status_code == httpx.codes.OK, (number, answer.text)
            assert answer.json()["reference"] == f"CRASH-{number}"
        again = client.post(
            "/v1/screenings",
            json={"reference": "CRASH-0", "worker": {"name": "Somebody Number 0"}},
            headers={"Idempotency-Key": '"crash-0"'},
        )
    assert again.json()["id"] == load.acknowledged[0]
    _check_witness(running, tmp_path / "heads")


def _check_witness(service: RunningService, witness: Path) -> None:
    """It was told of every head that was signed, whatever was killed, once and in order."""
    (signed,) = (service.home / "home" / "audit").glob("*.heads")
    _wait_until(lambda: witness.exists() and _sizes(witness)[-1:] == _sizes(signed)[-1:])
    told = _sizes(witness)
    assert told == _sizes(signed)[-len(told) :]


def _sizes(path: Path) -> list[int]:
    return [parse_head(record).size for record in whole_records(path.read_bytes())]


def _bring_back(service: RunningService) -> None:
    """Wait until the service mended itself; start the command again where it ended, as a supervisor does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if service.process is None or service.process.poll() is not None:
            if service.process is not None:
                service.kill_everything()
            service.start()
        with suppress(AssertionError):
            service.wait_until_ready(20)
            return
    raise AssertionError(service.output.read_text()[-3000:])


def _all_done(clients: list) -> bool:
    return all(client.done() for client in clients)


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < until, "the load stands still"
        time.sleep(0.01)
