"""API keys. Only the SHA-256 of a key is stored; the caller makes the key and shows it once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from service.records import ApiKey, AuditRecord
from service.store.audit import append_in
from service.store.database import Database, fetch_object, fetch_objects
from service.store.sql_files import query


class Keys:
    """Writes and reads API keys. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        *,
        name: str,
        role: str,
        key_hash: bytes,
        last4: str,
        expires_at: datetime | None = None,
        key_id: UUID | None = None,
        account_id: UUID | None = None,
        audit: AuditRecord | None = None,
    ) -> ApiKey:
        """Store a key by the SHA-256 (32 bytes) of its text, with the audit record of its creation.

        ``account_id`` is the person whose key it is; None for a program's.
        """
        parameters = {
            "id": key_id or uuid4(),
            "name": name,
            "role": role,
            "key_hash": key_hash,
            "last4": last4,
            "expires_at": expires_at,
            "account_id": account_id,
        }
        with self._database.transaction() as connection:
            created = fetch_objects(connection, ApiKey, "create_key", parameters)
            if audit is not None:
                append_in(connection, audit)
        return created[0]

    def find(self, key_hash: bytes) -> ApiKey | None:
        """The key with this hash, also where it is revoked or expired; None for an unknown one."""
        with self._database.connection() as connection:
            return fetch_object(connection, ApiKey, "find_key", {"key_hash": key_hash})

    def touch(self, key_id: UUID) -> None:
        """Note that the key was used; written at most once a minute for each key."""
        with self._database.connection() as connection:
            connection.execute(query("touch_key"), {"id": key_id})

    def revoke(self, key_id: UUID, *, audit: AuditRecord | None = None) -> bool:
        """Revoke a key from now on; False where it is unknown or was revoked before."""
        with self._database.transaction() as connection:
            revoked = connection.execute(query("revoke_key"), {"id": key_id}).rowcount == 1
            if revoked and audit is not None:
                append_in(connection, audit)
        return revoked

    def all(self) -> tuple[ApiKey, ...]:
        """Every key ever made, the oldest first."""
        with self._database.connection() as connection:
            return fetch_objects(connection, ApiKey, "list_keys")
