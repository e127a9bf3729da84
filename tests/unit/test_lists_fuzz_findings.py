"""What the fuzzer found, each with a small input that showed it; docs/fuzzing.md tells how it was run."""

from __future__ import annotations

import io
import json
import lzma
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists import birth_texts, ofac_remarks, readers, un_names
from service.lists.container import PlainFile, unpack
from service.lists.last_look import looked_at
from service.lists.list_file import ListFile
from service.lists.listing import (
    Address,
    AliasQuality,
    BirthDate,
    ListedIdentifier,
    ListedName,
    Listing,
    ListingKind,
    Relation,
)
from service.lists.numbers import day_of, is_number, number_of
from tests.list_faults import document, entry
from tests.unit.test_lists_workbook import a_workbook

LISTS = Path(__file__).resolve().parents[1] / "data" / "lists"
ANYTHING = "9" * 5000
PARTY = b'"EXAMPLE","individual","DPRK3","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- "\r\n'


@contextmanager
def opened(*contents: bytes) -> Iterator[Sequence[PlainFile]]:
    files = [unpack(io.BytesIO(content), "handed.in") for content in contents]
    try:
        yield files
    finally:
        for file in files:
            file.stream.close()


def read(list_id: str, content: bytes) -> list[Listing]:
    with opened(content) as files:
        return list(readers.read(list_id, files, partial=True))


def refusal(list_id: str, content: bytes) -> str:
    with pytest.raises(MalformedListError) as caught:
        read(list_id, content)
    return str(caught.value)


def fixture(name: str, *changes: tuple[str, str]) -> bytes:
    text = (LISTS / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


@pytest.mark.parametrize("text", ["", "²", "٣", "-1", "+5", "1_000", " 1", ANYTHING, "1" * 19])
def test_a_number_is_ascii_digits_and_not_too_many(text: str) -> None:
    assert not is_number(text)
    with pytest.raises(ValueError, match="no number"):
        number_of(text)


@pytest.mark.parametrize(
    "day", [("99999999999999999", "1", "1"), ("2026", "2", "30"), ("0", "1", "1"), ("x", "1", "1")]
)
def test_what_is_no_day_is_a_value_error_and_never_an_overflow(day: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"no number|no year|range"):
        day_of(*day)


def test_numbers_of_thousands_of_digits_are_refused_with_their_place() -> None:
    assert "handed.in line 1: " in refusal("us_ofac_sdn", ANYTHING.encode() + b"," + PARTY)
    small = "us_ofac_sdn_small.xml"
    count = (LISTS / small).read_text("utf-8").partition("<Record_Count>")[2].partition("<")[0]
    stated = fixture(small, (f"<Record_Count>{count}<", f"<Record_Count>{ANYTHING}<"))
    assert "Record_Count" in refusal("us_ofac_sdn", stated)


def test_a_number_that_only_looks_like_one_orders_nothing() -> None:
    content = (LISTS / "ch_seco_small.xml").read_text("utf-8")
    assert 'order="' in content
    strange = content.replace('order="1"', 'order="²"').encode()
    assert [each.key for each in read("ch_seco", strange)] == [each.key for each in read("ch_seco", content.encode())]


def test_a_year_of_many_digits_is_no_date() -> None:
    day = "24/06/" + "9" * 17
    text = (LISTS / "uk_sl_small.xml").read_text("utf-8")
    stated = text.partition("<DateDesignated>")[2].partition("<")[0]
    changed = text.replace(f"<DateDesignated>{stated}<", f"<DateDesignated>{day}<", 1).encode()
    assert "is no date" in refusal("uk_sl", changed)


@pytest.mark.parametrize("name", ["/", " / ", "///"])
def test_a_canadian_name_of_slashes_is_no_name(name: str) -> None:
    text = (LISTS / "ca_small.xml").read_text("utf-8")
    stated = text.partition("<EntityOrShip>")[2].partition("<")[0]
    changed = text.replace(f"<EntityOrShip>{stated}<", f"<EntityOrShip>{name}<", 1).encode()
    assert "no name" in refusal("ca_sema", changed) or "names no party" in refusal("ca_sema", changed)


def a_listing(**stated: object) -> Listing:
    name = ListedName(text="Example", quality=AliasQuality.PRIMARY)
    given = {"list_id": "own", "key": "7", "reference": "7", "kind": ListingKind.PERSON, "names": (name,), **stated}
    return Listing(**given)  # type: ignore[arg-type]


def settled(**stated: object) -> Listing:
    (found,) = looked_at(ListFile(list_id="own", entries=lambda: iter([a_listing(**stated)])), "handed.in")
    return found


def test_an_entry_in_which_nothing_is_wrong_is_handed_on_as_it_is() -> None:
    whole = {"birth_dates": (BirthDate(year=1960, until_year=1964),), "genders": ("female",), "programmes": ("X",)}
    assert settled(**whole) == a_listing(**whole)


@pytest.mark.parametrize("year", [1, 1699, 2101, 9999])
def test_a_birth_in_a_year_that_cannot_be_is_no_evidence(year: int) -> None:
    assert settled(birth_dates=(BirthDate(year=year), BirthDate(year=1967))).birth_dates == (BirthDate(year=1967),)


def test_a_range_of_years_that_ends_before_it_begins_is_no_evidence() -> None:
    assert settled(birth_dates=(BirthDate(year=1957, until_year=1953),)).birth_dates == ()


def test_a_day_that_its_month_does_not_have_leaves_the_month() -> None:
    born = (BirthDate(year=1967, month=2, day=30), BirthDate(year=1967, month=13, day=1), BirthDate(year=1967, day=4))
    expected = (BirthDate(year=1967, month=2), BirthDate(year=1967), BirthDate(year=1967))
    assert settled(birth_dates=born).birth_dates == expected


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1945, 10, 23), date(9999, 12, 31)])
def test_a_day_of_listing_that_cannot_be_is_unknown_and_hides_nobody(day: date) -> None:
    found = settled(listed_on=day, listed_on_basis="list")
    assert (found.listed_on, found.listed_on_basis) == (None, None)


