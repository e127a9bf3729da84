"""Brings past issues of a list into the store, in the order of their days, without touching what serves.

Each issue is judged by itself and loaded whole or not at all; a broken one is refused, recorded and
reported, and the run goes on. Only where the newest issue is newer than the version that serves is it
received like any import, and may then serve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Protocol

from service.errors import HeldListError, HirescreenError, MalformedListError, RejectedListError
from service.intake.reception import Candidate, Reception, sha256_of
from service.intake.refresh_ports import AuditEvent, AuditStore, ListStore
from service.lists import readers
from service.lists.acceptance import Override, judge
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.listing import Listing
from service.lists.sources import ListSource, source_of
from service.lists.summary import Summary, summarise
from service.lists.timeline import published_day
from service.records import ListVersion

LARGEST_FALL = 0.2  # of the entries from one issue to the next; more is a damaged copy
_BATCH = 1000


class LoadingLock(Protocol):
    """Who lets one loader of a list in at a time (``service.store.intake.Intake``)."""

    def loading(self, list_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, slots=True)
class Issue:
    """One past state of a list. ``stated_on``: its day by its name or its commit; the file's own day wins.

    ``files`` opens its files anew each time.
    """

    name: str
    stated_on: date | None
    files: Callable[[], AbstractContextManager[Sequence[PlainFile]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of an issue: ``loaded``, ``known`` (stored before), ``serves``, or with ``fault`` ``held`` or
    ``refused``."""

    issue: Issue
    outcome: str
    version: ListVersion | None = None
    fault: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Dated:
    issue: Issue
    day: date
    sha256: str


class ListHistory:
    """Loads issues of the past. Nobody confirmed that they are current, so they have no ``checked_at``."""

    def __init__(
        self,
        *,
        lists: ListStore,
        lock: LoadingLock,
        audit_log: AuditStore,
        audit_event: AuditEvent,
        reception: Reception,
    ) -> None:
        self._lists = lists
        self._lock = lock
        self._audit_log = audit_log
        self._audit_event = audit_event
        self._reception = reception

    def load(
        self,
        list_id: str,
        issues: Iterable[Issue],
        *,
        partial: bool = False,
        overrides: frozenset[Override] = frozenset(),
    ) -> Iterator[Taken]:
        """Load ``issues`` in the order of their days; one result for each, as it is reached.

        ``partial`` as for an import. ``overrides`` with HELD lets in what looks doubtful. RejectedListError for
        an unknown list; StoreUnavailableError from the store ends the run, and what was loaded stays.
        """
        source = source_of(list_id)
        stored = {(published_day(v), v.sha256): v for v in self._lists.versions(list_id)}
        dated: list[_Dated] = []
        for issue in issues:
            try:
                dated.append(_date(source, issue, partial))
            except (MalformedListError, RejectedListError) as error:
                yield self._refused(list_id, issue, error)
        dated.sort(key=lambda found: found.day)
        active = self._reception.active(list_id)
        serving_day = (active and published_day(active)) or date.min
        entries = 0
        for each in dated:
            known = stored.get((each.day, each.sha256))
            try:
                if known is not None:
                    taken = Taken(issue=each.issue, outcome="known", version=known)
                elif each is dated[-1] and each.day > serving_day and source.retired_on is None:
                    taken = self._receive(source, each, partial=partial, overrides=overrides)
                else:
                    taken = self._load(source, each, partial=partial, overrides=overrides, entries_before=entries)
            except (MalformedListError, RejectedListError) as error:
                taken = self._refused(list_id, each.issue, error)
            if taken.version is not None:
                stored[each.day, each.sha256] = taken.version
                entries = taken.version.entries
            yield taken

    def _receive(self, source: ListSource, dated: _Dated, *, partial: bool, overrides: frozenset[Override]) -> Taken:
        """The newest issue, newer than what serves: an import like any other."""
        with self._lock.loading(source.list_id, wait_seconds=60), dated.issue.files() as files:
            candidate = Candidate(
                source=source,
                files=files,
                about={},
                partial=partial,
                overrides=overrides,
                fetched_at=None,
                stated_on=dated.issue.stated_on,
            )
            try:
                received = self._reception.bring_in(candidate)
            except HeldListError as held:
                return Taken(issue=dated.issue, outcome="held", fault=str(held))
        return Taken(issue=dated.issue, outcome="serves", version=received.version, notes=received.notes)

    def _load(
        self, source: ListSource, dated: _Dated, *, partial: bool, overrides: frozenset[Override], entries_before: int
    ) -> Taken:
        notes: list[str] = []
        with dated.issue.files() as files:
            file = readers.read(source.list_id, files, partial=partial)
            watched = _Watched(file, source)

            def judged() -> None:
                notes.extend(_judged(source, file, watched.summary, overrides, entries_before))

            version = ListVersion(
                list_id=source.list_id,
                version=0,  # the store numbers it
                sha256=dated.sha256,
                entries=0,
                published_on=dated.day,
                complete=file.complete,
                left_out=dict(file.left_out),
            )
            stored = self._lists.add_version(
                version,
                watched.listings(then=judged),
                files={"files": {role: _describe(plain) for role, plain in file.files}},
                activate=False,
                audit=lambda loaded: self._audit_event("list_load", _load_fields(loaded, dated.issue)),
            )
        return Taken(issue=dated.issue, outcome="loaded", version=stored, notes=tuple(notes))

    def _refused(self, list_id: str, issue: Issue, error: HirescreenError) -> Taken:
        fields = {"list": list_id, "reason": str(error), "history": True, "issue": issue.name}
        self._audit_log.append(self._audit_event("list_reject", fields))
        return Taken(issue=issue, outcome="refused", fault=str(error))


