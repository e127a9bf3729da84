"""Alarms of the record: what is wrong now, said once in the log when it begins and once when it ends.

Any number of hosts look; the database knows which alarms are raised, so an episode is one pair of entries.
A stop of the sealing is not among them: the sealer writes that alarm itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from service.audit.sealed import ALARM_SECONDS, SealStatus
from service.errors import HirescreenError, UnsafeDatabaseError
from service.lists.status import Freshness, age_of
from service.records import AuditRecord, ListVersion

SKEW_SECONDS = 2.0
WITNESS_SECONDS = 3600.0  # a witness that took nothing for so long


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing looked at: ``name`` tells it from others, ``wrong`` is None where an alarm neither begins nor ends.

    ``fields`` go into the log; they hold no personal data.
    """

    name: str
    wrong: bool | None
    fields: Mapping[str, Any] = field(default_factory=dict)


class AlarmStore(Protocol):
    """Knows which alarms are raised. StoreUnavailableError where the database is away."""

    def begin(self, name: str, record: AuditRecord, /) -> bool:
        """Raise it with an entry, unless it is raised already; whether it was not."""

    def end(self, name: str, record: AuditRecord, /) -> bool:
        """Take it back with an entry; whether it was raised."""

    def raised(self) -> Mapping[str, datetime]:
        """The alarms that are raised, and since when."""


class Alarms:
    """Compares what is observed with what is raised. ``event`` makes audit records."""

    def __init__(self, store: AlarmStore, event: Callable[[str, Mapping[str, Any]], AuditRecord]) -> None:
        self._store = store
        self._event = event

    def look(self, observations: Iterable[Observation]) -> None:
        """Raise and end what has to be. What is not observed here is left alone: another host may see it."""
        raised = self._store.raised()
        for each in observations:
            if each.wrong and each.name not in raised:
                self._begin(each)
            elif each.wrong is False and each.name in raised:
                self._end(each.name, raised[each.name])

    def _begin(self, each: Observation) -> None:
        fields = {"alarm": each.name.partition(":")[0], "state": "raised", **each.fields}
        if self._store.begin(each.name, self._event("alarm", fields)):
            structlog.get_logger().error("alarm_raised", **fields)

    def _end(self, name: str, since: datetime) -> None:
        alarm, _, about = name.partition(":")
        fields = {"alarm": alarm, "state": "over", "since": since.isoformat(timespec="seconds")}
        if about:
            fields["about"] = about
        if self._store.end(name, self._event("alarm", fields)):
            structlog.get_logger().warning("alarm_over", **fields)


def of_sealing(status: SealStatus) -> Observation:
    """Entries that wait for longer than a minute; over once none waits for half of that."""
    late = status.oldest_seconds > ALARM_SECONDS
    wrong = True if late else False if status.oldest_seconds < ALARM_SECONDS / 2 else None
    return Observation(
        "sealing_late", wrong, {"waiting": status.unsealed, "oldest_seconds": round(status.oldest_seconds)}
    )


def of_lists(required: Iterable[str], versions: Iterable[ListVersion], now: datetime) -> Iterable[Observation]:
    """Lists that serve or must serve and are too old to allow anything, or were never loaded."""
    known = {version.list_id: version for version in versions}
    for list_id in dict.fromkeys((*required, *known)):
        version = known.get(list_id)
        freshness = age_of(version, now).freshness
        yield Observation(f"list_never_loaded:{list_id}", version is None, {"about": list_id})
        fields = {"about": list_id, "version": version.version if version else 0}
        yield Observation(f"list_too_old:{list_id}", freshness is Freshness.STALE, fields)


def of_clocks(skew: float) -> Observation:
    """The service's clock against the database's, in seconds."""
    return Observation("clocks_differ", abs(skew) > SKEW_SECONDS, {"seconds": round(skew)})


def of_database(check: Callable[[], object]) -> Observation:
    """Whether the database came to be set up in a way that can lose records, since the start."""
    try:
        check()
    except UnsafeDatabaseError as unsafe:
        return Observation("database_unsafe", True, {"reason": str(unsafe)})
    except HirescreenError:
        return Observation("database_unsafe", None)
    return Observation("database_unsafe", False)


def of_witness(name: str, failing_seconds: float | None, waiting: int = 0) -> Observation:
    """A witness that did not take what it was sent for an hour; None where this host never sent it anything."""
    wrong = None if failing_seconds is None else failing_seconds > WITNESS_SECONDS
    return Observation(f"witness_unreached:{name}", wrong, {"about": name, "waiting": waiting})
