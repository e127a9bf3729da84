"""The shapes of a replay, of the history and of a certificate, for the published document."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.replay.replays import BROKEN, DIFFERENT, HOLDS, IDENTICAL, NOT_CHECKED, UNAVAILABLE
from service.screening.finding import Outcome

_OUTCOMES = [outcome.word for outcome in Outcome]
_COMMITMENTS = (HOLDS, BROKEN, NOT_CHECKED)


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, metadata={"description": description, **metadata})


def _one_of(values: Any, description: str) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(values), metadata={"description": description})


def _any(description: str) -> fields.Raw:
    return fields.Raw(required=True, allow_none=True, metadata={"description": description})


def _part(schema: type[Schema], description: str, *, null: bool = False) -> fields.Nested:
    return fields.Nested(schema, required=True, allow_none=null, metadata={"description": description})


def _many(schema: type[Schema], description: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, metadata={"description": description})


def _texts(description: str) -> fields.List[str]:
    return fields.List(fields.String(), required=True, metadata={"description": description})


class DifferenceSchema(Schema):
    """One place in which the decision that was recorded and the one computed now differ."""

    path = _text("Its JSON pointer within the decision; empty for the whole.", examples=["/findings/0/outcome"])
    recorded = _any("What is recorded; null where nothing is.")
    computed = _any("What was computed; null where nothing was.")


class CommitmentsSchema(Schema):
    """Whether what is stored is what the entry of the record commits to."""

    entry = _one_of(_COMMITMENTS, "The entry, against the sealed log; not checked before it is sealed.")
    request = _one_of(_COMMITMENTS, "The request, against the entry.")
    decision = _one_of(_COMMITMENTS, "The decision, against the entry.")


class ReplayEngineSchema(Schema):
    """The program that decided, and which one computed again."""

    version = _text("The version that decided.", null=True)
    sha256 = _text("The digest of its archive.", null=True)
    used = _one_of(
        ("this", "stored", "none"),
        "`this`: the running program is the same; `stored`: the kept one ran apart; `none`: none could.",
    )
    runtime_differences = _many(DifferenceSchema, "Packages whose versions were others then.")


class TodaySchema(Schema):
    """What today's rules and lists say of the same request, put now by what is known now. Nothing is recorded."""

    decision = _one_of(_OUTCOMES, "The decision.")
    summary = _text("One plain sentence.")
    clauses = _texts("The ids of every finding.")
    lists = fields.List(fields.Dict(), required=True, metadata={"description": "The list versions."})
    rulebook = fields.Dict(required=True, metadata={"description": "Version and digest of the rulebook."})
    differences = _many(DifferenceSchema, "In what its substance differs from the decision that is recorded.")


class ReplaySchema(Schema):
    """How a replay ended."""

    screening = _text("The id of the screening.", format="uuid")
    status = _one_of(
        (IDENTICAL, DIFFERENT, UNAVAILABLE),
        "`unavailable` where it cannot be computed, as after an erasure: that is not `identical`.",
    )
    identical = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Whether every byte of the decision is the same; null where it is unavailable."},
    )
    reason = _text("Why it is not identical.", null=True)
    commitments = _part(CommitmentsSchema, "Whether what is stored is what was recorded.")
    differences = _many(DifferenceSchema, "Every place that differs.")
    recorded = fields.Dict(
        required=True,
        metadata={"description": "What the entry says: outcome, clauses, rulebook, policy, lists, time."},
    )
    engine = _part(ReplayEngineSchema, "The program.")
    today = _part(TodaySchema, "What would be answered today; null where nothing can be.", null=True)
    today_reason = _text("Why nothing can be answered today.", null=True)


class PastListSchema(Schema):
    """A list version that a decision rests on."""

    id = _text("The id of the list.")
    version = fields.Integer(required=True, metadata={"description": "Its number."})


class PastScreeningSchema(Schema):
    """One line of the history: no personal data."""

    id = _text("The id of the screening.", format="uuid")
    reference = _text("The caller's own reference.", null=True)
    decision = _one_of(_OUTCOMES, "The decision.")
    stage = _text("The stage that the request stated.")
    as_of = _text("The moment at which law and lists were judged.")
    decided_at = _text("When it was decided.", format="date-time")
    clauses = _texts("The ids of every finding.")
    lists = _many(PastListSchema, "The list versions used.")
    erased = fields.Boolean(required=True, metadata={"description": "Whether its personal data were erased."})
    links = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "What belongs to it."}
    )


class HistorySchema(Schema):
    """A page of screenings, the newest first."""

    screenings = _many(PastScreeningSchema, "The screenings.")


class SignatureSchema(Schema):
    """One person's word on a decision."""

    signer = _text("The account.")
    outcome = _text("What was decided.")
    at = _text("When.", format="date-time")


class CertificateSchema(Schema):
    """The certificate of a screening."""

    id = _text("The id of the screening.", format="uuid")
    final = fields.Boolean(
        required=True, metadata={"description": "False: not a final decision; people have not signed it yet."}
    )
    signatures = _many(SignatureSchema, "Who has signed.")
    sealed = fields.Boolean(required=True, metadata={"description": "Whether the entry stands under a signed head."})
    erased = fields.Boolean(required=True, metadata={"description": "Whether its personal data were erased."})
    entry = fields.Dict(required=True, metadata={"description": "What the entry of the record says."})
    entry_id = _text("The id of the entry.", format="uuid")
    leaf_hash = _text("Its leaf hash.")
    answer = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The answer; null once personal data were erased."}
    )
    proof = _text("What `verify_audit.py --certificate` checks; null until it is sealed.", null=True)
