"""Australia's workbook: rows grouped by reference, its mixed birth dates, and the real issue of 2024-11-11."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.errors import MalformedListError
from service.lists import au_dfat
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.sources import SOURCES
from tests.unit.test_lists_workbook import a_workbook

HEADER = (
    *("Reference", "Name of Individual or Entity", "Type", "Name Type", "Date of Birth", "Place of Birth"),
    *("Citizenship", "Address", "Additional Information", "Listing Information", "Committees", "Control Date"),
)
CONTROLLED = datetime(2024, 11, 11)  # noqa: DTZ001 - as openpyxl gives a day


def row(reference: Any, name: str, **stated: Any) -> tuple[Any, ...]:
    cells = {
        "Type": "Individual",
        "Name Type": "Primary Name" if str(reference).strip().isdigit() else "aka",
        "Committees": "1718 (DPRK)",
        "Control Date": CONTROLLED,
        "Listing Information": "Listed by the UN 1718 Committee on 16 July 2009",
        **{column.replace("_", " "): value for column, value in stated.items()},
    }
    return (reference, name, *(cells.get(column) for column in HEADER[2:]))


def read(*rows: tuple[Any, ...], header: tuple[str, ...] = HEADER, **more: Any) -> ListFile:
    with unpack(io.BytesIO(a_workbook(header, *rows, **more)), "au.xlsx") as file:
        return au_dfat.read_file(file, "au_dfat")


def one(*rows: tuple[Any, ...]) -> Listing:
    (listing,) = read(*rows)
    return listing


def texts(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


def test_the_rows_of_a_reference_are_one_party_with_its_names() -> None:
    listing = one(
        row(7, "RI Example Ho"),
        row("7a", "RI Ho-chol"),
        row("7b", "리호철", Name_Type="Original Script"),
        row("7b1", "LEE Ho Chol"),
    )
    assert (listing.key, listing.reference, listing.kind) == ("7", "7", ListingKind.PERSON)
    assert texts(listing, AliasQuality.PRIMARY) == ["RI Example Ho"]
    assert texts(listing, AliasQuality.STRONG) == ["RI Ho-chol", "LEE Ho Chol"]
    assert texts(listing, AliasQuality.ORIGINAL_SCRIPT) == ["리호철"]


def test_a_block_that_is_interrupted_is_still_one_party() -> None:
    first, other = read(row("7", "A B"), row("8", "C D"), row("7a", "E F"))
    assert texts(first, AliasQuality.STRONG) == ["E F"]
    assert [name.text for name in other.names] == ["C D"]


def test_other_names_may_stand_above_the_primary_one() -> None:
    assert [name.text for name in one(row("7a", "E F"), row("7", "A B")).names] == ["A B", "E F"]


def test_casing_and_spaces_of_types_do_not_matter() -> None:
    listing = one(
        row("7 ", "Ex Corp", Type="Entity ", Name_Type="primary Name "),
        row("7a ", "Ex Ltd", Type="entity", Name_Type="Aka "),
        row("7b", "Old Ex", Type="Entity", Name_Type="Formerly known as"),
        row("7c", "엑스", Type="Entity", Name_Type="original script "),
    )
    assert listing.kind is ListingKind.ORGANISATION
    assert texts(listing, AliasQuality.STRONG) == ["Ex Ltd", "Old Ex"]


def test_a_weak_alias_of_the_newer_file_is_weak() -> None:
    header = (*HEADER, "Alias Strength", "IMO Number")
    primary = (*row("7", "Ex Star", Type="Vessel"), None, "IMO 9187629")
    weak = (*row("7a", "Star", Type="Vessel"), "Weak", None)
    (listing,) = read(primary, weak, header=header)
    assert texts(listing, AliasQuality.WEAK) == ["Star"]
    assert (listing.kind, listing.identifiers) == (ListingKind.VESSEL, (ListedIdentifier(kind="imo", value="9187629"),))


def test_a_number_given_to_a_second_party_keeps_both_and_asks_a_person() -> None:
    file = read(row("7", "A B"), row("7a", "A C"), row("8", "X Y"), row("7", "Other Person"), row("7a", "Other P"))
    assert {listing.key: [name.text for name in listing.names] for listing in file} == {
        "7": ["A B", "A C"],
        "8": ["X Y"],
        "7-2": ["Other Person", "Other P"],
    }
    assert len(file.doubts) == 1
    assert "row 5: reference 7 is given to a second party" in file.doubts[0]


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        (datetime(1967, 1, 31), [BirthDate(year=1967, month=1, day=31)]),  # noqa: DTZ001
        (1967, [BirthDate(year=1967)]),
        ("Approximately 1963", [BirthDate(year=1963, circa=True)]),
        ("Between 1960 and 1962", [BirthDate(year=1960, until_year=1962)]),
        ("a) 01/02/1960 b) 1961", [BirthDate(year=1960, month=2, day=1), BirthDate(year=1961)]),
        ("1 Jan. 1967_x000D_\n1968", [BirthDate(year=1967, month=1, day=1), BirthDate(year=1968)]),
        ("a) Between Aug. and Sep 1977  b) 1976", [BirthDate(year=1977), BirthDate(year=1976)]),
        ("Approximately 1955- 1958", [BirthDate(year=1955, until_year=1958, circa=True)]),
        ("18 Apr. 1982 c) 24/06/1402 (Hijri Calendar)", [BirthDate(year=1982, month=4, day=18)]),
        ("dd/mm/1945", [BirthDate(year=1945)]),
        ("00/05/1980", [BirthDate(year=1980, month=5)]),
        ("23-Apr-68", [BirthDate(year=1968, month=4, day=23)]),
        ("March 16, 1972", [BirthDate(year=1972, month=3, day=16)]),
        ("Approximately (30-35 years old)", []),
        ("na", []),
    ],
)
def test_every_shape_of_a_birth_date_is_read(cell: Any, born: list[BirthDate]) -> None:
    assert list(one(row(7, "A B", Date_of_Birth=cell)).birth_dates) == born


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Listed by UN 1267 Committee on 25 January 2001 (amended 9 July 2007)", date(2001, 1, 25)),
        ("Listed on: 25 Apr. 2006 (amended on 14 Mar. 2018)", date(2006, 4, 25)),
        ("Listed by UN 1267 and 1989 Committee on 25 January 2012.", date(2012, 1, 25)),
        ("The Minister for Foreign Affairs listed this entity on 21 December 2001 under", date(2001, 12, 21)),
        (datetime(2013, 3, 7), date(2013, 3, 7)),  # noqa: DTZ001
        ("26 Feb. 2021", date(2021, 2, 26)),
        ("Instrument of first listing: List 2001. Last listed on: 16/09/2022", None),
        ("Designated under the Autonomous Sanctions Regulations 2011 on 2 March 2012. Formerly listed on a list", None),
        ("Autonomous Sanctions (Designated Persons) Amendment (No. 1) Instrument 2022", None),
    ],
)
def test_only_a_first_listing_dates_an_entry(text: Any, day: date | None) -> None:
    listing = one(row(7, "A B", Listing_Information=text))
    assert listing.listed_on == day
    assert listing.listed_on_basis == ("list" if day else None)


def test_the_committee_tells_the_uns_entries_from_australias_own() -> None:
    un, own, other = read(
        row(1, "A B"), row(2, "C D", Committees="Autonomous (DPRK) "), row(3, "E F", Committees="1988 (Taliban)")
    )
    assert [each.programmes for each in (un, own, other)] == [
        ("1718 (DPRK)",),
        ("Autonomous (DPRK)",),
        ("1988 (Taliban)",),
    ]
    assert [each.dprk for each in (un, own, other)] == [True, True, False]


def test_citizenships_addresses_and_numbers_are_told_apart() -> None:
    listing = one(
        row(
            7,
            "Ex Bank",
            Type="Entity",
            Citizenship="a) Russian b) North Korean",
            Address="a) 1 Ex Street, Moscow, Russia; b) NA",
            Additional_Information="Website: ex.example\nSWIFT/BIC: SMBKRUMM\nTax ID No.: 7750005482 (Russia)",
        )
    )
    assert (listing.countries, listing.address_countries) == (("RU", "KP"), ("RU",))
    assert [address.text for address in listing.addresses] == ["1 Ex Street, Moscow, Russia"]
    assert {(number.kind, number.value) for number in listing.identifiers} == {
        ("bic", "SMBKRUMM"),
        ("inn", "7750005482"),
    }


def test_trap_21_columns_beyond_the_header_are_not_read() -> None:
    assert len(list(read(row(1, "A B"), row(2, "C D"), far_right=True))) == 2


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("seven", "A B"), "row 3: the reference is 'seven'"),
        (row("8a", "A B"), "reference 8 has no row with a primary name"),
        (row("8", "A B", Type="Committee"), "unknown type of party 'committee'"),
        (row("8", "A B", Name_Type="Nickname"), "unknown type of name 'nickname'"),
        (row("7a", "A B", Type="Entity"), "a name of type entity among those of type individual"),
        (row("8", "A B", Committees=None), "no committee"),
    ],
)
def test_a_row_that_cannot_be_placed_is_named(bad: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(MalformedListError, match=re.escape(reason)):
        list(read(row(7, "C D"), bad))


def test_a_header_without_a_needed_column_is_refused() -> None:
    with pytest.raises(MalformedListError, match="the header lacks committees"):
        read(header=HEADER[:-2])


def test_the_newest_control_date_is_the_date_of_the_list() -> None:
    older = row(8, "C D", Control_Date=datetime(2020, 1, 1))  # noqa: DTZ001
    assert read(row(7, "A B"), older).published_on == date(2024, 11, 11)


@pytest.fixture(scope="module")
def real(shared: Path) -> tuple[ListFile, list[Listing]]:
    path = shared / "lists" / "au_dfat_regulation8_2024-11-11.xlsx"
    with path.open("rb") as stream, unpack(stream, "au.xlsx") as plain:
        file = au_dfat.read_file(plain, "au_dfat")
    return file, list(file)


@pytest.mark.shared
def test_the_real_issue_is_read_whole(real: tuple[ListFile, list[Listing]]) -> None:
    file, listings = real
    assert (file.published_on, file.doubts, len(listings)) == (date(2024, 11, 11), (), 3062)
    kinds = Counter(listing.kind for listing in listings)
    assert kinds == {ListingKind.PERSON: 2316, ListingKind.ORGANISATION: 746}
    rows = Counter(str(each["committees"]).strip() for one in listings for each in one.record["rows"])
    assert (rows["1718 (DPRK)"], rows["Autonomous (DPRK)"]) == (366, 142)
    assert sum(listing.dprk for listing in listings) == 211
    cells = Counter(type(each.get("date of birth")) for one in listings for each in one.record["rows"])
    assert cells[int] == 667
    assert {name.casefold() for name in SOURCES["au_dfat"].canaries} <= {one.name.casefold() for one in listings}


@pytest.mark.shared
def test_every_name_of_the_real_issue_is_found_by_another_way_of_reading_it(
    real: tuple[ListFile, list[Listing]], shared: Path
) -> None:
    book = openpyxl.load_workbook(shared / "lists" / "au_dfat_regulation8_2024-11-11.xlsx", read_only=True)
    stated: dict[str, set[str]] = {}
    for cells in book.worksheets[0].iter_rows(min_row=2, max_col=2, values_only=True):
        if cells[0] is not None:
            number = re.match(r"\d+", str(cells[0]).strip())
            assert number
            stated.setdefault(number[0], set()).add(_letters(str(cells[1])))
    found = {listing.key: "|".join(_letters(name.text) for name in listing.names) for listing in real[1]}
    assert sorted(found) == sorted(stated)
    missing = [(key, name) for key, names in stated.items() for name in names if name not in found[key]]
    assert missing == []
    book.close()


def _letters(name: str) -> str:
    without = re.sub(r"\([^()]*\)|_x000D_", "", name)  # short forms and remarks in brackets stand by themselves
    return "".join(char for char in without.casefold() if char.isalnum())
