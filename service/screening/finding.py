"""Clauses, and what one clause says about one screening."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum

from service.screening.logic import TRUE, Truth, any_of


class Outcome(Enum):
    """The three answers, in order of severity."""

    ALLOW = 0
    REVIEW = 1
    DENY = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Basis(StrEnum):
    """How the wording of a clause was confirmed."""

    OFFICIAL_TEXT = "official_text"
    QUOTED = "quoted"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


class Binds(StrEnum):
    """Whom the clause obliges."""

    STATE = "state"
    EMPLOYER = "employer"
    US_PERSON = "us_person"


@dataclass(frozen=True, kw_only=True, slots=True)
class TextualException:
    """An exception in the text of a clause: a stable id and what it excepts."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """One paragraph of one instrument.

    ``in_force_from`` and ``in_force_until`` are days; ``in_force_instant`` is the moment of adoption
    where it is known more exactly. ``dates`` are the further days on which the clause changes what it
    demands (a deadline), with a short name each.
    """

    id: str
    instrument: str
    paragraph: str
    title: str
    paraphrase: str
    url: str
    in_force_from: date
    binds: Binds
    jurisdiction: str
    basis: Basis
    effect: str
    in_force_instant: datetime | None = None
    in_force_until: date | None = None
    dates: tuple[tuple[str, date], ...] = ()
    exceptions: tuple[TextualException, ...] = ()
    needs: frozenset[str] = frozenset()  # fields that must be usable at the stage for the clause to be asked
    note: str | None = None


class ExceptionStatus(StrEnum):
    """The three answers to whether an exception is met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExceptionTest:
    """Whether an exception is met, and why; ``truth`` names the missing fields where it is unknown."""

    id: str
    truth: Truth
    reason: str

    @property
    def status(self) -> ExceptionStatus:
        if self.truth.is_unknown:
            return ExceptionStatus.UNKNOWN
        return ExceptionStatus.MET if self.truth.is_true else ExceptionStatus.NOT_MET


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A fact that decided: the field's path and its value as JSON would carry it."""

    field: str
    value: object


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What ``clause`` says. ``missing`` are the fields that would settle a review.

    ``if_known`` is what the clause may say once they all are known, as far as it can be told from the finding itself;
    all that it can say where that was not worked out.
    """

    outcome: Outcome
    clause: Clause
    reason: str
    facts: tuple[Fact, ...] = ()
    exceptions: tuple[ExceptionTest, ...] = ()
    missing: tuple[str, ...] = ()
    if_known: tuple[Outcome, ...] = tuple(Outcome)
    national_link: tuple[str, ...] | str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reasons:
    """The sentence for each outcome of a rule. ``review`` and ``allow`` may be told by what decided."""

    deny: str
    review: str
    allow: str
    facts: tuple[Fact, ...] = field(default=())


NEVER_DENIES = (Outcome.ALLOW, Outcome.REVIEW)  # what a clause that leaves its application to a person may say
OUTCOME_OF_VERDICT = ((Outcome.ALLOW, False), (Outcome.REVIEW, None), (Outcome.DENY, True))


def judge(clause: Clause, prohibited: Truth, exceptions: tuple[ExceptionTest, ...], reasons: Reasons) -> Finding | None:
    """Turn a prohibition and its exceptions into a finding; None where the clause does not bear.

    The clause does not bear where the prohibition is surely not engaged. An exception that is met
    allows whatever else is open; one that may be met makes the answer wait for its facts.
    """
    if prohibited.is_false:
        return None
    missing: tuple[str, ...] = ()
    if_known: tuple[Outcome, ...] = ()
    excepted = any_of(*(test.truth for test in exceptions))
    verdict = prohibited & ~excepted
    if verdict.is_true:
        outcome, reason = Outcome.DENY, reasons.deny
    elif verdict.is_false:
        met = next(test for test in exceptions if test.truth.is_true)
        outcome, reason = Outcome.ALLOW, met.reason or reasons.allow
    else:
        outcome, reason, missing = Outcome.REVIEW, _why_open(prohibited, exceptions, reasons), verdict.fields
        turns = verdict.may_turn_out
        if_known = tuple(each for each, value in OUTCOME_OF_VERDICT if value in turns)
    return Finding(
        outcome=outcome,
        clause=clause,
        reason=reason,
        facts=reasons.facts,
        exceptions=exceptions,
        missing=missing,
        if_known=if_known,
    )


def _why_open(prohibited: Truth, exceptions: tuple[ExceptionTest, ...], reasons: Reasons) -> str:
    if prohibited == TRUE:
        opened = [test.reason for test in exceptions if test.truth.is_unknown]
        return " ".join(opened) if opened else reasons.review
    return reasons.review
