"""An index is the same however it was built: alone or by several processes, anew or from the one before it."""

from __future__ import annotations

import multiprocessing
import pickle
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from service.matching import THRESHOLD, compare
from service.matching.index import NameIndex
from service.matching.packed import Runs, Table, Texts, key_of
from service.matching.packed_listings import PackedListings
from service.matching.spellings import Spellings
from tests.benchmarks.names import listings as made_up
from tests.benchmarks.names import misspelt, organisation, person

FULL = Listing(
    list_id="own",
    key="O1",
    reference="R.1",
    kind=ListingKind.ORGANISATION,
    names=(
        ListedName(text="KOREA GENERAL CORPORATION (ZENKO)", quality=AliasQuality.PRIMARY),
        ListedName(text="조선대외건설총회사", quality=AliasQuality.ORIGINAL_SCRIPT),
        ListedName(text="Genco \ud800", quality=AliasQuality.WEAK),
    ),
    birth_dates=(BirthDate(year=1962, month=2, day=18), BirthDate(year=1946, until_year=1947, circa=True)),
    countries=("KP",),
    address_countries=("RU",),
    genders=("male",),
    identifiers=(
        ListedIdentifier(kind="inn", value="56-1 00", country="RU"),
        ListedIdentifier(kind="x", value="-"),
    ),
    addresses=(Address(text="1 Street", country="KP"), Address(text="elsewhere")),
    programmes=("DPRK",),
    listed_on=date(2016, 3, 2),
    listed_on_basis="list",
    relations=(Relation(kind="linked_to", name="Somebody", target="1"), Relation(kind="other", name="X")),
    dprk=True,
    record={"raw": "kept by its publisher"},
)
BARE = Listing(list_id="own", key="P1", reference="", kind=ListingKind.PERSON, names=FULL.names[:1])


def issues(seed: int) -> list[list[Listing]]:
    """Issues of one list, each a few changes after the last: entries go, come, and change their names."""
    source = random.Random(seed)
    issue = [FULL, BARE, *made_up(240)]
    found = [issue]
    for number in range(3):
        issue = [listing for listing in issue if source.random() > 0.05]
        for place in source.sample(range(len(issue)), 5):
            is_person = issue[place].kind is ListingKind.PERSON
            written = (person if is_person else organisation)(source)
            if source.random() < 0.5:
                written = issue[place].name.lower()
            name = ListedName(text=written, quality=AliasQuality.STRONG)
            issue[place] = replace(issue[place], names=(name, *issue[place].names[1:]))
        source.shuffle(issue)
        issue = [replace(FULL, key=f"new {number}"), *issue]
        found.append(issue)
    return found


def same(one: NameIndex, other: NameIndex) -> bool:
    """Whether two indexes hold the same in every part."""
    return pickle.dumps(one) == pickle.dumps(other)


@pytest.mark.parametrize("seed", range(4))
def test_an_index_built_from_the_one_before_is_the_one_built_anew(seed: int) -> None:
    before = NameIndex.build(())
    for issue in issues(seed):
        before = NameIndex.build(issue, earlier=before.spellings)
        assert same(before, NameIndex.build(issue))


def test_what_was_read_before_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = issues(1)
    before = NameIndex.build(first)
    known = {text for each in before.spellings.values() for text in each.read.texts}
    asked: list[str] = []
    read = Spellings.of
    monkeypatch.setattr(Spellings, "of", lambda texts, kind: asked.extend(texts) or read(texts, kind))
    NameIndex.build(second, earlier=before.spellings)
    assert asked
    assert not known & set(asked)


def test_an_index_read_by_several_processes_is_the_one_read_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    issue = list(made_up(400))
    alone = NameIndex.build(issue)
    monkeypatch.setattr("service.matching.index._READ_TOGETHER", 30)
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as readers:
        assert same(NameIndex.build(issue, readers=readers), alone)
        half = NameIndex.build(issue[::2], readers=readers)
        assert same(NameIndex.build(issue, earlier=half.spellings, readers=readers), alone)


def test_an_index_from_the_one_before_gives_every_candidate_that_brute_force_finds() -> None:
    first, second, *_ = issues(2)
    index = NameIndex.build(second, packed=True, earlier=NameIndex.build(first).spellings)
    source = random.Random(3)
    for kind in ("person", "organisation"):
        every = index.entries(kind)
        for listing, text, _ in source.sample(every, 25):
            query = misspelt(text, source)
            over = {(x.key, name) for x, name, _ in every if compare(query, name, kind).score >= THRESHOLD}
            assert over <= {(x.key, name) for x, name, _ in index.candidates(query, kind)}, (query, listing.key)


@pytest.mark.shared
def test_two_issues_of_the_united_nations_give_the_same_index_either_way(shared) -> None:  # type: ignore[no-untyped-def]
    from tests.benchmarks.real_lists import read_list

    old, new = (
        read_list("un_sc", shared / f"lists/un_consolidated_{day}.xml.xz") for day in ("2020-11-24", "2026-02-27")
    )
    before = NameIndex.build(old, packed=True)
    alone = NameIndex.build(new)
    assert same(NameIndex.build(new, earlier=before.spellings), alone)
    packed = NameIndex.build(new, packed=True)
    assert list(packed.listings) == new
    assert {listing.key: packed.relations.of(listing) for listing in new} == {
        listing.key: alone.relations.of(listing) for listing in new
    }


def test_packed_listings_are_what_they_were_but_for_the_publishers_record() -> None:
    packed = PackedListings([FULL, BARE])
    assert list(packed) == [FULL, BARE]
    assert packed[-1] == BARE
    assert packed[:1] == [FULL]
    assert packed[0].record == {}
    with pytest.raises(IndexError):
        packed[2]
    assert len(PackedListings(())) == 0


def test_an_identifier_finds_its_packed_listing_however_it_is_punctuated() -> None:
    index = NameIndex.build([BARE, FULL], packed=True)
    assert [listing.key for listing in index.by_identifier("56100")] == ["O1"]
    assert index.by_identifier("56101") == []
    assert index.by_identifier("") == []


@given(st.lists(st.text("aé김𠀀\ud800\0")), st.lists(st.integers(0, 99)))
def test_packed_texts_come_out_as_they_went_in(texts: list[str], numbers: list[int]) -> None:
    packed = Texts.of(texts)
    assert list(packed) == texts
    places = [number % len(texts) for number in numbers] if texts else []
    chosen = np.array(places, dtype=np.int64)
    assert list(packed.chosen(chosen)) == [texts[place] for place in places] == [packed[place] for place in places]
    assert list(Texts.joined([packed, packed])) == texts * 2


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True)), st.lists(st.sampled_from("abcxyz")))
def test_a_table_gives_the_places_of_every_key_that_is_asked_for(held: list[list[str]], asked: list[str]) -> None:
    table = Table(Runs.of([[key_of(each) for each in keys] for keys in held], np.uint64))
    due = [place for key in asked for place, keys in enumerate(held) if key in keys]
    assert table.places([key_of(key) for key in asked]).tolist() == due
