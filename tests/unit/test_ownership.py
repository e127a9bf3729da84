"""Blocked shares along chains of owners, against an oracle that tries every way to fill in the unknowns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.nationality.countries import Country
from service.screening.facts import Counterparty, Owner, PartyKind, Role
from service.screening.ownership import (
    EU_TEST,
    UK_TEST,
    UN_TEST,
    US_TEST,
    BlockedShare,
    Listed,
    OwnershipTest,
    blocked_share,
    circular_owners,
)

TESTS = {"UN": UN_TEST, "US": US_TEST, "UK": UK_TEST, "EU": EU_TEST}
STATED = {"yes": True, "may be": None, "no": False}


def owner(
    name: str, share: float | None = None, *below: Owner, controls: bool | None = False, listed: str = "no"
) -> Owner:
    """An owner; whether a list names it stands in ``other_names`` so that it moves with the owner."""
    percent = None if share is None else Decimal(str(share))
    return Owner(name=name, share_percent=percent, owners=below, controls=controls, other_names=(listed,))


def at(owners: tuple[Owner, ...], path: str) -> Owner:
    found = owners[0]
    for step in path.split(".owners[")[1:]:
        found = owners[int(step[:-1])]
        owners = found.owners
    return found


def listed_in(owners: tuple[Owner, ...]) -> Listed:
    return lambda path: STATED[at(owners, path).other_names[0]]


def share_of(owners: tuple[Owner, ...], test: OwnershipTest) -> BlockedShare:
    return blocked_share("counterparties[0]", owners, listed_in(owners), test)


@dataclass(frozen=True)
class Known:
    """An owner of whom everything is known."""

    share: int
    controls: bool
    listed: bool
    below: tuple[Known, ...]


def completions(owners: tuple[Owner, ...]) -> Iterator[tuple[Known, ...]]:
    """Every way to fill in what is unknown, shares in steps of 10 percent that do not exceed 100 in sum."""
    ways = [
        [
            Known(share=share, controls=controls, listed=listed, below=below)
            for share in ([int(each.share_percent)] if each.share_percent is not None else range(0, 101, 10))
            for controls in ([each.controls] if each.controls is not None else [True, False])
            for listed in ([True, False] if STATED[each.other_names[0]] is None else [STATED[each.other_names[0]]])
            for below in completions(each.owners)
        ]
        for each in owners
    ]
    stated = sum(int(each.share_percent) for each in owners if each.share_percent is not None)
    for way in product(*ways):
        if sum(each.share for each in way) <= max(100, stated):
            yield way


def is_blocked(owners: tuple[Known, ...], test: OwnershipTest) -> bool:
    """The test as the law puts it, on owners of whom everything is known."""
    blocked = [each for each in owners if each.listed or is_blocked(each.below, test)]
    total = sum(each.share for each in blocked)
    reached = total > 50 or (test.includes_threshold and total == 50)
    return reached or (test.control_counts and any(each.controls for each in blocked))


def graphs() -> Iterator[tuple[Owner, ...]]:
    """All owners of one level, all pairs, and all chains of two, over shares at and about the half."""
    marks = list(product((None, 40, 50, 60), (None, False, True), STATED))
    singles = [owner("a", share, controls=controls, listed=listed) for share, controls, listed in marks]
    yield ()
    for first in singles:
        yield (first,)
        for second in singles:
            yield (first, replace(second, name="b"))
            if first.other_names == ("no",):
                yield (replace(first, owners=(replace(second, name="b"),)),)


@pytest.mark.parametrize("name", ["UN", "US", "EU"])
def test_the_interval_agrees_with_every_way_to_fill_in_the_unknowns(name: str) -> None:
    """Surely blocked is blocked in every completion, possibly blocked in some: neither more nor less."""
    test = TESTS[name]
    for owners in graphs():
        if sum(each.share_percent or 0 for each in owners) > 100:
            continue
        share = share_of(owners, test)
        answers = {is_blocked(each, test) for each in completions(owners)}
        assert test.surely(share) == (answers == {True}), owners
        assert test.possibly(share) == (True in answers), owners


def test_without_simple_aggregation_two_holders_surely_count_only_if_one_reaches_the_half_alone() -> None:
    together = (owner("a", 30, listed="yes"), owner("b", 25, listed="yes"), owner("c", 45))
    assert UK_TEST.surely(share_of(together, UK_TEST)) is False
    assert UK_TEST.possibly(share_of(together, UK_TEST)) is True
    assert US_TEST.surely(share_of(together, US_TEST)) is True
    assert UK_TEST.surely(share_of((owner("a", 50.1, listed="yes"),), UK_TEST)) is True


@pytest.mark.parametrize(
    ("percent", "denied_by"),
    [(49.9, set()), (50, {"US"}), (50.1, {"UN", "US", "UK", "EU"})],
)
def test_exactly_half_splits_the_jurisdictions(percent: float, denied_by: set[str]) -> None:
    owners = (owner("a", percent, listed="yes"),)
    assert {name for name, test in TESTS.items() if test.surely(share_of(owners, test))} == denied_by


def test_control_counts_everywhere_but_in_the_united_states() -> None:
    owners = (owner("a", 1, listed="yes", controls=True),)
    assert {name for name, test in TESTS.items() if test.surely(share_of(owners, test))} == {"UN", "UK", "EU"}


def test_an_owner_that_is_itself_blocked_counts_with_its_whole_share() -> None:
    owners = (owner("a", 25, listed="yes"), owner("b", 25, owner("c", 50, listed="yes")))
    share = share_of(owners, US_TEST)
    assert (share.minimum, share.maximum) == (50, 50)
    assert share.path == (
        "counterparties[0].owners[0]",
        "counterparties[0].owners[1]",
        "counterparties[0].owners[1].owners[0]",
    )


def test_the_owners_that_count_and_whose_share_is_not_stated_are_named() -> None:
    owners = (owner("a", None, listed="yes"), owner("b", 60, owner("c", None, listed="may be")), owner("d"))
    assert share_of(owners, US_TEST).unstated == (
        "counterparties[0].owners[0]",
        "counterparties[0].owners[1].owners[0]",
    )
    assert share_of((owner("a", 50, listed="may be"),), US_TEST).unstated == ()


def test_an_owner_below_the_half_passes_nothing_on() -> None:
    owners = (owner("b", 90, owner("c", 49, listed="yes")),)
    share = share_of(owners, US_TEST)
    assert (share.minimum, share.maximum, share.touched) == (0, 0, True)


def test_unstated_shares_together_hold_at_most_what_the_stated_ones_leave() -> None:
    owners = (owner("x", 60), owner("a", None, listed="yes"), owner("b", None, listed="yes"))
    share = share_of(owners, US_TEST)
    assert (share.minimum, share.maximum) == (0, 40)


def test_no_owner_means_untouched() -> None:
    assert share_of((), US_TEST) == BlockedShare()


def test_a_chain_that_returns_to_a_party_above_names_the_owner_where_it_closes() -> None:
    loop = (owner("Other", 50), owner("Middle", 50, owner("PARTY", 100)))
    assert circles(party(*loop)) == ["counterparties[0].owners[1].owners[0]"]
    assert circles(party(owner("a", 50), owner("A twin", 50))) == []


def test_a_circle_pieced_together_from_two_branches_names_the_owner_where_it_closes() -> None:
    across = party(owner("a", 50, owner("b")), owner("b", 50, owner("a")))
    assert circles(across) == ["counterparties[0].owners[1].owners[0]"]
    longer = party(owner("a", 30, owner("b")), owner("b", 30, owner("c")), owner("c", 30, owner("x"), owner("a")))
    assert circles(longer) == ["counterparties[0].owners[2].owners[1]"]


def test_a_circle_pieced_together_from_two_counterparties_names_the_owner_where_it_closes() -> None:
    first, second = party(owner("Second", 50)), replace(party(owner("Party", 50)), name="Second")
    assert circles(first, second) == ["counterparties[1].owners[0]"]


def test_one_owner_of_several_parties_and_one_party_named_twice_make_no_circle() -> None:
    shared = owner("Holding", 50, owner("Family", 100))
    assert circles(party(owner("a", 50, shared), owner("b", 50, shared), shared), party(owner("a", 50))) == []


def test_each_circle_is_named_once() -> None:
    two = party(owner("a", 50, owner("a")), owner("b", 50, owner("c", 50, owner("b"))))
    assert circles(two) == ["counterparties[0].owners[0].owners[0]", "counterparties[0].owners[1].owners[0].owners[0]"]


def test_a_firm_that_bears_the_name_of_the_person_who_owns_it_makes_no_circle() -> None:
    person = replace(owner("Party", 100), kind=PartyKind.PERSON)
    assert circles(party(person)) == []
    assert circles(party(replace(person, kind=PartyKind.ORGANISATION))) == ["counterparties[0].owners[0]"]


shares = st.sampled_from([None, 0, 10, 24.9, 25, 49.9, 50, 50.1])
leaves = st.builds(
    lambda share, controls, listed: owner("x", share, controls=controls, listed=listed),
    shares,
    st.sampled_from([None, True, False]),
    st.sampled_from(sorted(STATED)),
)
trees = st.recursive(
    leaves,
    lambda inner: st.builds(lambda top, below: replace(top, owners=tuple(below)), leaves, st.lists(inner, max_size=2)),
    max_leaves=8,
)
forests = st.lists(trees, max_size=3).map(tuple)
tests = st.sampled_from(sorted(TESTS))


@settings(max_examples=150, deadline=None)
@given(forests, tests)
def test_the_order_of_owners_changes_nothing(owners: tuple[Owner, ...], name: str) -> None:
    first, *others = (replace(share_of(order, TESTS[name]), path=(), unstated=()) for order in permutations(owners))
    assert all(other == first for other in others)


@settings(max_examples=150, deadline=None)
@given(forests, tests, st.data())
def test_listing_one_more_owner_never_lowers_a_share(owners: tuple[Owner, ...], name: str, data: st.DataObject) -> None:
    if not owners:
        return
    test = TESTS[name]
    index = data.draw(st.integers(0, len(owners) - 1))
    listed = (*owners[:index], replace(owners[index], other_names=("yes",)), *owners[index + 1 :])
    before, after = share_of(owners, test), share_of(listed, test)
    assert after.minimum >= before.minimum
    assert after.maximum >= before.maximum
    assert test.surely(after) >= test.surely(before)
    assert test.possibly(after) >= test.possibly(before)


@settings(max_examples=150, deadline=None)
@given(forests, tests)
def test_what_is_sure_is_possible_and_shares_stay_within_a_hundred(owners: tuple[Owner, ...], name: str) -> None:
    share = share_of(owners, TESTS[name])
    assert 0 <= share.minimum <= share.maximum <= 100
    assert not TESTS[name].surely(share) or TESTS[name].possibly(share)
    assert share.touched or (share.maximum == 0 and share.controlled is False)


def test_firms_of_one_name_in_two_countries_make_no_circle() -> None:
    abroad = replace(owner("Party", 100), country=Country("DE", "DE"))
    at_home = replace(party(abroad), country=Country("PL", "PL"))
    assert circles(at_home) == []
    assert circles(replace(at_home, country=None)) == ["counterparties[0].owners[0]"]


def test_firms_of_one_name_in_two_countries_make_no_circle_across_branches_either() -> None:
    german, polish = Country("DE", "DE"), Country("PL", "PL")
    abroad = replace(owner("a", 50, owner("b")), country=german)
    at_home = replace(owner("a", 50), country=polish)
    assert circles(party(abroad, owner("b", 50, at_home))) == []
    assert circles(party(abroad, owner("b", 50, replace(at_home, country=german)))) != []


def test_a_firm_of_no_stated_country_is_not_taken_for_one_of_two_namesakes() -> None:
    german, polish = Country("DE", "DE"), Country("PL", "PL")
    namesakes = (replace(owner("a", 30, owner("b")), country=german), replace(owner("a", 30), country=polish))
    assert circles(party(*namesakes, owner("b", 30, owner("a")))) == []
    assert circles(party(namesakes[0], owner("b", 30, owner("a")))) == ["counterparties[0].owners[1].owners[0]"]


def circles(*parties: Counterparty) -> list[str]:
    return list(circular_owners(parties))


def party(*owners: Owner) -> Counterparty:
    return Counterparty(role=Role.CLIENT, name="Party", owners=owners)
