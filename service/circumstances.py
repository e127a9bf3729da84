"""What surrounds a judgement: which lists it rests on, what to warn of, and what may not stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from service.audit.leaf import timestamp
from service.lists.sources import SOURCES
from service.lists.status import Freshness, age_of
from service.lists.timeline import Doubt, published_day
from service.matching import THRESHOLD
from service.matching.screen import name_tricks
from service.nationality.mrz import MrzError, read_mrz
from service.records import ListVersion
from service.rulebook import canada, european_union, listed_party, stages, united_kingdom, united_states
from service.rulebook.freezes import frozen_share
from service.screening.answer import JsonObject, OwnershipResult, Warned
from service.screening.case import Case
from service.screening.facts import ScreeningRequest
from service.selection import Selection
from service.snapshot import Snapshot

FREEZES = (
    listed_party.UN_FREEZE,
    european_union.FREEZE,
    united_kingdom.FREEZE,
    canada.FREEZE,
    united_states.FREEZE,
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The operator's settings that can change a decision."""

    demo: bool
    required_lists: tuple[str, ...]

    @classmethod
    def from_stated(cls, stated: JsonObject) -> Policy:
        """The policy of :attr:`stated`; what it states of the program is this program's own."""
        return cls(demo=stated["demo"], required_lists=tuple(stated["required_lists"]))

    @property
    def stated(self) -> JsonObject:
        """Everything that decides beside rulebook and lists."""
        return {
            "demo": self.demo,
            "required_lists": sorted(self.required_lists),
            "matching_threshold": THRESHOLD,
            "forbidden_before_offer": list(stages.NATIONALITY_FIELDS),
        }

    @cached_property
    def sha256(self) -> str:
        """Hex digest over :attr:`stated`."""
        return hashlib.sha256(json.dumps(self.stated, sort_keys=True).encode()).hexdigest()


def list_json(version: ListVersion, now: datetime, *, serves: bool = True) -> JsonObject:
    """A list as an answer names it; a version that does not serve now is ``past``, however old."""
    return {
        "id": version.list_id,
        "version": version.version,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "checked_at": timestamp(version.checked_at) if version.checked_at else None,
        "entries": version.entries,
        "sha256": version.sha256,
        "status": age_of(version, now).freshness.value if serves else "past",
        "complete": version.complete,
    }


def list_warnings(snapshot: Snapshot, selection: Selection, now: datetime) -> tuple[Warned, ...]:
    """What an answer says about the state of each list: what is loaded by the selection, how fresh what serves is."""
    found: list[Warned] = []
    for version in selection.versions.values():
        name, age = version.list_id, age_of(snapshot.versions.get(version.list_id, version), now)
        if version.version == 0:
            detail = f"{name}: the built-in starter list of {version.entries} entries stands in for the real list."
            found.append(Warned(code="starter_lists", detail=detail))
        elif not version.complete:
            detail = f"{name}: only a part of the publisher's files is loaded, so names are missing."
            found.append(Warned(code="list_partial", detail=detail))
        if age.freshness is Freshness.STALE:
            found.append(Warned(code="list_stale", detail=f"{name}: last checked too long ago."))
        elif age.freshness is Freshness.AGEING:
            found.append(Warned(code="list_ageing", detail=f"{name}: not checked for a day."))
    return tuple(found)


def unlisted_warnings(case: Case, selection: Selection) -> tuple[Warned, ...]:
    """Say so where law that bears on the case has lists of its own, and none of them is loaded."""
    with_lists = {source.binds_in for source in SOURCES.values() if source.binds_in is not None}
    loaded = {SOURCES[list_id].binds_in for list_id in selection.versions}
    return tuple(
        Warned(
            code="list_not_loaded",
            detail=f"{code}: none of the lists that bind there is loaded, so nobody was looked for in them.",
        )
        for code in sorted((with_lists & case.jurisdictions) - loaded)
    )


def history_warnings(selection: Selection, request: ScreeningRequest) -> tuple[Warned, ...]:
    """Say so where the lists of the past day asked about, or of the knowledge asked for, are not loaded."""
    return tuple(
        Warned(code="history_incomplete", detail=_history_detail(selection.versions[list_id], doubt, request))
        for list_id, doubt in selection.doubts.items()
    )


def _history_detail(version: ListVersion, doubt: Doubt, request: ScreeningRequest) -> str:
    name, day = version.list_id, request.as_of.day.isoformat()
    if doubt is Doubt.UNKNOWN:
        return (
            f"{name}: nothing was loaded by {timestamp(request.known_at)}; the earliest version stands in for what "
            "was known."
        )
    if doubt is Doubt.GAP:
        published = published_day(version)
        return (
            f"{name}: the newest version before {day} is of {published.isoformat() if published else 'no known day'}; "
            "issues between are not loaded, and entries that came and went in them are not seen."
        )
    return (
        f"{name}: no version of {day} is loaded; the list was judged by its days of listing, and entries removed "
        "before the earliest loaded version are not seen."
    )


def request_warnings(request: ScreeningRequest) -> tuple[Warned, ...]:
    """What stands out in the request itself: odd characters in names, document zones, absent parties."""
    found = [
        Warned(code="suspicious_name", detail=f"{path}: the name holds unusual characters ({', '.join(tricks)}).")
        for path, tricks in _tricks_by_party(request).items()
    ]
    for index, document in enumerate(request.worker.documents):
        if document.mrz is None:
            continue
        path = f"worker.documents[{index}].mrz"
        try:
            mrz = read_mrz(document.mrz)
        except MrzError as error:
            found.append(Warned(code="mrz_unreadable", detail=f"{path}: {error}"))
        else:
            detail = f"{path}: no check digit protects the nationality in a machine-readable zone."
            found.append(Warned(code="mrz_nationality_unprotected", detail=detail))
            if mrz.issuer_and_nationality_differ:
                found.append(Warned(code="mrz_issuer_differs", detail=f"{path}: issuer and nationality differ."))
    if not request.counterparties:
        found.append(
            Warned(code="no_counterparties", detail="No employer or other party was named, so none was screened.")
        )
    return tuple(found)


def _tricks_by_party(request: ScreeningRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, _, trick in name_tricks(request):
        tricks = found.setdefault(path, [])
        if trick not in tricks:
            tricks.append(trick)
    return found


def ownership_results(case: Case) -> tuple[OwnershipResult, ...]:
    """The ownership tests that touched a listed owner, jurisdiction by jurisdiction, for the answer."""
    found: list[OwnershipResult] = []
    for path, _ in case.counterparties():
        shares = [
            (freeze.owned.id, frozen_share(case, path, freeze))
            for freeze in FREEZES
            if freeze.owned is not None and freeze.binds(case) and not case.in_force(freeze.owned).is_false
        ]
        found += [OwnershipResult(party=path, rule=rule, share=share) for rule, share in shares if share.touched]
    return tuple(found)
