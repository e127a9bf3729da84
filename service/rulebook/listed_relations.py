"""Who stands behind a listed party by the lists' own relations, though the request names no such owner.

A list may say that a party is owned or controlled by another, and that other may be listed where the first is
not. Then the first has an owner whose share nobody states and of whom control is stated: an ownership test that
control meets is met, one that needs a share is open. What a list states by a name alone, or that a party acts
for a listed one, asks for a review; a mere link is only told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from service.lists.relations import ACTING_FOR, OWNED, RelatedListing, statements
from service.lists.sources import SOURCES
from service.rulebook.list_clauses import list_clause
from service.rulebook.match_outcome import outcome_of_match
from service.screening.case import Case
from service.screening.facts import Owner
from service.screening.finding import Clause, Fact, Finding, Outcome
from service.screening.match import Match
from service.screening.ownership import HUNDRED, ZERO, BlockedShare, OwnershipTest, unstated_rest

Counts = Callable[[Match], bool]


def controlled_by(case: Case, path: str, counts: Counts) -> bool | None:
    """Whether a listing that ``counts`` owns or controls the party at ``path``: surely, possibly (None) or not.

    A match that counts by itself is left out: what stands behind it adds nothing.
    """
    told = [_is_sure(case, match, related) for match, related in _owners_behind(case, path, counts)]
    if not told:
        return False
    return True if any(told) else None


def blocked_by_control(test: OwnershipTest, named: bool | None, controlled: bool | None) -> bool | None:
    """Whether an owner is blocked, by a list or by being controlled: control blocks where the test counts it.

    Where it counts shares alone, a controlled party may still be owned far enough.
    """
    if named is True or (controlled is True and test.control_counts):
        return True
    return False if named is False and controlled is False else None


def with_listed_owner(share: BlockedShare, owners: tuple[Owner, ...], controlled: bool | None) -> BlockedShare:
    """``share`` and an owner that only a list names: it controls, and may hold what the stated shares leave."""
    if controlled is False:
        return share
    return replace(
        share,
        maximum=min(HUNDRED, max(share.maximum, ZERO) + unstated_rest(owners)),
        controlled=True if controlled or share.controlled is True else None,
        touched=True,
    )


def told_by_lists(case: Case, path: str, counts: Counts) -> str:
    """The relations by which a listing that ``counts`` stands behind the party at ``path`` or its owners.

    Sentences with a space before each, to follow a reason; empty where there is none.
    """
    paths = (each for each in dict.fromkeys(m.party for m in case.matches) if each == path or _is_owner(each, path))
    told = (related for each in paths for _, related in _owners_behind(case, each, counts))
    return "".join(f" {sentence}" for sentence in statements(told))


def related_to_listed(case: Case) -> tuple[Finding, ...]:
    """A review under the clause of each list that names whom a listed party is owned by or acts for.

    Where the party's own listing comes under the same clause, its finding tells the relation already.
    """
    found: list[Finding] = []
    for path in dict.fromkeys(match.party for match in case.matches):
        named = {list_clause(match.listing, case.as_of.day).id for match in case.matches_of(path)}
        behind: dict[str, tuple[Clause, Match, list[RelatedListing]]] = {}
        for match in case.matches_of(path):
            for related in match.related:
                clause = list_clause(related.listing, case.as_of.day)
                if related.kind in (OWNED, ACTING_FOR) and clause.id not in named:
                    behind.setdefault(clause.id, (clause, match, []))[2].append(related)
        found += [_finding(path, clause, match, related) for clause, match, related in behind.values()]
    return tuple(found)


def _finding(path: str, clause: Clause, match: Match, related: list[RelatedListing]) -> Finding:
    told = " ".join(statements(related))
    reason = f"A listing that may be of a party to this arrangement leads to one of {clause.instrument}. {told}"
    chains = tuple(" <- ".join((each.steps[0].subject, *(step.other for step in each.steps))) for each in related)
    facts = (
        Fact(field=f"{path}.name", value=match.query),
        Fact(field="listing.matched_name", value=match.matched_name),
        Fact(field="listing.relations", value=list(dict.fromkeys(chains))),
    )
    return Finding(outcome=Outcome.REVIEW, clause=clause, reason=reason, facts=facts)


def _owners_behind(case: Case, path: str, counts: Counts) -> Iterator[tuple[Match, RelatedListing]]:
    for match in case.matches_of(path):
        if counts(match):
            continue
        for related in match.related:
            behind = replace(match, listing=related.listing, listed_on=related.listed_on, related=())
            if related.kind == OWNED and counts(behind):
                yield match, related


def _is_sure(case: Case, match: Match, related: RelatedListing) -> bool:
    """Whether the party is surely the one listed, and a list with the force of law says who is behind it."""
    by_law = all(
        (source := SOURCES.get(step.list_id)) is not None and source.binds_in is not None for step in related.steps
    )
    stated_in_time = outcome_of_match(case, replace(match, listed_on=related.listed_on)) is Outcome.DENY
    return related.sure and by_law and stated_in_time and outcome_of_match(case, match) is Outcome.DENY


def _is_owner(path: str, counterparty: str) -> bool:
    return path.startswith(f"{counterparty}.owners[")
