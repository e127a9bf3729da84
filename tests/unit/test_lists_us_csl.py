"""The US Consolidated Screening List, CSV and JSON: every trap of the files, on invented parties."""

from __future__ import annotations

import csv
import io
import lzma
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.readers import read
from service.lists.sources import source_of
from service.lists.summary import summarise
from service.lists.us_csl import REPEATED
from service.lists.us_csl_json import MAX_PARTS
from tests.list_reading import Reading

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
CSV = (DATA / "us_csl_small.csv").read_bytes()
JSON = (DATA / "us_csl_small.json").read_bytes()


SMALL_LIST = Reading("us_csl", CSV, "CSL")
opened, entries = SMALL_LIST.opened, SMALL_LIST.entries


def without_id(content: bytes = CSV) -> bytes:
    """The header of 2019, which had no ``_id``."""
    return b"".join(line.partition(b",")[2] for line in content.splitlines(keepends=True))


def test_every_row_is_an_entry_of_the_list_that_it_is_from() -> None:
    assert sorted(entries()) == [
        *("CAP-90102", "DPL-bb01", "EL-aa01", "EL-aa02", "ISN-cc01", "ISN-cc02", "SDN-90101", "SDN-90102", "SDN-90103")
    ]
    assert entries()["SDN-90101"].programmes == ("SDN", "DPRK3", "NPWMD")


def test_a_row_that_repeats_another_is_one_entry_and_is_counted() -> None:
    with opened(CSV) as file:
        assert file.left_out == ((REPEATED, 1),)
        assert len(list(file)) == 9


def test_a_party_on_two_lists_is_two_entries() -> None:
    assert entries()["CAP-90102"].programmes == ("CAP", "561-Related")
    assert entries()["SDN-90102"].reference == entries()["CAP-90102"].reference == "90102"


def test_the_header_without_ids_of_2019_is_read_too_and_numbers_stay_keys() -> None:
    old = entries(without_id())
    assert len(old) == 9
    assert old["SDN-90101"].names == entries()["SDN-90101"].names
    assert sum(key.startswith("EL-") for key in old) == 2


def test_names_that_repeat_over_countries_are_entries_of_their_own() -> None:
    first, second = entries()["EL-aa01"], entries()["EL-aa02"]
    assert first.name == second.name
    assert (first.address_countries, second.address_countries) == (("HK",), ("CN",))


def test_an_empty_type_is_told_by_the_name() -> None:
    kinds = {key: listing.kind for key, listing in entries().items()}
    assert kinds["EL-aa01"] is kinds["ISN-cc02"] is ListingKind.ORGANISATION
    assert kinds["DPL-bb01"] is kinds["ISN-cc01"] is ListingKind.PERSON
    assert kinds["SDN-90103"] is ListingKind.VESSEL


def test_aliases_come_without_quality_and_count_as_strong() -> None:
    names = [(name.text, name.quality) for name in entries()["SDN-90101"].names]
    assert names == [
        ("KIM, Example Chol", AliasQuality.PRIMARY),
        ("KIM, Exampel", AliasQuality.STRONG),
        ("SAMKO", AliasQuality.STRONG),
    ]
    assert [name.text for name in entries()["EL-aa01"].names[1:]] == ["Sample Lab", "Sample Institute", "SRC"]


def test_notes_and_successors_are_no_part_of_a_name() -> None:
    assert [name.text for name in entries()["ISN-cc01"].names] == ["Ri Example", "Ri Exampel"]
    assert entries()["ISN-cc02"].name == "Sample Optics LLC"
    assert "successor" in entries()["ISN-cc02"].record["name"]


def test_a_first_of_january_or_of_a_month_is_no_day() -> None:
    assert entries()["SDN-90101"].birth_dates == (
        BirthDate(year=1971, month=4, day=22),
        BirthDate(year=1972),
        BirthDate(year=1973),
        BirthDate(year=1974, month=9),
        BirthDate(year=1975, circa=True),
        BirthDate(year=1976, until_year=1978),
        BirthDate(year=1979, month=5, day=5),
    )


def test_numbers_are_read_with_their_label_last_or_first() -> None:
    assert entries()["SDN-90101"].identifiers == (
        ListedIdentifier(kind="passport", value="927000001", country="KP"),
        ListedIdentifier(kind="tax_id", value="9988-7"),
    )
    assert entries()["SDN-90102"].identifiers == (
        ListedIdentifier(kind="inn", value="7700000001", country="RU"),
        ListedIdentifier(kind="ogrn", value="1027700000001", country="RU"),
        ListedIdentifier(kind="bic", value="EXMPRUMM"),
    )
    assert entries()["SDN-90103"].identifiers[0] == ListedIdentifier(kind="imo", value="9990001")


