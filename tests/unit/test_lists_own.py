"""The operator's own list: its columns, its faults told by line and column, and what it may do."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists import own_list, readers
from service.lists.container import unpack
from service.lists.listing import Address, AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind, Relation
from service.lists.own_rows import COLUMNS
from service.lists.sources import SOURCES
from service.rulebook.list_clauses import LIST_CLAUSES

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENT = (CHECKOUT / "docs" / "own-list.md").read_text("utf-8")


def read(content: str | bytes) -> list[Listing]:
    raw = content.encode() if isinstance(content, str) else content
    with unpack(io.BytesIO(raw), "our.csv") as file:
        return list(readers.read("own", [file]))


def fault(content: str | bytes) -> str:
    with pytest.raises(MalformedListError) as caught:
        read(content)
    return str(caught.value)


def test_the_example_of_the_documentation_is_read() -> None:
    example = re.search(r"```csv\n(.*?)```", DOCUMENT, re.DOTALL)
    assert example
    works, man, ship = read(example[1])
    assert [each.kind for each in (works, man, ship)] == [
        ListingKind.ORGANISATION,
        ListingKind.PERSON,
        ListingKind.VESSEL,
    ]
    assert works.relations == (Relation(kind="owned_or_controlled_by", name="Han, Song Il", target="V-18"),)
    assert man.birth_dates == (BirthDate(year=1968, circa=True),)
    assert ship.identifiers == (ListedIdentifier(kind="imo", value="8909575"),)
    assert (works.dprk, man.dprk, ship.dprk) == (True, True, False)


def test_the_documentation_names_every_column_and_no_other() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE)) == COLUMNS


def test_every_column_reaches_the_listing() -> None:
    header = (
        "name,key,reference,kind,aliases,weak_aliases,original_names,birth_dates,genders,countries,identifiers,"
        "addresses,address_countries,programmes,listed_on,dprk,owned_by,owns,acting_for,linked_to,note"
    )
    row = (
        "Example Man,K1,R1,person,A B; A B;C D,E F,예시,1967-01-31;1960/1964;c 1970,male,KP;China,"
        'passport:PS 1;inn:7707083893,"1 Street, Dandong",CN,labour,2026-03-01,yes,Owner Ltd,Owned Ltd,Boss,Friend,hm'
    )
    (listing,) = read(f"{header}\n{row}\n")
    assert (listing.list_id, listing.key, listing.reference, listing.name) == ("own", "K1", "R1", "Example Man")
    assert [(name.text, name.quality) for name in listing.names[1:]] == [
        ("A B", AliasQuality.STRONG),
        ("C D", AliasQuality.STRONG),
        ("E F", AliasQuality.WEAK),
        ("예시", AliasQuality.ORIGINAL_SCRIPT),
    ]
    assert listing.birth_dates[0] == BirthDate(year=1967, month=1, day=31)
    assert (listing.countries, listing.address_countries, listing.genders) == (("KP", "CN"), ("CN",), ("male",))
    assert listing.addresses == (Address(text="1 Street, Dandong"),)
    assert (listing.programmes, listing.listed_on, listing.listed_on_basis) == (("labour",), date(2026, 3, 1), "list")
    assert [(each.kind, each.name) for each in listing.relations] == [
        ("owned_or_controlled_by", "Owner Ltd"),
        ("owns_or_controls", "Owned Ltd"),
        ("acting_for", "Boss"),
        ("linked_to", "Friend"),
    ]
    assert listing.record["note"] == "hm"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_byte_order_mark_and_either_line_end_are_fine(mark: bytes, end: bytes) -> None:
    (listing,) = read(mark + end.join([b"KEY, Name", b"1,A", b"", b""]))
    assert (listing.key, listing.name, listing.kind) == ("1", "A", ListingKind.ORGANISATION)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (",A,,,,,", "line 2, column key: is empty"),
        ("1,,,,,,", "line 2, column name: is empty"),
        ("1,A,company,,,,", "line 2, column kind: 'company' is none of person"),
        ("1,A,,1967-13-01,,,", "line 2, column birth_dates: '1967-13-01' is no day of the calendar"),
        ("1,A,,1967-00,,,", "line 2, column birth_dates: '1967-00' has a month or a day of 00"),
        ("1,A,,1964/1960,,,", "line 2, column birth_dates: '1964/1960' is no year"),
        ("1,A,,31.1.1967,,,", "line 2, column birth_dates: '31.1.1967' is no birth date"),
        ("1,A,,,Narnia,,", "line 2, column countries: 'Narnia' names no one country"),
        ("1,A,,,,9187629,", "line 2, column identifiers: '9187629' is no identifier"),
        ("1,A,,,,,2026-02-30", "line 2, column listed_on: '2026-02-30' is no day of the calendar"),
        ("1,A,,,,,March", "line 2, column listed_on: 'March' is no day"),
        ("1,A,,,", "line 2: 5 cells; the header has 7 columns"),
        ('1,A"b",x"', "line 2"),
        ("1,A,,,,,\n1,B,,,,,", "line 3, column key: '1' is used for a second entry"),
    ],
)
def test_a_bad_cell_is_told_by_its_line_and_column(cells: str, told: str) -> None:
    assert told in fault(f"key,name,kind,birth_dates,countries,identifiers,listed_on\n{cells}\n")


def test_all_bad_cells_are_told_at_once_and_a_file_full_of_them_by_twenty() -> None:
    both = fault("key,name,dprk,kind\n1,A,maybe,\n2,B,,firm\n3,C,,\n")
    assert "line 2, column dprk: 'maybe' is neither yes nor no" in both
    assert "line 3, column kind" in both
    many = fault("key,name,dprk\n" + "".join(f"{n},A,x\n" for n in range(100)))
    assert many.count("column dprk") == 20
    assert "perhaps more" in many


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("key,names\n1,A\n", "lacks the column name"),
        ("key,name,colour\n1,A,red\n", "unknown column 'colour'"),
        ("key,name,name\n1,A,B\n", "names a column twice"),
        (b"key,name\n1,Caf\xe9\n", "line 2: bytes that are not UTF-8"),
        (b"key,name\n1,A\x00\n", "line 2: a control character"),
        ("key,name\n1," + "A" * 70_000 + "\n", "line 2: a line longer"),
    ],
)
def test_a_file_of_another_shape_is_refused(content: str | bytes, told: str) -> None:
    assert told in fault(content)


def test_nothing_is_handed_out_before_every_cell_was_looked_at() -> None:
    content = "key,name,dprk\n" + "".join(f"{n},A,\n" for n in range(50)) + "x,A,perhaps\n"
    with unpack(io.BytesIO(content.encode()), "our.csv") as file:
        entries = iter(own_list.read_file(file, "own"))
        with pytest.raises(MalformedListError, match="line 52, column dprk"):
            next(entries)


def test_a_match_with_it_never_denies() -> None:
    assert SOURCES["own"].binds_in is None
    assert LIST_CLAUSES["own"].effect == "review"
