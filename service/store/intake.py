"""What happens to lists before they serve: one loader at a time, versions held, attempts made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from time import monotonic, sleep

import orjson

from service.errors import ApprovalError, ListBusyError
from service.records import Approval, AuditRecord, HeldList, LastAttempt, ListAttempt
from service.store.audit import append_in
from service.store.database import (
    Connection,
    Database,
    connect,
    driver_errors_become_ours,
    fetch_object,
    fetch_objects,
    fetch_row,
)
from service.store.sql_files import query

LOOK_SECONDS = 0.2


def hold_in(connection: Connection, held: HeldList) -> None:
    """Note within the transaction of ``connection`` that a version waits for approval."""
    connection.execute(
        query("hold_list_version"),
        {
            "list_id": held.list_id,
            "version": held.version,
            "against": held.against,
            "reasons": orjson.dumps(held.reasons).decode(),
            "entries_digest": held.entries_digest,
            "proposed_by": held.proposed_by,
        },
    )


def active_number_in(connection: Connection, list_id: str) -> int:
    """The number of the version that serves, 0 where none does."""
    number: int = fetch_row(connection, "active_version_number", {"list_id": list_id})[0]
    return number


class Intake:
    """Reads and writes. StoreUnavailableError where the database is away or refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def loading(self, list_id: str, *, wait_seconds: float = 0.0) -> Iterator[None]:
        """Be the only one, on any host, that fetches or loads this list; ListBusyError where another is.

        The lock hangs on a connection of its own, so it ends with this process whatever happens to it.
        """
        connection = connect(self._database.url)
        try:
            deadline = monotonic() + wait_seconds
            while not _locked(connection, list_id):
                if monotonic() >= deadline:
                    raise ListBusyError(f"{list_id} is being loaded by another process at the moment.")
                sleep(LOOK_SECONDS)
            yield
        finally:
            connection.close()

    def held(
        self, list_id: str | None = None, version: int | None = None, *, state: str | None = "held"
    ) -> tuple[HeldList, ...]:
        """Versions that wait for approval, or that are in another ``state`` (None: in any), newest first."""
        parameters = {"list_id": list_id, "version": version, "state": state}
        with self._database.connection() as connection:
            return fetch_objects(connection, HeldList, "held_lists", parameters)

    def held_as(self, list_id: str, entries_digest: str) -> tuple[int, str] | None:
        """(version, state) of this very content, where it waits for approval or was refused."""
        parameters = {"list_id": list_id, "entries_digest": entries_digest}
        with self._database.connection() as connection:
            row = connection.execute(query("known_held_digest"), parameters).fetchone()
        return (row[0], row[1]) if row else None

    def still_offered(self, list_id: str, version: int, at: datetime) -> None:
        """The publisher still offers a version that is held; never moves the time back."""
        with self._database.connection() as connection:
            connection.execute(query("mark_version_checked"), {"list_id": list_id, "version": version, "at": at})

    def compare_anew(self, held: HeldList) -> None:
        """Keep the reasons found against the version that serves now; earlier approvals then no longer count."""
        values = {"list_id": held.list_id, "version": held.version, "against": held.against}
        with self._database.connection() as connection:
            connection.execute(query("compare_held_list"), {**values, "reasons": orjson.dumps(held.reasons).decode()})

    def approve(self, approval: Approval) -> tuple[int, bool]:
        """Count an approval and, with the last that is ``needed``, put the version into service; all or nothing.

        (how many approvals count now, whether it serves). ApprovalError where the version was settled, or
        another one came into service, since ``held`` was read.
        """
        held = approval.held
        version = {"list_id": held.list_id, "version": held.version, "against": held.against}
        given = {name: getattr(approval, name) for name in ("account_id", "reason", "allows_older")}
        counting = {"roles": list(approval.roles), "must_allow_older": approval.must_allow_older}
        settled = {"state": "approved", "settled_by": approval.settled_by, "reason": approval.reason}
        with self._database.transaction() as connection:
            self._refuse_if_moved(connection, held)
            if not connection.execute(query("approve_held_list"), {**version, **given}).rowcount:
                raise ApprovalError("This person has approved this version already.")
            append_in(connection, approval.audit)
            count: int = fetch_row(connection, "count_approvals", {**version, **counting})[0]
            if count < approval.needed:
                return count, False
            connection.execute(query("settle_held_list"), {**version, **settled})
            connection.execute(query("supersede_held_lists"), version)
            connection.execute(query("activate_list"), version)
            append_in(connection, approval.activation)
            return count, True

    def refuse(self, held: HeldList, *, settled_by: str, reason: str, audit: AuditRecord) -> None:
        """Settle that a version never serves; ApprovalError where it was settled before."""
        version = {"list_id": held.list_id, "version": held.version}
        settled = {"state": "refused", "settled_by": settled_by, "reason": reason}
        with self._database.transaction() as connection:
            if connection.execute(query("settle_held_list"), {**version, **settled}).rowcount == 0:
                raise ApprovalError(f"Version {held.version} of {held.list_id} does not wait for approval.")
            append_in(connection, audit)

    def record_attempt(self, attempt: ListAttempt) -> None:
        """Keep how an attempt ended."""
        values = {name: getattr(attempt, name) for name in attempt.__dataclass_fields__}
        with self._database.connection() as connection:
            connection.execute(query("record_list_attempt"), values)

    def last_attempts(self) -> Mapping[str, LastAttempt]:
        """The last attempt at each list that was ever tried, by list id."""
        with self._database.connection() as connection:
            found = fetch_objects(connection, LastAttempt, "last_list_attempts")
        return {attempt.list_id: attempt for attempt in found}

    def worst_by_day(self, since: date, list_id: str | None = None) -> Mapping[str, Mapping[date, str]]:
        """By list and day (UTC) the worst outcome: failed, rejected, held, loaded, unchanged. Days without
        an attempt are left out."""
        days: dict[str, dict[date, str]] = {}
        with self._database.connection() as connection:
            rows = connection.execute(query("list_attempt_days"), {"since": since, "list_id": list_id}).fetchall()
        for row_list, day, outcome in rows:
            days.setdefault(row_list, {})[day] = outcome
        return days

    def changes(self, list_id: str, old: int, new: int) -> tuple[int, int, int]:
        """(added, removed, changed) entries from version ``old`` (0: nothing) to ``new``."""
        with self._database.transaction(long=True) as connection:
            connection.execute(query("plan_for_whole_lists"))
            parameters = {"list_id": list_id, "old": old, "new": new}
            added, removed, changed = fetch_row(connection, "count_list_changes", parameters)
        return added, removed, changed

    def canaries(self, list_id: str, version: int) -> Mapping[str, str]:
        """The canaries that were found when this version came: name to key of its entry."""
        with self._database.connection() as connection:
            row = connection.execute(query("list_canaries"), {"list_id": list_id, "version": version}).fetchone()
        return row[0] if row else {}

    def _refuse_if_moved(self, connection: Connection, held: HeldList) -> None:
        connection.execute(query("lock_list"), {"list_id": held.list_id})
        parameters = {"list_id": held.list_id, "version": held.version, "state": "held"}
        now = fetch_object(connection, HeldList, "held_lists", parameters)
        if now is None or now.against != held.against or active_number_in(connection, held.list_id) != held.against:
            raise ApprovalError(f"{held.list_id} has moved on since this version was compared; look at it again.")


def _locked(connection: Connection, list_id: str) -> bool:
    with driver_errors_become_ours():
        return bool(fetch_row(connection, "try_loading_lock", {"list_id": list_id})[0])