def test_countries_genders_addresses_and_relations_are_read() -> None:
    person = entries()["SDN-90101"]
    assert (person.countries, person.genders) == (("CN", "KP"), ("male",))
    assert person.addresses == (Address(text="Dandong, CN", country="CN"), Address(text="KP", country="KP"))
    assert [relation.name for relation in person.relations] == [
        "SAMPLE GENERAL CORPORATION",
        "EXAMPLE BANK (HQ) OF NOWHERE",
    ]
    assert entries()["SDN-90103"].countries == ("KP",)


def test_dprk_is_told_by_programme_regulation_or_note() -> None:
    dprk = sorted(key for key, listing in entries().items() if listing.dprk)
    assert dprk == ["ISN-cc01", "SDN-90101", "SDN-90102", "SDN-90103"]


def test_a_year_that_cannot_be_meant_gives_no_date_and_an_ended_order_stays() -> None:
    order = entries()["DPL-bb01"]
    assert (order.listed_on, order.listed_on_basis) == (None, None)
    assert (order.record["start_date"], order.record["end_date"]) == ("3017-05-06", "2019-05-06")
    assert entries()["EL-aa01"].listed_on == date(2015, 11, 12)


def test_the_json_gives_the_same_entries_as_the_csv() -> None:
    theirs, ours = entries(JSON), entries()
    assert sorted(theirs) == ["EL-aa01", "SDN-90101"]
    for key, listing in theirs.items():
        for name in ("name", "names", "birth_dates", "countries", "identifiers", "relations", "genders", "listed_on"):
            assert getattr(listing, name) == getattr(ours[key], name), (key, name)
        assert listing.addresses == ours[key].addresses


def test_trap_6_a_header_row_that_is_repeated_refuses_the_file() -> None:
    header = CSV.splitlines(keepends=True)[0]
    with pytest.raises(MalformedListError, match="CSL line 2: the header row once more"), opened(header + CSV):
        pass


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (CSV.replace(b"aa01,Entity", b"aa01,x,Entity"), "CSL line 7: 30 columns; the header has 29"),
        (CSV.replace(b"90103,Vessel", b"90103,Rocket"), "CSL line 6: unknown type of party 'Rocket'"),
        (CSV.replace(b"EXAMPLE STAR", b""), "CSL line 6: an entry without a name"),
        (CSV.replace(b"(EL) ", b""), "CSL line 7: the source .* names no list"),
        (CSV.replace(b"aa02", b"aa01"), "CSL line 8: the entry EL-aa01 comes twice with different content"),
        (CSV.replace(b"EXAMPLE STAR", b"EXAMPLE \x92STAR"), "CSL line 6: bytes that are not UTF-8"),
        (CSV.replace(b"EXAMPLE STAR", b"EXAMPLE \x00STAR"), "CSL line 6: a control character"),
        (CSV.replace(b",vessel_flag,", b",flag,"), "CSL line 1: the header lacks the column vessel_flag"),
        (CSV.replace(b'Dandong, CN; KP"', b"Dandong, CN; KP"), "CSL line"),
        (CSV[: len(CSV) // 2], "CSL line"),
        (CSV + b"\n" + CSV.splitlines()[-1], "a row after an empty line"),
        (JSON[: len(JSON) // 2], "not well-formed JSON"),
        (JSON + b"{", "not well-formed JSON"),
        (b'{"sources": [], "total": 0}', "no list of results"),
        (b'{"results": [1]}', "CSL result 1: a result that is no object"),
        (b'{"results": [{"name": "A"}]}', "CSL result 1: a result without source"),
        (JSON.replace(b'["KIM, Exampel", "SAMKO"]', b'"KIM, Exampel"'), "CSL result 1: alt_names is no list"),
        (JSON.replace(b"Dandong", b"\xff\xfe"), "CSL"),
        (b'{"results": [{"source": [' + b"1," * MAX_PARTS + b"1]}]}", "a result of more than"),
        (b"source;name\n1;2\n", "CSL line 1: the header lacks the column"),
    ],
)
def test_a_file_is_read_whole_or_refused_with_the_row(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason), opened(content) as file:
        list(file)


def test_trap_7_one_broken_row_of_thousands_refuses_the_file() -> None:
    header, *_, last = CSV.splitlines(keepends=True)
    rows = [last.replace(b"cc02", b"cc%d" % number) for number in range(7_380)]
    rows[7_000] = rows[7_000].replace(b",,,,,", b",,,,", 1)
    with pytest.raises(MalformedListError, match=r"line 7002: 28 columns"), opened(header + b"".join(rows)):
        pass


def test_a_last_line_that_does_not_end_raises_a_doubt() -> None:
    with opened(CSV.rstrip()) as file:
        assert len(file.doubts) == 1
    with opened(CSV) as file:
        assert file.doubts == ()


@pytest.fixture(scope="module")
def real_2022(shared: Path) -> tuple[ListFile, list[Listing]]:
    path = shared / "lists" / "us_csl_2022-05.csv.xz"
    with path.open("rb") as stream, unpack(stream, path.name) as packed:
        file = read("us_csl", [packed])
        return file, list(file)


@pytest.fixture(scope="module")
def real_2019(shared: Path) -> tuple[ListFile, list[Listing]]:
    path = shared / "lists" / "us_csl_sample_2019-12.csv"
    with path.open("rb") as stream, unpack(stream, path.name) as packed:
        file = read("us_csl", [packed])
        return file, list(file)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "repeated"), [("us_csl_2022-05.csv.xz", 14_160, 1), ("us_csl_sample_2019-12.csv", 115, 0)]
)
def test_the_real_lists_are_read_whole(
    shared: Path, request: pytest.FixtureRequest, name: str, rows: int, repeated: int
) -> None:
    """Counted against a second, lenient parse of the raw file."""
    path = shared / "lists" / name
    plain = lzma.decompress(path.read_bytes()) if name.endswith(".xz") else path.read_bytes()
    raw = list(csv.DictReader(io.StringIO(plain.decode(), newline="")))
    assert len(raw) == rows
    file, listings = request.getfixturevalue("real_2022" if rows > 1_000 else "real_2019")
    assert len(listings) == rows - repeated
    assert sum(count for _, count in file.left_out) == repeated
    assert {listing.record["name"] for listing in listings} == {row["name"].strip() for row in raw}
    theirs = {
        alias.strip().removeprefix("and ") for row in raw for alias in row["alt_names"].split("; ") if alias.strip()
    }
    ours = {" ".join(name.text.split()).removeprefix("and ") for each in listings for name in each.names[1:]}
    missing = {" ".join(alias.split()) for alias in theirs} - ours - {each.name for each in listings}
    assert not missing
    typed = Counter(row["type"] for row in raw if row["type"])
    kinds = Counter(each.record["type"] for each in listings if "type" in each.record)
    assert sum((typed - kinds).values()) == repeated
    tagged = sum("DPRK" in row["programs"] for row in raw)
    assert tagged <= sum(each.dprk for each in listings)


