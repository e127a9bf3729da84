"""Erase a subject's personal data: two people, no running retention duty, and an entry in the audit log.

One person asks, another approves; a program (an API key made for nobody, the command line without an account, a job)
may ask too but counts as nobody, so that two people then have to approve. While a retention duty runs, nothing of that
screening is erased: what may be erased is, and what stays is named with its class and its last day. The decision, its
clauses and the audit log stay; the log's commitments hold without the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from service.erasure.file import Erased, ErasureFile
from service.erasure.ports import (
    AuditInName,
    Erasure,
    ErasureStore,
    Ground,
    NewErasure,
    OnRecord,
    Scope,
    Settled,
    Settling,
    Wanted,
)
from service.erasure.redaction import without_personal_data
from service.erasure.restored import leaf_fields, replay_known
from service.erasure.retention import Retention, RetentionSchedule
from service.errors import (
    ErasureNotFoundError,
    ErasureSettledError,
    InvalidRequestError,
    NothingToEraseError,
    RetentionDutyError,
    SecondPersonError,
)
from service.identifiers import uuid7
from service.records import Actor

NEEDED = 2  # people
ROLES = ("reviewer", "admin")  # who counts
MOST = 200  # screenings of one erasure: its leaf names them all and is to stay below 16 KiB
CASE = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$"  # a number of the operator's files, hardly a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A screening whose retention has ended."""

    screening: UUID
    retention: Retention


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """An erasure that is carried out; ``by`` names who asked, and each person behind it."""

    id: UUID
    ground: str
    by: tuple[str, ...]


