"""The shapes of erasures: what is asked for, and how one stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from service.erasure.erasures import CASE, MOST
from service.erasure.ports import Ground, Scope, Wanted
from service.errors import InvalidRequestError
from service.web.schemas.facts_schema import FactsSchema, Several, flatten
from service.web.schemas.scalars import Choice, Text
from service.web.schemas.strict import StrictField

STATES = ("requested", "refused", "done")
ITEM_STATES = ("waiting", "erased", "kept")

_CASE = re.compile(CASE)
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_UUID_FORM = re.compile(_UUID)


class ScreeningId(StrictField[UUID]):
    """The id of a screening, as its answer has it."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__({"type": "string", "format": "uuid", "pattern": _UUID, "description": description}, **kwargs)

    def read(self, value: Any) -> UUID:
        if not isinstance(value, str) or not _UUID_FORM.fullmatch(value):
            raise ValidationError("Write the id of a screening.")
        return UUID(value)


class CaseNumber(Text):
    """The number of a matter in the operator's own files: letters, digits and ``. _ / -``, so hardly a name."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        super().__init__(description, longest=64, metadata={"pattern": CASE}, **kwargs)

    def read(self, value: Any) -> str:
        text = super().read(value)
        if not _CASE.fullmatch(text):
            raise ValidationError("Letters, digits and . _ / - are taken, without spaces.")
        return text


class ErasureRequestSchema(FactsSchema):
    """Whose personal data are to be erased, and why. Name either ``screenings`` or ``reference``."""

    yields = Wanted

    screenings = Several(ScreeningId("The id of a screening.", required=True), "The screenings.", most=MOST)
    reference = Text("The caller's own reference: every screening that carries it.", longest=64)
    ground = Choice(Ground, "Why, by GDPR article 17(1) and the law that follows it.", required=True)
    scope = Choice(
        Scope,
        "`erasable` (default): what may be erased is, the rest is named with its day. `all`: all or nothing.",
    )
    case = CaseNumber("The number of the matter in your own files. No personal data.")


class ErasureApprovalSchema(Schema):
    """One person's approval."""

    by = fields.String(required=True, metadata={"description": "Kind and id of who gave it."})
    account = fields.String(required=True, metadata={"description": "The person's account.", "format": "uuid"})
    at = fields.String(required=True, metadata={"description": "When.", "format": "date-time"})


class ErasureItemSchema(Schema):
    """One screening of an erasure."""

    screening = fields.String(required=True, metadata={"description": "Its id.", "format": "uuid"})
    state = fields.String(
        required=True,
        validate=validate.OneOf(ITEM_STATES),
        metadata={"description": "`kept`: a duty to keep it ran when the erasure was carried out."},
    )
    class_ = fields.String(
        required=True,
        allow_none=True,
        data_key="class",
        attribute="class",
        metadata={"description": "The retention class that decides."},
    )
    basis = fields.String(
        required=True, allow_none=True, metadata={"description": "The rule that this class rests on."}
    )
    keep_until = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The last day on which it must be kept; null for no duty.", "format": "date"},
    )


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


class ErasureSchema(Schema):
    """How an erasure stands."""

    id = _text("Its id.", format="uuid")
    state = fields.String(
        required=True, validate=validate.OneOf(STATES), metadata={"description": "What became of it.", "enum": STATES}
    )
    ground = fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in Ground]),
        metadata={"description": "Why it was asked for."},
    )
    scope = fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in Scope]),
        metadata={"description": "What happens where a part must still be kept."},
    )
    case = _text("The number in your own files.", null=True)
    requested_by = _text("Kind and id of who asked.", examples=["account:0193…"])
    requested_at = _text("When.", format="date-time")
    approvals = fields.List(
        fields.Nested(ErasureApprovalSchema), required=True, metadata={"description": "Who approved it."}
    )
    people_needed = fields.Integer(
        required=True,
        metadata={"description": "How many people must stand behind it, whoever asked included; a program counts not."},
    )
    screenings = fields.List(
        fields.Nested(ErasureItemSchema), required=True, metadata={"description": "What it is about."}
    )
    settled_at = _text("When it was carried out or refused.", null=True, format="date-time")
    entry_id = _text("The audit entry of what was erased.", null=True, format="uuid")


class ErasuresSchema(Schema):
    """A page of erasures, the newest first."""

    erasures = fields.List(fields.Nested(ErasureSchema), required=True, metadata={"description": "The erasures."})


ERASURE_REQUEST = ErasureRequestSchema()


def load_wanted(body: Mapping[str, Any]) -> Wanted:
    """What is asked for; InvalidRequestError with a JSON pointer for each fault."""
    try:
        wanted: Wanted = ERASURE_REQUEST.load(body)
    except ValidationError as fault:
        raise InvalidRequestError(flatten(fault.messages)) from None
    return wanted
