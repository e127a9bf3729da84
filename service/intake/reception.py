"""Receives list files that are at hand: read, judge, store, switch; every step or none.

What cannot be read or accepted leaves the version that serves untouched and raises one clear error. A
doubtful version is stored beside the one that serves and waits for two people (``service.intake.approval``).
Entries that did not change only move the time at which the list was last known to be current.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from service.errors import HeldListError, RejectedListError
from service.intake.refresh_ports import AuditEvent, CanarySearch, Counting, IntakeStore, ListStore, uncounted
from service.lists import readers
from service.lists.acceptance import Outcome, Override, Reason, Verdict, judge
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.sources import ListSource, source_of
from service.lists.summary import Summary, summarise
from service.records import HeldList, ListVersion

WHOLE_SEARCH = 1500  # entries up to which the canaries are looked for in the whole list


@dataclass(frozen=True, slots=True)
class Refreshed:
    """``outcome``: ``loaded``, ``unchanged`` or, from an update of several lists and with ``fault``, ``held``,
    ``rejected``, ``failed`` or ``busy``. ``changes`` are the entries added, removed and changed."""

    list_id: str
    outcome: str
    version: ListVersion | None = None
    fault: str | None = None
    notes: tuple[str, ...] = ()
    changes: tuple[int, int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """Files at hand, with what is known of where and when they were current."""

    source: ListSource
    files: Sequence[PlainFile]
    about: Mapping[str, Mapping[str, Any]]  # by file name: address and validators
    partial: bool
    overrides: frozenset[Override]
    fetched_at: datetime | None
    stated_on: date | None  # the day that the operator or the server gives; the file's own day wins


class Reception:
    """Judges a candidate against the version that serves, and stores it.

    ``find`` searches for canaries as a screening would; ``proposer`` (kind and id) is who brings the lists;
    ``counting`` sees the entries go by.
    """

    def __init__(
        self,
        *,
        lists: ListStore,
        intake: IntakeStore,
        audit_event: AuditEvent,
        find: CanarySearch,
        clock: Callable[[], datetime],
        proposer: str,
        counting: Counting = uncounted,
    ) -> None:
        self._lists = lists
        self._intake = intake
        self._audit_event = audit_event
        self._find = find
        self._clock = clock
        self._proposer = proposer
        self._counting = counting

    def bring_in(self, candidate: Candidate) -> Refreshed:
        """Read, judge and store. MalformedListError, RejectedListError; HeldListError once it is stored and held."""
        source, list_id = candidate.source, candidate.source.list_id
        file = readers.read(list_id, candidate.files, partial=candidate.partial)
        published_on = file.published_on or candidate.stated_on
        if candidate.fetched_at:
            refuse_a_retired_address(source, published_on, candidate.fetched_at)
        entries = self._counting(f"{list_id}: reading", file, file.declared_entries)
        new = summarise(entries, published_on=published_on, names=source.canaries)
        old = self.active(list_id)
        checked_at = candidate.fetched_at or self._known_current(file, candidate.stated_on)
        if old and old.complete == file.complete and self._digest_of_active(list_id) == new.digest:
            return self.unchanged(list_id, checked_at)
        verdict = judge(
            source=source,
            file=file,
            new=new,
            old=self._summary_of(old),
            old_complete=bool(old and old.complete),
            today=self._clock().date(),
            overrides=candidate.overrides,
        )
        if verdict.outcome is Outcome.REJECTED:
            hint = " (if that is meant, import it with --confirm)" if verdict.can_be_confirmed else ""
            raise RejectedListError(f"{list_id} was rejected: {verdict.explain()}{hint}")
        self._refuse_what_is_settled(list_id, new, verdict, checked_at)
        version = ListVersion(
            list_id=list_id,
            version=0,  # the store numbers it
            sha256=sha256_of(file),
            entries=new.entries,
            published_on=published_on,
            address=next((about["address"] for about in candidate.about.values()), None),
            fetched_at=candidate.fetched_at or self._clock(),
            checked_at=checked_at,
            complete=file.complete,
            left_out=dict(file.left_out),
        )
        stored = self._store(
            version, file, files=describe_files(file, candidate.about, new), new=new, old=old, by=verdict
        )
        changes = self._intake.changes(list_id, old.version if old else 0, stored.version)
        return Refreshed(list_id, "loaded", stored, notes=_notes(stored, verdict), changes=changes)

    def _refuse_what_is_settled(
        self, list_id: str, new: Summary, verdict: Verdict, checked_at: datetime | None
    ) -> None:
        """The same doubtful content is stored once, and what a person refused does not come back."""
        version, state = self._intake.held_as(list_id, new.digest) or (0, "")
        if state == "refused" and not verdict.overridden:
            raise RejectedListError(f"{list_id} was rejected: a person refused these very entries as version {version}")
        if state == "held" and verdict.outcome is Outcome.HELD:
            if checked_at is not None:
                self._intake.still_offered(list_id, version, checked_at)
            raise HeldListError(held_text(list_id, version, verdict), version=version)

    def _store(
        self,
        version: ListVersion,
        file: ListFile,
        *,
        files: Mapping[str, Any],
        new: Summary,
        old: ListVersion | None,
        by: Verdict,
    ) -> ListVersion:
        """Store the version, in service or held; HeldListError for the latter."""
        list_id, against = version.list_id, old.version if old else 0
        held = None
        if by.outcome is Outcome.HELD:
            held = HeldList(
                list_id=list_id,
                version=0,  # as above
                against=against,
                reasons=as_json(by.reasons),
                entries_digest=new.digest,
                proposed_by=self._proposer,
            )
        kind = "list_held" if held else "list_load"
        stored = self._lists.add_version(
            version,
            self._counting(f"{list_id}: storing", file, new.entries),
            files=files,
            audit=lambda loaded: self._audit_event(kind, _load_fields(loaded, old, by)),
            held=held,
            replaces=against,
            prove=lambda entries: self._search(list_id, entries, new.canaries),
            prove_keys=None if new.entries <= WHOLE_SEARCH else tuple(new.canaries.values()),
        )
        if held:
            raise HeldListError(held_text(list_id, stored.version, by), version=stored.version)
        return stored

    def _search(self, list_id: str, entries: Iterable[Listing], canaries: Mapping[str, str]) -> None:
        if missed := self._find(entries, canaries):
            raise RejectedListError(
                f"{list_id} was rejected: a search does not find {len(missed)} of its {len(canaries)} best-known "
                "parties, though the file holds them"
            )

    def _known_current(self, file: ListFile, stated_on: date | None) -> datetime | None:
        """Until when an imported file is known to have been the publisher's current one; None: nobody knows."""
        known = [file.generated_at] if file.generated_at else []
        if stated_on:
            known.append(datetime.combine(stated_on, time.min, UTC) + timedelta(days=1))
        return min(max(known), self._clock()) if known else None

    def unchanged(self, list_id: str, checked_at: datetime | None) -> Refreshed:
        """Note until when the version that serves is known to be the publisher's current one."""
        if checked_at is not None:
            self._lists.mark_checked(list_id, checked_at)
        return Refreshed(list_id, "unchanged", self.active(list_id))

    def active(self, list_id: str) -> ListVersion | None:
        """The version that serves, if any."""
        return next((version for version in self._lists.active() if version.list_id == list_id), None)

    def _digest_of_active(self, list_id: str) -> str | None:
        digest = self._lists.files(list_id).get("entries_digest")
        return digest if isinstance(digest, str) else None

    def _summary_of(self, version: ListVersion | None) -> Summary | None:
        if version is None:
            return None
        listings = self._lists.listings(version.list_id, version.version)
        counted = self._counting(f"{version.list_id}: comparing", listings, version.entries)
        return summarise(counted, published_on=version.published_on, digest=False)


