"""How fresh a list is, and what to show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from service.lists.sources import HARD_AGE, SOFT_AGE, SOURCES
from service.records import ListVersion

NEVER_CHECKED = datetime(1970, 1, 1, tzinfo=UTC)  # kept where nobody knows when the content was current


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
    checked = version.checked_at
    if checked is None or checked <= NEVER_CHECKED:
        return Age(Freshness.STALE)
    source = SOURCES.get(version.list_id)
    soft, hard = (source.soft_age, source.hard_age) if source else (SOFT_AGE, HARD_AGE)
    age = now - checked
    hours = int(age.total_seconds() // 60) / 60
    if age > hard or age < -(soft / 24):
        return Age(Freshness.STALE, hours)
    return Age(Freshness.AGEING if age > soft else Freshness.FRESH, hours)


def status(list_id: str, version: ListVersion | None, now: datetime) -> dict[str, Any]:
    """The fields of a list in ``GET /v1/lists``, in ``hirescreen lists status`` and in an answer's ``lists``.

    ``limits`` are hours since the last successful check. ``complete`` False says that a part was loaded.
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
        "checked_at": _iso(version.checked_at) if version and version.checked_at != NEVER_CHECKED else None,
        "age_hours": round(age.hours, 2) if age.hours is not None else None,
        "entries": version.entries if version else 0,
        "counts": dict(sorted(version.counts.items())) if version else {},
        "sha256": version.sha256 if version else None,
        "complete": version.complete if version else False,
        "status": age.freshness.value,
        "limits": {
            "ageing_after_hours": (source.soft_age if source else SOFT_AGE).total_seconds() / 3600,
            "stale_after_hours": (source.hard_age if source else HARD_AGE).total_seconds() / 3600,
        },
        "legal_basis": source.legal_basis if source else None,
        "page": source.page if source else None,
        "addresses": [file.address for file in source.files] if source else [],
    }
    return shown


def _iso(moment: Any) -> str | None:
    """RFC 3339 with Z for instants, the plain day for days."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None
