"""Replay every worked case by the packed engine under another Python: ``python -m tests.benchmarks.replays PYTHON…``.

Each PYTHON must have the packages that the engine imports, in the versions that it prints. For each the number of
decisions whose bytes differ from those recorded (0 is right) and the seconds are printed.
"""

from __future__ import annotations

import copy
import io
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from service.app import Service, build_service
from service.config import Config, Mode
from service.records import Actor
from service.replay.engine import archive, running_engine
from service.replay.engine_material import write_material
from service.replay.recompute import PinnedLists, canonical_decision, decision_in
from service.screening_record import answer_of
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from service.web.schemas.screening import load_request
from tests.rule_cases import steps

ACTOR = Actor(kind="cli", id="local", name="benchmark")
REPLAY = """
import sys
from pathlib import Path
folder, count = Path(sys.argv[1]), int(sys.argv[2])
sys.path.insert(0, str(folder / "engine"))
from service import rulebook
from service.replay.engine_material import read_material
from service.replay.engine_process import load
from service.replay.recompute import PinnedLists, recompute
different, index = 0, None
for number in range(count):
    with (folder / f"{number}.material").open("rb") as file:
        question, store = read_material(iter(file))
    snapshot = PinnedLists(store, question.lists).snapshot(index)
    index = snapshot.index
    found = recompute(question, snapshot, rules=rulebook.current(), load=load)
    different += found != (folder / f"{number}.decision").read_bytes()
print(sys.version.split()[0], "different:", different, "of", count)
"""


def record(service: Service, folder: Path) -> int:
    """Decide every step of every case, and write what a replay needs and what it must give; their number."""
    replays, count = service.replays(), 0
    for step in steps():
        body = copy.deepcopy(step.body)
        decided = service.desk.screen(load_request(body, now=datetime.now(UTC)), body=body, actor=ACTOR)
        found = replays.records.get(decided.id)
        answer = answer_of(found) if found else None
        if found is None or answer is None:
            raise RuntimeError(f"{step.title} was not recorded")
        question = replays.question(found, answer)
        with (folder / f"{count}.material").open("wb") as file:
            write_material(question, PinnedLists(service.lists, question.lists), file)
        (folder / f"{count}.decision").write_bytes(canonical_decision(decision_in(answer)))
        count += 1
    return count


def main() -> None:
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name, "home")) as postgres:
        folder = Path(name)
        migrate(postgres.url)
        with zipfile.ZipFile(io.BytesIO(archive())) as file:
            file.extractall(folder / "engine")
        service = build_service(Config(home=folder, mode=Mode.DEMO, database_url=postgres.url))
        with service.database:
            count = record(service, folder)
        print(f"engine {running_engine().sha256}, {running_engine().runtime}")
        for python in (sys.executable, *sys.argv[1:]):
            began = perf_counter()
            ended = subprocess.run(
                [python, "-I", "-B", "-c", REPLAY, name, str(count)], capture_output=True, text=True, check=True
            )
            print(f"{ended.stdout.strip()}, {perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
