"""Screenings with their entries, for replays and certificates; and the history of them, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.screening_history import Filter, PastScreening
from service.screening_record import RecordedScreening
from service.store.database import Database, fetch_object, fetch_objects
from service.store.sql_files import query


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    id: UUID
    decided_at: datetime
    decision: str
    entry_id: UUID
    leaf: bytes
    request: bytes | None
    answer: bytes | None
    disclosures: Sequence[str] | None


class ScreeningRecords:
    """Reads what was recorded of screenings. StoreUnavailableError where the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, screening_id: UUID) -> RecordedScreening | None:
        """One screening with its entry; None where there is none of that id."""
        with self._database.connection() as connection:
            row = fetch_object(connection, _Row, "get_record", {"id": screening_id})
        if row is None:
            return None
        return RecordedScreening(
            id=row.id,
            decided_at=row.decided_at,
            decision=row.decision,
            entry_id=row.entry_id,
            leaf=bytes(row.leaf),
            request=row.request,
            answer=row.answer,
            disclosures=tuple(row.disclosures or ()),
        )

    def page(self, wanted: Filter, *, rows: int, before: UUID | None = None) -> tuple[PastScreening, ...]:
        """Screenings from the newest; ``before`` is the place to go on from."""
        with self._database.connection() as connection:
            lists = None
            if wanted.list_id is not None:
                numbers = [wanted.list_version]
                if wanted.list_version is None:
                    found = connection.execute(query("list_version_numbers"), {"list_id": wanted.list_id})
                    numbers = [0, *(number for (number,) in found)]
                lists = [f"{wanted.list_id}:{number}" for number in numbers]
            parameters = {
                "before": before,
                "first": wanted.first_id,
                "last": wanted.last_id,
                "since": wanted.since,
                "until": wanted.until,
                "decision": wanted.decision,
                "clause": wanted.clause,
                "lists": lists,
                "rows": rows,
            }
            name = "screening_page" if wanted.clause is None and lists is None else "screening_page_cited"
            return fetch_objects(connection, PastScreening, name, parameters)
