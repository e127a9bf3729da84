"""How fresh a list is, and what to show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.lists.schedule import is_refreshable, next_run
from service.lists.sources import HARD_AGE, SOFT_AGE, SOURCES
from service.records import LastAttempt, ListVersion


class Freshness(StrEnum):
    """``ageing`` warns, ``stale`` allows no allow; ``partial`` and ``starter`` say what is loaded."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER_LOADED = "never_loaded"
    STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Age:
    """Hours since the last successful check, rounded down to the minute, and what that means."""

    freshness: Freshness
    hours: float | None = None


def age_of(version: ListVersion | None, now: datetime) -> Age:
    """Judge ``version`` by its last successful check; None is a list that was never loaded.

    A check in the future (a clock that was set back) counts as no check at all: it proves nothing.
    """
    if version is None:
        return Age(Freshness.NEVER_LOADED)
    if version.version == 0:
        return Age(Freshness.STARTER)
    source = SOURCES.get(version.list_id)
    if source is not None and not source.ages:
        return Age(Freshness.FRESH)
    checked = version.checked_at
    if checked is None:
        return Age(Freshness.STALE)
    soft, hard = (source.soft_age, source.hard_age) if source else (SOFT_AGE, HARD_AGE)
    age = now - checked
    hours = int(age.total_seconds() // 60) / 60
    if age > hard or age < -(soft / 24):
        return Age(Freshness.STALE, hours)
    return Age(Freshness.AGEING if age > soft else Freshness.FRESH, hours)


def status(list_id: str, version: ListVersion | None, now: datetime) -> dict[str, Any]:
    """The fields of a list in ``GET /v1/lists``, in ``hirescreen lists status`` and in an answer's ``lists``.

    ``limits`` are hours since the last successful check; empty for a list that does not age. ``complete`` False
    says that a part was loaded.
    """
    source = SOURCES.get(list_id)
    age = age_of(version, now)
    shown: dict[str, Any] = {
        "id": list_id,
        "title": source.title if source else list_id,
        "publisher": source.publisher if source else None,
        "version": version.version if version else None,
        "published_on": _iso(version.published_on) if version else None,
        "fetched_at": _iso(version.fetched_at) if version else None,
        "checked_at": _iso(version.checked_at) if version else None,
        "age_hours": round(age.hours, 2) if age.hours is not None else None,
        "entries": version.entries if version else 0,
        "counts": dict(sorted(version.counts.items())) if version else {},
        "sha256": version.sha256 if version else None,
        "complete": version.complete if version else False,
        "status": age.freshness.value,
        "limits": {
            "ageing_after_hours": (source.soft_age if source else SOFT_AGE).total_seconds() / 3600,
            "stale_after_hours": (source.hard_age if source else HARD_AGE).total_seconds() / 3600,
        }
        if source is None or source.ages
        else {},
        "legal_basis": source.legal_basis if source else None,
        "page": source.page if source else None,
        "addresses": [file.address for file in source.files] if source else [],
    }
    return shown


def refreshing(
    list_id: str, last: LastAttempt | None, *, required: bool, refreshed: bool, now: datetime
) -> dict[str, Any]:
    """More fields of a list, about how it is kept up: whether it is required, its last attempt, what changed last,
    and when it is fetched next.

    ``refreshed``: whether a job fetches this list; ``next_run`` is null where none does.
    """
    source = SOURCES.get(list_id)
    follows = refreshed and source is not None and is_refreshable(source, now)
    changed = last.changed_at if last else None
    return {
        "required": required,
        "retired_on": _iso(source.retired_on) if source else None,
        "next_run": _iso(max(next_run(source, last, now), now)) if follows and source else None,
        "last_attempt": {
            "at": _iso(last.at),
            "outcome": last.outcome,
            "detail": last.detail,
            "failures": last.failures,
        }
        if last
        else None,
        "last_change": {
            "at": _iso(changed),
            "version": last.changed_version,
            "added": last.added,
            "removed": last.removed,
            "changed": last.changed,
        }
        if last and changed
        else None,
    }


def _iso(moment: Any) -> str | None:
    """RFC 3339 with Z for instants, the plain day for days."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
