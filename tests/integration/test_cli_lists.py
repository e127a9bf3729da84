"""Held lists on the command line: two people with their passwords, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.integration.test_cli import Run, fault_of, run  # noqa: F401 - a fixture
from tests.list_faults import a_real_un_list, without_the_last

PASSWORD = "correct horse battery"
TODAY = datetime.now(UTC).date()


def write(path: Path, body: bytes) -> str:
    path.write_bytes(body)
    return str(path)


def test_two_people_approve_a_doubtful_list_with_their_passwords(run: Run, tmp_path: Path) -> None:  # noqa: F811
    production = {"HIRESCREEN_MODE": "production"}
    for name, role in (("anna", "admin"), ("bo", "reviewer"), ("cy", "screener")):
        run("accounts", "create", "--username", name, "--role", role, "--password", PASSWORD)
    whole = write(tmp_path / "whole.xml", a_real_un_list(TODAY - timedelta(days=1)))
    small = write(tmp_path / "small.xml", without_the_last(100, TODAY))
    assert "loaded, version 1" in run("lists", "import", "un_sc", whole, **production).stdout
    assert "No version is held." in run("lists", "held").stdout

    fault = fault_of(run("lists", "import", "un_sc", small, "--accept-held", **production))
    assert "demo mode only" in fault
    fault = fault_of(run("lists", "import", "un_sc", small, "--as", "anna", "--password", PASSWORD, **production))
    assert "un_sc is held as version 2" in fault
    assert "hirescreen lists approve un_sc 2" in fault
    shown = run("lists", "held").stdout
    assert "un_sc version 2 instead of version 1" in shown
    assert "removals: 100 of 600 entries would be removed" in shown

    def approve(name: str, password: str = PASSWORD) -> tuple[str, ...]:
        return ("lists", "approve", "un_sc", "2", "--as", name, "--password", password, "--reason", "a true issue")

    assert "proposed" in fault_of(run(*approve("anna")))
    assert "roles" in fault_of(run(*approve("cy")))
    assert "wrong" in fault_of(run(*approve("bo", "wrong horse battery")))
    assert "wrong" in fault_of(run(*approve("nobody")))
    assert "1 of 2 approvals" in run(*approve("bo")).stdout
    run("accounts", "create", "--username", "di", "--role", "admin", "--password", PASSWORD)
    done = run(*approve("di"), **production)
    assert "2 of 2 approvals, it serves now" in done.stdout
    status = run("lists", "status", **production).stdout
    assert "version 2" in status
    assert "required, next run" in status
    assert "last attempt" in status


def test_a_refused_version_is_gone_from_the_held_ones(run: Run, tmp_path: Path) -> None:  # noqa: F811
    run("accounts", "create", "--username", "anna", "--role", "admin", "--password", PASSWORD)
    run("lists", "import", "un_sc", write(tmp_path / "whole.xml", a_real_un_list(TODAY - timedelta(days=1))))
    small = write(tmp_path / "small.xml", without_the_last(100, TODAY))
    fault_of(run("lists", "import", "un_sc", small))
    refuse = ("lists", "refuse", "un_sc", "2", "--as", "anna", "--password", PASSWORD, "--reason", "a cut copy")
    assert "refused" in run(*refuse).stdout
    assert "does not wait" in fault_of(run(*refuse))
    assert "refused these very entries" in fault_of(run("lists", "import", "un_sc", small))
    assert "loaded, version 3" in run("lists", "import", "un_sc", small, "--accept-held").stdout


def test_a_large_removal_from_the_own_list_is_refused_until_it_is_confirmed(run: Run, tmp_path: Path) -> None:  # noqa: F811
    rows = [f"V-{number},Made Up Works {number}" for number in range(60)]
    whole = write(tmp_path / "own.csv", "\n".join(["key,name", *rows]).encode())
    few = write(tmp_path / "few.csv", "\n".join(["key,name", *rows[:20]]).encode())
    assert "loaded, version 1" in run("lists", "import", "own", whole).stdout
    fault = fault_of(run("lists", "import", "own", few))
    assert "40 of 60 entries would be removed" in fault
    assert "import it with --confirm" in fault
    assert "No version is held." in run("lists", "held").stdout
    assert "is a publisher's" in run("lists", "import", "un_sc", few, "--confirm").stderr
    done = run("lists", "import", "own", few, "--confirm").stdout
    assert "loaded, version 2, 20 entries" in done
    assert "accepted against: 40 of 60 entries would be removed" in done
