"""Lists on their way into service: a real list server on loopback and a real PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from service.errors import FetchError, HeldListError, MalformedListError, RejectedListError
from service.intake.canaries import search
from service.intake.fetch import Fetcher
from service.intake.refresh import ListRefresh
from service.lists import sources
from service.lists.acceptance import Override
from service.lists.sources import SourceFile
from service.lists.status import status
from service.records import AuditRecord
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.lists import Lists
from tests.list_server import ListServer, Page, list_server

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
OFAC = DATA / "us_ofac_sdn"
UN_XML = (DATA / "un_small.xml").read_bytes()
NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_lists_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented lists hold a few entries; floors and canaries of the real ones are tested on real files."""
    small = {
        "un_sc": replace(sources.SOURCES["un_sc"], floor=2, canaries=("PAK EXAMPLE CHOL",)),
        "us_ofac_sdn": replace(sources.SOURCES["us_ofac_sdn"], floor=2, canaries=("EXAMPLE AIRLINES",)),
    }
    monkeypatch.setattr(sources, "SOURCES", small)


class Desk:
    """Everything that a refresh needs, on a fresh database."""

    def __init__(self, database: Database) -> None:
        self.lists = Lists(database)
        self.intake = Intake(database)
        self.log = AuditLog(database)
        self.now = NOW
        self.refresh = ListRefresh(
            lists=self.lists,
            intake=self.intake,
            audit_log=self.log,
            audit_event=self.audit_event,
            find=search,
            clock=lambda: self.now,
        )

    def audit_event(self, kind: str, fields: dict[str, Any]) -> AuditRecord:
        entry_id = uuid4()
        leaf = json.dumps({"type": kind, "id": str(entry_id), **fields}).encode()
        return AuditRecord(entry_id=entry_id, leaf=leaf)

    def leaves(self) -> list[dict[str, Any]]:
        return [json.loads(entry.leaf) for entry in self.log.export()]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.fixture
def server() -> Iterator[ListServer]:
    with list_server() as running:
        running.pages["/un_sc/consolidated.xml"] = Page(UN_XML, headers={"ETag": '"un-1"'})
        for file in OFAC.iterdir():
            running.pages[f"/us_ofac_sdn/{file.name}"] = Page(
                file.read_bytes(),
                headers={"ETag": f'"{file.name}-1"', "Last-Modified": "Wed, 04 Mar 2026 15:00:00 GMT"},
            )
        yield running


def ofac_files(*names: str) -> list[Path]:
    return [OFAC / f"{name}.CSV" for name in names or ("SDN", "ALT", "ADD", "SDN_COMMENTS")]


def test_an_imported_file_serves_and_is_on_record(desk: Desk) -> None:
    done = desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    assert done.outcome == "loaded"
    (version,) = desk.lists.active()
    assert (version.list_id, version.version, version.entries) == ("un_sc", 1, 3)
    assert version.published_on == date(2026, 3, 4)
    assert [listing.reference for listing in desk.lists.listings("un_sc", 1)] == ["KPi.901", "QDi.902", "KPe.903"]
    (leaf,) = desk.leaves()
    assert (leaf["type"], leaf["version"], leaf["records"]) == ("list_load", 1, 3)


def test_an_imported_file_is_as_fresh_as_the_date_inside_it(desk: Desk) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    (version,) = desk.lists.active()
    assert version.checked_at == datetime(2026, 3, 4, 23, 0, 9, 554000, tzinfo=UTC)
    assert status("un_sc", version, NOW)["status"] == "fresh"
    assert status("un_sc", version, NOW + timedelta(days=1))["status"] == "ageing"
    assert status("un_sc", version, NOW + timedelta(days=3))["status"] == "stale"


def test_a_set_without_a_date_is_stale_until_someone_says_when_it_was_current(desk: Desk) -> None:
    done = desk.refresh.import_files("us_ofac_sdn", ofac_files())
    assert any("--as-of" in note for note in done.notes)
    (version,) = desk.lists.active()
    assert version.checked_at is None
    assert status("us_ofac_sdn", version, NOW)["status"] == "stale"
    assert status("us_ofac_sdn", version, NOW)["checked_at"] is None
    again = desk.refresh.import_files("us_ofac_sdn", ofac_files(), as_of=date(2026, 3, 4))
    assert again.outcome == "unchanged"
    assert status("us_ofac_sdn", again.version, NOW)["status"] == "fresh"