class Erasures:
    """What the API, the pages and the command line call to erase personal data."""

    def __init__(
        self,
        *,
        store: ErasureStore,
        file: ErasureFile,
        schedule: RetentionSchedule,
        audit_event: AuditInName,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._file = file
        self._schedule = schedule
        self._audit_event = audit_event
        self._clock = clock

    def request(self, wanted: Wanted, actor: Actor) -> Erasure:
        """Ask for an erasure in the name of ``actor``; it waits until enough people stand behind it.

        Raises InvalidRequestError for screenings that are not on record, NothingToEraseError, and
        RetentionDutyError where nothing may be erased, or with Scope.ALL anything may not.
        """
        found = self._found(wanted)
        living = [each for each in found if each.request is not None]
        if not living:
            raise NothingToEraseError
        judged = [(each.id, self.retention(each)) for each in living]
        self._refuse_duty(judged, whole=wanted.scope is Scope.ALL)
        erasure = NewErasure(
            id=uuid7(self._clock()),
            ground=wanted.ground,
            case_reference=wanted.case,
            whole=wanted.scope is Scope.ALL,
            requested_by=_named(actor),
            requested_account=person(actor),
        )
        fields = {"erasure": str(erasure.id), "ground": wanted.ground, "screenings": len(judged)}
        self._store.request(erasure, judged, self._audit_event("erasure_request", fields, actor))
        return self.get(erasure.id)

    def approve(self, erasure_id: UUID, actor: Actor) -> Erasure:
        """Approve in the name of ``actor``; with the second person behind it, it is carried out at once.

        Raises ErasureNotFoundError, ErasureSettledError, SecondPersonError (no person, a role that does not count,
        or the same person again), RetentionDutyError (a duty runs; the request then waits on), and
        ErasureFileError where it cannot be remembered outside the database: nothing is erased then.
        """
        account = _approver(actor)
        with self._store.settling() as work:
            found = work.lock(erasure_id)
            if found is None:
                raise ErasureNotFoundError
            if found.state != "requested":
                raise ErasureSettledError
            if found.requested_account == account:
                raise SecondPersonError("Whoever asked for an erasure cannot approve it.")
            if not work.approve(erasure_id, account, _named(actor)):
                raise SecondPersonError("You have approved this erasure already; another person has to.")
            people = work.people(erasure_id, ROLES)
            fields = {"erasure": str(erasure_id), "account": str(account)}
            work.append(self._audit_event("erasure_approve", fields, actor))
            if len(people) >= NEEDED:
                by = tuple(dict.fromkeys((found.requested_by, *(f"account:{each}" for each in people))))
                carried = Carried(id=erasure_id, ground=found.ground, by=by)
                self._carry_out(work, carried, actor, whole=found.whole)
        return self.get(erasure_id)

    def refuse(self, erasure_id: UUID, actor: Actor) -> Erasure:
        """Settle in the name of ``actor`` that this erasure is not carried out; the errors of ``approve``."""
        account = _approver(actor)
        with self._store.settling() as work:
            found = work.lock(erasure_id)
            if found is None:
                raise ErasureNotFoundError
            if found.state != "requested":
                raise ErasureSettledError
            fields = {"erasure": str(erasure_id), "account": str(account)}
            work.append(self._audit_event("erasure_refuse", fields, actor))
            work.settle(erasure_id, state="refused", settled_by=f"account:{account}", entry_id=None)
        return self.get(erasure_id)

    def get(self, erasure_id: UUID) -> Erasure:
        """One erasure; ErasureNotFoundError."""
        found = self._store.get(erasure_id)
        if found is None:
            raise ErasureNotFoundError
        return found

    def page(self, *, rows: int, before: UUID | None = None, state: str | None = None) -> tuple[Erasure, ...]:
        """Erasures, the newest first; ``before`` is the id to go on from."""
        return self._store.page(rows=rows, before=before, state=state)

    def of_screening(self, screening_id: UUID) -> Erasure | None:
        """The erasure that erased a screening; None where its personal data are there."""
        return self._store.of_screening(screening_id)

    def retention_of(self, screening_id: UUID) -> Retention | None:
        """How long a screening is kept; None where there is none, or its personal data were erased."""
        found = self._store.on_record(screenings=[screening_id], most=1)
        return self.retention(found[0]) if found and found[0].request is not None else None

    def retention(self, found: OnRecord) -> Retention:
        """How long a screening is kept by what its request says."""
        request = orjson.loads(found.request) if found.request is not None else None
        return self._schedule.retention(request, found.decided_at)

    def due(self) -> Iterator[Due]:
        """The screenings whose retention has ended and that no erasure waits for, the oldest first; streamed."""
        now = self._clock()
        today = now.astimezone(UTC).date()
        before = now - timedelta(days=365 * self._schedule.shortest_keep)
        for found in self._store.past(before):
            retention = self.retention(found)
            if retention.proposed_after < today:
                yield Due(screening=found.id, retention=retention)

    def sweep(self, actor: Actor) -> Iterator[Erasure]:
        """Ask for the erasure of everything whose retention has ended, as many at once as one erasure takes."""
        self._store.forget_old_claims()
        part: list[UUID] = []
        for due in self.due():
            part.append(due.screening)
            if len(part) == MOST:
                yield self._propose(part, actor)
                part = []
        if part:
            yield self._propose(part, actor)

    def replay(self) -> int:
        """Apply every known erasure again, as after a restored backup; how many screenings held values."""
        return replay_known(self._store, self._file, self._audit_event)

    def _found(self, wanted: Wanted) -> tuple[OnRecord, ...]:
        if bool(wanted.screenings) == (wanted.reference is not None):
            raise InvalidRequestError([("", "Name either screenings or a reference.")])
        if wanted.case is not None and not re.fullmatch(CASE, wanted.case):
            raise InvalidRequestError([("/case", "Letters, digits and . _ / - are taken, without spaces.")])
        if len(wanted.screenings) > MOST:
            raise InvalidRequestError([("/screenings", f"At most {MOST} screenings are taken at once.")])
        found = self._store.on_record(screenings=wanted.screenings, reference=wanted.reference, most=MOST + 1)
        if wanted.reference is not None and not found:
            raise InvalidRequestError([("/reference", "No screening has this reference.")])
        if len(found) > MOST:
            raise InvalidRequestError([("/reference", f"More than {MOST} screenings have it: name them by id.")])
        known = {each.id for each in found}
        unknown = [number for number, wanted_id in enumerate(wanted.screenings) if wanted_id not in known]
        if unknown:
            raise InvalidRequestError([(f"/screenings/{n}", "There is no screening with this id.") for n in unknown])
        return found

    def _refuse_duty(self, judged: Sequence[tuple[UUID, Retention]], *, whole: bool) -> None:
        """RetentionDutyError where the duties leave nothing to erase, or with ``whole`` not all of it."""
        today = self._clock().astimezone(UTC).date()
        kept = [(screening, retention) for screening, retention in judged if retention.runs(today)]
        if not kept or (len(kept) < len(judged) and not whole):
            return
        first = kept[0][1]
        raise RetentionDutyError(
            f"{len(kept)} of {len(judged)} screenings must be kept: {first.basis}; until {first.keep_until} "
            f"(class {first.class_id}).",
            [{"screening": str(screening), **retention.described()} for screening, retention in kept],
        )

    def _carry_out(self, work: Settling, erasure: Carried, actor: Actor, *, whole: bool) -> None:
        now = self._clock()
        waiting = work.waiting(erasure.id)
        living = [each for each in work.on_record(waiting) if each.answer is not None]
        judged = {each.id: self.retention(each) for each in living}
        self._refuse_duty(tuple(judged.items()), whole=whole)
        today = now.astimezone(UTC).date()
        kept = {screening for screening, retention in judged.items() if retention.runs(today)}
        erased = [each for each in living if each.id not in kept]
        leaf = self._audit_event("erasure", leaf_fields(erasure.id, erasure.ground, erasure.by, erased), actor)
        left = [(each.id, without_personal_data(each.answer, now)) for each in erased if each.answer is not None]
        work.erase(erasure.id, now, left)
        work.append(leaf)
        work.settle_items(erasure.id, [_settled(each, judged.get(each), is_kept=each in kept) for each in waiting])
        work.settle(erasure.id, state="done", settled_by=_named(actor), entry_id=leaf.entry_id)
        # Last, and before the commit: whatever is erased here is remembered there, also where the commit fails.
        self._file.append(
            [
                Erased(
                    id=erasure.id,
                    entry_id=leaf.entry_id,
                    at=now,
                    ground=erasure.ground,
                    by=erasure.by,
                    screenings=tuple(each.id for each in erased),
                )
            ]
        )

    def _propose(self, screenings: Sequence[UUID], actor: Actor) -> Erasure:
        return self.request(Wanted(ground=Ground.RETENTION_ENDED, screenings=tuple(screenings)), actor)


def person(actor: Actor) -> UUID | None:
    """The account of the person who acts; None for a program."""
    account = actor.id if actor.kind == "account" else actor.account
    return UUID(account) if account is not None else None


def _approver(actor: Actor) -> UUID:
    account = person(actor)
    if account is None:
        raise SecondPersonError("Only a person may settle an erasure: use an account, or a key that was made for one.")
    if not actor.roles & set(ROLES):
        raise SecondPersonError(f"Only these roles may settle an erasure: {', '.join(ROLES)}.")
    return account


def _settled(screening: UUID, retention: Retention | None, *, is_kept: bool) -> Settled:
    """What became of a screening; one without retention was erased meanwhile by another erasure."""
    return Settled(
        screening=screening,
        state="kept" if is_kept else "erased",
        class_id=retention.class_id if retention else None,
        basis=retention.basis if retention else None,
        keep_until=retention.keep_until if retention else None,
    )


def _named(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"
