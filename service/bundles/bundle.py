"""What a bundle of list files says of itself: which files, of which lists, of when.

A bundle carries the files of several lists, as their publishers sent them, to a site without a network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from service.audit.note import VerifierKey

FORMAT = "hirescreen list bundle v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class BundledFile:
    """One file as its publisher sent it. ``member``: its name within the bundle; ``name``: the publisher's."""

    member: str
    name: str
    address: str | None
    sha256: str
    size: int
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BundledList:
    """One list. ``fetched_at``: when its publisher was asked, None for files that came from disk.

    ``published_on`` is the day inside the files or, without one, that of the server; ``version`` is the number
    under which the connected site holds this very content, None where it does not.
    """

    list_id: str
    published_on: date | None
    fetched_at: datetime | None
    version: int | None
    files: tuple[BundledFile, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """``sequence`` grows from one bundle of a site to the next."""

    created_at: datetime
    sequence: int
    lists: tuple[BundledList, ...]

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{FORMAT}\n{json.dumps(_to_json(self), ensure_ascii=False, indent=1)}\n"

    @property
    def sha256(self) -> str:
        """Over the text (hex)."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def files(self) -> Iterable[BundledFile]:
        """Every file in the order of the bundle."""
        return (file for each in self.lists for file in each.files)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBundle:
    """A bundle that was taken in, by the key that verified it; ``manifest_sha256`` as in :class:`Manifest`."""

    vkey: str
    sequence: int
    created_at: datetime
    manifest_sha256: str

    @classmethod
    def of(cls, manifest: Manifest, key: VerifierKey) -> TakenBundle:
        """What is kept of a bundle."""
        return cls(
            vkey=str(key),
            sequence=manifest.sequence,
            created_at=manifest.created_at,
            manifest_sha256=manifest.sha256,
        )


def instant(moment: datetime) -> datetime:
    """``moment`` as a manifest keeps it: UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _to_json(manifest: Manifest) -> dict[str, Any]:
    return {
        "created": _stamp(manifest.created_at),
        "sequence": manifest.sequence,
        "lists": [
            {
                "list": each.list_id,
                "published": each.published_on.isoformat() if each.published_on else None,
                "fetched": _stamp(each.fetched_at) if each.fetched_at else None,
                "version": each.version,
                "files": [{name: getattr(file, name) for name in BundledFile.__slots__} for file in each.files],
            }
            for each in manifest.lists
        ],
    }


def _stamp(moment: datetime) -> str:
    return f"{instant(moment):%Y-%m-%dT%H:%M:%SZ}"
