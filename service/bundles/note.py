"""The manifest of a bundle as a signed note: made, verified, and read strictly.

The note (C2SP signed-note, Ed25519) has one line that names the format, and a JSON object written in one way only.
Nothing of a manifest is believed before its signature is verified with a key from elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from service.audit.note import Note, NoteSignature, VerifierKey, make_note, parse_key, parse_note
from service.audit.signing import SigningKey, verify_note
from service.bundles.bundle import FORMAT, BundledFile, BundledList, Manifest
from service.errors import BundleError, ConfigError, ProofError
from service.lists.container import MAX_PLAIN

KEY_NAME = "hirescreen/list-bundle"  # the name under which bundle keys sign; the key itself tells sites apart
MAX_LISTS, MAX_FILES = 100, 20  # of a bundle, and of one list
MAX_TOTAL = 8 * 1024**3  # bytes of all files together
_MEMBER = re.compile(r"[a-z0-9_]{1,60}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,30}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LONGEST_TEXT = 2000


def sign_manifest(manifest: Manifest, keys: Iterable[SigningKey]) -> bytes:
    """The manifest as a note with a signature by each of ``keys``; BundleError where it is none to be read again."""
    _read_text(manifest.text)
    signatures: list[NoteSignature] = [key.sign(KEY_NAME, manifest.text) for key in keys]
    try:
        return str(make_note(manifest.text, signatures)).encode()
    except ProofError as wrong:
        raise BundleError(f"The manifest cannot be signed: {wrong}") from wrong


def open_manifest(raw: bytes, keys: Iterable[VerifierKey]) -> tuple[Manifest, VerifierKey]:
    """The manifest in these bytes and the key that signed it; BundleError unless one of ``keys`` did."""
    try:
        note = parse_note(raw)
    except ProofError as wrong:
        raise BundleError(f"The bundle's manifest is no signed note: {wrong}") from wrong
    try:
        signers = verify_note(note, keys)
    except ProofError as wrong:
        raise BundleError(
            f"The bundle's signature does not hold: {wrong} It bears signatures of {_signers(note)}."
        ) from wrong
    return _read_text(note.text), signers[0]


def parse_keys(text: str, *, source: str) -> tuple[VerifierKey, ...]:
    """The verifier keys in ``text``, parted by white space; ConfigError names ``source`` where one is none."""
    try:
        keys = tuple(parse_key(word) for word in text.split())
    except ProofError as wrong:
        raise ConfigError(f"{source} is no verifier key of a bundle: {wrong}") from wrong
    if not keys:
        raise ConfigError(f"{source} holds no verifier key.")
    return keys


def _signers(note: Note) -> str:
    return ", ".join(f"{each.name} {each.key_id.hex()}" for each in note.signatures)


def _read_text(text: str) -> Manifest:
    head, _, body = text.partition("\n")
    if head != FORMAT:
        raise BundleError(f"The bundle is of the format {head[:60]!r}; this is a reader of {FORMAT!r}.")
    try:
        manifest = _manifest(json.loads(body, object_pairs_hook=_once))
    except (ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise BundleError(f"The bundle's manifest is not what it must be ({type(wrong).__name__}: {wrong}).") from wrong
    if manifest.text != text:
        raise BundleError("The bundle's manifest is not written the one way that a manifest is written.")
    return manifest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice in one object")
    return found


def _manifest(stated: Mapping[str, Any]) -> Manifest:
    lists = tuple(_list(each) for each in stated["lists"])
    manifest = Manifest(created_at=_moment(stated["created"]), sequence=_count(stated["sequence"]), lists=lists)
    files = [file for each in lists for file in each.files]
    _demand(0 < len(lists) <= MAX_LISTS, "the number of lists")
    _demand(len({each.list_id for each in lists}) == len(lists), "a list twice")
    _demand(len({file.member.casefold() for file in files}) == len(files), "a file twice")
    _demand(sum(file.size for file in files) <= MAX_TOTAL, "the size of all files together")
    _demand(all(each.fetched_at is None or each.fetched_at <= manifest.created_at for each in lists), "fetched later")
    return manifest


def _list(stated: Mapping[str, Any]) -> BundledList:
    files = tuple(_file(each) for each in stated["files"])
    list_id = _text(stated["list"])
    _demand(0 < len(files) <= MAX_FILES, f"the number of files of {list_id[:60]}")
    _demand(all(file.member.startswith(f"{list_id}/") for file in files), f"the members of {list_id[:60]}")
    _demand(len({file.name for file in files}) == len(files), f"a file name twice in {list_id[:60]}")
    return BundledList(
        list_id=list_id,
        published_on=date.fromisoformat(stated["published"]) if stated["published"] is not None else None,
        fetched_at=_moment(stated["fetched"]) if stated["fetched"] is not None else None,
        version=_count(stated["version"]) if stated["version"] is not None else None,
        files=files,
    )


def _file(stated: Mapping[str, Any]) -> BundledFile:
    file = BundledFile(
        member=_text(stated["member"]),
        name=_text(stated["name"]),
        address=_maybe_text(stated["address"]),
        sha256=_text(stated["sha256"]),
        size=_count(stated["size"]),
        etag=_maybe_text(stated["etag"]),
        last_modified=_maybe_text(stated["last_modified"]),
    )
    _demand(_MEMBER.fullmatch(file.member) is not None, f"the member name {file.member[:60]!r}")
    _demand(_SHA256.fullmatch(file.sha256) is not None, f"the sha256 of {file.member}")
    _demand(file.size <= MAX_PLAIN, f"the size of {file.member}")
    return file


def _demand(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


def _count(value: Any) -> int:
    _demand(type(value) is int and 0 < value < 1 << 53, f"the number {str(value)[:30]}")
    return int(value)


def _moment(value: Any) -> datetime:
    text = _text(value)
    _demand(_INSTANT.fullmatch(text) is not None, f"the instant {text[:40]!r}")
    return datetime.fromisoformat(text)


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _text(value: Any) -> str:
    _demand(isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT, "a text")
    return str(value)
