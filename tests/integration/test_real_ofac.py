"""Every real OFAC file of the reference folder in every format: read whole, or refused with its reason.

The standard library's ElementTree reads each XML file a second time; names, counts and relations are compared
party by party.
"""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.errors import MalformedListError
from service.lists.acceptance import Outcome, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.ofac_rows import role_of, rows
from service.lists.readers import read
from service.lists.sources import SOURCES
from service.lists.summary import summarise

pytestmark = pytest.mark.shared

SDN, CONS = "us_ofac_sdn", "us_ofac_cons"
PLAIN = {  # name: (parties, aliases, of those weak, links in the remarks)
    "ofac_consolidated_2018-04-06.xml.xz": (639, 1255, 46, 365),
    "ofac_consolidated_2020-03-17.xml.xz": (375, 915, 31, 276),
    "ofac_consolidated_2025-03-28.xml.xz": (443, 1136, 70, 283),
}
ENHANCED = "ofac_cons_enhanced_2025-01-10.zip"
ADVANCED = "trimmed/ofac_sdn_advanced_fixture_22790.xml"
SET_2021 = [f"ofac_set_2021-07/{name}" for name in ("sdn.csv.xz", "alt.csv.xz", "add.csv.xz", "sdn_comments.csv")]


@pytest.fixture(scope="module")
def lists(shared: Path) -> Path:
    return shared / "lists"


@contextmanager
def opened(folder: Path, list_id: str, *names: str, partial: bool = False) -> Iterator[ListFile]:
    with ExitStack() as stack:
        files = []
        for name in names:
            stream = stack.enter_context((folder / name).open("rb"))
            files.append(stack.enter_context(unpack(stream, name)))
        yield read(list_id, files, partial=partial)


def load(folder: Path, list_id: str, *names: str, partial: bool = False) -> dict[str, Listing]:
    with opened(folder, list_id, *names, partial=partial) as file:
        return {listing.key: listing for listing in file}


def content(path: Path) -> bytes:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0])
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(path).rstrip(b"\x1a").decode("ascii"), newline="")))


def tree(path: Path) -> ElementTree.Element:
    """The file by another parser, its namespaces off."""
    root = ElementTree.fromstring(content(path))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def plain_name(element: ElementTree.Element) -> str:
    words = (element.findtext("lastName"), element.findtext("firstName"))
    return ", ".join(" ".join(word.split()) for word in words if word and word.strip())


def qualities(listing: Listing) -> dict[str, AliasQuality]:
    return {name.text: name.quality for name in listing.names}


@pytest.fixture(scope="module")
def enhanced(lists: Path) -> dict[str, Listing]:
    return load(lists, CONS, ENHANCED)


@pytest.fixture(scope="module")
def enhanced_tree(lists: Path) -> list[ElementTree.Element]:
    return tree(lists / ENHANCED).findall("entities/entity")


@pytest.mark.parametrize(("name", "expected"), PLAIN.items())
def test_every_plain_xml_loads_with_every_name_that_another_parser_finds(
    lists: Path, name: str, expected: tuple[int, int, int, int]
) -> None:
    with opened(lists, CONS, name) as file:
        listings = {listing.key: listing for listing in file}
        assert file.declared_entries == expected[0]
    assert file.published_on is not None
    assert file.published_on.isoformat() in name
    entries = tree(lists / name).findall("sdnEntry")
    assert [entry.findtext("uid") for entry in entries] == list(listings)
    akas = weak = 0
    for entry in entries:
        listing = listings[entry.findtext("uid", "")]
        assert listing.name == plain_name(entry)
        assert list(listing.programmes) == [each.text for each in entry.iterfind("programList/program")]
        for aka in entry.iterfind("akaList/aka"):
            akas += 1
            weak += aka.findtext("category") == "weak"
            assert plain_name(aka) in qualities(listing)
    links = [relation for listing in listings.values() for relation in listing.relations]
    assert (len(entries), akas, weak, len(links)) == expected
    assert {relation.kind for relation in links} == {"linked_to"}


@pytest.mark.parametrize("name", PLAIN)
def test_every_number_date_and_address_of_plain_xml_is_read(lists: Path, name: str) -> None:
    listings = load(lists, CONS, name)
    for entry in tree(lists / name).iterfind("sdnEntry"):
        listing = listings[entry.findtext("uid", "")]
        born = {each.text for each in entry.iterfind("dateOfBirthList/dateOfBirthItem/dateOfBirth")}
        assert len(listing.birth_dates) == len(born)
        assert len(listing.addresses) == len(entry.findall("addressList/address"))
        known = {identifier.value for identifier in listing.identifiers}
        for each in entry.iterfind("idList/id"):
            if each.findtext("idType") in ("Passport", "Tax ID No.", "Registration ID", "SWIFT/BIC", "MMSI"):
                assert " ".join(each.findtext("idNumber", "").split()) in known
    vessels = [listing for listing in listings.values() if listing.kind is ListingKind.VESSEL]
    assert len([each for vessel in vessels for each in vessel.identifiers if each.kind == "imo"]) == len(vessels)


