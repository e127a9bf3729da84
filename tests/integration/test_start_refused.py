"""Nothing starts on a database that can lose what it acknowledged, and the reason is one line."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from service.cli import hirescreen
from service.errors import UnsafeDatabaseError
from service.store.database import Database
from service.store.embedded import EmbeddedPostgres, binaries
from service.store.migrate import migrate
from tests.integration.test_cli import Run, fault_of, run

__all__ = ["run"]  # the fixture

SERVE = ("serve", "--port", "0")
OTHERS = (("audit", "seal", "--once"), ("jobs", "run"), ("keys", "list"))


def refusal(url: str, home: Path, *command: str) -> str:
    """Why a command, run in this process, did nothing."""
    done = CliRunner().invoke(hirescreen, command, env={"DATABASE_URL": url, "HIRESCREEN_HOME": str(home)}, input="{}")
    assert isinstance(done.exception, UnsafeDatabaseError), done.output
    return str(done.exception)


@pytest.fixture(scope="module")
def unsafe_url(fast_folder: Path) -> Iterator[str]:
    """A server that neither syncs nor keeps whole pages in its log."""
    settings = {"fsync": "off", "full_page_writes": "off"}
    with EmbeddedPostgres(fast_folder / "unsafe-to-start", settings=settings) as server:
        migrate(server.url)
        yield server.url


def test_nothing_starts_without_fsync_and_full_pages(run: Run, unsafe_url: str, tmp_path: Path) -> None:
    for fault in (
        fault_of(run(*SERVE, DATABASE_URL=unsafe_url)),
        *(refusal(unsafe_url, tmp_path, *command) for command in OTHERS[:2]),
    ):
        assert "not safe to record in" in fault
        assert "fsync is off" in fault
        assert "full_page_writes is off" in fault
    with psycopg.connect(unsafe_url) as owner:
        assert owner.execute("select count(*) from audit_entry").fetchone() == (0,)


@pytest.mark.parametrize("command", OTHERS)
def test_nothing_starts_where_a_commit_is_acknowledged_before_it_lasts(
    database_url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f'alter database "{owner.info.dbname}" set synchronous_commit = off')  # type: ignore[arg-type]
    assert "synchronous_commit is off" in refusal(database_url, tmp_path, *command)


@pytest.mark.parametrize("word", ["on", "local", "remote_apply"])
def test_every_commit_that_waits_for_the_disk_is_safe(database_url: str, word: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f'alter database "{owner.info.dbname}" set synchronous_commit = {word}')  # type: ignore[arg-type]
    with Database(database_url) as database:
        assert database.check_safety() == ()


def test_a_server_without_data_checksums_is_used_with_a_word_of_advice(fast_folder: Path) -> None:
    server = EmbeddedPostgres(fast_folder / "without-checksums")
    server.start()
    server.stop()
    subprocess.run([binaries() / "pg_checksums", "--disable", server.data], check=True, capture_output=True)
    with server, Database(server.url) as database:
        (advice,) = database.check_safety()
    assert "no data checksums" in advice
