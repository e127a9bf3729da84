"""Two people put a doubtful list version into service, or one refuses it.

The version was stored and held when it came. Each approval rests on the reasons as they stand against the
version that serves at that moment; when another version comes into service meanwhile, the reasons are found
anew and earlier approvals no longer count. Programs (an API key that was made for nobody, the command line without
a name) cannot approve; whatever way an approval comes, it is its person's, who counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.errors import ApprovalError, NotAnApproverError, RejectedListError
from service.intake.reception import as_json
from service.intake.refresh_ports import CanarySearch, IntakeStore, ListStore
from service.lists.acceptance import Outcome, Override, Verdict, judge
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.sources import refuse_a_retired_list, source_of
from service.lists.summary import Summary, summarise
from service.records import Actor, Approval, AuditRecord, HeldList, ListAttempt, ListVersion

NEEDED = 2  # people
ROLES = ("reviewer", "admin")  # whose approval counts

# (kind of event, fields in the open, who, fields to be committed to) -> an audit record
AuditInName = Callable[[str, dict[str, Any], Actor, list[tuple[str, Any]]], AuditRecord]


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """``count`` of ``needed`` approvals are there; ``serves`` once the version came into service with the last."""

    list_id: str
    version: int
    count: int
    needed: int
    serves: bool


class Approvals:
    """What the command line, the page and the API call to settle held versions."""

    def __init__(
        self,
        *,
        lists: ListStore,
        intake: IntakeStore,
        audit_event: AuditInName,
        find: CanarySearch,
        clock: Callable[[], datetime],
    ) -> None:
        self._lists = lists
        self._intake = intake
        self._audit_event = audit_event
        self._find = find
        self._clock = clock

    def waiting(self, list_id: str | None = None) -> tuple[HeldList, ...]:
        """The versions that wait for approval, by list, the newest first."""
        return self._intake.held(list_id)

    def state_of(self, list_id: str, version: int) -> HeldList | None:
        """What became of a version that was held, or that it waits; None for one that never was."""
        return next(iter(self._intake.held(list_id, version, state=None)), None)

    def difference(self, held: HeldList) -> tuple[int, int, int]:
        """How many entries it would add, remove and change in place of the version it was compared with."""
        return self._intake.changes(held.list_id, held.against, held.version)

    def approve(self, list_id: str, version: int, actor: Actor, *, reason: str, allow_older: bool = False) -> Approved:
        """Approve in the name of ``actor``; with the second person's approval the version serves.

        ``allow_older`` must be said by both where the version is older than what serves. ``reason`` is kept beside
        the approval, and committed to in the audit log. ApprovalError names what is in the way: the role
        (NotAnApproverError), an own proposal, a later version that serves, reasons that changed, a canary that a
        search does not find.
        """
        account = _approver(actor)
        held = self._held(list_id, version)
        self._refuse_a_retired(held)
        if held.proposed_by == f"account:{account}":
            raise ApprovalError("Whoever proposed a version cannot approve it.")
        active = self._active(list_id)
        if active is not None and active.version > version:
            raise ApprovalError(f"Version {active.version} of {list_id} serves already, which came later.")
        verdict, new = self._judge_again(held, active)
        self._refuse_changed_reasons(held, verdict, active)
        older = any(reason.override is Override.OLDER for reason in verdict.reasons)
        if older and not allow_older:
            raise ApprovalError(
                f"{verdict.explain()}. Both people must say that the older issue is meant (--allow-older)."
            )
        self._search(held, new)
        approval = Approval(
            held=held,
            account_id=account,
            reason=reason,
            roles=ROLES,
            needed=NEEDED,
            allows_older=allow_older,
            must_allow_older=older,
            audit=self._event("list_approve", held, actor, reason),
            activation=self._event("list_activate", held, actor, reason),
        )
        count, serves = self._intake.approve(approval)
        if serves:
            self._note_change(held)
        return Approved(list_id=held.list_id, version=held.version, count=count, needed=NEEDED, serves=serves)

    def refuse(self, list_id: str, version: int, actor: Actor, *, reason: str) -> None:
        """Settle in the name of ``actor`` that this version, and its very content, never serves; ApprovalError."""
        account = _approver(actor)
        held = self._held(list_id, version)
        audit = self._event("list_refuse", held, actor, reason)
        self._intake.refuse(held, settled_by=f"account:{account}", reason=reason, audit=audit)

    def _note_change(self, held: HeldList) -> None:
        """The list changed now, as it does when a version is loaded."""
        added, removed, changed = self.difference(held)
        self._intake.record_attempt(
            ListAttempt(
                list_id=held.list_id,
                at=self._clock(),
                trigger="approval",
                outcome="loaded",
                version=held.version,
                added=added,
                removed=removed,
                changed=changed,
            )
        )

    def _refuse_a_retired(self, held: HeldList) -> None:
        """A list may have ended while its version waited."""
        try:
            refuse_a_retired_list(source_of(held.list_id), self._clock().date())
        except RejectedListError as error:
            raise ApprovalError(f"{error}.") from error

    def _event(self, kind: str, held: HeldList, actor: Actor, reason: str) -> AuditRecord:
        fields = {
            "list": held.list_id,
            "version": held.version,
            "replaces": held.against or None,
            "reasons": [each["code"] for each in held.reasons],
            "account": str(_approver(actor)),
        }
        return self._audit_event(kind, fields, actor, [("reason", reason)])

    def _held(self, list_id: str, version: int) -> HeldList:
        found = self._intake.held(list_id, version)
        if not found:
            raise ApprovalError(f"Version {version} of {list_id} does not wait for approval.")
        return found[0]

    def _active(self, list_id: str) -> ListVersion | None:
        return next((version for version in self._lists.active() if version.list_id == list_id), None)

    def _judge_again(self, held: HeldList, active: ListVersion | None) -> tuple[Verdict, Summary]:
        """The verdict on the stored version against what serves now. What only its file told stands as it was."""
        source = source_of(held.list_id)
        stored = self._lists.version(held.list_id, held.version)
        if stored is None:
            raise ApprovalError(f"Version {held.version} of {held.list_id} is not stored.")
        doubts = tuple(reason["detail"] for reason in held.reasons if reason["code"] == "doubt")

        def entries() -> Iterator[Listing]:
            return self._lists.listings(held.list_id, held.version)

        def summary(listings: Iterator[Listing], published_on: date | None) -> Summary:
            return summarise(listings, published_on=published_on, names=source.canaries, digest=False)

        new = summary(entries(), stored.published_on)
        old = summary(self._lists.listings(held.list_id, active.version), active.published_on) if active else None
        file = ListFile(list_id=held.list_id, entries=entries, complete=stored.complete, doubts=doubts)
        verdict = judge(
            source=source,
            file=file,
            new=new,
            old=old,
            old_complete=bool(active and active.complete),
            today=self._clock().date(),
        )
        return verdict, new

    def _refuse_changed_reasons(self, held: HeldList, verdict: Verdict, active: ListVersion | None) -> None:
        if verdict.outcome is Outcome.REJECTED:
            raise ApprovalError(f"{held.list_id} cannot be approved: {verdict.explain()}.")
        against = active.version if active else 0
        if against != held.against:
            self._intake.compare_anew(replace(held, against=against, reasons=as_json(verdict.reasons)))
            raise ApprovalError(
                f"Another version of {held.list_id} came into service since this one was held; compared with that: "
                f"{verdict.explain() or 'nothing is doubtful any more'}. Look again and approve anew."
            )

    def _search(self, held: HeldList, new: Summary) -> None:
        wanted = set(new.canaries.values())
        entries = (entry for entry in self._lists.listings(held.list_id, held.version) if entry.key in wanted)
        if lost := self._find(entries, new.canaries):
            raise ApprovalError(f"A search does not find {len(lost)} of the best-known parties of {held.list_id}.")


def _approver(actor: Actor) -> UUID:
    """The account behind ``actor``, if that may settle a version."""
    account = actor.id if actor.kind == "account" else actor.account
    if account is None:
        raise NotAnApproverError("Only a person with an account may settle a held version.")
    if not actor.roles & set(ROLES):
        raise NotAnApproverError(f"Only these roles may settle a held version: {', '.join(ROLES)}.")
    return UUID(account)
