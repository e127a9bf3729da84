"""Specialised teaching and training: which disciplines the resolutions name.

Resolution 2270 paragraph 17 names physics, computer simulation, navigation by satellite, nuclear and
aerospace engineering and the like; resolution 2321 paragraph 10 adds materials science and the main
branches of engineering. The lists are not closed, so another field is for a person to judge.
"""

from __future__ import annotations

from datetime import date

from service.screening.case import Case
from service.screening.facts import Purpose
from service.screening.finding import Fact
from service.screening.logic import TRUE, Truth, unknown

FIELDS_OF_2270: tuple[str, ...] = (
    "nuclear",
    "aerospace",
    "aeronaut",
    "advanced manufacturing",
    "advanced physics",
    "computer simulation",
    "geospatial",
    "satellite navigation",
)
FIELDS_OF_2321 = (
    "materials science",
    "advanced materials",
    "chemical engineering",
    "mechanical engineering",
    "electrical engineering",
    "industrial engineering",
)
FIELDS_FOR_THE_COMMITTEE = ("nuclear", "aerospace", "aeronaut", "advanced manufacturing")
FIELDS_ADDED_ON = date(2016, 11, 30)


def is_specialised_training(case: Case) -> Truth:
    """Whether the post is stated to be specialised training; silence about the purpose does not say so."""
    return Truth(case.request.contract.purpose is Purpose.SPECIALISED_TRAINING)


def is_listed_field(case: Case) -> Truth:
    """Whether the resolutions name the field of training as they stood on ``as_of``."""
    fields = FIELDS_OF_2270
    if case.as_of.day >= FIELDS_ADDED_ON:
        fields += FIELDS_OF_2321
    return _names(case, fields)


def is_field_for_the_committee(case: Case) -> Truth:
    """Whether only the Committee may allow cooperation in the field (nuclear, aerospace, manufacturing)."""
    return _names(case, FIELDS_FOR_THE_COMMITTEE)


def _names(case: Case, fields: tuple[str, ...]) -> Truth:
    """True for a named field; any other field stays open, and no further fact of the request settles it."""
    stated = case.request.contract.training_field
    if stated is None:
        return unknown("contract.training_field")
    words = " ".join(stated.casefold().split())
    return TRUE if any(field in words for field in fields) else Truth(None)


def training_facts(case: Case) -> tuple[Fact, ...]:
    """What is stated of the training."""
    contract = case.request.contract
    return (
        Fact(field="contract.purpose", value=contract.purpose.value if contract.purpose else None),
        Fact(field="contract.training_field", value=contract.training_field),
    )
