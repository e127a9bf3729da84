"""The command line as a user runs it: one clear line for every fault, and the same record as the API."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from service.lists.sources import SOURCES

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = str(Path(sys.executable).parent / "hirescreen")
SMALLEST = {"worker": {"name": "Ana Ruiz", "nationalities": [{"country": "ESP", "evidence": "passport"}]}}


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HIRESCREEN_")},
        "DATABASE_URL": database_url,
        "HIRESCREEN_HOME": str(tmp_path / "home"),
        "HIRESCREEN_MODE": "demo",
    }

    def command(*arguments: str, stdin: str | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            env=env | settings,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return command


def fault_of(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


def test_a_request_from_a_file_is_decided_recorded_and_exported(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(SMALLEST))
    answer = json.loads(run("screen", str(file)).stdout)
    assert answer["decision"] == "allow"
    done = run("audit", "export", "--out", str(tmp_path / "out"))
    lines = (tmp_path / "out" / "entries.jsonl").read_text().splitlines()
    kinds = [json.loads(base64.b64decode(json.loads(line)["leaf"]))["type"] for line in lines]
    assert done.stdout.startswith(f"{len(kinds)} entries (the whole log) written to ")
    assert kinds.count("decision") == 1
    done = run("audit", "export", "--out", str(tmp_path / "csv"), "--format", "csv")
    assert done.stdout.startswith(f"{len(kinds) + 1} entries"), "an export leaves an entry of its own"


def test_a_request_from_standard_input_is_decided(run: Run) -> None:
    assert json.loads(run("screen", "-", stdin=json.dumps(SMALLEST)).stdout)["decision"] == "allow"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "line 1"),
        ('{"worker": {"name": ""}}', "/worker/name"),
        ('{"worker": {"name": "A"}, "colour": 1}', "/colour"),
        ('{"worker": {"name": "A"}, "as_of": "2026-02-30"}', "/as_of"),
        ("[]", "/"),
    ],
)
def test_a_faulty_request_is_one_line_that_names_the_field(run: Run, text: str, named: str) -> None:
    assert named in fault_of(run("screen", "-", stdin=text))


def test_a_key_is_printed_once_in_its_published_form(run: Run) -> None:
    key = run("keys", "create", "--name", "hr", "--role", "screener").stdout.strip()
    assert re.fullmatch(r"scr_live_[0-9A-Za-z]{36}", key)


def test_an_account_is_made_once(run: Run) -> None:
    arguments = ("accounts", "create", "--username", "officer", "--role", "reviewer", "--password", "a long password")
    assert run(*arguments).returncode == 0
    assert "officer" in fault_of(run(*arguments))
    assert "12" in fault_of(run(*arguments[:3], "second", *arguments[4:7], "short"))


def test_production_without_lists_refuses_to_decide(run: Run) -> None:
    done = run("screen", "-", stdin=json.dumps(SMALLEST), HIRESCREEN_MODE="production")
    assert "required list was never loaded" in fault_of(done)
    done = run("screen", "--demo", "-", stdin=json.dumps(SMALLEST), HIRESCREEN_MODE="production")
    assert "demo_mode" in done.stdout


def test_a_database_that_is_away_is_one_line(run: Run) -> None:
    done = run("lists", "status", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert fault_of(done).startswith("hirescreen: ")


def test_wrong_settings_are_named_all_at_once(run: Run) -> None:
    fault = fault_of(run("db", "migrate", DATABASE_URL="mysql://x", HIRESCREEN_MODE="maybe"))
    assert "DATABASE_URL" in fault
    assert "HIRESCREEN_MODE" in fault


def test_a_broken_list_file_is_refused_with_its_place(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "consolidated.xml"
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
    fault_of(run("lists", "import", "un_sc", str(file)))
    assert "never_loaded" in run("lists", "status").stdout or "starter" in run("lists", "status").stdout


def test_migrating_twice_is_quiet(run: Run) -> None:
    assert run("db", "migrate").returncode == 0
    assert run("db", "migrate").stdout == "The database is up to date.\n"


@pytest.mark.parametrize("arguments", [("colour",), ("serve", "--port", "a"), ("keys", "create", "--name", "x")])
def test_a_wrong_call_is_one_line_too(run: Run, arguments: tuple[str, ...]) -> None:
    assert fault_of(run(*arguments)).startswith("hirescreen: ")


def test_the_matcher_is_measured_on_labelled_pairs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(
        "name1,name2,schema,is_match\nAna Ruiz,Ruiz Ana,Person,true\nAna Ruiz,Boris Petrov,Person,false\n"
        "Boris Petrov,Boris Petrov,Person,false\n"
    )
    printed = run("matching", "evaluate", str(file)).stdout
    assert "recall     1.0000" in printed
    assert "Boris Petrov  ~  Boris Petrov  labelled two parties" in printed


def test_past_issues_are_loaded_shown_and_compared(run: Run, tmp_path: Path) -> None:
    starter = Path(__file__).resolve().parents[1] / "data" / "lists" / "un_small.xml"
    names = "".join(
        f"<ENTITY><DATAID>{number}</DATAID><FIRST_NAME>{escape(name)}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>KPe.{number}</REFERENCE_NUMBER><LISTED_ON>2016-03-02</LISTED_ON></ENTITY>"
        for number, name in enumerate(SOURCES["un_sc"].canaries, start=7_000_000)
    )
    whole = starter.read_text().replace("</ENTITIES>", f"{names}</ENTITIES>")
    for day, changed in (("2019-01-01", whole), ("2019-01-03", whole.replace("EXAMPLE CHOL", "EXAMPLE CHOL HO"))):
        (tmp_path / f"{day}.xml").write_text(changed.replace("2026-03-04T", f"{day}T"))
    (tmp_path / "2019-01-02.xml").write_bytes(b"")
    done = run("lists", "history", "un_sc", *map(str, sorted(tmp_path.glob("*.xml"))), "--accept-held")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "un_sc: 1 loaded, 1 refused, 1 serves\n"
    assert "2019-01-02.xml: refused: 2019-01-02.xml: the file is empty (zero bytes)" in done.stderr
    newest, oldest = run("lists", "versions", "un_sc").stdout.splitlines()
    assert newest.startswith("2019-01-03  version 2 ")
    assert newest.endswith("serves")
    assert "+0 -0 ~1" in newest
    assert oldest.startswith("2019-01-01  version 1 ")
    changes = run("lists", "changes", "un_sc", "1", "2").stdout
    assert "~ 9000001 PAK EXAMPLE CHOL HO\n    name: PAK EXAMPLE CHOL -> PAK EXAMPLE CHOL HO\n" in changes
    assert changes.endswith("0 added, 0 removed, 1 changed\n")
    assert "no version 3 of un_sc" in fault_of(run("lists", "changes", "un_sc", "1", "3"))
    (tmp_path / "only.xml").write_bytes(b"")
    assert "No issue of un_sc could be loaded" in run("lists", "history", "un_sc", str(tmp_path / "only.xml")).stderr
