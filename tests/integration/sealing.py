"""Sealers for the tests, writers that commit late or never, and a process that is killed while it seals."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import psycopg

from service.audit.events import EventWriter
from service.audit.heads import HeadsFile
from service.audit.leaf import leaf_hash
from service.audit.merkle import root_of
from service.audit.publishing import TileFolder
from service.audit.sealing import Sealer, Step
from service.audit.signing import KeyRing, verify_note
from service.records import Actor
from service.store.sealing import SealingStore

ORIGIN = "screening.example/audit/t1"
ACTOR = Actor(kind="system", id="sealer", name="tests")
EVENTS = EventWriter("default", ACTOR)


@dataclass(frozen=True)
class Host:
    """One host's folder of keys, heads and tiles, and the database that it seals."""

    url: str
    folder: Path
    origin: str = ORIGIN

    @property
    def heads(self) -> HeadsFile:
        return HeadsFile(self.folder, self.origin)

    @property
    def keys(self) -> KeyRing:
        return KeyRing(self.folder / "keys.json")

    @property
    def tiles(self) -> TileFolder:
        return TileFolder(self.folder / "tiles", self.origin)

    def sealer(self, *, batch: int = 4096, after_step: Callable[[Step], None] = lambda _: None) -> Sealer:
        return Sealer(
            SealingStore(self.url),
            heads=self.heads,
            keys=self.keys,
            events=EVENTS,
            publishers=[self.tiles],
            after_step=after_step,
            batch=batch,
        )

    def seal(self, **options: int) -> int:
        """Seal all that waits; the size of the tree. A lock that was just given back may take a moment."""
        sealer, deadline = self.sealer(**options), monotonic() + 10
        try:
            while True:
                sealed = sealer.seal()
                if sealed is None:
                    assert monotonic() < deadline
                    sleep(0.02)
                elif not sealed.more:
                    return sealed.size
        finally:
            sealer.close()


def add_entries(url: str, count: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into audit_entry (entry_id, leaf) select gen_random_uuid(),"
            """ convert_to('{"type":"decision","salt":"' || gen_random_uuid() || '"}', 'UTF8')"""
            " from generate_series(1, %s)",
            [count],
        )


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[arg-type]


def check_sound(host: Host) -> int:
    """Every entry is sealed once, and every head is signed and continued by the tree; its size."""
    entries = dict(rows(host.url, "select id, leaf from audit_entry"))
    log = "log = (select max(id) from audit_log)"
    leaves = rows(host.url, f"select leaf_index, entry, leaf_hash from audit_leaf where {log} order by leaf_index")
    assert [index for index, _, _ in leaves] == list(range(len(entries)))
    assert sorted(entry for _, entry, _ in leaves) == sorted(entries)
    hashes = [leaf_hash(bytes(entries[entry])) for _, entry, _ in leaves]
    assert [bytes(stored) for _, _, stored in leaves] == hashes
    heads = list(host.heads.all())
    for head in heads:
        assert head.root == root_of(hashes[: head.size])
        assert verify_note(head.note, host.keys.verifiers(host.origin))
    assert len({head.size for head in heads}) == len(heads)
    stored = rows(host.url, f"select size, note from audit_checkpoint where {log} order by size")
    assert stored == [(head.size, str(head)) for head in heads]
    assert heads[-1].size == len(hashes) == host.tiles.published()
    return len(hashes)


@dataclass
class Written:
    """What the writers committed."""

    committed: int = 0
    rolled_back: int = 0
    running: int = 0


def write_concurrently(url: str, *, rows_in_all: int, writers: int, slow: float, failing: float) -> Iterator[Written]:
    """Write in ``writers`` threads, some transactions slow and some rolled back; yields until all are done."""
    written, lock = Written(running=writers), threading.Lock()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(url) as connection:
            for _ in range(rows_in_all // writers):
                connection.execute("insert into audit_entry (entry_id, leaf) values (%s, 'x')", [uuid4()])
                if chance.random() < slow:
                    sleep(chance.uniform(0.05, 0.3))
                failed = chance.random() < failing
                connection.rollback() if failed else connection.commit()
                with lock:
                    written.committed += not failed
                    written.rolled_back += failed
        with lock:
            written.running -= 1

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(writers)]
    for thread in threads:
        thread.start()
    while written.running:
        yield written
    for thread in threads:
        thread.join()
    yield written


def seal_beside_writers(host: Host, *, rows_in_all: int, writers: int = 16) -> tuple[Written, int]:
    """Seal while others write; what they wrote, and how many rows a cursor on the id would have missed."""
    sealer, seen, last = host.sealer(batch=700), set[int](), 0
    with psycopg.connect(host.url, autocommit=True) as cursor:
        for now in write_concurrently(host.url, rows_in_all=rows_in_all, writers=writers, slow=0.02, failing=0.05):
            written = now
            sealer.seal()
            found = [row[0] for row in cursor.execute("select id from audit_entry where id > %s order by id", [last])]
            seen.update(found)
            last = max([last, *found])
    sealer.close()
    host.seal()
    everything = {row[0] for row in rows(host.url, "select id from audit_entry")}
    return written, len(everything - seen)


def kill_at(host: Host, step: Step) -> None:
    """Seal in a process of its own that is killed after ``step``; waits until it is gone.

    Call it in a process without threads: it forks.
    """
    child = os.fork()
    if child == 0:

        def die(done: Step) -> None:
            if done is step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            host.sealer(batch=300, after_step=die).seal()
        finally:
            os._exit(1)  # it should not have lived
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the sealer was not killed after {step}"


def main(url: str, folder: str, rounds: str) -> None:
    """Kill a sealer after each step, ``rounds`` times each, and check the log after every kill."""
    host = Host(url, Path(folder))
    started = monotonic()
    chance = random.Random(int(rounds))
    host.seal()
    for step in Step:
        for _ in range(int(rounds)):
            add_entries(url, chance.choice((1, 5, 299, 300, 301)))
            kill_at(host, step)
            host.seal(batch=300)
        print(f"{step}: killed {rounds} times, {check_sound(host)} entries sealed once", flush=True)
    print(f"{monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