def test_the_enhanced_list_has_every_name_in_every_script(
    enhanced: dict[str, Listing], enhanced_tree: list[ElementTree.Element]
) -> None:
    assert len(enhanced) == len(enhanced_tree) == 443
    low = 0
    scripts: Counter[str] = Counter()
    for entity in enhanced_tree:
        found = qualities(enhanced[entity.get("id", "")])
        for name in entity.iterfind("names/name"):
            low += name.findtext("isLowQuality") == "true"
            for form in name.iterfind("translations/translation"):
                script, text = form.findtext("script", ""), " ".join(form.findtext("formattedFullName", "").split())
                scripts[script] += 1
                assert (found[text] is AliasQuality.ORIGINAL_SCRIPT) == (script != "Latin")
    assert low == 70
    assert sum(q is AliasQuality.WEAK for listing in enhanced.values() for q in qualities(listing).values()) == 70
    addresses = Counter(
        script.text or "" for entity in enhanced_tree for script in entity.iterfind("addresses//script")
    )
    assert scripts == {"Latin": 1579, "Cyrillic": 39, "Chinese Simplified": 5, "Chinese Traditional": 1}
    assert scripts + addresses == {"Latin": 2151, "Cyrillic": 50, "Chinese Simplified": 5, "Chinese Traditional": 1}


def test_the_enhanced_list_has_every_relation_with_its_direction(enhanced: dict[str, Listing]) -> None:
    relations = [(listing.key, each) for listing in enhanced.values() for each in listing.relations]
    assert Counter(each.kind for _, each in relations) == {
        "owned_or_controlled_by": 278,
        "owns_or_controls": 4,
        "acting_for": 1,
    }
    assert [(key, each.name) for key, each in relations if each.target is None] == [("9647", "HAMAS")]
    assert all(enhanced[each.target].name == each.name for _, each in relations if each.target)
    by_key = dict(relations)
    assert by_key["17017"].target == "17013"  # BM Bank is owned by VTB
    assert by_key["17017"].kind == "owned_or_controlled_by"
    assert by_key["32087"].target == "30947"  # Huawei Investment owns Huawei Technologies
    assert by_key["32087"].kind == "owns_or_controls"


def test_the_enhanced_list_states_each_day_of_listing(enhanced: dict[str, Listing]) -> None:
    assert {listing.listed_on_basis for listing in enhanced.values()} == {"list"}
    assert enhanced["9639"].listed_on == date(2006, 4, 12)  # eight years older than the sum of the lists
    assert enhanced["50476"].listed_on == date(2024, 8, 20)


def test_the_enhanced_list_has_every_document(
    enhanced: dict[str, Listing], enhanced_tree: list[ElementTree.Element]
) -> None:
    for entity in enhanced_tree:
        stated = {each.text for each in entity.iterfind("identityDocuments/identityDocument/documentNumber")}
        assert stated <= {each.value for each in enhanced[entity.get("id", "")].identifiers}


def test_periods_of_birth_say_what_their_words_say(lists: Path, enhanced: dict[str, Listing]) -> None:
    plain = load(lists, CONS, "ofac_consolidated_2025-03-28.xml.xz")
    born = {key: listing.birth_dates for key, listing in enhanced.items() if listing.birth_dates}
    assert len(born) == 75
    assert born == {key: plain[key].birth_dates for key in born}


def test_enhanced_and_plain_xml_agree_by_uid(lists: Path, enhanced: dict[str, Listing]) -> None:
    """January and March 2025: the same parties, so that changing the format changes no key and no name."""
    plain = load(lists, CONS, "ofac_consolidated_2025-03-28.xml.xz")
    assert list(plain) == list(enhanced)
    numbers = set()
    for key, listing in plain.items():
        other = enhanced[key]
        latin = [name for name in other.names if name.quality is not AliasQuality.ORIGINAL_SCRIPT]
        assert latin == list(listing.names)
        assert (other.kind, other.programmes, other.dprk) == (listing.kind, listing.programmes, listing.dprk)
        assert (other.genders, other.birth_dates) == (listing.genders, listing.birth_dates)
        assert [each.name for each in other.relations] == [each.name for each in listing.relations]
        assert [each.target for each in other.relations] == [each.target for each in listing.relations]
        if Counter(other.identifiers) != Counter(listing.identifiers):
            numbers.add(key)
        else:
            assert other.countries == listing.countries
    assert numbers == {"17013", "18784"}  # the issuer of one number added, that of others dropped


@pytest.mark.parametrize("name", [*PLAIN, ENHANCED])
def test_the_non_sdn_list_is_refused_as_sdn_and_accepted_as_itself(lists: Path, name: str) -> None:
    with pytest.raises(MalformedListError, match="another list|not of the whole SDN List"):  # noqa: RUF043
        load(lists, SDN, name)
    with opened(lists, CONS, name) as file:
        new = summarise(file, published_on=file.published_on, names=SOURCES[CONS].canaries)
        verdict = judge(source=SOURCES[CONS], file=file, new=new, old=None)
    assert verdict.outcome is Outcome.ACCEPTED, verdict.explain()


