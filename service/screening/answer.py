"""The answer as JSON values, field for field as CONTRACT states it. Pure: no clock, no identifier of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.screening.case import Case
from service.screening.decide import Judgement
from service.screening.finding import Clause, Finding, Outcome
from service.screening.match import Match
from service.screening.ownership import BlockedShare

JsonObject = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """A warning on an answer: a stable code, and what it is about."""

    code: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnershipResult:
    """The outcome of one jurisdiction's ownership test on one counterparty."""

    party: str
    rule: str
    share: BlockedShare


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What an answer states beside the judgement: versions, warnings and what was left aside."""

    warnings: tuple[Warned, ...] = ()
    ignored_fields: tuple[tuple[str, str], ...] = ()
    ownership: tuple[OwnershipResult, ...] = ()
    lists: tuple[JsonObject, ...] = ()
    rulebook: Mapping[str, str] | None = None
    engine: Mapping[str, str] | None = None
    policy: Mapping[str, str] | None = None
    hold_reason: str | None = None  # set where an allow may not stand, for example because a list is stale


def decision_of(judgement: Judgement, around: Circumstances) -> Outcome:
    """The decision; an allow that may not stand is a review."""
    if judgement.outcome is Outcome.ALLOW and around.hold_reason is not None:
        return Outcome.REVIEW
    return judgement.outcome


def build_decision(case: Case, judgement: Judgement, around: Circumstances) -> JsonObject:
    """The part of the answer that the same input, rulebook, lists and policy always give alike."""
    request = case.request
    decision = decision_of(judgement, around)
    held = decision is not judgement.outcome
    return {
        "reference": request.reference,
        "decision": decision.word,
        "action": "proceed" if decision is Outcome.ALLOW else "hold",
        "summary": around.hold_reason if held else judgement.summary,
        "as_of": request.as_of.isoformat(),
        "known_at": request.known_at.isoformat(),
        "stage": request.stage.value,
        "clauses": list(judgement.clauses),
        "findings": [_finding(finding) for finding in judgement.findings],
        "matches": [_match(match) for match in case.matches],
        "ownership": [_ownership(result) for result in around.ownership],
        "missing": [
            {
                "field": missing.field,
                "question": missing.question,
                "settles": list(missing.settles),
                "if_known": list(missing.if_known),
            }
            for missing in judgement.missing
        ],
        "ignored_fields": [{"field": field, "reason": reason} for field, reason in around.ignored_fields],
        "not_evaluated": [
            {"clause": each.clause, "reason": each.reason, "recheck_at_stage": each.recheck_at_stage}
            for each in judgement.not_evaluated
        ],
        "warnings": [{"code": each.code, "detail": each.detail} for each in _unique(around.warnings)],
        "lists": list(around.lists),
        "rulebook": dict(around.rulebook or {}),
        "engine": dict(around.engine or {}),
        "policy": dict(around.policy or {}),
    }


def clause_reference(clause: Clause) -> JsonObject:
    """A clause as a finding cites it."""
    return {
        "id": clause.id,
        "instrument": clause.instrument,
        "paragraph": clause.paragraph,
        "title": clause.title,
        "url": clause.url,
        "in_force_from": clause.in_force_from.isoformat(),
        "in_force_until": clause.in_force_until.isoformat() if clause.in_force_until else None,
        "binds": clause.binds.value,
        "jurisdiction": clause.jurisdiction,
        "basis": clause.basis.value,
    }


def clause_entry(clause: Clause) -> JsonObject:
    """A clause as the catalogue shows it."""
    return {
        **clause_reference(clause),
        "paraphrase": clause.paraphrase,
        "effect": clause.effect,
        "in_force_instant": clause.in_force_instant.isoformat() if clause.in_force_instant else None,
        "dates": [{"what": what, "on": on.isoformat()} for what, on in clause.dates],
        "exceptions": [{"id": each.id, "title": each.title} for each in clause.exceptions],
        "needs": sorted(clause.needs),
        "note": clause.note,
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "outcome": finding.outcome.word,
        "clause": clause_reference(finding.clause),
        "reason": finding.reason,
        "facts": [{"field": fact.field, "value": fact.value} for fact in finding.facts],
        "exceptions": [
            {"id": test.id, "status": test.status.value, "reason": test.reason} for test in finding.exceptions
        ],
        "national_link": _national_link(finding),
    }


def _national_link(finding: Finding) -> list[JsonObject] | str | None:
    link = finding.national_link
    return link if link is None or isinstance(link, str) else [{"clause": clause} for clause in link]


def _match(match: Match) -> JsonObject:
    listing = match.listing
    return {
        "party": match.party,
        "list": listing.list_id,
        "listing": listing.key,
        "reference": listing.reference,
        "name": listing.name,
        "query": match.query,
        "matched_name": match.matched_name,
        "alias_quality": match.alias_quality.value,
        "grade": match.grade.value,
        "score": match.score,
        "agrees": list(match.agrees),
        "disagrees": list(match.disagrees),
        "unknown": list(match.unknown),
        "alignment": [{"query": t.query, "listed": t.listed, "how": t.how} for t in match.alignment],
        "reasons": list(match.reasons),
        "listed_on": match.listed_on.isoformat() if match.listed_on else None,
        "listed_on_basis": match.listed_on_basis,
        "programmes": list(listing.programmes),
        "disposition": None,
    }


def _ownership(result: OwnershipResult) -> JsonObject:
    return {
        "party": result.party,
        "rule": result.rule,
        "blocked_min_percent": float(result.share.minimum),
        "blocked_max_percent": float(result.share.maximum),
        "path": list(result.share.path),
    }


def _unique(warnings: Iterable[Warned]) -> tuple[Warned, ...]:
    return tuple(dict.fromkeys(warnings))
