"""Keeps a worker of the queue running beside the web server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self

from service.store.launch import tied_command

FIRST_PAUSE = 1.0  # seconds before a worker that ended is started anew, doubled up to the longest
LONGEST_PAUSE = 60.0
STOP_SECONDS = 20.0


class WorkerBeside:
    """One worker process for the length of a ``with`` block, started anew where it ends.

    The process is tied to the thread that starts it, which lives as long as the block.
    """

    def __init__(self, environment: Mapping[str, str], *, module: str = "service.jobs") -> None:
        self._environment = environment
        self._module = module
        self._stopping = Event()
        self._thread = Thread(target=self._keep, name="jobs", daemon=True)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            self.process = subprocess.Popen(
                tied_command(sys.executable, "-m", self._module),
                env=dict(self._environment),
                start_new_session=True,  # the terminal's Ctrl-C comes to us; we stop the worker in order
            )
            while self.process.poll() is None and not self._stopping.wait(0.5):
                pass
            if not self._stopping.wait(pause):
                pause = min(2 * pause, LONGEST_PAUSE)
        if self.process is not None:
            _stop(self.process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask, then end: a load that is cut leaves nothing behind."""
    with suppress(ProcessLookupError):
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
        return
    process.kill()
    process.wait()
