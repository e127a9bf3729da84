"""What people decided about a screening that a machine may not settle: two of them, each by themselves.

A ``review`` or a ``deny`` stays a finding until two people have signed the same verdict. Nobody sees another's
verdict before having signed one, and a person's later word replaces the earlier. Once anybody has escalated, one of
the two who agree must be an admin. The recorded decision never changes; each word is an audit entry, ``review``, or
``override`` where it clears a ``deny``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from service.errors import DispositionError, NotASignerError, ReviewMovedError, ReviewNotFoundError
from service.identifiers import uuid7
from service.records import Actor, AuditRecord
from service.sign_off import Signature, SignOff

NEEDED = 2  # people
ROLES = ("reviewer", "admin")  # whose word counts
SENIOR = "admin"  # one of them must be, once anybody has escalated

# (kind of event, fields in the open, who, fields to be committed to) -> an audit record
AuditInName = Callable[[str, dict[str, Any], Actor, list[tuple[str, Any]]], AuditRecord]


class Verdict(StrEnum):
    """A person's word on a screening."""

    CLEAR = "clear"  # the hire may go ahead
    BLOCK = "block"  # it may not
    ESCALATE = "escalate"  # somebody senior must look


class State(StrEnum):
    """How a review stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    SETTLED = "settled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Disposition:
    """One person's word. ``reason`` is None once it was erased."""

    id: UUID
    account_id: UUID
    username: str
    role: str
    verdict: Verdict
    reason: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A screening that people settle, with every word on it in its order."""

    screening_id: UUID
    decision: str
    decided_at: datetime
    stage: str
    reference: str | None
    clauses: tuple[str, ...]
    erased: bool
    dispositions: tuple[Disposition, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """What two people agree on; None while they do not."""
        standing = list({each.account_id: each for each in self.dispositions}.values())
        senior_needed = any(each.verdict is Verdict.ESCALATE for each in self.dispositions)
        for verdict in (Verdict.BLOCK, Verdict.CLEAR):
            agreed = [each for each in standing if each.verdict is verdict]
            if len(agreed) >= NEEDED and (not senior_needed or any(each.role == SENIOR for each in agreed)):
                return verdict
        return None

    @property
    def state(self) -> State:
        if self.verdict is not None:
            return State.SETTLED
        escalated = any(each.verdict is Verdict.ESCALATE for each in self.dispositions)
        return State.ESCALATED if escalated else State.OPEN

    @property
    def tag(self) -> str:
        """Names this state of the review; it changes with every word."""
        last = self.dispositions[-1].id.hex[-12:] if self.dispositions else "none"
        return f"{len(self.dispositions)}-{last}"

    def has_signed(self, account: UUID | None) -> bool:
        return any(each.account_id == account for each in self.dispositions)

    def open_to(self, account: UUID | None) -> bool:
        """Whether this person may see the others' verdicts: after signing, or once it is settled."""
        return self.state is State.SETTLED or self.has_signed(account)


class Signing(Protocol):
    """One review for the length of a transaction, in which nobody else signs it."""

    def review(self) -> Review | None:
        """How it stands; None where the screening needs nobody's word."""

    def add(self, disposition: Disposition, audit: AuditRecord, /) -> None:
        """Keep a person's word with its audit entry."""


class ReviewStore(Protocol):
    """Where reviews are kept. StoreUnavailableError where the database is away."""

    def signing(self, screening_id: UUID, /) -> AbstractContextManager[Signing]:
        """Begin to sign a review."""

    def get(self, screening_id: UUID, /) -> Review | None:
        """One review; None where there is no such screening, or it needs nobody's word."""

    def page(self, *, rows: int, after: UUID | None, settled: bool | None, without: UUID | None) -> Sequence[Review]:
        """Reviews, the oldest first; ``without`` leaves out those that this account has signed."""


class Reviews:
    """What the API and the pages call to settle reviews."""

    def __init__(self, *, store: ReviewStore, audit_event: AuditInName, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._audit_event = audit_event
        self._clock = clock

    def queue(
        self,
        *,
        rows: int,
        after: UUID | None = None,
        settled: bool | None = False,
        without: UUID | None = None,
    ) -> Sequence[Review]:
        """Reviews, the oldest first, from the one after ``after``; those that wait, unless ``settled`` says else."""
        return self._store.page(rows=rows, after=after, settled=settled, without=without)

    def get(self, screening_id: UUID) -> Review:
        """One review; ReviewNotFoundError."""
        found = self._store.get(screening_id)
        if found is None:
            raise ReviewNotFoundError
        return found

    def sign(self, screening_id: UUID, actor: Actor, *, verdict: Verdict, reason: str, seen: str) -> Review:
        """Keep a person's word on a review that still stands as it was when its tag was ``seen``.

        Raises ReviewNotFoundError, NotASignerError (no person, or a role that does not count), ReviewMovedError
        (somebody signed meanwhile) and DispositionError (it is settled, or its facts were erased).
        """
        account = person(actor)
        if account is None or not actor.roles & set(ROLES):
            raise NotASignerError
        with self._store.signing(screening_id) as work:
            review = work.review()
            if review is None:
                raise ReviewNotFoundError
            if review.tag != seen:
                raise ReviewMovedError
            _refuse_closed(review)
            disposition = Disposition(
                id=uuid7(self._clock()),
                account_id=account,
                username=actor.name,
                role=SENIOR if SENIOR in actor.roles else next(iter(actor.roles & set(ROLES))),
                verdict=verdict,
                reason=reason,
                at=self._clock(),
            )
            work.add(disposition, self._entry(review, disposition, actor))
        return self.get(screening_id)

    def of(self, screening_id: UUID) -> SignOff:
        """The signatures on a decision, for its certificate; verdicts only once they are final."""
        review = self._store.get(screening_id)
        if review is None or review.verdict is None:
            return SignOff()
        return SignOff(signatures=tuple(_signatures(review)), final=True)

    def _entry(self, review: Review, disposition: Disposition, actor: Actor) -> AuditRecord:
        overrides = review.decision == "deny" and disposition.verdict is Verdict.CLEAR
        fields = {
            "screening": str(review.screening_id),
            "decision": review.decision,
            "verdict": disposition.verdict.value,
            "account": str(disposition.account_id),
        }
        return self._audit_event("override" if overrides else "review", fields, actor, [("reason", disposition.reason)])


def person(actor: Actor) -> UUID | None:
    """The account behind ``actor``; None for a program."""
    account = actor.id if actor.kind == "account" else actor.account
    return UUID(account) if account else None


def _refuse_closed(review: Review) -> None:
    if review.state is State.SETTLED:
        raise DispositionError("Two people have settled this review; a new screening is needed for new facts.")
    if review.erased:
        raise DispositionError("The facts of this screening were erased: there is nothing left to judge.")


def _signatures(review: Review) -> Iterator[Signature]:
    for each in {each.account_id: each for each in review.dispositions}.values():
        yield Signature(signer=each.username, outcome=each.verdict.value, at=each.at)
