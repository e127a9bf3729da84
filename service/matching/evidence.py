"""What besides the name speaks for or against a match: birth date, country, gender, identifiers.

Weights are natural log-odds from judged pairs of list records (618 pairs, matching study of 2026-11): a birth
day that is equal is 17 times likelier for one person than for two, an equal year 5 times, a year that differs
by more than three 140 times less likely, and so on. Written by the parties themselves, a contradiction lowers
a grade; it never removes a match.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from service.lists.listing import BirthDate, Listing, ListingKind
from service.matching.identifiers import compact
from service.screening.match import Grade
from service.screening.moment import PartialDate

BIRTH_DATE, COUNTRY, GENDER, IDENTIFIERS = "birth_date", "country", "gender", "identifiers"

_BIRTH_DAY_EQUAL = log(17)
_BIRTH_YEAR_EQUAL = log(5)
_BIRTH_NEAR = -log(3.6)  # a year off, day and month swapped, or one part of the day different: a slip as well
_BIRTH_DIFFERS = -log(140)
_COUNTRY_SHARED = log(1.7)
_COUNTRY_DIFFERS = -log(27)
_GENDER_DIFFERS = -log(10)
_IDENTIFIER_SHARED = log(1000)
SURE = log(4)  # evidence that makes a name more than a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Someone named in a request, with what it says about them. ``kinds``: what the name may be compared as."""

    path: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    birth_date: PartialDate | None = None
    countries: tuple[str, ...] = ()
    gender: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """``log_odds`` besides the name; the attributes by what they say; reasons in words."""

    log_odds: float
    agrees: tuple[str, ...]
    disagrees: tuple[str, ...]
    unknown: tuple[str, ...]
    reasons: tuple[str, ...]


def weigh(party: Party, listing: Listing) -> Evidence:
    """Everything but the name, party against listing."""
    person = listing.kind is ListingKind.PERSON
    findings = [
        (COUNTRY, *_country(party, listing, person=person)),
        (IDENTIFIERS, *_identifiers(party, listing)),
    ]
    if person:
        findings = [(BIRTH_DATE, *_birth_date(party, listing)), *findings, (GENDER, *_gender(party, listing))]
    return Evidence(
        log_odds=sum(weight for _, _, weight, _ in findings),
        agrees=tuple(name for name, verdict, _, _ in findings if verdict is True),
        disagrees=tuple(name for name, verdict, _, _ in findings if verdict is False),
        unknown=tuple(name for name, verdict, _, _ in findings if verdict is None),
        reasons=tuple(reason for _, _, _, reason in findings if reason),
    )


Finding = tuple[bool | None, float, str]  # agrees, log-odds, reason


def _birth_date(party: Party, listing: Listing) -> Finding:
    if party.birth_date is None or not listing.birth_dates:
        return None, 0.0, ""
    weight = max(birth_date_weight(party.birth_date, listed) for listed in listing.birth_dates)
    if weight > 0:
        return True, weight, f"birth date {party.birth_date} agrees"
    listed = ", ".join(_written(b) for b in listing.birth_dates[:3])
    if weight > _BIRTH_DIFFERS:
        return None, weight, f"birth date {party.birth_date} is close to the listed {listed}"
    return False, weight, f"birth date {party.birth_date} is not the listed {listed}"


def birth_date_weight(given: PartialDate, listed: BirthDate) -> float:
    """Log-odds for one given and one listed birth date; above 0 they agree, a near miss is a little below."""
    last = listed.until_year or listed.year
    slack = 2 if listed.circa else 0
    if listed.until_year is not None or listed.circa:
        if listed.year - slack <= given.year <= last + slack:
            return _BIRTH_YEAR_EQUAL
        return _BIRTH_NEAR if listed.year - slack - 1 <= given.year <= last + slack + 1 else _BIRTH_DIFFERS
    mine, theirs = (given.month, given.day), (listed.month, listed.day)
    known = [(a, b) for a, b in zip(mine, theirs, strict=True) if a is not None and b is not None]
    if given.year == listed.year:
        if all(a == b for a, b in known):
            return _BIRTH_DAY_EQUAL if len(known) == 2 else _BIRTH_YEAR_EQUAL
        swapped = mine == (listed.day, listed.month)
        return _BIRTH_NEAR if swapped or any(a == b for a, b in known) else _BIRTH_DIFFERS
    if abs(given.year - listed.year) == 1 or (known and len(known) == 2 and mine == theirs):
        return _BIRTH_NEAR
    return _BIRTH_DIFFERS


