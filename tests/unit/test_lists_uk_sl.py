"""The UK Sanctions List, XML and CSV: every trap of the files, on invented designations in the publisher's format."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.errors import MalformedListError
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    ListingKind,
    Relation,
)
from service.lists.uk_designation import birth_date
from service.matching.comparison import THRESHOLD, compare
from tests.list_reading import Reading, names_of

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
XML = (DATA / "uk_sl_small.xml").read_bytes()
CSV = (DATA / "uk_sl_small.csv").read_bytes()


SMALL_LIST = Reading("uk_sl", XML)
opened, read = SMALL_LIST.opened, SMALL_LIST.entries


@pytest.mark.parametrize(("content", "day"), [(XML, date(2026, 8, 20)), (CSV, date(2026, 6, 24))])
def test_the_date_of_the_list_is_the_one_inside_it_and_it_can_be_read_again(content: bytes, day: date) -> None:
    with opened(content) as head:
        assert head.published_on == day
        assert list(head) == list(head) != []


def test_the_surname_stands_last_in_the_joined_name_and_is_found_in_either_order() -> None:
    person = read()["DPR9901"]
    assert person.name == "Example Chol PAK"
    assert compare("PAK Example Chol", person.name).score >= THRESHOLD


def test_name_types_of_every_casing_and_the_strength_of_an_alias() -> None:
    person = read()["DPR9901"]
    assert names_of(person, AliasQuality.STRONG) == ["Example-Chol PAK", "Exampul PARK"]
    assert names_of(person, AliasQuality.WEAK) == ["Comrade Pak"]
    assert names_of(person, AliasQuality.ORIGINAL_SCRIPT) == ["박예철"]


def test_a_designation_with_variations_only_has_the_first_of_them_as_its_name() -> None:
    assert read()["DPR9902"].names == (
        ListedName(text="Sample Overseas Projekt Group", quality=AliasQuality.PRIMARY),
        ListedName(text="Sample Overseas Project Group", quality=AliasQuality.STRONG),
    )


def test_a_blank_name_type_is_the_primary_name_and_a_firm_may_use_every_part() -> None:
    assert read()["RUS9903"].name == "SAMPLE FRONT TRADING"


def test_a_primary_name_that_comes_after_its_variation_is_still_the_primary_name() -> None:
    turned = XML.replace(b">Primary Name Variation<", b">Primary name<")
    assert read(turned)["DPR9902"].name == "Sample Overseas Project Group"


def test_trap_16_a_birth_date_with_letters_or_zeros_keeps_what_is_known() -> None:
    assert read()["DPR9901"].birth_dates == (
        BirthDate(year=1945),
        BirthDate(year=1970, month=8),
        BirthDate(year=1980),
        BirthDate(year=1975),
        BirthDate(year=1981, month=5),
        BirthDate(year=1958, month=2, day=28),
    )


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("dd/mm/1945", BirthDate(year=1945)),
        ("00/00/1980", BirthDate(year=1980)),
        ("'00/00/1975", BirthDate(year=1975)),
        ("15/mm/1962", BirthDate(year=1962)),
        ("31/02/1970", BirthDate(year=1970, month=2)),
        ("15/08/19yy", None),
        ("circa 1970", BirthDate(year=1970, circa=True)),
        ("1970 or 1971", None),
        ("unknown", None),
        ("dd/mm/0000", None),
    ],
)
def test_days_of_birth_are_read_in_every_shape(text: str, born: BirthDate | None) -> None:
    assert birth_date(text) == born


def test_numbers_countries_and_addresses_reach_the_listing_once() -> None:
    person = read()["DPR9901"]
    assert person.identifiers == (
        ListedIdentifier(kind="passport", value="836410999"),
        ListedIdentifier(kind="national_id", value="12345"),
        ListedIdentifier(kind="tax_id", value="770099"),
    )
    assert (person.countries, person.address_countries, person.genders) == (("KP",), ("KP",), ("male",))
    assert person.addresses == (Address(text="1 Example Street, Pyongyang, 1001, North Korea", country="KP"),)


def test_a_ship_has_its_imo_number_and_its_flag() -> None:
    ship = read()["DPR9904"]
    assert ship.kind is ListingKind.VESSEL
    assert ship.identifiers == (ListedIdentifier(kind="imo", value="9999991"),)
    assert ship.countries == ("KM",)


def test_parents_subsidiaries_and_operators_are_relations_led_to_the_party_of_that_name() -> None:
    assert read()["DPR9902"].relations == (
        Relation(kind="owned_or_controlled_by", name="Sample Front Trading", target="RUS9903"),
        Relation(kind="owns_or_controls", name="Sample Sculptures"),
        Relation(kind="owns_or_controls", name="Sample Murals"),
    )
    assert read()["DPR9904"].relations == (
        Relation(kind="owned_or_controlled_by", name="Sample Front Trading", target="RUS9903"),
        Relation(kind="linked_to", name="Old Example Shipping"),
    )


def test_the_regime_is_the_programme_and_tells_the_dprk_with_either_apostrophe() -> None:
    listings = read()
    assert sorted(key for key, listing in listings.items() if listing.dprk) == ["DPR9901", "DPR9902", "DPR9904"]
    assert listings["RUS9903"].programmes == ("The Russia (Sanctions) (EU Exit) Regulations 2019",)


def test_the_day_of_designation_is_the_day_of_listing() -> None:
    assert (read()["DPR9902"].listed_on, read()["DPR9902"].listed_on_basis) == (date(2017, 8, 5), "list")


def test_the_record_keeps_the_un_reference_the_group_id_and_the_reasons() -> None:
    record = read()["DPR9901"].record
    assert (record["UNReferenceNumber"], record["OFSIGroupID"]) == ("KPi.991", "99001")
    assert record["SanctionsImposed"] == "Asset freeze|Travel Ban"
    assert record["UKStatementofReasons"].startswith("Invented")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"<UniqueID>DPR9902<", b"<UniqueID>DPR9901<", "DPR9901: the UniqueID is used for a second designation"),
        (b"<UniqueID>DPR9902<", b"<UniqueID><", "line .*: UniqueID is missing"),
        (b">Ship</Indiv", b">Aircraft</Indiv", "DPR9904: unknown kind 'Aircraft'"),
        (b"<DateDesignated>05/08/2017", b"<DateDesignated>05/13/2017", "DPR9902: '05/13/2017' is no date"),
        (b"<Name6>Example 8<", b"<Name6><", "DPR9904: the designation has no name"),
        (b"<DateGenerated>20/08/2026</DateGenerated>", b"", "DateGenerated is missing"),
        (b"<DateGenerated>20/08", b"<DateGenerated>soon", "'soon/2026' is no date"),
        (b"</Designations>", b"", "not well-formed XML"),
        (b"</Designations>", b"<Removed/></Designations>", "unexpected element Designations/Removed"),
        (b">The Russia (Sanctions) (EU Exit) Regulations 2019<", b"><", "RUS9903: no regime"),
    ],
)
def test_a_file_that_is_not_what_the_publisher_writes_is_refused(old: bytes, new: bytes, says: str) -> None:
    assert old in XML
    with pytest.raises(MalformedListError, match=says):
        read(XML.replace(old, new))


def test_the_csv_gives_each_designation_once_though_its_rows_are_a_product() -> None:
    listings = read(CSV)
    assert sorted(listings) == ["DPR9901", "DPR9904", "RUS9903"]
    person = listings["DPR9901"]
    assert [(name.text, name.quality.value) for name in person.names] == [
        ("Example Chol PAK", "primary"),
        ("Example-Chol PAK", "strong"),
        ("Comrade Pak", "weak"),
        ("박예철", "original_script"),
    ]
    assert person.birth_dates == (
        BirthDate(year=1945),
        BirthDate(year=1958, month=2, day=28),
        BirthDate(year=1970, month=8),  # of a row that stands apart, at the end of the file
    )
    assert [address.country for address in person.addresses] == ["KP", "CN"]
    assert person.identifiers == (ListedIdentifier(kind="passport", value="836410999"),)
    assert person.record["UK Statement of Reasons"] == "Invented, over two lines."
    assert len(person.record["Names"]) == 3
    assert listings["DPR9904"].relations == read()["DPR9904"].relations[:1]


def test_the_csv_is_read_with_its_older_name_of_the_column_of_kinds() -> None:
    older = CSV.replace(b",Designation Type,", b',"Individual, Entity, Ship",')
    assert read(older) == read(CSV)


@pytest.mark.parametrize("first", [b"Report Date: 24/06/2026", b'"Report Date: 24 June 2026"'])
def test_the_day_of_the_report_is_read_in_every_shape(first: bytes) -> None:
    with opened(CSV.replace(b"Report Date: 24-Jun-2026", first)) as head:
        assert head.published_on == date(2026, 6, 24)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"Report Date: 24-Jun-2026\r\n", b"", "line 1: the first line is not the Report Date"),
        (b"24-Jun-2026", b"today", "states no day of the report"),
        (b",Alias strength,", b",Strength,", "line 2: the header lacks Alias strength"),
        (b",Title,", b",Gender,", "the header has Gender twice"),
        (b",DPR9904,", b",,", "no Unique ID"),
        (b",RUS9903,", b",DPR9904,", "one key for two parties: Designation Type"),
        (b",Designation Type,", b",Sort,", "line .*: no Designation Type"),
        (b"Example 8", b"Ex\xe9mple 8", "bytes that are not utf-8"),
    ],
)
def test_a_broken_csv_is_refused(old: bytes, new: bytes, says: str) -> None:
    assert old in CSV
    with pytest.raises(MalformedListError, match=says):
        read(CSV.replace(old, new))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "day", "dprk"),
    [
        ("uk_sanctions_list_fixture_2026-08-20.xml", date(2026, 8, 20), ["DPR0075"]),
        ("uk_sanctions_list_trimmed_2026-09-02.xml", date(2026, 9, 2), []),
    ],
)
def test_a_real_file_holds_what_another_parser_finds(shared: Path, name: str, day: date, dprk: list[str]) -> None:
    content = (shared / "lists" / "trimmed" / name).read_bytes()
    root = ElementTree.fromstring(content)
    with opened(content) as head:
        assert head.published_on == day
    listings = read(content)
    assert len(listings) == len(root.findall("Designation"))
    assert [key for key, listing in listings.items() if listing.dprk] == dprk
    for designation in root.findall("Designation"):
        listing = listings[designation.findtext("UniqueID", "")]
        joined = [
            " ".join(part.text or "" for part in each if part.tag[-1:].isdigit()) for each in designation.iter("Name")
        ]
        scripts = [each.text for each in designation.iter("NameNonLatinScript")]
        assert {name.text for name in listing.names} == {*joined, *scripts}
        assert len(listing.birth_dates) == len(designation.findall(".//DOB"))
        assert len(listing.addresses) == len(designation.findall(".//Address"))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("git_lfs_pointer_saved_as_eu_consolidated.xml", "a Git LFS pointer"),
        ("ae_local_list_bom_multirow_header_2025-08.csv", "line 1: the first line is not the Report Date"),
    ],
)
def test_trap_8_a_real_file_that_is_not_the_list_is_refused(shared: Path, name: str, says: str) -> None:
    with pytest.raises(MalformedListError, match=says):
        read((shared / "lists" / "malformed" / name).read_bytes())
