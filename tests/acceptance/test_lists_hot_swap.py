"""A running service takes a newly imported list within 30 seconds, whole or not at all, and without an error."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.sax.saxutils import escape

import httpx
import pytest

from service.lists.sources import source_of
from tests.acceptance.running_service import RunningService

WITHIN = 30.0  # seconds
KEPT = 700
ADDED = 300

ENTITY = """<ENTITY><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME>
<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.{number}</REFERENCE_NUMBER>
<LISTED_ON>2016-03-02</LISTED_ON><COMMENTS1/><LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>
<LAST_DAY_UPDATED><VALUE/></LAST_DAY_UPDATED><ENTITY_ALIAS><QUALITY/><ALIAS_NAME/></ENTITY_ALIAS>
<ENTITY_ADDRESS><COUNTRY>Democratic People's Republic of Korea</COUNTRY></ENTITY_ADDRESS>
<SORT_KEY/><SORT_KEY_LAST_MOD/></ENTITY>
"""
SYLLABLES = ("bal", "cor", "dun", "fel", "gim", "hul", "jor", "kas", "lom", "mir")


def made_up_name(number: int) -> str:
    """An organisation that no real list holds; names of different numbers share no word but the last."""
    first, second, third = (SYLLABLES[int(digit)] for digit in f"{number:03d}")
    return f"{first}{second}{third}ax {third}{first}{second}ov Trading"


LOOKED_FOR = {made_up_name(KEPT + number) for number in range(0, ADDED, 30)}  # from all over the added part


def un_file(folder: Path, day: str, names: list[str]) -> Path:
    """A consolidated list in the UN's form that holds ``names`` and was generated on ``day``."""
    path = folder / f"consolidated-{day}.xml"
    every = [*source_of("un_sc").canaries, *names]  # a list without these is taken for another one
    entities = "".join(ENTITY.format(number=7_000_000 + index, name=escape(name)) for index, name in enumerate(every))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:09.554Z"><INDIVIDUALS></INDIVIDUALS>'
        f"<ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>\n"
    )
    return path


@pytest.fixture(scope="module")
def running() -> Iterator[RunningService]:
    with RunningService("--demo", "--workers", "2") as service:
        yield service


class Watch:
    """Keeps asking about entries from all over the new list and notes what each answer knew."""

    def __init__(self, service: RunningService) -> None:
        self._service = service
        self.stop = threading.Event()
        self.faults: list[str] = []
        self.mixed: list[tuple[int, int]] = []
        self.answers = 0
        self.new_since: float | None = None
        self.old_after: float | None = None

    def run(self, before: int, after: int) -> None:
        body = {
            "worker": {"name": "Somebody Else"},
            "counterparties": [{"role": "client", "name": name} for name in sorted(LOOKED_FOR)],
        }
        with self._service.client() as client:
            while not self.stop.is_set():
                answer = client.post("/v1/screenings", json=body)
                if answer.status_code != httpx.codes.CREATED:
                    self.faults.append(f"{answer.status_code} {answer.text[:300]}")
                    continue
                self._note(answer.json(), before, after)

    def _note(self, answer: dict, before: int, after: int) -> None:
        [version] = [one["version"] for one in answer["lists"] if one["id"] == "un_sc"]
        found = {one["matched_name"] for one in answer["matches"] if one["list"] == "un_sc"} & LOOKED_FOR
        self.answers += 1
        if (version, len(found)) == (after, len(LOOKED_FOR)):
            self.new_since = self.new_since or time.monotonic()
        elif (version, len(found)) == (before, 0):
            self.old_after = time.monotonic()
        else:
            self.mixed.append((version, len(found)))


def test_a_new_list_version_serves_within_thirty_seconds_and_whole(running: RunningService, tmp_path: Path) -> None:
    names = [made_up_name(number) for number in range(KEPT + ADDED)]
    first = running.run("lists", "import", "un_sc", str(un_file(tmp_path, "2026-11-01", names[:KEPT])))
    assert first.returncode == 0, first.stdout + first.stderr
    before = _serving_version(running, KEPT + len(source_of("un_sc").canaries))
    workers = _workers(running)

    watch = Watch(running)
    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(watch.run, before, before + 1) for _ in range(4)]
        time.sleep(1)
        second = running.run("lists", "import", "un_sc", str(un_file(tmp_path, "2026-11-02", names)))
        imported = time.monotonic()
        while time.monotonic() < imported + WITHIN and not _settled(watch):
            time.sleep(0.1)
        watch.stop.set()
        for client in clients:
            client.result()

    assert second.returncode == 0, second.stdout + second.stderr
    assert watch.faults == []
    assert watch.mixed == []
    assert watch.answers > 0
    assert watch.new_since is not None, "the new version never served"
    assert watch.old_after is None or watch.old_after < imported + WITHIN
    assert not workers & _workers(running), "a worker built an index of its own: its memory is not shared"


def test_a_file_that_ends_too_early_changes_nothing(running: RunningService, tmp_path: Path) -> None:
    names = [made_up_name(number) for number in range(KEPT + ADDED)]
    whole = un_file(tmp_path, "2026-11-03", [*names, "Never Seen Trading"])
    whole.write_bytes(whole.read_bytes()[:-200])
    before = _serving(running)
    refused = running.run("lists", "import", "un_sc", str(whole))
    assert refused.returncode != 0
    assert len((refused.stdout + refused.stderr).strip().splitlines()) == 1, refused.stdout + refused.stderr
    time.sleep(3)
    assert _serving(running) == before


def _workers(service: RunningService) -> set[int]:
    _, workers = service.web_server()
    return {worker.pid for worker in workers}


def _settled(watch: Watch) -> bool:
    """The new version has served for three seconds and no worker has answered by the old one in that time."""
    if watch.new_since is None:
        return False
    last_change = max(watch.new_since, watch.old_after or 0)
    return time.monotonic() > last_change + 3


def _serving(service: RunningService) -> dict:
    with service.client() as client:
        [status] = [one for one in client.get("/v1/lists").json()["lists"] if one["id"] == "un_sc"]
    return {name: status[name] for name in ("version", "entries", "sha256")}


def _serving_version(service: RunningService, entries: int) -> int:
    """The version once every worker serves the list with ``entries`` entries."""
    until = time.monotonic() + WITHIN
    agreed = 0
    while time.monotonic() < until:
        serving = _serving(service)
        agreed = agreed + 1 if serving["entries"] == entries else 0
        if agreed == 20:
            return int(serving["version"])
        time.sleep(0.1)
    raise AssertionError(f"the first import never served: {_serving(service)}")
