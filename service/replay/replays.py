"""Replay a recorded decision: compute it again as it was made, compare byte for byte, and say what today's rules say.

What was recorded is checked against the leaf first: a decision that was changed and its request with it would
replay alike, and is not what was given. Nothing is recorded, and nothing is guessed: what cannot be computed is
``unavailable``, which is not ``identical``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from service.basis import read_basis
from service.circumstances import Policy
from service.errors import HirescreenError, InvalidRequestError, ReplayError
from service.matching.index import NameIndex
from service.records import JsonObject
from service.replay.difference import Difference, differences
from service.replay.engine import RunningEngine
from service.replay.engine_runner import run_engine
from service.replay.known_engines import KnownEngines
from service.replay.recompute import (
    Load,
    PinnedLists,
    Question,
    VersionStore,
    canonical_decision,
    decision_in,
    recompute,
)
from service.rulebook import Rulebook
from service.screening_record import ProofSource, RecordedScreening, RecordSource, answer_of, stands_in
from service.snapshot import Snapshot

IDENTICAL, DIFFERENT, UNAVAILABLE = "identical", "different", "unavailable"
HOLDS, BROKEN, NOT_CHECKED = "holds", "broken", "not_checked"
ERASED = "The personal data of this screening was erased, so its decision cannot be computed again."
WAIT_SECONDS = 20.0  # for another replay of this worker: each may read whole lists
_SUBSTANCE = frozenset({"decision", "action", "summary", "clauses", "findings", "matches", "ownership", "missing"})
NO_BASIS = "The entry does not say by which lists and which program was decided."


class KeptRules(Protocol):
    """Where engines and policies are kept. StoreUnavailableError where the database is away."""

    def engine(self, sha256: str, /) -> bytes | None:
        """The archive of an engine."""

    def runtime(self, sha256: str, /) -> dict[str, str] | None:
        """The versions that an engine ran with."""

    def policy(self, sha256: str, /) -> JsonObject | None:
        """A policy."""


class CurrentLists(Protocol):
    """Gives the lists that serve; ListsUnavailableError where a required one was never loaded."""

    def current(self) -> Snapshot:
        """The current snapshot."""


Today = Callable[[JsonObject], JsonObject]


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """How a replay ended. ``commitments`` say whether request and decision are those of the leaf, and the leaf
    (``entry``) that of the sealed log.

    ``differences`` are those of the recorded decision (before) to the computed one (after); ``runtime`` those of
    the versions then and now. ``today`` is the decision of today's rules and lists, None where there is none.
    """

    screening: UUID
    status: str
    reason: str | None
    entry: JsonObject
    recorded: JsonObject | None
    commitments: dict[str, str]
    differences: tuple[Difference, ...] = ()
    engine: str = "this"  # "this", "stored" (run apart) or "none"
    runtime: tuple[Difference, ...] = ()
    today: JsonObject | None = None
    today_differences: tuple[Difference, ...] = ()
    today_reason: str | None = None

    @property
    def identical(self) -> bool | None:
        """None where nothing could be computed."""
        return None if self.status == UNAVAILABLE else self.status == IDENTICAL


@dataclass(frozen=True, kw_only=True)
class Replays:
    """Replays decisions. ``load`` reads a stored request; ``today`` judges one as the desk would now."""

    records: RecordSource
    log: ProofSource
    lists: VersionStore
    kept: KeptRules
    known: KnownEngines
    engine: RunningEngine
    rules: Rulebook
    policy: Policy
    snapshots: CurrentLists
    load: Load
    today: Today
    _built: dict[tuple[tuple[str, int], ...], NameIndex] = field(default_factory=dict)
    _building: threading.Lock = field(default_factory=threading.Lock)

    def replay(self, screening_id: UUID) -> Replay | None:
        """Replay one decision; None where there is none of that id. StoreUnavailableError."""
        record = self.records.get(screening_id)
        return None if record is None else self._replay(record)

    def _replay(self, record: RecordedScreening) -> Replay:
        answer = answer_of(record)
        if answer is None or record.request is None:
            return Replay(
                screening=record.id,
                status=UNAVAILABLE,
                reason=ERASED,
                entry=record.entry,
                recorded=None,
                commitments={"entry": self._entry_word(record), "request": NOT_CHECKED, "decision": NOT_CHECKED},
                engine="none",
                today_reason=ERASED,
            )
        decision = decision_in(answer)
        commitments = {
            "entry": self._entry_word(record),
            "request": _word(record.is_as_committed("request", record.request)),
            "decision": _word(record.is_as_committed("decision", canonical_decision(decision))),
        }
        status, reason, found, engine = self._compare(record, answer, decision, commitments)
        today, today_reason = self._today(orjson.loads(record.request))
        return Replay(
            screening=record.id,
            status=status,
            reason=reason,
            entry=record.entry,
            recorded=decision,
            commitments=commitments,
            differences=found,
            engine=engine,
            runtime=self._runtime_differences(record.entry),
            today=today,
            today_reason=today_reason,
            today_differences=() if today is None else _substance(differences(decision, today)),
        )

    def _compare(
        self, record: RecordedScreening, answer: Mapping[str, Any], decision: JsonObject, commitments: dict[str, str]
    ) -> tuple[str, str | None, tuple[Difference, ...], str]:
        """Status, reason, differences, and which engine answered."""
        engine = "this" if record.entry.get("engine", {}).get("sha256") == self.engine.sha256 else "stored"
        try:
            computed = self._compute(record, answer, engine)
        except (ReplayError, InvalidRequestError) as unable:
            reason = str(unable) if isinstance(unable, ReplayError) else "The stored request cannot be read any more."
            return UNAVAILABLE, reason, (), "none"
        if computed != canonical_decision(decision):
            return DIFFERENT, "The computed decision differs.", differences(decision, orjson.loads(computed)), engine
        if BROKEN in commitments.values():
            return DIFFERENT, "What is stored is not what was recorded: a digest differs.", (), engine
        return IDENTICAL, None, (), engine

    def _compute(self, record: RecordedScreening, answer: Mapping[str, Any], engine: str) -> bytes:
        entry = record.entry
        question = self.question(record, answer)
        lists = PinnedLists(self.lists, question.lists)
        lists.check()
        if engine == "this":
            return recompute(question, self._snapshot(lists), rules=self.rules, load=self.load)
        archive = self._kept_engine(entry)
        if not self._building.acquire(timeout=WAIT_SECONDS):
            raise ReplayError("Another replay is under way; try again in a minute.")
        try:
            return run_engine(archive, entry["engine"]["sha256"], question, lists)
        finally:
            self._building.release()

    def question(self, record: RecordedScreening, answer: Mapping[str, Any]) -> Question:
        """What was asked, when, and by which lists. ReplayError where the record does not say."""
        entry, request = record.entry, orjson.loads(record.request or b"{}")
        try:
            lists = read_basis(entry["lists"])
            policy_digest, _ = entry["policy"]["sha256"], entry["engine"]["sha256"]
            asked_at = answer["as_of"] if request.get("as_of") is None else answer["known_at"]
            asked = datetime.fromisoformat(asked_at)
        except (KeyError, ValueError, TypeError):
            raise ReplayError(NO_BASIS) from None
        policy = self.policy.stated if policy_digest == self.policy.sha256 else self.kept.policy(policy_digest)
        if policy is None:
            raise ReplayError("The policy of that time is not kept here.")
        return Question(
            request=request,
            asked_at=asked if asked.tzinfo else asked.replace(tzinfo=UTC),
            decided_at=datetime.fromisoformat(entry["at"]),
            ignored=tuple(each["field"] for each in answer.get("ignored_fields", ())),
            policy=policy,
            lists=lists,
        )

    def _kept_engine(self, entry: JsonObject) -> bytes:
        digest = entry["engine"]["sha256"]
        archive = self.kept.engine(digest)
        if archive is None:
            raise ReplayError("The engine of that time is not kept here.")
        if not self.known.knows(digest):
            raise ReplayError(
                "This host has not run the engine of that time and so does not run it from the database: "
                f"an operator can allow it with “hirescreen audit trust-engine {digest}”."
            )
        return archive

    def _snapshot(self, lists: PinnedLists) -> Snapshot:
        """The lists of that time; an index is built once for the versions replayed last."""
        identity = tuple((version.list_id, version.version) for version in lists.active())
        try:
            current = self.snapshots.current()
        except HirescreenError:
            current = None
        if current is not None and current.identity == tuple(sorted(identity)):
            return lists.snapshot(current.index)
        with self._building:  # one at a time: an index over whole lists takes memory
            if identity not in self._built:
                self._built.clear()
                self._built[identity] = lists.snapshot().index
            return lists.snapshot(self._built[identity])

    def _entry_word(self, record: RecordedScreening) -> str:
        """Whether the entry is the one that was sealed; it cannot be checked before it is."""
        proof = self.log.proof(record.entry_id)
        return _word(None if proof is None else stands_in(proof, record.leaf))

    def _runtime_differences(self, entry: JsonObject) -> tuple[Difference, ...]:
        digest = entry.get("engine", {}).get("runtime")
        if digest is None or digest == self.engine.runtime_sha256:
            return ()
        return differences(self.kept.runtime(digest) or {}, self.engine.runtime)

    def _today(self, request: JsonObject) -> tuple[JsonObject | None, str | None]:
        """The same request put now, by what is known now."""
        try:
            answer = self.today({name: value for name, value in request.items() if name != "known_at"})
        except HirescreenError as unable:
            known = not isinstance(unable, InvalidRequestError)
            return None, str(unable) if known else "Today's service does not take this request any more."
        return decision_in(answer), None


def _substance(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """What today's answer says otherwise: not that it is of another day, by other versions."""
    return tuple(each for each in found if each.path.split("/")[1] in _SUBSTANCE)


def _word(holds: bool | None) -> str:
    return NOT_CHECKED if holds is None else HOLDS if holds else BROKEN
