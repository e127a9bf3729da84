"""The rulebook: every clause, the rule that asks it, and the version that decisions record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.rulebook import (
    canada,
    european_union,
    freezes,
    indicators,
    list_clauses,
    listed_party,
    listed_relations,
    new_zealand,
    singapore,
    switzerland,
    un_1718,
    un_2094,
    un_2270,
    un_2321,
    un_2371,
    un_2375,
    un_2375_ventures,
    un_2397,
    un_2664,
    united_kingdom,
    united_states,
    united_states_labour,
)
from service.rulebook.national_links import with_national_link
from service.screening.case import Case
from service.screening.finding import Clause, Finding

VERSION = "2026.11.3"

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
        several = found if isinstance(found, tuple) else (found,)
        return tuple(with_national_link(case, finding) for finding in several)


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


def _freeze(freeze: freezes.Freeze) -> Rule:
    """The question whom one freeze reaches, by name and by ownership."""
    clauses = tuple(dict.fromkeys(clause for clause in (freeze.named, freeze.owned) if clause is not None))
    return Rule(clauses=clauses, ask=lambda case: freezes.frozen_parties(case, freeze))


LABOUR = (
    Rule(clauses=(un_2375.WORK_AUTHORISATION,), ask=un_2375.no_new_work_authorisation),
    Rule(clauses=(un_2397.REPATRIATION,), ask=un_2397.earning_income_abroad),
    Rule(clauses=(un_2371.CAP,), ask=un_2371.cap_on_authorisations),
    Rule(clauses=(un_2094.FINANCIAL_SERVICES,), ask=un_2094.paid_into_the_dprk),
    Rule(clauses=(un_2270.TRAINING,), ask=un_2270.specialised_training),
    Rule(clauses=(un_2321.COOPERATION,), ask=un_2321.technical_cooperation),
    Rule(clauses=(un_2321.ENTRY_OF_OFFICIALS,), ask=un_2321.entry_of_officials),
    Rule(clauses=(un_2321.MISSION_ACCOUNTS,), ask=un_2321.paid_to_a_mission),
    Rule(clauses=(un_2321.DIPLOMATS,), ask=un_2321.diplomats_side_job),
    Rule(clauses=(un_2321.CREW,), ask=un_2321.crew_from_the_dprk),
)
VENTURES = (
    Rule(clauses=(un_2375.JOINT_VENTURES,), ask=un_2375_ventures.no_joint_ventures),
    Rule(clauses=(un_2371.NEW_VENTURES,), ask=un_2371.new_or_larger_ventures),
)
PARTIES = (
    Rule(
        clauses=(list_clauses.UN_DPRK_LISTING, *list_clauses.LIST_CLAUSES.values()),
        ask=listed_party.listed_parties,
    ),
    Rule(clauses=(list_clauses.UN_DPRK_LISTING,), ask=listed_party.owned_by_listed),
    Rule(
        clauses=(list_clauses.UN_DPRK_LISTING, *list_clauses.LIST_CLAUSES.values()),
        ask=listed_relations.related_to_listed,
    ),
    _freeze(freezes.annex_freeze(un_2371.ANNEX)),
    _freeze(freezes.annex_freeze(un_2397.ANNEX)),
    Rule(clauses=(un_1718.ENTRY_BAN,), ask=un_1718.listed_worker_enters),
    Rule(clauses=(un_2270.GOVERNMENT_ENTITIES,), ask=un_2270.government_entities),
)
NATIONAL = (
    Rule(
        clauses=(united_states.EXECUTIVE_ORDER, united_states.BLOCKED_GOVERNMENT),
        ask=united_states.government_of_north_korea,
    ),
    Rule(
        clauses=(united_states.EXECUTIVE_ORDER, united_states_labour.SERVICES),
        ask=united_states_labour.services_for_the_government,
    ),
    Rule(clauses=(united_states.FIFTY_PERCENT,), ask=united_states.fifty_percent_rule),
    Rule(clauses=(united_states_labour.IMPORT_PRESUMPTION,), ask=united_states_labour.import_presumption),
    Rule(clauses=(united_states_labour.MANDATORY_LISTING,), ask=united_states_labour.mandatory_listing),
    Rule(clauses=(european_union.WORK_AUTHORISATIONS,), ask=european_union.work_authorisations),
    Rule(clauses=(european_union.MISSIONS_IN_DPRK,), ask=european_union.missions_in_the_dprk),
    _freeze(european_union.FREEZE),
    _freeze(united_kingdom.FREEZE),
    Rule(clauses=(united_kingdom.ARRANGEMENTS,), ask=united_kingdom.business_arrangements),
    Rule(clauses=(united_kingdom.INVESTMENT,), ask=united_kingdom.joint_ventures_and_funds),
    Rule(clauses=(united_kingdom.TRANSFERS,), ask=united_kingdom.transfers_of_funds),
    Rule(clauses=(new_zealand.VENTURES,), ask=new_zealand.joint_ventures),
    Rule(clauses=(new_zealand.TERMINATION,), ask=new_zealand.existing_joint_ventures),
    Rule(clauses=(new_zealand.ENTRY,), ask=new_zealand.listed_worker_enters),
    _freeze(canada.FREEZE),
    Rule(clauses=(canada.VENTURES,), ask=canada.joint_ventures),
    Rule(clauses=(canada.TRAINING,), ask=canada.specialised_training),
    Rule(clauses=(switzerland.NO_PERMITS,), ask=switzerland.no_work_permits),
    Rule(clauses=(switzerland.REVOCATION,), ask=switzerland.permits_are_revoked),
    Rule(clauses=(singapore.NO_WORK_PASSES,), ask=singapore.no_work_passes),
)
REPORTED = (Rule(clauses=tuple(indicators.CLAUSES.values()), ask=indicators.reported_indicators),)

RULES = (*LABOUR, *VENTURES, *PARTIES, *NATIONAL, *REPORTED)
POWERS = (un_2371.COAL, un_2397.EXEMPTION_POWER, un_2664.HUMANITARIAN_RELIEF)


@cache
def current() -> Rulebook:
    """The rulebook of this program."""
    return Rulebook(version=VERSION, sha256=_source_digest(), rules=RULES, powers=POWERS)


def _source_digest() -> str:
    """SHA-256 over the names and bytes of the modules that decide, in order of their names."""
    digest = hashlib.sha256()
    for package in ("service.rulebook", "service.screening"):
        for source in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if source.name.endswith(".py"):
                digest.update(f"{package}/{source.name}\n".encode())
                digest.update(source.read_bytes())
    return digest.hexdigest()
