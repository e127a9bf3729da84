"""What happened to a list: its versions by their days, and the entries in which two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from service.lists.changes import ChangeKind, EntryChange, entry_change
from service.lists.listing import Listing
from service.records import DatedVersion, ListVersion
from service.store.database import Connection, Database, fetch_object, fetch_row
from service.store.listing_json import listing_from_json
from service.store.sql_files import query

ROWS_A_FETCH = 500
_CHANGE_COLUMNS = 5  # the place of a version and what changed, after the columns of the version itself


class ListVersions:
    """Reads the history of lists. StoreUnavailableError where the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, list_id: str, *, rows: int, before: tuple[date, int] | None = None) -> tuple[DatedVersion, ...]:
        """Versions from the newest by published day, then by number; ``before`` is the place to go on from."""
        day, number = before or (None, None)
        parameters = {"list_id": list_id, "rows": rows, "before_day": day, "before_version": number}
        with self._database.connection() as connection, connection.cursor() as cursor:
            found = cursor.execute(query("list_version_page"), parameters).fetchall()
            names = [column.name for column in cursor.description or ()][:-_CHANGE_COLUMNS]
            return tuple(self._dated(connection, names, row) for row in found)

    def version(self, list_id: str, version: int) -> ListVersion | None:
        """A version by its number; None where it is not stored, or was held and never approved."""
        parameters = {"list_id": list_id, "version": version}
        with self._database.connection() as connection:
            return fetch_object(connection, ListVersion, "known_list_version", parameters)

    def stored(self, list_id: str, version: int) -> ListVersion | None:
        """A version by its number, also where it is held or was refused; None where it is not stored."""
        with self._database.connection() as connection:
            return fetch_object(connection, ListVersion, "list_versions", {"list_id": list_id, "version": version})

    def files(self, list_id: str, version: int) -> Mapping[str, Mapping[str, Any]]:
        """The files of a version by role, as objects with ``name``, ``sha256``, ``size`` and, where it was
        fetched, ``address``; empty where the version is not stored."""
        with self._database.connection() as connection:
            row = connection.execute(query("list_version_files"), {"list_id": list_id, "version": version}).fetchone()
        return row[0].get("files", {}) if row else {}

    def before(self, version: ListVersion) -> int | None:
        """The number of the version before by published day; None for the first."""
        parameters = {"list_id": version.list_id, "version": version.version}
        with self._database.connection() as connection:
            row = connection.execute(query("list_version_before"), parameters).fetchone()
        return row[0] if row else None

    def count(self, list_id: str, since: int, version: int) -> tuple[int, int, int]:
        """How many entries were added, removed and changed from ``since`` to ``version``."""
        with self._database.connection() as connection:
            return _counted(connection, list_id, since, version)

    def changes(
        self,
        list_id: str,
        since: int,
        version: int,
        *,
        after: str | None = None,
        rows: int | None = None,
        kind: ChangeKind | None = None,
    ) -> Iterator[EntryChange]:
        """The entries in which two versions differ, streamed in the order of their keys.

        ``since`` 0 stands for the empty list before the first version. ``after`` is the key to go on from, ``rows``
        the most to give (all where None), ``kind`` the only kind of change to give.
        """
        parameters = {"list_id": list_id, "since": since, "version": version, "after": after, "rows": rows}
        parameters["kind"] = kind.value if kind else None
        with self._database.transaction(long=True) as connection, connection.cursor("changes") as cursor:
            cursor.itersize = min(ROWS_A_FETCH, rows or ROWS_A_FETCH)
            cursor.execute(query("list_changes"), parameters)
            for key, old, old_record, new, new_record in cursor:
                yield entry_change(_listing(list_id, key, old, old_record), _listing(list_id, key, new, new_record))

    def _dated(self, connection: Connection, names: list[str], row: tuple[Any, ...]) -> DatedVersion:
        version = ListVersion(**dict(zip(names, row, strict=False)))
        day, since, *changed = row[-_CHANGE_COLUMNS:]
        if changed[0] is None:  # counted when a version is loaded, but not where a held one stood between
            changed = [*_counted(connection, version.list_id, since or 0, version.version)]
        added, removed, altered = changed
        return DatedVersion(version=version, day=day, since=since, added=added, removed=removed, changed=altered)


def _counted(connection: Connection, list_id: str, since: int, version: int) -> tuple[int, int, int]:
    added, removed, changed = fetch_row(
        connection, "count_list_changes", {"list_id": list_id, "old": since, "new": version}
    )
    return added, removed, changed


def _listing(list_id: str, key: str, body: str | None, record: str | None) -> Listing | None:
    if body is None or record is None:
        return None
    return replace(listing_from_json(list_id, key, orjson.loads(body)), record=orjson.loads(record))
