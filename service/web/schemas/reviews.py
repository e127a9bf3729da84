"""The shapes of reviews: screenings that people settle, and what a person says about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.dispositions import State, Verdict
from service.errors import InvalidRequestError
from service.web.schemas.facts_schema import FactsSchema, flatten
from service.web.schemas.scalars import Choice, Text

LONGEST_REASON = 2000
VERDICTS = tuple(each.value for each in Verdict)
STATES = tuple(each.value for each in State)
DECISIONS = ("review", "deny")


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


class DispositionRequestSchema(FactsSchema):
    """A person's word on a screening."""

    yields = dict

    verdict = Choice(
        Verdict,
        "`clear`: the hire may go ahead; `block`: it may not; `escalate`: an admin must look.",
        required=True,
    )
    reason = Text("Why, with the evidence; kept until it is erased.", longest=LONGEST_REASON, lines=True, required=True)


class DispositionSchema(Schema):
    """One person's word; what it says stays hidden from a person who has not signed yet."""

    id = _text("Its id.", format="uuid")
    account = _text("The id of the account.", format="uuid")
    username = _text("The account's name.")
    role = _text("What the person was when signing.")
    at = _text("When it was given.", format="date-time")
    verdict = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(VERDICTS),
        metadata={"description": "The verdict; null while it is hidden.", "enum": [*VERDICTS, None]},
    )
    reason = _text("Why; null while it is hidden, and once it was erased.", null=True)


class ReviewSchema(Schema):
    """A screening that waits for two people, or that they settled."""

    screening = _text("The id of the screening.", format="uuid")
    decision = fields.String(
        required=True,
        validate=validate.OneOf(DECISIONS),
        metadata={"description": "What was decided by the rules; it never changes.", "enum": list(DECISIONS)},
    )
    decided_at = _text("When it was decided.", format="date-time")
    stage = _text("The stage of the hire.")
    reference = _text("The reference that the caller gave.", null=True)
    clauses = fields.List(fields.String(), required=True, metadata={"description": "The clauses that bear on it."})
    state = fields.String(
        required=True, validate=validate.OneOf(STATES), metadata={"description": "How it stands.", "enum": list(STATES)}
    )
    verdict = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(VERDICTS),
        metadata={"description": "What two people agree on; null until then.", "enum": ["clear", "block", None]},
    )
    dispositions = fields.List(
        fields.Nested(DispositionSchema), required=True, metadata={"description": "Every word on it, in their order."}
    )
    signatures_needed = fields.Integer(required=True, metadata={"description": "How many people must agree."})
    tag = _text("What `If-Match` must name (in quotes) to sign it as it stands.")


class ReviewsSchema(Schema):
    """A page of reviews."""

    reviews = fields.List(fields.Nested(ReviewSchema), required=True, metadata={"description": "The oldest first."})


DISPOSITION = DispositionRequestSchema()


def load_disposition(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a person says about a review; InvalidRequestError with a JSON pointer for each fault."""
    try:
        stated: dict[str, Any] = DISPOSITION.load(body)
    except ValidationError as fault:
        raise InvalidRequestError(flatten(fault.messages)) from None
    return stated
