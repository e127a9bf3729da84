"""The Swiss sanctions list: history inside the file, names in parts and scripts, on invented targets."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.ch_seco import DELISTED
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from tests.list_reading import Reading

SMALL = (Path(__file__).resolve().parents[1] / "data" / "lists" / "ch_seco_small.xml").read_bytes()


SMALL_LIST = Reading("ch_seco", SMALL, "SECO")
opened, entries = SMALL_LIST.opened, SMALL_LIST.entries


def texts(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


def test_trap_19_a_de_listed_target_is_left_out_and_counted_and_copies_in_history_are_no_targets() -> None:
    with opened() as file:
        assert file.left_out == ((DELISTED, 1),)
        assert file.doubts == ()
        assert file.published_on == date(2026, 8, 27)
        listings = list(file)
    assert [listing.key for listing in listings] == ["1001", "1002", "1004"]
    assert not any("Former Copy" in name.text for listing in listings for name in listing.names)
    assert "Former Copy" not in str([listing.record for listing in listings])


def test_trap_19_modifications_count_by_the_day_they_took_effect_and_not_by_their_order() -> None:
    last_in_file_is_no_de_listing = entries()
    assert "1003" not in last_in_file_is_no_de_listing
    assert entries()["1002"].listed_on == date(2015, 2, 1)


def test_a_target_that_left_and_came_back_on_one_day_is_listed() -> None:
    same_day = SMALL.replace(b'2015-02-01" effective-date="2015-02-01"', b'2014-01-01" effective-date="2014-01-01"')
    same_day = same_day.replace(b'enactment-date="2015-02-01" publication-date="2015-02-01"', b"")
    assert "1002" in entries(same_day)


def test_a_name_is_put_together_in_the_order_of_its_parts_without_the_title() -> None:
    assert entries()["1001"].name == "Kim Example"


def test_spelling_variants_go_together_by_language_and_script() -> None:
    person = entries()["1001"]
    assert texts(person, AliasQuality.ORIGINAL_SCRIPT) == ["Ким Игзампл"]
    assert texts(person, AliasQuality.STRONG) == ["Gim Exampel", "Ghim Exampel", "Pak Sample"]


def test_low_quality_aliases_are_weak_and_former_names_are_kept() -> None:
    assert texts(entries()["1001"], AliasQuality.WEAK) == ["Chol"]
    assert "Pak Sample" in texts(entries()["1001"], AliasQuality.STRONG)


def test_a_name_with_too_many_spellings_still_gives_each_of_them() -> None:
    variants = b"".join(b'<spelling-variant lang="ENG" script="LATN">V%d</spelling-variant>' % n for n in range(40))
    more = SMALL.replace(b"<value>Example</value>", b"<value>Example</value>" + variants)
    found = {name.text for name in entries(more)["1001"].names}
    assert {f"Gim V{number}" for number in range(40)} <= found
    assert "Ghim V0" in found


def test_all_identities_count_and_dates_may_lack_parts() -> None:
    person = entries()["1001"]
    assert person.countries == ("CN", "KP")
    assert person.birth_dates == (
        BirthDate(year=1972, circa=True),
        BirthDate(year=1970, month=3, day=23),
        BirthDate(year=1971, month=4),
    )
    assert person.genders == ("male",)


def test_places_stand_behind_the_targets() -> None:
    assert entries()["1001"].addresses == (Address(text="1 Example Street, Moscow, Russian Federation", country="RU"),)


def test_documents_and_numbers_in_prose_become_identifiers() -> None:
    listings = entries()
    assert listings["1001"].identifiers == (ListedIdentifier(kind="passport", value="927000001", country="KP"),)
    assert listings["1002"].identifiers == (
        ListedIdentifier(kind="bic", value="EXMPCHZZ"),
        ListedIdentifier(kind="bic", value="SMPLAEA1"),
        ListedIdentifier(kind="registration_number", value="123456"),
    )
    assert listings["1004"].identifiers == (ListedIdentifier(kind="imo", value="9990001"),)


def test_relations_name_their_target_by_key_while_it_is_listed() -> None:
    assert entries()["1001"].relations == (
        Relation(kind="acting_for", name="Sample Bank", target="1002"),
        Relation(kind="linked_to", name="Gone Company"),
    )


def test_a_relation_to_no_target_raises_a_doubt() -> None:
    with opened(SMALL.replace(b'target-id="1003"', b'target-id="5"')) as file:
        assert file.doubts == ("relations point at 1 targets that the file does not have",)


def test_programmes_come_before_the_targets_that_point_at_their_sets() -> None:
    listings = entries()
    assert listings["1004"].programmes == ("North Korea", "Exampleland")
    assert listings["1004"].kind is ListingKind.VESSEL
    assert listings["1001"].reference == "900-1001"
    assert all(listing.dprk for listing in listings.values())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SMALL.replace(b"whole-list", b"delta-list"), "list-type is 'delta-list', not 'whole-list'"),
        (SMALL.replace(b'date="2026-08-27"', b'date="27.08.2026"', 1), "not a day"),
        (SMALL.replace(b"swiss-sanctions-list", b"other-list"), "the root element is other-list"),
        (SMALL.replace(b'target ssid="1002"', b'target ssid="1001"'), "target 1001: the target is given twice"),
        (SMALL.replace(b'target ssid="1002"', b"target"), "the target has no ssid"),
        (SMALL.replace(b"<sanctions-set-id>201", b"<sanctions-set-id>999"), "target 1004: no programme .* the set 999"),
        (SMALL.replace(b'"de-listed"', b'"delisted"'), "target 1002: unknown modification 'delisted'"),
        (SMALL.replace(b"2016-03-01", b"01.03.2016"), "target 1003: a modification of the day"),
        (SMALL.replace(b'quality="low" lang', b'quality="poor" lang'), "name 11: unknown name-type .* 'poor'"),
        (SMALL.replace(b'"vessel"', b'"rocket"'), "target 1004: unknown object 'rocket'"),
        (SMALL.replace(b"<value>Example Star</value>", b"<value/>"), "target 1004: a target without a name"),
        (SMALL.replace(b"<place ", b"<palace ").replace(b"</place>", b"</palace>"), "unexpected element"),
        (SMALL[: len(SMALL) // 2], "not well-formed XML"),
        (SMALL.replace(b"Sample Bank", b"Sample & Bank"), "not well-formed XML"),
        (SMALL.replace(b"<swiss", b"<!DOCTYPE x [<!ENTITY a 'b'>]><swiss", 1), "DOCTYPE"),
        (re.sub(rb"<target.*</target>", b"", SMALL, flags=re.DOTALL), "the section target is missing"),
    ],
)
def test_a_file_is_read_whole_or_refused_with_the_target(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason), opened(content) as file:
        list(file)


@pytest.mark.shared
def test_the_real_extract_is_read_whole(shared: Path) -> None:
    """Counted by a search over the raw text: top-level targets stand two blanks in."""
    content = (shared / "lists" / "trimmed" / "ch_seco_trimmed_2026-08-27.xml").read_bytes()
    assert len(re.findall(rb"^  <target ", content, flags=re.MULTILINE)) == 3
    with opened(content) as file:
        listings = {listing.key: listing for listing in file}
    assert file.left_out == ((DELISTED, 1),)
    assert sorted(listings) == ["34461", "46130"]
    assert listings["34461"].names == (
        ListedName(text="Hui Chon", quality=AliasQuality.PRIMARY),
        ListedName(text="Hwang Gum San 2", quality=AliasQuality.STRONG),
    )
    assert (listings["34461"].dprk, listings["34461"].listed_on) == (True, date(2016, 5, 18))
    assert listings["46130"].programmes == ("Belarus",)