def held_text(list_id: str, version: int, verdict: Verdict) -> str:
    """Why a version waits, and what to do about it, in one line."""
    return (
        f"{list_id} is held as version {version}: {verdict.explain()} "
        f"(two people may put it into service: hirescreen lists approve {list_id} {version})"
    )


def as_json(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as they are kept: objects with code, detail and override."""
    return [asdict(reason) for reason in reasons]


def refuse_a_retired_address(source: ListSource, published_on: date | None, now: datetime) -> None:
    """An address that is no longer kept up may still answer: OFSI's did after its list had ended."""
    if published_on and now.date() - published_on > source.longest_gap:
        days = source.longest_gap.days
        raise RejectedListError(
            f"the address of {source.list_id} offers an issue of {published_on}, though no gap between two issues "
            f"is longer than {days} days: has the address been retired?"
        )


def sha256_of(file: ListFile) -> str:
    """Over the unpacked bytes of the files, one after the other in the order of their roles' names."""
    if len(file.files) == 1:  # known from unpacking
        return file.files[0][1].sha256
    digest = hashlib.sha256()
    for _, plain in file.files:
        plain.stream.seek(0)
        while chunk := plain.stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def describe_files(file: ListFile, about: Mapping[str, Mapping[str, Any]], new: Summary) -> dict[str, Any]:
    """What is kept beside a version: its files by role, and the digest by which unchanged entries are told."""
    return {
        "entries_digest": new.digest,
        "canaries": new.canaries,
        "files": {
            role: {"name": plain.name, "sha256": plain.sha256, "size": plain.size, **about.get(plain.name, {})}
            for role, plain in file.files
        },
    }


def _load_fields(loaded: ListVersion, old: ListVersion | None, verdict: Verdict) -> dict[str, Any]:
    return {
        "list": loaded.list_id,
        "version": loaded.version,
        "replaces": old.version if old else None,
        "sha256": loaded.sha256,
        "records": loaded.entries,
        "published": loaded.published_on.isoformat() if loaded.published_on else None,
        "complete": loaded.complete,
        "reasons": [reason.code for reason in verdict.reasons],
        "overridden": [reason.code for reason in verdict.overridden],
    }


def _notes(stored: ListVersion, verdict: Verdict) -> tuple[str, ...]:
    notes = [f"accepted against: {reason.detail}" for reason in verdict.overridden]
    if not stored.complete:
        notes.append("only a part of the set was loaded: aliases or addresses are missing, and every answer says so")
    if stored.checked_at is None and source_of(stored.list_id).ages:
        notes.append("the files carry no date: the list counts as stale until --as-of says when they were current")
    return tuple(notes)
