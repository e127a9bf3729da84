"""Parties whom a list names, and parties that listed ones own or control.

How far one match goes is told in ``match_outcome``.

S/RES/1718 (2006) paragraph 8(d) freezes the assets of persons and entities that the Council or its
Committee names, and of those acting for them; later resolutions stretch it to whom they own or control.
"""

from __future__ import annotations

from service.lists.listing import AliasQuality, ListingKind
from service.lists.relations import statements
from service.rulebook.freezes import Freeze, frozen_share, open_share, relieved, un_dprk_or
from service.rulebook.list_clauses import UN_DPRK_LISTING, list_clause
from service.rulebook.listed_relations import told_by_lists
from service.rulebook.match_outcome import match_outcome, outcome_of_match
from service.screening.case import Case
from service.screening.facts import ScreeningRequest
from service.screening.finding import Clause, Fact, Finding, Outcome
from service.screening.match import Match
from service.screening.ownership import UN_TEST, BlockedShare

UN_FREEZE = Freeze(jurisdiction="UN", counts=un_dprk_or(), test=UN_TEST, owned=UN_DPRK_LISTING)


def listed_parties(case: Case) -> tuple[Finding, ...]:
    """One finding for each party and list: the best match speaks for the others."""
    found: list[Finding] = []
    for path in dict.fromkeys(match.party for match in case.matches):
        by_clause: dict[str, list[tuple[Outcome, Match, Clause]]] = {}
        for match in case.matches_of(path):
            clause = list_clause(match.listing, case.as_of.day)
            outcome = _outcome(case, path, match, clause)
            by_clause.setdefault(clause.id, []).append((outcome, match, clause))
        for entries in by_clause.values():
            outcome, match, clause = max(entries, key=lambda entry: (entry[0].value, entry[1].score))
            found.append(_finding(case, path, match, clause, outcome))
    return tuple(sorted(found, key=lambda finding: _remoteness(case, finding.clause)))


def _remoteness(case: Case, clause: Clause) -> int:
    """0 for a list that binds here, 1 for one that binds elsewhere, 2 for one that no law gives force."""
    if not clause.jurisdiction:
        return 2
    return 0 if _binds(case, clause) else 1


def _binds(case: Case, clause: Clause) -> bool:
    return clause.jurisdiction in {"UN", *case.jurisdictions}


def _outcome(case: Case, path: str, match: Match, clause: Clause) -> Outcome:
    if ".owners[" in path or ".directors[" in path:
        return Outcome.REVIEW  # what an owner's listing means for the counterparty is the ownership test's
    outcome = outcome_of_match(case, match)
    return outcome if _binds(case, clause) else min(outcome, Outcome.REVIEW, key=lambda o: o.value)


def _finding(case: Case, path: str, match: Match, clause: Clause, outcome: Outcome) -> Finding:
    listing = match.listing
    weight = "names" if outcome is Outcome.DENY else "may name"
    reason = f"{clause.instrument} {weight} {_party(path)}: {listing.name} ({listing.reference}), {_since(match)}."
    if outcome is Outcome.REVIEW:
        reason += f" {_why_review(case, match, clause, path)}"
    reason = " ".join((reason, *statements(match.related)))
    facts = (
        Fact(field=f"{path}.name" if path != "worker" else "worker.name", value=match.query),
        Fact(field="listing.matched_name", value=match.matched_name),
        Fact(
            field="listing.first_seen_on" if match.listed_on_basis == "first_seen" else "listing.listed_on",
            value=match.listed_on.isoformat() if match.listed_on else None,
        ),
    )
    finding = Finding(
        outcome=outcome, clause=clause, reason=reason, facts=facts, missing=_settling(case.request, match)
    )
    return relieved(case, finding) if clause is UN_DPRK_LISTING else finding


def _since(match: Match) -> str:
    if match.listed_on is None:
        return "on a day that the list does not give"
    if match.listed_on_basis == "first_seen":
        return f"first seen in our copies of the list on {match.listed_on.isoformat()}"
    return f"listed on {match.listed_on.isoformat()}"


def _why_review(case: Case, match: Match, clause: Clause, path: str) -> str:
    if ".owners[" in path:
        return "What a listed owner means for the counterparty depends on share and control."
    if ".directors[" in path:
        return "A listed director may act for a listed party."
    if match.disagrees:
        return f"What is known of {', '.join(match.disagrees).replace('_', ' ')} differs; a difference does not clear."
    if outcome_of_match(case, match) is not match_outcome(match):
        return "At this stage a name on a list may only ask for a person's judgement."
    if not clause.jurisdiction:
        return "No law gives this list force by itself."
    if match_outcome(match) is Outcome.DENY and clause.jurisdiction not in case.jurisdictions:
        return f"The list binds in {clause.jurisdiction}, which is not shown to bind here."
    if match.alias_quality is AliasQuality.WEAK:
        return "The list calls this alias weak."
    return "A name alone does not identify; a second fact has to agree."


def _settling(request: ScreeningRequest, match: Match) -> tuple[str, ...]:
    """The fields that would tell the party from the listing."""
    if match.agrees or match.disagrees:
        return ()
    if match.party == "worker":
        return () if request.worker.date_of_birth else ("worker.date_of_birth",)
    if match.listing.kind is ListingKind.PERSON or ".directors[" in match.party:
        return (f"{match.party}.date_of_birth",) if "[" in match.party and "owners" in match.party else ()
    return (f"{match.party}.country", f"{match.party}.identifiers")


def _party(path: str) -> str:
    if path == "worker":
        return "the worker"
    if ".directors[" in path:
        return "a director"
    return "an owner" if ".owners[" in path else "a counterparty"


def owned_by_listed(case: Case) -> tuple[Finding, ...]:
    """Paragraph 8(d) with 2270 para. 10 and its followers: owned or controlled by a UN-listed party.

    More than half, or control, denies; half or less, or a share that is not known, is for review.
    """
    if not case.in_force(UN_DPRK_LISTING).is_true:
        return ()
    found: list[Finding] = []
    for path, _ in case.counterparties():
        share = frozen_share(case, path, UN_FREEZE)
        if share.touched:
            told = told_by_lists(case, path, UN_FREEZE.counts)
            found.append(relieved(case, _ownership_finding(share, told)))
    return tuple(found)


def _ownership_finding(share: BlockedShare, told: str) -> Finding:
    if UN_TEST.surely(share):
        outcome = Outcome.DENY
        reason = "The counterparty is owned or controlled by a party that the UN lists."
        missing: tuple[str, ...] = ()
    else:
        outcome = Outcome.REVIEW
        reason = "A party that the UN lists, or may list, holds a share; more than half or control would deny."
        missing = open_share(share)
    facts = tuple(Fact(field=owner, value="listed owner") for owner in share.path)
    return Finding(outcome=outcome, clause=UN_DPRK_LISTING, reason=reason + told, facts=facts, missing=missing)
