"""OFAC's three XML formats: every trap of the files, on the same invented parties in each format."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.acceptance import Outcome, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind, Relation
from service.lists.ofac_births import birth_period
from service.lists.ofac_names import full_name
from service.lists.ofac_remarks import linked_in_brackets
from service.lists.readers import read as read_list
from service.lists.sources import SOURCES
from service.lists.summary import summarise

FOLDER = Path(__file__).resolve().parents[1] / "data" / "lists"
PLAIN, ENHANCED, ADVANCED = (
    (FOLDER / f"us_ofac_sdn_{name}.xml").read_bytes() for name in ("small", "enhanced_small", "advanced_small")
)
ALL = {"plain": PLAIN, "enhanced": ENHANCED, "advanced": ADVANCED}
SITE = b"https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"
EVERY_FORMAT = pytest.mark.parametrize("content", ALL.values(), ids=ALL)
Parties = dict[str, Listing]


@contextmanager
def opened(content: bytes, list_id: str = "us_ofac_sdn") -> Iterator[ListFile]:
    with unpack(io.BytesIO(content), "list.xml") as file:
        yield read_list(list_id, [file])


def read(content: bytes, list_id: str = "us_ofac_sdn") -> Parties:
    with opened(content, list_id) as file:
        return {listing.key: listing for listing in file}


def changed(content: bytes, old: str, new: str, *, count: int = -1) -> bytes:
    assert old.encode() in content
    return content.replace(old.encode(), new.encode(), count)


def texts(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


@EVERY_FORMAT
def test_every_party_has_its_number_as_key_and_its_kind(content: bytes) -> None:
    assert {key: listing.kind for key, listing in read(content).items()} == {
        "101": ListingKind.ORGANISATION,
        "102": ListingKind.PERSON,
        "103": ListingKind.VESSEL,
        "104": ListingKind.AIRCRAFT,
        "105": ListingKind.ORGANISATION,
    }


@EVERY_FORMAT
def test_the_day_of_the_list_is_the_one_inside_it(content: bytes) -> None:
    with opened(content) as file:
        assert file.published_on == date(2026, 3, 4)


@EVERY_FORMAT
def test_the_list_can_be_read_again_from_its_start(content: bytes) -> None:
    with opened(content) as file:
        assert list(file) == list(file)


@EVERY_FORMAT
def test_a_name_is_written_in_the_same_way_in_every_format(content: bytes) -> None:
    parties = read(content)
    assert [listing.name for listing in parties.values()] == [
        "EXAMPLE OVERSEAS LABOUR CORPORATION",
        "PAK, Example Chol",
        "EXAMPLE STAR",
        "P-901",
        "SAMPLE AIR (SA) CO., LTD.",
    ]
    assert texts(parties["102"], AliasQuality.STRONG) == ["PARK, Example-Chol"]


@EVERY_FORMAT
def test_zenko_only_as_weak_alias_is_a_weak_alias(content: bytes) -> None:
    company = read(content)["101"]
    assert texts(company, AliasQuality.WEAK) == ["ZENSA"]
    assert texts(company, AliasQuality.STRONG) == ["SAMPLE GENERAL CONSTRUCTION"]


@pytest.mark.parametrize("content", [ENHANCED, ADVANCED], ids=["enhanced", "advanced"])
def test_a_name_in_its_own_letters_is_no_further_alias(content: bytes) -> None:
    parties = read(content)
    assert texts(parties["101"], AliasQuality.ORIGINAL_SCRIPT) == ["견본해외로동총회사", "КОРПОРАЦИЯ ПРИМЕР"]
    assert texts(parties["102"], AliasQuality.ORIGINAL_SCRIPT) == ["朴示例"]


@EVERY_FORMAT
def test_an_npwmd_only_dprk_person_is_dprk_by_the_regulations_named(content: bytes) -> None:
    parties = read(content)
    assert parties["102"].programmes == ("NPWMD",)
    assert [key for key, listing in parties.items() if listing.dprk] == ["101", "102", "103"]
    other = changed(content, "North Korea Sanctions Regulations", "Somalia Sanctions Regulations")
    assert not read(other)["102"].dprk


@EVERY_FORMAT
def test_every_shape_of_birth_date_is_read(content: bytes) -> None:
    assert read(content)["102"].birth_dates == (
        BirthDate(year=1971, month=4, day=22),
        BirthDate(year=1972),
        BirthDate(year=1973, month=9),
        BirthDate(year=1974, circa=True),
        BirthDate(year=1975, until_year=1977),
        BirthDate(year=1978),
        BirthDate(year=1960, until_year=1961),
    )


@EVERY_FORMAT
def test_numbers_have_the_kinds_that_they_have_in_the_csv_files(content: bytes) -> None:
    parties = read(content)
    assert parties["101"].identifiers == (
        ListedIdentifier(kind="inn", value="7701234567", country="RU"),
        ListedIdentifier(kind="bic", value="EXAMKPPY"),
    )
    assert parties["102"].identifiers == (
        ListedIdentifier(kind="passport", value="000000901", country="KP"),
        ListedIdentifier(kind="crypto_address", value="1EXAMPLEaddress000000000000000001"),
    )
    assert parties["103"].identifiers == (
        ListedIdentifier(kind="imo", value="9074729"),
        ListedIdentifier(kind="other", value="445000001"),
    )


@EVERY_FORMAT
def test_nationality_flag_registration_and_gender_are_read(content: bytes) -> None:
    parties = read(content)
    assert [parties[key].countries for key in ("101", "102", "103")] == [("RU",), ("KP",), ("PA",)]
    assert [parties[key].genders for key in ("101", "102")] == [(), ("male",)]


@EVERY_FORMAT
def test_an_address_may_be_but_a_country(content: bytes) -> None:
    addresses = read(content)["101"].addresses
    assert addresses[0] == Address(text="Mangyongdae District, Pyongyang, Korea, North", country="KP")
    assert addresses[-1] == Address(text="Russia", country="RU")


def test_an_address_in_other_letters_is_kept_beside_the_latin_one() -> None:
    assert read(ADVANCED)["101"].addresses[1].text == "Mangyongdae District, Пхеньян, Korea, North"


def test_a_region_may_stand_in_place_of_a_country() -> None:
    assert read(ENHANCED)["102"].addresses == (Address(text="Rafah, Region: Gaza", country="PS"),)


@pytest.mark.parametrize("content", [ENHANCED, ADVANCED], ids=["enhanced", "advanced"])
def test_the_day_of_listing_is_the_lists_own(content: bytes) -> None:
    parties = read(content)
    assert [parties[key].listed_on for key in ("101", "102")] == [date(2016, 12, 2), date(2018, 8, 21)]
    assert {listing.listed_on_basis for listing in parties.values()} == {"list"}


def test_plain_xml_states_no_day_of_listing() -> None:
    assert {listing.listed_on_basis for listing in read(PLAIN).values()} == {None}


COMPANY = "EXAMPLE OVERSEAS LABOUR CORPORATION"


def test_relations_in_the_remarks_of_plain_xml_are_links() -> None:
    parties = read(PLAIN)
    assert parties["102"].relations == (Relation(kind="linked_to", name=COMPANY, target="101"),)
    assert parties["105"].relations == (
        Relation(kind="linked_to", name="P-901", target="104"),
        Relation(kind="linked_to", name="ELSEWHERE (HOLDING) CO., LTD."),
    )


@pytest.mark.parametrize(
    ("remarks", "names"),
    [
        ("(Linked To: A)", ["A"]),
        ("Some text; (Linked To: A CO., LTD.)", ["A CO., LTD."]),
        ("(Linked To: A (B)); (Linked To: C).", ["A (B)", "C"]),
        ("(Linked To: A) (Linked To: B)", ["A", "B"]),
        ("Linked to nobody", []),
    ],
)
def test_names_in_brackets_may_hold_brackets(remarks: str, names: list[str]) -> None:
    assert list(linked_in_brackets(remarks)) == names


@pytest.mark.parametrize("content", [ENHANCED, ADVANCED], ids=["enhanced", "advanced"])
def test_relations_have_their_direction_by_their_type(content: bytes) -> None:
    parties = read(content)
    assert parties["102"].relations == (Relation(kind="acting_for", name=COMPANY, target="101"),)
    assert parties["103"].relations == (Relation(kind="owned_or_controlled_by", name=COMPANY, target="101"),)
    assert parties["105"].relations[0] == Relation(kind="owns_or_controls", name="P-901", target="104")
    assert parties["101"].relations == ()


def test_a_relation_to_a_party_of_the_other_list_has_no_target() -> None:
    assert read(ENHANCED)["105"].relations[1:] == (
        Relation(kind="linked_to", name="ELSEWHERE (HOLDING) CO., LTD."),
        Relation(kind="other", name="P-901", target="104"),
    )
    assert read(ADVANCED)["105"].relations[1] == Relation(kind="linked_to", name="uid 4695")


@EVERY_FORMAT
def test_the_original_record_is_kept(content: bytes) -> None:
    record = str(read(content)["102"].record)
    for stated in ("North Korea Sanctions Regulations, sections 510.201", "000000901", "Pyongyang", "1978"):
        assert stated in record


@pytest.mark.parametrize(
    ("content", "new", "old"),
    [
        (PLAIN, SITE + b"XML", b"http://tempuri.org/sdnList.xsd"),
        (ADVANCED, SITE + b"ADVANCED_XML", b"http://www.un.org/sanctions/1.0"),
    ],
    ids=["plain", "advanced"],
)
def test_namespace_old_and_new_are_the_same_list(content: bytes, new: bytes, old: bytes) -> None:
    assert new in content
    assert list(read(content.replace(new, old)).values()) == list(read(content).values())


@EVERY_FORMAT
def test_a_renamed_primary_keeps_its_key(content: bytes) -> None:
    renamed = changed(content, "EXAMPLE STAR", "SAMPLE STAR")
    assert read(renamed)["103"].name == "SAMPLE STAR"


@EVERY_FORMAT
def test_sdn_is_refused_as_the_other_list(content: bytes) -> None:
    foreign = changed(content, "NPWMD", "SDNTK") if content is PLAIN else content
    with pytest.raises(MalformedListError, match=r"another list|not of the whole|not on the Consolidated List"):
        read(foreign, "us_ofac_cons")


@EVERY_FORMAT
def test_the_other_list_is_refused_as_sdn(content: bytes) -> None:
    foreign = content.replace(b"SDN List", b"Consolidated List").replace(b"SDGT", b"NS-PLC")
    with pytest.raises(MalformedListError, match=r"another list|not of the whole|not on the SDN List"):
        read(foreign)
    assert len(read(foreign, "us_ofac_cons")) == 5


def test_a_selection_of_the_list_is_refused() -> None:
    chosen = changed(ENHANCED, "</filters>", "<programs><program>DPRK3</program></programs></filters>")
    with pytest.raises(MalformedListError, match="programs: DPRK3, not of the whole SDN List"):
        read(chosen)
    assert len(read(changed(ENHANCED, '<sanctionsList refId="1550">SDN List</sanctionsList>', ""))) == 5


def test_a_day_on_a_list_of_its_own_counts_before_the_day_on_the_sum_of_the_lists() -> None:
    both = ENHANCED.replace(b"SDN List</", b"Consolidated List</").replace(
        b'datePublished="2016-12-02">Consolidated List</sanctionsList>',
        b'datePublished="2016-12-02">Consolidated List</sanctionsList>'
        b'<sanctionsList datePublished="2010-04-12">Non-SDN CMIC List</sanctionsList>'
        b'<sanctionsList datePublished="2004-04-12">SDN List</sanctionsList>',
    )
    assert read(both, "us_ofac_cons")["101"].listed_on == date(2010, 4, 12)


@pytest.mark.parametrize("spelling", ["publshInformation", "publishInformation"])
def test_the_head_is_found_under_its_misspelled_name_and_under_the_right_one(spelling: str) -> None:
    with opened(PLAIN.replace(b"publshInformation", spelling.encode())) as file:
        assert file.declared_entries == 5


def test_a_record_count_that_is_not_met_is_rejected() -> None:
    cut = PLAIN[: PLAIN.index(b"<sdnEntry>\n    <uid>105<")] + b"</sdnList>"
    source = replace(SOURCES["us_ofac_sdn"], canaries=(), floor=1)
    with opened(cut) as file:
        verdict = judge(source=source, file=file, new=summarise(file), old=None)
    assert verdict.outcome is Outcome.REJECTED
    assert verdict.reasons[0].code == "miscount"
    with opened(PLAIN) as file:
        assert judge(source=source, file=file, new=summarise(file), old=None).outcome is Outcome.ACCEPTED


@EVERY_FORMAT
def test_a_file_cut_anywhere_is_refused(content: bytes) -> None:
    for end in range(1, len(content) - 20, len(content) // 60):
        with pytest.raises(MalformedListError):
            read(content[:end])


@EVERY_FORMAT
def test_a_second_party_under_one_number_is_refused(content: bytes) -> None:
    for old, new in (("<uid>102</uid>", "<uid>101</uid>"), ('entity id="102"', 'entity id="101"'),
                     ('FixedRef="102"', 'FixedRef="101"')):  # fmt: skip
        if old.encode() in content:
            with pytest.raises(MalformedListError, match="the number 101 is used for a second party"):
                read(changed(content, old, new))


def refused(content: bytes, old: str, new: str, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason):
        read(changed(content, old, new, count=1))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<Publish_Date>03/04/2026", "<Publish_Date>2026-03-04", "Publish_Date is '2026-03-04'"),
        ("<Record_Count>5", "<Record_Count>five", "Record_Count is 'five'"),
        ("<sdnList ", '<!DOCTYPE sdnList [<!ENTITY a "b">]><sdnList ', "DOCTYPE"),
        ("<uid>101</uid>", "<uid></uid>", "where the number of a party belongs"),
        ("<lastName>EXAMPLE OVERSEAS LABOUR CORPORATION</lastName>", "", "uid 101: a party without a name"),
        ("<program>DPRK3</program>\n      <program>NPWMD</program>", "", "uid 101: .* without a programme"),
        ("<sdnType>Entity", "<sdnType>Ghost", "uid 101: unknown type of party 'Ghost'"),
        ("<category>weak", "<category>dubious", "uid 101: an alias of the unknown category 'dubious'"),
        ("<sdnEntry>", "<newEntry/><sdnEntry>", "unexpected element sdnList/newEntry"),
    ],
)
def test_plain_xml_that_is_not_as_published_is_refused(old: str, new: str, reason: str) -> None:
    refused(PLAIN, old, new, reason)


@pytest.mark.parametrize(
    ("content", "head", "reason"),
    [
        (PLAIN, "publshInformation", "publshInformation with the date and the count is missing"),
        (ENHANCED, "publicationInfo", "publicationInfo with the day of the data is missing"),
        (ADVANCED, "DateOfIssue", "DateOfIssue is missing"),
    ],
)
def test_a_file_without_its_head_is_refused(content: bytes, head: str, reason: str) -> None:
    start, end = content.index(f"<{head}".encode()), content.index(f"</{head}>".encode())
    with pytest.raises(MalformedListError, match=reason):
        read(content[:start] + content[end + len(head) + 3 :])


def test_a_relation_of_a_party_of_the_other_list_is_not_of_this_one() -> None:
    parties = read(changed(ADVANCED, 'From-ProfileID="103"', 'From-ProfileID="903"'))
    assert parties["103"].relations == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<dataAsOf>2026-03-04", "<dataAsOf>4 March", "dataAsOf is"),
        ('datePublished="2016-12-02"', 'datePublished=""', "entity 101: datePublished is ''"),
        ("<isPrimary>true", "<isPrimary>false", "entity 101: a party without a name"),
        ("DPRK3</sanctionsProgram>", "</sanctionsProgram>", "entity 101: .* without a programme"),
        (">Entity</entityType>", ">Ghost</entityType>", "entity 101: unknown type of party 'Ghost'"),
        ("<fromDateBegin>1971", "<fromDateBegin>year", "entity 102: fromDateBegin is"),
        (f">{COMPANY}</relatedEntity>", "></relatedEntity>", "entity 102: a relation to nobody"),
        ("<entities>", "<deltas/><entities>", "unexpected element sanctionsData/deltas"),
        (">SDN List</sanctionsList>\n      </sanctionsLists>\n      <sanctionsPrograms>",
         ">CAPTA List</sanctionsList></sanctionsLists><sanctionsPrograms>",
         "entity 101: the party is on CAPTA List, not on the SDN List"),
    ],
)  # fmt: skip
def test_enhanced_xml_that_is_not_as_published_is_refused(old: str, new: str, reason: str) -> None:
    refused(ENHANCED, old, new, reason)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<Year>2026", "<Year>soon", "DateOfIssue: not a day"),
        ('FeatureTypeID="13"', 'FeatureTypeID="9913"', "profile 101: FeatureType 9913 is not among the reference"),
        ('ScriptID="344"', 'ScriptID="1"', "profile 101: Script 1 is not among the reference values"),
        ('LocationID="1"', 'LocationID="77"', "profile 101: Location 77 is not in the file"),
        ('RelationTypeID="15003"', 'RelationTypeID="1"', "ProfileRelationship 2: RelationType 1 is not among"),
        ('SanctionsEntry ID="103" ProfileID="103"', 'SanctionsEntry ID="103" ProfileID="903"',
         "profile 903: the party is on the SDN List and not in the file"),
        ('To-ProfileID="101"', 'To-ProfileID=""', "ProfileRelationship 1: a relation to nobody"),
        ('ProfileID="104" ListID', 'ProfileID="103" ListID', "profile 104: the party is on no list"),
        ('ListID="1550"', 'ListID="1"', "SanctionsEntry 101: List 1 is not among"),
        ("<Comment>SDGT</Comment>", "<Comment />", "profile 104: .* without a programme"),
        ('Profile ID="104"', 'Profile ID="994"', "profile 104: 1 profiles, or one under another number"),
        ('<PartyType ID="2">Entity', '<PartyType ID="2">Ghost', "profile 101: unknown type of party 'Ghost'"),
        ('AliasTypeID="1403" Primary="true"', 'AliasTypeID="1403" Primary="false"', "profile 101: .* without a name"),
        ("<SanctionsEntryLinks />", "<News />", "unexpected element Sanctions/News"),
    ],
)  # fmt: skip
def test_advanced_xml_that_is_not_as_published_is_refused(old: str, new: str, reason: str) -> None:
    refused(ADVANCED, old, new, reason)


@pytest.mark.parametrize("section", ["Locations", "IDRegDocuments", "ProfileRelationships", "SanctionsEntries"])
def test_advanced_xml_without_one_of_its_sections_is_refused(section: str) -> None:
    start, end = ADVANCED.index(f"  <{section}>".encode()), ADVANCED.index(f"</{section}>".encode())
    without = ADVANCED[:start] + ADVANCED[end + len(section) + 3 :]
    with pytest.raises(MalformedListError, match=f"the section {section} is missing"):
        read(without)


def test_the_first_entry_counts_and_not_its_amendment() -> None:
    assert b"<Year>2015</Year>" in ADVANCED
    assert read(ADVANCED)["101"].listed_on == date(2016, 12, 2)


def test_name_parts_are_put_together_as_ofac_does() -> None:
    assert full_name([("First Name", "Jong"), ("Last Name", "Kim"), ("Middle Name", "Un")]) == "KIM, Jong Un"
    assert full_name([("Entity Name", "Example Bank PJSC")]) == "EXAMPLE BANK PJSC"
    assert full_name([("Nickname", "Sweet Sample")]) == "Sweet Sample"
    assert full_name([("Last Name", "김"), ("First Name", "정은")], script="Korean") == "김정은"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(1960, 2, 1), date(1960, 2, 29), BirthDate(year=1960, month=2)),
        (date(1960, 2, 1), date(1960, 2, 28), BirthDate(year=1960)),
        (date(1960, 2, 3), date(1960, 2, 9), BirthDate(year=1960)),
        (date(1960, 2, 1), date(1961, 2, 28), BirthDate(year=1960, until_year=1961)),
        (date(1960, 2, 1), date(1960, 2, 1), BirthDate(year=1960, month=2, day=1)),
    ],
)
def test_a_period_is_as_precise_as_its_ends(first: date, last: date, expected: BirthDate) -> None:
    assert birth_period(first, last) == expected


NUMBERS = re.compile(r'\b(ID|LocationID|IdentityID|FixedRef|ProfileID|From-ProfileID|To-ProfileID)="(\d+)"')
REPEATED = ("Locations", "IDRegDocuments", "DistinctParties", "ProfileRelationships", "SanctionsEntries")
MEASURE = (
    "import resource, sys\n"
    "from service.lists.container import unpack\n"
    "from service.lists.readers import read\n"
    "with open(sys.argv[1], 'rb') as stream, unpack(stream, 'list.xml') as file:\n"
    "    parties = sum(1 for _ in read('us_ofac_sdn', [file]))\n"
    "print(parties, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
)


def multiplied(times: int, path: Path) -> Path:
    """The Advanced list with its parties ``times`` over, each under a number of its own."""
    text = ADVANCED.decode()
    with path.open("w", encoding="utf-8") as out:
        done = 0
        for section in REPEATED:
            start, end = text.index(f"<{section}>") + len(section) + 2, text.index(f"</{section}>")
            out.write(text[done:start])
            for n in range(1, times + 1):
                out.write(NUMBERS.sub(lambda match, n=n: f'{match[1]}="{n}{match[2]:0>5}"', text[start:end]))
            done = end
        out.write(text[done:])
    return path


def test_advanced_xml_needs_little_memory_whatever_its_size(tmp_path: Path) -> None:
    used = {}
    for times in (100, 600):
        command = [sys.executable, "-c", MEASURE, str(multiplied(times, tmp_path / f"{times}.xml"))]
        parties, megabytes = map(int, subprocess.check_output(command, text=True).split())
        assert parties == 5 * times
        used[times] = megabytes
    assert used[600] - used[100] < 12  # the file grows by 13 MB, and a tree of it by ten times that
