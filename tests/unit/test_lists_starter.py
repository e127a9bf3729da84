"""The starter list, and what is shown of a list's age."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.lists import starter
from service.lists.listing import AliasQuality, BirthDate, Listing
from service.lists.sources import HARD_AGE, LONGEST_HARD_AGE, SOURCES, files_at, source_of
from service.lists.status import Freshness, age_of, status
from service.records import ListVersion

LONGEST_IMPORTED = timedelta(days=45)  # where nobody publishes a list day by day
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def by_reference(list_id: str) -> dict[str, Listing]:
    return {listing.reference: listing for listing in starter.listings(list_id)}


def test_the_starter_holds_at_least_forty_listings_of_the_dprk() -> None:
    everything = [listing for list_id in starter.list_ids() for listing in starter.listings(list_id)]
    assert starter.list_ids() == ("un_sc", "us_ofac_sdn")
    assert len(everything) >= 40
    assert all(listing.dprk and listing.listed_on and listing.listed_on_basis for listing in everything)


@pytest.mark.parametrize("list_id", ["un_sc", "us_ofac_sdn"])
def test_every_starter_entry_stands_once_and_is_tidy(list_id: str) -> None:
    entries = starter.listings(list_id)
    assert len({listing.key for listing in entries}) == len(entries)
    for listing in entries:
        texts = [name.text for name in listing.names]
        assert listing.names[0].quality is AliasQuality.PRIMARY
        assert len(set(texts)) == len(texts)
        assert all(text == text.strip() and text for text in texts)


def test_genco_is_found_by_its_weak_aliases() -> None:
    genco = by_reference("us_ofac_sdn")["19611"]
    assert genco.name == "KOREA GENERAL CORPORATION FOR EXTERNAL CONSTRUCTION"
    weak = {name.text for name in genco.names if name.quality is AliasQuality.WEAK}
    assert weak == {"ZENKO", "GENCO", "KOGEN"}


def test_mansudae_stands_on_both_lists_with_its_own_dates() -> None:
    assert by_reference("un_sc")["KPe.050"].listed_on == date(2017, 8, 5)
    assert by_reference("us_ofac_sdn")["20578"].listed_on == date(2016, 12, 2)


@pytest.mark.parametrize(
    "name",
    [
        "NAMGANG CONSTRUCTION",
        "KOREA NAMGANG TRADING CORPORATION",
        "COMMERCIAL BANK AGROSOYUZ",
        "MOKRAN LLC",
        "KOREA CHOLSAN GENERAL TRADING CORPORATION",
        "CHINYONG INFORMATION TECHNOLOGY COOPERATION COMPANY",
        "Asatryan Limited Liability Company",
        "Korea Osong Shipping Corporation",
        "SIM, Hyon Sop",
        "RI, Jong Won",
        "KOREA UNGUM CORPORATION",
        "DANDONG ZHONGSHENG INDUSTRY & TRADE CO., LTD.",
    ],
)
def test_parties_that_matter_to_dprk_labour_are_in_the_us_starter(name: str) -> None:
    assert name in {listing.name for listing in starter.listings("us_ofac_sdn")}


def test_parties_that_matter_to_dprk_labour_are_in_the_un_starter() -> None:
    un = by_reference("un_sc")
    assert un["KPi.055"].name == "HAN JANG SU"
    assert un["KPi.055"].birth_dates == (BirthDate(year=1969, month=11, day=7),)
    assert "MINISTRY OF THE PEOPLE’S ARMED FORCES" in {name.text for name in un["KPe.054"].names}
    assert un["KPe.031"].name == "RECONNAISSANCE GENERAL BUREAU"
    assert un["KPe.040"].name == "DCB FINANCE LIMITED"
    assert "FOREIGN TRADE BANK" in {name.text for name in un["KPe.047"].names}


def test_the_starter_is_version_zero_and_says_what_it_is() -> None:
    version = starter.version("un_sc")
    assert (version.version, version.complete) == (0, False)
    assert version.entries == len(starter.listings("un_sc"))
    assert status("un_sc", version, NOW)["status"] == "starter"


def test_a_list_without_a_starter_has_none() -> None:
    assert starter.listings("eu_fsf") == ()


def a_version(checked_at: datetime | None) -> ListVersion:
    return ListVersion(
        list_id="un_sc",
        version=3,
        sha256="0" * 64,
        entries=1003,
        published_on=date(2026, 11, 22),
        checked_at=checked_at,
    )


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (timedelta(), Freshness.FRESH),
        (timedelta(hours=24), Freshness.FRESH),
        (timedelta(hours=24, seconds=1), Freshness.AGEING),
        (timedelta(hours=48), Freshness.AGEING),
        (timedelta(hours=48, seconds=1), Freshness.STALE),
        (timedelta(hours=-2), Freshness.STALE),
    ],
)
def test_the_age_of_a_list_counts_from_its_last_check(age: timedelta, freshness: Freshness) -> None:
    assert age_of(a_version(NOW - age), NOW).freshness is freshness


def test_a_list_never_known_to_be_current_is_stale() -> None:
    assert age_of(a_version(None), NOW).freshness is Freshness.STALE
    assert status("un_sc", a_version(None), NOW)["checked_at"] is None


def test_the_status_of_a_list_shows_what_an_answer_shows_and_the_limits() -> None:
    shown = status("un_sc", a_version(NOW - timedelta(hours=1)), NOW)
    assert shown["id"] == "un_sc"
    assert shown["version"] == 3
    assert shown["published_on"] == "2026-11-22"
    assert shown["checked_at"] == "2026-11-23T09:00:00Z"
    assert shown["status"] == "fresh"
    assert shown["limits"] == {"ageing_after_hours": 24.0, "stale_after_hours": 48.0}


def test_a_list_that_was_never_loaded_is_shown_as_such() -> None:
    shown = status("us_ofac_sdn", None, NOW)
    assert (shown["status"], shown["entries"], shown["version"]) == ("never_loaded", 0, None)


def test_every_source_is_fetched_over_https_and_within_the_limits() -> None:
    assert HARD_AGE <= LONGEST_HARD_AGE
    fetched_by_others = {"opensanctions"}  # no files of ours, but made anew every day for whoever has a licence
    for source in SOURCES.values():
        assert all(file.address.startswith("https://") for file in source.files)
        longest = HARD_AGE if source.files or source.list_id in fetched_by_others else LONGEST_IMPORTED
        assert source.soft_age < source.hard_age <= longest, source.list_id
        assert len(source.canaries) >= 20 or source.retired_on or not source.ages, source.list_id


def test_a_list_that_nobody_publishes_daily_ages_by_the_month_and_still_closes() -> None:
    imported = replace(a_version(NOW - timedelta(days=30)), list_id="eu_dprk_annexes")
    assert age_of(imported, NOW).freshness is Freshness.FRESH
    assert age_of(imported, NOW + timedelta(days=2)).freshness is Freshness.AGEING
    assert age_of(imported, NOW + timedelta(days=16)).freshness is Freshness.STALE
    assert status("eu_dprk_annexes", imported, NOW)["limits"]["stale_after_hours"] == 1080


def test_a_mirror_keeps_the_publishers_file_names() -> None:
    (file,) = files_at(source_of("un_sc"), "http://127.0.0.1:8000/lists/")
    assert file.address == "http://127.0.0.1:8000/lists/un_sc/consolidated.xml"
