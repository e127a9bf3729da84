"""A database that comes back from an old backup is noticed, refused, and continued under a new name that says so.

The backup is pg_dump's, restored into another database, as an operator does it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner

from service.app import build_service
from service.audit.checkpoint import parse_head
from service.audit.heads import HeadsFile, whole_records
from service.audit.leaf import leaf_hash
from service.audit.merkle import root_of
from service.audit.signing import verify_note
from service.cli import hirescreen
from service.config import DEFAULT_ORIGIN, Config, Mode
from service.errors import SealingStoppedError
from service.monitoring.alarm_loop import Watch
from service.sealing_loop import key_ring
from service.store.database import Database
from service.store.embedded import binaries
from tests.conftest import new_database
from tests.integration.sealing import add_entries, rows

NEW = "hirescreen.local/audit/2027a"


@dataclass(frozen=True)
class Operator:
    """Somebody with a command line; the home with keys and heads is not part of the backup."""

    config: Config

    def does(self, *arguments: str) -> str:
        done = self._run(arguments)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.stdout

    def is_refused(self, *arguments: str) -> str:
        done = self._run(arguments)
        assert isinstance(done.exception, SealingStoppedError), (done.output, done.exception)
        return str(done.exception)

    def _run(self, arguments: tuple[str, ...]) -> Any:
        return CliRunner().invoke(hirescreen, list(arguments), env=self.config.child_env())

    def on(self, url: str) -> Operator:
        return Operator(replace(self.config, database_url=url))

    def under(self, origin: str) -> Operator:
        return Operator(replace(self.config, origin=origin))


@pytest.fixture
def operator(database_url: str, tmp_path: Path) -> Operator:
    witness = tmp_path / "elsewhere" / "heads"
    witness.parent.mkdir()
    config = Config(home=tmp_path / "home", mode=Mode.DEMO, database_url=database_url, witness_file=witness)
    return Operator(config)


@pytest.fixture
def restore(server_url: str, tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """Restores a dump into an empty database; its URL."""
    with new_database(server_url) as url:

        def run(dump: Path) -> str:
            subprocess.run(
                [binaries() / "pg_restore", "--exit-on-error", "--dbname", url, dump], check=True, capture_output=True
            )
            return url

        yield run


def back_up(url: str, folder: Path) -> Path:
    dump = folder / f"{urlsplit(url).path[1:]}.dump"
    subprocess.run([binaries() / "pg_dump", "--format=custom", "--file", dump, url], check=True, capture_output=True)
    return dump


def test_an_old_backup_is_refused_and_a_new_origin_cites_what_was_lost(
    operator: Operator, database_url: str, restore: Callable[[Path], str], tmp_path: Path
) -> None:
    add_entries(database_url, 20)
    operator.does("audit", "seal", "--once")
    kept = HeadsFile(operator.config.audit_folder, DEFAULT_ORIGIN).last()
    dump = back_up(database_url, tmp_path)
    add_entries(database_url, 300)
    operator.does("audit", "seal", "--once")
    lost = HeadsFile(operator.config.audit_folder, DEFAULT_ORIGIN).last()
    assert kept is not None
    assert lost is not None
    assert lost.size > kept.size

    url = restore(dump)
    restored = operator.on(url)
    for _ in range(2):
        assert "restored from an older backup" in restored.is_refused("audit", "seal", "--once")
    add_entries(url, 500)  # more than were ever signed, and still not the same
    assert "restored from an older backup" in restored.is_refused("audit", "seal", "--once")
    assert "restored from an older backup" in restored.is_refused("audit", "check")
    service = build_service(restored.config)
    with service.database:
        readiness = service.desk.readiness()
        assert not readiness.ready
        assert "older backup" in readiness.checks["audit"][1]
    alarms = rows(url, "select count(*) from audit_entry where leaf like '%sealing_stopped%'")
    assert alarms == [(1,)], "once, however often it is tried"
    assert HeadsFile(operator.config.audit_folder, DEFAULT_ORIGIN).last() == lost

    said = restored.does("audit", "new-origin", NEW, "--yes")
    assert f"{kept.size} leaves are carried over; their bytes agree with the head of size {kept.size}." in said
    continued = restored.under(NEW)
    continued.does("audit", "seal", "--once")
    assert "agree" in continued.does("audit", "check")
    check_citation(url, lost, kept)

    check_as_auditor(continued, lost, kept, tmp_path)

    # who holds an old head, or the copies of a witness, sees what the database no longer shows
    witnessed = [parse_head(each) for each in whole_records((tmp_path / "elsewhere" / "heads").read_bytes())]
    assert [head.checkpoint.origin for head in witnessed] == [DEFAULT_ORIGIN, DEFAULT_ORIGIN, NEW]
    assert witnessed[1] == lost
    for head in witnessed:
        verify_note(head.note, key_ring(continued.config).verifiers(head.checkpoint.origin))


def check_citation(url: str, lost: Any, kept: Any) -> None:
    """The first leaf of the new log quotes the last head of the old one; the survivors have an earlier root of it."""
    leaves = rows(
        url,
        "select entry.leaf from audit_leaf as leaf join audit_entry as entry on entry.id = leaf.entry"
        f" where leaf.log = (select id from audit_log where origin = '{NEW}') order by leaf.leaf_index",
    )
    opening = json.loads(bytes(leaves[0][0]))  # type: ignore[call-overload]
    cited = opening["previous"]
    assert (opening["type"], opening["origin"]) == ("origin", NEW)
    assert (cited["origin"], cited["size"], cited["root"]) == (DEFAULT_ORIGIN, lost.size, lost.root.hex())
    assert cited["note"] == str(lost)
    assert (cited["carried"], cited["agrees_with_size"]) == (kept.size, kept.size)
    carried = [leaf_hash(bytes(leaf)) for (leaf,) in leaves[1 : kept.size + 1]]  # type: ignore[call-overload]
    assert root_of(carried) == kept.root


def check_as_auditor(continued: Operator, lost: Any, kept: Any, folder: Path) -> None:
    """The new log continues every old head whose entries survived, and none beyond."""
    continued.does("audit", "export", "--out", str(folder / "out"))
    key = key_ring(continued.config).all()[0]
    for head, status in ((kept, 0), (lost, 1)):
        since = folder / f"since-{head.size}"
        since.write_text(str(head))
        vkeys = [f"--vkey={key.verifier(name)}" for name in (NEW, DEFAULT_ORIGIN)]
        program = [sys.executable, folder / "out" / "verify_audit.py", folder / "out", *vkeys, "--since", since]
        done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == status, done.stdout + done.stderr
        assert status == 0 or f"TAMPERED: --since since-{head.size}" in done.stdout


def test_a_backup_that_misses_nothing_goes_on_under_its_own_name(
    operator: Operator, database_url: str, restore: Callable[[Path], str], tmp_path: Path
) -> None:
    """Transactions of the new database are counted anew, so the mark in the backup must not hide its entries."""
    add_entries(database_url, 20)
    operator.does("audit", "seal", "--once")
    add_entries(database_url, 5)
    url = restore(back_up(database_url, tmp_path))
    add_entries(url, 3)
    restored = operator.on(url)
    assert restored.does("audit", "seal", "--once").startswith("8 entries sealed")
    assert "agree" in restored.does("audit", "check")


def test_a_backup_keeps_the_triggers_and_the_rights(
    operator: Operator, database_url: str, restore: Callable[[Path], str], tmp_path: Path
) -> None:
    add_entries(database_url, 3)
    operator.does("audit", "seal", "--once")
    url = restore(back_up(database_url, tmp_path))
    with psycopg.connect(url, autocommit=True) as owner:
        for role in ("none", "hirescreen_app", "hirescreen_sealer"):
            owner.execute(f"set role {role}")  # type: ignore[arg-type]
            for attempt in ("delete from audit_entry", "update audit_checkpoint set note = 'x'", "truncate audit_leaf"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    owner.execute(attempt)  # type: ignore[arg-type]
    with Database(url) as database:
        Watch(operator.on(url).config, database).look()