@pytest.mark.shared
def test_trap_6_the_real_file_with_two_headers_is_refused(shared: Path) -> None:
    content = (shared / "lists" / "malformed" / "us_csl_duplicate_header_subset_2023-11.csv.xz").read_bytes()
    with pytest.raises(MalformedListError, match="line 2: the header row once more"), opened(content):
        pass


@pytest.mark.shared
def test_the_layout_of_2023_is_read_but_for_the_faults_of_that_copy(shared: Path) -> None:
    """The copy with two headers was also cut in its last row; without both faults it reads."""
    path = shared / "lists" / "malformed" / "us_csl_duplicate_header_subset_2023-11.csv.xz"
    first, _, *others = lzma.decompress(path.read_bytes()).splitlines(keepends=True)
    content = b"".join([first, *others[:-1]])
    raw = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    with opened(content) as file:
        listings = list(file)
    assert (len(raw), file.left_out) == (4_226, ())
    assert [listing.record["name"] for listing in listings] == [row["name"].strip() for row in raw]
    assert sum(bool(listing.identifiers) for listing in listings) > 500


@pytest.mark.shared
def test_no_birth_date_says_more_than_ofac_said(shared: Path, real_2022: tuple[ListFile, list[Listing]]) -> None:
    """OFAC's own list of the same year is the check: "Jan 1957" must not become 1 January 1957."""
    born = {each.reference: each.birth_dates for each in real_2022[1] if each.key.startswith("SDN-")}
    text = lzma.decompress((shared / "lists" / "ofac_sdn_2022-12-08.csv.xz").read_bytes()).decode().rstrip("\x1a")
    remarks = {row[0]: row[11] for row in csv.reader(io.StringIO(text)) if len(row) == 12}
    months = " Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")
    compared = invented = 0
    for number, dates in born.items():
        for day in dates:
            if number in remarks and day.day and day.month:
                compared += 1
                invented += f"{day.day:02} {months[day.month]} {day.year}" not in remarks[number]
    assert compared > 4_000
    assert invented <= compared / 200  # dates that OFAC changed between May and December


@pytest.mark.shared
def test_the_whole_real_list_bears_every_canary_and_no_match_on_it_denies(
    real_2022: tuple[ListFile, list[Listing]],
) -> None:
    source = source_of("us_csl")
    assert set(summarise(real_2022[1], names=source.canaries, digest=False).canaries) == set(source.canaries)
    assert source.binds_in is None
