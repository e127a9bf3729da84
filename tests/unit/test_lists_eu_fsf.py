"""The EU's consolidated list, XML and CSV: every trap of the files, on invented entities in the publisher's format."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.errors import MalformedListError
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, ListingKind
from tests.list_reading import Reading, names_of

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
XML = (DATA / "eu_fsf_small.xml").read_bytes()
CSV = (DATA / "eu_fsf_small.csv").read_bytes()
NAMESPACE = "{http://eu.europa.ec/fpi/fsd/export}"


SMALL_LIST = Reading("eu_fsf", XML)
opened, read = SMALL_LIST.opened, SMALL_LIST.entries


def with_remark(remark: str, strong: str = "true") -> AliasQuality:
    """The quality of a second name that has this remark."""
    name = f'<nameAlias wholeName="Other Name" strong="{strong}"><remark>{remark}</remark></nameAlias>'
    content = XML.replace(b"<citizenship", name.encode() + b"<citizenship", 1)
    return next(name.quality for name in read(content)["901"].names if name.text == "Other Name")


def test_the_date_of_the_list_is_the_day_of_its_generation() -> None:
    with opened(XML) as head:
        assert head.published_on == date(2026, 5, 8)
        assert head.generated_at == datetime(2026, 5, 8, 7, 30, tzinfo=UTC)
    with opened(CSV) as head:
        assert head.published_on == date(2026, 5, 8)


def test_a_list_can_be_read_again_from_its_start() -> None:
    for content in (XML, CSV):
        with opened(content) as head:
            assert list(head) == list(head) != []


def test_the_primary_name_is_the_first_strong_one_in_english_or_without_a_language() -> None:
    person = read()["901"]
    assert person.name == "Pak Example-chol"
    assert person.names[0].quality is AliasQuality.PRIMARY


def test_one_name_in_several_languages_is_no_alias_but_another_spelling_is() -> None:
    person = read()["901"]
    assert [name.text for name in person.names].count("Pak Example-chol") == 1
    assert names_of(person, AliasQuality.STRONG) == ["Pak Exampul", "Park Exemplar"]
    assert names_of(person, AliasQuality.ORIGINAL_SCRIPT) == ["Пак Экзампл-чол"]


def test_the_strong_flag_and_low_quality_in_the_remark_make_a_name_weak() -> None:
    assert names_of(read()["901"], AliasQuality.WEAK) == ["Chol", "Comrade Pak", "Pak the Elder"]


@pytest.mark.parametrize(
    "remark", ["Low quality alias", "low-quality a.k.a.", "lo quality", "LOW QUALITY", "weak alias", "a) Low quality"]
)
def test_low_quality_is_understood_with_the_publishers_typos(remark: str) -> None:
    assert with_remark(remark) is AliasQuality.WEAK


@pytest.mark.parametrize("remark", ["Good quality alias", "ood quality", "god quality"])
def test_good_quality_is_understood_with_the_publishers_typos_and_outweighs_the_flag(remark: str) -> None:
    assert with_remark(remark, "false") is AliasQuality.STRONG


@pytest.mark.parametrize("remark", ["Lower Street 5", "Mother's name is Lo", "slow quality work", ""])
def test_other_remarks_leave_the_flag_as_it_is(remark: str) -> None:
    assert with_remark(remark) is AliasQuality.STRONG
    assert with_remark(remark, "false") is AliasQuality.WEAK


def test_names_printed_inside_a_name_are_names() -> None:
    assert [name.text for name in read()["902"].names] == ["Sample Front Trading", "SFT", "Sample Works"]


def test_birth_dates_keep_their_precision_and_an_element_without_a_date_is_none() -> None:
    assert read()["901"].birth_dates == (
        BirthDate(year=1958, month=2, day=28),
        BirthDate(year=1957, circa=True),
        BirthDate(year=1953, until_year=1957),
        BirthDate(year=1960, month=9),
    )


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("1958-02-31", BirthDate(year=1958, month=2)),
        ("1958-13-01", BirthDate(year=1958)),
        ("1958-02-28+01:00", BirthDate(year=1958, month=2, day=28)),
    ],
)
def test_a_day_that_does_not_exist_keeps_what_can_be_true(written: str, born: BirthDate) -> None:
    assert read(XML.replace(b'birthdate="1958-02-28"', f'birthdate="{written}"'.encode()))["901"].birth_dates[0] == born


def test_a_year_of_another_calendar_is_no_year_of_ours_and_stays_in_the_record() -> None:
    person = read()["901"]
    assert all(born.year != 1378 for born in person.birth_dates)
    assert any(born.get("@year") == "1378" for born in person.record["birthdate"])


def test_country_00_is_no_country() -> None:
    person = read()["901"]
    assert person.countries == ("KP",)
    assert person.address_countries == ("KP",)
    assert person.addresses == (
        Address(text="1 Example Street, Pyongyang, KOREA, Democratic People's Republic of", country="KP"),
    )
    assert person.identifiers == (
        ListedIdentifier(kind="passport", value="836410999", country="KP"),
        ListedIdentifier(kind="national_id", value="12-345"),
    )


def test_numbers_of_firms_have_their_kinds() -> None:
    assert [(number.kind, number.value, number.country) for number in read()["902"].identifiers] == [
        ("imo", "IMO 9999991", None),
        ("bic", "EXAMKPPY", "KP"),
        ("registration_number", "HRB 99", "DE"),
    ]


def test_the_programme_prk_marks_the_dprk() -> None:
    listings = read()
    assert (listings["901"].programmes, listings["901"].dprk) == (("PRK",), True)
    assert (listings["902"].programmes, listings["902"].dprk) == (("TERR",), False)


def test_an_entity_has_its_day_of_designation_and_without_one_that_of_the_first_act_it_names() -> None:
    listings = read()
    assert (listings["901"].listed_on, listings["901"].listed_on_basis) == (date(2009, 7, 16), "list")
    assert listings["902"].listed_on == date(2005, 11, 30)  # its regulation is an amendment of 2020
    assert listings["902"].listed_on_basis == "the first legal act that the entry names"


def test_an_entity_without_a_reference_number_is_quoted_by_its_logical_id() -> None:
    listings = read()
    assert (listings["901"].reference, listings["902"].reference) == ("EU.901.11", "902")
    assert listings["902"].kind is ListingKind.ORGANISATION


def test_the_original_record_is_kept() -> None:
    record = read()["901"].record
    assert record["@unitedNationId"] == "KPi.991"
    assert record["remark"] == "Invented for tests"
    assert record["address"][0]["contactInfo"] == {"@key": "PHONE", "@value": "+850 2 000"}


def test_trap_13_a_logical_id_with_another_name_is_refused_with_its_reference() -> None:
    entity = XML[XML.index(b"<sanctionEntity") : XML.index(b"</sanctionEntity>") + len(b"</sanctionEntity>")]
    other = entity.replace(b"Pak  Example-chol", b"TestOneWord").replace(b"Pak Example-chol", b"TestOneWord")
    with pytest.raises(MalformedListError, match=r"EU\.901\.11: logicalId 901 is used for 'Pak Example-chol' and for"):
        read(XML.replace(b"</export>", other + b"</export>"))
    with pytest.raises(MalformedListError, match="comes twice"):
        read(XML.replace(b"</export>", entity + b"</export>"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b'logicalId="901"', b'logicalId=""', "logicalId is missing"),
        (b'code="person"', b'code="vessel"', "unknown subject type 'vessel'"),
        (b'programme="PRK"', b'programme=""', "EU.901.11: no programme"),
        (b'designationDate="2009-07-16"', b'designationDate="2009-17-16"', "EU.901.11: '2009-17-16' is no date"),
        (b'generationDate="2026', b'generationDate="soon', "not an instant"),
        (b"</sanctionEntity>\n</export>", b"</sanctionEntity>", "not well-formed XML"),
        (b"<export ", b"<other ", "not well-formed|root element"),
        (b"</export>", b"<delisted/></export>", "unexpected element"),
    ],
)
def test_a_file_that_is_not_what_the_publisher_writes_is_refused(old: bytes, new: bytes, says: str) -> None:
    assert old in XML
    with pytest.raises(MalformedListError, match=says):
        read(XML.replace(old, new))


def test_an_entity_without_any_name_is_refused() -> None:
    nameless = re.sub(rb'wholeName="[^"]*"|firstName="[^"]*"|lastName="[^"]*"', b"", XML)
    with pytest.raises(MalformedListError, match=r"EU\.901\.11: the entity has no name"):
        read(nameless)


def test_the_csv_brings_the_same_party_though_its_rows_are_apart() -> None:
    person, firm = read(CSV)["901"], read(CSV)["902"]
    assert [(name.text, name.quality.value) for name in person.names] == [
        ("Pak Example-chol", "primary"),
        ("Pak Exampul", "strong"),
        ("Chol", "weak"),
    ]
    assert person.birth_dates == (BirthDate(year=1958, month=2, day=28), BirthDate(year=1957, circa=True))
    assert (person.countries, person.genders, person.dprk) == (("KP",), ("male",), True)
    assert person.identifiers == (ListedIdentifier(kind="passport", value="836410999", country="KP"),)
    assert person.addresses == read()["901"].addresses
    assert (person.listed_on, person.reference) == (date(2009, 7, 16), "EU.901.11")
    assert person.record["Entity_Remark"] == "(Invented; for tests)"
    assert (firm.listed_on, firm.reference) == (date(2005, 11, 30), "902")


def test_the_order_of_the_columns_of_the_csv_does_not_matter() -> None:
    table = list(csv.reader(io.StringIO(CSV.decode("utf-8-sig")), delimiter=";"))
    turned = io.StringIO()
    csv.writer(turned, delimiter=";").writerows(list(reversed(row)) for row in table)
    for key, listing in read(turned.getvalue().encode()).items():
        expected = read(CSV)[key]
        assert (listing.names, listing.birth_dates, listing.identifiers) == (
            expected.names,
            expected.birth_dates,
            expected.identifiers,
        )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b";NameAlias_Remark;", b";NameAlias_Note;", "line 1: the header lacks NameAlias_Remark"),
        (b";NameAlias_LastName;", b";NameAlias_Remark;", "the header has NameAlias_Remark twice"),
        (b"08/05/2026;902;;;;;E;enterprise", b"08/05/2026;902;;;;;E", "line 4: 30 columns; the header has 31"),
        (b"08/05/2026;902;", b"08/05/2026;;", "line 4: no Entity_LogicalId"),
        (b"Sample Front", b"Sampl\xe9 Front", "line 4: bytes that are not utf-8"),
        (b"Sample Front", b"Sample\x00Front", "line 4: a control character"),
        (b"08/05/2026;901", b"soon;901", "'soon' is no date"),
        (b"Pak Exampul;FR", b'"Pak Exampul;FR', "line 5: ';' expected after"),
    ],
)
def test_a_broken_csv_is_refused_with_the_line(old: bytes, new: bytes, says: str) -> None:
    with pytest.raises(MalformedListError, match=says):
        read(CSV.replace(old, new, 1))


def test_a_csv_with_the_header_a_second_time_is_refused() -> None:
    header, rest = CSV.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)
    with pytest.raises(MalformedListError, match="the header a second time"):
        read(b"\n".join((header, header, rest)))


def test_an_id_of_the_csv_that_stands_for_two_parties_is_refused() -> None:
    second = CSV.replace(b"08/05/2026;901;EU.901.11;", b"08/05/2026;901;EU.903.1;", 1)
    with pytest.raises(MalformedListError, match="one key for two parties: Entity_EU_ReferenceNumber"):
        read(second)


@pytest.mark.shared
def test_the_real_sample_holds_what_another_parser_finds(shared: Path) -> None:
    content = (shared / "lists" / "trimmed" / "eu_fsf_1_1_sample_2020-04-15_IRQ.xml").read_bytes()
    entities = ElementTree.fromstring(content).findall(f"{NAMESPACE}sanctionEntity")
    listings = read(content)
    assert len(listings) == len(entities) == 7
    for entity in entities:
        listing = listings[entity.attrib["logicalId"]]
        wholes = {" ".join(name.attrib["wholeName"].split()) for name in entity.findall(f"{NAMESPACE}nameAlias")}
        found = {name.text.casefold() for name in listing.names}
        assert found == {whole.casefold() for whole in wholes}
        years = {born.attrib["year"] for born in entity.findall(f"{NAMESPACE}birthdate") if "year" in born.attrib}
        assert {str(born.year) for born in listing.birth_dates} == years
        assert listing.reference == entity.attrib["euReferenceNumber"]


@pytest.mark.shared
def test_trap_13_the_real_sample_with_a_doubled_id_is_refused(shared: Path) -> None:
    content = (shared / "lists" / "trimmed" / "eu_fsf_1_1_sample_2020-04-15_PRK_TAQA.xml").read_bytes()
    with pytest.raises(MalformedListError, match=r"EU\.4009\.74: logicalId 5468 is used for 'Sok-hwa Hwang' and for"):
        read(content)
    doubled = ElementTree.fromstring(content)
    twin = f"{NAMESPACE}nameAlias[@wholeName='TestOneWord']"
    doubled.remove(next(entity for entity in doubled if entity.find(twin) is not None))
    without = read(ElementTree.tostring(doubled))
    assert len(without) == 6
    assert sorted(key for key, listing in without.items() if listing.dprk) == ["5463", "5468"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("git_lfs_pointer_saved_as_eu_consolidated.xml", "a Git LFS pointer"),
        ("ae_local_list_bom_multirow_header_2025-08.csv", "line 1: the header lacks"),
        ("un_unescaped_ampersand_2024-10-16.xml.xz", "the root element is CONSOLIDATED_LIST"),
    ],
)
def test_a_real_file_that_is_not_the_list_is_refused(shared: Path, name: str, says: str) -> None:
    with pytest.raises(MalformedListError, match=says):
        read((shared / "lists" / "malformed" / name).read_bytes())
