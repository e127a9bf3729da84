"""Which facts may be used at which stage, and where; the rest is left aside, named, and not stored.

United States: an employer does not ask for citizenship before an accepted offer (EEOC guidance;
8 USC 1324b). European Union and United Kingdom: nationality is left aside before the offer unless the
hire needs a permit. The sources are in the reference notes on users, section 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from service.nationality.countries import is_eu_member
from service.screening.facts import AuthorisationKind, Protection, ScreeningRequest, Stage

NATIONALITY_FIELDS = (
    "worker.nationalities",
    "worker.documents",
    "worker.protection",
    "worker.right_to_work",
    "worker.family_of_national_of",
)
NEEDS_PERMIT = frozenset(
    {
        AuthorisationKind.WORK_PERMIT,
        AuthorisationKind.QUOTA_POSITION,
        AuthorisationKind.STUDENT_VISA,
        AuthorisationKind.VISITOR_VISA,
    }
)
US_REASON = "Not used before an accepted offer in the United States (8 USC 1324b; EEOC guidance)."
EU_UK_REASON = "Not used before an offer in the European Union and the United Kingdom unless a permit is needed."


@dataclass(frozen=True, kw_only=True, slots=True)
class Usable:
    """The request without what the stage forbids, and the forbidden fields with the reason."""

    request: ScreeningRequest
    forbidden: dict[str, str]


def usable_facts(request: ScreeningRequest) -> Usable:
    """Leave aside what may not be used at the request's stage under the laws that bind."""
    reason = _reason_against_nationality(request)
    if reason is None:
        return Usable(request=request, forbidden={})
    worker = replace(
        request.worker,
        nationalities=(),
        documents=(),
        protection=Protection(),
        right_to_work=None,
        family_of_national_of=None,
    )
    return Usable(request=replace(request, worker=worker), forbidden=dict.fromkeys(NATIONALITY_FIELDS, reason))


def _reason_against_nationality(request: ScreeningRequest) -> str | None:
    if request.stage is not Stage.PRE_OFFER:
        return None
    codes = set(_binding_codes(request))
    if "US" in codes:
        return US_REASON
    if request.authorisation.kind in NEEDS_PERMIT:
        return None
    bound = codes & {"EU", "GB"} or any(is_eu_member(code, request.as_of.day) for code in codes)
    return EU_UK_REASON if bound else None


def _binding_codes(request: ScreeningRequest) -> Iterable[str]:
    yield from request.jurisdictions
    for country in (request.work.country, request.work.performed_from, request.work.employer_country):
        if country is not None and country.code is not None:
            yield country.code


def strip_body(body: dict[str, Any], forbidden: Iterable[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The request's JSON without the forbidden fields, and which of them it carried."""
    stripped = {**body, "worker": dict(body.get("worker") or {})}
    carried: list[str] = []
    for path in forbidden:
        name = path.removeprefix("worker.")
        if stripped["worker"].pop(name, None) not in (None, [], {}):
            carried.append(path)
    return stripped, tuple(carried)
