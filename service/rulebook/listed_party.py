"""Parties whom a list names, and parties that listed ones own or control.

A name alone never denies a person: it takes a second identifier that agrees. An organisation's exact
name with an agreeing country or identifier may deny; a weak alias or a loose match asks for a person's
judgement, as does anything that disagrees. A listing counts from the day on which it was listed.

S/RES/1718 (2006) paragraph 8(d) freezes the assets of persons and entities that the Council or its
Committee names, and of those acting for them; later resolutions stretch it to whom they own or control.
"""

from __future__ import annotations

from service.lists.listing import AliasQuality, ListingKind
from service.rulebook.list_clauses import UN_DPRK_LISTING, list_clause
from service.screening.case import Case
from service.screening.facts import ScreeningRequest
from service.screening.finding import Clause, Fact, Finding, Outcome
from service.screening.match import Grade, Match
from service.screening.ownership import UN_TEST, BlockedShare, blocked_share


def match_outcome(match: Match) -> Outcome:
    """How far one match goes by itself: deny only on more than a name, else review."""
    if match.grade is Grade.POSSIBLE or match.disagrees or match.listed_on is None:
        return Outcome.REVIEW
    if "identifiers" in match.agrees:
        return Outcome.DENY
    if match.alias_quality is AliasQuality.WEAK:
        return Outcome.REVIEW
    if match.listing.kind is ListingKind.PERSON:
        return Outcome.DENY if "birth_date" in match.agrees else Outcome.REVIEW
    exact = match.grade is Grade.EXACT
    return Outcome.DENY if exact and "country" in match.agrees else Outcome.REVIEW


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
    return tuple(found)


def _outcome(case: Case, path: str, match: Match, clause: Clause) -> Outcome:
    if ".owners[" in path or ".directors[" in path:
        return Outcome.REVIEW  # what an owner's listing means for the counterparty is the ownership test's
    outcome = match_outcome(match)
    binding = clause.jurisdiction in {"UN", *case.jurisdictions}
    return outcome if binding else min(outcome, Outcome.REVIEW, key=lambda o: o.value)


def _finding(case: Case, path: str, match: Match, clause: Clause, outcome: Outcome) -> Finding:
    listing = match.listing
    weight = "names" if outcome is Outcome.DENY else "may name"
    since = (
        f", listed on {match.listed_on.isoformat()}" if match.listed_on else ", on a day that the list does not give"
    )
    reason = f"{clause.instrument} {weight} {_party(path)}: {listing.name} ({listing.reference}){since}."
    if outcome is Outcome.REVIEW:
        reason += f" {_why_review(case, match, clause, path)}"
    facts = (
        Fact(field=f"{path}.name" if path != "worker" else "worker.name", value=match.query),
        Fact(field="listing.matched_name", value=match.matched_name),
        Fact(field="listing.listed_on", value=match.listed_on.isoformat() if match.listed_on else None),
    )
    return Finding(outcome=outcome, clause=clause, reason=reason, facts=facts, missing=_settling(case.request, match))


def _why_review(case: Case, match: Match, clause: Clause, path: str) -> str:
    if ".owners[" in path:
        return "What a listed owner means for the counterparty depends on share and control."
    if ".directors[" in path:
        return "A listed director may act for a listed party."
    if match.disagrees:
        return f"What is known of {', '.join(match.disagrees).replace('_', ' ')} differs; a difference does not clear."
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
    found: list[Finding] = []
    for path, party in case.counterparties():
        share = blocked_share(path, party.owners, lambda p: un_listed(case, p), UN_TEST)
        if share.touched:
            found.append(_ownership_finding(path, share))
    return tuple(found)


def un_listed(case: Case, path: str) -> bool | None:
    """Whether the UN's DPRK regime names the party at ``path``: surely, possibly (None) or not."""
    outcomes = [
        match_outcome(match)
        for match in case.matches_of(path)
        if match.listing.list_id == "un_sc" and match.listing.dprk
    ]
    if not outcomes:
        return False
    return True if Outcome.DENY in outcomes else None


def _ownership_finding(path: str, share: BlockedShare) -> Finding:
    if UN_TEST.surely(share):
        outcome = Outcome.DENY
        reason = "The counterparty is owned or controlled by a party that the UN lists."
        missing: tuple[str, ...] = ()
    else:
        outcome = Outcome.REVIEW
        reason = "A party that the UN lists, or may list, holds a share; more than half or control would deny."
        missing = tuple(f"{owner}.share_percent" for owner in share.path[:1]) if share.minimum != share.maximum else ()
    facts = tuple(Fact(field=owner, value="listed owner") for owner in share.path)
    return Finding(outcome=outcome, clause=UN_DPRK_LISTING, reason=reason, facts=facts, missing=missing)
