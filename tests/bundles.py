"""Bundles of list files made by hand, to be broken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from service.audit.signing import SigningKey
from service.bundles.archive import write_archive
from service.bundles.bundle import BundledFile, BundledList, Manifest
from service.bundles.note import KEY_NAME, sign_manifest

MADE = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
KEY = SigningKey(bytes(range(32)), MADE)
STRANGER = SigningKey(bytes(range(1, 33)), MADE)
VKEY = KEY.verifier(KEY_NAME)


def bundled(list_id: str, contents: Mapping[str, bytes], **stated: Any) -> BundledList:
    """A list of files by name, as a connected site describes it."""
    files = tuple(
        BundledFile(
            member=f"{list_id}/{number}-{name}",
            name=name,
            address=f"https://lists.example/{name}",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
        for number, (name, content) in enumerate(contents.items(), 1)
    )
    usual: dict[str, Any] = {"published_on": date(2026, 3, 4), "fetched_at": MADE, "version": 1}
    return BundledList(list_id=list_id, files=files, **(usual | stated))


def bundle(
    contents: Mapping[str, Mapping[str, bytes]],
    *,
    sequence: int = 1,
    created_at: datetime = MADE,
    key: SigningKey = KEY,
    **stated: Any,
) -> bytes:
    """A bundle of lists: list id to file name to content. ``stated``: of every list, as for ``bundled``."""
    lists = tuple(
        bundled(list_id, files, **({"fetched_at": created_at} | stated)) for list_id, files in contents.items()
    )
    manifest = Manifest(created_at=created_at, sequence=sequence, lists=lists)
    return archive(
        manifest, sign_manifest(manifest, [key]), [each for files in contents.values() for each in files.values()]
    )


def archive(manifest: Manifest, signed: bytes, contents: list[bytes]) -> bytes:
    """The archive of a signed manifest and contents; the sizes are those of the contents."""
    out = BytesIO()
    files = [replace(file, size=len(content)) for file, content in zip(manifest.files(), contents, strict=True)]
    write_archive(out, signed, ((file, BytesIO(content)) for file, content in zip(files, contents, strict=True)))
    return out.getvalue()
