"""The shape of an answer, for the published document; the desk writes the bytes, and a test compares them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from service.lists.listing import AliasQuality
from service.screening.facts import Stage
from service.screening.finding import Basis, Binds, ExceptionStatus, Outcome
from service.screening.match import Grade

_OUTCOMES = [outcome.word for outcome in Outcome]


def _text(description: str, *, null: bool = False, **metadata: Any) -> fields.String:
    metadata["description"] = description
    return fields.String(required=True, allow_none=null, metadata=metadata)


def _one_of(values: Any, description: str, *, null: bool = False) -> fields.String:
    choices = [str(value) for value in values]
    return fields.String(
        required=True,
        allow_none=null,
        validate=validate.OneOf(choices),
        metadata={"description": description},
    )


def _texts(description: str, *, data_key: str | None = None) -> fields.List[str]:
    return fields.List(fields.String(), required=True, data_key=data_key, metadata={"description": description})


def _many(schema: type[Schema], description: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, metadata={"description": description})


class ClauseSchema(Schema):
    """One paragraph of one instrument, as a finding cites it."""

    id = _text("The id of the clause.", examples=["UN-2375-17"])
    instrument = _text("The resolution, regulation or order.")
    paragraph = _text("The paragraph.")
    title = _text("What it is about, in our words.")
    url = _text("Where the official text is.")
    in_force_from = _text("The day from which it binds.", format="date")
    in_force_until = _text("The last day on which it bound.", null=True, format="date")
    binds = _one_of(Binds, "Whom it obliges.")
    jurisdiction = _text("Whose law it is: `UN`, `EU` or a country.")
    basis = _one_of(Basis, "How its wording was confirmed.")


class FactSchema(Schema):
    """A fact that decided."""

    field = _text("The path of the field in the request.", examples=["contract.finalised_on"])
    value = fields.Raw(required=True, allow_none=True, metadata={"description": "Its value."})


class ExceptionSchema(Schema):
    """An exception in the text of a clause, and whether it is met."""

    id = _text("The id of the exception.")
    status = _one_of(ExceptionStatus, "Whether it is met.")
    reason = _text("Why.")


class FindingSchema(Schema):
    """What one clause says about this screening."""

    outcome = _one_of(_OUTCOMES, "The outcome under this clause.")
    clause = fields.Nested(ClauseSchema, required=True)
    reason = _text("One plain sentence.")
    facts = _many(FactSchema, "The facts that decided.")
    exceptions = _many(ExceptionSchema, "The exceptions in the text of the clause.")
    national_link = fields.Raw(
        required=True,
        allow_none=True,
        metadata={"description": "National rules that carry the clause out, or a sentence that none is loaded."},
    )


class AlignmentSchema(Schema):
    """Which word of the request met which word of the listing."""

    query = _text("The word of the request; empty where it has none.")
    listed = _text("The word of the listing; empty where it has none.")
    how = _text("How they meet.", examples=["transliteration"])


class MatchSchema(Schema):
    """A party of the request compared with one listing."""

    party = _text("The path of the party.", examples=["counterparties[0].owners[0]"])
    list = _text("The id of the list.", examples=["us_ofac_sdn"])
    listing = _text("The entry's key within its list.")
    reference = _text("The reference that people quote.")
    name = _text("The entry's primary name.")
    query = _text("The spelling of the request that matched.")
    matched_name = _text("The spelling of the list that matched.")
    alias_quality = _one_of(AliasQuality, "How the list rates that spelling.")
    grade = _one_of(Grade, "How far the evidence goes.")
    score = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=10_000))
    agrees = _texts("Attributes that agree.")
    disagrees = _texts("Attributes that disagree.")
    unknown_attributes = _texts("Attributes that one side does not state.", data_key="unknown")
    alignment = _many(AlignmentSchema, "Word by word.")
    reasons = _texts("Why it is a match of this grade.")
    listed_on = _text("The day of listing.", null=True, format="date")
    listed_on_basis = _text("What that day rests on.", null=True)
    programmes = _texts("The programmes of the entry.")
    disposition = _text("What a person decided about it.", null=True)


class OwnershipSchema(Schema):
    """One jurisdiction's ownership test on one counterparty."""

    party = _text("The path of the counterparty.")
    rule = _text("The clause whose test it is.", examples=["US-50PCT"])
    blocked_min_percent = fields.Float(required=True, metadata={"description": "Surely owned by blocked parties."})
    blocked_max_percent = fields.Float(required=True, metadata={"description": "At most owned by them."})
    path = _texts("The owners that count.")


