"""Takes in a bundle of list files on a site without a network: verified whole, or not begun.

The signature, the digest of every file, the age of the bundle and the head of every list come first. Only then is
each list received as a download is, one after the other: what is doubtful is held for two people, what is no such
list is rejected, and each list either changes whole or not at all. A list counts as checked when the connected
site asked its publisher, never when the bundle came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from service.audit.note import VerifierKey
from service.bundles.archive import ArchiveReader
from service.bundles.bundle import BundledList, Manifest, TakenBundle
from service.bundles.note import open_manifest
from service.errors import BundleError, HirescreenError, MalformedListError, RejectedListError
from service.intake.reception import Candidate, Refreshed
from service.intake.refresh import ListRefresh, outcome_of
from service.intake.refresh_ports import AuditEvent, AuditStore
from service.lists import readers
from service.lists.container import PlainFile, unpack
from service.lists.sources import source_of
from service.records import AuditRecord, ListVersion

CLOCKS_DIFFER = timedelta(hours=1)  # between the two sites, at most
LOCK_WAITS = 5.0  # seconds for another import of a bundle to end
_LOCK = "list bundle"


class BundleStore(Protocol):
    """Where it is kept which bundles were taken in (``service.store.list_bundles.ListBundles``)."""

    def last(self, vkey: str | None = None) -> TakenBundle | None: ...

    def take(self, bundle: TakenBundle, *, taken_by: str, audit: AuditRecord) -> None: ...


class Loading(Protocol):
    """Who lets one loader in at a time (``service.store.intake.Intake``)."""

    def loading(self, list_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[None]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A list of a verified bundle, with its unpacked files."""

    bundled: BundledList
    files: Sequence[PlainFile]


class BundleImport:
    """Verifies bundles with ``keys``, and hands their lists to ``refresh``."""

    def __init__(
        self,
        *,
        keys: Sequence[VerifierKey],
        bundles: BundleStore,
        active: Callable[[], Sequence[ListVersion]],
        lock: Loading,
        refresh: ListRefresh,
        audit_log: AuditStore,
        audit_event: AuditEvent,
        clock: Callable[[], datetime],
        taken_by: str,
    ) -> None:
        self._keys = keys
        self._bundles = bundles
        self._active = active
        self._lock = lock
        self._refresh = refresh
        self._audit_log = audit_log
        self._audit_event = audit_event
        self._clock = clock
        self._taken_by = taken_by

    def take(self, path: Path, say: Callable[[Manifest], None] = lambda _: None) -> tuple[Refreshed, ...]:
        """What became of each list of the bundle at ``path``; a list that did not get through stops no other.

        ``say`` is told of the bundle once it is verified. BundleError where it is refused: then nothing was
        begun, and the audit log says why. ListBusyError where another bundle is being taken in.
        """
        with self._lock.loading(_LOCK, wait_seconds=LOCK_WAITS), ExitStack() as opened:
            try:
                manifest, key, lists = self._verified(path, opened)
            except BundleError as error:
                self._record({"action": "refused", "reason": str(error)})
                raise
            bundle = TakenBundle.of(manifest, key)
            about = {"sequence": manifest.sequence, "sha256": manifest.sha256, "vkey": str(key)}
            verified = self._audit_event("list_bundle", {"action": "verified", **about})
            self._bundles.take(bundle, taken_by=self._taken_by, audit=verified)
            say(manifest)
            done = tuple(self._receive(each) for each in lists)
            self._record({"action": "imported", **about, "outcomes": {one.list_id: one.outcome for one in done}})
            return done

    def _record(self, fields: Mapping[str, object]) -> None:
        self._audit_log.append(self._audit_event("list_bundle", dict(fields)))

    def _verified(self, path: Path, opened: ExitStack) -> tuple[Manifest, VerifierKey, list[Opened]]:
        """The bundle at ``path`` with private copies of its files; BundleError for any fault of it."""
        try:
            stream = opened.enter_context(path.open("rb"))
            reader = ArchiveReader(stream)
            manifest, key = open_manifest(reader.manifest(), self._keys)
            self._refuse_an_older_one(manifest, key)
            contents = list(reader.contents(manifest.files(), opened.enter_context))
        except OSError as error:
            raise BundleError(f"{path} cannot be read ({error.strerror}).") from error
        streams = iter(contents)
        return manifest, key, [_opened(each, streams, opened) for each in manifest.lists]

    def _refuse_an_older_one(self, manifest: Manifest, key: VerifierKey) -> None:
        """BundleError for a bundle before one that was taken in, from the future, or with a list that goes back."""
        this = TakenBundle.of(manifest, key)
        if manifest.created_at > self._clock() + CLOCKS_DIFFER:
            raise BundleError(
                f"The bundle is of {_at(manifest.created_at)}, which has not come yet: compare the clocks."
            )
        last = self._bundles.last(str(key))
        if last is not None and this.sequence < last.sequence:
            raise BundleError(
                f"The bundle is number {this.sequence}, and number {last.sequence} was taken in before: it is older."
            )
        if last is not None and this.sequence == last.sequence and this != last:
            raise BundleError(f"Another bundle with the number {this.sequence} was taken in before.")
        newest = self._bundles.last()
        if newest is not None and this.created_at < newest.created_at:
            raise BundleError(
                f"The bundle was made at {_at(this.created_at)}, and one of {_at(newest.created_at)} was taken in "
                "before: it is older."
            )
        self._refuse_lists_that_go_back(manifest)

    def _refuse_lists_that_go_back(self, manifest: Manifest) -> None:
        serving = {version.list_id: version.published_on for version in self._active()}
        back = [
            f"{each.list_id} is of {each.published_on} and that of {day} serves"
            for each in manifest.lists
            if each.published_on and (day := serving.get(each.list_id)) and each.published_on < day
        ]
        if back:
            raise BundleError(f"The bundle would turn lists back in time: {'; '.join(back)}.")

    def _receive(self, one: Opened) -> Refreshed:
        bundled = one.bundled
        candidate = Candidate(
            source=source_of(bundled.list_id),
            files=one.files,
            about={
                file.name: {"address": file.address, "etag": file.etag, "last_modified": file.last_modified}
                for file in bundled.files
                if file.address
            },
            partial=False,
            overrides=frozenset(),
            fetched_at=bundled.fetched_at,
            stated_on=bundled.published_on if bundled.fetched_at else None,
        )
        try:
            return self._refresh.receive(candidate)
        except HirescreenError as error:
            return Refreshed(bundled.list_id, outcome_of(error), fault=str(error))


def _opened(bundled: BundledList, contents: Iterator[BinaryIO], opened: ExitStack) -> Opened:
    """Unpack the files of a list and read their head, which must be of the day that the manifest says."""
    try:
        source_of(bundled.list_id)
        files = [opened.enter_context(unpack(next(contents), file.name)) for file in bundled.files]
        published_on = readers.read(bundled.list_id, files).published_on
    except (MalformedListError, RejectedListError) as error:
        raise BundleError(f"The bundle's {bundled.list_id} cannot be read: {error}") from error
    if published_on is not None and published_on != bundled.published_on:
        raise BundleError(
            f"The bundle's {bundled.list_id} is of {published_on}, and its manifest says {bundled.published_on}."
        )
    return Opened(bundled=bundled, files=files)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
