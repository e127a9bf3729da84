"""The lists of a decision as a file that an engine of another day reads: JSON lines, and nothing of our own types.

The first line is the question. Then, of each list, its known versions and its entries: each content once, with the
versions in which it stood. The starter list is not in it: every engine has its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import orjson

from service.errors import StoreUnavailableError
from service.lists.listing import Listing
from service.records import JsonObject, ListVersion
from service.replay.recompute import PinnedLists, Question
from service.store.listing_json import body_to_json, listing_from_json

Span = tuple[int, int | None]
_DAYS, _INSTANTS = ("published_on",), ("fetched_at", "checked_at", "loaded_at", "activated_at")


def write_material(question: Question, lists: PinnedLists, file: BinaryIO) -> None:
    """Write what a replay of ``question`` needs. StoreUnavailableError where a list cannot be read."""
    _line(file, question.as_json())
    for version in lists.active():
        if version.version == 0 and not lists.known_counts()[version.list_id]:
            continue
        _line(file, {"serving": _version_json(version)})
        for known in lists.known_versions(version.list_id):
            _line(file, {"known": _version_json(known)})
        _write_entries(version, lists, file)


def _write_entries(serving: ListVersion, lists: PinnedLists, file: BinaryIO) -> None:
    """The contents of the serving version, then those that only other versions hold."""
    list_id, number = serving.list_id, serving.version
    spans: dict[str, list[tuple[int, Span]]] = defaultdict(list)
    if lists.known_counts()[list_id] > (1 if number else 0):
        for key, content, first, until in lists.past_spans(list_id, number):
            spans[key].append((content, (first, until)))
        for content, listing in lists.past_entries(list_id, number):
            _write_entry(file, listing, content, [s for each, s in spans[listing.key] if each == content])
    if not number:
        return
    for listing in lists.listings(list_id, number):
        of_key = spans.get(listing.key, ())
        standing = next((each for each, span in of_key if _holds(span, number)), None)
        _write_entry(file, listing, standing, [span for each, span in of_key if each == standing])


def _write_entry(file: BinaryIO, listing: Listing, content: int | None, spans: list[Span]) -> None:
    """One content; without a number it stood in every version."""
    body = orjson.loads(body_to_json(listing))
    _line(file, {"list": listing.list_id, "key": listing.key, "body": body, "content": content, "spans": spans})


def _holds(span: Span, version: int) -> bool:
    return span[0] <= version and (span[1] is None or version < span[1])


def _line(file: BinaryIO, content: JsonObject) -> None:
    file.write(orjson.dumps(content) + b"\n")


def _version_json(version: ListVersion) -> JsonObject:
    return {name: getattr(version, name) for name in ListVersion.__slots__}


def _version(stated: JsonObject) -> ListVersion:
    """A version; what a later program states beside what this one knows is left aside."""
    known = {name: value for name, value in stated.items() if name in ListVersion.__slots__}
    for name in _DAYS:
        known[name] = date.fromisoformat(known[name]) if known.get(name) else None
    for name in _INSTANTS:
        known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
    return ListVersion(**known)


class Material:
    """A store of lists over what :func:`write_material` wrote."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """ValueError where the file is not whole."""
        self._known: dict[str, list[ListVersion]] = defaultdict(list)
        self._serving: dict[str, ListVersion] = {}
        self._entries: dict[str, list[tuple[int | None, Listing]]] = defaultdict(list)
        self._spans: dict[tuple[str, int], list[Span]] = {}
        for line in lines:
            self._read(orjson.loads(line))

    def _read(self, stated: JsonObject) -> None:
        if "serving" in stated:
            version = _version(stated["serving"])
            self._serving[version.list_id] = version
        elif "known" in stated:
            version = _version(stated["known"])
            self._known[version.list_id].append(version)
        else:
            list_id, content = stated["list"], stated["content"]
            self._entries[list_id].append((content, listing_from_json(list_id, stated["key"], stated["body"])))
            if content is not None:
                self._spans[list_id, content] = [(first, until) for first, until in stated["spans"]]

    def version(self, list_id: str, version: int) -> ListVersion | None:
        serving = self._serving.get(list_id)
        if serving is not None and serving.version == version:
            return serving
        return next((each for each in self._known[list_id] if each.version == version), None)

    def active(self) -> tuple[ListVersion, ...]:
        return tuple(self._serving.values())

    def known_counts(self) -> dict[str, int]:
        return {list_id: len(found) for list_id, found in self._known.items()}

    def known_versions(self, list_id: str) -> tuple[ListVersion, ...]:
        return tuple(self._known[list_id])

    def listings(self, list_id: str, version: int) -> Iterator[Listing]:
        """The entries of a version in the order of their keys. StoreUnavailableError where they are not all here."""
        found = [
            listing
            for content, listing in self._entries[list_id]
            if content is None or any(_holds(span, version) for span in self._spans[list_id, content])
        ]
        stored = self.version(list_id, version)
        if stored is None or stored.entries != len(found):
            raise StoreUnavailableError(f"Version {version} of {list_id} is not here whole.")
        return iter(sorted(found, key=lambda listing: listing.key.encode()))

    def key_spans(self, list_id: str, key: str) -> tuple[Span, ...]:
        """As the store gives them; an entry without spans stood from the first version on."""
        found: list[Span] = []
        for content, listing in self._entries[list_id]:
            if listing.key == key:
                found += [(1, None)] if content is None else self._spans[list_id, content]
        return tuple(sorted(found, key=lambda span: span[0]))

    def past_spans(self, list_id: str, version: int) -> Iterator[tuple[str, int, int, int | None]]:  # noqa: ARG002
        """Those of every entry that has spans; the file was written for ``version``."""
        for content, listing in self._entries[list_id]:
            if content is not None:
                yield from ((listing.key, content, first, until) for first, until in self._spans[list_id, content])

    def past_entries(self, list_id: str, version: int) -> Iterator[tuple[int, Listing]]:
        """Those that ``version`` does not hold, in the order of key and content."""
        found = [
            (content, listing)
            for content, listing in self._entries[list_id]
            if content is not None and not any(_holds(span, version) for span in self._spans[list_id, content])
        ]
        yield from sorted(found, key=lambda entry: (entry[1].key.encode(), entry[0]))


def read_material(lines: Iterator[bytes]) -> tuple[Question, Any]:
    """The question and the store of a material file."""
    return Question.from_json(orjson.loads(next(lines))), Material(lines)
