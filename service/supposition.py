"""What would be answered if a date or a missing fact were another: judged like a screening, recorded nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from service.circumstances import place_in_time
from service.matching.screen import match_parties
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
from service.snapshot import Snapshot

Parties = tuple[object, object]


@dataclass(frozen=True, kw_only=True)
class Supposition:
    """Judges variants of one request by one snapshot.

    ``may_allow`` is False where something outside the facts keeps an allow from standing, such as a stale list.
    Parties are compared with the lists once for each set of facts about them: dates play no part in that.
    """

    snapshot: Snapshot
    rules: Rulebook
    may_allow: bool
    _matches: dict[Parties, tuple[Match, ...]] = field(default_factory=dict)

    def judge(self, request: ScreeningRequest) -> Judgement:
        """The judgement that the desk would give, with an allow that may not stand as a review."""
        usable = usable_facts(request)
        placed = place_in_time(self._matched(usable.request), self.snapshot, request.as_of.day)
        case = Case(request=usable.request, matches=placed, ignored=frozenset(usable.forbidden))
        judgement = decide(case, self.rules.rules)
        held = judgement.outcome is Outcome.ALLOW and not self.may_allow
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

    def _matched(self, usable: ScreeningRequest) -> tuple[Match, ...]:
        parties = (usable.worker, usable.counterparties)
        if parties not in self._matches:
            self._matches[parties] = match_parties(usable, self.snapshot.index)
        return self._matches[parties]

    def _turning_days(self, request: ScreeningRequest, field: str) -> frozenset[date]:
        """Those of the law and the facts, and the days from which the lists name a party of the request."""
        listings = [match.listing for match in self._matched(usable_facts(request).request)]
        listed = {listing.listed_on or self.snapshot.known_since(listing.list_id) for listing in listings}
        return turning_days(request, self.rules.clauses, field) | {day for day in listed if day is not None}


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
