"""Ask every clause, keep every finding; the worst outcome wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from service.screening.case import Case
from service.screening.finding import Clause, Finding, Outcome
from service.screening.questions import question

NOTHING_BEARS = (
    "No rule or list entry matched these facts on this date with these list versions. "
    "This is not a finding about anything else."
)


class AskableRule(Protocol):
    """What the decider needs of a rule."""

    @property
    def clauses(self) -> tuple[Clause, ...]: ...

    def findings(self, case: Case) -> tuple[Finding, ...]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class MissingFact:
    """A field that would settle a review: its question, the clauses it settles, and what they may say then.

    ``if_known`` is told from those clauses' own findings, with all that they wait for known: it leaves out what none
    of them can come to, and holds ``review`` where a person has to judge even then. What each value of a field leads
    to takes judging the case anew for every value: a what-if does (``settling``), an answer does not.
    """

    field: str
    question: str
    settles: tuple[str, ...]
    if_known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEvaluated:
    """A clause that could not be asked, because the stage forbids a fact that it needs."""

    clause: str
    reason: str
    recheck_at_stage: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """The decision on a case. ``findings`` are in order of severity, then of the rulebook."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    missing: tuple[MissingFact, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    summary: str

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.clause.id for finding in self.findings))


def decide(case: Case, rules: Iterable[AskableRule]) -> Judgement:
    """Judge ``case`` by ``rules``. Pure: the same case and rules give the same judgement."""
    findings: list[Finding] = []
    not_evaluated: dict[str, NotEvaluated] = {}
    for rule in rules:
        blocked = [clause for clause in rule.clauses if clause.needs & case.ignored]
        if blocked:
            not_evaluated |= {clause.id: _not_evaluated(clause, case) for clause in blocked}
        else:
            findings += rule.findings(case)
    ordered = tuple(sorted(findings, key=lambda finding: -finding.outcome.value))
    outcome = max((finding.outcome for finding in ordered), key=lambda o: o.value, default=Outcome.ALLOW)
    return Judgement(
        outcome=outcome,
        findings=ordered,
        missing=_missing(ordered),
        not_evaluated=tuple(not_evaluated.values()),
        summary=summarise(ordered),
    )


def _not_evaluated(clause: Clause, case: Case) -> NotEvaluated:
    fields = ", ".join(sorted(clause.needs & case.ignored))
    return NotEvaluated(
        clause=clause.id,
        reason=f"{fields} may not be used at the stage {case.request.stage.value}.",
        recheck_at_stage="offer_accepted",
    )


def _missing(findings: tuple[Finding, ...]) -> tuple[MissingFact, ...]:
    """Each field once, with every clause that waits for it; only reviews wait."""
    waiting: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome is not Outcome.REVIEW:
            continue
        for field in finding.missing:
            waiting.setdefault(field, []).append(finding)
    return tuple(
        MissingFact(
            field=field,
            question=question(field),
            settles=tuple(dict.fromkeys(finding.clause.id for finding in found)),
            if_known=tuple(each.word for each in Outcome if any(each in finding.if_known for finding in found)),
        )
        for field, found in waiting.items()
    )


def summarise(findings: tuple[Finding, ...]) -> str:
    """One plain sentence or two: the clause and the fact that decided."""
    if not findings or findings[0].outcome is Outcome.ALLOW:
        excepted = [finding for finding in findings if finding.exceptions]
        if not excepted:
            return NOTHING_BEARS
        return f"Nothing forbids this hire on these facts. {cite(excepted[0].clause)}: {excepted[0].reason}"
    first = findings[0]
    opening = {
        Outcome.DENY: "This hire appears to be prohibited by",
        Outcome.REVIEW: "We cannot decide from these facts under",
    }[first.outcome]
    return f"{opening} {cite(first.clause)}. {first.reason}"


def cite(clause: Clause) -> str:
    """The instrument and its paragraph, as people quote them."""
    return f"{clause.instrument} para. {clause.paragraph}" if clause.paragraph else clause.instrument
