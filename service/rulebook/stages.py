"""Which facts may be used at which stage, and where; the rest is left aside, named, and not stored.

United States: an employer does not ask for citizenship before an accepted offer (EEOC guidance;
8 USC 1324b). European Union and United Kingdom: nationality is left aside before the offer unless the
hire needs a permit. In all three a person's name may be compared with lists before an offer, but only to
ask for a person's judgement. Counterparties, their owners and payees may be used at every stage. Place of
birth, language and a photograph are not part of a request at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from service.nationality.countries import is_bound_by_eu_law
from service.screening.facts import AuthorisationKind, Protection, ScreeningRequest, Stage

NATIONALITY_FIELDS = (
    "worker.nationalities",
    "worker.documents",
    "worker.protection",
    "worker.right_to_work",
    "worker.family_of_national_of",
    "authorisation.admitted_on",
)
NEEDS_PERMIT = frozenset(
    {
        AuthorisationKind.WORK_PERMIT,
        AuthorisationKind.QUOTA_POSITION,
        AuthorisationKind.STUDENT_VISA,
        AuthorisationKind.VISITOR_VISA,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRule:
    """What a law leaves aside at a stage: the fields, why, and whether a needed permit lifts it.

    ``names_ask_only``: a worker's name that meets a listing may ask for a review at this stage, no more.
    """

    stage: Stage
    jurisdictions: frozenset[str]
    fields: tuple[str, ...]
    reason: str
    lifted_by_permit: bool
    names_ask_only: bool


STAGE_RULES = (
    StageRule(
        stage=Stage.PRE_OFFER,
        jurisdictions=frozenset({"US"}),
        fields=NATIONALITY_FIELDS,
        reason="Not used before an accepted offer in the United States (8 USC 1324b; EEOC guidance).",
        lifted_by_permit=False,
        names_ask_only=True,
    ),
    StageRule(
        stage=Stage.PRE_OFFER,
        jurisdictions=frozenset({"EU", "GB"}),
        fields=NATIONALITY_FIELDS,
        reason="Not used before an offer in the European Union and the United Kingdom unless a permit is needed.",
        lifted_by_permit=True,
        names_ask_only=True,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Usable:
    """The request without what the stage forbids, and the forbidden fields with the reason."""

    request: ScreeningRequest
    forbidden: dict[str, str]


def usable_facts(request: ScreeningRequest) -> Usable:
    """Leave aside what may not be used at the request's stage under the laws that bind."""
    forbidden: dict[str, str] = {}
    for rule in _rules_that_bind(request):
        if not (rule.lifted_by_permit and request.authorisation.kind in NEEDS_PERMIT):
            forbidden = {**dict.fromkeys(rule.fields, rule.reason), **forbidden}
    return Usable(request=_without_nationality(request) if forbidden else request, forbidden=forbidden)


def names_of_persons_ask_only(request: ScreeningRequest) -> bool:
    """Whether a listing that names the worker may, at this stage, only ask for a person's judgement."""
    return any(rule.names_ask_only for rule in _rules_that_bind(request))


def _rules_that_bind(request: ScreeningRequest) -> Iterator[StageRule]:
    codes = set(_binding_codes(request))
    if any(is_bound_by_eu_law(code, request.as_of.day) for code in codes):
        codes.add("EU")
    for rule in STAGE_RULES:
        if rule.stage is request.stage and rule.jurisdictions & codes:
            yield rule


def _binding_codes(request: ScreeningRequest) -> Iterable[str]:
    yield from request.jurisdictions
    countries = [request.work.country, request.work.performed_from, request.work.employer_country]
    countries += [party.country for party in request.counterparties if party.role.value == "legal_employer"]
    for country in countries:
        if country is not None and country.code is not None:
            yield country.code


def _without_nationality(request: ScreeningRequest) -> ScreeningRequest:
    worker = replace(
        request.worker,
        nationalities=(),
        documents=(),
        protection=Protection(),
        right_to_work=None,
        family_of_national_of=None,
    )
    return replace(request, worker=worker, authorisation=replace(request.authorisation, admitted_on=None))


def strip_body(body: dict[str, Any], forbidden: Iterable[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The request's JSON without the forbidden fields, and which of them it carried."""
    stripped = dict(body)
    carried: list[str] = []
    for path in forbidden:
        part, name = path.split(".")
        inner = stripped.get(part)
        if not isinstance(inner, dict):
            continue
        stripped[part] = {key: value for key, value in inner.items() if key != name}
        if inner.get(name) not in (None, [], {}):
            carried.append(path)
    return stripped, tuple(carried)
