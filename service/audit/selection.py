"""By what entries of the log are chosen for an export: time, index, decision, clause, list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.audit.leaf import timestamp
from service.errors import SelectionError

DECISIONS = ("allow", "review", "deny")
PARAMETERS = ("from", "to", "first", "last", "decision", "clause", "list")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Entries with ``since <= at < until`` (the times that leaves hold) and ``first <= index <= last``, and more.

    What is None does not choose; a selection of nothing but None is the whole log.
    """

    since: datetime | None = None
    until: datetime | None = None
    first: int | None = None
    last: int | None = None
    decision: str | None = None
    clause: str | None = None
    list_id: str | None = None

    def as_json(self) -> dict[str, Any] | None:
        """The selection as a manifest and the record of an export hold it; None for the whole log."""
        stated = {
            "from": timestamp(self.since) if self.since else None,
            "to": timestamp(self.until) if self.until else None,
            "first": self.first,
            "last": self.last,
            "decision": self.decision,
            "clause": self.clause,
            "list": self.list_id,
        }
        return {name: value for name, value in stated.items() if value is not None} or None


WHOLE = Selection()


def read_selection(stated: Mapping[str, str]) -> Selection:
    """The selection that these texts ask for; an empty text counts as not given.

    ``from`` and ``to`` are days (``to`` is the last one) or RFC 3339 moments (before ``to``). SelectionError
    names the text that cannot be read.
    """
    given = {name: text.strip() for name, text in stated.items() if text.strip()}
    selection = Selection(
        since=_moment("from", given),
        until=_moment("to", given, days=1),
        first=_index("first", given),
        last=_index("last", given),
        decision=_decision(given),
        clause=_identifier("clause", given),
        list_id=_identifier("list", given),
    )
    if selection.since and selection.until and selection.since >= selection.until:
        raise SelectionError("to", "it is before `from`.")
    if selection.first is not None and selection.last is not None and selection.first > selection.last:
        raise SelectionError("last", "it is smaller than `first`.")
    return selection


def _moment(name: str, given: Mapping[str, str], *, days: int = 0) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise SelectionError(name, "write a day, such as 2026-11-23, or a moment, such as 2026-11-23T10:00:00Z.")


def _index(name: str, given: Mapping[str, str]) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not _INDEX.fullmatch(text):
        raise SelectionError(name, "the index of an entry is taken, a whole number from 0.")
    return int(text)


def _decision(given: Mapping[str, str]) -> str | None:
    text = given.get("decision")
    if text is not None and text not in DECISIONS:
        raise SelectionError("decision", f"one of {', '.join(DECISIONS)} is taken.")
    return text


def _identifier(name: str, given: Mapping[str, str]) -> str | None:
    text = given.get(name)
    if text is not None and not _ID.fullmatch(text):
        raise SelectionError(name, f"the id of a {name} is taken.")
    return text
