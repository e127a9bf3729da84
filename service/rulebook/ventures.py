"""Joint ventures and cooperative entities with a DPRK party, as the request states or hints at them.

The prohibition holds whatever the worker's nationality: a local accountant helps an unapproved venture
to operate. A sign of a DPRK party (an owner or partner of country PRK, or one that a list names under a
DPRK regime) makes the question bear; whether there is a venture is then for a fact to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.rulebook.exceptions import COMMITTEE_APPROVAL, committee_approval
from service.screening.case import Case, is_from_dprk, walk_owners
from service.screening.facts import ApprovalStatus, Counterparty, JointVenture, Owner, Role
from service.screening.finding import Clause, ExceptionTest, Fact
from service.screening.logic import FALSE, TRUE, Truth, unknown
from service.screening.nationals import DPRK


@dataclass(frozen=True, kw_only=True, slots=True)
class Venture:
    """A counterparty that is, or may be, a venture with a DPRK party; ``path`` is the counterparty's."""

    path: str
    has_dprk_party: Truth
    facts_stated: JointVenture
    signs: tuple[Fact, ...]
    open_reason: str | None

    def facts(self) -> tuple[Fact, ...]:
        stated = self.facts_stated
        dates: tuple[tuple[str, date | None], ...] = (
            ("formed_on", stated.formed_on),
            ("expanded_on", stated.expanded_on),
            ("approval.decided_on", stated.approval.decided_on),
        )
        prefix = f"{self.path}.joint_venture"
        shown = [Fact(field=f"{prefix}.dprk_party", value=stated.dprk_party)]
        shown += [Fact(field=f"{prefix}.{name}", value=day.isoformat()) for name, day in dates if day is not None]
        shown.append(Fact(field=f"{prefix}.approval.status", value=stated.approval.status.value))
        return (*shown, *self.signs)


def ventures(case: Case) -> Iterator[Venture]:
    """Every counterparty on which a joint-venture clause bears."""
    for path, party in case.counterparties():
        signs = tuple(_signs_of_dprk_party(case, path, party))
        stated = party.joint_venture or JointVenture()
        has_party, reason = _dprk_party(path, stated, signs)
        if not has_party.is_false:
            yield Venture(path=path, has_dprk_party=has_party, facts_stated=stated, signs=signs, open_reason=reason)


def _dprk_party(path: str, stated: JointVenture, signs: tuple[Fact, ...]) -> tuple[Truth, str | None]:
    field = f"{path}.joint_venture.dprk_party"
    if stated.dprk_party is True:
        return TRUE, None
    if stated.dprk_party is False:
        contradicted = any(sign.value == DPRK for sign in signs)
        if not contradicted:
            return FALSE, None
        return unknown(field), "No DPRK party is stated, yet an owner or partner is from the DPRK."
    if signs:
        return unknown(field), "An owner or partner points to the DPRK; whether this is a joint venture is not stated."
    return FALSE, None


def _signs_of_dprk_party(case: Case, path: str, party: Counterparty) -> Iterator[Fact]:
    for owner_path, owner in walk_owners(path, party.owners):
        yield from _signs_of(case, owner_path, owner)
    if party.role is Role.VENTURE_PARTNER:
        if is_from_dprk(party):
            yield Fact(field=f"{path}.country", value=DPRK)
        yield from _listed_signs(case, path)


def _signs_of(case: Case, path: str, owner: Owner) -> Iterator[Fact]:
    if is_from_dprk(owner):
        yield Fact(field=f"{path}.country", value=DPRK)
    if any(n.country.code == DPRK for n in owner.nationalities):
        yield Fact(field=f"{path}.nationalities", value=DPRK)
    yield from _listed_signs(case, path)


def _listed_signs(case: Case, path: str) -> Iterator[Fact]:
    for match in case.matches_of(path):
        if match.listing.dprk:
            yield Fact(field=path, value=f"possible match: {match.listing.reference} {match.listing.name}")


def approved_by_committee(case: Case, venture: Venture, clause_id: str, barred_from: date) -> ExceptionTest:
    """Whether the Committee approved the venture, by its letter or by the stated decision.

    A venture formed on ``barred_from`` or later needed the approval before it was formed.
    """
    formed_on = venture.facts_stated.formed_on
    letter = committee_approval(case, clause_id, before=formed_on if formed_on and formed_on >= barred_from else None)
    status = venture.facts_stated.approval.status
    field = f"{venture.path}.joint_venture.approval.status"
    if status is ApprovalStatus.REFUSED:
        return ExceptionTest(id=COMMITTEE_APPROVAL.id, truth=FALSE, reason="The Committee refused approval.")
    if letter.truth.is_true and status is not ApprovalStatus.PENDING:
        return letter
    if status is ApprovalStatus.APPROVED:
        return ExceptionTest(
            id=COMMITTEE_APPROVAL.id,
            truth=unknown("exemptions"),
            reason="An approval of the Committee is stated, and no letter shows it.",
        )
    if status is ApprovalStatus.PENDING or letter.truth.is_unknown:
        return ExceptionTest(
            id=COMMITTEE_APPROVAL.id,
            truth=unknown(field, *letter.truth.fields),
            reason="An approval of the Committee is claimed or pending, and not shown.",
        )
    return ExceptionTest(id=COMMITTEE_APPROVAL.id, truth=FALSE, reason="No approval of the Committee is shown.")


def approved_also_nationally(case: Case, venture: Venture, clause: Clause, un_clause_id: str) -> ExceptionTest:
    """The Committee's approval against a national clause that mirrors a paragraph of the UN.

    A letter that names only the UN paragraph leaves the national clause to a person.
    """
    own = approved_by_committee(case, venture, clause.id, clause.in_force_from)
    if not own.truth.is_false:
        return own
    if approved_by_committee(case, venture, un_clause_id, clause.in_force_from).truth.is_false:
        return own
    return ExceptionTest(
        id=COMMITTEE_APPROVAL.id,
        truth=unknown("exemptions"),
        reason="The letter names the UN paragraph; whether it also serves under national law is not shown.",
    )
