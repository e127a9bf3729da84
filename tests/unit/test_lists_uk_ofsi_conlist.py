"""The closed OFSI Consolidated List: read as history in both of its formats, never put into service."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError, RejectedListError
from service.lists import readers
from service.lists.container import unpack
from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, Listing
from service.lists.sources import refuse_a_retired_list, source_of

DATA = Path(__file__).resolve().parents[1] / "data" / "lists"
OF_2020 = (DATA / "uk_ofsi_conlist_2020.csv").read_bytes()
OF_2022 = (DATA / "uk_ofsi_conlist_2022.csv").read_bytes()
LIST_ID = "uk_ofsi_conlist"


def read(content: bytes) -> dict[str, Listing]:
    with unpack(io.BytesIO(content), "ConList.csv") as file:
        return {listing.key: listing for listing in readers.read(LIST_ID, [file])}


def test_trap_9_the_format_of_2020_is_cp1252() -> None:
    assert b"\x92" in OF_2020
    person = read(OF_2020)["99001"]
    assert [(name.text, name.quality) for name in person.names] == [
        ("Example Chol PAK", AliasQuality.PRIMARY),
        ("Exampul PARK", AliasQuality.STRONG),
        ("Exampul CH’OE", AliasQuality.STRONG),
    ]
    assert person.dprk


def test_several_values_in_a_cell_are_told_apart_by_their_numbers() -> None:
    person = read(OF_2020)["99001"]
    assert person.countries == ("KP", "CN")
    assert person.birth_dates == (BirthDate(year=1980), BirthDate(year=1980, month=5))
    assert person.identifiers == (
        ListedIdentifier(kind="passport", value="836410999"),
        ListedIdentifier(kind="passport", value="PS-472310"),
        ListedIdentifier(kind="national_id", value="12345"),
    )
    assert (person.genders, person.listed_on) == (("male",), date(2016, 3, 2))


def test_the_format_of_2022_has_scripts_qualities_variations_and_ships() -> None:
    listings = read(OF_2022)
    assert [(name.text, name.quality) for name in listings["99001"].names] == [
        ("Example Chol PAK", AliasQuality.PRIMARY),
        ("Example PAK", AliasQuality.STRONG),
        ("Comrade Pak", AliasQuality.WEAK),
        ("박예철", AliasQuality.ORIGINAL_SCRIPT),
    ]
    assert [number.value for number in listings["99001"].identifiers] == ["836410999", "PS-472310"]
    assert listings["99004"].identifiers == (ListedIdentifier(kind="imo", value="9999991"),)


def test_a_list_is_retired_from_its_day_on() -> None:
    source = source_of(LIST_ID)
    refuse_a_retired_list(source, date(2026, 1, 27))
    with pytest.raises(RejectedListError, match="retired by its publisher on 2026-01-28: it can be read as history"):
        refuse_a_retired_list(source, date(2026, 1, 28))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"Last Updated,27/04/2020", b"Last Updated,today", "line 1: 'today' is no date"),
        (b"Last Updated,27/04/2020\r\n", b"", "the first line is not Last Updated"),
        (b",Alias Type,", b",Kind of name,", "line 2: the header lacks Alias Type"),
        (b",Entity,Prime Alias,", b",Aircraft,Prime Alias,", "99002: unknown kind 'Aircraft'"),
        (b"02/03/2016,03/03/2016,99001", b"02/03/2016,99001", "line 3: 28 columns; the header has 29"),
    ],
)
def test_a_file_that_is_not_what_the_publisher_wrote_is_refused(old: bytes, new: bytes, says: str) -> None:
    assert old in OF_2020
    with pytest.raises(MalformedListError, match=says):
        read(OF_2020.replace(old, new, 1))
