"""Which bundles of list files were taken in."""

from __future__ import annotations

from dataclasses import asdict

from service.bundles.bundle import TakenBundle
from service.records import AuditRecord
from service.store.audit import append_in
from service.store.database import Database, fetch_object
from service.store.sql_files import query


class ListBundles:
    """Reads and writes. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, vkey: str | None = None) -> TakenBundle | None:
        """The bundle with the highest number by ``vkey``, or the newest one by any key; None where there is none."""
        with self._database.connection() as connection:
            return fetch_object(connection, TakenBundle, "last_list_bundle", {"vkey": vkey})

    def take(self, bundle: TakenBundle, *, taken_by: str, audit: AuditRecord) -> None:
        """Note that a bundle was verified and is taken in from now on; an audit entry is committed with it."""
        with self._database.transaction() as connection:
            connection.execute(query("take_list_bundle"), {**asdict(bundle), "taken_by": taken_by})
            append_in(connection, audit)
