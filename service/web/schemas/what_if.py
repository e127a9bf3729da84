"""The shape of the answer to a what-if, for the published document; a test compares it with what is sent."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.screening.finding import Outcome
from service.web.schemas.answer import AnswerSchema

_OUTCOMES = [outcome.word for outcome in Outcome]
_FIELD = "The date that moves while the rest is held: `as_of`, or a date of the contract."


def _decision(description: str) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf(_OUTCOMES), metadata={"description": description, "enum": _OUTCOMES}
    )


def _outcomes(description: str) -> fields.List[Any]:
    word = fields.String(validate=validate.OneOf(_OUTCOMES))
    return fields.List(word, required=True, metadata={"description": description})


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


class ChangedClauseSchema(Schema):
    """A clause that says something else. An empty list: it does not bear."""

    clause = _text("The id of the clause.")
    before = _outcomes("What it said, the worst first.")
    after = _outcomes("What it says, the worst first.")


class FlipSchema(Schema):
    """A day on which the answer changes."""

    field = _text(_FIELD, examples=["contract.finalised_on"])
    on = _text("The first day of the new answer.", format="date")
    before = _decision("The decision on the days before.")
    after = _decision("The decision from this day.")
    changed = fields.List(fields.Nested(ChangedClauseSchema), required=True)


class StandingClauseSchema(Schema):
    """A clause that bears, and what it says."""

    clause = _text("The id of the clause.")
    outcomes = _outcomes("What it says of the parties it speaks of, the worst first.")


class BandSchema(Schema):
    """Neighbouring days of one date that share an answer."""

    field = _text(_FIELD)
    first = _text("The first day; null: every day before.", null=True, format="date")
    last = _text("The last day; null: every day after.", null=True, format="date")
    decision = _decision("The decision on these days.")
    clauses = fields.List(fields.Nested(StandingClauseSchema), required=True)


class SettlingSchema(Schema):
    """Missing fields that together would settle the review; no smaller set leads to the same decisions."""

    fields_together = fields.List(
        fields.String(),
        required=True,
        data_key="fields",
        metadata={"description": "The paths of the fields, in the order in which to ask."},
    )
    decisions = _outcomes("What may come of it; `review` too where some values leave it open.")


class WhatIfSchema(AnswerSchema):
    """What would be answered, and what would change it. Nothing of it is on record, so it has no id."""

    class Meta:
        exclude = ("id", "audit", "links")

    flips = fields.List(
        fields.Nested(FlipSchema),
        required=True,
        metadata={"description": "Every day on which the answer changes, field by field in order of time."},
    )
    bands = fields.List(
        fields.Nested(BandSchema),
        required=True,
        metadata={"description": "The answer for every day of each of these dates, in order of time."},
    )
    settling = fields.List(
        fields.Nested(SettlingSchema),
        required=True,
        metadata={
            "description": "The smallest sets of missing fields that would settle a review, found by trying plausible "
            "values. Empty where the decision is no review, or where no such field settles it."
        },
    )
