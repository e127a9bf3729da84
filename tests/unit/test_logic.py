"""Kleene's logic with the fields that would settle an unknown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.screening.logic import FALSE, TRUE, Truth, all_of, any_of, is_after, truth, unknown
from service.screening.moment import Order

VALUES = (True, False, None)
PERSON_DECIDES = Truth(None)
truths = st.one_of(
    st.just(TRUE),
    st.just(FALSE),
    st.lists(st.sampled_from(("a", "b", "c")), max_size=3).map(lambda names: unknown(*dict.fromkeys(names))),
)


def of(value: bool | None, field: str) -> Truth:
    return truth(value, field)


@pytest.mark.parametrize(("left", "right"), list(product(VALUES, VALUES)))
def test_and_and_or_follow_the_strong_tables_of_kleene(left: bool | None, right: bool | None) -> None:
    both, either = of(left, "a") & of(right, "b"), of(left, "a") | of(right, "b")
    assert both.value is (False if False in (left, right) else None if None in (left, right) else True)
    assert either.value is (True if True in (left, right) else None if None in (left, right) else False)


@pytest.mark.parametrize(("value", "inverted"), [(True, False), (False, True), (None, None)])
def test_not_turns_only_what_is_known(value: bool | None, inverted: bool | None) -> None:
    assert (~of(value, "a")).value is inverted
    assert (~unknown("a")).fields == ("a",)


def test_an_unknown_keeps_the_fields_of_both_sides_once_and_in_order() -> None:
    assert (unknown("a", "b") & unknown("b", "c")).fields == ("a", "b", "c")
    assert (unknown("a") | unknown("c", "a")).fields == ("a", "c")


def test_a_side_that_decides_asks_for_no_field() -> None:
    assert (FALSE & unknown("a")) == FALSE
    assert (TRUE | unknown("a")) == TRUE


def test_a_side_that_decides_nothing_leaves_the_fields_of_the_other() -> None:
    assert (TRUE & unknown("a")).fields == ("a",)
    assert (FALSE | unknown("a")).fields == ("a",)


def test_a_truth_may_not_be_used_as_a_bool() -> None:
    for each in (TRUE, FALSE, unknown("a")):
        with pytest.raises(TypeError, match="three values"):
            bool(each)


def test_all_of_nothing_is_true_and_any_of_nothing_is_false() -> None:
    assert all_of() == TRUE
    assert any_of() == FALSE


def test_exactly_one_of_the_three_predicates_holds() -> None:
    for each in (TRUE, FALSE, unknown()):
        assert [each.is_true, each.is_false, each.is_unknown].count(True) == 1


def test_a_comparison_that_is_undecided_asks_for_its_field() -> None:
    assert is_after(Order.AFTER, "as_of") == TRUE
    assert is_after(Order.BEFORE, "as_of") == FALSE
    assert is_after(Order.UNDECIDED, "as_of") == unknown("as_of")


@given(truths, truths)
def test_de_morgan_holds_with_fields(left: Truth, right: Truth) -> None:
    assert ~(left & right) == (~left | ~right)


@given(truths, truths, truths)
def test_joining_is_associative_with_fields(a: Truth, b: Truth, c: Truth) -> None:
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)


@given(truths, truths)
def test_the_order_of_joining_changes_only_the_order_of_the_fields(left: Truth, right: Truth) -> None:
    for one, other in ((left & right, right & left), (left | right, right | left)):
        assert one.value is other.value
        assert set(one.fields) == set(other.fields)


@given(st.lists(truths, max_size=5))
def test_learning_a_fact_never_turns_what_was_already_told(several: list[Truth]) -> None:
    """Kleene's logic is monotone: a known result stands whatever the unknown parts turn out to be."""
    joined = all_of(*several)
    for learnt in (TRUE, FALSE):
        settled = all_of(*(learnt if each.is_unknown else each for each in several))
        assert joined.is_unknown or joined == settled


@pytest.mark.parametrize(
    ("each", "ways"),
    [
        (TRUE, {True}),
        (FALSE, {False}),
        (unknown("a"), {True, False}),
        (PERSON_DECIDES, {None}),
        (unknown("a") & PERSON_DECIDES, {False, None}),
        (unknown("a") | PERSON_DECIDES, {True, None}),
        (~(unknown("a") & PERSON_DECIDES), {True, None}),
        (unknown("a") & ~PERSON_DECIDES & TRUE, {False, None}),
        (unknown("a") | unknown("b") | PERSON_DECIDES, {True, None}),
        ((unknown("a") | PERSON_DECIDES) & unknown("b"), {True, False, None}),
    ],
)
def test_an_unknown_tells_what_it_may_turn_out_to_be(each: Truth, ways: set[bool | None]) -> None:
    assert each.may_turn_out == ways


Sum = tuple[str, "Sum", "Sum"] | Truth
sums = st.recursive(
    st.sampled_from((TRUE, FALSE, PERSON_DECIDES, unknown("a"))),
    lambda inner: st.tuples(st.sampled_from("&|~"), inner, inner),
    max_leaves=6,
)


def worked_out(each: Sum, settled: Iterator[bool] | None = None) -> Truth:
    """The sum as it stands, or with each of its unknown facts known in turn."""
    if isinstance(each, Truth):
        return Truth(next(settled)) if settled is not None and each.fields else each
    left, right = worked_out(each[1], settled), worked_out(each[2], settled)
    return left & right if each[0] == "&" else left | right if each[0] == "|" else ~left & right


@given(sums)
def test_what_it_may_turn_out_to_be_is_what_comes_of_every_way_to_know_the_facts(each: Sum) -> None:
    ways = {worked_out(each, iter(known)).value for known in product((True, False), repeat=6)}
    assert worked_out(each).may_turn_out == ways


def test_what_a_truth_may_turn_out_to_be_is_no_part_of_what_it_is() -> None:
    assert (unknown("a") & PERSON_DECIDES) == unknown("a")
    assert "turns" not in repr(unknown("a") & unknown("b"))
