"""What the audit log bears: rows appended by many writers while it is sealed, and how soon they are.

Run on a server of its own, in a folder on disk:

    python -m tests.benchmarks.sealing              append with 32 writers for 10 s while sealing
    python -m tests.benchmarks.sealing late         24,000 rows with slow and rolled-back transactions: none missed
    python -m tests.benchmarks.sealing kill [50]    kill the sealer after each step, so many times each
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import psycopg

from service.store.database import Database
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from service.store.sealed_log import SealedLog
from tests.audit_exports import an_entry
from tests.integration import sealing
from tests.integration.sealing import Host, check_sound, rows, seal_beside_writers

WRITERS = 32
SECONDS = 10.0


def write_for(url: str, seconds: float) -> None:
    """Append entries one a transaction, as one worker does."""
    deadline, leaf = monotonic() + seconds, an_entry(1).leaf
    with psycopg.connect(url, autocommit=True) as connection:
        while monotonic() < deadline:
            connection.execute("insert into audit_entry (entry_id, leaf) values (gen_random_uuid(), %s)", [leaf])


def append_and_seal(host: Host) -> None:
    """Print how many rows a second go in beside the sealer, and how long the last ones wait."""
    host.seal()
    writers = [multiprocessing.Process(target=write_for, args=(host.url, SECONDS)) for _ in range(WRITERS)]
    sealer, slowest, rounds, waited = host.sealer(), 0.0, 0, 0.0
    for writer in writers:
        writer.start()
    with Database(host.url) as database:
        while any(writer.is_alive() for writer in writers):
            started = monotonic()
            sealed = sealer.seal()
            slowest, rounds = max(slowest, monotonic() - started), rounds + 1
            waited = max(waited, SealedLog(database).status().oldest_seconds)
            sleep(0 if sealed is not None and sealed.more else 0.5)
    ended = monotonic()
    sealer.close()
    host.seal()
    print(f"sealed {monotonic() - ended:.1f} s after the last row; oldest that waited meanwhile {waited:.1f} s")
    size = check_sound(host)
    print(f"{size / SECONDS:,.0f} rows a second by {WRITERS} writers; {rounds} rounds, the slowest {slowest:.2f} s")


def late_commits(host: Host) -> None:
    """Print how many rows a cursor on the id misses, and that the sealer misses none."""
    started = monotonic()
    written, missed = seal_beside_writers(host, rows_in_all=24_000)
    sealed = check_sound(host) - 1
    assert sealed == written.committed == len(rows(host.url, "select from audit_entry")) - 1
    print(f"{written.committed} rows committed and {written.rolled_back} rolled back, in {monotonic() - started:.0f} s")
    print(f"sealed once each: {sealed}; a cursor on the id misses {missed}")


def main(what: str = "append", rounds: str = "50") -> None:
    """Run one of the three on a database made for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "home") as server:
            migrate(server.url)
            host = Host(server.url, folder / "audit")
            if what == "kill":
                sealing.main(server.url, str(host.folder), rounds)
            else:
                {"append": append_and_seal, "late": late_commits}[what](host)


if __name__ == "__main__":
    main(*sys.argv[1:])
