"""The worked cases of each clause: what the rulebook's own tests ask, for people to read beside the clause.

They lie in ``tests/cases`` of a checkout and in ``service/cases`` of an installed package; the tests run
every one of them, so what is shown here holds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from service.packaged import data_folder

BASES = "bases.toml"  # the arrangements that the cases start from


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkedStep:
    """One question of a case: the value of the fact that moves, what the clause says, and the decision.

    ``at`` is None where nothing moves; ``says`` is ``-`` where the clause does not bear.
    """

    at: str | None
    says: str
    decision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkedCase:
    """A case in a sentence; ``moves`` is the fact that its steps move, None for a single question."""

    title: str
    moves: str | None
    steps: tuple[WorkedStep, ...]


def cases_of(clause_id: str) -> tuple[WorkedCase, ...]:
    """The worked cases of a clause, in the order in which they were written; empty where there are none."""
    return _by_clause().get(clause_id, ())


@cache
def _by_clause() -> dict[str, tuple[WorkedCase, ...]]:
    found: dict[str, list[WorkedCase]] = {}
    for file in sorted(data_folder("cases", "tests/cases").glob("*.toml")):
        if file.name != BASES:
            for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
                found.setdefault(case["clause"], []).append(_case(case))
    return {clause_id: tuple(cases) for clause_id, cases in found.items()}


def _case(case: dict[str, Any]) -> WorkedCase:
    steps = tuple(WorkedStep(at=_written(at), says=says, decision=decision) for at, says, decision in case["steps"])
    return WorkedCase(title=case["title"], moves=case.get("moves"), steps=steps)


def _written(at: object) -> str | None:
    if at == "":
        return None
    return at.isoformat() if isinstance(at, date | datetime) else str(at)
