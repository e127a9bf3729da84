"""How often screenings met a list's parties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.store.database import Database
from service.store.sql_files import query


class ListHits:
    """Counts. StoreUnavailableError where the database is away."""

    def __init__(self, database: Database, *, dprk_clause: str) -> None:
        self._database = database
        self._dprk_clause = dprk_clause

    def since(self, moment: datetime) -> Mapping[str, tuple[int, int]]:
        """By list: how many screenings were compared with it since ``moment``, and how many of them cite it."""
        parameters = {"since": moment, "dprk_clause": self._dprk_clause}
        with self._database.transaction(long=True) as connection:
            rows = connection.execute(query("list_hits"), parameters).fetchall()
        return {list_id: (asked, hit) for list_id, asked, hit in rows}
