"""A real hirescreen in its own process and its own home, as the README's first command starts it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

COMMAND = Path(sys.executable).with_name("hirescreen")
START_SECONDS = 120.0
STOP_SECONDS = 40.0


def free_port() -> int:
    """A port of the loopback interface that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningService:
    """One ``hirescreen serve``; ends its own processes and no others."""

    def __init__(self, *arguments: str, settings: Mapping[str, str] | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="hirescreen-acceptance-"))
        self.arguments = arguments
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = ""
        self.printed = ""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith("HIRESCREEN_")
        }
        self.environment = inherited | {"HIRESCREEN_HOME": str(self.home / "home")} | dict(settings or {})
        self.output = self.home / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self._seen: dict[int, psutil.Process] = {}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill_everything()
            shutil.rmtree(self.home, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> None:
        """Start the service and wait until it says that it is ready."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(self.port), *self.arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_until_ready()
        self.printed = self._announcement()
        shown = re.search(r"scr_live_[0-9A-Za-z]{36}", self.printed)
        self.key = shown[0] if shown else self.key

    def _announcement(self) -> str:
        """What the command prints once it serves."""
        until = time.monotonic() + START_SECONDS
        while "URL: " not in (printed := self.output.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        return printed

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when ``/readyz`` says 200; AssertionError with the service's own words where it does not."""
        until = time.monotonic() + seconds
        last = "no answer"
        while time.monotonic() < until:
            if self.process is not None and self.process.poll() is not None:
                break
            with suppress(httpx.HTTPError):
                answer = httpx.get(f"{self.url}/readyz", timeout=5)
                last = f"{answer.status_code} {answer.text}"
                if answer.status_code == httpx.codes.OK:
                    return
            time.sleep(0.1)
        raise AssertionError(f"not ready: {last}\n{self.output.read_text()[-3000:]}")

    def client(self) -> httpx.Client:
        """An HTTP client with the printed API key."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.key}"}, timeout=30)

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run another ``hirescreen`` command on the same home while the service runs."""
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def processes(self) -> list[psutil.Process]:
        """The processes of the service that live now: the command, its web server, its database."""
        if self.process is None:
            return []
        found: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            found = [parent, *parent.children(recursive=True)]
        # A child whose parent was killed belongs to somebody else now: remember it while it lives.
        self._seen |= {one.pid: one for one in found}
        return [one for one in self._seen.values() if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

    def web_server(self) -> tuple[psutil.Process, list[psutil.Process]]:
        """The process that listens on our port with the most children, and those children (its workers)."""
        masters = [one for one in self.processes() if "gunicorn" in _words(one)]
        roots = [one for one in masters if one.ppid() not in {other.pid for other in masters}]
        assert len(roots) == 1, [_words(one) for one in self.processes()]
        return roots[0], [one for one in masters if one.ppid() == roots[0].pid]

    def database_processes(self) -> list[psutil.Process]:
        """The processes of the embedded PostgreSQL, the postmaster first."""
        servers = [one for one in self.processes() if "postgres" in _words(one)]
        pids = {one.pid for one in servers}
        return sorted(servers, key=lambda one: one.ppid() in pids)

    def kill_everything(self) -> None:
        """``kill -9`` of all processes of this service at once; returns when they are gone."""
        doomed = self.processes()
        for one in doomed:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(STOP_SECONDS)
        psutil.wait_procs(doomed, timeout=STOP_SECONDS)
        self.process = None
        self._seen.clear()

    def stop(self) -> None:
        """End the service as an operator does, with SIGTERM; SIGKILL for what is left, which is a fault."""
        if self.process is None:
            return
        ours = self.processes()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
            _, left = psutil.wait_procs(ours, timeout=10)
        except subprocess.TimeoutExpired:
            left = ours
        for one in left:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process = None
        self._seen.clear()
        assert not left, f"left running after SIGTERM: {left}"


def _words(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline()) or process.name()
    return ""