def test_the_same_entries_again_only_move_the_time_of_the_check(desk: Desk, tmp_path: Path) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    next_night = tmp_path / "consolidated.xml"
    next_night.write_bytes(UN_XML.replace(b"2026-03-04T23:00:09.554Z", b"2026-03-05T07:00:00.000Z"))
    done = desk.refresh.import_files("un_sc", [next_night])
    assert done.outcome == "unchanged"
    (version,) = desk.lists.versions("un_sc")
    assert version.checked_at == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    assert len(desk.leaves()) == 1


def test_a_change_makes_a_new_version_and_keeps_the_old_one(desk: Desk, tmp_path: Path) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    changed = tmp_path / "consolidated.xml"
    changed.write_bytes(UN_XML.replace(b"Abu Sampel<", b"Abu Sampelle<").replace(b"-04T23", b"-05T01"))
    assert desk.refresh.import_files("un_sc", [changed]).outcome == "loaded"
    assert [version.version for version in desk.lists.versions("un_sc")] == [2, 1]
    names = [name.text for listing in desk.lists.listings("un_sc", 2) for name in listing.names]
    assert "Abu Sampelle" in names


def test_a_broken_file_leaves_the_list_that_serves_and_is_on_record(desk: Desk, tmp_path: Path) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    broken = tmp_path / "consolidated.xml"
    broken.write_bytes(UN_XML[: len(UN_XML) - 300])
    with pytest.raises(MalformedListError, match="not well-formed"):
        desk.refresh.import_files("un_sc", [broken])
    assert [version.version for version in desk.lists.active()] == [1]
    assert [leaf["type"] for leaf in desk.leaves()] == ["list_load", "list_reject"]


def test_in_a_demo_an_older_file_needs_a_word_from_the_operator(desk: Desk, tmp_path: Path) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    older = tmp_path / "older.xml"
    older.write_bytes(UN_XML.replace(b"2026-03-04T", b"2026-02-04T").replace(b"Abu Sampel<", b"Abu Sampelle<"))
    with pytest.raises(HeldListError, match=r"2026-02-04.*two people"):
        desk.refresh.import_files("un_sc", [older])
    done = desk.refresh.import_files("un_sc", [older], overrides=frozenset({Override.OLDER}))
    assert done.outcome == "loaded"
    assert desk.leaves()[-1]["overridden"] == ["older"]


def test_a_part_of_the_set_loads_only_when_asked_for_and_says_so(desk: Desk) -> None:
    with pytest.raises(MalformedListError, match="--partial"):
        desk.refresh.import_files("us_ofac_sdn", ofac_files("SDN"))
    done = desk.refresh.import_files("us_ofac_sdn", ofac_files("SDN"), partial=True)
    assert done.version is not None
    assert not done.version.complete
    assert status("us_ofac_sdn", done.version, NOW)["complete"] is False


def test_a_part_does_not_replace_the_whole_unasked(desk: Desk) -> None:
    desk.refresh.import_files("us_ofac_sdn", ofac_files())
    with pytest.raises(RejectedListError, match="a part of the set"):
        desk.refresh.import_files("us_ofac_sdn", ofac_files("SDN"), partial=True)


