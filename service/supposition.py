"""What would be answered if a date or a missing fact were another: judged like a screening, recorded nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from service.lists.timeline import Asked, Doubt
from service.records import JsonObject
from service.rulebook import Rulebook
from service.rulebook.stages import usable_facts
from service.rulebook.turning_days import turning_days
from service.screening.bands import Band, Flip, Standing, bands, flips_between, movable_fields
from service.screening.case import Case
from service.screening.decide import Judgement, decide
from service.screening.facts import ScreeningRequest
from service.screening.finding import Outcome
from service.screening.match import Match
from service.screening.settling import SettlingSet, settling_sets
from service.selection import Selection
from service.snapshot import Snapshot

Parties = tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Supposition:
    """Judges variants of one request by one snapshot.

    ``may_allow`` is False where something outside the facts keeps an allow from standing, such as a stale list.
    Parties are compared with the lists once for each set of facts about them and each selection of list versions.
    """

    snapshot: Snapshot
    rules: Rulebook
    now: datetime
    may_allow: bool
    _matches: dict[Parties, tuple[Match, ...]] = field(default_factory=dict)

    def judge(self, request: ScreeningRequest) -> Judgement:
        """The judgement that the desk would give, with an allow that may not stand as a review."""
        usable = usable_facts(request)
        selection = self.snapshot.select(self._asked(request))
        placed = selection.in_time(self._matched(usable.request, selection), request.as_of.day)
        case = Case(request=usable.request, matches=placed, ignored=frozenset(usable.forbidden))
        judgement = decide(case, self.rules.rules)
        may_allow = self.may_allow and Doubt.UNKNOWN not in selection.doubts.values()
        held = judgement.outcome is Outcome.ALLOW and not may_allow
        return replace(judgement, outcome=Outcome.REVIEW) if held else judgement

    def describe(self, request: ScreeningRequest) -> JsonObject:
        """``flips``, ``bands`` and ``settling`` as the answer to a what-if has them."""
        found = [
            bands(request, field, self.judge, self._turning_days(request, field)) for field in movable_fields(request)
        ]
        return {
            "flips": [_flip(flip) for of_field in found for flip in flips_between(of_field)],
            "bands": [_band(band) for of_field in found for band in of_field],
            "settling": [_settling(each) for each in settling_sets(request, self.judge, self.judge(request))],
        }

    def _asked(self, request: ScreeningRequest) -> Asked:
        return Asked(request.as_of.day, request.known_at, self.now)

    def _matched(self, usable: ScreeningRequest, selection: Selection) -> tuple[Match, ...]:
        parties = (usable.worker, usable.counterparties, selection.identity)
        if parties not in self._matches:
            self._matches[parties] = selection.matches(usable)
        return self._matches[parties]

    def _turning_days(self, request: ScreeningRequest, field: str) -> frozenset[date]:
        """Those of the law and the facts, and the days from which the lists name a party of the request."""
        law = turning_days(request, self.rules.clauses, field)
        return law | self._days_of_lists(request) if field == "as_of" else law

    def _days_of_lists(self, request: ScreeningRequest) -> frozenset[date]:
        return self.snapshot.turning_days(usable_facts(request).request, self._asked(request))


def _flip(flip: Flip) -> JsonObject:
    return {
        "field": flip.field,
        "on": flip.on.isoformat(),
        "before": flip.before.decision.word,
        "after": flip.after.decision.word,
        "changed": [
            {"clause": clause, "before": _outcomes(flip.before, clause), "after": _outcomes(flip.after, clause)}
            for clause in flip.changed
        ],
    }


def _band(band: Band) -> JsonObject:
    ids = {clause for clause, _ in band.standing.clauses}
    said = [{"clause": clause, "outcomes": _outcomes(band.standing, clause)} for clause in sorted(ids)]
    return {
        "field": band.field,
        "first": band.first.isoformat() if band.first else None,
        "last": band.last.isoformat() if band.last else None,
        "decision": band.standing.decision.word,
        "clauses": sorted(said, key=lambda each: -max(_RANK[word] for word in each["outcomes"])),
    }


_RANK = {outcome.word: outcome.value for outcome in Outcome}


def _outcomes(standing: Standing, clause: str) -> list[str]:
    return [outcome.word for outcome in standing.outcomes_of(clause)]


def _settling(found: SettlingSet) -> JsonObject:
    return {"fields": list(found.fields), "decisions": [outcome.word for outcome in found.decisions]}
