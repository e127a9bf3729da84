"""Where each list comes from, who publishes it, and what a genuine copy of it looks like.

The facts stand in ``publishers/<list id>.toml``, one file a list: official addresses, formats, limits.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from service.errors import RejectedListError

SOFT_AGE = timedelta(hours=24)  # since the last successful check: decide, but warn
HARD_AGE = timedelta(hours=48)  # older: no allow rests on the list
LONGEST_HARD_AGE = timedelta(hours=72)  # an operator may shorten the limits, never lengthen them beyond this
REFRESH_INTERVAL = timedelta(hours=6)
FETCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a list; ``role`` is its name within the set."""

    role: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSource:
    """A list as its publisher offers it.

    ``formats``: ids of the formats (see ``readers``) in which the list may come; ``files`` are of the first,
    and a list without files comes by import only. ``redirects``: hosts (or, with a leading dot, suffixes of
    hosts) that the publisher's own host may send us to. ``floor``: fewer entries than this cannot be the
    whole list. ``canaries``: primary names that every genuine copy has held for years; each must be found in
    a new version. ``keys_grow``: new entries get ever higher numbers as keys. ``longest_gap``: the publisher
    has never let more time pass between two issues; an older one under its address means that the address
    was retired. ``retired_on``: from that day the list is dead and can only be read as history.
    ``ages``: False where there is no publisher to ask (the operator's own list): what was imported counts as
    checked until it is replaced, and the limits of age do not apply.
    ``confirmed_at_import``: True where whoever imports the list answers for it (the operator's own): what is doubtful
    is refused until they say that it is meant, and nothing waits for two people.
    ``feed``: the address of an RSS feed that names the first file with a checksum (``service.lists.feed``).
    ``interval``: how often a running service asks for it (``interval_hours``); ``fetch_seconds``: how long
    one file may take.
    ``binds_in``: the jurisdiction (ISO 3166-1 alpha-2, ``EU`` or ``UN``) whose law gives the list force; None
    where no law does (a collection, the operator's own list): a match then only asks for review.
    """

    list_id: str
    title: str
    publisher: str
    page: str
    legal_basis: str
    formats: tuple[str, ...]
    floor: int
    canaries: tuple[str, ...]
    longest_gap: timedelta
    binds_in: str | None = None
    since: date = date(1999, 10, 15)  # the first day on which the list existed
    files: tuple[SourceFile, ...] = ()
    feed: str | None = None
    redirects: tuple[str, ...] = ()
    retired_on: date | None = None
    keys_grow: bool = False
    soft_age: timedelta = SOFT_AGE
    hard_age: timedelta = HARD_AGE
    ages: bool = True
    confirmed_at_import: bool = False
    interval: timedelta = REFRESH_INTERVAL
    fetch_seconds: float = FETCH_SECONDS

    def is_retired(self, day: date) -> bool:
        """Whether the publisher has ended the list by ``day``."""
        return self.retired_on is not None and self.retired_on <= day


def _load() -> dict[str, ListSource]:
    folder = files("service.lists") / "publishers"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name[:-5]: _source(name[:-5], tomllib.loads((folder / name).read_text("utf-8"))) for name in names}


def _source(list_id: str, stated: dict[str, Any]) -> ListSource:
    """One publisher's file as an object; a name that is not known here is an error (TypeError)."""
    texts: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stated.items()}
    texts["files"] = tuple(SourceFile(file["role"], file["address"]) for file in stated.get("files", ()))
    texts["longest_gap"] = timedelta(days=texts.pop("longest_gap_days"))
    texts["soft_age"] = timedelta(hours=texts.pop("soft_age_hours", SOFT_AGE.total_seconds() / 3600))
    texts["hard_age"] = timedelta(hours=texts.pop("hard_age_hours", HARD_AGE.total_seconds() / 3600))
    texts["interval"] = timedelta(hours=texts.pop("interval_hours", REFRESH_INTERVAL.total_seconds() / 3600))
    return ListSource(list_id=list_id, **texts)


SOURCES: Mapping[str, ListSource] = MappingProxyType(_load())


def source_of(list_id: str) -> ListSource:
    """The source of ``list_id``; RejectedListError names the known ids where it is none of them."""
    if list_id not in SOURCES:
        raise RejectedListError(f"{list_id!r} is no list that can be read here; known: {', '.join(sorted(SOURCES))}")
    return SOURCES[list_id]


def refuse_a_retired_list(source: ListSource, day: date) -> None:
    """Raise RejectedListError for a list that its publisher has ended by ``day``: it can be read as history only."""
    if source.is_retired(day):
        raise RejectedListError(
            f"{source.list_id} was retired by its publisher on {source.retired_on}: it can be read as history only"
        )


def files_at(source: ListSource, base_address: str | None) -> tuple[SourceFile, ...]:
    """The files of ``source``, at their own addresses or, with ``base_address``, below that one.

    A mirror keeps the publisher's file names below a folder named by the list's id.
    """
    if base_address is None:
        return source.files
    folder = f"{base_address.rstrip('/')}/{source.list_id}"
    return tuple(SourceFile(file.role, f"{folder}/{file.address.rsplit('/', 1)[1]}") for file in source.files)
