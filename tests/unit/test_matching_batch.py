"""Many people at once get the matches that each gets alone."""

from __future__ import annotations

import random

import pytest

from service.matching.batch import screen_in_processes, screen_many
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from service.screening.match import Match
from tests.benchmarks.names import listings, misspelt


def told(matches: list[Match]) -> list[tuple[str, str, str, int]]:
    return [(m.party, m.listing.key, m.matched_name, m.score) for m in matches]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex.build(listings(600))


@pytest.fixture(scope="module")
def people(index: NameIndex) -> list[Party]:
    source = random.Random(3)
    names = [misspelt(listing.name, source) for listing in index.listings] * 4
    return [Party(path=f"line {i}", names=(name,), kinds=("person",)) for i, name in enumerate(names)]


def test_people_screened_together_match_as_each_does_alone(index: NameIndex, people: list[Party]) -> None:
    alone = [told(match_party(party, index)) for party in people]
    assert any(alone)
    assert [told(matches) for matches in screen_many(index, people)] == alone
    assert screen_in_processes(index, people, told, processes=2) == alone


def test_a_few_people_need_no_second_process(index: NameIndex, people: list[Party]) -> None:
    assert screen_in_processes(index, people[:3], told, processes=2) == [
        told(match_party(party, index)) for party in people[:3]
    ]
