"""Exports on their way out: no folder outlives its process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.audit import spool
from service.audit.spool import PREFIX, YOUNG_SECONDS, new_spool, remove_abandoned


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spool.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def age(folder: Path) -> None:
    old = folder.stat().st_mtime - YOUNG_SECONDS - 1
    os.utime(folder, (old, old))


def test_a_spool_is_private_and_goes_with_what_is_in_it(temporary: Path) -> None:
    made = new_spool()
    assert made.folder.stat().st_mode & 0o777 == 0o700
    (made.folder / "part").write_text("x")
    made.remove()
    made.remove()
    assert list(temporary.iterdir()) == []


def test_the_spool_of_a_killed_process_is_removed_and_that_of_a_living_one_stays(temporary: Path) -> None:
    program = f"import tempfile, os; tempfile.tempdir = {str(temporary)!r}\n"
    program += (
        "from service.audit.spool import new_spool; print(new_spool().folder, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    left, held = Path(done.stdout.strip()), new_spool()
    (left / "entries.jsonl").write_text("x")
    remove_abandoned()
    assert left.exists()  # it may have been made this moment
    for folder in (left, held.folder):
        age(folder)
    remove_abandoned()
    assert [path.name for path in temporary.iterdir()] == [held.folder.name]
    held.remove()


def test_a_strangers_file_of_such_a_name_is_left(temporary: Path) -> None:
    (temporary / f"{PREFIX}notes").write_text("x")
    age(temporary / f"{PREFIX}notes")
    remove_abandoned()
    assert [path.name for path in temporary.iterdir()] == [f"{PREFIX}notes"]
