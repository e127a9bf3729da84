"""What a decision rested on beside its own lists: recorded in its leaf, so that it can be computed again.

Of each list: the version that served and when that was last confirmed, where another one was selected, and the
versions that were known. A version that is loaded later, were it of an older day, must not change a replay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from service.audit.leaf import timestamp
from service.records import JsonObject, ListVersion
from service.selection import Selection
from service.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class ListBasis:
    """One list of a decision: the version selected, the one that served, and every number that was known.

    Check times are those of the decision: the store moves them on.
    """

    list_id: str
    version: int
    checked_at: datetime | None
    serving: int
    serving_checked_at: datetime | None
    known: frozenset[int]


def basis_of(snapshot: Snapshot, selection: Selection) -> dict[str, JsonObject]:
    """What the leaf adds to each list, by list id."""
    return {list_id: _of_list(snapshot, version) for list_id, version in selection.versions.items()}


def _of_list(snapshot: Snapshot, chosen: ListVersion) -> JsonObject:
    serving = snapshot.versions.get(chosen.list_id, chosen)
    found: JsonObject = {"known": ranges(snapshot.known_numbers(serving))}
    if serving.version != chosen.version:
        found["serving"] = serving.version
        found["serving_checked"] = timestamp(serving.checked_at) if serving.checked_at else None
    return found


def read_basis(leaf_lists: Iterable[Mapping[str, Any]]) -> tuple[ListBasis, ...]:
    """The basis in a leaf's ``lists``, in their order; KeyError or ValueError where the leaf holds none."""
    return tuple(
        ListBasis(
            list_id=each["name"],
            version=each["version"],
            checked_at=_instant(each["checked"]),
            serving=each.get("serving", each["version"]),
            serving_checked_at=_instant(each["serving_checked"] if "serving" in each else each["checked"]),
            known=numbers(each["known"]),
        )
        for each in leaf_lists
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def ranges(known: Iterable[int]) -> str:
    """Numbers as ``1-12,14``: short however many there are."""
    ordered = sorted(set(known))
    if not ordered:
        return ""
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ",".join(
        str(first) if first == last else f"{first}-{last}" for first, last in zip(starts, ends, strict=True)
    )


def numbers(text: str) -> frozenset[int]:
    """What :func:`ranges` wrote; ValueError for anything else."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
