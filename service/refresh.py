"""Brings list files into service: fetch or open, read, judge, store, switch; every step or none.

A list that cannot be had, read or accepted leaves the version that serves untouched and raises one
clear error; a refusal of a file is recorded in the audit log. Entries that did not change only move the
time at which the list was last known to be current.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from service.errors import HirescreenError, MalformedListError, RejectedListError
from service.fetch import Fetched
from service.lists import readers
from service.lists.acceptance import Outcome, Override, Verdict, judge
from service.lists.container import PlainFile, unpack
from service.lists.list_file import ListFile
from service.lists.sources import ListSource, SourceFile, files_at, source_of
from service.lists.status import NEVER_CHECKED
from service.lists.summary import Summary, summarise
from service.records import ListVersion
from service.refresh_ports import AuditEvent, AuditStore, FilesFetcher, ListStore


@dataclass(frozen=True, slots=True)
class Refreshed:
    """``outcome``: ``loaded``, ``unchanged`` or, from an update of several lists, ``failed`` with ``fault``."""

    list_id: str
    outcome: str
    version: ListVersion | None = None
    fault: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidate:
    """Files at hand, with what is known of where and when they were current."""

    source: ListSource
    files: Sequence[PlainFile]
    about: Mapping[str, Mapping[str, Any]]  # by file name: address and validators
    partial: bool
    overrides: frozenset[Override]
    fetched_at: datetime | None
    stated_on: date | None  # the day that the operator or the server gives; the file's own day wins


class ListRefresh:
    """The two ways in: files from disk, and the publishers' addresses."""

    def __init__(
        self, *, lists: ListStore, audit_log: AuditStore, audit_event: AuditEvent, clock: Callable[[], datetime]
    ) -> None:
        self._lists = lists
        self._audit_log = audit_log
        self._audit_event = audit_event
        self._clock = clock

    def import_files(
        self,
        list_id: str,
        paths: Sequence[Path],
        *,
        partial: bool = False,
        as_of: date | None = None,
        overrides: frozenset[Override] = frozenset(),
    ) -> Refreshed:
        """Load ``paths`` (plain, xz, gz or zip) as the list ``list_id``, whole or not at all.

        ``as_of``: the day on which the operator knows these files to have been the publisher's current
        ones. Without it the file's own date counts, and a list without a date counts as stale.
        MalformedListError, RejectedListError; StoreUnavailableError from the store.
        """
        source = source_of(list_id)
        with self._recording_refusals(list_id), ExitStack() as opened:
            files = [opened.enter_context(_opened(path)) for path in paths]
            candidate = _Candidate(
                source=source,
                files=files,
                about={},
                partial=partial,
                overrides=overrides,
                fetched_at=None,
                stated_on=as_of,
            )
            return self._bring_in(candidate)

    def update(
        self, list_ids: Iterable[str], fetcher: FilesFetcher, *, base_address: str | None = None
    ) -> tuple[Refreshed, ...]:
        """Fetch each list from its publisher, or from the mirror at ``base_address``; one does not stop another."""
        return tuple(self._updated(list_id, fetcher, base_address) for list_id in list_ids)

    def update_one(self, list_id: str, fetcher: FilesFetcher, *, base_address: str | None = None) -> Refreshed:
        """Fetch one list; FetchError, MalformedListError or RejectedListError where it did not get through."""
        source = source_of(list_id)
        files = files_at(source, base_address)
        known = self._lists.files(list_id).get("files", {})
        with self._recording_refusals(list_id), ExitStack() as opened:
            answers = {
                file.role: opened.enter_context(_fetch(fetcher, source, file, known.get(file.role, {})))
                for file in files
            }
            if all(answer.content is None for answer in answers.values()):
                active = self._active(list_id)
                _refuse_a_retired_address(source, active.published_on if active else None, self._clock())
                return self._unchanged(list_id, self._clock())
            for file in files:
                if answers[file.role].content is None:  # a set is judged whole: its other files are needed too
                    answers[file.role] = opened.enter_context(_fetch(fetcher, source, file, {}))
            return self._bring_in(self._fetched(source, files, answers, opened))

    def _updated(self, list_id: str, fetcher: FilesFetcher, base_address: str | None) -> Refreshed:
        try:
            return self.update_one(list_id, fetcher, base_address=base_address)
        except HirescreenError as error:
            return Refreshed(list_id, "failed", fault=str(error))

    def _fetched(
        self,
        source: ListSource,
        files: Sequence[SourceFile],
        answers: Mapping[str, Fetched],
        opened: ExitStack,
    ) -> _Candidate:
        plain: list[PlainFile] = []
        about: dict[str, Mapping[str, Any]] = {}
        for file in files:
            answer = answers[file.role]
            if answer.content is None:
                raise MalformedListError("the server sent nothing, though asked without conditions", where=file.role)
            name = file.address.rsplit("/", 1)[1]
            plain.append(opened.enter_context(unpack(answer.content, name)))
            about[name] = {"address": file.address, "etag": answer.etag, "last_modified": answer.last_modified}
        return _Candidate(
            source=source,
            files=plain,
            about=about,
            partial=False,
            overrides=frozenset(),
            fetched_at=self._clock(),
            stated_on=_day(answers[files[0].role].last_modified),
        )

    def _bring_in(self, candidate: _Candidate) -> Refreshed:
        list_id = candidate.source.list_id
        file = readers.read(list_id, candidate.files, partial=candidate.partial)
        published_on = file.published_on or candidate.stated_on
        if candidate.fetched_at:
            _refuse_a_retired_address(candidate.source, published_on, candidate.fetched_at)
        new = summarise(file, published_on=published_on, names=candidate.source.canaries)
        old = self._active(list_id)
        checked_at = candidate.fetched_at or self._known_current(file, candidate.stated_on)
        if old and old.complete == file.complete and self._digest_of_active(list_id) == new.digest:
            return self._unchanged(list_id, checked_at)
        verdict = judge(
            source=candidate.source,
            file=file,
            new=new,
            old=self._summary_of(old),
            old_complete=bool(old and old.complete),
            overrides=candidate.overrides,
        )
        if verdict.outcome is not Outcome.ACCEPTED:
            raise RejectedListError(f"{list_id} was {verdict.outcome}: {verdict.explain()}")
        version = ListVersion(
            list_id=list_id,
            version=0,  # the store numbers it
            sha256=_sha256(file),
            entries=new.entries,
            published_on=published_on,
            address=next((about["address"] for about in candidate.about.values()), None),
            fetched_at=candidate.fetched_at or self._clock(),
            checked_at=checked_at,
            complete=file.complete,
        )
        stored = self._lists.add_version(
            version,
            file,
            files=_describe(file, candidate.about, new),
            audit=lambda loaded: self._audit_event("list_load", _load_fields(loaded, old, verdict)),
        )
        return Refreshed(list_id, "loaded", stored, notes=_notes(stored, verdict))

    def _known_current(self, file: ListFile, stated_on: date | None) -> datetime:
        """Until when an imported file is known to have been the publisher's current one."""
        known = [file.generated_at] if file.generated_at else []
        if stated_on:
            known.append(datetime.combine(stated_on, time.min, UTC) + timedelta(days=1))
        return min(max(known, default=NEVER_CHECKED), self._clock())

    def _unchanged(self, list_id: str, checked_at: datetime) -> Refreshed:
        self._lists.mark_checked(list_id, checked_at)
        return Refreshed(list_id, "unchanged", self._active(list_id))

    def _active(self, list_id: str) -> ListVersion | None:
        return next((version for version in self._lists.active() if version.list_id == list_id), None)

    def _digest_of_active(self, list_id: str) -> str | None:
        digest = self._lists.files(list_id).get("entries_digest")
        return digest if isinstance(digest, str) else None

    def _summary_of(self, version: ListVersion | None) -> Summary | None:
        if version is None:
            return None
        listings = self._lists.listings(version.list_id, version.version)
        return summarise(listings, published_on=version.published_on, digest=False)

    @contextmanager
    def _recording_refusals(self, list_id: str) -> Iterator[None]:
        """Record that a file was refused; one that could not be had at all is no refusal."""
        try:
            yield
        except (MalformedListError, RejectedListError) as error:
            self._audit_log.append(self._audit_event("list_reject", {"list": list_id, "reason": str(error)}))
            raise


