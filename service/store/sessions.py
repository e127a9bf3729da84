"""Sessions of local accounts, kept on the server: a log-out or a disabled account ends them at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from service.records import Account
from service.store.database import Database, fetch_object
from service.store.sql_files import query


class Sessions:
    """Writes and reads sessions by the SHA-256 (32 bytes) of their token.

    StoreUnavailableError where the database is away or refuses.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, token_hash: bytes, account_id: UUID, expires_at: datetime) -> None:
        """Open a session that ends at ``expires_at`` at the latest; sessions that have ended are cleared."""
        parameters = {"token_hash": token_hash, "account_id": account_id, "expires_at": expires_at}
        with self._database.transaction() as connection:
            connection.execute(query("clear_sessions"))
            connection.execute(query("create_session"), parameters)

    def find(self, token_hash: bytes, *, idle: timedelta) -> Account | None:
        """The account behind a session, and note that it was seen.

        None where the session is unknown, past its end, unseen for longer than ``idle``, or its account
        is disabled.
        """
        parameters = {"token_hash": token_hash, "idle": idle}
        with self._database.connection() as connection:
            return fetch_object(connection, Account, "find_session", parameters)

    def end(self, token_hash: bytes) -> None:
        """Log out."""
        with self._database.connection() as connection:
            connection.execute(query("end_session"), {"token_hash": token_hash})
