"""The desk: look up, decide, record. What the API, the form, a batch and the command line all call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import orjson
import rfc8785

from service import __version__
from service.audit.leaf import timestamp
from service.audit.sealed import SealStatus
from service.circumstances import (
    Policy,
    history_warnings,
    list_json,
    list_warnings,
    ownership_results,
    request_warnings,
)
from service.errors import HirescreenError
from service.lists import status as list_status
from service.lists.sources import SOURCES
from service.lists.timeline import Asked, Doubt
from service.recording import Ledger, Recording
from service.records import (
    Actor,
    IdempotencyClaim,
    JsonObject,
    LastAttempt,
    ScreeningRecord,
    StoredScreening,
)
from service.rulebook import Rulebook
from service.rulebook.indicators import INDICATORS
from service.rulebook.stages import strip_body, usable_facts
from service.rulebook.worked_cases import cases_of
from service.screening.answer import Circumstances, Warned, build_decision, clause_entry
from service.screening.case import Case
from service.screening.decide import decide
from service.screening.facts import ScreeningRequest
from service.selection import Selection
from service.snapshot import Snapshot
from service.supposition import Supposition


class ScreeningStore(Protocol):
    """Where screenings are recorded. Methods raise StoreUnavailableError where the database is away."""

    def record(self, record: ScreeningRecord, claim: IdempotencyClaim | None = None, /) -> StoredScreening:
        """Record a screening and its audit entry in one transaction, or nothing."""

    def earlier(self, actor: str, claim: IdempotencyClaim, /) -> StoredScreening | None:
        """The answer that an Idempotency-Key already got."""

    def get(self, screening_id: UUID, /) -> StoredScreening | None:
        """An earlier answer."""

    def request(self, screening_id: UUID, /) -> bytes | None:
        """The request of an earlier answer."""


class SnapshotSource(Protocol):
    """Gives the lists to decide by."""

    def current(self) -> Snapshot:
        """The current snapshot; ListsUnavailableError where a required list was never loaded."""


class Pingable(Protocol):
    """A database that can be asked for its clock."""

    def ping(self) -> datetime:
        """The database's time; StoreUnavailableError where it is away."""


class AttemptSource(Protocol):
    """Knows how the attempts to bring lists up to date ended."""

    def last_attempts(self) -> Mapping[str, LastAttempt]:
        """By list id; StoreUnavailableError where the database is away."""


class ListWatch(Protocol):
    """Searches for the canaries of the lists from time to time."""

    def check(self) -> tuple[bool, str]:
        """Whether the last search found them all, and what it missed."""


