"""Canada's XML: the regime is no nationality, aliases stand in one text, and the real issue of 2025-03-20."""

from __future__ import annotations

import io
import lzma
import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.errors import MalformedListError
from service.lists import ca_sema
from service.lists.birth_texts import birth_dates
from service.lists.ca_aliases import aliases
from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.sources import SOURCES

SMALL = (Path(__file__).resolve().parents[1] / "data" / "lists" / "ca_small.xml").read_bytes()


def read(content: bytes = SMALL) -> dict[str, Listing]:
    return {listing.key: listing for listing in ca_sema.read(io.BytesIO(content), "ca_sema")}


def names(listing: Listing, quality: AliasQuality) -> list[str]:
    return [name.text for name in listing.names if name.quality is quality]


def test_the_key_is_regime_schedule_and_item_however_they_are_spaced() -> None:
    assert list(read()) == ["Ruritania|1, Part 1|1", "Ruritania|1, Part 2|1", "Ruritania|1.1|1", "Strelsau||1"]
    assert [each.reference for each in read().values()][::3] == [
        "Ruritania, Schedule 1, Part 1, item 1",
        "Strelsau, item 1",
    ]


def test_the_regime_is_a_programme_and_no_nationality() -> None:
    for listing in read().values():
        assert listing.countries == ()
        assert listing.programmes in {("Ruritania",), ("Strelsau",)}
        assert not listing.dprk


def test_persons_entities_and_ships_are_told_by_what_their_names_stand_in() -> None:
    person, works, ship, mononym = read().values()
    assert (person.kind, person.name) == (ListingKind.PERSON, "Pavel Ivanovich Exampleov")
    assert person.birth_dates == (BirthDate(year=1972, month=8, day=10), BirthDate(year=1972, month=8, day=11))
    assert (works.kind, works.name) == (ListingKind.ORGANISATION, "Ruritanian Works (RW)")
    assert (ship.kind, ship.identifiers) == (ListingKind.VESSEL, (ListedIdentifier(kind="imo", value="9187629"),))
    assert ship.birth_dates == ()
    assert mononym.name == "Mononym"


def test_names_in_two_languages_and_labels_are_parted() -> None:
    person, works, *_ = read().values()
    assert names(person, AliasQuality.STRONG) == ["Pavlo Exampliv"]
    assert names(person, AliasQuality.ORIGINAL_SCRIPT) == ["Павел Эксамплоў", "Павел Экзамплов"]
    assert "Travaux de Ruritanie" in names(works, AliasQuality.STRONG)
    assert names(works, AliasQuality.ORIGINAL_SCRIPT)[0] == "Рурита, АО"


SPELT = {"Serhiy Pavlovich SHCHERBAKOV", "Serguey Pavlovich SHCHERBAKOV"}


