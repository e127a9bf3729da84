"""A long list swapped under load: ``python -m tests.benchmarks.list_swap [--entries N]``.

Starts a real service with its workers, loads an invented list of 100,000 entries, and lets clients on loopback ask
without pause about entries that two issues of the list hold differently. Then the second issue is imported. Every
answer must be wholly of the version that it names: all of its marks and none of the other's. Prints the times of
answers before, during and after, and the seconds from the activation until the last worker had left the old
version. Ends with status 1 where there was an error or a mixed answer, or the second issue never served.

What takes its time after the activation is the index over the new version, built beside the old one, of whose names
only the new ones are read. The publishers' own lists hold some twenty thousand entries.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.acceptance.running_service import RunningService
from tests.synthetic_lists import name_of, write

LIST = "opensanctions"
MARKS = 5
CLIENTS = 4
LONGEST_WAIT = 600.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: when it was asked for (monotonic), how long it took, and the version that it is wholly of."""

    at: float
    seconds: float
    version: int


@dataclass(slots=True)
class Heard:
    """What the clients heard. ``mixed`` and ``faults`` tell the first few of each."""

    answers: list[Answer] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marks:
    """Names that only the one issue holds, and those that only the other holds instead."""

    old: frozenset[str]
    new: frozenset[str]

    @classmethod
    def of(cls, changed: range) -> Marks:
        """Names from all over the changed part."""
        numbers = [changed[(place + 1) * len(changed) // (MARKS + 1)] for place in range(MARKS)]
        return cls(frozenset(map(name_of, numbers)), frozenset(f"{name_of(number)} Anew" for number in numbers))

    def body(self) -> bytes:
        """A request that asks about all of them."""
        parties = [{"role": "client", "name": name} for name in sorted(self.old | self.new)]
        return json.dumps({"worker": {"name": "Somebody Else"}, "counterparties": parties}).encode()

    def fault(self, answer: dict[str, Any], versions: tuple[int, int]) -> str | None:
        """What is wrong with an answer that should be wholly of one of two versions."""
        version = version_in(answer)
        found = {match["matched_name"] for match in answer["matches"] if match["list"] == LIST}
        due, other = (self.old, self.new) if version == versions[0] else (self.new, self.old)
        if version in versions and due <= found and not other & found:
            return None
        return f"version {version}: {len(due & found)} of {len(due)} of its marks, {len(other & found)} of the other's"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the clients ask, and what an answer must be."""

    port: int
    key: str
    marks: Marks
    versions: tuple[int, int]


def version_in(answer: dict[str, Any]) -> int:
    """The version of the list that an answer names."""
    return next(int(one["version"]) for one in answer["lists"] if one["id"] == LIST)


def ask(asked: Asked, until: Any, out: Any) -> None:
    """Ask from several threads until the event ``until``; what was heard goes into the queue ``out``."""
    heard = Heard()
    threads = [threading.Thread(target=_ask, args=(asked, until, heard)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put((heard.answers, heard.mixed[:5], heard.faults[:5], len(heard.mixed), len(heard.faults)))


def _ask(asked: Asked, until: Any, heard: Heard) -> None:
    body = asked.marks.body()
    headers = {"Authorization": f"Bearer {asked.key}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", asked.port, timeout=60)
    while not until.is_set():
        began = time.monotonic()
        try:
            connection.request("POST", "/v1/screenings", body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            heard.faults.append(f"{type(error).__name__}: {error}")
            connection.close()
            continue
        took = time.monotonic() - began
        if response.status != 201:
            heard.faults.append(f"{response.status} {content[:200]!r}")
            continue
        answer = json.loads(content)
        if fault := asked.marks.fault(answer, asked.versions):
            heard.mixed.append(fault)
        heard.answers.append(Answer(began, took, version_in(answer)))
    connection.close()


def serving(service: RunningService) -> set[int]:
    """The versions that the workers name, asked often enough to meet all of them."""
    with service.client() as client:
        lists = [client.get("/v1/lists").json()["lists"] for _ in range(20)]
    return {int(one["version"] or 0) for each in lists for one in each if one["id"] == LIST}


def load(service: RunningService, folder: Path, day: date, entries: int, changed: range) -> float:
    """Import an issue; the monotonic time at which it was in service. AssertionError where it was not taken."""
    _, path = write("ftm", folder, day.isoformat(), entries, changed=changed)
    done = service.run("lists", "import", LIST, str(path), "--accept-held", "--as-of", day.isoformat())
    finished = time.monotonic()
    path.unlink()
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return finished


def is_served(service: RunningService, version: int) -> bool:
    """Wait until all workers serve ``version``; False where they do not for ten minutes."""
    until = time.monotonic() + LONGEST_WAIT
    while serving(service) != {version}:
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def figures(title: str, answers: Sequence[Answer]) -> str:
    """One line: how many answers, and the times within which half and 99 % of them came."""
    times = sorted(answer.seconds for answer in answers)
    if not times:
        return f"  {title:8} no answer"
    p50, p99 = (times[min(len(times) - 1, int(share * len(times)))] * 1000 for share in (0.5, 0.99))
    longest = times[-1] * 1000
    return f"  {title:8} {len(times):6} answers   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   longest {longest:7.1f} ms"


def run(entries: int, seconds: float, workers: int) -> int:
    """Do it and print the figures; 0 where all is as it must be."""
    today = datetime.now(UTC).date()
    changed = range(100, entries, 100)
    marks = Marks.of(changed)
    settings = {"HIRESCREEN_REQUIRED_LISTS": LIST, "HIRESCREEN_MODE": "demo"}
    with (
        tempfile.TemporaryDirectory(prefix="hirescreen-swap-") as name,
        RunningService("--demo", "--workers", str(workers), settings=settings) as service,
    ):
        load(service, Path(name), today - timedelta(days=1), entries, range(0))
        if not is_served(service, 1):
            print("the first issue does not serve")
            return 1
        context = multiprocessing.get_context("spawn")
        stop, out = context.Event(), context.Queue()
        clients = context.Process(
            target=ask, args=(Asked(service.port, service.key, marks, (1, 2)), stop, out), daemon=True
        )
        clients.start()
        time.sleep(seconds)
        began = time.monotonic()
        activated = load(service, Path(name), today, entries, changed)
        served = is_served(service, 2)
        settled = time.monotonic()
        time.sleep(seconds)
        stop.set()
        answers, mixed, faults, many_mixed, many_faults = out.get(timeout=LONGEST_WAIT)
        clients.join(60)
    old = [answer.at for answer in answers if answer.version == 1]
    left = max(old, default=began) - activated
    print(f"{entries} entries, {workers} workers, {CLIENTS} clients, {2 * MARKS} parties a request")
    print(figures("before", [answer for answer in answers if answer.at < began]))
    print(figures("during", [answer for answer in answers if began <= answer.at < settled]))
    print(figures("after", [answer for answer in answers if answer.at >= settled]))
    print(f"  import and activation {activated - began:.1f} s")
    print(f"  the last answer by the old version was asked for {max(left, 0):.1f} s after the activation")
    print(f"  errors {many_faults}, mixed answers {many_mixed} (reach: none)")
    _tell([*faults, *mixed])
    if not served:
        print(f"  the second issue did not serve everywhere within {LONGEST_WAIT:.0f} s")
    return int(bool(many_faults or many_mixed) or not served)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"    {line}")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="before, and after")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    return run(given.entries, given.seconds, given.workers)


if __name__ == "__main__":
    sys.exit(main())
