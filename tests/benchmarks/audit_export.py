"""Seal a log of many entries, export it whole as the command does, and check the export as an auditor does.

Run: python -m tests.benchmarks.audit_export [ENTRIES] [PYTHON]

PYTHON is the interpreter of the auditor. The figures are of one process each; the server runs beside them.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

import psycopg

from service.config import Config
from service.sealing_loop import build_sealer, key_ring
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from tests.audit_exports import an_entry

EXPORT_SECONDS, VERIFY_SECONDS, MEMORY_MB = 60, 30, 300


def add_many(url: str, count: int) -> None:
    """Copy decisions into the record, without disclosures."""
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        cursor.copy("copy audit_entry (entry_id, leaf) from stdin (format binary)") as copy,
    ):
        copy.set_types(["uuid", "bytea"])
        for number in range(count):
            entry = an_entry(number)
            copy.write_row((entry.entry_id, entry.leaf))


def seal_everything(config: Config) -> None:
    """Seal until nothing waits."""
    sealer = build_sealer(config)
    try:
        while (sealed := sealer.seal()) is not None and sealed.more:
            pass
    finally:
        sealer.close()


def timed(what: str, command: list[str], env: dict[str, str] | None = None) -> tuple[float, float]:
    """Run a command; its seconds and its memory in MB, which are printed."""
    started = monotonic()
    process = subprocess.Popen(command, env=env)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds, memory = monotonic() - started, used.ru_maxrss / 1024
    assert process.returncode == 0
    print(f"{what}: {seconds:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of one core), {memory:.0f} MB", flush=True)
    return seconds, memory


def main(count: int = 1_000_000, python: str = sys.executable) -> None:
    """Print the figures; the exit status is 1 where one is not reached."""
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name) / "server") as server:
        home = Path(name) / "home"
        migrate(server.url)
        started = monotonic()
        add_many(server.url, count)
        print(f"{count:,} entries copied in {monotonic() - started:.1f} s", flush=True)
        config = Config(home=home, database_url=server.url)
        started = monotonic()
        seal_everything(config)
        print(f"sealed in {monotonic() - started:.1f} s", flush=True)
        out = Path(name) / "out"
        env = {"DATABASE_URL": server.url, "HIRESCREEN_HOME": str(home), "PATH": os.environ["PATH"]}
        command = [str(Path(sys.executable).with_name("hirescreen")), "audit", "export", "--out", str(out)]
        export = timed("export", command, env)
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(f"{size / 1e6:,.0f} MB in {sum(1 for _ in out.rglob('*')):,} files", flush=True)
        vkey = str(key_ring(config).verifiers(config.origin)[-1])
        program = [python, "-I", "-S", str(out / "verify_audit.py"), str(out), "--vkey", vkey, "--whole"]
        verify = timed("verify", program)
    print(f"load {os.getloadavg()[0]:.1f}")
    reached = export[0] < EXPORT_SECONDS and verify[0] < VERIFY_SECONDS and max(export[1], verify[1]) < MEMORY_MB
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]), *sys.argv[2:3])
