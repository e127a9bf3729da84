"""Eight issues of the UN list as history: any past state answers as if it were alone."""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from service.app import Service, build_service
from service.config import Config, Mode
from service.intake.history import Issue
from service.lists.changes import ChangeKind, entry_change
from service.lists.container import PlainFile, unpack
from service.lists.listing import Listing
from service.lists.readers import read
from service.lists.timeline import Asked, Doubt
from service.matching.index import NameIndex
from service.matching.screen import match_parties
from service.records import Actor
from service.screening.facts import ScreeningRequest
from service.snapshot import Snapshot
from service.store.list_versions import ListVersions
from service.web.schemas.screening import load_request
from tests.conftest import new_database

pytestmark = pytest.mark.shared

ACTOR = Actor(kind="cli", id="local", name="tests")
RENAMED = ("ofac_sdn_2022-12-09.csv.xz", "ofac_sdn_2022-12-12.csv.xz")
PARTIES_A_QUESTION = 25
DAYS = (  # not in their order
    "2026-02-27",
    "2017-06-20",
    "2018-08-24",
    "2020-11-23",
    "2020-12-01",
    "2025-11-18",
    "2025-08-02",
    "2025-11-15",
)


@dataclass(frozen=True)
class History:
    """A database with the lists, and the files by the number of their version."""

    service: Service
    files: dict[int, Path]
    now: datetime

    @property
    def snapshot(self) -> Snapshot:
        return self.service.snapshots.current()

    def version_of(self, day: str) -> int:
        return next(number for number, path in self.files.items() if day in path.name)


@contextmanager
def _unpacked(path: Path) -> Iterator[Sequence[PlainFile]]:
    with ExitStack() as opened, path.open("rb") as stream:
        yield [opened.enter_context(unpack(stream, path.name))]


def _issue(path: Path) -> Issue:
    return Issue(path.name, None, partial(_unpacked, path))


