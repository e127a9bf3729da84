"""The shapes of versions that wait for two people, and of what a person says about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from service.errors import InvalidRequestError
from service.web.schemas.facts_schema import FactsSchema, flatten
from service.web.schemas.list_versions import ChangeCountsSchema
from service.web.schemas.scalars import Flag, Text

LONGEST_REASON = 1000
STATES = ("held", "approved", "refused", "superseded")


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


class RefusalSchema(FactsSchema):
    """Why a held version must not serve."""

    yields = dict

    reason = Text("Why, in a few words; kept, and committed to in the record.", longest=LONGEST_REASON, required=True)


class ApprovalSchema(RefusalSchema):
    """Why a held version may serve."""

    allow_older = Flag("Whether you know that it is older than the version that serves; false where not given.")


class DoubtSchema(Schema):
    """One reason for which a version is held."""

    code = _text("What kind of reason it is.", examples=["removals"])
    detail = _text("The reason in words.")
    needs_allow_older = fields.Boolean(
        required=True, metadata={"description": "Whether both approvals must say `allow_older`."}
    )


class GivenApprovalSchema(Schema):
    """One person's approval."""

    account = _text("The id of the account.", format="uuid")
    at = _text("When it was given.", format="date-time")
    reason = _text("Why.")


class HeldVersionSchema(Schema):
    """A version that was doubtful when it came: it is stored, and serves once two people have approved it."""

    list = _text("The id of the list.")
    version = fields.Integer(required=True, metadata={"description": "Its number."})
    against = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The version it would replace; null where none serves."},
    )
    state = fields.String(
        required=True, validate=validate.OneOf(STATES), metadata={"description": "What became of it.", "enum": STATES}
    )
    held_at = _text("When it came.", format="date-time")
    proposed_by = _text("Who brought it: kind and id.", examples=["job:refresh"])
    reasons = fields.List(fields.Nested(DoubtSchema), required=True, metadata={"description": "Why it is held."})
    changes = fields.Nested(
        ChangeCountsSchema, required=True, metadata={"description": "Against the version it would replace."}
    )
    approvals = fields.List(
        fields.Nested(GivenApprovalSchema), required=True, metadata={"description": "The approvals that count."}
    )
    approvals_needed = fields.Integer(required=True, metadata={"description": "How many people must approve it."})
    settled_at = _text("When it was approved, refused or overtaken.", null=True, format="date-time")
    settled_reason = _text("Why it was approved or refused; empty until then.")


class HeldVersionsSchema(Schema):
    """The versions that wait."""

    held = fields.List(
        fields.Nested(HeldVersionSchema), required=True, metadata={"description": "By list, the newest first."}
    )


APPROVAL, REFUSAL = ApprovalSchema(), RefusalSchema()


def load_settling(schema: FactsSchema, body: Mapping[str, Any]) -> dict[str, Any]:
    """What a person says about a held version; InvalidRequestError with a JSON pointer for each fault."""
    try:
        stated: dict[str, Any] = schema.load(body)
    except ValidationError as fault:
        raise InvalidRequestError(flatten(fault.messages)) from None
    return stated
