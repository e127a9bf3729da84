"""The annexes of Regulation 2017/1509 as transcribed from the Official Journal, Hangul included."""

from __future__ import annotations

import csv
import io
import lzma
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists import readers
from service.lists.acceptance import Outcome, judge
from service.lists.container import unpack
from service.lists.eu_dprk_annexes import LAYOUT, birth_dates
from service.lists.listing import AliasQuality, BirthDate, ListedIdentifier, Listing, ListingKind
from service.lists.sources import source_of
from service.lists.summary import summarise

COLUMNS = ("celex", *sorted(LAYOUT.needed - {"celex"}))
BASE = {"celex": "32017R1509", "programKey": "EU-PRK", "measure": "Asset freeze", "startDate": "21.4.2022"}


def written(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    table.writerows(BASE | row for row in rows)
    return text.getvalue().encode()


def read(content: bytes) -> list[Listing]:
    with unpack(io.BytesIO(content), "annexes.csv") as file:
        return list(readers.read("eu_dprk_annexes", [file]))


FIRM = {
    "recordId": "6",
    "annex": "XVI.B",
    "schema": "LegalEntity",
    "name": "Sample Corporation for External Works (Aliases: SAMCO, SCEW)",
    "alias": "견본대외총회사; f.k.a.: Sample Works",
    "swiftBic": "EXAMKPPY",
    "address": "Example-dong, Pyongyang, DPRK",
}
PERSON = {
    "recordId": "16",
    "annex": "XIII.A",
    "schema": "Person",
    "name": "Pak Example",
    "alias": "Pak Exampul, Pak Hyon U",
    "nationality": "DPRK.",
    "birthDate": "15.4.1957, 22.2.1958",
    "gender": "male.",
    "passportNumber": '927234267; "108120258 (issued by the DPRK on 14.2.2018; expiration date 14.2.2023)"',
}


def test_a_firm_has_its_hangul_name_and_the_aliases_printed_in_its_name() -> None:
    (firm,) = read(written(FIRM))
    assert [(name.text, name.quality) for name in firm.names] == [
        ("Sample Corporation for External Works", AliasQuality.PRIMARY),
        ("SAMCO", AliasQuality.STRONG),
        ("SCEW", AliasQuality.STRONG),
        ("견본대외총회사", AliasQuality.ORIGINAL_SCRIPT),
        ("Sample Works", AliasQuality.STRONG),
    ]
    assert (firm.kind, firm.dprk, firm.reference) == (ListingKind.ORGANISATION, True, "Annex XVI.B no. 6")
    assert firm.identifiers == (ListedIdentifier(kind="bic", value="EXAMKPPY"),)
    assert (firm.address_countries, firm.listed_on) == (("KP",), date(2022, 4, 21))


def test_a_person_has_several_aliases_days_and_passports_in_one_cell() -> None:
    (person,) = read(written(PERSON))
    assert [name.text for name in person.names] == ["Pak Example", "Pak Exampul", "Pak Hyon U"]
    assert person.birth_dates == (BirthDate(year=1957, month=4, day=15), BirthDate(year=1958, month=2, day=22))
    assert [number.value for number in person.identifiers] == ["927234267", "108120258"]
    assert (person.countries, person.genders) == (("KP",), ("male",))


def test_a_surname_before_a_comma_is_no_name_of_its_own() -> None:
    (person,) = read(written(PERSON | {"alias": "Ri, Chae-Il"}))
    assert [name.text for name in person.names] == ["Pak Example", "Ri, Chae-Il"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("1967-1969.", [BirthDate(year=1967, until_year=1969)]),
        ("a) 1964 b) 28.8.1962", [BirthDate(year=1962, month=8, day=28), BirthDate(year=1964)]),
        (
            "19.2.1968; 1965 or 1966",
            [BirthDate(year=1968, month=2, day=19), BirthDate(year=1965), BirthDate(year=1966)],
        ),
        ("31.2.1970", [BirthDate(year=1970)]),
        ("", []),
    ],
)
def test_days_of_birth_are_read_in_every_shape(text: str, dates: list[BirthDate]) -> None:
    assert list(birth_dates(text)) == dates


def test_entries_are_told_apart_by_annex_name_and_day_for_their_numbers_change() -> None:
    ship = {"annex": "XIV.B", "schema": "Vessel", "name": "EXAMPLE 6", "imoNumber": "9999991"}
    first, second = read(written(ship | {"recordId": "2", "startDate": "3.10.2017"}, ship | {"recordId": "29"}))
    assert first.key != second.key
    renumbered, _ = read(written(ship | {"recordId": "3", "startDate": "3.10.2017"}, ship))
    assert renumbered.key == first.key


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"programKey": "EU-RUS"}, "line 2: the programme is 'EU-RUS', not EU-PRK"),
        ({"schema": "Airplane"}, "line 2: a row without a known kind"),
        ({"name": ""}, "a row without a known kind, a name and an annex"),
        ({"startDate": "31.2.2022"}, "line 2: startDate is '31.2.2022', not a day"),
    ],
)
def test_a_row_that_is_not_of_the_annexes_is_refused(row: dict[str, str], says: str) -> None:
    with pytest.raises(MalformedListError, match=says):
        read(written(FIRM | row))


def test_an_entry_given_twice_is_refused() -> None:
    with pytest.raises(MalformedListError, match=r"line 3: .* comes twice"):
        read(written(FIRM, FIRM))


@pytest.mark.shared
def test_the_real_transcription_loads_whole_and_would_be_accepted(shared: Path) -> None:
    path = shared / "lists" / "eu_dprk_reg2017-1509_2026-08-14.csv.xz"
    raw = list(csv.DictReader(io.StringIO(lzma.decompress(path.read_bytes()).decode())))
    with path.open("rb") as stream, unpack(stream, path.name) as file:
        head = readers.read("eu_dprk_annexes", [file])
        listings = list(head)
        new = summarise(head, names=source_of("eu_dprk_annexes").canaries)
        verdict = judge(source=source_of("eu_dprk_annexes"), file=head, new=new, old=None)
    assert verdict.outcome is Outcome.ACCEPTED, verdict.explain()
    assert len(listings) == len(raw) == new.dprk == 326
    kinds = {"Person": "person", "LegalEntity": "organisation", "Vessel": "vessel"}
    assert Counter(each.kind.value for each in listings) == Counter(kinds[row["schema"]] for row in raw)
    hangul = [row["name"] for row in raw if any("가" <= char <= "힣" for char in row["alias"])]
    found = [n for each in listings for n in each.names if n.quality is AliasQuality.ORIGINAL_SCRIPT]
    assert sum(any("가" <= char <= "힣" for char in name.text) for name in found) >= len(hangul) > 60
    assert sum(bool(row["birthDate"]) for row in raw) == sum(bool(each.birth_dates) for each in listings)
    assert sum(row["imoNumber"].isdigit() for row in raw) == sum(
        number.kind == "imo" for each in listings for number in each.identifiers
    )
    genco = next(each for each in listings if "GENCO" in [name.text for name in each.names])
    assert (genco.reference, "조선대외건설총회사" in [name.text for name in genco.names]) == ("Annex XVI.B no. 6", True)
