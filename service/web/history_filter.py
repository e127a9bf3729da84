"""The history's filters as they stand in an address: read strictly, so that a slip never shows everything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from service.screening.finding import Outcome
from service.screening_history import Filter
from service.web.problems import InvalidParameterError
from service.web.schemas.screening import CLAUSE_ID

FILTERS = ("decision", "clause", "list", "from", "to")
_CLAUSE = re.compile(CLAUSE_ID)
_LIST = re.compile(r"([A-Za-z0-9_.-]{1,64})(?::([0-9]{1,9}))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_YEARS = range(2000, 2201)


def read_filter(stated: Mapping[str, str]) -> Filter:
    """The filter in the parameters of an address; absent ones leave open.

    InvalidParameterError names the parameter that cannot be read; what was written is not repeated.
    """
    decision, clause = stated.get("decision"), stated.get("clause")
    if decision is not None and decision not in {outcome.word for outcome in Outcome}:
        raise InvalidParameterError("decision: allow, review or deny is taken.")
    if clause is not None and (len(clause) > 64 or not _CLAUSE.fullmatch(clause)):
        raise InvalidParameterError("clause: the id of a clause is taken, such as UN-2375-17.")
    list_id, number = _list(stated.get("list"))
    since, until = _instant("from", stated.get("from")), _instant("to", stated.get("to"), ends=True)
    if since is not None and until is not None and until <= since:
        raise InvalidParameterError("to: it must be later than from.")
    return Filter(decision=decision, clause=clause, list_id=list_id, list_version=number, since=since, until=until)


def _list(stated: str | None) -> tuple[str | None, int | None]:
    if stated is None:
        return None, None
    found = _LIST.fullmatch(stated)
    if found is None or (found[2] is not None and int(found[2]) > 2**31 - 1):
        raise InvalidParameterError(
            "list: the id of a list is taken, such as un_sc, or of a version, such as un_sc:12."
        )
    return found[1], int(found[2]) if found[2] else None


def _instant(name: str, stated: str | None, *, ends: bool = False) -> datetime | None:
    """A day by UTC, or an instant with its offset; ``ends``: a day counts to its end."""
    if stated is None:
        return None
    found = None
    with suppress(ValueError, OverflowError):
        if _DAY.fullmatch(stated):
            found = datetime.combine(date.fromisoformat(stated) + timedelta(days=ends), time.min, UTC)
        elif _INSTANT.fullmatch(stated):
            found = datetime.fromisoformat(stated)
    if found is None or found.year not in _YEARS:
        raise InvalidParameterError(
            f"{name}: a day (2026-11-24) or an instant with its offset (2026-11-24T10:00:00Z) is taken."
        )
    return found.astimezone(UTC)


def read_cursor(stated: str | None) -> UUID | None:
    """The place to go on from."""
    if stated is None:
        return None
    try:
        return UUID(stated) if len(stated) == 36 else UUID("")
    except ValueError:
        raise InvalidParameterError("cursor: it is none of this service's cursors.") from None
