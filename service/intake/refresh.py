"""Brings list files in, from disk or from their publishers, one loader of a list at a time.

What comes is handed to the reception, which judges and stores it. A refusal of a file is recorded in the
audit log, as is a publisher from whom no file could be had, and every attempt is noted with its outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from service.errors import (
    FetchError,
    HeldListError,
    HirescreenError,
    ListBusyError,
    MalformedListError,
    RejectedListError,
)
from service.intake.feeds import is_known, published_checksum
from service.intake.fetch import Fetched
from service.intake.reception import Candidate, Reception, Refreshed, refuse_a_retired_address
from service.intake.refresh_ports import (
    AuditEvent,
    AuditStore,
    CanarySearch,
    Counting,
    FilesFetcher,
    IntakeStore,
    ListStore,
    uncounted,
)
from service.lists.acceptance import Override
from service.lists.container import PlainFile, unpack
from service.lists.sources import ListSource, SourceFile, files_at, refuse_a_retired_list, source_of
from service.records import ListAttempt

IMPORT_WAITS = 60.0  # seconds for a refresh of the same list to end


class ListRefresh:
    """The two ways in: files from disk, and the publishers' addresses.

    ``find`` searches for canaries as a screening would; ``proposer`` (kind and id) is who brings the lists,
    ``trigger`` what made an update run; ``counting`` sees the entries go by.
    """

    def __init__(
        self,
        *,
        lists: ListStore,
        intake: IntakeStore,
        audit_log: AuditStore,
        audit_event: AuditEvent,
        find: CanarySearch,
        clock: Callable[[], datetime],
        proposer: str = "cli:local",
        trigger: str = "command",
        counting: Counting = uncounted,
    ) -> None:
        self._lists = lists
        self._intake = intake
        self._audit_log = audit_log
        self._audit_event = audit_event
        self._clock = clock
        self._trigger = trigger
        self._reception = Reception(
            lists=lists,
            intake=intake,
            audit_event=audit_event,
            find=find,
            clock=clock,
            proposer=proposer,
            counting=counting,
        )

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
        MalformedListError, RejectedListError, HeldListError where two people have to approve the version,
        ListBusyError; StoreUnavailableError from the store.
        """
        source = source_of(list_id)

        def bring_in() -> Refreshed:
            with self._intake.loading(list_id, wait_seconds=IMPORT_WAITS), ExitStack() as opened:
                candidate = Candidate(
                    source=source,
                    files=[opened.enter_context(_opened(path)) for path in paths],
                    about={},
                    partial=partial,
                    overrides=overrides,
                    fetched_at=None,
                    stated_on=as_of,
                )
                return self._reception.bring_in(candidate)

        return self._attempted(list_id, "import", bring_in)

    def receive(self, candidate: Candidate) -> Refreshed:
        """Take files that another site fetched and that were verified; errors as of :meth:`update_one`."""
        source = candidate.source

        def bring_in() -> Refreshed:
            with self._intake.loading(source.list_id, wait_seconds=IMPORT_WAITS):
                return self._reception.bring_in(candidate)

        return self._attempted(source.list_id, "import", bring_in)

    def update(
        self, list_ids: Iterable[str], fetcher: FilesFetcher, *, base_address: str | None = None
    ) -> tuple[Refreshed, ...]:
        """Fetch each list from its publisher, or from the mirror at ``base_address``; one does not stop another."""
        return tuple(self._updated(list_id, fetcher, base_address) for list_id in list_ids)

    def update_one(self, list_id: str, fetcher: FilesFetcher, *, base_address: str | None = None) -> Refreshed:
        """Fetch one list.

        FetchError, MalformedListError or RejectedListError where it did not get through, HeldListError
        where two people have to approve it, ListBusyError where another process is at it.
        """
        source = source_of(list_id)

        def bring_in() -> Refreshed:
            with self._intake.loading(list_id), ExitStack() as opened:
                return self._fetch_and_bring_in(source, files_at(source, base_address), fetcher, opened)

        return self._attempted(list_id, self._trigger, bring_in)

    def _fetch_and_bring_in(
        self, source: ListSource, files: Sequence[SourceFile], fetcher: FilesFetcher, opened: ExitStack
    ) -> Refreshed:
        if not files:
            raise RejectedListError(f"{source.list_id} has no address to fetch from: import its files")
        known = self._lists.files(source.list_id).get("files", {})
        checksum = published_checksum(fetcher, source, files[0])
        if is_known(checksum, known.get(files[0].role, {}), files[0]):
            return self._unchanged(source)
        answers = {
            file.role: opened.enter_context(_fetch(fetcher, source, file, known.get(file.role, {}))) for file in files
        }
        if all(answer.content is None for answer in answers.values()):
            return self._unchanged(source)
        for file in files:
            if answers[file.role].content is None:  # a set is judged whole: its other files are needed too
                answers[file.role] = opened.enter_context(_fetch(fetcher, source, file, {}))
        fetched = self._fetched(source, files, answers, opened)
        if checksum is not None:
            first = next(iter(fetched.about))
            about = {**fetched.about, first: {**fetched.about[first], "checksum": checksum}}
            fetched = replace(fetched, about=about)
        return self._reception.bring_in(fetched)

    def _unchanged(self, source: ListSource) -> Refreshed:
        """The publisher says that what serves is its current issue; a list that stands still for too long is not."""
        active = self._reception.active(source.list_id)
        refuse_a_retired_address(source, active.published_on if active else None, self._clock())
        return self._reception.unchanged(source.list_id, self._clock())

    def _updated(self, list_id: str, fetcher: FilesFetcher, base_address: str | None) -> Refreshed:
        try:
            return self.update_one(list_id, fetcher, base_address=base_address)
        except HirescreenError as error:
            return Refreshed(list_id, outcome_of(error), fault=str(error))

    def _attempted(self, list_id: str, trigger: str, bring_in: Callable[[], Refreshed]) -> Refreshed:
        """Do it, and note how it ended: a file that was refused or could not be had in the audit log too."""
        at = self._clock()
        try:
            refuse_a_retired_list(source_of(list_id), at.date())
            done = bring_in()
        except (MalformedListError, RejectedListError, FetchError) as error:
            outcome = outcome_of(error)
            if outcome in ("rejected", "failed"):
                self._audit_log.append(self._audit_event("list_reject", {"list": list_id, "reason": str(error)}))
            version = error.version if isinstance(error, HeldListError) else None
            detail = " ".join(str(error).split())[:1000]
            attempt = ListAttempt(list_id=list_id, at=at, trigger=trigger, outcome=outcome, detail=detail)
            self._intake.record_attempt(replace(attempt, version=version))
            raise
        added, removed, changed = done.changes or (None, None, None)
        self._intake.record_attempt(
            ListAttempt(
                list_id=list_id,
                at=at,
                trigger=trigger,
                outcome=done.outcome,
                version=done.version.version if done.version else None,
                added=added,
                removed=removed,
                changed=changed,
            )
        )
        return done

    def _fetched(
        self,
        source: ListSource,
        files: Sequence[SourceFile],
        answers: Mapping[str, Fetched],
        opened: ExitStack,
    ) -> Candidate:
        plain: list[PlainFile] = []
        about: dict[str, Mapping[str, Any]] = {}
        for file in files:
            answer = answers[file.role]
            if answer.content is None:
                raise MalformedListError("the server sent nothing, though asked without conditions", where=file.role)
            name = file.address.rsplit("/", 1)[1]
            plain.append(opened.enter_context(unpack(answer.content, name)))
            about[name] = {"address": file.address, "etag": answer.etag, "last_modified": answer.last_modified}
        return Candidate(
            source=source,
            files=plain,
            about=about,
            partial=False,
            overrides=frozenset(),
            fetched_at=self._clock(),
            stated_on=day_of(answers[files[0].role].last_modified),
        )


def outcome_of(error: HirescreenError) -> str:
    """How an attempt ended that ended with ``error``."""
    if isinstance(error, HeldListError):
        return "held"
    if isinstance(error, ListBusyError):
        return "busy"
    return "rejected" if isinstance(error, MalformedListError | RejectedListError) else "failed"


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
        seconds=source.fetch_seconds,
    )


def day_of(last_modified: str | None) -> date | None:
    """The day in a Last-Modified header (RFC 9110, 8.8.2); None where there is none."""
    try:
        return parsedate_to_datetime(last_modified).date() if last_modified else None
    except ValueError:
        return None