@pytest.fixture(scope="module")
def history(
    shared: Path, server_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[History]:
    paths = [next((shared / "lists").glob(f"un_*_{day}.xml.xz")) for day in DAYS]
    with new_database(server_url, template=migrated_template) as url:
        service = build_service(Config(home=tmp_path_factory.mktemp("home"), mode=Mode.DEMO, database_url=url))
        with service.database:
            taken = list(service.history_as(ACTOR).load("un_sc", [_issue(path) for path in paths]))
            assert [each.outcome for each in taken] == ["loaded"] * 7 + ["serves"], [each.fault for each in taken]
            by_name = {path.name: path for path in paths}
            files = {each.version.version: by_name[each.issue.name] for each in taken if each.version}
            service.snapshots.refresh()
            yield History(service, files, datetime.now(UTC))


@pytest.fixture(scope="module")
def contents(history: History) -> dict[int, list[Listing]]:
    """The entries of each UN version, read from its file anew."""
    found = {}
    for number, path in history.files.items():
        with _unpacked(path) as files:
            found[number] = sorted(read("un_sc", files), key=lambda listing: listing.key.encode())
    return found


def questions(contents: dict[int, list[Listing]]) -> list[ScreeningRequest]:
    """About entries of every version, above all about those that came, went or changed."""
    names: dict[str, None] = {}
    for listings in contents.values():
        others = {each for number in contents for each in contents[number] if contents[number] is not listings}
        odd = [each for each in listings if each not in others]
        names |= dict.fromkeys(name.text for each in [*odd[:15], *listings[::100]] for name in each.names[:2])
    asked = list(names)
    groups = [asked[start : start + PARTIES_A_QUESTION] for start in range(0, len(asked), PARTIES_A_QUESTION)]
    return [
        load_request(
            {
                "worker": {"name": group[0], "date_of_birth": "1965"},
                "counterparties": [{"role": "client", "name": name, "country": "IQ"} for name in group],
            },
            now=datetime.now(UTC),
        )
        for group in groups
    ]


def test_each_version_gives_the_matches_of_an_index_over_that_version_alone(
    history: History, contents: dict[int, list[Listing]]
) -> None:
    asked = questions(contents)
    met = 0
    for number, listings in contents.items():
        alone = NameIndex.build(listings)
        selection = history.snapshot.selected({"un_sc": number})
        for request in asked:
            expected = match_parties(request, alone)
            found = selection.matches(request)
            assert found == expected, f"version {number}"
            met += len(found)
    assert met > 1000


def test_what_changed_between_two_issues_is_what_the_files_differ_in(
    history: History, contents: dict[int, list[Listing]]
) -> None:
    store = ListVersions(history.service.database)
    ordered = sorted(contents, key=lambda number: history.files[number].name[-17:])
    for since, version in pairwise(ordered):
        old = {each.key: (each, each.record) for each in contents[since]}
        new = {each.key: (each, each.record) for each in contents[version]}
        found = {change.key: change for change in store.changes("un_sc", since, version)}
        assert {key for key, each in found.items() if each.kind is ChangeKind.ADDED} == new.keys() - old.keys()
        assert {key for key, each in found.items() if each.kind is ChangeKind.REMOVED} == old.keys() - new.keys()
        changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
        assert {key for key, each in found.items() if each.kind is ChangeKind.CHANGED} == changed
        assert all(found[key].fields for key in changed)


def test_the_same_list_with_a_new_day_changes_nothing(history: History) -> None:
    old, new = history.version_of("2025-11-15"), history.version_of("2025-11-18")
    assert ListVersions(history.service.database).count("un_sc", old, new) == (0, 0, 0)


def test_iran_s_return_adds_121_entries(history: History) -> None:
    old, new = history.version_of("2025-08-02"), history.version_of("2025-11-15")
    added, _, _ = ListVersions(history.service.database).count("un_sc", old, new)
    assert added >= 121


def test_a_corrected_primary_name_is_shown_as_a_changed_name(shared: Path) -> None:
    """FORMATS.md, trap 12: uid 40205 got its surname and given names the other way round."""
    old, new = (_one_of(shared / "lists" / name, b"40205,") for name in RENAMED)
    renamed = entry_change(old, new)
    assert renamed.kind is ChangeKind.CHANGED
    (name,) = [field for field in renamed.fields if field.field == "name"]
    assert (name.old, name.new) == ("CHOL, Kim Myong", "KIM, Myong Chol")


def _one_of(path: Path, start: bytes) -> Listing:
    """The entry of an SDN file whose row begins with ``start``, read as if the file held no other."""
    with lzma.open(path) as lines:
        (row,) = [line for line in lines if line.startswith(start)]
    with unpack(io.BytesIO(row + b"\x1a"), "sdn.csv") as file:
        (listing,) = read("us_ofac_sdn", [file], partial=True)
    return listing


def ask(history: History, as_of: date, name: str, **options: datetime) -> tuple[set[str], dict[str, Doubt]]:
    request = load_request(
        {"worker": {"name": "Nobody"}, "counterparties": [{"role": "client", "name": name}]}, now=history.now
    )
    selection = history.snapshot.select(Asked(as_of, options.get("known_at", history.now), history.now))
    found = selection.in_time(selection.matches(request), as_of)
    return {match.listing.reference for match in found}, dict(selection.doubts)


def test_a_delisted_party_is_met_before_its_day_and_not_after(history: History) -> None:
    name = "Sulaimaniyah Sugar State Company"
    assert "IQe.192" in ask(history, date(2020, 11, 29), name)[0]
    assert "IQe.192" not in ask(history, date(2020, 12, 1), name)[0]
    assert "IQe.192" not in ask(history, history.now.date(), name)[0]


def test_a_party_that_came_back_is_not_met_while_it_was_away(history: History) -> None:
    """Iran's entries carry their first days of listing, though they were gone for years."""
    name = "Kavoshyar Company"
    assert ask(history, date(2025, 11, 16), name)[0]
    assert ask(history, date(2021, 1, 1), name)[0] == set()


def test_an_entry_of_a_later_issue_counts_from_the_day_that_it_states(history: History) -> None:
    """No issue between August 2018 and November 2020 is loaded; what was listed meanwhile must not be missed."""
    store = ListVersions(history.service.database)
    since, version = history.version_of("2018-08-24"), history.version_of("2020-11-23")
    added = [each.key for each in store.changes("un_sc", since, version) if each.kind is ChangeKind.ADDED]
    listings = {each.key: each for each in history.service.lists.listings("un_sc", version)}
    late = next(listings[key] for key in added if (listings[key].listed_on or date.min) > date(2018, 9, 1))
    assert late.listed_on is not None
    found, doubts = ask(history, late.listed_on, late.name)
    assert late.reference in found
    assert doubts["un_sc"] is Doubt.GAP
    before, _ = ask(history, date(2018, 8, 30), late.name)
    assert late.reference not in before