def test_a_file_that_is_not_there_is_one_clear_line(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(MalformedListError, match="cannot be opened"):
        desk.refresh.import_files("un_sc", [tmp_path / "absent.xml"])


def test_an_unknown_list_is_refused_with_the_known_ones(desk: Desk) -> None:
    with pytest.raises(RejectedListError, match="un_sc"):
        desk.refresh.import_files("no_such_list", [DATA / "un_small.xml"])


def test_an_update_fetches_reads_and_stores_every_list(desk: Desk, server: ListServer) -> None:
    done = desk.refresh.update(["un_sc", "us_ofac_sdn"], Fetcher(), base_address=server.address)
    assert [one.outcome for one in done] == ["loaded", "loaded"]
    un, ofac = sorted(desk.lists.active(), key=lambda version: version.list_id)
    assert (un.entries, un.checked_at) == (3, NOW)
    assert (ofac.entries, ofac.published_on, ofac.complete) == (6, date(2026, 3, 4), True)


def test_an_unchanged_list_is_not_downloaded_again(desk: Desk, server: ListServer) -> None:
    desk.refresh.update(["us_ofac_sdn"], Fetcher(), base_address=server.address)
    server.requests.clear()
    desk.now = NOW + timedelta(hours=6)
    (done,) = desk.refresh.update(["us_ofac_sdn"], Fetcher(), base_address=server.address)
    assert done.outcome == "unchanged"
    assert [headers.get("If-None-Match") for _, headers in server.requests] == [
        '"SDN.CSV-1"', '"ALT.CSV-1"', '"ADD.CSV-1"', '"SDN_COMMENTS.CSV-1"',
    ]  # fmt: skip
    (version,) = desk.lists.versions("us_ofac_sdn")
    assert version.checked_at == desk.now


def test_one_changed_file_of_a_set_brings_the_whole_set(desk: Desk, server: ListServer) -> None:
    desk.refresh.update(["us_ofac_sdn"], Fetcher(), base_address=server.address)
    page = server.pages["/us_ofac_sdn/ALT.CSV"]
    page.body = page.body.replace(b"SAMPLE BUREAU", b"SAMPLE OFFICE")
    page.headers["ETag"] = '"ALT.CSV-2"'
    (done,) = desk.refresh.update(["us_ofac_sdn"], Fetcher(), base_address=server.address)
    assert done.outcome == "loaded"
    assert done.version is not None
    assert (done.version.version, done.version.entries) == (2, 6)


def test_files_of_two_different_days_are_refused(desk: Desk, server: ListServer) -> None:
    server.pages["/us_ofac_sdn/ALT.CSV"].body = b'777,1,"aka","SOMEBODY NEW",-0- \r\n\x1a'
    with pytest.raises(MalformedListError, match=r"ALT\.CSV line 1: ent_num 777"):
        desk.refresh.update_one("us_ofac_sdn", Fetcher(), base_address=server.address)
    assert desk.lists.active() == ()


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(b"", headers={}), "zero bytes"),
        (Page(b"<!DOCTYPE html><title>Maintenance</title>"), "HTML"),
        (Page(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), "Git LFS"),
        (Page(UN_XML[:900]), "not well-formed"),
        (Page(UN_XML.replace(b"Second line.", b"Second & line.")), "not well-formed"),
        (Page(b"<other/>"), "root element"),
    ],
    ids=["empty", "html", "lfs-pointer", "truncated", "ampersand", "other-root"],
)
def test_what_is_no_list_never_replaces_one(desk: Desk, server: ListServer, page: Page, reason: str) -> None:
    desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    server.pages["/un_sc/consolidated.xml"] = page
    with pytest.raises(MalformedListError, match=reason):
        desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    (version,) = desk.lists.active()
    assert (version.version, version.entries) == (1, 3)
    assert desk.leaves()[-1]["type"] == "list_reject"


def test_a_failing_publisher_does_not_stop_the_others(desk: Desk, server: ListServer) -> None:
    server.pages["/un_sc/consolidated.xml"] = Page(status=503)
    done = desk.refresh.update(["un_sc", "us_ofac_sdn"], Fetcher(), base_address=server.address)
    assert [(one.list_id, one.outcome) for one in done] == [("un_sc", "failed"), ("us_ofac_sdn", "loaded")]
    assert done[0].fault == "127.0.0.1 answered HTTP 503"


def test_a_failed_fetch_does_not_count_as_a_check(desk: Desk, server: ListServer) -> None:
    desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    server.pages["/un_sc/consolidated.xml"] = Page(UN_XML, cut=800)
    desk.now = NOW + timedelta(days=3)
    with pytest.raises(FetchError, match="broke off"):
        desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    (version,) = desk.lists.active()
    assert version.checked_at == NOW
    assert status("un_sc", version, desk.now)["status"] == "stale"


def test_a_list_whose_dprk_entries_are_gone_is_held(desk: Desk, server: ListServer) -> None:
    desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    page = server.pages["/un_sc/consolidated.xml"]
    page.body = UN_XML.replace(b"<UN_LIST_TYPE>DPRK<", b"<UN_LIST_TYPE>Other<").replace(b"-04T23", b"-05T01")
    page.headers["ETag"] = '"un-2"'
    with pytest.raises(RejectedListError, match="no DPRK entry is left of 2"):
        desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)


def test_an_address_that_is_no_longer_kept_up_does_not_count_as_a_check(desk: Desk, server: ListServer) -> None:
    desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    desk.now = NOW + timedelta(days=8)
    with pytest.raises(RejectedListError, match="has the address been retired"):
        desk.refresh.update_one("un_sc", Fetcher(), base_address=server.address)
    (version,) = desk.lists.active()
    assert version.checked_at == NOW


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Files</title>
<item><title>CSV</title><link>{address}/other?token=x</link><guid>ffff</guid></item>
<item><title>XML</title><link>{address}/un_sc/consolidated.xml?token=x</link><guid>{checksum}</guid></item>
</channel></rss>"""


@pytest.fixture
def with_a_feed(server: ListServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The list's publisher has a feed; the function says which checksum stands in it."""
    file = SourceFile("list", f"{server.address}/un_sc/consolidated.xml")
    un_sc = replace(sources.SOURCES["un_sc"], files=(file,), feed=f"{server.address}/rss")
    monkeypatch.setattr(sources, "SOURCES", {"un_sc": un_sc})

    def say(checksum: str) -> None:
        body = FEED.format(address=server.address, checksum=checksum).encode()
        server.pages["/rss"] = Page(body, headers={"Content-Type": "application/rss+xml"})

    return say


