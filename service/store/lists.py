"""Versions of sanctions lists: loaded whole or not at all, kept for ever, switched by one pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from service.errors import RejectedListError, StoreUnavailableError
from service.lists.listing import Listing
from service.records import AuditRecord, HeldList, ListVersion
from service.store.audit import append_in
from service.store.database import Connection, Database, fetch_object, fetch_objects, fetch_row
from service.store.incoming import StreamCounts, copy_listings
from service.store.intake import active_number_in, hold_in
from service.store.listing_json import listing_from_json
from service.store.sql_files import query

ROWS_A_FETCH = 2000

DescribeLoad = Callable[[ListVersion], AuditRecord]
Prove = Callable[[Iterable[Listing]], None]


class Lists:
    """Writes and reads list versions. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_version(
        self,
        version: ListVersion,
        listings: Iterable[Listing],
        *,
        files: Mapping[str, Any] | None = None,
        activate: bool = True,
        audit: DescribeLoad | None = None,
        held: HeldList | None = None,
        replaces: int | None = None,
        prove: Prove | None = None,
        prove_keys: Sequence[str] | None = None,
    ) -> ListVersion:
        """Store a new version of ``version.list_id`` in one transaction; the version as stored.

        ``version.version`` and ``counts`` are ignored: the number is given here and the counts are taken
        from what was stored. A non-zero ``entries`` must agree with the stream. An exception of the stream,
        two entries of one key, or an empty stream leaves nothing behind (RejectedListError for the latter
        two and for a count that disagrees). ``files`` describes the files by role, ``audit`` makes the
        audit record of the load, committed with it. Loads of one list wait for each other.

        With ``held`` the version is stored to wait for approval and does not serve. ``replaces`` is the
        version that must serve still (0: none), else RejectedListError. ``prove`` gets the entries as they
        can be read from the store, all or those of ``prove_keys``, before the version serves; what it
        raises leaves nothing behind.
        """
        with self._database.transaction(long=True) as connection:
            connection.execute(query("lock_list"), {"list_id": version.list_id})
            connection.execute(query("plan_for_whole_lists"))
            if replaces is not None and active_number_in(connection, version.list_id) != replaces:
                raise RejectedListError(f"Another version of {version.list_id} came into service meanwhile.")
            counts = copy_listings(connection, version.list_id, listings)
            _refuse_miscount(version, counts.entries)
            (number,) = fetch_row(connection, "add_list_version", _describe(version, counts, files or {}))
            _store_entries(connection, version.list_id, number)
            parameters = {"list_id": version.list_id, "version": number}
            if prove is not None:
                prove(_read(connection, version.list_id, number, prove_keys))
            if held is not None:
                hold_in(connection, replace(held, version=number))
            elif activate:
                connection.execute(query("activate_list"), parameters)
                connection.execute(query("supersede_held_lists"), parameters)
            stored = fetch_objects(connection, ListVersion, "list_versions", parameters)[0]
            if audit is not None:
                append_in(connection, audit(stored))
            return stored

    def activate(self, list_id: str, version: int, *, audit: AuditRecord | None = None) -> None:
        """Point the list at a version that is stored; StoreUnavailableError for one that is not."""
        with self._database.transaction() as connection:
            connection.execute(query("activate_list"), {"list_id": list_id, "version": version})
            if audit is not None:
                append_in(connection, audit)

    def active(self) -> tuple[ListVersion, ...]:
        """The version that serves of each list, by list id. One statement: one consistent set."""
        with self._database.connection() as connection:
            return fetch_objects(connection, ListVersion, "active_lists")

    def versions(self, list_id: str) -> tuple[ListVersion, ...]:
        """Every version of a list but those that were held and never approved, the newest first."""
        with self._database.connection() as connection:
            return fetch_objects(connection, ListVersion, "list_versions", {"list_id": list_id, "version": None})

    def version(self, list_id: str, version: int) -> ListVersion | None:
        """One version, whether it serves, served or was held; None where it is not stored."""
        with self._database.connection() as connection:
            return fetch_object(connection, ListVersion, "list_versions", {"list_id": list_id, "version": version})

    def listings(self, list_id: str, version: int) -> Iterator[Listing]:
        """The entries of one version in the order of their keys, streamed; ``record`` is left empty.

        StoreUnavailableError for a version that is not stored, and where fewer or more entries come than
        it was stored with: half a list must not pass for a whole one.
        """
        parameters = {"list_id": list_id, "version": version}
        with self._database.transaction(long=True) as connection, connection.cursor("listings") as cursor:
            stored = fetch_object(connection, ListVersion, "list_versions", parameters)
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(query("listings"), parameters)
            read = 0
            for key, body in cursor:
                read += 1
                yield listing_from_json(list_id, key, orjson.loads(body))
        if stored is None or read != stored.entries:
            raise StoreUnavailableError(f"Version {version} of {list_id} is not stored whole.")

    def known_versions(self, list_id: str) -> tuple[ListVersion, ...]:
        """The versions of a list that may be asked by: none that waits for approval or never got it.

        ``loaded_at`` of one that was approved is the instant of its approval.
        """
        with self._database.connection() as connection:
            return fetch_objects(connection, ListVersion, "known_list_versions", {"list_id": list_id})

    def known_counts(self) -> dict[str, int]:
        """How many versions :meth:`known_versions` has, by list id."""
        with self._database.connection() as connection:
            return dict(connection.execute(query("known_list_counts")).fetchall())

    def key_spans(self, list_id: str, key: str) -> tuple[tuple[int, int | None], ...]:
        """From which version until before which one (None: to the newest) an entry stood, whatever its content."""
        with self._database.connection() as connection:
            rows = connection.execute(query("list_key_spans"), {"list_id": list_id, "key": key}).fetchall()
        return tuple((first, until) for first, until in rows)

    def past_spans(self, list_id: str, version: int) -> Iterator[tuple[str, int, int, int | None]]:
        """(key, content, from, until), streamed, of every entry that some version lacked or held otherwise.

        With ``version`` 0, the starter list, of every entry. Contents are told apart by a number.
        """
        yield from self._stream("list_past_spans", {"list_id": list_id, "version": version})

    def past_entries(self, list_id: str, version: int) -> Iterator[tuple[int, Listing]]:
        """(content, listing), streamed, of every content that ``version`` does not hold; ``record`` is left empty."""
        for content, key, body in self._stream("list_past_entries", {"list_id": list_id, "version": version}):
            yield content, listing_from_json(list_id, key, orjson.loads(body))

    def record(self, list_id: str, key: str, version: int) -> dict[str, Any] | None:
        """The record of one entry as its publisher wrote it; None where that version does not hold it."""
        parameters = {"list_id": list_id, "key": key, "version": version}
        with self._database.connection() as connection:
            row = connection.execute(query("listing_record"), parameters).fetchone()
        return orjson.loads(row[0]) if row else None

    def files(self, list_id: str) -> Mapping[str, Any]:
        """What :meth:`add_version` was given as ``files`` for the version that serves; empty if none does."""
        with self._database.connection() as connection:
            row = connection.execute(query("active_list_files"), {"list_id": list_id}).fetchone()
        return row[0] if row else {}

    def mark_checked(self, list_id: str, at: datetime) -> None:
        """The content of the version that serves was confirmed to be current ``at`` that time.

        Never moves the time back.
        """
        with self._database.connection() as connection:
            connection.execute(query("mark_list_checked"), {"list_id": list_id, "at": at})

    def _stream(self, name: str, parameters: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, a few thousand at a time."""
        with self._database.transaction(long=True) as connection, connection.cursor(name) as cursor:
            cursor.itersize = ROWS_A_FETCH
            cursor.execute(query(name), parameters)
            yield from cursor


def _refuse_miscount(version: ListVersion, found: int) -> None:
    if found == 0:
        raise RejectedListError(f"{version.list_id} holds no entries.")
    if version.entries not in (0, found):
        raise RejectedListError(f"{version.list_id} should hold {version.entries} entries and holds {found}.")


def _store_entries(connection: Connection, list_id: str, version: int) -> None:
    """Bring entries and spans from the previous version to this one; work and growth follow the changes."""
    parameters = {"list_id": list_id, "version": version}
    for step in ("add_list_entries", "close_list_spans", "open_list_spans", "count_new_changes"):
        connection.execute(query(step), parameters)


def _read(connection: Connection, list_id: str, version: int, keys: Sequence[str] | None) -> Iterator[Listing]:
    """The entries of a version, or those with these keys, within the transaction of ``connection``."""
    name = "listings" if keys is None else "listings_of_keys"
    with connection.cursor("proof") as cursor:
        cursor.execute(query(name), {"list_id": list_id, "version": version, "keys": list(keys or ())})
        for key, body in cursor:
            yield listing_from_json(list_id, key, orjson.loads(body))


def _describe(version: ListVersion, counts: StreamCounts, files: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "list_id": version.list_id,
        "sha256": version.sha256,
        "published_on": version.published_on,
        "address": version.address,
        "files": orjson.dumps(dict(files)).decode(),
        "fetched_at": version.fetched_at,
        "checked_at": version.checked_at,
        "entries": counts.entries,
        "counts": orjson.dumps(counts.by_name).decode(),
        "complete": version.complete,
        "left_out": orjson.dumps(version.left_out).decode(),
    }
