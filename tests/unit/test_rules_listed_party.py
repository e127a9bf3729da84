"""How far a match goes, and what a finding on a listed party says and asks for."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.lists.listing import AliasQuality
from service.rulebook.match_outcome import match_outcome
from service.screening.finding import Finding
from service.screening.match import Match
from tests.rule_cases import Body, bases, judge_body, listed, set_path

LISTED_ON = date(2016, 3, 2)
BASES = bases()


def body(**changes: Any) -> Body:
    made = copy.deepcopy(BASES["clerk"])
    for path, value in changes.items():
        set_path(made, path.replace("__", "."), value)
    return made


def firm(party: str = "counterparties[0]", **stated: Any) -> Match:
    return listed({"party": party, "listed_on": LISTED_ON, **stated})


def person(party: str = "worker", **stated: Any) -> Match:
    return listed({"party": party, "listed_on": LISTED_ON, "kind": "person", **stated})


def finding(asked: Body, *matches: Match, clause: str = "UN-1718-8d") -> Finding:
    return next(each for each in judge_body(asked, matches).findings if each.clause.id == clause)


WEAK = AliasQuality.WEAK


@pytest.mark.parametrize(
    ("match", "outcome"),
    [
        (firm(), "deny"),
        (firm(agrees=[]), "review"),
        (firm(grade="strong"), "review"),
        (firm(grade="strong", agrees=["identifiers"]), "deny"),
        (firm(grade="possible", agrees=["identifiers"]), "review"),
        (firm(agrees=["birth_date"]), "review"),
        (replace(firm(), alias_quality=WEAK), "review"),
        (replace(firm(agrees=["identifiers"]), alias_quality=WEAK), "deny"),
        (replace(firm(), disagrees=("country",)), "review"),
        (replace(firm(), listed_on=None), "review"),
        (person(), "deny"),
        (person(agrees=[]), "review"),
        (person(agrees=["country"]), "review"),
        (person(agrees=["identifiers"]), "deny"),
        (replace(person(), disagrees=("gender",)), "review"),
        (replace(person(), alias_quality=WEAK), "review"),
        (person(grade="strong"), "deny"),
    ],
)
def test_more_than_a_name_denies_and_less_asks(match: Match, outcome: str) -> None:
    assert match_outcome(match).word == outcome


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (firm(), "names a counterparty: Ryongpo Works (KPe.900), listed on 2016-03-02."),
        (person(), "names the worker"),
        (firm(agrees=[]), "may name a counterparty"),
        (firm(agrees=[]), "A name alone does not identify"),
        (replace(firm(), listed_on=None), "on a day that the list does not give"),
        (replace(firm(), listed_on_basis="first_seen"), "first seen in our copies of the list on 2016-03-02."),
        (replace(firm(), disagrees=("birth_date",)), "What is known of birth date differs"),
        (replace(firm(), alias_quality=WEAK), "calls this alias weak"),
        (firm(list="us_ofac_sdn"), "The list binds in US, which is not shown to bind here."),
        (firm("counterparties[0].owners[0]"), "depends on share and control"),
        (firm("counterparties[0].owners[0]"), "may name an owner"),
        (person("counterparties[0].directors[0]"), "A listed director may act for a listed party."),
        (person("counterparties[0].directors[0]"), "may name a director"),
    ],
)
def test_the_reason_says_who_is_named_and_why_it_is_open(match: Match, said: str) -> None:
    asked = body()
    asked["counterparties"][0] |= {"owners": [{"name": "Owner", "country": "SGP"}], "directors": [{"name": "Director"}]}
    clause = "LIST-us_ofac_sdn" if match.listing.list_id == "us_ofac_sdn" else "UN-1718-8d"
    assert said in finding(asked, match, clause=clause).reason


def test_before_an_offer_the_reason_is_the_stage() -> None:
    asked = body(stage="pre_offer", jurisdictions=["US"])
    assert "At this stage a name on a list" in finding(asked, person()).reason


@pytest.mark.parametrize(
    ("match", "missing"),
    [
        (person(agrees=[]), ()),  # the clerk's birth date is stated
        (firm(agrees=[]), ("counterparties[0].country", "counterparties[0].identifiers")),
        (firm(agrees=["country"], grade="strong"), ()),
        (replace(firm(agrees=[]), disagrees=("country",)), ()),
        (person("counterparties[0].owners[0]", agrees=[]), ("counterparties[0].owners[0].date_of_birth",)),
        (person("counterparties[0].directors[0]", agrees=[]), ()),
        (firm(), ()),
    ],
)
def test_what_would_tell_the_party_from_the_listing_is_asked_for(match: Match, missing: tuple[str, ...]) -> None:
    asked = body()
    asked["counterparties"][0] |= {"owners": [{"name": "Owner", "country": "SGP"}], "directors": [{"name": "Director"}]}
    assert finding(asked, match).missing == missing


def test_a_birth_date_that_nobody_stated_is_asked_for() -> None:
    asked = copy.deepcopy(BASES["mason_in_russia"])
    assert finding(asked, person(agrees=[])).missing == ("worker.date_of_birth",)


def test_the_surest_match_speaks_for_the_others_of_its_list() -> None:
    found = [
        each
        for each in judge_body(body(), (firm(agrees=[]), firm(), firm(list="us_ofac_sdn"))).findings
        if each.clause.id in {"UN-1718-8d", "LIST-us_ofac_sdn"}
    ]
    assert [(each.clause.id, each.outcome.word) for each in found] == [
        ("UN-1718-8d", "deny"),
        ("LIST-us_ofac_sdn", "review"),
    ]


def test_a_day_that_is_only_the_first_seen_is_not_called_the_day_of_listing() -> None:
    facts = finding(body(), replace(firm(), listed_on_basis="first_seen")).facts
    assert [each.field for each in facts if each.field.startswith("listing.")][1:] == ["listing.first_seen_on"]


def test_of_equal_findings_the_list_that_binds_speaks_first() -> None:
    of_lists = [firm(list=each, agrees=[]) for each in ("opensanctions", "au_dfat", "us_ofac_sdn")]
    clauses = judge_body(body(jurisdictions=["US"]), tuple(of_lists)).clauses
    assert clauses == ("LIST-us_ofac_sdn", "LIST-au_dfat", "LIST-opensanctions")


def test_a_listing_for_another_regime_is_cited_under_its_list() -> None:
    assert finding(body(), firm(dprk=False), clause="LIST-un_sc").outcome.word == "deny"
    judgement = judge_body(body(jurisdictions=["EU", "GB", "CA"]), (firm(dprk=False),))
    assert judgement.clauses == ("LIST-un_sc",)


@pytest.mark.parametrize(("share", "asks"), [(None, True), (30, False)])
def test_an_unstated_share_is_asked_for(share: int | None, asks: bool) -> None:
    asked = body()
    owner = {"name": "Owner", "country": "SGP", "share_percent": share, "controls": False}
    asked["counterparties"][0]["owners"] = [owner]
    judgement = judge_body(asked, (firm("counterparties[0].owners[0]"),))
    field = "counterparties[0].owners[0].share_percent"
    assert (field in {each.field for each in judgement.missing}) is asks


def test_aid_of_another_kind_or_power_opens_no_freeze() -> None:
    for kind, power in (("humanitarian", None), ("committee_exemption", "UN-2664-1")):
        exemption = {"clause": "UN-1718-8d", "kind": kind, "power": power, "evidence": "letter"}
        asked = body(as_of="2023-06-01", exemptions=[exemption])
        assert finding(asked, firm()).outcome.word == "deny"


def test_aid_that_is_only_claimed_waits_for_its_paper() -> None:
    exemption = {"clause": "UN-1718-8d", "kind": "humanitarian", "power": "UN-2664-1", "evidence": "claimed"}
    found = finding(body(as_of="2023-06-01", exemptions=[exemption]), firm())
    assert (found.outcome.word, found.missing) == ("review", ("exemptions[0].evidence",))


def test_aid_opens_the_uns_freeze_and_no_national_one() -> None:
    exemption = {"clause": "UN-1718-8d", "kind": "humanitarian", "power": "UN-2664-1", "evidence": "letter"}
    judgement = judge_body(body(as_of="2023-06-01", jurisdictions=["GB"], exemptions=[exemption]), (firm(),))
    assert {each.clause.id: each.outcome.word for each in judgement.findings} == {
        "UN-1718-8d": "review",
        "UK-2019-411-r13": "deny",
    }
