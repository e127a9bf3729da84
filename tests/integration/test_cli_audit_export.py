"""``hirescreen audit export`` as an operator runs it, and the check as an auditor does."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from service.store.audit import append_in
from tests.integration.exporting import a_decision, verify
from tests.integration.test_cli import Run, fault_of, run

__all__ = ["run"]  # the fixture


@pytest.fixture
def log(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for number in range(30):
            append_in(connection, a_decision(number))


@pytest.mark.usefixtures("log")
def test_the_command_exports_what_it_has_sealed_before(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("audit", "export", "--out", str(out), "--parquet")
    assert done.stdout.startswith(f"31 entries (the whole log) written to {out}, 0 disclosed values\n")
    vkey = run("audit", "keys", "list").stdout.split()[0]
    assert verify(out, vkey, "--whole").returncode == 0
    assert "not empty" in fault_of(run("audit", "export", "--out", str(out)))
    chosen = ["--decision", "deny", "--from", "2026-11-20", "--to", "2026-11-20", "--list", "un_sc:1"]
    done = run("audit", "export", "--out", str(tmp_path / "denied"), *chosen)
    assert done.stdout.startswith("3 entries (a selection of 32)")
    assert "SELECTION: 3 of 32" in verify(tmp_path / "denied", vkey).stdout
    selection = json.loads((tmp_path / "denied" / "manifest.json").read_text())["selection"]
    assert selection == {
        "decision": "deny",
        "from": "2026-11-20T00:00:00.000000Z",
        "list": "un_sc:1",
        "to": "2026-11-21T00:00:00.000000Z",
    }


@pytest.mark.usefixtures("log")
def test_personal_data_need_a_recipient_and_a_slip_leaves_nothing(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "needs --recipient" in fault_of(run("audit", "export", "--out", str(out), "--with-personal-data"))
    assert "goes with the format bundle" in fault_of(
        run("audit", "export", "--out", str(out), "--format", "csv", "--parquet")
    )
    assert "from: write a day" in fault_of(run("audit", "export", "--out", str(out), "--from", "yesterday"))
    assert not out.exists()
    done = run("audit", "export", "--out", str(out), "--with-personal-data", "--recipient", "The court")
    assert "60 disclosed values" in done.stdout
