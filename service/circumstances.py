"""What surrounds a judgement: which lists it rests on, what to warn of, and what may not stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from service.audit.leaf import timestamp
from service.lists.status import NEVER_CHECKED, Freshness, age_of
from service.matching import THRESHOLD
from service.matching.screen import name_tricks
from service.nationality.mrz import MrzError, read_mrz
from service.records import ListVersion
from service.rulebook import canada, european_union, listed_party, stages, united_kingdom
from service.rulebook.freezes import frozen_share
from service.rulebook.united_states import FIFTY_PERCENT, us_share
from service.rulebook.united_states import JURISDICTION as UNITED_STATES
from service.screening.answer import JsonObject, OwnershipResult, Warned
from service.screening.case import Case
from service.screening.facts import ScreeningRequest
from service.screening.match import Match
from service.snapshot import Snapshot

FREEZES = (listed_party.UN_FREEZE, european_union.FREEZE, united_kingdom.FREEZE, canada.FREEZE)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The operator's settings that can change a decision."""

    demo: bool
    required_lists: tuple[str, ...]

    @cached_property
    def sha256(self) -> str:
        """Hex digest over everything that decides beside rulebook and lists."""
        stated = {
            "demo": self.demo,
            "required_lists": sorted(self.required_lists),
            "matching_threshold": THRESHOLD,
            "forbidden_before_offer": list(stages.NATIONALITY_FIELDS),
        }
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def list_json(version: ListVersion, now: datetime) -> JsonObject:
    """A list as an answer names it."""
    checked = version.checked_at
    known = checked is not None and checked > NEVER_CHECKED
    return {
        "id": version.list_id,
        "version": version.version,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "checked_at": timestamp(checked) if checked is not None and known else None,
        "entries": version.entries,
        "sha256": version.sha256,
        "status": age_of(version, now).freshness.value,
        "complete": version.complete,
    }


def list_warnings(snapshot: Snapshot, now: datetime) -> tuple[Warned, ...]:
    """What an answer says about the state of each list."""
    found: list[Warned] = []
    for version in snapshot.versions.values():
        name, age = version.list_id, age_of(version, now)
        if age.freshness is Freshness.STARTER:
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


def place_in_time(matches: tuple[Match, ...], snapshot: Snapshot, as_of: date) -> tuple[Match, ...]:
    """Keep the matches whose listing stood on ``as_of``, each with its day of listing.

    Where the list gives no day, the entry is known to be listed from the day of the version that holds
    it; for an earlier ``as_of`` the day stays unknown, and the match can only ask for a review.
    """
    placed: list[Match] = []
    for match in matches:
        listing = match.listing
        if listing.listed_on is not None:
            if listing.listed_on <= as_of:
                basis = listing.listed_on_basis or "list"
                placed.append(replace(match, listed_on=listing.listed_on, listed_on_basis=basis))
            continue
        since = snapshot.known_since(listing.list_id)
        if since is not None and since <= as_of:
            placed.append(replace(match, listed_on=since, listed_on_basis="first_seen"))
        else:
            placed.append(replace(match, listed_on=None, listed_on_basis=None))
    return tuple(placed)


def history_warnings(snapshot: Snapshot, request: ScreeningRequest, now: datetime) -> tuple[Warned, ...]:
    """Say so where the lists of the past day asked about are not loaded."""
    found: list[Warned] = []
    for version in snapshot.versions.values():
        since = snapshot.known_since(version.list_id) or now.date()
        if request.as_of.day < since:
            detail = (
                f"{version.list_id}: no version of {request.as_of.day.isoformat()} is loaded; the list was judged by "
                "its days of listing, and entries removed since are not seen."
            )
            found.append(Warned(code="history_incomplete", detail=detail))
    return tuple(found)


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
        if UNITED_STATES in case.jurisdictions:
            shares.append((FIFTY_PERCENT.id, us_share(case, path)))
        found += [OwnershipResult(party=path, rule=rule, share=share) for rule, share in shares if share.touched]
    return tuple(found)
