"""Past issues of a list are loaded in the order of their days, whole or not at all, beside what serves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from service.errors import MalformedListError
from service.intake.canaries import search
from service.intake.git_bundle import BundleHistory, is_bundle
from service.intake.history import Issue, ListHistory, Taken
from service.intake.reception import Reception
from service.lists import sources
from service.lists.container import PlainFile, unpack
from service.records import AuditRecord
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.lists import Lists

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
UN_XML = (DATA / "un_small.xml").read_text()
SDN = (DATA / "us_ofac_sdn" / "SDN.CSV").read_bytes()


@pytest.fixture(autouse=True)
def small_lists_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "un_sc": replace(sources.SOURCES["un_sc"], floor=2, canaries=("PAK EXAMPLE CHOL",)),
        "us_ofac_sdn": replace(sources.SOURCES["us_ofac_sdn"], floor=2, canaries=("EXAMPLE AIRLINES",)),
    }
    small["uk_ofsi_conlist"] = replace(sources.SOURCES["uk_ofsi_conlist"], floor=1)
    monkeypatch.setattr(sources, "SOURCES", small)


class Past:
    """A list's history on a fresh database."""

    def __init__(self, database: Database) -> None:
        self.lists = Lists(database)
        self.log = AuditLog(database)
        intake = Intake(database)
        reception = Reception(
            lists=self.lists,
            intake=intake,
            audit_event=self._event,
            find=search,
            clock=lambda: NOW,
            proposer="cli:local",
        )
        self._history = ListHistory(
            lists=self.lists, lock=intake, audit_log=self.log, audit_event=self._event, reception=reception
        )

    def load(self, issues: Sequence[Issue], list_id: str = "un_sc", **options: Any) -> list[Taken]:
        return list(self._history.load(list_id, issues, **options))

    def leaves(self) -> list[dict[str, Any]]:
        return [json.loads(entry.leaf) for entry in self.log.export()]

    def days(self, list_id: str = "un_sc") -> dict[int, date | None]:
        return {version.version: version.published_on for version in self.lists.versions(list_id)}

    @staticmethod
    def _event(kind: str, fields: dict[str, Any]) -> AuditRecord:
        entry_id = uuid4()
        return AuditRecord(entry_id=entry_id, leaf=json.dumps({"type": kind, "id": str(entry_id), **fields}).encode())


@pytest.fixture
def past(database: Database) -> Past:
    return Past(database)


def issue(folder: Path, name: str, content: bytes, stated_on: date | None = None) -> Issue:
    path = folder / name
    path.write_bytes(content)

    def files() -> AbstractContextManager[Sequence[PlainFile]]:
        return _unpacked(path)

    return Issue(name, stated_on, files)


@contextmanager
def _unpacked(path: Path) -> Iterator[Sequence[PlainFile]]:
    with ExitStack() as opened, path.open("rb") as stream:
        yield [opened.enter_context(unpack(stream, path.name))]


def un(day: str) -> bytes:
    return UN_XML.replace("2026-03-04T23:00:09.554Z", f"{day}T23:00:09.554Z").encode()


def test_issues_are_loaded_by_their_days_and_do_not_touch_what_serves(past: Past, tmp_path: Path) -> None:
    past.load([issue(tmp_path, "now.xml", un("2026-03-04"))])
    serving = past.lists.active()
    taken = past.load([issue(tmp_path, f"{day}.xml", un(day)) for day in ("2020-12-01", "2017-06-20", "2018-08-24")])
    assert [(each.outcome, each.issue.name[:4]) for each in taken] == [
        ("loaded", "2017"),
        ("loaded", "2018"),
        ("loaded", "2020"),
    ]
    assert past.days() == {
        4: date(2020, 12, 1),
        3: date(2018, 8, 24),
        2: date(2017, 6, 20),
        1: date(2026, 3, 4),
    }
    assert past.lists.active() == serving
    assert {version.checked_at for version in past.lists.versions("un_sc")[:3]} == {None}
    assert [leaf["type"] for leaf in past.leaves()] == ["list_load"] * 4


def test_a_broken_issue_is_refused_and_the_run_goes_on_with_nothing_half_written(past: Past, tmp_path: Path) -> None:
    whole = un("2020-01-02")
    taken = past.load(
        [
            issue(tmp_path, "empty.xml", b"", date(2020, 1, 1)),
            issue(tmp_path, "cut.xml", un("2020-01-01")[:-200]),
            issue(tmp_path, "whole.xml", whole),
            issue(tmp_path, "page.xml", b"<html>busy</html>", date(2020, 1, 3)),
            issue(tmp_path, "newer.xml", un("2020-01-04")),
        ]
    )
    outcomes = {each.issue.name: each.outcome for each in taken}
    assert outcomes == {
        "empty.xml": "refused",
        "page.xml": "refused",
        "cut.xml": "refused",
        "whole.xml": "loaded",
        "newer.xml": "serves",
    }
    faults = {each.issue.name: each.fault or "" for each in taken}
    assert "zero bytes" in faults["empty.xml"]
    assert "HTML" in faults["page.xml"]
    assert past.days() == {2: date(2020, 1, 4), 1: date(2020, 1, 2)}
    rejected = [leaf for leaf in past.leaves() if leaf["type"] == "list_reject"]
    assert {leaf["issue"] for leaf in rejected} == {"empty.xml", "page.xml", "cut.xml"}


