"""Bundles of list files on the command line, from one site to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.integration.test_cli import Run, fault_of, run  # noqa: F401 - a fixture
from tests.list_faults import a_real_un_list


def test_a_bundle_goes_from_one_command_line_to_another(run: Run, tmp_path: Path) -> None:  # noqa: F811
    day = datetime.now(UTC).date() - timedelta(days=1)
    (tmp_path / "un.xml").write_bytes(a_real_un_list(day))
    vkey = run("lists", "bundle-key", "generate").stdout.strip()
    packing = ("lists", "bundle", "--out", str(tmp_path / "b.tar"), "--list", "un_sc")
    done = run(*packing, "--file", f"un_sc={tmp_path / 'un.xml'}").stdout
    assert "un_sc: 1 file, " in done
    assert ": bundle 1 of " in done

    taking = ("lists", "import", "--bundle", str(tmp_path / "b.tar"))
    assert "Whose bundles are taken?" in fault_of(run(*taking))
    done = run(*taking, HIRESCREEN_BUNDLE_KEY=vkey)
    assert "Bundle 1 of " in done.stdout
    assert "un_sc: activated, version 1, 600 entries" in done.stdout
    assert done.stdout.endswith("1 activated\n")
    assert "un_sc: unchanged" in run(*taking, "--vkey", vkey).stdout
    assert "stands with" in fault_of(run(*taking, "un_sc"))
    assert "Give LIST_ID" in fault_of(run("lists", "import"))
