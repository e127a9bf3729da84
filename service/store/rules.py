"""What decided, kept for replays: engines, the versions they ran with, policies; and which are in force."""

from __future__ import annotations

from typing import Any

import orjson

from service.records import AuditRecord, JsonObject
from service.replay.engine import RunningEngine
from service.store.database import Database, fetch_row
from service.store.sql_files import query


class Rules:
    """Writes and reads what decided. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_force(self) -> dict[str, str]:
        """The digests of the ``engine`` and the ``policy`` that were last recorded as in force."""
        with self._database.connection() as connection:
            return dict(connection.execute(query("rules_in_force")).fetchall())

    def keep_engine(self, engine: RunningEngine, rulebook: JsonObject, archive: bytes, entry: AuditRecord) -> bool:
        """Keep an engine; True where it came into force now, which ``entry`` then records."""
        return self._keep(
            "keep_engine",
            entry,
            sha256=engine.sha256,
            version=engine.version,
            rulebook_version=rulebook["version"],
            rulebook_sha256=rulebook["sha256"],
            archive=archive,
            runtime_sha256=engine.runtime_sha256,
            runtime=orjson.dumps(engine.runtime).decode(),
        )

    def keep_policy(self, sha256: str, stated: JsonObject, entry: AuditRecord) -> bool:
        """Keep a policy; True where it came into force now, which ``entry`` then records."""
        return self._keep("keep_policy", entry, sha256=sha256, stated=orjson.dumps(stated).decode())

    def engine(self, sha256: str) -> bytes | None:
        """The archive of an engine; None where it is not kept."""
        found = self._find("get_engine", sha256)
        return None if found is None else bytes(found)

    def runtime(self, sha256: str) -> dict[str, str] | None:
        """The versions that an engine ran with; None where they are not kept."""
        found: dict[str, str] | None = self._find("get_engine_runtime", sha256)
        return found

    def policy(self, sha256: str) -> JsonObject | None:
        """A policy; None where it is not kept."""
        found: JsonObject | None = self._find("get_policy", sha256)
        return found

    def _keep(self, name: str, entry: AuditRecord, **values: Any) -> bool:
        with self._database.connection() as connection:
            parameters = {**values, "entry_id": entry.entry_id, "leaf": entry.leaf}
            return bool(fetch_row(connection, name, parameters)[0])

    def _find(self, name: str, sha256: str) -> Any:
        with self._database.connection() as connection:
            row = connection.execute(query(name), {"sha256": sha256}).fetchone()
        return row[0] if row else None
