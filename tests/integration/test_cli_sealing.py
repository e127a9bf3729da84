"""``hirescreen audit seal``, ``check``, ``keys`` and ``new-origin`` as an operator runs them."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep

import pytest

from service.audit.heads import HeadsFile
from service.config import DEFAULT_ORIGIN
from tests.integration.sealing import add_entries
from tests.integration.test_cli import COMMAND, Run, fault_of, run

__all__ = ["run"]  # the fixture


@pytest.fixture
def heads(tmp_path: Path) -> HeadsFile:
    return HeadsFile(tmp_path / "home" / "audit", DEFAULT_ORIGIN)


def test_a_log_is_sealed_and_checked_by_hand(run: Run, heads: HeadsFile, database_url: str) -> None:
    add_entries(database_url, 3)
    assert run("audit", "seal", "--once").stdout == "4 entries sealed; the log holds 4.\n"
    assert run("audit", "seal", "--once").stdout == "0 entries sealed; the log holds 4.\n"
    assert [head.size for head in heads.all()] == [4]
    assert run("audit", "check").stdout == "All 4 leaves, their tiles and every signed head agree.\n"
    vkey = run("audit", "keys", "list").stdout.split()[0]
    assert vkey.startswith(f"{DEFAULT_ORIGIN}+")
    heads.path.write_text(heads.path.read_text().replace("\n4\n", "\n5\n"))
    assert "is not signed by a key of this host" in fault_of(run("audit", "check"))
    assert "is not signed by a key of this host" in fault_of(run("audit", "seal", "--once"))


def test_a_key_is_made_once_and_then_rotated(run: Run, heads: HeadsFile) -> None:
    first = run("audit", "keys", "generate").stdout.strip()
    assert "rotate" in fault_of(run("audit", "keys", "generate"))
    second = run("audit", "keys", "rotate", "--overlap-days", "7").stdout.strip()
    listed = run("audit", "keys", "list").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [first, second]
    assert "signs until" in listed[0]
    run("audit", "seal", "--once")
    (head,) = heads.all()
    assert head.size == 3  # both changes of keys, and the start of the log
    assert [each.key_id.hex() for each in head.note.signatures] == [key.split("+")[1] for key in (first, second)]


def test_a_new_origin_begins_when_the_old_one_cannot_go_on(run: Run, tmp_path: Path) -> None:
    assert "nothing to cite" in fault_of(run("audit", "new-origin", "screening.example/2027a", "--yes"))
    run("audit", "seal", "--once")
    done = run("audit", "new-origin", "screening.example/2027a", "--yes")
    assert done.stdout.endswith("Now set HIRESCREEN_ORIGIN=screening.example/2027a\n")
    assert "HIRESCREEN_ORIGIN says" in fault_of(run("audit", "seal", "--once"))
    done = run("audit", "seal", "--once", HIRESCREEN_ORIGIN="screening.example/2027a")
    assert done.stdout == "1 entries sealed; the log holds 2.\n"
    assert "spaces" in fault_of(run("audit", "check", HIRESCREEN_ORIGIN="a name"))


def test_a_sealer_runs_until_it_is_told_to_stop(run: Run, heads: HeadsFile, database_url: str, tmp_path: Path) -> None:
    env = {"DATABASE_URL": database_url, "HIRESCREEN_HOME": str(tmp_path / "home"), "HIRESCREEN_SEAL_SECONDS": "1"}
    sealer = subprocess.Popen([COMMAND, "audit", "seal"], env=env, stderr=subprocess.PIPE)
    try:
        deadline = monotonic() + 30
        for size in (1, 2):
            while (last := heads.last()) is None or last.size < size:
                assert monotonic() < deadline
                sleep(0.05)
            if size == 1:
                assert "Another sealer is at work" in run("audit", "seal", "--once").stdout
                add_entries(database_url, 1)
        sealer.send_signal(signal.SIGTERM)
        assert sealer.wait(timeout=15) == 0
    finally:
        sealer.kill()
        _, said = sealer.communicate()
    assert said == b""
