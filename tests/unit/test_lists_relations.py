"""Relations that lists state, resolved: who stands behind whom, in any order and in circles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind, Relation
from service.lists.relations import ACTING_FOR, LINKED, OWNED, OWNS, ListedRelations, statements
from service.lists.un_relations import named
from service.lists.un_relations import relations as un_relations
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import match_party
from service.records import ListVersion
from service.selection import Selection

Stated = tuple[str, str, str | None]  # kind, name, target


def entry(key: str, *stated: Stated, list_id: str = "us_ofac_sdn", name: str = "", comments: str = "") -> Listing:
    return Listing(
        list_id=list_id,
        key=key,
        reference=f"R{key}",
        kind=ListingKind.ORGANISATION,
        names=(ListedName(text=name or f"Firm {key}", quality=AliasQuality.PRIMARY),),
        relations=tuple(Relation(kind=kind, name=called, target=target) for kind, called, target in stated),
        listed_on=date(2020, 1, 1),
        record={"COMMENTS1": comments} if comments else {},
    )


def behind(listing: Listing, *others: Listing) -> list[tuple[str, str, str, bool]]:
    found = ListedRelations.of_listings([listing, *others]).of(listing)
    return [(each.kind, each.listing.list_id, each.listing.key, each.sure) for each in found]


def test_an_owner_is_found_by_its_key_on_the_same_list() -> None:
    assert behind(entry("1", (OWNED, "Firm 2", "2")), entry("2")) == [(OWNED, "us_ofac_sdn", "2", True)]


def test_an_owner_on_the_list_that_shares_its_keys_is_found_by_them() -> None:
    subsidiary = entry("1", (OWNED, "Firm 2", "2"), list_id="us_ofac_cons")
    assert behind(subsidiary, entry("2")) == [(OWNED, "us_ofac_sdn", "2", True)]


def test_a_key_of_a_list_that_shares_none_is_not_followed() -> None:
    assert behind(entry("1", (OWNED, "Someone", "2"), list_id="uk_sl"), entry("2")) == []


def test_a_name_that_one_entry_of_another_list_bears_is_a_hint() -> None:
    assert behind(entry("1", (OWNED, "FIRM 2.", None), list_id="own"), entry("2")) == [
        (OWNED, "us_ofac_sdn", "2", False)
    ]


def test_a_name_that_two_entries_bear_leads_nowhere() -> None:
    twins = [entry("2", name="Twin"), entry("3", name="Twin")]
    assert behind(entry("1", (OWNED, "Twin", None), list_id="own"), *twins) == []


def test_owners_of_owners_are_found_with_every_step() -> None:
    first, second, third = entry("1", (OWNED, "", "2")), entry("2", (OWNED, "", "3")), entry("3")
    related = ListedRelations.of_listings([third, first, second]).of(first)
    assert [each.listing.key for each in related] == ["2", "3"]
    (sentence,) = statements(related[1:])
    assert sentence == (
        "Firm 1 is owned or controlled by Firm 2, which is owned or controlled by Firm 3 (us_ofac_sdn R3), "
        "as stated by us_ofac_sdn R1 and us_ofac_sdn R2."
    )


def test_the_owner_may_be_the_one_who_says_so() -> None:
    owner = entry("2", (OWNS, "Firm 1", "1"))
    assert behind(entry("1"), owner) == [(OWNED, "us_ofac_sdn", "2", True)]
    assert behind(owner, entry("1")) == []


def test_acting_for_and_links_are_kept_apart_and_go_one_step() -> None:
    first = entry("1", (LINKED, "", "2"), (ACTING_FOR, "", "3"), ("other", "", "2"))
    others = entry("2", (OWNED, "", "4")), entry("3", (OWNED, "", "4")), entry("4")
    assert [(kind, key) for kind, _, key, _ in behind(first, *others)] == [(LINKED, "2"), (ACTING_FOR, "3")]


def test_a_circle_ends_where_it_closes_and_nobody_owns_itself() -> None:
    circle = [entry("1", (OWNED, "", "2")), entry("2", (OWNED, "", "3")), entry("3", (OWNED, "", "1"))]
    assert [key for _, _, key, _ in behind(*circle)] == ["2", "3"]
    assert behind(entry("1", (OWNED, "Firm 1", "1"))) == []


def test_contents_of_two_versions_under_one_key_keep_their_own_relations() -> None:
    old, new, owner = entry("1", (LINKED, "", "2")), entry("1", name="Renamed"), entry("2")
    relations = ListedRelations.of_listings([old, new, owner])
    assert [each.kind for each in relations.of(old)] == [LINKED]
    assert relations.of(new) == ()


edges = st.lists(st.tuples(st.integers(0, 7), st.sampled_from([OWNED, OWNS]), st.integers(0, 7)), max_size=20)


@given(edges=edges, order=st.permutations(range(8)))
@settings(max_examples=150, deadline=None)
def test_who_stands_behind_whom_is_reachability_whatever_the_order(
    edges: list[tuple[int, str, int]], order: list[int]
) -> None:
    listings = [
        entry(str(n), *((kind, "", str(other)) for subject, kind, other in edges if subject == n)) for n in range(8)
    ]
    straight = ListedRelations.of_listings(listings)
    mixed = ListedRelations.of_listings([listings[n] for n in order])
    owners = {n: {o if k == OWNED else s for s, k, o in edges if (s if k == OWNED else o) == n} for n in range(8)}
    for number, listing in enumerate(listings):
        assert straight.of(listing) == mixed.of(listing)
        reached: set[int] = set()
        while (wider := reached | owners[number] | {o for each in reached for o in owners[each]}) != reached:
            reached = wider
        assert {int(each.listing.key) for each in straight.of(listing)} == reached - {number}
        for each in straight.of(listing):
            assert each.steps[0].subject == listing.name
            assert each.steps[-1].other == each.listing.name


GROUP = entry("10", list_id="un_sc", name="KOREA EXAMPLE GENERAL CORPORATION")
BANK = Listing(
    list_id="un_sc",
    key="11",
    reference="KPe.911",
    kind=ListingKind.ORGANISATION,
    names=(
        ListedName(text="EXAMPLE CREDIT BANK (ECB)", quality=AliasQuality.PRIMARY),
        ListedName(text="ECB", quality=AliasQuality.WEAK),
    ),
)


@pytest.mark.parametrize(
    ("comments", "found"),
    [
        ("Subsidiary of the Korea Example General Corporation. More.", [(OWNED, "10")]),
        ("Ex Co is a subsidiary of ECB – a bank – and trades.", [(OWNED, "11")]),
        ("Owned or controlled by ECB. [Old Reference # E.29]", [(OWNED, "11")]),
        ("Ex Co is owned and controlled by Example Credit Bank (ECB).", [(OWNED, "11")]),
        ("Owned by Somebody Ex (KPe.911).", [(OWNED, "11")]),
        ("The Korea Example General Corporation is the parent company of Ex Co.", [(OWNED, "10")]),
        ("Owned or controlled by, or acts on behalf of, ECB, which oversees things.", [(ACTING_FOR, "11")]),
        ("Ex Co is a front company for Example Credit Bank (ECB), a listed entity.", [(ACTING_FOR, "11")]),
        ("Chief Representative for the Example Credit Bank (ECB).", [(ACTING_FOR, "11")]),
        ("Acts on behalf of ECB and Korea Example General Corporation.", [(ACTING_FOR, "11"), (ACTING_FOR, "10")]),
        ("Ex Co is subordinate to ECB and has offices.", [(LINKED, "11")]),
        ("Owned by Nobody Known Ltd.", [(OWNED, None)]),
        ("A tanker, EX STAR owned by ECB, met another.", []),
        ("It was formerly owned by ECB.", []),
        ("Its ECB representative served as representative for the exchange.", []),
        ("It sold goods to a firm, which is owned by ECB.", []),
        ("Owned by the State.", [(OWNED, None)]),
    ],
)
def test_plain_wordings_of_the_uns_comments_are_read_and_others_are_not(
    comments: str, found: list[tuple[str, str | None]]
) -> None:
    listing = entry("12", list_id="un_sc", name="EX CO", comments=comments)
    stated = un_relations(listing, named([GROUP, BANK, listing]))
    assert [(relation.kind, relation.target) for relation in stated] == found


def test_an_owner_counts_from_its_own_day_of_listing() -> None:
    subsidiary, owner = entry("1", (OWNED, "", "2")), replace(entry("2"), listed_on=date(2022, 5, 1))
    index = NameIndex.build([subsidiary, owner])
    version = ListVersion(list_id="us_ofac_sdn", version=1, sha256="", entries=2)
    chosen = Selection(versions={"us_ofac_sdn": version}, index=index, first_seen_in=lambda *_: None)
    party = Party(path="counterparties[0]", names=("Firm 1",), kinds=("organisation",))
    matches = [match for match in match_party(party, index) if match.listing == subsidiary]
    days = {day: chosen.in_time(matches, day)[0].related for day in (date(2021, 1, 1), date(2023, 1, 1))}
    assert [len(related) for related in days.values()] == [0, 1]
    assert days[date(2023, 1, 1)][0].listed_on == date(2022, 5, 1)