def test_the_same_issue_is_stored_once(past: Past, tmp_path: Path) -> None:
    issues = [issue(tmp_path, f"{day}.xml", un(day)) for day in ("2019-01-01", "2019-01-02", "2019-01-03")]
    assert [each.outcome for each in past.load(issues)] == ["loaded", "loaded", "serves"]
    assert [each.outcome for each in past.load(issues)] == ["known", "known", "known"]
    assert len(past.days()) == 3


def test_an_issue_without_a_day_is_refused(past: Past, tmp_path: Path) -> None:
    (taken,) = past.load([issue(tmp_path, "sdn.csv", SDN)], "us_ofac_sdn", partial=True)
    assert taken.outcome == "refused"
    assert "day of its issue" in (taken.fault or "")


def test_an_issue_that_lost_much_is_not_taken_without_a_person_s_word(past: Past, tmp_path: Path) -> None:
    rows = SDN.rstrip(b"\x1a").splitlines(keepends=True)
    short = b"".join(rows[: len(rows) // 2]) + b"\x1a"
    issues = [
        issue(tmp_path, "a", SDN, date(2020, 1, 1)),
        issue(tmp_path, "b", short, date(2020, 1, 2)),
        issue(tmp_path, "c", SDN, date(2020, 1, 3)),
    ]
    past.load([issue(tmp_path, "now", SDN, date(2026, 1, 1))], "us_ofac_sdn", partial=True)
    outcomes = [each.outcome for each in past.load(issues, "us_ofac_sdn", partial=True)]
    assert outcomes == ["loaded", "refused", "loaded"]


def test_a_list_that_has_ended_is_read_as_history_and_never_serves(past: Past, tmp_path: Path) -> None:
    old = issue(tmp_path, "ConList.csv", (DATA / "uk_ofsi_conlist_2020.csv").read_bytes())
    (taken,) = past.load([old], "uk_ofsi_conlist")
    assert (taken.outcome, taken.fault) == ("loaded", None)
    assert past.days("uk_ofsi_conlist") == {1: date(2020, 4, 27)}
    assert past.lists.active() == ()


def git(folder: Path, *arguments: str, day: str = "2020-01-01") -> None:
    named = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"]
    instant = f"{day}T18:43:00+00:00"
    subprocess.run(
        ["git", *named, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"GIT_COMMITTER_DATE": instant, "GIT_AUTHOR_DATE": instant, "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Four commits of sdn.csv, one of them empty, and one that touches another file."""
    folder = tmp_path / "kept"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for number, content in enumerate((SDN, SDN.replace(b"EXAMPLE STAR", b"EXAMPLE SUN"), b"", SDN), start=1):
        (folder / "sdn.csv").write_bytes(content)
        git(folder, "add", "sdn.csv")
        git(folder, "commit", "--quiet", "-m", "Latest", day=f"2021-0{number}-15")
    (folder / "README.md").write_text("kept")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "Words", day="2021-09-01")
    git(folder, "bundle", "create", "--quiet", str(tmp_path / "kept.bundle"), "HEAD")
    return tmp_path / "kept.bundle"


def test_every_commit_of_a_bundle_that_changed_the_list_is_an_issue(past: Past, bundle: Path, tmp_path: Path) -> None:
    assert is_bundle(bundle)
    with BundleHistory(bundle, tmp_path, names=frozenset({"sdn.csv"})) as kept:
        issues = kept.issues()
        assert [each.stated_on for each in issues] == [date(2021, month, 15) for month in (1, 2, 3, 4)]
        taken = past.load(issues, "us_ofac_sdn", partial=True)
    assert [each.outcome for each in taken] == ["refused", "loaded", "loaded", "serves"]
    assert past.days("us_ofac_sdn") == {3: date(2021, 4, 15), 2: date(2021, 2, 15), 1: date(2021, 1, 15)}
    assert not any(version.complete for version in past.lists.versions("us_ofac_sdn"))


def test_what_is_no_bundle_of_the_list_is_told(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(MalformedListError, match=r"called un\.xml"):
        BundleHistory(bundle, tmp_path / "one", names=frozenset({"un.xml"}))
    cut = tmp_path / "cut.bundle"
    cut.write_bytes(bundle.read_bytes()[:-100])
    with pytest.raises(MalformedListError, match="whole bundle"):
        BundleHistory(cut, tmp_path / "two", names=frozenset({"sdn.csv"}))