def test_what_says_nothing_is_left_out() -> None:
    empty = settled(
        names=(
            ListedName(text="Example", quality=AliasQuality.PRIMARY),
            ListedName(text=" ;,", quality=AliasQuality.STRONG),
            ListedName(text="예", quality=AliasQuality.ORIGINAL_SCRIPT),
        ),
        genders=("male", "kim"),
        identifiers=(ListedIdentifier(kind="other", value=" "),),
        addresses=(Address(text=""),),
        programmes=("DPRK", ""),
        relations=(Relation(kind="linked_to", name="\u00a0"),),
    )
    assert [name.text for name in empty.names] == ["Example", "예"]
    assert (empty.genders, empty.identifiers, empty.addresses) == (("male",), (), ())
    assert (empty.programmes, empty.relations) == (("DPRK",), ())


@pytest.mark.parametrize("name", ["", ";", "()", "…", "\u200b"])
def test_an_entry_whose_name_has_no_letter_refuses_the_file(name: str) -> None:
    with pytest.raises(MalformedListError, match=r"^7: the entry's name holds no letter and no digit"):
        settled(names=(ListedName(text=name, quality=AliasQuality.PRIMARY),))


def test_an_entry_without_a_key_refuses_the_file() -> None:
    with pytest.raises(MalformedListError, match="has no key"):
        settled(key=" ")


def test_a_name_of_separators_refuses_the_list_of_the_united_nations() -> None:
    assert "no letter" in refusal("un_sc", document([entry(0, name=";"), entry(1)]))


def test_a_list_published_in_the_year_one_is_refused() -> None:
    assert "published on 0001-01-01" in refusal("un_sc", document([entry(0), entry(1)], date(1, 1, 1)))


def test_a_refusal_is_short_whatever_it_quotes_and_holds_nothing_that_does_not_print() -> None:
    refused = MalformedListError("x" * 10_000, where="\u202e\x1b[2J" + "y" * 10_000)
    assert len(str(refused)) < 4500
    assert str(refused).isprintable()
    assert len(refusal("un_sc", document([entry(0, programme="x" * 50_000), entry(0), entry(1)]))) < 4500


def csl(**fields: object) -> bytes:
    result = {"id": "a1", "source": "Entity List (EL) - Bureau of Industry and Security", "name": "Example", **fields}
    return json.dumps({"results": [result]}).encode()


def test_a_result_of_the_screening_list_is_read_as_texts_only() -> None:
    assert [each.name for each in read("us_csl", csl())] == ["Example"]
    assert "name is no text" in refusal("us_csl", csl(name={"a": 1}))
    assert "alt_names holds an object" in refusal("us_csl", csl(alt_names=[{}]))
    assert "ids holds a list" in refusal("us_csl", csl(ids=[[]]))
    assert "country is no text" in refusal("us_csl", csl(addresses=[{"country": ["KP"]}]))
    assert "type is no text" in refusal("us_csl", csl(ids=[{"type": {}}]))
    (found,) = read("us_csl", csl(alt_names=[None, "Other"]))
    assert [name.text for name in found.names] == ["Example", "Other"]


