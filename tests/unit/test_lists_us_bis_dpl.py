"""The Denied Persons List: tab separated rows with slips of the pen, on invented parties."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import Address, AliasQuality, ListedName, Listing, ListingKind
from service.lists.readers import read
from service.lists.sources import source_of
from service.lists.summary import summarise
from service.lists.us_bis_dpl import REPEATED

SMALL = (Path(__file__).resolve().parents[1] / "data" / "lists" / "us_bis_dpl_small.txt").read_bytes()


@contextmanager
def opened(content: bytes = SMALL) -> Iterator[ListFile]:
    with unpack(io.BytesIO(content), "DPL") as file:
        yield read("us_bis_dpl", [file])


def entries(content: bytes = SMALL) -> dict[str, Listing]:
    with opened(content) as file:
        return {listing.name: listing for listing in file}


def test_rows_are_entries_and_one_given_twice_is_counted() -> None:
    with opened() as file:
        assert file.left_out == ((REPEATED, 1),)
        assert [listing.name for listing in file] == ["MARY Q. EXAMPLE", "SAMPLE AIRLINES", "PAT SAMPLE"]


def test_the_years_1023_3017_and_3033_are_slips_and_the_row_stays() -> None:
    mary, airline = entries()["MARY Q. EXAMPLE"], entries()["SAMPLE AIRLINES"]
    assert (mary.listed_on, mary.record["Last_Update"]) == (date(2003, 6, 19), "3033-09-30")
    assert (airline.listed_on, airline.listed_on_basis) == (None, None)
    assert airline.record["Effective_Date"] == "06/24/3017"
    with opened() as file:
        assert file.published_on is None


def test_an_order_that_has_ended_stays_as_the_publisher_keeps_it() -> None:
    assert entries()["MARY Q. EXAMPLE"].record["Expiration_Date"] == "06/29/2013"


def test_other_names_stand_in_the_name() -> None:
    assert entries()["PAT SAMPLE"].names[1:] == (ListedName(text="PATRICK EXAMPLE", quality=AliasQuality.STRONG),)
    assert [name.text for name in entries()["SAMPLE AIRLINES"].names] == ["SAMPLE AIRLINES", "S9 AIR"]


def test_kind_and_country_are_told_from_what_there_is() -> None:
    mary, airline = entries()["MARY Q. EXAMPLE"], entries()["SAMPLE AIRLINES"]
    assert (mary.kind, airline.kind) == (ListingKind.PERSON, ListingKind.ORGANISATION)
    assert mary.addresses == (Address(text="4 EXAMPLE AVE, DALLAS, TX, 75201", country="US"),)
    assert airline.address_countries == ("RU",)


def test_the_key_does_not_change_with_a_later_update_of_the_row() -> None:
    updated = SMALL.replace(b'"3033-09-30"\t"ADDED"', b'"2023-09-30"\t"NOTICE UPDATED"')
    assert entries(updated)["MARY Q. EXAMPLE"].key == entries()["MARY Q. EXAMPLE"].key


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SMALL.replace(b'"TX"\t', b""), "DPL line 2: 11 columns; the header has 12"),
        (SMALL.replace(b'" MARY Q. EXAMPLE"', b'" "'), "DPL line 2: a row without a name"),
        (SMALL.replace(b'"87 F.R. 2"', b'"87 F.R. 2'), "DPL line"),
        (SMALL.splitlines(keepends=True)[0] + SMALL, "DPL line 2: the header row once more"),
        (SMALL.replace(b'"Postal_Code"', b'"ZIP"'), "DPL line 1: the header lacks the column Postal_Code"),
        (SMALL + SMALL.splitlines()[-1].replace(b'"N"', b'"Y"') + b"\n", "DPL line 6: a second order for the same"),
        (b"<html><body>Access denied</body></html>", "an HTML page"),
    ],
)
def test_a_file_is_read_whole_or_refused_with_the_line(content: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason), opened(content) as file:
        list(file)


@pytest.mark.shared
def test_the_real_list_is_read_whole(shared: Path) -> None:
    path = shared / "lists" / "us_bis_dpl_2023-11.txt.xz"
    raw = list(csv.reader(io.StringIO(lzma.decompress(path.read_bytes()).decode()), delimiter="\t"))[1:]
    with opened(path.read_bytes()) as file:
        listings = list(file)
    assert len(raw) == 665
    assert len(listings) == len({tuple(row) for row in raw}) == 663
    assert file.left_out == ((REPEATED, 2),)
    assert {listing.record["Name"] for listing in listings} == {row[0].strip() for row in raw}
    assert all(listing.listed_on for listing in listings)
    slips = [listing for listing in listings if not "1990" <= listing.record["Last_Update"][:4] <= "2023"]
    assert sorted(listing.record["Last_Update"][:4] for listing in slips) == ["1023", "1023", "3033"]
    canaries = source_of("us_bis_dpl").canaries
    assert set(summarise(listings, names=canaries, digest=False).canaries) == set(canaries)