class SealWatch(Protocol):
    """Knows how far the audit log is sealed."""

    def status(self) -> SealStatus:
        """What is sealed and what waits; StoreUnavailableError where the database is away."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether decisions can be given now; ``checks`` maps a name to (ok, detail without personal data)."""

    ready: bool
    checks: dict[str, tuple[bool, str]]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Answers screenings. Every answer it returns has been recorded in the same transaction."""

    screenings: ScreeningStore
    snapshots: SnapshotSource
    database: Pingable
    rules: Rulebook
    policy: Policy
    ledger: Ledger
    attempts: AttemptSource | None = None
    watch: ListWatch | None = None
    refreshes: bool = False  # whether the lists are fetched by a job
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seal: SealWatch | None = None

    def screen(
        self,
        request: ScreeningRequest,
        *,
        body: JsonObject,
        actor: Actor,
        idempotency_key: str | None = None,
    ) -> StoredScreening:
        """Decide and record one screening; ``body`` is the request as JSON, kept for replay.

        Raises ListsUnavailableError, StoreUnavailableError, IdempotencyConflictError,
        IdempotencyInProgressError.
        """
        claim = None
        if idempotency_key is not None:
            claim = IdempotencyClaim(key=idempotency_key, fingerprint=fingerprint(body))
            earlier = self.screenings.earlier(actor.id, claim)
            if earlier is not None:
                return earlier
        now = self.clock()
        snapshot = self.snapshots.current()
        usable = usable_facts(request)
        kept_body, carried = strip_body(body, usable.forbidden)
        ignored = tuple((field, usable.forbidden[field]) for field in carried)
        selection = snapshot.select(_asked(usable.request, now))
        decision, case = self._decide(usable.request, (snapshot, selection), now, frozenset(usable.forbidden), ignored)
        recording = Recording(
            decision=decision,
            case=case,
            body=kept_body,
            actor=actor,
            versions=tuple(selection.versions.values()),
            ledger=self.ledger,
            at=now,
        )
        return self.screenings.record(recording.build(), claim)

    def what_if(self, request: ScreeningRequest, *, body: JsonObject) -> JsonObject:
        """What ``screen`` would answer, and what would change it; nothing is recorded.

        Beside the fields of a decision: ``flips`` and ``bands`` (on which days of each date the answer changes, and
        what it is between them) and ``settling`` (the smallest sets of missing facts that would settle a review).
        Raises ListsUnavailableError.
        """
        now = self.clock()
        snapshot = self.snapshots.current()
        usable = usable_facts(request)
        _, carried = strip_body(body, usable.forbidden)
        ignored = tuple((field, usable.forbidden[field]) for field in carried)
        selection = snapshot.select(_asked(usable.request, now))
        decision, _ = self._decide(usable.request, (snapshot, selection), now, frozenset(usable.forbidden), ignored)
        held = self._hold_reason(selection, list_warnings(snapshot, selection, now), request_warnings(request))
        supposition = Supposition(snapshot=snapshot, rules=self.rules, now=now, may_allow=held is None)
        return {**decision, "decided_at": timestamp(now), **supposition.describe(request)}

    def screening(self, screening_id: UUID) -> StoredScreening | None:
        """An earlier answer, byte for byte; None if there is none with this id."""
        return self.screenings.get(screening_id)

    def request_of(self, screening_id: UUID) -> JsonObject | None:
        """The request of an earlier answer as it was stored; None if there is none or it was erased."""
        stored = self.screenings.request(screening_id)
        return None if stored is None else orjson.loads(stored)

    def list_status(self) -> list[JsonObject]:
        """The lists with their version, freshness and limits (the body of ``GET /v1/lists``)."""
        now = self.clock()
        try:
            versions = self.snapshots.current().versions
        except HirescreenError:
            versions = {}
        ids = tuple(dict.fromkeys((*SOURCES, *versions)))
        attempts = self._attempts()
        return [
            {
                **list_status.status(list_id, versions.get(list_id), now),
                **list_status.refreshing(
                    list_id,
                    attempts.get(list_id),
                    required=list_id in self.policy.required_lists,
                    refreshed=self.refreshes and (list_id in self.policy.required_lists or list_id in versions),
                    now=now,
                ),
            }
            for list_id in ids
        ]

    def rulebook(self) -> JsonObject:
        """The catalogue of clauses (the body of ``GET /v1/rulebook``)."""
        return {
            "version": self.rules.version,
            "sha256": self.rules.sha256,
            "clauses": [clause_entry(clause) for clause in self.rules.clauses],
        }

    def clause(self, clause_id: str) -> JsonObject | None:
        """One clause as the catalogue has it, with its worked cases; None where there is none with this id."""
        found = next((clause for clause in self.rules.clauses if clause.id == clause_id), None)
        if found is None:
            return None
        return {**clause_entry(found), "cases": [asdict(case) for case in cases_of(clause_id)]}

    def indicators(self) -> list[JsonObject]:
        """The signs that a request may report, and the clause under which each is answered."""
        return [{**asdict(each), "clause": f"IND-{each.code}"} for each in INDICATORS]

    def readiness(self) -> Readiness:
        """What ``/readyz`` says."""
        checks = {"database": self._database_check(), "lists": self._lists_check()}
        if self.watch is not None:
            checks["canaries"] = self.watch.check()
        if self.seal is not None:
            checks["audit"] = self._seal_check(self.seal)
        return Readiness(ready=all(ok for ok, _ in checks.values()), checks=checks)

    def _decide(
        self,
        request: ScreeningRequest,
        lists: tuple[Snapshot, Selection],
        now: datetime,
        forbidden: frozenset[str],
        ignored: tuple[tuple[str, str], ...],
    ) -> tuple[JsonObject, Case]:
        snapshot, selection = lists
        matches = selection.in_time(selection.matches(request), request.as_of.day)
        case = Case(request=request, matches=matches, ignored=forbidden)
        judgement = decide(case, self.rules.rules)
        about_lists, about_request = list_warnings(snapshot, selection, now), request_warnings(request)
        demo = (Warned(code="demo_mode", detail="Demo mode: not for real decisions."),) if self.policy.demo else ()
        around = Circumstances(
            warnings=(*demo, *about_lists, *history_warnings(selection, request), *about_request),
            ignored_fields=ignored,
            ownership=ownership_results(case),
            lists=tuple(
                list_json(version, now, serves=selection.serves(version.list_id))
                for version in selection.versions.values()
            ),
            rulebook={"version": self.rules.version, "sha256": self.rules.sha256},
            engine={"version": __version__},
            policy={"sha256": self.policy.sha256},
            hold_reason=self._hold_reason(selection, about_lists, about_request),
        )
        return build_decision(case, judgement, around), case

    def _hold_reason(
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

    def _attempts(self) -> Mapping[str, LastAttempt]:
        """The last attempts at the lists; none where the database is away, for the lists still serve."""
        try:
            return self.attempts.last_attempts() if self.attempts else {}
        except HirescreenError:
            return {}

    def _database_check(self) -> tuple[bool, str]:
        try:
            skew = abs((self.database.ping() - self.clock()).total_seconds())
        except HirescreenError as error:
            return False, str(error)
        if skew > 30:
            return False, f"The clocks of the service and the database differ by {skew:.0f} s."
        return True, "reachable"

    def _seal_check(self, seal: SealWatch) -> tuple[bool, str]:
        try:
            status = seal.status()
        except HirescreenError as error:
            return False, str(error)
        return status.ready, str(status)

    def _lists_check(self) -> tuple[bool, str]:
        try:
            snapshot = self.snapshots.current()
        except HirescreenError as error:
            return False, str(error)
        return True, ", ".join(f"{v.list_id} version {v.version}" for v in snapshot.versions.values())


def _asked(request: ScreeningRequest, now: datetime) -> Asked:
    return Asked(request.as_of.day, request.known_at, now)


def fingerprint(body: JsonObject) -> str:
    """SHA-256 (hex) of the request's canonical JSON (RFC 8785): the same request however it is written."""
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()
