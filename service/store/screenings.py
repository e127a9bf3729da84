"""Decided screenings: recorded with their audit entry in one transaction, or not at all."""

from __future__ import annotations

from uuid import UUID

from service.errors import IdempotencyConflictError, IdempotencyInProgressError, StoreUnavailableError
from service.records import IdempotencyClaim, ScreeningRecord, StoredScreening
from service.store.database import Connection, Database, fetch_row
from service.store.sql_files import query


class Screenings:
    """Writes and reads screenings. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, record: ScreeningRecord, claim: IdempotencyClaim | None = None) -> StoredScreening:
        """Store the screening, its audit entry and the claim on its Idempotency-Key, all or nothing.

        One statement, so one round trip and one commit. Returns the earlier answer, ``replayed``, where the
        key was used for the same request within 24 hours. Raises IdempotencyConflictError where it was used
        for another one, IdempotencyInProgressError where a transaction with that key is under way.
        """
        with self._database.connection() as connection:
            key_is_free, recorded = fetch_row(connection, "record_screening", _parameters(record, claim))
            if recorded:
                return StoredScreening(id=record.id, answer=record.answer)
            if claim is None:
                raise StoreUnavailableError("The database did not record the screening.")
            earlier = _earlier(connection, record.actor, claim) if key_is_free else None
        if earlier is None:
            raise IdempotencyInProgressError
        return earlier

    def earlier(self, actor: str, claim: IdempotencyClaim) -> StoredScreening | None:
        """The answer that this Idempotency-Key got within 24 hours; None where the key is new.

        Raises IdempotencyConflictError where the key was used for another request.
        """
        with self._database.connection() as connection:
            return _earlier(connection, actor, claim)

    def get(self, screening_id: UUID) -> StoredScreening | None:
        """The answer of one screening as it was given, or what erasure left of it; None for an unknown id."""
        with self._database.connection() as connection:
            row = connection.execute(query("get_screening"), {"id": screening_id}).fetchone()
        return StoredScreening(id=screening_id, answer=row[0], erased_at=row[1]) if row else None

    def request(self, screening_id: UUID) -> bytes | None:
        """The request of one screening as it was stored; None where there is none of that id."""
        with self._database.connection() as connection:
            row = connection.execute(query("get_screening_request"), {"id": screening_id}).fetchone()
        return row[0] if row else None


def _parameters(record: ScreeningRecord, claim: IdempotencyClaim | None) -> dict[str, object]:
    return {
        "id": record.id,
        "tenant": record.tenant,
        "actor": record.actor,
        "reference": record.reference,
        "decision": record.decision,
        "stage": record.stage,
        "as_of": record.as_of,
        "decided_at": record.decided_at,
        "clauses": "\n".join(record.clauses),
        "lists": "\n".join(record.lists),
        "request": record.request,
        "answer": record.answer,
        "entry_id": record.audit.entry_id,
        "leaf": record.audit.leaf,
        "disclosures": "\n".join(record.audit.disclosures),
        "key": claim and claim.key,
        "fingerprint": claim and claim.fingerprint,
    }


def _earlier(connection: Connection, actor: str, claim: IdempotencyClaim) -> StoredScreening | None:
    row = connection.execute(query("find_claim"), {"actor": actor, "key": claim.key}).fetchone()
    if row is None:
        return None
    fingerprint, screening_id, answer = row
    if fingerprint != claim.fingerprint or answer is None:  # None: its personal data was erased since
        raise IdempotencyConflictError
    return StoredScreening(id=screening_id, answer=answer, replayed=True)
