"""The desk: look up, decide, record. What the API, the form, a batch and the command line all call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import orjson

from service.audit.leaf import timestamp
from service.audit.sealed import SealStatus
from service.basis import basis_of
from service.circumstances import Policy, list_warnings, request_warnings
from service.claims import ClaimMaker
from service.errors import HirescreenError
from service.judging import Judge, Lists, asked_of
from service.lists import status as list_status
from service.lists.sources import SOURCES
from service.recording import Ledger, Recording
from service.records import (
    Actor,
    IdempotencyClaim,
    JsonObject,
    LastAttempt,
    ScreeningRecord,
    StoredScreening,
)
from service.replay.engine import RunningEngine
from service.rulebook import Rulebook
from service.rulebook.indicators import INDICATORS
from service.rulebook.stages import strip_body, usable_facts
from service.rulebook.worked_cases import cases_of
from service.screening.answer import clause_entry
from service.screening.facts import ScreeningRequest
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
    count: Callable[[str], None] = lambda _: None  # of decisions, by outcome
    engine: RunningEngine | None = None  # the program that decides, as the leaf names it
    claims: ClaimMaker = field(default_factory=ClaimMaker)  # what is kept of an Idempotency-Key

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
            claim = self.claims.claim(idempotency_key, body)
            earlier = self.screenings.earlier(actor.id, claim)
            if earlier is not None:
                return earlier
        now = self.clock()
        snapshot = self.snapshots.current()
        usable = usable_facts(request)
        kept_body, carried = strip_body(body, usable.forbidden)
        selection = snapshot.select(asked_of(usable.request, now))
        judged = self._judge.judge(
            usable.request,
            Lists(snapshot=snapshot, selection=selection),
            now,
            forbidden=usable.forbidden,
            ignored=carried,
        )
        recording = Recording(
            decision=judged.decision,
            case=judged.case,
            body=kept_body,
            actor=actor,
            versions=tuple(selection.versions.values()),
            ledger=self.ledger,
            at=now,
            basis=basis_of(snapshot, selection),
            engine=self.engine,
        )
        stored = self.screenings.record(recording.build(), claim)
        if not stored.replayed:
            self.count(judged.decision["decision"])
        return stored

    def suppose(self, request: ScreeningRequest, *, body: JsonObject) -> JsonObject:
        """The decision that ``screen`` would record now; nothing is recorded. Raises ListsUnavailableError."""
        now = self.clock()
        snapshot = self.snapshots.current()
        usable = usable_facts(request)
        _, carried = strip_body(body, usable.forbidden)
        lists = Lists(snapshot=snapshot, selection=snapshot.select(asked_of(usable.request, now)))
        return self._judge.judge(usable.request, lists, now, forbidden=usable.forbidden, ignored=carried).decision

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
        selection = snapshot.select(asked_of(usable.request, now))
        lists = Lists(snapshot=snapshot, selection=selection)
        judged = self._judge.judge(usable.request, lists, now, forbidden=usable.forbidden, ignored=carried)
        held = self._judge.hold_reason(selection, list_warnings(snapshot, selection, now), request_warnings(request))
        supposition = Supposition(snapshot=snapshot, rules=self.rules, now=now, may_allow=held is None)
        return {**judged.decision, "decided_at": timestamp(now), **supposition.describe(request)}

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

    @property
    def _judge(self) -> Judge:
        return Judge(rules=self.rules, policy=self.policy)

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
