"""The shapes of a list's history, for the published document; a test compares them with what is sent."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.lists.changes import ChangeKind


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


def _number(description: str, *, null: bool = False) -> fields.Integer:
    return fields.Integer(required=True, allow_none=null, metadata={"description": description})


class ChangeCountsSchema(Schema):
    """How many entries differ."""

    added = _number("Entries that only the later version holds.")
    removed = _number("Entries that only the earlier version holds.")
    changed = _number("Entries that both hold under one key, with another content.")


class ListVersionSchema(Schema):
    """One loaded state of a list."""

    version = _number("Its number, in the order of loading.")
    published_on = _text("The publisher's day.", null=True, format="date")
    loaded_at = _text("Since when it is known here.", format="date-time")
    checked_at = _text("When it was last confirmed to be current.", null=True, format="date-time")
    serves = fields.Boolean(required=True, metadata={"description": "Whether it serves now."})
    entries = _number("How many entries it holds.")
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Entries by kind (`person`) and by programme (`programme:DPRK3`)."},
    )
    left_out = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "What its files hold and it does not: how many records, by reason."},
    )
    sha256 = _text("The digest of its files.")
    address = _text("Where it was fetched.", null=True)
    complete = fields.Boolean(required=True, metadata={"description": "False where a part of a set was loaded."})
    since = _number("The version before it by published day.", null=True)
    changes = fields.Nested(ChangeCountsSchema, required=True, metadata={"description": "Against the one before."})


class ListVersionsSchema(Schema):
    """A page of a list's versions, the newest first."""

    list = _text("The id of the list.")
    versions = fields.List(fields.Nested(ListVersionSchema), required=True, metadata={"description": "The versions."})


class FieldChangeSchema(Schema):
    """One field of an entry that changed; of a list of texts, those that only one of the states holds."""

    field = _text("Its name; `record.…` for what only the publisher's own record has.", examples=["name"])
    old = fields.Raw(required=True, allow_none=True, metadata={"description": "What it was."})
    new = fields.Raw(required=True, allow_none=True, metadata={"description": "What it is."})


class EntryChangeSchema(Schema):
    """One entry in which the two versions differ."""

    key = _text("By which the entry is known within its list for ever.")
    reference = _text("What people quote.")
    name = _text("Its primary name in the later state.")
    kind = fields.String(
        required=True,
        validate=validate.OneOf([kind.value for kind in ChangeKind]),
        metadata={"description": "What became of it; another name is a change."},
    )
    fields_ = fields.List(
        fields.Nested(FieldChangeSchema),
        required=True,
        data_key="fields",
        attribute="fields",
        metadata={"description": "What changed in it."},
    )


class ListChangesSchema(Schema):
    """A page of the entries in which two versions differ, in the order of their keys."""

    list = _text("The id of the list.")
    since = _number("The earlier version; null for nothing at all.", null=True)
    version = _number("The later version.")
    counts = fields.Nested(ChangeCountsSchema, required=True, metadata={"description": "Over all pages."})
    changes = fields.List(fields.Nested(EntryChangeSchema), required=True, metadata={"description": "The entries."})
