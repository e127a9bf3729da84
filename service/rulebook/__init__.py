"""The rulebook: every clause, the rule that asks it, and the version that decisions record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.rulebook import (
    indicators,
    list_clauses,
    listed_party,
    un_2270,
    un_2371,
    un_2375,
    un_2375_ventures,
    un_2397,
    united_states,
)
from service.screening.case import Case
from service.screening.finding import Clause, Finding

VERSION = "2026.11.1"

Found = Finding | tuple[Finding, ...] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A question put to every case, and the clauses under which it may answer."""

    clauses: tuple[Clause, ...]
    ask: Callable[[Case], Found]

    def findings(self, case: Case) -> tuple[Finding, ...]:
        found = self.ask(case)
        if found is None:
            return ()
        return found if isinstance(found, tuple) else (found,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rulebook:
    """An immutable set of rules. ``sha256`` (hex) covers the source of every rule."""

    version: str
    sha256: str
    rules: tuple[Rule, ...]
    powers: tuple[Clause, ...] = ()  # clauses that no rule asks: they only give the power to exempt

    @property
    def clauses(self) -> tuple[Clause, ...]:
        asked = (clause for rule in self.rules for clause in rule.clauses)
        return tuple({clause.id: clause for clause in (*asked, *self.powers)}.values())


RULES = (
    Rule(clauses=(un_2375.WORK_AUTHORISATION,), ask=un_2375.no_new_work_authorisation),
    Rule(clauses=(un_2397.REPATRIATION,), ask=un_2397.earning_income_abroad),
    Rule(clauses=(un_2371.CAP,), ask=un_2371.cap_on_authorisations),
    Rule(clauses=(un_2375.JOINT_VENTURES,), ask=un_2375_ventures.no_joint_ventures),
    Rule(clauses=(un_2371.NEW_VENTURES,), ask=un_2371.new_or_larger_ventures),
    Rule(
        clauses=(list_clauses.UN_DPRK_LISTING, *list_clauses.LIST_CLAUSES.values()),
        ask=listed_party.listed_parties,
    ),
    Rule(clauses=(list_clauses.UN_DPRK_LISTING,), ask=listed_party.owned_by_listed),
    Rule(clauses=(un_2270.GOVERNMENT_ENTITIES,), ask=un_2270.government_entities),
    Rule(
        clauses=(united_states.EXECUTIVE_ORDER, united_states.BLOCKED_GOVERNMENT),
        ask=united_states.government_of_north_korea,
    ),
    Rule(clauses=(united_states.FIFTY_PERCENT,), ask=united_states.fifty_percent_rule),
    Rule(clauses=tuple(indicators.CLAUSES.values()), ask=indicators.reported_indicators),
)


@cache
def current() -> Rulebook:
    """The rulebook of this program."""
    return Rulebook(version=VERSION, sha256=_source_digest(), rules=RULES, powers=(un_2397.EXEMPTION_POWER,))


def _source_digest() -> str:
    """SHA-256 over the names and bytes of the modules that decide, in order of their names."""
    digest = hashlib.sha256()
    for package in ("service.rulebook", "service.screening"):
        for source in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if source.name.endswith(".py"):
                digest.update(f"{package}/{source.name}\n".encode())
                digest.update(source.read_bytes())
    return digest.hexdigest()
