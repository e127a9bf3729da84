"""A case: the request's facts, the matches found for its parties, and what follows from both.

What several clauses ask (is the worker a DPRK national, where is the work done, is income earned) is
answered here once, in three values, so that each rule reads as its paragraph does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from service.nationality.countries import Country, is_bound_by_eu_law, is_un_member, state_of
from service.screening.facts import (
    AuthorisationKind,
    Counterparty,
    Exemption,
    OfficialCapacity,
    Owner,
    Purpose,
    Remuneration,
    ScreeningRequest,
)
from service.screening.finding import Clause, Fact
from service.screening.logic import FALSE, TRUE, Truth, is_after, truth, unknown
from service.screening.match import Match
from service.screening.moment import Moment
from service.screening.nationals import DPRK, PROVEN, holds_dprk_nationality, holds_nationality_of


@dataclass(frozen=True)
class Case:
    """One screening to be decided. ``ignored`` holds the fields that may not be used at this stage."""

    request: ScreeningRequest
    matches: tuple[Match, ...] = ()
    ignored: frozenset[str] = frozenset()

    @property
    def as_of(self) -> Moment:
        return self.request.as_of

    def in_force(self, clause: Clause) -> Truth:
        """Whether ``clause`` was in force on ``as_of``; unknown on a bare day that its first instant divides.

        A bare day under national law is that country's day; under the UN's it may be a day of any zone.
        """
        if clause.in_force_until is not None and self.as_of.day > clause.in_force_until:
            return FALSE
        if clause.in_force_instant is not None:
            if self.as_of.instant is None and clause.jurisdiction != "UN":
                divided = self.as_of.day == clause.in_force_from
                return unknown("as_of") if divided else Truth(self.as_of.day > clause.in_force_from)
            return is_after(self.as_of.compare(clause.in_force_instant), "as_of")
        return Truth(self.as_of.day >= clause.in_force_from)

    @cached_property
    def worker_is_dprk_national(self) -> Truth:
        return holds_dprk_nationality(self.request.worker, self.request.authorisation)

    @cached_property
    def place(self) -> Country | None:
        """Where the work is physically done: where it is performed from, else the country of work."""
        work = self.request.work
        return work.performed_from or work.country

    @property
    def place_field(self) -> str:
        return "work.performed_from" if self.request.work.performed_from else "work.country"

    @cached_property
    def works_in_dprk(self) -> Truth:
        if self.place is None or self.place.code is None:
            return unknown(self.place_field)
        return Truth(self.place.code == DPRK)

    @cached_property
    def works_in_member_state(self) -> Truth:
        """Whether a Member State other than the DPRK hosts the work.

        Outside the membership the duty is open, and no further fact settles it.
        """
        if self.place is None or self.place.code is None:
            return unknown(self.place_field)
        if self.place.code == DPRK:
            return FALSE
        state = state_of(self.place.code)
        return TRUE if state is not None and is_un_member(state, self.as_of.day) else Truth(None)

    def works_in(self, code: str) -> Truth:
        """Whether the work is done in the State ``code`` (alpha-2).

        An unknown place is open only where that State's law is said to bind.
        """
        if self.place is not None and self.place.code is not None:
            return Truth((state_of(self.place.code) or self.place.code) == code)
        return unknown(self.place_field) if code in self.jurisdictions else FALSE

    @cached_property
    def works_in_the_eu(self) -> Truth:
        """Whether a State in which EU law binds hosts the work; an unknown place is open where EU law binds."""
        if self.place is not None and self.place.code is not None:
            return Truth(is_bound_by_eu_law(self.place.code, self.as_of.day))
        return unknown(self.place_field) if "EU" in self.jurisdictions else FALSE

    @cached_property
    def worker_is_host_national(self) -> Truth:
        if self.place is None or self.place.code is None:
            return FALSE
        return holds_nationality_of(self.request.worker, state_of(self.place.code) or self.place.code)

    @cached_property
    def earns_income(self) -> Truth:
        """Pay is income, unpaid work is not; support in kind and silence leave it open."""
        remuneration = self.request.contract.remuneration
        if remuneration is Remuneration.PAID:
            return TRUE
        if remuneration is Remuneration.UNPAID:
            return FALSE
        return unknown("contract.remuneration")

    @cached_property
    def needs_work_authorisation(self) -> Truth:
        """A permit or quota for work shows that one is needed; otherwise paid work does."""
        if self.request.authorisation.kind in {
            AuthorisationKind.WORK_PERMIT,
            AuthorisationKind.QUOTA_POSITION,
        }:
            return TRUE
        return self.earns_income

    @cached_property
    def performs_un_functions(self) -> Truth:
        """Staff of the United Nations or of a mission to it, within those functions only."""
        contract, capacity = self.request.contract, self.request.worker.official_capacity
        if capacity in {OfficialCapacity.UN_STAFF, OfficialCapacity.MISSION_STAFF}:
            return truth(
                None if contract.purpose is None else contract.purpose is Purpose.UN_FUNCTIONS,
                "contract.purpose",
            )
        if capacity is OfficialCapacity.UNKNOWN and contract.purpose is Purpose.UN_FUNCTIONS:
            return unknown("worker.official_capacity")
        return FALSE

    @cached_property
    def has_documented_right_to_work(self) -> bool:
        """A right to work in the place of work that a document shows."""
        right = self.request.worker.right_to_work
        return (
            right is not None
            and right.evidence in PROVEN
            and right.country is not None
            and self.place is not None
            and right.country.code == self.place.code
        )

    @cached_property
    def jurisdictions(self) -> frozenset[str]:
        """Whose law binds: those stated, the country of work and the employer's, and EU for members."""
        codes = set(self.request.jurisdictions)
        for country in (self.request.work.country, self.place, self.request.work.employer_country):
            if country is not None and country.code is not None:
                codes.add(country.code)
        codes |= {
            party.country.code
            for party in self.request.counterparties
            if party.role.value == "legal_employer" and party.country is not None and party.country.code is not None
        }
        if any(is_bound_by_eu_law(code, self.as_of.day) for code in codes):
            codes.add("EU")
        return frozenset(codes)

    @cached_property
    def labour_facts(self) -> tuple[Fact, ...]:
        """Nationalities, dates of contract and permit, place and pay, as far as they are stated."""
        request = self.request
        contract, authorisation = request.contract, request.authorisation
        known_to_the_minute = contract.finalised is not None and contract.finalised.instant is not None
        candidates: tuple[tuple[str, object], ...] = (
            ("worker.nationalities", [n.country.stated for n in request.worker.nationalities] or None),
            ("worker.protection.status", request.worker.protection.status.value),
            (
                "contract.finalised_at" if known_to_the_minute else "contract.finalised_on",
                contract.finalised.isoformat() if contract.finalised else None,
            ),
            ("contract.written", contract.written),
            ("contract.starts_on", contract.starts_on.isoformat() if contract.starts_on else None),
            ("contract.ends_on", contract.ends_on.isoformat() if contract.ends_on else None),
            ("contract.open_ended", contract.open_ended),
            ("contract.remuneration", contract.remuneration.value),
            ("authorisation.kind", authorisation.kind.value),
            ("authorisation.issued_on", authorisation.issued_on.isoformat() if authorisation.issued_on else None),
            (self.place_field, self.place.code if self.place else None),
        )
        return tuple(
            Fact(field=field, value=value) for field, value in candidates if value is not None and value != "unknown"
        )

    def exemptions_from(self, clause_id: str) -> Iterator[tuple[str, Exemption]]:
        """The exemptions that name ``clause_id``, with their paths."""
        for index, exemption in enumerate(self.request.exemptions):
            if exemption.clause == clause_id:
                yield f"exemptions[{index}]", exemption

    def counterparties(self) -> Iterator[tuple[str, Counterparty]]:
        for index, party in enumerate(self.request.counterparties):
            yield f"counterparties[{index}]", party

    @cached_property
    def _matches_by_party(self) -> dict[str, tuple[Match, ...]]:
        found: dict[str, tuple[Match, ...]] = {}
        for match in self.matches:
            found[match.party] = (*found.get(match.party, ()), match)
        return found

    def matches_of(self, party: str) -> tuple[Match, ...]:
        """The matches of exactly this party, not of its owners."""
        return self._matches_by_party.get(party, ())


def is_from_dprk(party: Counterparty | Owner) -> bool:
    """Whether the party is stated to be of the DPRK; an unknown country does not say so."""
    return party.country is not None and party.country.code == DPRK


def walk_owners(path: str, owners: tuple[Owner, ...]) -> Iterator[tuple[str, Owner]]:
    """Every owner below ``path``, direct and indirect, with its own path, parents first."""
    for index, owner in enumerate(owners):
        own_path = f"{path}.owners[{index}]"
        yield own_path, owner
        yield from walk_owners(own_path, owner.owners)
