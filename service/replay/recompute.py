"""Compute a decision once more from what was recorded of it: pure but for the store that gives the lists.

The question is plain JSON, so that an engine of another day understands it: the program that asks and the one
that answers may be years apart. ``FORM`` counts its forms; an engine answers those that it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any, Protocol

import orjson

from service.archive import Archives
from service.basis import ListBasis, numbers, ranges
from service.circumstances import Policy
from service.errors import ReplayError
from service.judging import Judge, Lists, asked_of
from service.lists import starter
from service.lists.listing import Listing
from service.matching.index import NameIndex
from service.records import JsonObject, ListVersion
from service.rulebook import Rulebook
from service.rulebook.stages import usable_facts
from service.screening.facts import ScreeningRequest
from service.snapshot import ListStore, Snapshot

FORM = 1

Load = Callable[[Mapping[str, Any], datetime], ScreeningRequest]


class VersionStore(ListStore, Protocol):
    """Gives every version, whether it serves or not."""

    def version(self, list_id: str, version: int) -> ListVersion | None:
        """One version; None where it is not stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What was asked, when, and by which lists. ``asked_at`` stood in for times that the request left open."""

    request: JsonObject
    asked_at: datetime
    decided_at: datetime
    ignored: tuple[str, ...]
    policy: JsonObject
    lists: tuple[ListBasis, ...]

    def as_json(self) -> JsonObject:
        """The question as another program reads it."""
        return {
            "form": FORM,
            "request": self.request,
            "asked_at": self.asked_at.isoformat(),
            "decided_at": self.decided_at.isoformat(),
            "ignored": list(self.ignored),
            "policy": self.policy,
            "lists": [_list_json(basis) for basis in self.lists],
        }

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> Question:
        """Read :meth:`as_json`; ValueError for a form that this program does not know."""
        if stated["form"] != FORM:
            raise ValueError(f"form {stated['form']} of a question is not known here")
        return cls(
            request=stated["request"],
            asked_at=datetime.fromisoformat(stated["asked_at"]),
            decided_at=datetime.fromisoformat(stated["decided_at"]),
            ignored=tuple(stated["ignored"]),
            policy=stated["policy"],
            lists=tuple(_list_basis(each) for each in stated["lists"]),
        )


def _list_json(basis: ListBasis) -> JsonObject:
    return {
        "id": basis.list_id,
        "version": basis.version,
        "checked_at": basis.checked_at and basis.checked_at.isoformat(),
        "serving": basis.serving,
        "serving_checked_at": basis.serving_checked_at and basis.serving_checked_at.isoformat(),
        "known": ranges(basis.known),
    }


def _list_basis(stated: Mapping[str, Any]) -> ListBasis:
    checked, serving_checked = stated["checked_at"], stated["serving_checked_at"]
    return ListBasis(
        list_id=stated["id"],
        version=stated["version"],
        checked_at=datetime.fromisoformat(checked) if checked else None,
        serving=stated["serving"],
        serving_checked_at=datetime.fromisoformat(serving_checked) if serving_checked else None,
        known=numbers(stated["known"]),
    )


class PinnedLists:
    """A store of lists as it stood for one decision: no later version is known, and check times are those of then."""

    def __init__(self, store: VersionStore, lists: tuple[ListBasis, ...]) -> None:
        self._store = store
        self._lists = {basis.list_id: basis for basis in lists}

    def check(self) -> None:
        """Raise ReplayError where a version that decided is not stored."""
        for basis in self._lists.values():
            for number in sorted({basis.version, basis.serving} - {0}):
                if self._store.version(basis.list_id, number) is None:
                    raise ReplayError(f"Version {number} of {basis.list_id} is not stored here.")

    def active(self) -> tuple[ListVersion, ...]:
        """The versions that served then, in the order of the decision. ReplayError where one is gone."""
        return tuple(self._serving(basis) for basis in self._lists.values())

    def _serving(self, basis: ListBasis) -> ListVersion:
        if basis.serving == 0:
            return starter.version(basis.list_id)
        found = self._store.version(basis.list_id, basis.serving)
        if found is None:
            raise ReplayError(f"Version {basis.serving} of {basis.list_id} is not stored here.")
        return replace(found, checked_at=basis.serving_checked_at)

    def known_counts(self) -> dict[str, int]:
        """How many versions were known of each list; the starter list is none."""
        return {list_id: len(basis.known - {0}) for list_id, basis in self._lists.items()}

    def known_versions(self, list_id: str) -> tuple[ListVersion, ...]:
        """The versions that were known."""
        basis = self._lists[list_id]
        return tuple(
            replace(version, checked_at=basis.checked_at) if version.version == basis.version else version
            for version in self._store.known_versions(list_id)
            if version.version in basis.known
        )

    def listings(self, list_id: str, version: int) -> Iterator[Listing]:
        return iter(starter.listings(list_id)) if version == 0 else self._store.listings(list_id, version)

    def key_spans(self, list_id: str, key: str) -> tuple[tuple[int, int | None], ...]:
        return self._store.key_spans(list_id, key)

    def past_spans(self, list_id: str, version: int) -> Iterator[tuple[str, int, int, int | None]]:
        return self._store.past_spans(list_id, version)

    def past_entries(self, list_id: str, version: int) -> Iterator[tuple[int, Listing]]:
        return self._store.past_entries(list_id, version)

    def snapshot(self, index: NameIndex | None = None) -> Snapshot:
        """The snapshot that was decided by; ``index`` where one over the same versions is at hand."""
        serving = self.active()
        if index is None:
            index = NameIndex.build(chain.from_iterable(self.listings(v.list_id, v.version) for v in serving))
        return Snapshot(
            versions={version.list_id: version for version in serving},
            index=index,
            archives=Archives(self, self.known_counts()),
        )


def recompute(question: Question, snapshot: Snapshot, *, rules: Rulebook, load: Load) -> bytes:
    """The canonical bytes of the decision: what was committed to, if nothing has changed.

    ``load`` reads a request of JSON; the instant stands in for times that it leaves open.
    """
    usable = usable_facts(load(question.request, question.asked_at))
    selected = {basis.list_id: basis.version for basis in question.lists}
    selection = snapshot.selected(selected, asked_of(usable.request, question.decided_at))
    judge = Judge(rules=rules, policy=Policy.from_stated(question.policy))
    judged = judge.judge(
        usable.request,
        Lists(snapshot=snapshot, selection=selection),
        question.decided_at,
        forbidden=usable.forbidden,
        ignored=question.ignored,
    )
    return canonical_decision(judged.decision)


NOT_DECIDED = ("id", "decided_at", "audit", "links")  # what an answer has beside the decision


def decision_in(answer: Mapping[str, Any]) -> JsonObject:
    """The decision within an answer."""
    return {name: value for name, value in answer.items() if name not in NOT_DECIDED}


def canonical_decision(decision: Mapping[str, Any]) -> bytes:
    """The bytes of a decision that its leaf commits to: sorted names, no spaces, UTF-8."""
    return orjson.dumps(decision, option=orjson.OPT_SORT_KEYS)