def _written(listed: BirthDate) -> str:
    if listed.until_year:
        return f"{listed.year}-{listed.until_year}"
    text = str(PartialDate(listed.year, listed.month, listed.day if listed.month else None))
    return f"circa {text}" if listed.circa else text


def _country(party: Party, listing: Listing, *, person: bool) -> Finding:
    listed = set(listing.countries) | set(listing.address_countries)
    mine = set(party.countries)
    if not mine or not listed:
        return None, 0.0, ""
    shared = mine & listed
    if shared:
        return True, _COUNTRY_SHARED, f"country {', '.join(sorted(shared))} agrees"
    if person and not listing.countries:
        return None, 0.0, ""
    return False, _COUNTRY_DIFFERS, f"country {', '.join(sorted(mine))} is not the listed {', '.join(sorted(listed))}"


def _gender(party: Party, listing: Listing) -> Finding:
    if not party.gender or not listing.genders:
        return None, 0.0, ""
    given = party.gender.strip().casefold()
    mine = {"m": "male", "f": "female"}.get(given, given)
    if mine not in ("male", "female"):
        return None, 0.0, ""
    if mine in listing.genders:
        return True, 0.0, ""
    return False, _GENDER_DIFFERS, f"gender {mine} is not the listed one"


def _identifiers(party: Party, listing: Listing) -> Finding:
    """Shared numbers agree; a different number disagrees only where people have but one (INN, LEI, IMO …)."""
    mine = {compact(value): kind for kind, value in party.identifiers if compact(value)}
    theirs = {compact(i.value): i.kind for i in listing.identifiers if compact(i.value)}
    if not mine or not theirs:
        return None, 0.0, ""
    shared = sorted(set(mine) & set(theirs))
    if shared:
        return True, _IDENTIFIER_SHARED, f"{mine[shared[0]].replace('_', ' ')} is the listed one"
    only_one = {"inn", "ogrn", "uscc", "lei", "imo"}
    clash = sorted(set(mine.values()) & set(theirs.values()) & only_one)
    if clash:
        return False, -_IDENTIFIER_SHARED / 2, f"{clash[0].upper()} is not the listed one"
    return None, 0.0, ""


def grade(*, listing: Listing, name_score: int, evidence: Evidence, weak_name: bool = False) -> Grade:
    """How far name and evidence go together; for a person the name alone is only ever ``possible``.

    ``weak_name``: the names meet only as Mandarin reads hanja; nothing but an identifier makes that more.
    """
    if IDENTIFIERS in evidence.agrees:
        return Grade.EXACT if name_score >= _SAME_NAME and not evidence.disagrees else _unless_contradicted(evidence)
    if evidence.disagrees or weak_name:
        return Grade.POSSIBLE
    if listing.kind is ListingKind.PERSON:
        if evidence.log_odds < SURE:
            return Grade.POSSIBLE
        return Grade.EXACT if name_score >= _SAME_NAME else Grade.STRONG
    if name_score >= _SAME_NAME:
        return Grade.EXACT
    return Grade.STRONG if COUNTRY in evidence.agrees and name_score >= _VERY_LIKE else Grade.POSSIBLE


_SAME_NAME = 9900
_VERY_LIKE = 8800


def _unless_contradicted(evidence: Evidence) -> Grade:
    return Grade.POSSIBLE if evidence.disagrees else Grade.STRONG


def codes(countries: Iterable[str | None]) -> tuple[str, ...]:
    """The unambiguous country codes, each once, in order."""
    return tuple(dict.fromkeys(c for c in countries if c))
