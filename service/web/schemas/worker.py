"""The worker of a request: who is to be hired."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load

from service.screening import facts
from service.web.schemas.dates import PartialDay
from service.web.schemas.facts_schema import FactsSchema, NationalityItem, Part, Several
from service.web.schemas.scalars import Choice, Name, Place, Text, check_name

_GENDERS = {"m": "male", "male": "male", "f": "female", "female": "female"}


NATIONALITY_COUNTRY = Place("The country of the nationality.", required=True)


class NationalitySchema(FactsSchema):
    """One nationality and what it rests on."""

    yields = facts.Nationality

    country = NATIONALITY_COUNTRY
    evidence = Choice(facts.Evidence, "What proves it; `unknown` where it is not given.")
    basis = Choice(facts.NationalityBasis, "How it is held; `held` where it is not given.")


class ProtectionSchema(FactsSchema):
    """International protection, or a status that the law protects alike."""

    yields = facts.Protection

    status = Choice(facts.ProtectionStatus, "The status.")
    country = Place("The country that recognised it.")
    evidence = Choice(facts.Evidence, "What proves it.")


class RightToWorkSchema(FactsSchema):
    """A right to work that the worker holds."""

    yields = facts.RightToWork

    country = Place("The country in which the right holds.")
    evidence = Choice(facts.Evidence, "What proves it.")


class DocumentSchema(FactsSchema):
    """An identity or travel document."""

    yields = facts.Document

    kind = Choice(facts.DocumentKind, "The kind of document; `other` where it is not given.")
    number = Text("The document's number.", longest=64)
    issuing_country = Place("The issuing country.")
    nationality = Place("The nationality that the document states.")
    mrz = Text("The machine-readable zone, its lines joined by a newline.", longest=200, lines=True)


class WorkerSchema(FactsSchema):
    """The person proposed for hire. Only the name is required."""

    yields = facts.Worker

    name = Name("The full name; or give given_names and family_name.", metadata={"examples": ["Kim Yong Chol"]})
    given_names = Name("Given names, where the full name is not given as one.")
    family_name = Name("Family name, where the full name is not given as one.")
    other_names = Several(Name("A name.", required=True), "Other spellings, scripts, former names.", most=50)
    date_of_birth = PartialDay("The birth date, as precisely as it is known.")
    nationalities = Several(
        NationalityItem(NationalitySchema), "Every nationality; a plain string is a country alone.", most=20
    )
    protection = Part(ProtectionSchema, "International protection.")
    right_to_work = Part(RightToWorkSchema, "A right to work that does not rest on this hire.")
    official_capacity = Choice(facts.OfficialCapacity, "A function for the DPRK or for the United Nations.")
    documents = Several(Part(DocumentSchema, allow_none=False), "Documents seen.", most=20)
    family_of_national_of = Place("The country whose national is the family member on whom the status rests.")
    gender = Text("As a document states it; compared with lists only.", longest=32)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> facts.Worker:
        """The worker, its full name joined from the parts where only they are given."""
        given, family = data.get("given_names"), data.get("family_name")
        if data.get("name") is None:
            if not (given and family):
                raise ValidationError("Give the name, or both given_names and family_name.", "name")
            data["name"] = f"{given} {family}"
            check_name(data["name"])
        gender = data.get("gender")
        if gender is not None:
            data["gender"] = _GENDERS.get(gender.strip().lower(), gender)
        return facts.Worker(**{name: value for name, value in data.items() if value is not None})


def nationalities(description: str) -> fields.Field[Any]:
    """The field ``nationalities`` of a party that is a person."""
    return Several(NationalityItem(NationalitySchema), description, most=20)