class MissingSchema(Schema):
    """A field that would settle a review."""

    field = _text("The path of the field.")
    question = _text("What to ask.")
    settles = _texts("The clauses that it settles.")
    if_known = fields.List(
        fields.String(validate=validate.OneOf(_OUTCOMES)),
        required=True,
        metadata={"description": "The outcomes that are possible once it is known."},
    )


class IgnoredFieldSchema(Schema):
    """A field that may not be used at this stage."""

    field = _text("The path of the field.")
    reason = _text("Why it was not used.")


class NotEvaluatedSchema(Schema):
    """A clause that could not be asked at this stage."""

    clause = _text("The id of the clause.")
    reason = _text("Why it was not asked.")
    recheck_at_stage = _one_of(Stage, "The stage at which to ask again.", null=True)


class WarningSchema(Schema):
    """Something that limits what the answer means."""

    code = _text("A stable code.", examples=["demo_mode"])
    detail = _text("What it is about.")


class UsedListSchema(Schema):
    """A list version that the answer rests on."""

    id = _text("The id of the list.")
    version = fields.Integer(required=True, metadata={"description": "Counts from 1; 0 is the built-in starter list."})
    published_on = _text("The list's own date.", null=True, format="date")
    checked_at = _text("When its publisher last confirmed it.", null=True, format="date-time")
    entries = fields.Integer(required=True)
    sha256 = _text("Of the files that it was read from.")
    status = _text("Whether it is fresh, ageing, stale or a starter list; `past` where it does not serve now.")
    complete = fields.Boolean(required=True, metadata={"description": "Whether the publisher's set is whole."})


class VersionSchema(Schema):
    """A version and the digest of its content, where it has one."""

    version = fields.String(metadata={"description": "The version."})
    sha256 = fields.String(metadata={"description": "The digest."})


class AuditSchema(Schema):
    """The entry of the record that holds this answer."""

    entry_id = _text("The id of the entry.", format="uuid")
    leaf_hash = _text("Its leaf hash.")
    origin = _text("The name of the log.")


class LinksSchema(Schema):
    """Where to find what belongs to this answer."""

    self = _text("The answer.")
    certificate = fields.String(allow_none=True, metadata={"description": "The certificate."})
    proof = fields.String(allow_none=True, metadata={"description": "The proof that it is on record."})


class AnswerSchema(Schema):
    """The answer to one screening. ``deny`` is a finding: ``action`` stays ``hold`` until people sign."""

    id = _text("The id of the screening, a UUIDv7.", format="uuid")
    reference = _text("The caller's own reference.", null=True)
    decision = _one_of(_OUTCOMES, "The worst of the findings.")
    action = _one_of(("proceed", "hold"), "What to do now.")
    summary = _text("One plain sentence naming the clause and the fact.")
    as_of = _text("The moment at which law and lists were judged.")
    known_at = _text("What was known by then was used.", format="date-time")
    decided_at = _text("When the decision was made.", format="date-time")
    stage = _one_of(Stage, "The stage that the request states.")
    clauses = _texts("The ids of every finding, most severe first.")
    findings = _many(FindingSchema, "Every clause that bears on the case.")
    matches = _many(MatchSchema, "Parties compared with listings, with evidence.")
    ownership = _many(OwnershipSchema, "Ownership tests.")
    missing = _many(MissingSchema, "Fields that would settle a review.")
    ignored_fields = _many(IgnoredFieldSchema, "Fields that may not be used at this stage.")
    not_evaluated = _many(NotEvaluatedSchema, "Clauses that could not be asked at this stage.")
    warnings = _many(WarningSchema, "What limits the answer.")
    lists = _many(UsedListSchema, "The list versions used.")
    rulebook = fields.Nested(VersionSchema, required=True)
    engine = fields.Nested(VersionSchema, required=True)
    policy = fields.Nested(VersionSchema, required=True)
    audit = fields.Nested(AuditSchema, required=True)
    links = fields.Nested(LinksSchema, required=True)
    erased_at = fields.String(
        metadata={
            "format": "date-time",
            "description": "Only where the personal data of this screening were erased: when. Sentences, values of "
            "facts and matches are gone then; decision, clauses and lists stay.",
        }
    )
