"""What people decided about screenings, in the database; their reasons stand in the audit log's disclosures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from service.dispositions import Disposition, Review, State, Verdict
from service.records import AuditRecord
from service.store.audit import append_in
from service.store.database import Connection, Database, fetch_objects
from service.store.sql_files import query


@dataclass(frozen=True, slots=True)
class _Row:
    screening_id: UUID
    decision: str
    decided_at: datetime
    stage: str
    reference: str | None
    clauses: list[str]
    erased: bool
    words: list[dict[str, Any]]


class SigningTransaction:
    """One review for one transaction; see ``service.dispositions.Signing``."""

    def __init__(self, connection: Connection, screening_id: UUID) -> None:
        self._connection = connection
        self._id = screening_id

    def review(self) -> Review | None:
        """How it stands; None where the screening needs nobody's word."""
        return next(iter(_reviews(self._connection, screening_id=self._id)), None)

    def add(self, disposition: Disposition, audit: AuditRecord) -> None:
        """Keep a person's word with its audit entry."""
        before = self.review()
        assert before is not None  # noqa: S101 - the caller has read it in this transaction
        after = replace(before, dispositions=(*before.dispositions, disposition))
        parameters = {
            "id": disposition.id,
            "screening_id": self._id,
            "account_id": disposition.account_id,
            "role": disposition.role,
            "verdict": disposition.verdict.value,
            "at": disposition.at,
            "settles": after.state is State.SETTLED,
            "entry_id": audit.entry_id,
        }
        self._connection.execute(query("add_disposition"), parameters)
        append_in(self._connection, audit)


class Dispositions:
    """Writes and reads what people decided. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def signing(self, screening_id: UUID) -> Iterator[SigningTransaction]:
        """A transaction in which nobody else signs this review."""
        with self._database.transaction() as connection:
            connection.execute(query("lock_review"), {"id": str(screening_id)})
            yield SigningTransaction(connection, screening_id)

    def get(self, screening_id: UUID) -> Review | None:
        """One review; None where there is no such screening, or it needs nobody's word."""
        with self._database.connection() as connection:
            return next(iter(_reviews(connection, screening_id=screening_id)), None)

    def page(self, *, rows: int, after: UUID | None, settled: bool | None, without: UUID | None) -> Sequence[Review]:
        """Reviews, the oldest first; ``without`` leaves out those that this account has signed."""
        with self._database.connection() as connection:
            return tuple(_reviews(connection, rows=rows, after=after, settled=settled, without=without))


def _reviews(
    connection: Connection,
    *,
    screening_id: UUID | None = None,
    rows: int = 1,
    after: UUID | None = None,
    settled: bool | None = None,
    without: UUID | None = None,
) -> Iterator[Review]:
    parameters = {"id": screening_id, "rows": rows, "after": after, "settled": settled, "without": without}
    for row in fetch_objects(connection, _Row, "reviews", parameters):
        yield Review(
            screening_id=row.screening_id,
            decision=row.decision,
            decided_at=row.decided_at,
            stage=row.stage,
            reference=row.reference,
            clauses=tuple(row.clauses),
            erased=row.erased,
            dispositions=tuple(_disposition(word) for word in row.words),
        )


def _disposition(word: dict[str, Any]) -> Disposition:
    return Disposition(
        id=UUID(word["id"]),
        account_id=UUID(word["account_id"]),
        username=word["username"],
        role=word["role"],
        verdict=Verdict(word["verdict"]),
        reason=_reason(word["disclosures"] or ()),
        at=datetime.fromisoformat(word["at"]),
    )


def _reason(disclosures: Sequence[str]) -> str | None:
    for disclosure in disclosures:
        _, name, value = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
        if name == "reason":
            return str(value)
    return None
