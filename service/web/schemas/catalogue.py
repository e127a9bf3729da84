"""The shapes of the catalogue's parts, for the published document; a test compares them with what is sent."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.web.schemas.answer import ClauseSchema


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


class ClauseDateSchema(Schema):
    """A further day on which a clause changes what it demands."""

    what = _text("What changes.")
    on = _text("The day.", format="date")


class TextualExceptionSchema(Schema):
    """An exception that a clause knows."""

    id = _text("The id of the exception.")
    title = _text("What it excepts.")


class CatalogueClauseSchema(ClauseSchema):
    """One paragraph of one instrument, as the catalogue has it."""

    paraphrase = _text("What it demands, in our words.")
    effect = _text("What a case that meets it comes to.", examples=["deny"])
    in_force_instant = _text("The moment of adoption where it is known.", null=True, format="date-time")
    dates = fields.List(fields.Nested(ClauseDateSchema), required=True, metadata={"description": "Further days."})
    exceptions = fields.List(
        fields.Nested(TextualExceptionSchema), required=True, metadata={"description": "What it excepts."}
    )
    needs = fields.List(
        fields.String(), required=True, metadata={"description": "Fields without which it cannot be asked."}
    )
    note = _text("What is reading rather than text, and what is not confirmed.", null=True)


class WorkedStepSchema(Schema):
    """One question of a worked case."""

    at = _text("The value of the fact that moves.", null=True)
    says = _text("What the clause says; `-` where it does not bear.", examples=["deny"])
    decision = _text("The decision over all clauses.", examples=["deny"])


class WorkedCaseSchema(Schema):
    """A worked case of a clause."""

    title = _text("The case in a sentence.")
    moves = _text("The fact that its questions move.", null=True, examples=["as_of"])
    steps = fields.List(fields.Nested(WorkedStepSchema), required=True, metadata={"description": "Its questions."})


class OneClauseSchema(CatalogueClauseSchema):
    """A clause by itself, with its worked cases."""

    cases = fields.List(fields.Nested(WorkedCaseSchema), required=True, metadata={"description": "Worked cases."})


class IndicatorSchema(Schema):
    """A sign that may be reported with a request."""

    code = _text("What to write into `indicators`.", examples=["refused_video_interview"])
    title = _text("What was seen.")
    source = _text("Who published it.")
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["fraud", "labour"]),
        metadata={"description": "Fraud, or forced labour."},
    )
    clause = _text("The id under which it is answered.")


class IndicatorsSchema(Schema):
    """The signs that may be reported."""

    indicators = fields.List(fields.Nested(IndicatorSchema), required=True)