@pytest.mark.parametrize("depth", [30, 5000])
def test_a_deeply_nested_result_is_refused_wherever_it_is_nested(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    assert "nested too deeply" in refusal("us_csl", csl(name=0).replace(b'"name": 0', f'"name": {nested}'.encode()))
    assert "nested too deeply" in refusal("us_csl", f'{{"total": 1, "sources": {nested}, "results": []}}'.encode())


def test_json_that_is_no_utf_8_is_refused() -> None:
    assert "not well-formed JSON" in refusal("us_csl", csl(name="x").replace(b'"x"', b'"\xc0\x80"'))


def test_a_birth_on_the_thirtieth_of_february_leaves_the_month() -> None:
    (found,) = read("us_csl", csl(type="Individual", dates_of_birth=["1967-02-30"]))
    assert found.birth_dates == (BirthDate(year=1967, month=2),)


@pytest.mark.parametrize(
    ("name", "value"), [("caption", 5), ("caption", ["a"]), ("datasets", [True]), ("datasets", "x")]
)
def test_an_entity_of_opensanctions_is_made_of_texts(name: str, value: object) -> None:
    first = json.loads((LISTS / "opensanctions_small.ftm.json").read_text("utf-8").splitlines()[0])
    assert "line 1: the " in refusal("opensanctions", json.dumps({**first, name: value}).encode())


def test_a_zip_whose_directory_lies_is_a_damaged_file() -> None:
    whole = a_workbook(("Reference", "Name"), (1, "Kim"))
    directory = whole.rindex(b"PK\x01\x02")
    broken = {
        "a header before the file": whole.replace(b"PK\x05\x06", b"PK\x05\x06", 1)[:-6] + b"\xff\xff\xff\x7f\x00\x00",
        "a name that is no UTF-8": rewritten_raw(whole, b"xl/workbook.xml", b"xl/workb\xc8\xc8k.xml"),
        "an empty name": whole[: directory + 28] + b"\x00\x00" + whole[directory + 30 :],
    }
    for name, content in broken.items():
        with pytest.raises(MalformedListError, match=r"handed\.in"), opened(content) as files:
            pytest.fail(f"{name}: {list(readers.read('au_dfat', files))}")


def rewritten_raw(content: bytes, name: bytes, other: bytes) -> bytes:
    """The name of a member changed in its local header alone, the member marked as named in UTF-8."""
    assert len(name) == len(other)
    place = content.index(name)
    header = place - 30
    return content[: header + 6] + b"\x00\x08" + content[header + 8 : place] + other + content[place + len(name) :]


def test_a_member_without_a_name_is_a_damaged_file() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a"), b"x")
        archive.writestr(zipfile.ZipInfo(""), b"x")
    with pytest.raises(MalformedListError, match=r"handed\.in: the compressed file is damaged"):
        unpack(io.BytesIO(buffer.getvalue()), "handed.in")


def test_what_asks_for_much_memory_to_be_unpacked_is_refused() -> None:
    hungry = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 29}]
    with pytest.raises(MalformedListError, match=r"damaged .*[Mm]emory"):
        unpack(io.BytesIO(lzma.compress(b"x" * 1000, filters=hungry)), "handed.in")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("list.xml", b"<list/>")
    with pytest.raises(MalformedListError, match="by a method other than deflate"):
        unpack(io.BytesIO(buffer.getvalue()), "handed.in")


def test_xz_of_several_streams_is_read_to_its_end_and_nothing_may_follow_it() -> None:
    two = lzma.compress(b"abc") + b"\0" * 8 + lzma.compress(b"def")
    with unpack(io.BytesIO(two), "handed.in") as file:
        assert file.stream.read() == b"abcdef"
    with pytest.raises(MalformedListError, match="damaged"):
        unpack(io.BytesIO(two + b"junk"), "handed.in")


LONG = {
    "a name of words that begin alike": lambda: un_names.is_short_form("AAAAAAAB", "AAAAAAAA " * 60),
    "a name of numbered names": lambda: list(un_names.names_of("a b) " * 10_000, AliasQuality.STRONG)),
    "a name of spaces": lambda: list(un_names.names_of(" " * 50_000 + "x", AliasQuality.STRONG)),
    "years of birth in a row": lambda: birth_texts.birth_dates("1967 " * 4_000),
    "brackets in a remark": lambda: list(ofac_remarks.linked_in_brackets("(Linked To: " * 4_000)),
    "a name of the screening list of spaces": lambda: read("us_csl", csl(name="x" + " " * 40_000 + "y")),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_takes_time_in_step_with_its_length(name: str) -> None:
    started = time.process_time()
    LONG[name]()
    assert time.process_time() - started < 2


def test_short_forms_are_found_as_before() -> None:
    name = "Sahand Aluminum Parts Industrial Company"
    assert un_names.is_short_form("SAPICO", name)
    assert un_names.is_short_form("SAPIC", name)
    assert not un_names.is_short_form("SAPXCO", name)
    assert not un_names.is_short_form("OCIPAS", name)


def test_a_text_of_a_hundred_thousand_characters_in_a_record_is_refused_with_its_line() -> None:
    assert "line 7: a text of more than 100,000" in refusal("un_sc", document([entry(0, name="x" * 100_001), entry(1)]))


def test_a_text_without_end_in_json_is_refused_before_it_is_gathered() -> None:
    assert "a text of more than 1,048,576 bytes" in refusal("us_csl", csl(name="x" * 6_000_000))


def test_a_nameless_party_under_a_number_that_was_used_is_told_by_its_place() -> None:
    party = b"<sdnEntry><uid>103</uid><sdnType>Vessel</sdnType></sdnEntry>"
    information = b"<publshInformation><Publish_Date>03/04/2026</Publish_Date><Record_Count>2</Record_Count>"
    content = b"<sdnList>%s</publshInformation>%s%s</sdnList>" % (information, party, party)
    said = refusal("us_ofac_sdn", content)
    assert said == "a nameless party, number 2 of the file: the number 103 is used for a second party"
