"""Asset freezes: who is frozen by being listed, and who by being owned or controlled.

A freeze of national law mirrors the UN's: it reaches whom the UN lists for the DPRK and whom the national
list names. Each freeze says which listings count, where it binds, and by which test ownership is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from service.rulebook.listed_relations import blocked_by_control, controlled_by, told_by_lists, with_listed_owner
from service.rulebook.match_outcome import outcome_of_match
from service.rulebook.un_2664 import RELIEF, humanitarian_relief
from service.screening.case import Case
from service.screening.finding import Basis, Binds, Clause, Fact, Finding, Outcome
from service.screening.match import Match
from service.screening.ownership import UN_TEST, BlockedShare, OwnershipTest, blocked_share

Counts = Callable[[Match], bool]
OPEN = (Outcome.REVIEW, Outcome.DENY)  # what a freeze says of a share, whatever it turns out to be


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """``named`` speaks of listed parties, ``owned`` of those whom they own; None where another clause does."""

    jurisdiction: str
    counts: Counts
    test: OwnershipTest
    named: Clause | None = None
    owned: Clause | None = None

    def binds(self, case: Case) -> bool:
        return self.jurisdiction == "UN" or self.jurisdiction in case.jurisdictions


def listed_on(*list_ids: str) -> Counts:
    """Counts a listing on one of the lists given."""
    return lambda match: match.listing.list_id in list_ids


def un_dprk_or(*list_ids: str) -> Counts:
    """Counts a listing of the UN's DPRK regime or on one of the lists given."""
    return lambda match: (match.listing.list_id == "un_sc" and match.listing.dprk) or match.listing.list_id in list_ids


def listed_by_annex(adopted_on: date) -> Counts:
    """Counts a UN listing for the DPRK made on the day of a resolution, that is, by its annexes."""
    return lambda match: match.listing.list_id == "un_sc" and match.listing.dprk and match.listed_on == adopted_on


def annex_clause(clause_id: str, instrument: str, url: str, adopted_on: date) -> Clause:
    """The paragraph of a resolution that extends the freeze to those whom its annexes name."""
    return Clause(
        id=clause_id,
        instrument=instrument,
        paragraph="3",
        title="The freeze reaches whom the annexes name and whom they own or control",
        paraphrase="The asset freeze applies to persons and entities named in the annexes, to those acting for them, "
        "and to entities that they own or control, also by illicit means.",
        url=url,
        in_force_from=adopted_on,
        binds=Binds.STATE,
        jurisdiction="UN",
        basis=Basis.UNCONFIRMED,
        effect="deny",
        exceptions=(RELIEF,),
        note="The paragraph's number was cross-checked; its wording is from general knowledge.",
    )


def named_by(case: Case, path: str, counts: Counts) -> bool | None:
    """Whether a listing that counts names the party at ``path``: surely, possibly (None) or not."""
    outcomes = [outcome_of_match(case, match) for match in case.matches_of(path) if counts(match)]
    if not outcomes:
        return False
    return True if Outcome.DENY in outcomes else None


def frozen_share(case: Case, path: str, freeze: Freeze) -> BlockedShare:
    """The share of the counterparty at ``path`` that parties frozen by ``freeze`` own.

    Among them are owners that the request names and those that only a list's own relations name.
    """
    below = f"{path}.owners["
    if not any(match.party == path or match.party.startswith(below) for match in case.matches):
        return BlockedShare()
    owners = dict(case.counterparties())[path].owners
    share = blocked_share(path, owners, lambda owner: _blocked(case, owner, freeze), freeze.test)
    return with_listed_owner(share, owners, controlled_by(case, path, freeze.counts))


def _blocked(case: Case, path: str, freeze: Freeze) -> bool | None:
    named = named_by(case, path, freeze.counts)
    return blocked_by_control(freeze.test, named, controlled_by(case, path, freeze.counts))


def frozen_parties(case: Case, freeze: Freeze) -> tuple[Finding, ...]:
    """Who in the arrangement is frozen, by name and by ownership, where the freeze binds and is in force."""
    if not freeze.binds(case):
        return ()
    return (*_named(case, freeze), *_owned(case, freeze))


def _named(case: Case, freeze: Freeze) -> list[Finding]:
    clause = freeze.named
    if clause is None or not case.in_force(clause).is_true:
        return []
    found: list[Finding] = []
    for path in ("worker", *dict(case.counterparties())):
        named = named_by(case, path, freeze.counts)
        if named is False:
            continue
        listings = [match.listing for match in case.matches_of(path) if freeze.counts(match)]
        party = "the worker" if path == "worker" else "a counterparty"
        verb = "names" if named else "may name"
        reason = f"A listing that this freeze follows {verb} {party}: {listings[0].name} ({listings[0].reference})."
        facts = (Fact(field=f"{path}.name", value=listings[0].name),)
        found.append(_finding(case, clause, denies=named is True, reason=reason, facts=facts))
    return found


def _owned(case: Case, freeze: Freeze) -> list[Finding]:
    clause = freeze.owned
    if clause is None or not case.in_force(clause).is_true:
        return []
    found: list[Finding] = []
    for path, _ in case.counterparties():
        share = frozen_share(case, path, freeze)
        if not share.touched:
            continue
        facts = tuple(Fact(field=owner, value="listed owner") for owner in share.path)
        denies = freeze.test.surely(share)
        reason = (
            "A listed party owns or controls a counterparty."
            if denies
            else "A party that is or may be listed holds a share in a counterparty, or may control it."
        )
        reason += told_by_lists(case, path, freeze.counts)
        missing = () if denies else open_share(share)
        if_known = OPEN if freeze.test.possibly(share) else (Outcome.REVIEW,)
        found.append(
            _finding(case, clause, denies=denies, reason=reason, facts=facts, missing=missing, if_known=if_known)
        )
    return found


def open_share(share: BlockedShare) -> tuple[str, ...]:
    """The first share that is not stated and would narrow what is known."""
    return tuple(f"{owner}.share_percent" for owner in share.unstated[:1])


def _finding(
    case: Case,
    clause: Clause,
    *,
    denies: bool,
    reason: str,
    facts: tuple[Fact, ...],
    missing: tuple[str, ...] = (),
    if_known: tuple[Outcome, ...] = OPEN,
) -> Finding:
    outcome = Outcome.DENY if denies else Outcome.REVIEW
    finding = Finding(outcome=outcome, clause=clause, reason=reason, facts=facts, missing=missing, if_known=if_known)
    return relieved(case, finding) if clause.jurisdiction == "UN" else finding


def relieved(case: Case, finding: Finding) -> Finding:
    """A denial under a UN freeze against which humanitarian aid is invoked waits for a person."""
    relief = humanitarian_relief(case, finding.clause.id)
    if finding.outcome is not Outcome.DENY or relief.truth.is_false:
        return finding
    return Finding(
        outcome=Outcome.REVIEW,
        clause=finding.clause,
        reason=f"{finding.reason} {relief.reason}",
        facts=finding.facts,
        exceptions=(relief,),
        missing=relief.truth.fields,
        if_known=OPEN,
    )


def annex_freeze(clause: Clause) -> Freeze:
    """The freeze of the paragraph that ``annex_clause`` made."""
    counts = listed_by_annex(clause.in_force_from)
    return Freeze(jurisdiction="UN", counts=counts, test=UN_TEST, named=clause, owned=clause)
