"""Everyone else in the arrangement: counterparties, their owners and directors, joint ventures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from service.screening import facts
from service.web.schemas.dates import Day, PartialDay
from service.web.schemas.facts_schema import FactsSchema, Part, Several
from service.web.schemas.scalars import Choice, Flag, Name, Place, Share, Text
from service.web.schemas.worker import ProtectionSchema, nationalities

OWNERS_PER_PARTY = 200
OWNERSHIP_LEVELS = 8


class IdentifiersSchema(FactsSchema):
    """Register numbers of an organisation, and its payment addresses."""

    yields = facts.Identifiers

    inn = Text("Russian taxpayer number.", longest=64)
    ogrn = Text("Russian registration number.", longest=64)
    uscc = Text("Chinese unified social credit code.", longest=64)
    lei = Text("Legal entity identifier, ISO 17442.", longest=64)
    registration_number = Text("Number in any other register.", longest=64)
    bic = Text("Business identifier code, ISO 9362.", longest=64)
    crypto_addresses = Several(Text("An address.", longest=128, required=True), "Wallet addresses.", most=50)


class DirectorSchema(FactsSchema):
    """A director of a counterparty."""

    yields = facts.Director

    name = Name("The full name.", required=True)
    other_names = Several(Name("A name.", required=True), "Other spellings and scripts.", most=50)
    date_of_birth = PartialDay("The birth date.")
    nationalities = nationalities("Every nationality known.")


def check_shares(owners: Sequence[facts.Owner]) -> None:
    """Raise ValidationError where the stated shares of one party exceed 100 percent, or go too deep."""
    total = sum((owner.share_percent for owner in owners if owner.share_percent is not None), Decimal(0))
    if total > 100:
        raise ValidationError("The stated shares of these owners add up to more than 100 percent.")
    if _levels(owners) > OWNERSHIP_LEVELS:
        raise ValidationError(f"At most {OWNERSHIP_LEVELS} levels of owners are taken.")


def _levels(owners: Sequence[facts.Owner]) -> int:
    return 1 + max(_levels(owner.owners) for owner in owners) if owners else 0


class OwnerSchema(FactsSchema):
    """Someone who holds a share of a counterparty, or of another owner."""

    yields = facts.Owner

    name = Name("The full name.", required=True)
    other_names = Several(Name("A name.", required=True), "Other spellings and scripts.", most=50)
    kind = Choice(facts.PartyKind, "A person or an organisation.")
    country = Place("The country of registration, or of residence.")
    share_percent = Share("The share held, in percent.")
    controls = Flag("Whether the owner controls the party by other means.")
    identifiers = Part(IdentifiersSchema, "Register numbers.")
    date_of_birth = PartialDay("A person's birth date.")
    nationalities = nationalities("A person's nationalities.")
    protection = Part(ProtectionSchema, "A person's international protection.")
    owners = Several(
        Part(lambda: OWNER, allow_none=False),
        f"The owners of this owner; at most {OWNERSHIP_LEVELS} levels.",
        most=OWNERS_PER_PARTY,
        check=check_shares,
    )


OWNER: OwnerSchema = OwnerSchema()


class VentureApprovalSchema(FactsSchema):
    """What the Security Council's Committee decided about a joint venture."""

    yields = facts.VentureApproval

    status = Choice(facts.ApprovalStatus, "The state of the approval.")
    decided_on = Day("The day of the decision.")


class JointVentureSchema(FactsSchema):
    """A joint venture or cooperative entity with a DPRK party."""

    yields = facts.JointVenture

    dprk_party = Flag("Whether any DPRK entity or individual takes part.")
    formed_on = Day("The day it was formed.")
    expanded_on = Day("The day it was expanded.")
    approval = Part(VentureApprovalSchema, "The Committee's approval.")
    carve_out = Choice(facts.CarveOut, "A project that the resolutions leave out.")
    carve_out_scope = Choice(facts.CarveOutScope, "Whether the venture does that project only.")


class CounterpartySchema(FactsSchema):
    """One other party of the arrangement."""

    yields = facts.Counterparty

    role = Choice(facts.Role, "The part it plays.", required=True)
    name = Name("The full name.", required=True, metadata={"examples": ["ООО «Сакорынма»"]})
    other_names = Several(Name("A name.", required=True), "Other spellings, scripts, trade names.", most=50)
    country = Place("The country of registration.")
    identifiers = Part(IdentifiersSchema, "Register numbers.")
    government_of_dprk = Flag("Whether it is, or acts for, the Government of the DPRK.")
    employs_dprk_workers = Flag("Whether it employs workers from the DPRK.")
    owners = Several(Part(lambda: OWNER, allow_none=False), "Its owners.", most=OWNERS_PER_PARTY, check=check_shares)
    directors = Several(Part(DirectorSchema, allow_none=False), "Its directors.", most=100)
    joint_venture = Part(JointVentureSchema, "Facts of a joint venture.")


def names_of(counterparties: Sequence[facts.Counterparty]) -> int:
    """How many spellings of names a request gives besides the worker's."""
    return sum(_names(party) + sum(map(_names, party.directors)) + _tree(party.owners) for party in counterparties)


def _tree(owners: Sequence[facts.Owner]) -> int:
    return sum(_names(owner) + _tree(owner.owners) for owner in owners)


def _names(party: Any) -> int:
    return 1 + len(party.other_names)
