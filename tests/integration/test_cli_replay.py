"""``hirescreen audit replay``, ``certificate`` and ``trust-engine`` as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from service.cli import hirescreen
from service.errors import HirescreenError
from service.replay.engine import running_engine
from tests.integration.test_cli import Run, run  # noqa: F401  # a fixture
from tests.integration.test_desk import REQUEST

NOBODY = "0193b5a0-0000-7000-8000-000000000000"
PROCEED = """update screening_private set answer = convert_to(
    replace(convert_from(answer, 'UTF8'), '"action":"hold"', '"action":"proceed"'), 'UTF8')"""


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs commands in this process, over the database and the home of ``run``."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HIRESCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HIRESCREEN_MODE", "demo")
    return CliRunner()


def audit(command: CliRunner, *arguments: str) -> Result:
    return command.invoke(hirescreen, ["audit", *arguments])


def test_a_decision_is_replayed_and_how_it_ends_is_the_status(
    run: Run,  # noqa: F811
    command: CliRunner,
    database_url: str,
    tmp_path: Path,
) -> None:
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    answer = json.loads(run("screen", str(tmp_path / "request.json")).stdout)
    found = audit(command, "replay", answer["id"], "--json")
    assert json.loads(found.stdout[found.stdout.index("{\n") :])["identical"]  # a log line may come before it
    same = audit(command, "replay", answer["id"])
    assert same.exit_code == 0
    assert "IDENTICAL\n" in same.stdout
    assert running_engine().sha256 in same.stdout
    assert "today      deny (in substance the same)" in same.stdout

    with psycopg.connect(database_url) as connection:
        connection.execute(PROCEED)
    differs = run("audit", "replay", answer["id"])
    assert differs.returncode == 1
    assert 'differs    /action: "proceed" -> "hold"' in differs.stdout

    with psycopg.connect(database_url) as connection:
        connection.execute("delete from screening_private")
    erased = audit(command, "replay", answer["id"])
    assert erased.exit_code == 2
    assert "UNAVAILABLE: The personal data of this screening was erased" in erased.stdout

    written = audit(command, "certificate", answer["id"], "--out", str(tmp_path / "certificate.json"))
    assert "not sealed yet" in written.stdout
    assert json.loads((tmp_path / "certificate.json").read_text())["erased"]


def test_what_cannot_be_is_said(command: CliRunner) -> None:
    missing = audit(command, "replay", NOBODY)
    assert isinstance(missing.exception, HirescreenError)
    assert "no screening with this id" in str(missing.exception)
    assert "64 hexadecimal digits" in audit(command, "trust-engine", "abc").output
    assert audit(command, "trust-engine", "ab" * 32).stdout == "This host may run the engine.\n"
    assert audit(command, "trust-engine", "ab" * 32).stdout == "This host may run the engine already.\n"