@pytest.mark.parametrize(
    ("text", "person", "found"),
    [
        ("Hemedti, Mohamed Hamdan, Arabic: محمد حمدان", True, {"Hemedti", "Mohamed Hamdan", "محمد حمدان"}),
        ("Sergei, Serhii SHERBAKOV", True, {"Sergei Pavlovich SHCHERBAKOV", "Serhii SHERBAKOV"}),
        ("SHERBAKOFF", True, {"Sergey Pavlovich SHERBAKOFF"}),
        ("Сергій", True, set()),
        ("Serhiy/ Serguey or Sergej Scherbak", True, {"Sergej Scherbak"} | SPELT),
        ("Рембаза, АО ", False, {"Рембаза, АО"}),
        ("IGE, Example Group Ltd., Co", False, {"IGE", "Example Group Ltd., Co"}),
        ("Ольга КРАВЦОВА / Ольга КРАВЦОВА-Д", True, {"Ольга КРАВЦОВА", "Ольга КРАВЦОВА-Д"}),
        ("армии «А, Б и В»", False, {"армии «А, Б и В»"}),
        ("also Andrey Ilnitsky; ", True, {"Andrey Ilnitsky"}),
        ("Ali Karti \nArabic: علي كرتي", True, {"Ali Karti", "علي كرتي"}),
    ],
)
def test_what_parts_aliases_is_read_off_the_files_habits(text: str, person: bool, found: set[str]) -> None:
    own = "Sergey Pavlovich SHCHERBAKOV"
    assert {name.text for name in aliases(text, person=person, own_names=own)} == found


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("Sep-82", BirthDate(year=1982, month=9)),
        ("1955-11", BirthDate(year=1955, month=11)),
        ("1963-1964", BirthDate(year=1963, until_year=1964)),
        ("born in the early 1980s", BirthDate(year=1980, until_year=1989, circa=True)),
        ("24371", BirthDate(year=1966, month=9, day=21)),
        (" 1953-10-27", BirthDate(year=1953, month=10, day=27)),
    ],
)
def test_each_shape_of_a_birth_date_is_read(text: str, born: BirthDate) -> None:
    assert birth_dates(text) == (born,)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<Item>1</Item>\n\t\t<DateOfListing>2019", b"<DateOfListing>2019", "Item is missing"),
        (b"2019-06-21", b"21 June 2019", "Strelsau, item 1: DateOfListing is '21 June 2019', not a day"),
        (b"<LastName>Mononym </LastName>", b"", "names no party"),
        (b"<TitleOrShip>", b"<LastName>X</LastName><TitleOrShip>", "a person and an entity at once"),
        (b"<TitleOrShip>Oil", b"<Owner>X</Owner><TitleOrShip>Oil", "unknown element Owner"),
        (b"1,Part 2</Schedule>", b"1, Part 1</Schedule>", "the item occurs twice"),
        (b"</data-set>", b"", "not well-formed"),
        (b"data-set", b"data-sets", "the root element is data-sets"),
        (b"<data-set", b"<!DOCTYPE x><data-set", "DOCTYPE"),
    ],
)
def test_a_broken_record_is_named_and_nothing_is_read(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(MalformedListError, match=re.escape(reason)):
        read(SMALL.replace(old, new))


def test_the_newest_day_of_listing_is_the_date_of_the_list() -> None:
    assert ca_sema.read(io.BytesIO(SMALL), "ca_sema").published_on == date(2025, 2, 21)


@pytest.fixture(scope="module")
def raw(shared: Path) -> bytes:
    return lzma.decompress((shared / "lists" / "ca_sema_2025-03-20.xml.xz").read_bytes())


@pytest.fixture(scope="module")
def real(raw: bytes) -> dict[str, Listing]:
    return read(raw)


@pytest.mark.shared
def test_the_real_issue_is_read_whole(real: dict[str, Listing], raw: bytes) -> None:
    assert ca_sema.read(io.BytesIO(raw), "ca_sema").published_on == date(2025, 3, 20)
    assert len(real) == 4759
    kinds = Counter(listing.kind for listing in real.values())
    assert kinds == {ListingKind.PERSON: 3334, ListingKind.ORGANISATION: 1316, ListingKind.VESSEL: 109}
    born = Counter((one.month is None, one.day is None) for each in real.values() for one in each.birth_dates)
    assert born[False, False] >= 1358
    assert not any(listing.dprk or listing.countries for listing in real.values())
    assert all(listing.listed_on for listing in real.values())
    assert {name.casefold() for name in SOURCES["ca_sema"].canaries} <= {one.name.casefold() for one in real.values()}


@pytest.mark.shared
def test_every_name_of_the_real_issue_is_found_by_another_parser(real: dict[str, Listing], raw: bytes) -> None:
    unread = []
    for record, listing in zip(ElementTree.fromstring(raw), real.values(), strict=True):
        stated = {child.tag: child.text or "" for child in record}
        found = "|".join(_letters(name.text) for name in listing.names)
        primary = stated.get("EntityOrShip") or f"{stated.get('GivenName', '')} {stated['LastName']}"
        pieces = [*re.split(r"/", primary), *re.split(r"[;,/\n()]|\bor\b|\band\b|\w+\s?:", stated.get("Aliases", ""))]
        unread += [(listing.key, piece) for piece in pieces if _letters(piece) and _letters(piece) not in found]
    longer = [piece for _, piece in unread if len(piece.split()) > 1]
    assert len(unread) < 25  # words that spell a name anew in another script, legal forms and remarks
    assert len(longer) < 6, longer


def _letters(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
