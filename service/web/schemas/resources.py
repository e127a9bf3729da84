"""The shapes of the service's other resources and of its faults, for the published document."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema, fields


def _text(description: str) -> fields.String:
    return fields.String(required=True, metadata={"description": description})


class ListsSchema(Schema):
    """The lists that serve now."""

    lists = fields.List(fields.Dict(), required=True, metadata={"description": "One object for each list."})


class RulebookSchema(Schema):
    """The catalogue of clauses. Further members may be added."""

    class Meta:
        unknown = INCLUDE

    version = fields.String(metadata={"description": "The version of the rulebook."})
    sha256 = fields.String(metadata={"description": "The digest of its clauses."})
    clauses = fields.List(fields.Dict(), metadata={"description": "Every clause."})


class LivenessSchema(Schema):
    """That the process answers."""

    status = _text("Always `alive`.")


class CheckSchema(Schema):
    """One thing that must hold before decisions can be given."""

    ok = fields.Boolean(required=True)
    detail = _text("What was found, without personal data.")


class ReadinessSchema(Schema):
    """Whether decisions can be given now."""

    ready = fields.Boolean(required=True)
    checks = fields.Dict(keys=fields.String(), values=fields.Nested(CheckSchema), required=True)


class ProblemErrorSchema(Schema):
    """One place of the body that is at fault."""

    pointer = _text("Its JSON pointer (RFC 6901); empty for the whole body.")
    detail = _text("What is taken there.")


class RetentionSchema(Schema):
    """A duty to keep the personal data of a screening."""

    screening = _text("The id of the screening.")
    class_ = fields.String(
        required=True, data_key="class", attribute="class", metadata={"description": "The retention class."}
    )
    basis = _text("The rule that it rests on.")
    source = _text("Where that rule was read.")
    keep_until = _text("The last day of the duty.")


class ProblemSchema(Schema):
    """A fault (RFC 9457)."""

    type = _text("The stable address of the kind of fault.")
    title = _text("What it is called.")
    status = fields.Integer(required=True)
    detail = _text("What to do about it.")
    instance = _text("The id of this request, for a report.")
    errors = fields.List(fields.Nested(ProblemErrorSchema), metadata={"description": "The places that are at fault."})
    retention = fields.List(
        fields.Nested(RetentionSchema), metadata={"description": "What must still be kept, and until when."}
    )
