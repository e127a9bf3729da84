"""Local accounts of people who use the pages; passwords come hashed (argon2) from the caller."""

from __future__ import annotations

from uuid import UUID, uuid4

from service.records import Account, AuditRecord
from service.store.audit import append_in
from service.store.database import Database, fetch_object
from service.store.sql_files import query


class Accounts:
    """Writes and reads accounts. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        *,
        username: str,
        role: str,
        password_hash: str,
        account_id: UUID | None = None,
        audit: AuditRecord | None = None,
    ) -> Account | None:
        """Store an account; None where the user name is taken (upper and lower case are the same)."""
        parameters = {"id": account_id or uuid4(), "username": username, "role": role, "password_hash": password_hash}
        with self._database.transaction() as connection:
            created = fetch_object(connection, Account, "create_account", parameters)
            if created is not None and audit is not None:
                append_in(connection, audit)
        return created

    def find(self, username: str) -> Account | None:
        """The account of a user name in any case, also a disabled one; None for an unknown name."""
        with self._database.connection() as connection:
            return fetch_object(connection, Account, "find_account", {"username": username})

    def set_password(self, username: str, password_hash: str, *, audit: AuditRecord | None = None) -> bool:
        """Replace the password and end every session of the account; False for an unknown name."""
        return self._change("set_password", username, audit, {"password_hash": password_hash})

    def set_role(self, username: str, role: str, *, audit: AuditRecord | None = None) -> bool:
        """Give the account another role and end its sessions; False for an unknown name."""
        return self._change("set_role", username, audit, {"role": role})

    def disable(self, username: str, *, audit: AuditRecord | None = None) -> bool:
        """Disable the account and end its sessions; False for an unknown name."""
        return self._change("disable_account", username, audit, {})

    def _change(self, name: str, username: str, audit: AuditRecord | None, values: dict[str, str]) -> bool:
        with self._database.transaction() as connection:
            changed = connection.execute(query(name), {"username": username, **values}).rowcount == 1
            if changed:
                connection.execute(query("end_sessions_of"), {"username": username})
                if audit is not None:
                    append_in(connection, audit)
        return changed
