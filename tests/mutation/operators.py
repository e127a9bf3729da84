"""The faults that are put into a module, one at a time, on its syntax tree.

Annotations, decorators and docstrings are left alone: no answer depends on them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
TWINS = {"all_of": "any_of", "any_of": "all_of", "all": "any", "any": "all", "min": "max", "max": "min"}
OPPOSITES = {"TRUE": "FALSE", "FALSE": "TRUE"}
OUTCOMES = {"ALLOW": ("REVIEW",), "REVIEW": ("ALLOW", "DENY"), "DENY": ("REVIEW",)}
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NO_ANSWER_DEPENDS_ON = frozenset({"annotation", "returns", "decorator_list", "bases"})


class Kind(StrEnum):
    """What sort of fault it is."""

    DATE = "date"
    COMPARISON = "comparison"
    NUMBER = "number"
    LOGIC = "and, or, not"
    CONSTANT = "true, false"
    OUTCOME = "outcome"
    GUARD = "guard left out"
    MIN_MAX = "min, max"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """``within`` is the function or class around it; with ``change`` it names the mutant wherever lines move."""

    kind: Kind
    line: int
    column: int
    within: str
    change: str


def mutants(tree: ast.Module) -> Iterator[Mutant]:
    """Every mutant of a module, in order. While one is yielded ``tree`` holds it: compile it then."""
    yield from _inside(tree, "")


def _inside(node: ast.AST, within: str) -> Iterator[Mutant]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        within = f"{within}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in NO_ANSWER_DEPENDS_ON:
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST):
                continue
            for kind, new in _replacements(child):
                ast.copy_location(new, child)
                ast.fix_missing_locations(new)
                _put(node, name, index, new)
                line, column = getattr(child, "lineno", 0), getattr(child, "col_offset", 0)
                change = f"{_shown(child)} -> {_shown(new)}"
                yield Mutant(kind=kind, line=line, column=column, within=within, change=change)
                _put(node, name, index, child)
            if not _is_moment(child):
                yield from _inside(child, within)


def _put(node: ast.AST, field: str, index: int, child: ast.AST) -> None:
    if isinstance(getattr(node, field), list):
        getattr(node, field)[index] = child
    else:
        setattr(node, field, child)


def _replacements(node: ast.AST) -> Iterator[tuple[Kind, ast.AST]]:
    """Each way to put a fault in the place of ``node``."""
    yield from _of_comparisons(node)
    yield from _of_calls(node)
    yield from _of_joins(node)
    yield from _of_values(node)
    if isinstance(node, ast.If) and not node.orelse and isinstance(node.body[0], ast.Return | ast.Continue | ast.Raise):
        yield Kind.GUARD, ast.Pass()


def _of_comparisons(node: ast.AST) -> Iterator[tuple[Kind, ast.AST]]:
    if isinstance(node, ast.Compare):
        for index, op in enumerate(node.ops):
            for new in COMPARISONS[type(op)]:
                changed = [*node.ops[:index], new(), *node.ops[index + 1 :]]
                yield Kind.COMPARISON, ast.Compare(left=node.left, ops=changed, comparators=node.comparators)


def _of_calls(node: ast.AST) -> Iterator[tuple[Kind, ast.AST]]:
    match node:
        case ast.Call(func=ast.Name(id="date" | "datetime")) if _is_moment(node):
            yield from ((Kind.DATE, new) for new in _moved(node))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in TWINS:
            twin = ast.Name(id=TWINS[name], ctx=ast.Load())
            kind = Kind.MIN_MAX if name in {"min", "max"} else Kind.LOGIC
            yield kind, ast.Call(func=twin, args=args, keywords=keywords)
        case ast.Call(func=ast.Name(id="Decimal") as func, args=[ast.Constant(value=str(text))]):
            for number in (Decimal(text) + 1, Decimal(text) - 1):
                yield Kind.NUMBER, ast.Call(func=func, args=[ast.Constant(value=str(number))], keywords=[])


def _of_joins(node: ast.AST) -> Iterator[tuple[Kind, ast.AST]]:
    match node:
        case ast.BoolOp(op=op, values=values):
            yield Kind.LOGIC, ast.BoolOp(op=ast.Or() if isinstance(op, ast.And) else ast.And(), values=values)
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            yield Kind.LOGIC, ast.BinOp(left=left, op=ast.BitOr(), right=right)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right) if not _is_none(right):
            yield Kind.LOGIC, ast.BinOp(left=left, op=ast.BitAnd(), right=right)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield Kind.LOGIC, operand


def _of_values(node: ast.AST) -> Iterator[tuple[Kind, ast.AST]]:
    match node:
        case ast.Constant(value=bool(value)):
            yield Kind.CONSTANT, ast.Constant(value=not value)
        case ast.Constant(value=int(number) | float(number)):
            yield from ((Kind.NUMBER, ast.Constant(value=number + step)) for step in (1, -1))
        case ast.Name(id=name, ctx=ast.Load()) if name in OPPOSITES:
            yield Kind.CONSTANT, ast.Name(id=OPPOSITES[name], ctx=ast.Load())
        case ast.Attribute(value=ast.Name(id="Outcome") as owner, attr=name, ctx=ast.Load()) if name in OUTCOMES:
            for other in OUTCOMES[name]:
                yield Kind.OUTCOME, ast.Attribute(value=owner, attr=other, ctx=ast.Load())


def _is_moment(node: ast.AST) -> bool:
    """A literal ``date(2017, 9, 11)`` or ``datetime(2017, 9, 11, 22, 12, tzinfo=UTC)``."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"date", "datetime"}
        and len(node.args) >= 3
        and all(isinstance(each, ast.Constant) for each in node.args)
    )


def _moved(node: ast.Call) -> Iterator[ast.Call]:
    numbers: list[Any] = [each.value for each in node.args if isinstance(each, ast.Constant)]
    stated = datetime(*numbers)  # noqa: DTZ001 - moved by whole days and minutes, in whatever zone
    is_day = isinstance(node.func, ast.Name) and node.func.id == "date"
    for step in (DAY, -DAY) if is_day else (DAY, -DAY, MINUTE, -MINUTE):
        parts = (stated + step).timetuple()[: 3 if is_day else max(5, len(numbers))]
        args: list[ast.expr] = [ast.Constant(value=part) for part in parts]
        yield ast.Call(func=node.func, args=args, keywords=node.keywords)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _shown(node: ast.AST) -> str:
    """The node in one line; of a statement its first."""
    return ast.unparse(node).splitlines()[0]
