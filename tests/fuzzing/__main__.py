"""Fuzz the parsers: ``python -m tests.fuzzing NAME [--seconds N] [--corpus DIR]``, or ``all``; see docs/fuzzing.md.

NAME is a format of a list (``un_sc_xml``) or another parser (``mrz``). ``--seconds`` is processor time. A run adds
its figures to ``summary.json`` in ``--out``; ``all`` gives each target that has had less than ``--seconds`` what it
lacks, the most important one first, until ``--until`` (HH:MM, UTC). ``--report`` prints the summary as a table.
The exit status is 1 where a run found something.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from tests.fuzzing.report import Run, load, save, table

CHECKOUT = Path(__file__).resolve().parents[2]
LIVES = 50  # restarts of one run; libFuzzer ends a process at a hang or where the memory is full
_PROGRESS = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)/")
_ENDED = {70: "a hang", 71: "too much memory", 77: "a crash"}


def main() -> int:
    given = _arguments().parse_args()
    if given.report:
        print(table(load(given.out)))
        return 0
    if find_spec("atheris") is None:
        print("The fuzzer needs atheris: pip install hirescreen[fuzz]", file=sys.stderr)
        return 2
    from tests.fuzzing.targets import TARGETS

    if given.name == "all":
        return _run_all(list(TARGETS), given)
    if given.name not in TARGETS:
        print(f"{given.name!r} is none of {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    found = _run(given.name, given.seconds, given)
    return int(bool(found.findings))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="all")
    parser.add_argument("--seconds", type=float, default=1200, help="of processor time, for each target")
    parser.add_argument("--corpus", type=Path, help="more inputs to start from: a folder, with one folder a target")
    parser.add_argument("--out", type=Path, default=Path("fuzzing"), help="for logs, findings and summary.json")
    parser.add_argument("--until", help="HH:MM (UTC) at which all stops")
    parser.add_argument("--report", action="store_true")
    return parser


def _run_all(names: list[str], given: argparse.Namespace) -> int:
    deadline = _deadline(given.until)
    found = 0
    for name in names:
        done = load(given.out).get(name)
        missing = given.seconds - (done.seconds if done else 0)
        if missing > 1 and datetime.now(UTC) < deadline:
            found += len(_run(name, missing, given, deadline).findings)
    return int(bool(found))


def _deadline(until: str | None) -> datetime:
    now = datetime.now(UTC)
    if until is None:
        return now + timedelta(days=7)
    hour, minute = map(int, until.split(":"))
    stated = now.replace(hour=hour, minute=minute, second=0)
    return stated if stated > now else stated + timedelta(days=1)


def _run(name: str, seconds: float, given: argparse.Namespace, deadline: datetime | None = None) -> Run:
    """Fuzz one target for ``seconds``, over as many processes as it takes; the figures of this run alone."""
    folder: Path = given.out / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    if given.corpus and (given.corpus / name).is_dir():
        for path in (given.corpus / name).iterdir():
            shutil.copy(path, corpus)
    total = Run(began=datetime.now(UTC).isoformat(timespec="seconds"))
    for _ in range(LIVES):
        life = _live(name, folder, seconds - total.seconds, deadline)
        total = total.with_life(life)
        save(given.out, name, life)
        if total.seconds >= seconds - 1 or (deadline and datetime.now(UTC) >= deadline) or not life.executions:
            break
    print(
        f"{name}: {total.executions:,} executions in {total.seconds:.0f} s, {len(total.findings)} findings", flush=True
    )
    return total


def _live(name: str, folder: Path, seconds: float, deadline: datetime | None) -> Run:
    """One process of the fuzzer, until its time is over, the deadline comes or libFuzzer ends it."""
    figures, log = folder / "figures.json", folder / "log.txt"
    figures.unlink(missing_ok=True)
    began = datetime.now(UTC)
    command = [sys.executable, "-m", "tests.fuzzing.running", name, str(folder), str(seconds), str(folder / "corpus")]
    with log.open("ab") as out:
        start = out.tell()
        child = subprocess.Popen(command, cwd=CHECKOUT, stdout=out, stderr=out)
        while child.poll() is None:
            time.sleep(1)
            if deadline and datetime.now(UTC) >= deadline:
                child.kill()
                child.wait()
    with log.open("rb") as told:
        told.seek(start)
        progress = _PROGRESS.findall(told.read().decode("utf-8", "replace"))
    stated = json.loads(figures.read_text("utf-8")) if figures.is_file() else {}
    findings = dict(stated.get("findings", {}))
    if child.returncode in _ENDED:
        findings[f"ended-{child.returncode}"] = f"libFuzzer ended the process: {_ENDED[child.returncode]}; see log.txt"
    edges, features, inputs = map(int, progress[-1] if progress else (0, 0, 0))
    return Run(
        began=began.isoformat(timespec="seconds"),
        executions=stated.get("executions", 0),
        read=stated.get("read", 0),
        seconds=round(stated.get("seconds", 0.0), 1),
        slowest=round(stated.get("slowest", 0.0), 3),
        edges=edges,
        features=features,
        inputs=inputs,
        findings=findings,
    )


if __name__ == "__main__":
    sys.exit(main())
