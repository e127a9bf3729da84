"""Packs the current files of lists into a signed bundle, on a site that can reach their publishers.

What goes in are the publishers' own bytes, fetched for the bundle, since a site keeps the entries of its lists and
not the files. Each list is read to its end before it is packed: a broken download does not travel.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from service.audit.signing import SigningKey
from service.bundles.archive import write_archive
from service.bundles.bundle import BundledFile, BundledList, Manifest, instant
from service.bundles.keys import key_ring, next_sequence, replaced
from service.bundles.note import KEY_NAME, sign_manifest
from service.errors import ConfigError, MalformedListError, RejectedListError
from service.intake.reception import refuse_a_retired_address, sha256_of
from service.intake.refresh import day_of
from service.intake.refresh_ports import AuditEvent, AuditStore, FilesFetcher
from service.lists import readers
from service.lists.acceptance import Outcome, Verdict, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.sources import ListSource, files_at, source_of
from service.lists.summary import summarise
from service.records import AuditRecord, ListVersion

_CHUNK = 1024 * 1024
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Packed:
    """A list as it was packed. ``notes``: what a site that takes the bundle may hold it for."""

    bundled: BundledList
    entries: int
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """A bundle that was written."""

    manifest: Manifest
    lists: tuple[Packed, ...]
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Content:
    """A file at hand: its bytes as they came, and where from."""

    name: str
    address: str | None
    stream: BinaryIO
    etag: str | None = None
    last_modified: str | None = None


class BundleMaker:
    """Makes bundles with the keys of ``folder``, where the number of the last bundle is kept, too."""

    def __init__(
        self,
        *,
        folder: Path,
        fetcher: FilesFetcher,
        active: Mapping[str, ListVersion],
        audit_log: AuditStore,
        audit_event: AuditEvent,
        clock: Callable[[], datetime],
        base_address: str | None = None,
    ) -> None:
        self._folder = folder
        self._fetcher = fetcher
        self._active = active
        self._audit_log = audit_log
        self._audit_event = audit_event
        self._clock = clock
        self._base_address = base_address

    def make(self, out: Path, list_ids: Sequence[str], given: Mapping[str, Sequence[Path]]) -> Bundle:
        """Write a bundle of ``list_ids`` to ``out``, whole or not at all; ``given``: files that are not fetched.

        ConfigError without a bundle key; FetchError, MalformedListError or RejectedListError where a list
        cannot be had or is not what its publisher writes.
        """
        keys = key_ring(self._folder).signing(self._clock())
        if not keys:
            raise ConfigError("There is no bundle key: hirescreen lists bundle-key generate")
        with ExitStack() as opened:
            contents: list[tuple[BundledFile, BinaryIO]] = []
            packed = []
            for list_id in list_ids:
                source = source_of(list_id)
                files, fetched_at = self._contents(source, given.get(list_id), opened)
                each, streams = self._pack(source, files, fetched_at)
                packed.append(each)
                contents += zip(each.bundled.files, streams, strict=True)
            return self._write(out, keys, packed, contents)

    def _contents(
        self, source: ListSource, paths: Sequence[Path] | None, opened: ExitStack
    ) -> tuple[list[_Content], datetime | None]:
        """The files of a list, and when they were fetched."""
        if source.retired_on and source.retired_on <= self._clock().date():
            raise RejectedListError(f"{source.list_id} was retired by its publisher on {source.retired_on}")
        if paths is not None:
            return [_from_disk(path, opened) for path in paths], None
        files = files_at(source, self._base_address)
        if not files:
            raise RejectedListError(f"{source.list_id} has no address to fetch from: give its files with --file")
        fetched_at = instant(self._clock())
        found = []
        for file in files:
            answer = opened.enter_context(
                self._fetcher.fetch(file.address, redirects=source.redirects, seconds=source.fetch_seconds)
            )
            if answer.content is None:
                raise MalformedListError("the server sent nothing, though asked without conditions", where=file.role)
            found.append(
                _Content(
                    name=file.address.rsplit("/", 1)[1],
                    address=file.address,
                    stream=answer.content,
                    etag=answer.etag,
                    last_modified=answer.last_modified,
                )
            )
        return found, fetched_at

    def _pack(
        self, source: ListSource, files: Sequence[_Content], fetched_at: datetime | None
    ) -> tuple[Packed, list[BinaryIO]]:
        """Read a list to its end, and describe its files."""
        with ExitStack() as opened:
            plain = [opened.enter_context(unpack(each.stream, each.name)) for each in files]
            file = readers.read(source.list_id, plain)
            published_on = file.published_on or day_of(files[0].last_modified)
            if fetched_at is not None:
                refuse_a_retired_address(source, published_on, fetched_at)
            entries, verdict = self._judged(source, file, published_on)
            bundled = BundledList(
                list_id=source.list_id,
                published_on=published_on,
                fetched_at=fetched_at,
                version=self._version_here(source.list_id, file),
                files=tuple(_described(source.list_id, number, each) for number, each in enumerate(files, 1)),
            )
        notes = tuple(reason.detail for reason in verdict.reasons)
        return Packed(bundled=bundled, entries=entries, notes=notes), [each.stream for each in files]

    def _judged(self, source: ListSource, file: ListFile, published_on: date | None) -> tuple[int, Verdict]:
        """Judge the list by itself: what is doubtful the other site will hold; what is no such list is not packed."""
        new = summarise(file, published_on=published_on, names=source.canaries, digest=False)
        verdict = judge(source=source, file=file, new=new, old=None, today=self._clock().date())
        if verdict.outcome is Outcome.REJECTED:
            raise RejectedListError(f"{source.list_id} was rejected: {verdict.explain()}")
        return new.entries, verdict

    def _version_here(self, list_id: str, file: ListFile) -> int | None:
        active = self._active.get(list_id)
        return active.version if active and active.sha256 == sha256_of(file) else None

    def _write(
        self,
        out: Path,
        keys: Sequence[SigningKey],
        packed: Sequence[Packed],
        contents: Iterable[tuple[BundledFile, BinaryIO]],
    ) -> Bundle:
        manifest = Manifest(
            created_at=instant(self._clock()),
            sequence=next_sequence(self._folder),
            lists=tuple(each.bundled for each in packed),
        )
        signed = sign_manifest(manifest, keys)
        with replaced(out) as file:
            write_archive(file, signed, contents)
            size = file.tell()
            self._audit_log.append(self._audit_of(manifest, keys))
        return Bundle(manifest=manifest, lists=tuple(packed), size=size)

    def _audit_of(self, manifest: Manifest, keys: Sequence[SigningKey]) -> AuditRecord:
        fields = {
            "action": "made",
            "sequence": manifest.sequence,
            "sha256": manifest.sha256,
            "vkeys": [str(key.verifier(KEY_NAME)) for key in keys],
            "lists": [each.list_id for each in manifest.lists],
        }
        return self._audit_event("list_bundle", fields)


def _from_disk(path: Path, opened: ExitStack) -> _Content:
    try:
        return _Content(name=path.name, address=None, stream=opened.enter_context(path.open("rb")))
    except OSError as error:
        raise MalformedListError(f"cannot be opened ({error.strerror})", where=str(path)) from error


def _described(list_id: str, number: int, content: _Content) -> BundledFile:
    digest, size = hashlib.sha256(), 0
    content.stream.seek(0)
    while chunk := content.stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    bare = _NOT_IN_A_NAME.sub("-", content.name).strip(".-")[:_LONGEST_NAME]
    return BundledFile(
        member=f"{list_id}/{number}-{bare or 'file'}",
        name=content.name,
        address=content.address,
        sha256=digest.hexdigest(),
        size=size,
        etag=content.etag,
        last_modified=content.last_modified,
    )
