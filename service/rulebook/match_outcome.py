"""How far a match with a listing goes by itself.

A name alone never denies a person: it takes a second identifier that agrees. An organisation's exact name
with an agreeing country or identifier may deny; a weak alias or a loose match asks for a person's judgement,
as does anything that disagrees. A listing counts from the day on which it was listed. Before an offer a
person's name is compared for review only (see ``stages``).
"""

from __future__ import annotations

from service.lists.listing import AliasQuality, ListingKind
from service.rulebook.stages import names_of_persons_ask_only
from service.screening.case import Case
from service.screening.finding import Outcome
from service.screening.match import Grade, Match


def match_outcome(match: Match) -> Outcome:
    """Deny only on more than a name, else review."""
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


def outcome_of_match(case: Case, match: Match) -> Outcome:
    """The outcome of a match at the stage of the case."""
    if match.party == "worker" and names_of_persons_ask_only(case.request):
        return Outcome.REVIEW
    return match_outcome(match)
