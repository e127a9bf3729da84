"""Where root may not make a user namespace, PostgreSQL runs as another user or says what to do."""

from __future__ import annotations

import os
import platform
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.embedded import binaries
from tests.conftest import CHECKOUT
from tests.integration.processes import OWNER, server_processes, wait_until

FILTER = Path(__file__).with_name("refusing_namespaces.py")
START = """
import os, sys
from pathlib import Path
import psycopg
from service.errors import HirescreenError
from service.store.cluster import read_pid
from service.store.embedded import EmbeddedPostgres
home = Path(sys.argv[1])
try:
    with EmbeddedPostgres(home) as server:
        psycopg.connect(server.url).close()
        print("started", Path(f"/proc/{read_pid(server.data)}").stat().st_uid)
except HirescreenError as refused:
    print("refused", refused)
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or platform.machine() not in ("x86_64", "aarch64"),
    reason="a matter of root on Linux",
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, as /var/lib is."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def start(home: Path) -> str:
    """What comes of starting PostgreSQL in ``home`` as root without the right to make namespaces."""
    program = [sys.executable, str(FILTER), sys.executable, "-c", START, str(home)]
    done = subprocess.run(program, capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


def stand_in() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def everybody_can_reach(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


def test_it_runs_as_another_user_and_opens_nothing_to_others(open_folder: Path) -> None:
    if not everybody_can_reach(binaries() / "postgres"):
        pytest.skip("this Python is installed where only root can reach it")
    home = open_folder / "home"
    assert start(home) == f"started {stand_in().pw_uid}"
    assert start(home) == f"started {stand_in().pw_uid}"  # and again on the same files
    assert (home / "postgres").stat().st_uid == stand_in().pw_uid
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o710
    assert home.stat().st_uid == 0
    assert stat.S_IMODE(open_folder.stat().st_mode) == 0o755


def test_there_too_it_ends_with_its_owner(open_folder: Path) -> None:
    if not everybody_can_reach(binaries() / "postgres"):
        pytest.skip("this Python is installed where only root can reach it")
    home = open_folder / "home"
    program = [sys.executable, str(FILTER), sys.executable, "-c", OWNER, str(home)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "owner\n"
        assert server_processes(home)
        owner.kill()
    wait_until(lambda: server_processes(home) == [])


def test_a_home_that_the_other_user_cannot_reach_is_refused_and_left_closed(open_folder: Path) -> None:
    if not everybody_can_reach(binaries() / "postgres"):
        pytest.skip("this Python is installed where only root can reach it")
    open_folder.chmod(0o700)
    said = start(open_folder / "home")
    assert said.startswith(f"refused PostgreSQL runs as {stand_in().pw_name} here and {open_folder} is closed")
    assert "HIRESCREEN_HOME" in said
    assert "DATABASE_URL" in said
    assert stat.S_IMODE(open_folder.stat().st_mode) == 0o700


def test_files_that_belong_to_root_are_not_run_as_somebody_else(open_folder: Path) -> None:
    home = open_folder / "home"
    (home / "postgres").mkdir(parents=True)
    said = start(home)
    assert said.startswith("refused PostgreSQL cannot run as root here (Operation not permitted)")
    assert "DATABASE_URL" in said
