"""Long lists: what is kept of each entry while a list is read, compared and counted is a few bytes."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.commands import progress
from service.errors import MalformedListError
from service.lists import ofac_remarks
from service.lists.compact import Distinct, Groups, Places, Shelf, Texts
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind
from service.lists.ofac_party import Parties, UniqueNames, once
from service.lists.readers import read
from service.lists.summary import summarise
from service.lists.un_relations import named
from tests.synthetic_lists import FORMATS, write

ENTRIES = 4000


def listing(number: int) -> Listing:
    return Listing(
        list_id="un_sc",
        key=f"NK-{number:018x}",
        reference=f"KPi.{number}",
        kind=ListingKind.PERSON,
        names=(ListedName(text=f"SOMEBODY NUMBER {number}", quality=AliasQuality.PRIMARY),),
        programmes=("DPRK",),
    )


def bytes_kept(make: Callable[[Iterator[Listing]], Any]) -> float:
    """The memory that the outcome of ``make`` keeps, for each entry that went by."""
    gc.collect()
    tracemalloc.start()
    try:
        kept = make(listing(number) for number in range(ENTRIES))
        gc.collect()
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept is not None
    return used / ENTRIES


def test_the_summary_of_a_list_keeps_a_few_bytes_of_an_entry() -> None:
    assert bytes_kept(summarise) < 40


def test_the_names_by_which_relations_are_found_keep_a_few_bytes_of_an_entry() -> None:
    assert bytes_kept(named) < 150


def test_the_parties_of_an_ofac_file_keep_a_few_bytes_of_an_entry() -> None:
    def parties(listings: Iterator[Listing]) -> tuple[Parties, UniqueNames]:
        found = once((str(number), each.name) for number, each in enumerate(listings))
        return found, UniqueNames(found.pairs())

    assert bytes_kept(parties) < 150


def test_rows_on_a_shelf_keep_a_few_bytes_each() -> None:
    with Shelf() as shelf:

        def shelved(listings: Iterator[Listing]) -> Shelf:
            for each in listings:
                shelf.add(each.key, (each.name, ["SDGT", "DPRK3"], None))
            return shelf

        assert bytes_kept(shelved) < 40


def test_rows_come_back_from_a_shelf_as_they_went_in() -> None:
    with Shelf() as shelf:
        shelf.add("a", ("one\nline", ("x", "y")))
        shelf.add("", (None,))
        assert shelf.of("a") == [["one\nline", ["x", "y"]]]
        shelf.add("a", (True, "\uae40"))
        assert list(shelf) == [("a", ["one\nline", ["x", "y"]]), ("", [None]), ("a", [True, "\uae40"])]
        shelf.add("b", (1,))
        assert shelf.of("a") == [["one\nline", ["x", "y"]], [True, "\uae40"]]
        assert (shelf.of("b"), shelf.of("c")) == ([[1]], [])


def test_a_row_is_not_given_for_another_text_with_its_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.lists.compact.digest_of", lambda _: 7)
    with Shelf() as shelf:
        shelf.add("a", (1,))
        shelf.add("b", (2,))
        assert shelf.of("b") == [[2]]


def test_texts_and_their_places_come_back_as_they_went_in() -> None:
    texts, places = Texts(), Places()
    for number, text in enumerate(["a", "", "\uae40\uc815\uc740", "a"]):
        texts.append(text)
        places.add(text, number)
    assert [texts[number] for number in range(len(texts))] == ["a", "", "\uae40\uc815\uc740", "a"]
    assert places.of("a") == [0, 3]
    assert places.of("b") == []
    assert list(places.repeated()) == [(0, 3)]
    assert list(Places().repeated()) == []
    assert Places().of("a") == []


def test_a_repeated_text_is_found_and_another_with_its_digest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.lists.compact.digest_of", lambda _: 7)
    texts = Distinct()
    for text in ("one", "two", "three", "three"):
        texts.add(text)
    assert list(texts.repeated()) == [(2, 3)]
    assert texts.number_of("two") == 1
    assert texts.number_of("four") is None


def test_groups_tell_what_another_list_lacks() -> None:
    old, new = Groups(), Groups()
    for key, group in (("1", ("person", "A")), ("2", ("person", "B")), ("3", ("person", "A"))):
        old.add(key, group)
    new.add("2", ("organisation",))
    assert len(old) == 3
    assert old.sizes() == {("person", "A"): 2, ("person", "B"): 1}
    assert old.lacking_in(new) == {("person", "A"): 2}
    assert new.lacking_in(old) == {}
    assert Groups().lacking_in(old) == Groups().sizes() == Counter()
    assert old.lacking_in(Groups()).total() == 3


def test_parties_are_found_by_number_and_by_a_name_that_one_alone_has() -> None:
    parties = once([("7", "KIM, Chol"), ("8", "PAK LLC."), ("9", "KIM, Chol")])
    assert dict(parties) == {"7": "KIM, Chol", "8": "PAK LLC.", "9": "KIM, Chol"}
    assert "8" in parties
    assert "10" not in parties
    assert parties.get("10", "nobody") == "nobody"
    names = UniqueNames(parties.pairs())
    assert names.get("PAK LLC") == "8"
    assert names.get("KIM, Chol") is None
    with pytest.raises(MalformedListError, match="KIM, Chol: the number 7 is used for a second party"):
        once([("7", "PAK LLC."), ("7", "KIM, Chol")])


@contextmanager
def invented(format_: str, folder: Path, **options: Any) -> Iterator[ListFile]:
    list_id, path = write(format_, folder, "2026-03-04", 200, **options)
    with path.open("rb") as stream, unpack(stream, path.name) as plain:
        yield read(list_id, [plain])


@pytest.mark.parametrize("format_", list(FORMATS))
def test_the_invented_lists_of_the_benchmarks_are_what_their_readers_read(format_: str, tmp_path: Path) -> None:
    with invented(format_, tmp_path) as file:
        before = {each.key: each.name for each in file}
        again = {each.key: each.name for each in file}
    with invented(format_, tmp_path, changed=range(50, 200, 50)) as file:
        after = {each.key: each.name for each in file}
    assert len(before) == 200
    assert before == again
    assert before.keys() == after.keys()
    assert sum(before[key] != after[key] for key in before) == 3


def test_a_remark_that_comes_again_says_the_same() -> None:
    remark = (
        "DOB 03 Mar 1970; alt. DOB 1971; nationality Korea, North; Gender Male; Passport 123 (Korea, North); "
        "a.k.a. 'ZENKO'; Linked To: KOREA MINING."
    )
    ofac_remarks.told.cache_clear()
    first = ofac_remarks.told(remark, ListingKind.PERSON)
    assert ofac_remarks.told(remark, ListingKind.PERSON) is first
    parts = ofac_remarks.segments(remark)
    assert first.identifiers == tuple(ofac_remarks.identifiers(parts, ListingKind.PERSON))
    assert first.birth_dates == tuple(ofac_remarks.birth_dates(parts))
    assert [each.text for each in first.weak_aliases] == ["ZENKO"]
    assert (first.countries, first.genders, first.linked_to) == (("KP",), ("male",), ("KOREA MINING",))
    cut = ofac_remarks.told(remark, ListingKind.PERSON, cut=True)
    assert cut.linked_to == ()


def test_long_loads_say_how_far_they_are_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "A_LINE", 2)
    with progress.shown_progress() as counting:
        assert len(list(counting("un_sc: storing", map(listing, range(5)), 5))) == 5
        assert len(list(counting("un_sc: reading", map(listing, range(2)), None))) == 2
    assert capsys.readouterr().err.splitlines() == [
        "un_sc: storing 2 of 5 entries",
        "un_sc: storing 4 of 5 entries",
        "un_sc: reading 2 entries",
    ]
