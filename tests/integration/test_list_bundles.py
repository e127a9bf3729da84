"""Bundles of list files from a site with a network to one without: verified whole, or not begun."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from service.bundles import importing
from service.bundles.archive import ArchiveReader
from service.bundles.importing import BundleImport
from service.bundles.keys import key_ring
from service.bundles.making import BundleMaker
from service.bundles.note import KEY_NAME, open_manifest
from service.errors import BundleError, ConfigError, FetchError, ListBusyError, RejectedListError
from service.intake.fetch import Fetcher
from service.intake.reception import Refreshed
from service.lists import sources
from service.lists.status import status
from service.store.database import Database
from service.store.list_bundles import ListBundles
from tests.bundles import MADE, STRANGER, VKEY, bundle
from tests.integration.test_refresh import (  # noqa: F401 - fixtures
    NOW,
    OFAC,
    UN_XML,
    Desk,
    desk,
    server,
    small_lists_are_enough,
)
from tests.list_server import ListServer, Page

UN = {"un_sc": {"consolidated.xml": UN_XML}}
SET = {"us_ofac_sdn": {file.name: file.read_bytes() for file in sorted(OFAC.iterdir())}}
LATER = UN_XML.replace(b"2026-03-04T23:00:09.554Z", b"2026-03-05T07:00:00.000Z").replace(b"Abu Sampel<", b"Abu X<")


class Site:
    """A site without a network: it takes bundles of the key ``VKEY``."""

    def __init__(self, desk: Desk, database: Database, folder: Path) -> None:  # noqa: F811
        self.desk = desk
        self.folder = folder
        self.taking = BundleImport(
            keys=[VKEY],
            bundles=ListBundles(database),
            active=desk.lists.active,
            lock=desk.intake,
            refresh=desk.refresh,
            audit_log=desk.log,
            audit_event=desk.audit_event,
            clock=lambda: desk.now,
            taken_by="cli:local",
        )

    def take(self, raw: bytes) -> dict[str, Refreshed]:
        path = self.folder / "bundle.tar"
        path.write_bytes(raw)
        return {one.list_id: one for one in self.taking.take(path)}

    def refusal(self, raw: bytes) -> str:
        """Why a bundle is refused; nothing must have come of it but one audit entry."""
        before = (self.desk.lists.active(), self.desk.intake.last_attempts(), len(self.desk.leaves()))
        with pytest.raises(BundleError) as refused:
            self.take(raw)
        *_, leaf = self.desk.leaves()
        assert (leaf["type"], leaf["action"]) == ("list_bundle", "refused")
        assert (self.desk.lists.active(), self.desk.intake.last_attempts(), len(self.desk.leaves()) - 1) == before
        return str(refused.value)


@pytest.fixture
def site(desk: Desk, database: Database, tmp_path: Path) -> Site:  # noqa: F811
    return Site(desk, database, tmp_path)


def test_lists_of_a_bundle_serve_and_count_as_checked_when_their_publisher_was_asked(site: Site) -> None:
    asked = NOW - timedelta(hours=20)
    done = site.take(bundle(UN | SET, fetched_at=asked, created_at=asked + timedelta(hours=1)))
    assert {list_id: one.outcome for list_id, one in done.items()} == {"un_sc": "loaded", "us_ofac_sdn": "loaded"}
    for version in site.desk.lists.active():
        assert version.checked_at == version.fetched_at == asked
        assert version.published_on == date(2026, 3, 4)
        assert status(version.list_id, version, NOW)["status"] == "fresh"
        assert status(version.list_id, version, NOW + timedelta(hours=5))["status"] == "ageing"
    leaves = [(leaf["type"], leaf.get("action")) for leaf in site.desk.leaves()]
    loads = [("list_load", None)] * 2
    assert leaves == [("list_bundle", "verified"), *loads, ("list_bundle", "imported")]
    assert site.desk.leaves()[-1]["outcomes"] == {"un_sc": "loaded", "us_ofac_sdn": "loaded"}


def test_the_publishers_addresses_and_digests_travel_with_the_files(site: Site) -> None:
    site.take(bundle(UN))
    (version,) = site.desk.lists.active()
    assert version.address == "https://lists.example/consolidated.xml"
    kept = site.desk.lists.files("un_sc")["files"]["list"]
    assert kept["address"] == version.address


def test_the_same_bundle_again_changes_nothing_and_never_moves_a_check_to_the_day_of_its_import(site: Site) -> None:
    site.take(bundle(UN))
    site.desk.now = NOW + timedelta(days=3)
    assert site.take(bundle(UN))["un_sc"].outcome == "unchanged"
    (version,) = site.desk.lists.active()
    assert version.checked_at == MADE
    assert status("un_sc", version, site.desk.now)["status"] == "stale"


def test_a_later_bundle_of_the_same_content_only_says_that_it_was_checked(site: Site) -> None:
    site.take(bundle(UN))
    later = MADE + timedelta(minutes=30)
    assert site.take(bundle(UN, sequence=2, created_at=later))["un_sc"].outcome == "unchanged"
    (version,) = site.desk.lists.active()
    assert version.checked_at == later


def test_an_older_bundle_is_refused_by_its_number_and_by_its_day(site: Site) -> None:
    site.take(bundle(UN, sequence=5))
    assert "number 4, and number 5 was taken in before" in site.refusal(bundle(UN, sequence=4))
    assert "Another bundle with the number 5" in site.refusal(bundle(UN | SET, sequence=5))
    earlier = bundle(UN, sequence=6, created_at=MADE - timedelta(seconds=1))
    assert "one of 2026-03-05 07:00 UTC was taken in before" in site.refusal(earlier)
    assert site.take(bundle(UN, sequence=6))["un_sc"].outcome == "unchanged"


def test_a_bundle_from_the_future_is_refused_before_it_makes_all_others_look_old(site: Site) -> None:
    assert "has not come yet" in site.refusal(bundle(UN, created_at=NOW + timedelta(hours=2)))


def test_a_bundle_that_would_turn_a_list_back_is_refused_with_all_its_lists(site: Site) -> None:
    site.take(bundle({"un_sc": {"consolidated.xml": LATER}}, published_on=date(2026, 3, 5)))
    refusal = site.refusal(bundle(SET | UN, sequence=2))
    assert "un_sc is of 2026-03-04 and that of 2026-03-05 serves" in refusal


def test_a_tampered_bundle_is_refused_wherever_it_was_touched(site: Site) -> None:
    whole = bundle(UN | SET)
    places = {
        "manifest": whole.index(b'"sequence"'),
        "signature": whole.index("\u2014 ".encode()) + 60,
        "header": whole.index(b"un_sc/1-consolidated.xml".ljust(100, b"\0")) + 140,
        "content": whole.index(b"<CONSOLIDATED_LIST") + 700,
        "last file": len(whole) - 2000,
        "end": len(whole) - 1,
    }
    for place in places.values():
        changed = bytearray(whole)
        changed[place] ^= 1
        site.refusal(bytes(changed))
    site.refusal(whole[:-300])
    site.refusal(whole + b"more")
    assert "none of the given keys" in site.refusal(bundle(UN, key=STRANGER))
    assert "begin with a manifest" in site.refusal(UN_XML)
    assert "truncated" in site.refusal(b"")
    assert site.desk.lists.active() == ()


def test_a_signed_bundle_of_something_else_is_not_begun(site: Site) -> None:
    page = b"<!doctype html><html>Not found</html>" + bytes(1000)
    assert "un_sc cannot be read" in site.refusal(bundle(SET | {"un_sc": {"consolidated.xml": page}}))
    assert "no list that can be read here" in site.refusal(bundle({"no_such_list": {"a.xml": UN_XML}}))
    assert "its manifest says 2026-03-01" in site.refusal(bundle(UN, published_on=date(2026, 3, 1)))
    bomb = gzip.compress(bytes(1024 * 1024)) * 501
    assert "unpacks to more than" in site.refusal(bundle({"un_sc": {"bomb.gz": bomb}}))


def test_what_is_doubtful_is_held_as_a_download_would_be_and_the_other_lists_serve(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = {**sources.SOURCES, "un_sc": replace(sources.SOURCES["un_sc"], floor=500)}
    monkeypatch.setattr(sources, "SOURCES", strict)
    done = site.take(bundle(UN | SET))
    assert {list_id: one.outcome for list_id, one in done.items()} == {"un_sc": "held", "us_ofac_sdn": "loaded"}
    assert "un_sc is held as version 1" in str(done["un_sc"].fault)
    assert [version.list_id for version in site.desk.lists.active()] == ["us_ofac_sdn"]
    (held,) = site.desk.intake.held()
    assert held.list_id == "un_sc"
    again = site.take(bundle(UN | SET))
    assert {list_id: one.outcome for list_id, one in again.items()} == {"un_sc": "held", "us_ofac_sdn": "unchanged"}


def test_a_list_that_breaks_in_the_middle_is_rejected_whole_and_the_other_lists_serve(site: Site) -> None:
    broken = UN_XML[: len(UN_XML) - 300]
    done = site.take(bundle({"un_sc": {"consolidated.xml": broken}} | SET))
    assert {list_id: one.outcome for list_id, one in done.items()} == {"un_sc": "rejected", "us_ofac_sdn": "loaded"}
    assert site.desk.lists.versions("un_sc") == ()


def test_one_bundle_is_taken_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LOCK_WAITS", 0.1)
    with site.desk.intake.loading("list bundle"), pytest.raises(ListBusyError):
        site.take(bundle(UN))
    assert site.desk.leaves() == []
    assert site.take(bundle(UN))["un_sc"].outcome == "loaded"


@pytest.fixture
def make(
    desk: Desk,  # noqa: F811
    server: ListServer,  # noqa: F811
    tmp_path: Path,
) -> Callable[..., Any]:
    def made(out: Path, *list_ids: str, given: dict[str, list[Path]] | None = None) -> Any:
        maker = BundleMaker(
            folder=tmp_path / "keys",
            fetcher=Fetcher(),
            active={version.list_id: version for version in desk.lists.active()},
            audit_log=desk.log,
            audit_event=desk.audit_event,
            clock=lambda: desk.now,
            base_address=server.address,
        )
        return maker.make(out, list_ids, given or {})

    return made


def test_a_bundle_holds_what_the_publishers_sent_byte_for_byte(
    make: Callable[..., Any],
    desk: Desk,  # noqa: F811
    tmp_path: Path,
) -> None:
    key = key_ring(tmp_path / "keys").generate()
    desk.refresh.import_files("un_sc", [OFAC.parent / "un_small.xml"])
    made = make(tmp_path / "b.tar", "un_sc", "us_ofac_sdn")
    raw = (tmp_path / "b.tar").read_bytes()
    assert made.size == len(raw)
    with ExitStack() as opened:
        reader = ArchiveReader(BytesIO(raw))
        manifest, _ = open_manifest(reader.manifest(), [key.verifier(KEY_NAME)])
        contents = [each.read() for each in reader.contents(manifest.files(), opened.enter_context)]
    assert manifest == made.manifest
    assert contents[0] == UN_XML
    assert sorted(contents[1:]) == sorted(SET["us_ofac_sdn"].values())
    un, ofac = manifest.lists
    assert (un.published_on, un.fetched_at, un.version) == (date(2026, 3, 4), NOW, 1)
    assert (ofac.published_on, ofac.version) == (date(2026, 3, 4), None)
    assert un.files[0].etag == '"un-1"'
    (*_, leaf) = desk.leaves()
    assert (leaf["type"], leaf["action"], leaf["sha256"]) == ("list_bundle", "made", manifest.sha256)
    assert make(tmp_path / "c.tar", "un_sc").manifest.sequence == made.manifest.sequence + 1


def test_what_cannot_be_had_or_read_leaves_no_bundle(
    make: Callable[..., Any],
    server: ListServer,  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "b.tar"
    with pytest.raises(ConfigError, match="bundle-key generate"):
        make(out, "un_sc")
    key_ring(tmp_path / "keys").generate()
    server.pages["/un_sc/consolidated.xml"] = Page(UN_XML[:-300])
    with pytest.raises(Exception, match="not well-formed"):
        make(out, "us_ofac_sdn", "un_sc")
    del server.pages["/un_sc/consolidated.xml"]
    with pytest.raises(FetchError):
        make(out, "un_sc")
    with pytest.raises(RejectedListError, match="no list that can be read"):
        make(out, "elsewhere")
    with pytest.raises(Exception, match=r"absent\.xml: cannot be opened"):
        make(out, "un_sc", given={"un_sc": [tmp_path / "absent.xml"]})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys"]


def test_files_from_disk_travel_without_a_claim_of_when_they_were_fetched(
    make: Callable[..., Any], tmp_path: Path
) -> None:
    key_ring(tmp_path / "keys").generate()
    made = make(tmp_path / "b.tar", "un_sc", given={"un_sc": [OFAC.parent / "un_small.xml"]})
    (only,) = made.manifest.lists
    assert only.fetched_at is None
    assert only.files[0].address is None
