"""The tool that puts faults into the rules: which faults it knows, and that its list of equivalents is of today."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.equivalents import Key, equivalents
from tests.mutation.operators import Kind, mutants

CHECKOUT = Path(__file__).resolve().parents[2]


def faults(source: str) -> list[tuple[str, str]]:
    """The kind of each fault, and the module with it."""
    tree = ast.parse(source)
    return [(mutant.kind.value, ast.unparse(tree)) for mutant in mutants(tree)]


@pytest.mark.parametrize(
    ("source", "faulty"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a >= b", ["a > b", "a < b"]),
        ("a == b", ["a != b"]),
        ("a is b", ["a is not b"]),
        ("a in b", ["a not in b"]),
        ("date(2017, 9, 30)", ["date(2017, 10, 1)", "date(2017, 9, 29)"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("~a", ["a"]),
        ("a & b", ["a | b"]),
        ("all_of(a, b)", ["any_of(a, b)"]),
        ("min(a, b)", ["max(a, b)"]),
        ("f(5)", ["f(6)", "f(4)"]),
        ("Decimal('50')", ["Decimal('51')", "Decimal('49')"]),
        ("f(True)", ["f(False)"]),
        ("f(TRUE)", ["f(FALSE)"]),
        ("Outcome.REVIEW", ["Outcome.ALLOW", "Outcome.DENY"]),
        ("Outcome.DENY", ["Outcome.REVIEW"]),
    ],
)
def test_a_fault_takes_the_place_of_what_is_written(source: str, faulty: list[str]) -> None:
    assert [text for _, text in faults(source)] == faulty


def test_an_instant_is_moved_by_a_day_and_by_a_minute() -> None:
    found = faults("datetime(2017, 9, 11, 22, 12, tzinfo=UTC)")
    assert {kind for kind, _ in found} == {Kind.DATE}
    assert [text for _, text in found] == [
        "datetime(2017, 9, 12, 22, 12, tzinfo=UTC)",
        "datetime(2017, 9, 10, 22, 12, tzinfo=UTC)",
        "datetime(2017, 9, 11, 22, 13, tzinfo=UTC)",
        "datetime(2017, 9, 11, 22, 11, tzinfo=UTC)",
    ]


def test_a_guard_is_left_out() -> None:
    assert faults("def f(a):\n    if a:\n        return 1\n    g()")[0] == (
        Kind.GUARD,
        "def f(a):\n    pass\n    g()",
    )
    assert faults("if a:\n    g()") == []


def test_annotations_and_decorators_are_left_alone() -> None:
    assert faults("@d(frozen=True)\nclass A:\n    b: C | D = E\n\ndef f(a: B | C) -> D | None:\n    g(a)") == []


def test_the_module_is_whole_again_after_its_mutants() -> None:
    source = (CHECKOUT / "service/screening/ownership.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    found = list(mutants(tree))
    assert ast.dump(tree) == ast.dump(ast.parse(source))
    assert len(found) > 20
    assert all(mutant.line for mutant in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("module", sorted({key.module for key in equivalents()}))
def test_every_equivalent_that_is_listed_is_a_mutant_of_today_and_says_why(module: str) -> None:
    tree = ast.parse((CHECKOUT / module).read_text(encoding="utf-8"))
    there = {Key(module=module, within=mutant.within, change=mutant.change) for mutant in mutants(tree)}
    listed = {key: reason for key, reason in equivalents().items() if key.module == module}
    assert set(listed) <= there
    assert all(reason.endswith(".") for reason in listed.values())
