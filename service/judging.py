"""One question judged by one set of lists: what the desk answers, and what a replay computes again.

Nothing here reads a clock, a store or a setting: the same arguments always give the same decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service import __version__
from service.circumstances import (
    Policy,
    history_warnings,
    list_json,
    list_warnings,
    ownership_results,
    request_warnings,
    unlisted_warnings,
)
from service.lists.timeline import Asked, Doubt
from service.records import JsonObject
from service.rulebook import Rulebook
from service.screening.answer import Circumstances, Warned, build_decision
from service.screening.case import Case
from service.screening.decide import decide
from service.screening.facts import ScreeningRequest
from service.selection import Selection
from service.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A decision as JSON values, and the case that it is about."""

    decision: JsonObject
    case: Case


@dataclass(frozen=True, kw_only=True, slots=True)
class Lists:
    """The lists of one question: those that serve, and the versions selected for it."""

    snapshot: Snapshot
    selection: Selection


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """Judges requests by a rulebook and a policy."""

    rules: Rulebook
    policy: Policy

    def judge(
        self,
        request: ScreeningRequest,
        lists: Lists,
        now: datetime,
        *,
        forbidden: Mapping[str, str],
        ignored: tuple[str, ...],
    ) -> Judged:
        """The decision on a request without what its stage forbids.

        ``forbidden`` are the fields that may not be used, each with the reason; ``ignored`` those of them that
        the caller stated all the same.
        """
        snapshot, selection = lists.snapshot, lists.selection
        matches = selection.in_time(selection.matches(request), request.as_of.day)
        case = Case(request=request, matches=matches, ignored=frozenset(forbidden))
        judgement = decide(case, self.rules.rules)
        about_lists, about_request = list_warnings(snapshot, selection, now), request_warnings(request)
        demo = (Warned(code="demo_mode", detail="Demo mode: not for real decisions."),) if self.policy.demo else ()
        around = Circumstances(
            warnings=(
                *demo,
                *about_lists,
                *unlisted_warnings(case, selection),
                *history_warnings(selection, request),
                *about_request,
            ),
            ignored_fields=tuple((field, forbidden[field]) for field in ignored if field in forbidden),
            ownership=ownership_results(case),
            lists=tuple(
                list_json(version, now, serves=selection.serves(version.list_id))
                for version in selection.versions.values()
            ),
            rulebook={"version": self.rules.version, "sha256": self.rules.sha256},
            engine={"version": __version__},
            policy={"sha256": self.policy.sha256},
            hold_reason=self.hold_reason(selection, about_lists, about_request),
        )
        return Judged(decision=build_decision(case, judgement, around), case=case)

    def hold_reason(
        self, selection: Selection, about_lists: Iterable[Warned], about_request: Iterable[Warned]
    ) -> str | None:
        """Why an allow may not stand, if so."""
        stale = [warned for warned in about_lists if warned.code == "list_stale"]
        if stale and not self.policy.demo:
            return "A required list was not checked lately, so nothing can be allowed on it."
        if Doubt.UNKNOWN in selection.doubts.values():
            return "Nothing was known of a list at the time asked for, so nothing can be allowed by it."
        if any(warned.code == "suspicious_name" for warned in about_request):
            return "A name holds unusual characters that can hide who is meant; a person has to look at it."
        return None


def asked_of(request: ScreeningRequest, now: datetime) -> Asked:
    """When the request is about, by what knowledge, and when it is put."""
    return Asked(request.as_of.day, request.known_at, now)
