"""The answer as JSON: what a judgement and its circumstances come to, field for field."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.rulebook import current
from service.screening.answer import (
    Circumstances,
    OwnershipResult,
    Warned,
    build_decision,
    clause_entry,
    clause_reference,
    decision_of,
)
from service.screening.case import Case
from service.screening.decide import decide
from service.screening.finding import Outcome
from service.screening.match import AlignedToken
from service.screening.ownership import BlockedShare
from service.web.schemas.screening import load_request
from tests.rule_cases import NOW, bases, listed

BASES = bases()
CLAUSES = {clause.id: clause for clause in current().clauses}
AT_WORK = Circumstances()


def answer(base: str, around: Circumstances = AT_WORK, **more: Any) -> dict[str, Any]:
    case = Case(request=load_request(copy.deepcopy(BASES[base]), now=NOW), **more)
    return build_decision(case, decide(case, current().rules), around)


def test_an_allow_goes_on_and_everything_else_holds() -> None:
    allowed, denied = answer("clerk"), answer("clerk_of_a_joint_venture")
    assert (allowed["decision"], allowed["action"]) == ("allow", "proceed")
    assert (denied["decision"], denied["action"]) == ("deny", "hold")
    assert denied["clauses"][0] == "UN-2375-18"


def test_an_allow_that_may_not_stand_is_a_review_that_says_why_and_nothing_else_is_touched() -> None:
    stale = Circumstances(hold_reason="A list is too old.")
    held, denied = answer("clerk", stale), answer("clerk_of_a_joint_venture", stale)
    assert (held["decision"], held["action"], held["summary"]) == ("review", "hold", "A list is too old.")
    assert denied["decision"] == "deny"
    assert denied["summary"] == answer("clerk_of_a_joint_venture")["summary"]
    case = Case(request=load_request(copy.deepcopy(BASES["clerk"]), now=NOW))
    assert decision_of(decide(case, current().rules), AT_WORK) is Outcome.ALLOW


def test_a_finding_carries_its_clause_facts_exceptions_and_link() -> None:
    finding = answer("clerk_of_a_joint_venture")["findings"][0]
    assert finding["clause"] == clause_reference(CLAUSES["UN-2375-18"])
    assert {"field": "counterparties[0].joint_venture.dprk_party", "value": True} in finding["facts"]
    assert {each["status"] for each in finding["exceptions"]} == {"not_met"}
    assert finding["national_link"] == "no national rule loaded for VN"
    linked = answer("cook_in_poland")["findings"]
    assert {"clause": "EU-2016-849-26a"} in next(f for f in linked if f["clause"]["id"] == "UN-2375-17")[
        "national_link"
    ]
    assert next(f for f in linked if f["clause"]["id"] == "EU-2016-849-26a")["national_link"] is None


def test_a_clause_is_shown_with_its_days_and_its_instant_where_it_has_one() -> None:
    entry = clause_entry(CLAUSES["UN-2375-17"])
    assert entry["in_force_from"] == "2017-09-11"
    assert entry["in_force_until"] is None
    assert entry["in_force_instant"] == "2017-09-11T22:12:00+00:00"
    assert {"what": "States report grandfathered contracts to the Committee by", "on": "2017-12-15"} in entry["dates"]
    assert entry["needs"] == ["worker.nationalities"]
    ended = replace(CLAUSES["UN-1718-8d"], in_force_until=date(2030, 1, 2))
    assert clause_entry(ended)["in_force_until"] == "2030-01-02"
    assert clause_entry(ended)["in_force_instant"] is None


@pytest.mark.parametrize("day", [date(2016, 3, 2), None])
def test_a_match_is_shown_with_its_evidence(day: date | None) -> None:
    found = replace(
        listed({"party": "worker", "kind": "person", "listed_on": date(2016, 3, 2)}),
        listed_on=day,
        alignment=(AlignedToken(query="works", listed="works", how="same"),),
    )
    shown = answer("clerk", matches=(found,))["matches"][0]
    assert shown["listed_on"] == (day.isoformat() if day else None)
    assert shown["alignment"] == [{"query": "works", "listed": "works", "how": "same"}]
    assert (shown["list"], shown["grade"], shown["alias_quality"], shown["agrees"]) == (
        "un_sc",
        "exact",
        "primary",
        ["birth_date"],
    )


def test_ownership_warnings_and_what_was_left_aside_are_shown_once_each() -> None:
    share = BlockedShare(minimum=Decimal("12.5"), maximum=Decimal(50), path=("counterparties[0].owners[0]",))
    warned = Warned(code="list_ageing", detail="un_sc")
    shown = answer(
        "clerk",
        Circumstances(
            warnings=(warned, warned),
            ignored_fields=(("worker.nationalities", "Not yet."),),
            ownership=(OwnershipResult(party="counterparties[0]", rule="US-50PCT", share=share),),
            rulebook={"version": "1"},
        ),
    )
    assert shown["warnings"] == [{"code": "list_ageing", "detail": "un_sc"}]
    assert shown["ignored_fields"] == [{"field": "worker.nationalities", "reason": "Not yet."}]
    assert shown["ownership"] == [
        {
            "party": "counterparties[0]",
            "rule": "US-50PCT",
            "blocked_min_percent": 12.5,
            "blocked_max_percent": 50.0,
            "path": ["counterparties[0].owners[0]"],
        }
    ]
    assert (shown["rulebook"], shown["engine"], shown["policy"], shown["lists"]) == ({"version": "1"}, {}, {}, [])


def test_what_is_missing_is_asked_with_what_it_settles_and_may_come_to() -> None:
    body = copy.deepcopy(BASES["mason_in_russia"])
    body["contract"]["ends_on"] = None
    case = Case(request=load_request(body, now=NOW))
    [missing] = build_decision(case, decide(case, current().rules), AT_WORK)["missing"]
    assert missing == {
        "field": "contract.ends_on",
        "question": "On which day does the work end?",
        "settles": ["UN-2397-8"],
        "if_known": ["allow", "deny"],
    }


def test_clauses_that_were_not_asked_say_when_to_ask_again() -> None:
    shown = answer("mason_in_russia", ignored=frozenset({"worker.nationalities"}))["not_evaluated"]
    assert {
        "clause": "UN-2375-17",
        "reason": "worker.nationalities may not be used at the stage employed.",
        "recheck_at_stage": "offer_accepted",
    } in shown
