"""What a long list costs to load and to serve: ``python -m tests.benchmarks.list_scale [--entries N]``.

Writes an invented list of N entries in a publisher's format, imports it with the command line into a PostgreSQL
of its own, imports a second issue in which one entry in a hundred differs, and prints the peak memory of each
loader and its seconds. A loader stays under 600 MB however long the list is. Then it builds what a worker serves
by, whose memory does grow with the list, and prints that too. Ends with status 1 where a loader took more.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from tests.synthetic_lists import FORMATS, write

LIMIT = 600 * 1024 * 1024  # bytes of a loader
LOOK_SECONDS = 0.1
LONGEST_SECONDS = 3600.0
ROOT = Path(__file__).resolve().parents[2]
_SERVE = """
import sys, time
from service.app import build_service
from service.config import Config
service = build_service(Config.from_env())
with service.database:
    service.snapshots.refresh()
    index = service.snapshots.current().index
    print(len(index.listings), len(index))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A process that ended: its peak of resident memory (bytes), how long it took in all and on a processor, and

    what it said last."""

    peak: int
    seconds: float
    processor: float
    said: str


def measured(arguments: Sequence[str], env: dict[str, str]) -> Run:
    """Run a process to its end, reading its high-water mark as it goes; RuntimeError where it fails."""
    began, peak = time.monotonic(), 0
    child = subprocess.Popen(arguments, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        peak = max(peak, _high_water(child.pid))
        if time.monotonic() - began > LONGEST_SECONDS:
            child.kill()
        time.sleep(LOOK_SECONDS)
    child.returncode = os.waitstatus_to_exitcode(status)
    said = (child.stdout.read() if child.stdout else "").strip()
    if child.returncode != 0:
        raise RuntimeError(f"{arguments[1:4]} ended with {child.returncode}: {said[-2000:]}")
    processor = usage.ru_utime + usage.ru_stime
    lines = [line for line in said.splitlines() if ", version " in line] or said.splitlines()[-1:]
    return Run(peak, time.monotonic() - began, processor, lines[-1] if lines else "")


def _high_water(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def run(format_: str, entries: int, *, serve: bool) -> int:
    """Load and serve a list of one format; how many loaders took too much."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory(prefix="hirescreen-scale-") as name, EmbeddedPostgres(Path(name)) as server:
        folder = Path(name)
        migrate(server.url)
        env = {**os.environ, "HIRESCREEN_HOME": name, "HIRESCREEN_MODE": "demo", "DATABASE_URL": server.url}
        issues = {
            "first issue": (today - timedelta(days=1), range(0)),
            "1 % changed": (today, range(0, entries, 100)),
        }
        loaders = []
        for title, (day, changed) in issues.items():
            list_id, path = write(format_, folder, day.isoformat(), entries, changed=changed)
            size = path.stat().st_size
            command = [str(Path(sys.executable).with_name("hirescreen")), "lists", "import", list_id, str(path)]
            loaders.append(done := measured([*command, "--accept-held"], env))
            path.unlink()
            print(f"{format_:5} {title:12} {size / 1e6:6.0f} MB file  {_figures(done)}  {done.said}", flush=True)
        if serve:
            done = measured([sys.executable, "-c", _SERVE], {**env, "HIRESCREEN_REQUIRED_LISTS": list_id})
            print(f"{format_:5} {'to serve':12} {'':14}  {_figures(done)}  entries and names: {done.said}", flush=True)
    return sum(loader.peak > LIMIT for loader in loaders)


def _figures(done: Run) -> str:
    return f"peak {done.peak / 1e6:6.0f} MB  {done.seconds:6.1f} s ({done.processor:.1f} s of a processor)"


def main() -> int:
    """Print the figures; how many loaders took more than they may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--format", choices=tuple(FORMATS), action="append", dest="formats")
    parser.add_argument("--no-serve", action="store_true", help="only load")
    given = parser.parse_args()
    formats = given.formats or list(FORMATS)
    print(f"{given.entries} entries; a loader may take {LIMIT / 1e6:.0f} MB", flush=True)
    return sum(run(each, given.entries, serve=not given.no_serve) for each in formats)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