def test_a_feed_that_gives_the_same_checksum_saves_the_download(
    desk: Desk, server: ListServer, with_a_feed: Callable[[str], None]
) -> None:
    with_a_feed("1a2b")
    assert desk.refresh.update_one("un_sc", Fetcher()).outcome == "loaded"
    asked = len(server.requests)
    desk.now = NOW + timedelta(hours=6)
    assert desk.refresh.update_one("un_sc", Fetcher()).outcome == "unchanged"
    assert [path for path, _ in server.requests[asked:]] == ["/rss"]
    (version,) = desk.lists.active()
    assert version.checked_at == desk.now
    with_a_feed("3c4d")
    server.pages["/un_sc/consolidated.xml"] = Page(UN_XML.replace(b"Abu Sampel<", b"Abu Sampelle<"))
    assert desk.refresh.update_one("un_sc", Fetcher()).outcome == "loaded"


def test_a_feed_that_stands_still_does_not_keep_a_list_fresh_for_ever(
    desk: Desk, server: ListServer, with_a_feed: Callable[[str], None]
) -> None:
    with_a_feed("1a2b")
    desk.refresh.update_one("un_sc", Fetcher())
    desk.now = NOW + timedelta(days=8)
    with pytest.raises(RejectedListError, match="has the address been retired"):
        desk.refresh.update_one("un_sc", Fetcher())


@pytest.mark.parametrize(
    "feed", [b"<rss/>", b"<html>busy</html>", b"", FEED.replace("consolidated", "another").encode()]
)
def test_a_feed_that_says_nothing_of_the_file_leaves_the_file_to_be_asked(
    desk: Desk, server: ListServer, with_a_feed: Callable[[str], None], feed: bytes
) -> None:
    with_a_feed("1a2b")
    desk.refresh.update_one("un_sc", Fetcher())
    server.pages["/rss"] = Page(feed)
    asked = len(server.requests)
    assert desk.refresh.update_one("un_sc", Fetcher()).outcome == "unchanged"
    assert [path for path, _ in server.requests[asked:]] == ["/rss", "/un_sc/consolidated.xml"]


def test_a_refusal_on_record_names_no_listed_party(desk: Desk, tmp_path: Path) -> None:
    twice = tmp_path / "SDN.CSV"
    twice.write_bytes((OFAC / "SDN.CSV").read_bytes().replace(b"\r\n105,", b"\r\n102,"))
    with pytest.raises(MalformedListError, match="line 6: ent_num 102"):
        desk.refresh.import_files("us_ofac_sdn", [twice], partial=True)
    assert "EX-001" not in json.dumps(desk.leaves())
    assert "Example Chol" not in json.dumps(desk.leaves())


def test_a_load_that_fails_half_way_leaves_nothing_behind(desk: Desk, tmp_path: Path) -> None:
    desk.refresh.import_files("un_sc", [DATA / "un_small.xml"])
    half = tmp_path / "half.xml"
    half.write_bytes(UN_XML.replace(b"<LISTED_ON>2017-08-05</LISTED_ON>", b"<LISTED_ON>soon</LISTED_ON>"))
    with pytest.raises(MalformedListError, match=r"KPe\.903: LISTED_ON"):
        desk.refresh.import_files("un_sc", [half])
    assert [version.version for version in desk.lists.versions("un_sc")] == [1]


@pytest.mark.shared
def test_a_large_list_replaces_another_in_seconds_on_a_database_without_statistics(
    database: Database, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the real floors and canaries
    desk = Desk(database)
    folder = shared / "lists" / "ofac_set_2021-07"
    desk.refresh.import_files("us_ofac_sdn", sorted(folder.iterdir()))
    started = monotonic()
    newer = shared / "lists" / "ofac_sdn_2024-05-03.csv.xz"
    done = desk.refresh.import_files("us_ofac_sdn", [newer], partial=True, overrides=frozenset(Override))
    assert done.version is not None
    assert (done.version.version, done.version.entries) == (2, 14965)
    assert monotonic() - started < 30  # a nested loop took a minute