def _judged(
    source: ListSource, file: ListFile, new: Summary, overrides: frozenset[Override], entries_before: int
) -> Iterator[str]:
    """Notes on an issue that may be stored; RejectedListError for one that may not.

    Parties that the list has held for years were not on it from its first day: that alone is a note.
    """
    verdict = judge(source=source, file=file, new=new, old=None, overrides=overrides)
    against = tuple(reason for reason in verdict.reasons if reason.code != "canary")
    if against:
        raise RejectedListError(replace(verdict, reasons=against).explain())
    if new.entries < entries_before * (1 - LARGEST_FALL) and Override.HELD not in overrides:
        raise RejectedListError(f"{new.entries} entries after {entries_before} in the issue before: a cut copy?")
    yield from (reason.detail for reason in verdict.reasons)
    yield from (f"accepted against: {reason.detail}" for reason in verdict.overridden)


class _Watched:
    """A list file that is summed up while it streams by, so that it is parsed once."""

    def __init__(self, file: ListFile, source: ListSource) -> None:
        self._file = file
        self._canaries = source.canaries
        self.summary = Summary(entries=0, dprk=0)

    def listings(self, *, then: Callable[[], None]) -> Iterator[Listing]:
        """The listings; at their end ``then`` may raise, and the store keeps none of them."""
        listings = iter(self._file)
        while batch := list(islice(listings, _BATCH)):
            self._add(summarise(batch, names=self._canaries, digest=False))
            yield from batch
        then()

    def _add(self, part: Summary) -> None:
        self.summary = replace(
            self.summary,
            entries=self.summary.entries + part.entries,
            dprk=self.summary.dprk + part.dprk,
            canaries=self.summary.canaries | part.canaries,
        )


def _date(source: ListSource, issue: Issue, partial: bool) -> _Dated:
    """The day and the digest of an issue, by opening its files and reading their heads."""
    with issue.files() as files:
        file = readers.read(source.list_id, files, partial=partial)
        day = file.published_on or issue.stated_on
        if day is None:
            raise MalformedListError("neither the file nor its name gives the day of its issue", where=issue.name)
        return _Dated(issue, day, sha256_of(file))


def _describe(plain: PlainFile) -> dict[str, Any]:
    return {"name": plain.name, "sha256": plain.sha256, "size": plain.size}


def _load_fields(loaded: ListVersion, issue: Issue) -> dict[str, Any]:
    return {
        "list": loaded.list_id,
        "version": loaded.version,
        "replaces": None,
        "sha256": loaded.sha256,
        "records": loaded.entries,
        "published": loaded.published_on.isoformat() if loaded.published_on else None,
        "complete": loaded.complete,
        "history": True,
        "issue": issue.name,
    }
