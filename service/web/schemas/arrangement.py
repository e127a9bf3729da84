"""The contract, the work and its authorisation: what is arranged, where, and under which permit."""

from __future__ import annotations

from typing import Any

from marshmallow import post_load

from service.screening import facts
from service.screening.moment import Moment
from service.web.schemas.dates import Day, Instant
from service.web.schemas.facts_schema import FactsSchema, Part, Several
from service.web.schemas.scalars import Choice, Flag, Place, Text


class ContractEventSchema(FactsSchema):
    """Something that happened to the contract after it was finalised."""

    yields = facts.ContractEvent

    kind = Choice(facts.EventKind, "What happened.", required=True)
    on = Day("The day it happened.")


class ContractSchema(FactsSchema):
    """The contract and its dates."""

    yields = facts.Contract

    finalised_on = Day("The day on which the written contract was finalised (last signature).")
    finalised_at = Instant("The instant at which it was finalised; wins over finalised_on.")
    written = Flag("Whether the contract is in writing.")
    effective_on = Day("The day of effect, where it differs from the day of signature.")
    starts_on = Day("The first day of work.")
    ends_on = Day("The last day of work.")
    open_ended = Flag("Whether the contract has no end.")
    occupation = Text("What the worker does.", longest=200, metadata={"examples": ["bricklayer"]})
    remuneration = Choice(facts.Remuneration, "How the work is paid.")
    payee = Choice(facts.Payee, "Who receives the pay.")
    purpose = Choice(facts.Purpose, "What the arrangement is for.")
    training_field = Text("The field of a training.", longest=200)
    events = Several(Part(ContractEventSchema, allow_none=False), "What happened since.", most=100)
    evidence = Several(Choice(facts.ContractEvidence, required=True), "Proof that is on file.", most=20, into=frozenset)
    dispute = Several(
        Choice(facts.Dispute, required=True), "What speaks against the stated dates.", most=20, into=frozenset
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> facts.Contract:
        """The contract; the instant of signature wins over its day."""
        day, instant = data.pop("finalised_on", None), data.pop("finalised_at", None)
        if instant is not None:
            data["finalised"] = Moment.at(instant)
        elif day is not None:
            data["finalised"] = Moment(day=day)
        return facts.Contract(**{name: value for name, value in data.items() if value is not None})


class VesselSchema(FactsSchema):
    """The ship on which a crew member works."""

    yields = facts.Vessel

    flag = Place("The flag state.")
    imo = Text("The IMO number.", longest=16)


class WorkSchema(FactsSchema):
    """Where the work is done, and for whom."""

    yields = facts.Work

    country = Place("The country of work.")
    performed_from = Place("The country from which remote work is done.")
    employer_country = Place("The employer's country.")
    goods_destined_to = Several(Place("A country.", required=True), "Where the goods produced go.", most=50)
    vessel = Part(VesselSchema, "For crew.")


class AdmissionSchema(FactsSchema):
    """The document used to enter the country of work."""

    yields = facts.Admission

    kind = Choice(facts.DocumentKind, "The kind of document.", required=True)
    country = Place("The country that issued it.")


class AuthorisationSchema(FactsSchema):
    """The permit, or why none is needed."""

    yields = facts.Authorisation

    kind = Choice(facts.AuthorisationKind, "The kind of authorisation.")
    issued_on = Day("The day of issue.")
    expires_on = Day("The last day of validity.")
    extended_on = Several(Day("The day of an extension.", required=True), "Every extension.", most=50)
    admitted_on = Part(AdmissionSchema, "The document used to enter.")
    raises_state_total = Flag("Whether it raises the State's number above that of 2017-08-05.")