def _opened(path: Path) -> PlainFile:
    try:
        with path.open("rb") as stream:
            return unpack(stream, path.name)
    except OSError as error:
        raise MalformedListError(f"cannot be opened ({error.strerror})", where=str(path)) from error


def _fetch(fetcher: FilesFetcher, source: ListSource, file: SourceFile, known: Mapping[str, Any]) -> Fetched:
    """Ask for ``file``; with the validators of the version that serves, if that came from this address."""
    same = known.get("address") == file.address
    return fetcher.fetch(
        file.address,
        redirects=source.redirects,
        etag=known.get("etag") if same else None,
        last_modified=known.get("last_modified") if same else None,
    )


def _refuse_a_retired_address(source: ListSource, published_on: date | None, now: datetime) -> None:
    """An address that is no longer kept up may still answer: OFSI's did after its list had ended."""
    if published_on and now.date() - published_on > source.longest_gap:
        days = source.longest_gap.days
        raise RejectedListError(
            f"the address of {source.list_id} offers an issue of {published_on}, though no gap between two issues "
            f"is longer than {days} days: has the address been retired?"
        )


def _day(last_modified: str | None) -> date | None:
    try:
        return parsedate_to_datetime(last_modified).date() if last_modified else None
    except ValueError:
        return None


def _sha256(file: ListFile) -> str:
    """Over the unpacked bytes of the files, one after the other in the order of their roles' names."""
    digest = hashlib.sha256()
    for _, plain in file.files:
        plain.stream.seek(0)
        while chunk := plain.stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _describe(file: ListFile, about: Mapping[str, Mapping[str, Any]], new: Summary) -> dict[str, Any]:
    """What is kept beside a version: its files by role, and the digest by which unchanged entries are told."""
    return {
        "entries_digest": new.digest,
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
        "overridden": [reason.code for reason in verdict.overridden],
    }


def _notes(stored: ListVersion, verdict: Verdict) -> tuple[str, ...]:
    notes = [f"accepted against: {reason.detail}" for reason in verdict.overridden]
    if not stored.complete:
        notes.append("only a part of the set was loaded: aliases or addresses are missing, and every answer says so")
    if stored.checked_at == NEVER_CHECKED:
        notes.append("the files carry no date: the list counts as stale until --as-of says when they were current")
    return tuple(notes)
