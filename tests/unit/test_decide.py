"""The decider: the worst finding wins, only reviews wait for facts, and the sentence names what decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from service.screening.case import Case
from service.screening.decide import NOTHING_BEARS, cite, decide
from service.screening.facts import ScreeningRequest, Stage, Worker
from service.screening.finding import (
    Basis,
    Binds,
    Clause,
    ExceptionTest,
    Finding,
    Outcome,
    Reasons,
    judge,
)
from service.screening.logic import FALSE, TRUE, Truth, unknown
from service.screening.moment import Moment

CASE = Case(
    request=ScreeningRequest(
        worker=Worker(name="Anybody"),
        as_of=Moment(date(2020, 1, 1)),
        known_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
)
REASONS = Reasons(deny="Barred.", review="Open.", allow="Excepted.")


def clause(name: str, *, needs: frozenset[str] = frozenset(), paragraph: str = "1") -> Clause:
    return Clause(
        id=name,
        instrument=f"Instrument {name}",
        paragraph=paragraph,
        title="A clause",
        paraphrase="A clause.",
        url="https://example.org/",
        in_force_from=date(2010, 1, 1),
        binds=Binds.STATE,
        jurisdiction="UN",
        basis=Basis.UNCONFIRMED,
        effect="deny",
        needs=needs,
    )


@dataclass(frozen=True)
class Saying:
    """A rule that says the same of every case."""

    outcome: Outcome
    clause: Clause
    missing: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return (self.clause,)

    def findings(self, case: Case) -> tuple[Finding, ...]:
        return (Finding(outcome=self.outcome, clause=self.clause, reason="Because.", missing=self.missing),)


ALLOWS = Saying(Outcome.ALLOW, clause("A"))
REVIEWS = Saying(Outcome.REVIEW, clause("R"), ("contract.written",))
DENIES = Saying(Outcome.DENY, clause("D"))


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ((), Outcome.ALLOW),
        ((ALLOWS,), Outcome.ALLOW),
        ((ALLOWS, REVIEWS), Outcome.REVIEW),
        ((REVIEWS, DENIES, ALLOWS), Outcome.DENY),
    ],
)
def test_the_worst_finding_is_the_decision(rules: tuple[Saying, ...], outcome: Outcome) -> None:
    assert decide(CASE, rules).outcome is outcome


def test_every_finding_is_kept_the_most_severe_first_and_else_in_the_order_of_the_rulebook() -> None:
    second = replace(DENIES, clause=clause("D2"))
    assert decide(CASE, (ALLOWS, DENIES, REVIEWS, second)).clauses == ("D", "D2", "R", "A")


def test_a_clause_that_speaks_twice_is_named_once() -> None:
    assert decide(CASE, (DENIES, DENIES)).clauses == ("D",)


def test_a_field_is_asked_for_once_with_every_clause_that_waits_for_it() -> None:
    other = Saying(Outcome.REVIEW, clause("R2"), ("contract.ends_on", "contract.written"))
    missing = decide(CASE, (REVIEWS, other)).missing
    assert {each.field: each.settles for each in missing} == {
        "contract.written": ("R", "R2"),
        "contract.ends_on": ("R2",),
    }
    assert all(each.question.endswith("?") for each in missing)


def test_only_reviews_wait_for_facts() -> None:
    denies, allows = replace(DENIES, missing=("work.country",)), replace(ALLOWS, missing=("work.country",))
    assert decide(CASE, (denies, allows)).missing == ()


def test_an_exemption_of_one_clause_leaves_the_others_standing() -> None:
    excepted = judge(clause("A"), TRUE, (ExceptionTest(id="e", truth=TRUE, reason="Shown."),), REASONS)
    barred = judge(clause("D"), TRUE, (ExceptionTest(id="e", truth=FALSE, reason="None."),), REASONS)
    assert excepted is not None
    assert barred is not None
    assert (excepted.outcome, barred.outcome) == (Outcome.ALLOW, Outcome.DENY)


@pytest.mark.parametrize(
    ("prohibited", "exception", "outcome", "missing"),
    [
        (FALSE, unknown("e"), None, ()),
        (TRUE, FALSE, Outcome.DENY, ()),
        (TRUE, TRUE, Outcome.ALLOW, ()),
        (TRUE, unknown("e"), Outcome.REVIEW, ("e",)),
        (unknown("p"), FALSE, Outcome.REVIEW, ("p",)),
        (unknown("p"), TRUE, Outcome.ALLOW, ()),
        (unknown("p"), unknown("e"), Outcome.REVIEW, ("p", "e")),
        (Truth(None), FALSE, Outcome.REVIEW, ()),
    ],
)
def test_a_prohibition_and_its_exception_are_judged_in_three_values(
    prohibited: Truth, exception: Truth, outcome: Outcome | None, missing: tuple[str, ...]
) -> None:
    finding = judge(clause("X"), prohibited, (ExceptionTest(id="e", truth=exception, reason="It."),), REASONS)
    assert (finding and finding.outcome) is outcome
    assert finding is None or finding.missing == missing


def test_the_reason_of_an_open_prohibition_is_the_exception_that_is_open() -> None:
    exceptions = (
        ExceptionTest(id="a", truth=FALSE, reason="Not this."),
        ExceptionTest(id="b", truth=unknown("b"), reason="This is open."),
    )
    finding = judge(clause("X"), TRUE, exceptions, REASONS)
    assert finding is not None
    assert finding.reason == "This is open."


def test_a_clause_whose_facts_may_not_be_used_is_not_asked() -> None:
    needing = replace(DENIES, clause=clause("N", needs=frozenset({"worker.nationalities"})))
    request = replace(CASE.request, stage=Stage.PRE_OFFER)
    judgement = decide(Case(request=request, ignored=frozenset({"worker.nationalities"})), (needing, ALLOWS))
    assert judgement.outcome is Outcome.ALLOW
    assert judgement.clauses == ("A",)
    assert [each.clause for each in judgement.not_evaluated] == ["N"]
    assert judgement.not_evaluated[0].recheck_at_stage == "offer_accepted"


def test_the_sentence_names_the_clause_and_why() -> None:
    assert decide(CASE, (DENIES,)).summary == ("This hire appears to be prohibited by Instrument D para. 1. Because.")
    assert decide(CASE, (REVIEWS,)).summary.startswith("We cannot decide from these facts under Instrument R")
    assert decide(CASE, ()).summary == NOTHING_BEARS


def test_a_clause_without_a_paragraph_is_cited_by_its_instrument() -> None:
    assert cite(clause("D", paragraph="")) == "Instrument D"


@pytest.mark.parametrize(
    ("prohibited", "exception", "if_known"),
    [
        (TRUE, unknown("e"), ("allow", "deny")),
        (unknown("p"), FALSE, ("allow", "deny")),
        (unknown("p"), Truth(None), ("allow", "review")),
        (Truth(None), unknown("e"), ("allow", "review")),
        (Truth(None), Truth(None), ("review",)),
        (unknown("p") & Truth(None), FALSE, ("allow", "review")),
    ],
)
def test_what_a_review_can_come_to_is_told_from_what_stays_open(
    prohibited: Truth, exception: Truth, if_known: tuple[str, ...]
) -> None:
    finding = judge(clause("X"), prohibited, (ExceptionTest(id="e", truth=exception, reason="It."),), REASONS)
    assert finding is not None
    assert tuple(outcome.word for outcome in finding.if_known) == if_known


def test_a_field_that_two_clauses_wait_for_may_lead_to_what_either_can_come_to() -> None:
    @dataclass(frozen=True)
    class Judging(Saying):
        if_known: tuple[Outcome, ...] = ()

        def findings(self, case: Case) -> tuple[Finding, ...]:
            return tuple(replace(each, if_known=self.if_known) for each in super().findings(case))

    first = Judging(Outcome.REVIEW, clause("A"), ("contract.written",), (Outcome.DENY,))
    second = Judging(Outcome.REVIEW, clause("B"), ("contract.written",), (Outcome.ALLOW,))
    [missing] = decide(CASE, (first, second)).missing
    assert missing.if_known == ("allow", "deny")
    [unsaid] = decide(CASE, (REVIEWS,)).missing
    assert unsaid.if_known == ("allow", "review", "deny")


def test_of_what_a_clause_needs_only_what_was_left_aside_is_named() -> None:
    needing = replace(DENIES, clause=clause("N", needs=frozenset({"worker.nationalities", "work.country"})))
    judgement = decide(replace(CASE, ignored=frozenset({"worker.nationalities", "worker.documents"})), (needing,))
    assert [each.reason for each in judgement.not_evaluated] == [
        "worker.nationalities may not be used at the stage offer_accepted."
    ]


def test_the_sentence_of_an_allow_names_the_first_exception_that_was_met() -> None:
    met = ExceptionTest(id="e", truth=TRUE, reason="Shown.")

    @dataclass(frozen=True)
    class Excepting(Saying):
        def findings(self, case: Case) -> tuple[Finding, ...]:
            reason = f"{self.clause.id} is met."
            return tuple(replace(each, exceptions=(met,), reason=reason) for each in super().findings(case))

    first, second = Excepting(Outcome.ALLOW, clause("A")), Excepting(Outcome.ALLOW, clause("B"))
    summary = decide(CASE, (ALLOWS, first, second)).summary
    assert summary == "Nothing forbids this hire on these facts. Instrument A para. 1: A is met."


def test_the_sentence_is_of_the_worst_finding_where_milder_ones_follow() -> None:
    assert decide(CASE, (ALLOWS, REVIEWS, DENIES)).summary.startswith(
        "This hire appears to be prohibited by Instrument D"
    )
    assert decide(CASE, (ALLOWS, REVIEWS)).summary.startswith("We cannot decide from these facts under Instrument R")


@pytest.mark.parametrize(("truth", "status"), [(TRUE, "met"), (FALSE, "not_met"), (unknown("e"), "unknown")])
def test_an_exception_is_met_or_not_or_unknown(truth: Truth, status: str) -> None:
    assert ExceptionTest(id="e", truth=truth, reason="It.").status.value == status
