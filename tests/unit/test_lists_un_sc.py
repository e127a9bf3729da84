"""The UN Consolidated List: every trap of the file, on invented records in the publisher's format."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists import un_sc
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.un_names import is_short_form, names_of

SMALL = (Path(__file__).resolve().parents[1] / "data" / "lists" / "un_small.xml").read_bytes()
ATTRIBUTES = 'dateGenerated="2026-03-04T23:00:09.554Z"'


def read(content: bytes = SMALL) -> dict[str, Listing]:
    return {listing.reference: listing for listing in un_sc.read(io.BytesIO(content))}


def record(inside: str) -> bytes:
    """A whole list whose one person holds ``inside`` after the required elements."""
    return (
        f"<CONSOLIDATED_LIST {ATTRIBUTES}><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME>"
        f"<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER>"
        f"<LISTED_ON>2016-03-02</LISTED_ON>{inside}</INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"
    ).encode()


def names(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


def test_the_date_of_the_list_is_the_one_inside_it() -> None:
    head = un_sc.read(io.BytesIO(SMALL))
    assert head.published_on == date(2026, 3, 4)
    assert head.generated_at == datetime(2026, 3, 4, 23, 0, 9, 554000, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["2017-06-20T19:04:40.335-04:00", "2020-11-23T19:10:17.6-05:00"])
def test_the_day_counts_as_the_publisher_wrote_it_in_its_own_zone(stated: str) -> None:
    head = un_sc.read(io.BytesIO(SMALL.replace(b"2026-03-04T23:00:09.554Z", stated.encode())))
    assert head.published_on == date.fromisoformat(stated[:10])


def test_a_list_can_be_read_again_from_its_start() -> None:
    head = un_sc.read(io.BytesIO(SMALL))
    assert list(head) == list(head)


def test_a_trailing_space_in_a_reference_is_no_part_of_it() -> None:
    assert sorted(read()) == ["KPe.903", "KPi.901", "QDi.902"]


def test_a_date_with_a_zone_is_its_day() -> None:
    assert read()["QDi.902"].listed_on == date(2015, 7, 1)
    assert read()["QDi.902"].listed_on_basis == "list"


def test_name_parts_are_joined_and_tidied() -> None:
    assert read()["KPi.901"].name == "PAK EXAMPLE CHOL"


def test_good_and_low_quality_are_strong_and_weak_and_empty_aliases_are_none() -> None:
    person = read()["KPi.901"]
    assert names(person, AliasQuality.STRONG) == ["Pak Example-Chol", "Pak Exampul Chol", "Piao Shili"]
    assert names(person, AliasQuality.WEAK) == ["Chol"]
    assert names(person, AliasQuality.ORIGINAL_SCRIPT) == ["朴示例"]


def test_original_script_comes_from_its_element_and_from_notes() -> None:
    assert names(read()["QDi.902"], AliasQuality.ORIGINAL_SCRIPT) == ["أبو عينة", "Абу Сампел"]


def test_an_entity_name_may_hold_several_names_and_acronyms() -> None:
    entity = read()["KPe.903"]
    assert entity.name == "EXAMPLE OVERSEAS LABOUR COMPANY (EOLC)"
    assert names(entity, AliasQuality.STRONG) == [
        "EXAMPLE OVERSEAS LABOUR COMPANY",
        "SAMPLE BUILDERS (PAKISTAN)",
        "Exampel Company",
        "Former Example Company",
    ]
    assert names(entity, AliasQuality.WEAK) == ["EOLC", "SAMPLE BUILDERS"]


def test_brackets_in_a_name_of_one_script_belong_to_it() -> None:
    assert names(read()["KPe.903"], AliasQuality.ORIGINAL_SCRIPT) == ["示例公司(香港)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mohammed A; Mohammad A b) M. A", ["Mohammed A", "Mohammad A", "M. A"]),
        (") Abdel A", ["Abdel A"]),
        ('"KOMED"', ["KOMED"]),
        ("Safia A, born 1 Jan. 1953 (Oman passport no.03825999)", ["Safia A"]),
        ("Encep A (birth name)", ["Encep A"]),
        ("OTHER ACADEMY (KPE.018)", ["OTHER ACADEMY"]),
        ("A B (never closed", ["A B never closed"]),
        ("A (B (C; D); E)", ["A", "B", "E"]),
    ],
)
def test_a_text_gives_the_names_in_it(text: str, expected: list[str]) -> None:
    assert [name.text for name in names_of(text, AliasQuality.STRONG)] == expected


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("CAGL", "COMPAGNIE AERIENNE DES GRANDS LACS"),
        ("SAPICO", "SAHAND ALUMINUM PARTS INDUSTRIAL COMPANY"),
        ("HQN", "HAQQANI NETWORK"),
        ("JuA", "JAMAAT-UL-AHRAR"),
    ],
)
def test_an_acronym_can_be_read_off_its_name(short: str, name: str) -> None:
    assert is_short_form(short, name)


@pytest.mark.parametrize(
    ("short", "name"),
    [("PAKISTAN", "AL-EXAMPLE FUND"), ("KENYA", "AL-EXAMPLE FUND"), ("third", "Example Santos"), ("A", "A")],
)
def test_a_country_or_a_remark_is_no_acronym(short: str, name: str) -> None:
    assert not is_short_form(short, name)


def test_birth_dates_keep_the_precision_that_they_were_written_with() -> None:
    assert read()["KPi.901"].birth_dates == (
        BirthDate(year=1966, month=2, day=18),
        BirthDate(year=1967),
        BirthDate(year=1968, circa=True),
        BirthDate(year=1969, until_year=1971),
        BirthDate(year=1973, month=11),
    )


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("<YEAR>1958 - 1964</YEAR>", BirthDate(year=1958, until_year=1964)),
        ("<NOTE>Between Aug. and Sep. 1977</NOTE>", BirthDate(year=1977)),
        ("<NOTE>August 1961 </NOTE>", BirthDate(year=1961, month=8)),
        ("<FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1960</TO_YEAR>", BirthDate(year=1960)),
        ("<FROM_YEAR>1960</FROM_YEAR><NOTE>Approximately </NOTE>", BirthDate(year=1960, circa=True)),
    ],
)
def test_rare_shapes_of_birth_dates_are_read(element: str, expected: BirthDate) -> None:
    content = record(f"<INDIVIDUAL_DATE_OF_BIRTH>{element}</INDIVIDUAL_DATE_OF_BIRTH>")
    assert read(content)["KPi.999"].birth_dates == (expected,)


@pytest.mark.parametrize("text", ["30-35 years old", "24/06/1402 (Hijri Calendar)", "false passport", "1990-13-45"])
def test_a_birth_date_that_cannot_be_read_stays_in_the_record(text: str) -> None:
    content = record(f"<INDIVIDUAL_DATE_OF_BIRTH><NOTE>{text}</NOTE></INDIVIDUAL_DATE_OF_BIRTH>")
    person = read(content)["KPi.999"]
    assert person.birth_dates == ()
    assert person.record["INDIVIDUAL_DATE_OF_BIRTH"] == {"NOTE": text}


def test_an_alias_may_carry_its_own_birth_date() -> None:
    assert read()["QDi.902"].birth_dates == (BirthDate(year=1955),)


def test_documents_become_identifiers_whatever_the_language_of_their_type() -> None:
    assert read()["KPi.901"].identifiers == (
        ListedIdentifier(kind="passport", value="100000001", country="KP"),
        ListedIdentifier(kind="national_id", value="12-345"),
        ListedIdentifier(kind="passport", value="D00099999"),
    )


def test_bank_codes_and_imo_numbers_are_found_in_the_comments() -> None:
    assert read()["KPe.903"].identifiers == (
        ListedIdentifier(kind="bic", value="EXMPKPPY"),
        ListedIdentifier(kind="imo", value="5571999"),
    )


def test_countries_are_codes_and_na_is_not_namibia() -> None:
    listings = read()
    assert listings["KPi.901"].countries == ("KP",)
    assert listings["QDi.902"].countries == ()
    assert listings["KPe.903"].address_countries == ("KP",)
    assert listings["KPe.903"].addresses == (
        Address(text="Sample-dong, Pyongyang, Democratic People's Republic of Korea", country="KP"),
    )


def test_the_regime_says_what_is_dprk() -> None:
    assert {reference: listing.dprk for reference, listing in read().items()} == {
        "KPi.901": True,
        "QDi.902": False,
        "KPe.903": True,
    }
    assert read()["QDi.902"].programmes == ("Al-Qaida",)
    assert read()["KPe.903"].kind is ListingKind.ORGANISATION


def test_the_record_keeps_what_was_published() -> None:
    kept = read()["KPi.901"].record
    assert kept["COMMENTS1"] == "Invented for a test. Second line."
    assert len(kept["INDIVIDUAL_ALIAS"]) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SMALL.replace(b"CONSOLIDATED_LIST", b"OTHER_LIST"), "root element is OTHER_LIST"),
        (SMALL.replace(b"2026-03-04T23:00:09.554Z", b"yesterday"), "dateGenerated"),
        (SMALL.replace(b"2026-03-04T23:00:09.554Z", b"2026-03-04"), "dateGenerated"),
        (b'<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "b">]>' + SMALL.split(b"?>", 1)[1], "DOCTYPE"),
        (SMALL[:-25], "not well-formed"),
        (SMALL.replace(b"Second line", b"R&D line"), "not well-formed"),
        (SMALL.replace(b"Second line", b"\x19 line"), "not well-formed"),
        (SMALL.replace(b"Second line", b"\xff\xfe line"), "not well-formed"),
        (SMALL.replace(b"<ENTITIES>", b"<VESSELS>").replace(b"</ENTITIES>", b"</VESSELS>"), "VESSELS"),
        (SMALL.replace(b"ENTITY>", b"SHIP>"), "unexpected element CONSOLIDATED_LIST/ENTITIES/SHIP"),
        (SMALL.split(b"<ENTITIES>")[0] + b"</CONSOLIDATED_LIST>", "ENTITIES is missing"),
        (SMALL.replace(b"<DATAID>9000002</DATAID>", b""), r"QDi\.902: DATAID is missing"),
        (SMALL.replace(b"9000002", b"9000001"), r"QDi\.902: the record occurs twice"),
        (SMALL.replace(b"QDi.902 ", b"KPi.901 "), r"KPi\.901: the record occurs twice"),
        (SMALL.replace(b"2015-07-01-04:00", b"July 2015"), r"QDi\.902: LISTED_ON"),
        (SMALL.replace(b"<FIRST_NAME>ABU SAMPLE</FIRST_NAME>", b""), r"QDi\.902: the record has no name"),
        (b"", "not well-formed"),
    ],
)
def test_a_list_is_read_whole_or_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason):
        read(content)


def test_an_entity_that_expands_to_a_file_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    content = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><x>&a;</x>'.encode()
    with pytest.raises(MalformedListError, match="DOCTYPE"):
        read(content)


def test_a_record_without_end_is_refused() -> None:
    with pytest.raises(MalformedListError, match="20,000 elements"):
        read(record("<X/>" * 20_001))
