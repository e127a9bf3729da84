"""A screening request: from JSON to typed facts, or to the list of what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from service.errors import InvalidRequestError
from service.rulebook.indicators import INDICATOR_CODES
from service.screening import facts
from service.screening.facts import ScreeningRequest
from service.screening.moment import Moment
from service.screening.ownership import circular_owners
from service.web.schemas.arrangement import AuthorisationSchema, ContractSchema, WorkSchema
from service.web.schemas.dates import Day, DayOrInstant, Instant
from service.web.schemas.facts_schema import FactsSchema, Part, Several, flatten
from service.web.schemas.parties import CounterpartySchema, names_of
from service.web.schemas.scalars import Choice, Jurisdiction, Text
from service.web.schemas.worker import WorkerSchema

COUNTERPARTIES = 50
NAMES = 500
FAULTS = 100

CLAUSE_ID = r"^[A-Z]{2,5}(-[A-Za-z0-9_]+){1,8}$"

_CLAUSE_ID = re.compile(CLAUSE_ID)


def _each_once(values: list[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


class ClauseId(Text):
    """The id of a clause, of this rulebook or not: ``UN-2375-17``, ``LIST-us_ofac_sdn``."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__(description, longest=64, metadata={"pattern": CLAUSE_ID}, **kwargs)

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not _CLAUSE_ID.fullmatch(text):
            raise ValidationError("Write the id of a clause, such as UN-2375-17.")
        return text


class ExemptionSchema(FactsSchema):
    """An exemption claimed or proven; it cancels the clause that it names and no other."""

    yields = facts.Exemption

    clause = ClauseId("The id of the clause exempted.", required=True)
    kind = Choice(facts.ExemptionKind, "The kind of exemption.", required=True)
    power = ClauseId("The id of the clause that gives the power to exempt.")
    granted_on = Day("The day it was granted.")
    reference = Text("The reference of the decision.", longest=128)
    evidence = Choice(facts.ExemptionEvidence, "What is on file; `claimed` where it is not given.")


class ScreeningRequestSchema(FactsSchema):
    """One question: may this person be hired, in this arrangement, as the law stood on ``as_of``?"""

    yields = dict

    reference = Text("The caller's own reference, echoed. No personal data.", longest=64)
    as_of = DayOrInstant("The moment at which the law and the lists are judged; now where it is not given.")
    known_at = Instant("What was known by then is used; now where it is not given.")
    stage = Choice(facts.Stage, "How far the hire has come; `offer_accepted` where it is not given.")
    jurisdictions = Several(
        Jurisdiction('A country, or "EU".', required=True),
        'Whose law binds the employer besides the country of work: a country or "EU".',
        most=50,
        into=_each_once,
    )
    worker = Part(WorkerSchema, required=True)
    contract = Part(ContractSchema)
    work = Part(WorkSchema)
    authorisation = Part(AuthorisationSchema)
    counterparties = Several(
        Part(CounterpartySchema, allow_none=False), "Everyone else in the arrangement.", most=COUNTERPARTIES
    )
    exemptions = Several(Part(ExemptionSchema, allow_none=False), "Exemptions.", most=50)
    indicators = Several(
        fields.String(
            validate=validate.OneOf(INDICATOR_CODES, error="No such indicator is known."),
            error_messages={"invalid": "Write a text."},
        ),
        "Codes of fraud indicators that were seen.",
        most=len(INDICATOR_CODES) * 2,
        into=_each_once,
    )


REQUEST = ScreeningRequestSchema()


def load_request(body: Mapping[str, Any], *, now: datetime) -> ScreeningRequest:
    """The facts of a request that came as JSON; ``now`` is an aware datetime, the default of both times.

    Raises InvalidRequestError with every fault and its JSON pointer, at most 100 of them.
    """
    try:
        stated: dict[str, Any] = REQUEST.load(body)
    except ValidationError as fault:
        raise InvalidRequestError(flatten(fault.messages)[:FAULTS]) from None
    stated.setdefault("as_of", Moment.at(now))
    stated.setdefault("known_at", now)
    request = ScreeningRequest(**stated)
    if names_of(request.counterparties) > NAMES:
        raise InvalidRequestError(
            [("/counterparties", f"At most {NAMES} names of counterparties, owners and directors are taken.")]
        )
    circles = list(_circles(request))
    if circles:
        raise InvalidRequestError(circles)
    return request


def _circles(request: ScreeningRequest) -> Iterator[tuple[str, str]]:
    """A fault for each owner that leads back to itself, where the circle closes."""
    for path in circular_owners(request.counterparties):
        pointer = "/" + re.sub(r"\[(\d+)\]", r"/\1", path).replace(".", "/")
        yield f"{pointer}/name", "This owner is owned by itself: the chain of owners leads back to it."
