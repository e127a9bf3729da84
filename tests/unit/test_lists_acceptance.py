"""May this file replace that one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain

import pytest

from service.lists.acceptance import Outcome, Override, Verdict, judge
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind
from service.lists.sources import SOURCES
from service.lists.summary import summarise

SOURCE = replace(SOURCES["un_sc"], floor=10, canaries=("ENTRY 1",))
DAY = date(2026, 3, 4)


def listings(
    numbers: Iterable[int], *, programme: str = "DPRK", kind: ListingKind = ListingKind.PERSON
) -> list[Listing]:
    return [
        Listing(
            list_id="un_sc",
            key=str(number),
            reference=f"X.{number}",
            kind=kind,
            names=(ListedName(text=f"ENTRY {number}", quality=AliasQuality.PRIMARY),),
            programmes=(programme,),
            dprk=programme == "DPRK",
        )
        for number in numbers
    ]


def verdict(
    new: Iterable[Listing],
    old: Iterable[Listing] | None = None,
    *,
    new_day: date | None = DAY,
    old_day: date | None = DAY,
    source: object = SOURCE,
    overrides: Iterable[Override] = (),
    **file: object,
) -> Verdict:
    assert isinstance(source, type(SOURCE))
    head = ListFile(list_id="un_sc", entries=lambda: iter(()), **file)  # type: ignore[arg-type]
    return judge(
        source=source,
        file=head,
        new=summarise(new, published_on=new_day, names=source.canaries),
        old=None if old is None else summarise(old, published_on=old_day),
        overrides=frozenset(overrides),
    )


def codes(judged: Verdict) -> list[str]:
    return [reason.code for reason in judged.reasons]


def test_a_first_list_of_the_expected_size_is_accepted() -> None:
    assert verdict(listings(range(1, 50))).outcome is Outcome.ACCEPTED


def test_a_first_list_below_the_floor_is_held() -> None:
    judged = verdict(listings(range(1, 5)))
    assert (judged.outcome, codes(judged)) == (Outcome.HELD, ["floor"])
    assert "has at least 10" in judged.explain()


def test_an_empty_list_is_rejected_whatever_the_operator_says() -> None:
    judged = verdict([], listings(range(1, 50)), overrides=Override)
    assert (judged.outcome, codes(judged)[0]) == (Outcome.REJECTED, "empty")


def test_a_count_that_differs_from_the_declared_one_is_rejected() -> None:
    judged = verdict(listings(range(1, 50)), declared_entries=50, overrides=Override)
    assert (judged.outcome, codes(judged)) == (Outcome.REJECTED, ["miscount"])


def test_a_list_without_any_name_that_it_always_held_is_another_list() -> None:
    judged = verdict(listings(range(2, 50)), overrides=Override)
    assert (judged.outcome, codes(judged)) == (Outcome.REJECTED, ["another_list"])


def test_a_list_that_lost_one_of_its_canaries_is_held() -> None:
    source = replace(SOURCE, canaries=("ENTRY 1", "ENTRY 999"))
    assert codes(verdict(listings(range(1, 50)), source=source)) == ["canary"]


def test_a_date_that_moved_backwards_needs_its_own_word() -> None:
    old, new = listings(range(1, 50)), listings(range(1, 51))
    judged = verdict(new, old, new_day=date(2026, 3, 3))
    assert (judged.outcome, codes(judged)) == (Outcome.HELD, ["older"])
    assert verdict(new, old, new_day=date(2026, 3, 3), overrides=[Override.HELD]).outcome is Outcome.HELD
    allowed = verdict(new, old, new_day=date(2026, 3, 3), overrides=[Override.OLDER])
    assert allowed.outcome is Outcome.ACCEPTED
    assert [reason.code for reason in allowed.overridden] == ["older"]


def test_a_list_without_a_date_is_older_when_its_newest_entry_is() -> None:
    source = replace(SOURCE, keys_grow=True)
    old, new = listings(range(1, 1000)), listings(range(1, 999))
    assert codes(verdict(new, old, new_day=None, old_day=None, source=source)) == ["older"]


def test_a_hundred_and_twenty_one_additions_in_one_night_are_accepted() -> None:
    old = listings(range(1, 880), programme="Al-Qaida")
    new = [*old, *listings(range(5000, 5121), programme="Iran")]
    assert verdict(new, old).outcome is Outcome.ACCEPTED


def test_twelve_percent_fewer_is_held() -> None:
    judged = verdict(listings(range(1, 880)), listings(range(1, 1000)))
    assert judged.outcome is Outcome.HELD
    assert "removals" in codes(judged)


@pytest.mark.parametrize(("gone", "held"), [(25, False), (26, True)])
def test_up_to_twenty_five_removals_are_ordinary(gone: int, held: bool) -> None:
    old = listings(range(1, 1001), programme="Al-Qaida")
    judged = verdict(old[: 1000 - gone], old)
    assert ("removals" in codes(judged)) is held


def test_one_regime_emptied_is_held_though_the_list_hardly_shrinks() -> None:
    big, small = listings(range(1, 1001), programme="Al-Qaida"), listings(range(2000, 2008), programme="SouthSudan")
    judged = verdict(big, chain(big, small))
    assert codes(judged) == ["group_removals"]
    assert "8 of 8 entries of SouthSudan" in judged.explain()


def test_a_small_regime_may_lose_a_few() -> None:
    big, small = listings(range(1, 1001), programme="Al-Qaida"), listings(range(2000, 2009), programme="Sudan")
    assert verdict([*big, *small[:5]], [*big, *small]).outcome is Outcome.ACCEPTED


def test_a_kind_of_party_that_shrinks_is_held() -> None:
    people = listings(range(1, 2001), programme="A")
    ships = listings(range(3000, 3100), programme="A", kind=ListingKind.VESSEL)
    assert codes(verdict([*people, *ships[:90]], [*people, *ships])) == ["group_removals"]


def test_no_dprk_entry_left_is_held_even_where_no_entry_is_removed() -> None:
    old = listings(range(1, 50))
    new = listings(range(1, 50), programme="Other")
    assert codes(verdict(new, old)) == ["dprk_gone"]


def test_far_fewer_dprk_entries_are_held() -> None:
    old = listings(range(1, 201))
    new = [*listings(range(1, 181)), *listings(range(181, 201), programme="Other")]
    assert codes(verdict(new, old)) == ["dprk_fewer"]


def test_a_part_does_not_silently_replace_a_whole() -> None:
    old = listings(range(1, 50))
    judged = verdict(old, old, complete=False)
    assert codes(judged) == ["partial"]


def test_an_oddity_of_the_file_is_held() -> None:
    judged = verdict(listings(range(1, 50)), doubts=("it may be cut",))
    assert (judged.outcome, codes(judged)) == (Outcome.HELD, ["doubt"])


def test_a_changed_name_under_one_key_is_no_removal() -> None:
    old = listings(range(1, 50))
    renamed = replace(old[9], names=(ListedName(text="RENAMED", quality=AliasQuality.PRIMARY),))
    assert verdict([*old[:9], renamed, *old[10:]], old).outcome is Outcome.ACCEPTED


def test_the_digest_is_of_the_entries_and_not_of_their_order() -> None:
    some = listings(range(1, 20))
    assert summarise(some).digest == summarise(reversed(some)).digest
    assert summarise(some).digest != summarise(some[1:]).digest


@pytest.mark.parametrize(("more", "held"), [(250, False), (251, True)])
def test_a_list_that_grows_by_more_than_any_ever_did_is_held(more: int, held: bool) -> None:
    old = listings(range(1, 400), programme="Al-Qaida")
    judged = verdict(listings(range(1, 400 + more), programme="Al-Qaida"), old)
    assert ("additions" in codes(judged)) is held


@pytest.mark.parametrize(("day", "held"), [(date(2026, 3, 5), False), (date(2026, 3, 6), True)])
def test_a_day_that_has_not_come_is_held(day: date, held: bool) -> None:
    judged = judge(
        source=SOURCE,
        file=ListFile(list_id="un_sc", entries=lambda: iter(())),
        new=summarise(listings(range(1, 50)), published_on=day, names=SOURCE.canaries),
        old=None,
        today=DAY,
    )
    assert ("future" in codes(judged)) is held


def test_a_canary_is_found_by_an_alias_too_and_belongs_to_whose_primary_name_it_is() -> None:
    first, second = listings([7, 8])
    alias = replace(first, names=(*first.names, ListedName(text="Entry 8", quality=AliasQuality.STRONG)))
    assert summarise([alias], names=["ENTRY 8"]).canaries == {"ENTRY 8": "7"}
    assert summarise([alias, second], names=["ENTRY 8"]).canaries == {"ENTRY 8": "8"}
    assert summarise([second, alias], names=["ENTRY 8"]).canaries == {"ENTRY 8": "8"}


def test_a_large_removal_from_the_operator_s_own_list_waits_for_no_one_but_must_be_confirmed() -> None:
    own = replace(SOURCES["own"], list_id="un_sc")
    old, new = listings(range(1, 101)), listings(range(1, 50))
    refused = verdict(new, old, source=own)
    assert (refused.outcome, refused.can_be_confirmed) == (Outcome.REJECTED, True)
    assert "51 of 100 entries would be removed" in refused.explain()
    assert verdict(new, old, source=own, overrides=[Override.HELD, Override.OLDER]).outcome is Outcome.REJECTED
    confirmed = verdict(new, old, source=own, overrides=[Override.CONFIRMED])
    assert confirmed.outcome is Outcome.ACCEPTED
    assert "removals" in [reason.code for reason in confirmed.overridden]


def test_an_own_list_without_entries_is_rejected_whatever_is_confirmed() -> None:
    judged = verdict([], listings(range(1, 50)), source=SOURCES["own"], overrides=Override)
    assert (judged.outcome, judged.can_be_confirmed) == (Outcome.REJECTED, False)


def test_a_publisher_s_list_cannot_be_confirmed_by_one_person() -> None:
    judged = verdict(listings(range(1, 880)), listings(range(1, 1000)), overrides=[Override.CONFIRMED])
    assert judged.outcome is Outcome.HELD