def test_the_trimmed_advanced_file_is_refused_as_it_lacks_its_day(lists: Path) -> None:
    with pytest.raises(MalformedListError, match="DateOfIssue is missing"):
        load(lists, SDN, ADVANCED)


COMPLETED = {  # what a whole file has and the trimmed one lost
    "<Sanctions>": "<Sanctions><DateOfIssue><Year>2020</Year><Month>1</Month><Day>2</Day></DateOfIssue>",
    "</ReferenceValueSets>": (
        "<PartySubTypeValues><PartySubType ID='4' PartyTypeID='1'>Unknown</PartySubType></PartySubTypeValues>"
        "<PartyTypeValues><PartyType ID='1'>Individual</PartyType></PartyTypeValues>"
        "<ListValues><List ID='1550'>SDN List</List></ListValues>"
        "<EntryEventTypeValues><EntryEventType ID='1'>Created</EntryEventType></EntryEventTypeValues>"
        "<SanctionsTypeValues><SanctionsType ID='1'>Program</SanctionsType></SanctionsTypeValues></ReferenceValueSets>"
    ),
    '<Profile ID="22790">': '<Profile ID="22790" PartySubTypeID="4">',
    "</Sanctions>": (
        "<ProfileRelationships/><SanctionsEntries><SanctionsEntry ID='1' ProfileID='22790' ListID='1550'>"
        "<EntryEvent EntryEventTypeID='1'><Date><Year>2017</Year><Month>7</Month><Day>31</Day></Date></EntryEvent>"
        "<SanctionsMeasure SanctionsTypeID='1'><Comment>VENEZUELA</Comment></SanctionsMeasure></SanctionsEntry>"
        "</SanctionsEntries></Sanctions>"
    ),
}


def test_the_trimmed_advanced_file_reads_once_its_lost_sections_are_back(lists: Path) -> None:
    text = content(lists / ADVANCED).decode()
    for old, new in COMPLETED.items():
        assert old in text
        text = text.replace(old, new)
    with unpack(io.BytesIO(text.encode()), ADVANCED) as plain:
        (party,) = read(SDN, [plain])
    assert (party.key, party.name, party.kind) == ("22790", "MADURO MOROS Nicolas", ListingKind.PERSON)
    assert party.birth_dates == (BirthDate(year=1962, circa=True),)
    assert party.countries == ("VE",)
    assert [(each.text, each.country) for each in party.addresses] == [("Caracas, Venezuela", "VE")]
    assert set(party.identifiers) == {
        ListedIdentifier(kind="national_id", value="5892464", country="VE"),
        ListedIdentifier(kind="bic", value="BCVEVECA"),
    }
    assert (party.listed_on, party.programmes) == (date(2017, 7, 31), ("VENEZUELA",))


@pytest.mark.parametrize(
    ("list_id", "names"),
    [
        (SDN, ["ofac_alt_2026-02.csv.xz"]),
        (SDN, ["ofac_2025-12/alt.csv.xz", "ofac_2025-12/add.csv.xz", "ofac_2025-12/sdn_comments.csv"]),
        (SDN, ["ofac_2026-06/alt.csv.xz", "ofac_2026-06/add.csv.xz"]),
        (CONS, ["ofac_2026-06/alt.csv.xz", "ofac_2026-06/add.csv.xz"]),
    ],
)
@pytest.mark.parametrize("partial", [False, True])
def test_files_without_the_parties_are_no_list_not_even_in_part(
    lists: Path, list_id: str, names: list[str], partial: bool
) -> None:
    with pytest.raises(MalformedListError, match="lacks its file of parties"):
        load(lists, list_id, *names, partial=partial)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("ofac_alt_2026-02.csv.xz", "aliases"),
        ("ofac_2025-12/alt.csv.xz", "aliases"),
        ("ofac_2025-12/add.csv.xz", "addresses"),
        ("ofac_2025-12/sdn_comments.csv", "comments"),
        ("ofac_2026-06/alt.csv.xz", "aliases"),
        ("ofac_2026-06/add.csv.xz", "addresses"),
    ],
)
def test_every_loose_file_is_told_by_its_columns_and_read_to_its_end(lists: Path, name: str, role: str) -> None:
    with (lists / name).open("rb") as stream, unpack(stream, name) as file:
        assert role_of(file).value == role
        assert [row.key for row in rows(file, role_of(file))] == [row[0].strip() for row in table(lists / name)]


def test_every_alias_of_the_sdn_set_is_in_the_list(lists: Path) -> None:
    """Strong ones stand in a file of their own, weak ones in the remarks and in what is cut off these."""
    listings = load(lists, SDN, *SET_2021)
    parties, aliases, _, comments = (table(lists / name) for name in SET_2021)
    known = {key: qualities(listing) for key, listing in listings.items()}
    for key, _, _, name, _ in aliases:
        assert name.strip() in known[key]
    rest = {row[0]: row[1] for row in comments}
    weak = 0
    for row in parties:
        remarks = row[11] + rest.get(row[0], "")
        for alias in re.findall(r"[afn]\.k\.a\. '(.+?)'(?=[;.]|$)", remarks):
            weak += 1
            assert alias in known[row[0]]
    assert weak > 1400
