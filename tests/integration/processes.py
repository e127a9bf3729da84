"""Watching and killing processes in the tests of the embedded PostgreSQL."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

OWNER = """
import sys, time
from pathlib import Path
from service.store.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print("owner" if server.owned else "guest", flush=True)
time.sleep(600)
"""


def wait_until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline
        sleep(0.02)


def runs(pid: int | None) -> bool:
    """Whether a process lives; a zombie does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def server_processes(home: Path) -> list[int]:
    """Every process of the server: they all work in its data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").samefile(home / "postgres"):
                found.append(int(entry.name))
    return found


def kill(*pids: int | None) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid or 0, signal.SIGKILL)
