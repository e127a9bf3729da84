"""A listed party's owner that only a list names: what each ownership test makes of it."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.lists.container import unpack
from service.lists.listing import AliasQuality, Listing, Relation
from service.lists.ofac_enhanced import read_file
from service.lists.relations import ACTING_FOR, LINKED, OWNED, ListedRelations
from service.matching.index import NameIndex
from service.matching.screen import match_parties
from service.rulebook.listed_relations import with_listed_owner
from service.screening.facts import Owner
from service.screening.finding import Finding
from service.screening.match import Match
from service.screening.ownership import BlockedShare
from service.web.schemas.screening import load_request
from tests.rule_cases import NOW, Body, bases, judge_body, listed, outcome_of, set_path

LISTED_ON = date(2016, 3, 2)
CLERK = bases()["clerk"]
FIRM, OWNER = "counterparties[0]", "counterparties[0].owners[0]"


def body(**changes: Any) -> Body:
    made = copy.deepcopy(CLERK)
    for path, value in changes.items():
        set_path(made, path.replace("__", "."), value)
    return made


def in_country(code: str) -> Body:
    return body(work={"country": code, "performed_from": code, "employer_country": code})


def owned(
    party: str = FIRM,
    *,
    by: str = "un_sc",
    on: str = "us_ofac_cons",
    kind: str = OWNED,
    target: str | None = "B",
    **stated: Any,
) -> Match:
    """A match with a firm on the list ``on``, which says that a party of the list ``by`` owns it."""
    match = listed({"party": party, "listed_on": LISTED_ON, "list": on, "dprk": False, **stated})
    owner = replace(match.listing, list_id=by, key="B", reference="KPe.800", dprk=by == "un_sc")
    owner = replace(owner, names=(replace(owner.names[0], text="Behind Bank"),))
    listing = replace(match.listing, key="A", relations=(Relation(kind=kind, name="Behind Bank", target=target),))
    related = ListedRelations.of_listings([listing, replace(owner, list_id=on)]).of(listing)
    return replace(
        match,
        listing=listing,
        related=tuple(replace(each, listing=owner, listed_on=LISTED_ON) for each in related),
    )


def test_control_that_a_list_states_denies_under_the_un_freeze() -> None:
    judgement = judge_body(CLERK, (owned(),))
    assert outcome_of(judgement, "UN-1718-8d") == "deny"
    assert outcome_of(judgement, "LIST-us_ofac_cons") == "review"
    told = next(f.reason for f in judgement.findings if f.clause.id == "UN-1718-8d" and f.outcome.word == "deny")
    assert (
        "Ryongpo Works is owned or controlled by Behind Bank (un_sc KPe.800), as stated by us_ofac_cons KPe.900" in told
    )


@pytest.mark.parametrize(("country", "clause"), [("DE", "EU-2017-1509-34"), ("GB", "UK-2019-411-11-15")])
def test_control_that_a_list_states_denies_where_the_law_counts_control(country: str, clause: str) -> None:
    judgement = judge_body(in_country(country), (owned(),))
    assert any(f.outcome.word == "deny" and f.clause.jurisdiction in {"EU", "UK", "GB"} for f in judgement.findings), (
        clause,
        [(f.clause.id, f.outcome) for f in judgement.findings],
    )


def test_the_fifty_percent_rule_needs_a_share_and_asks() -> None:
    judgement = judge_body(in_country("US"), (owned(by="us_ofac_sdn", on="uk_sl"),))
    assert outcome_of(judgement, "US-50PCT") == "review"
    assert outcome_of(judgement, "LIST-us_ofac_sdn") == "review"
    assert judgement.outcome.word == "review"


@pytest.mark.parametrize(
    "match",
    [
        owned(agrees=[]),  # the counterparty may be another
        owned(on="own"),  # no law stands behind the list that says so
        owned(target=None),  # told by the name alone
        owned(kind=ACTING_FOR),
        replace(owned(), disagrees=("country",)),
    ],
)
def test_what_is_less_than_sure_asks(match: Match) -> None:
    judgement = judge_body(CLERK, (match,))
    assert outcome_of(judgement, "UN-1718-8d") == "review"
    assert judgement.outcome.word == "review"


def test_an_owner_listed_on_a_day_that_is_not_known_asks() -> None:
    match = owned()
    undated = replace(match, related=tuple(replace(each, listed_on=None) for each in match.related))
    assert outcome_of(judge_body(CLERK, (undated,)), "UN-1718-8d") == "review"


def test_a_mere_link_is_told_and_changes_nothing() -> None:
    linked = owned(kind=LINKED)
    judgement = judge_body(CLERK, (linked,))
    assert outcome_of(judgement, "UN-1718-8d") == "-"
    (finding,) = (f for f in judgement.findings if f.clause.id == "LIST-us_ofac_cons")
    assert "Ryongpo Works is linked to Behind Bank (un_sc KPe.800)" in finding.reason
    bare = judge_body(CLERK, (replace(linked, related=()),))
    assert [(f.clause.id, f.outcome) for f in bare.findings] == [(f.clause.id, f.outcome) for f in judgement.findings]


@pytest.mark.parametrize(("share", "outcome"), [(60, "deny"), (40, "review"), (None, "review")])
def test_a_stated_owner_whom_a_list_says_is_controlled_counts_with_its_share(share: int | None, outcome: str) -> None:
    asked = body(counterparties=[{**CLERK["counterparties"][0], "owners": [{"name": "Ryongpo Works"}]}])
    if share is not None:
        set_path(asked, f"{OWNER}.share_percent", share)
    judgement = judge_body(asked, (owned(OWNER),))
    assert outcome_of(judgement, "UN-1718-8d") == outcome


def test_a_relation_never_makes_an_answer_milder() -> None:
    for match in (owned(), owned(OWNER), owned(by="us_ofac_sdn"), owned(agrees=[])):
        with_it = judge_body(in_country("US"), (match,))
        without = judge_body(in_country("US"), (replace(match, related=()),))
        assert with_it.outcome.value >= without.outcome.value


@pytest.fixture(scope="module")
def consolidated(shared: Path) -> list[Listing]:
    path = shared / "lists" / "ofac_cons_enhanced_2025-01-10.zip"
    with path.open("rb") as stream, unpack(stream, path.name) as file:
        return list(read_file(file, "us_ofac_cons"))


@pytest.mark.shared
def test_a_banks_subsidiary_is_found_through_the_lists_own_relation(consolidated: list[Listing]) -> None:
    by_key = {listing.key: listing for listing in consolidated}
    subsidiary, bank = next(
        (listing, by_key[relation.target])
        for listing in consolidated
        for relation in listing.relations
        if relation.kind == OWNED and relation.target in by_key and "BANK" in by_key[relation.target].name.upper()
    )
    asked = in_country("US")
    asked["as_of"] = "2025-06-01"
    asked["counterparties"][0] |= {"name": subsidiary.name, "country": subsidiary.address_countries[0], "owners": []}
    index = NameIndex.build(consolidated)
    matches = match_parties(load_request(asked, now=NOW), index)
    match = next(each for each in matches if each.listing.key == subsidiary.key)
    assert bank.key in {each.listing.key for each in match.related}
    (told,) = (
        finding.reason for finding in judge_body(asked, matches).findings if finding.clause.id == "LIST-us_ofac_cons"
    )
    assert f"is owned or controlled by {bank.name} (us_ofac_cons {bank.reference})" in told


@pytest.mark.shared
def test_a_subsidiary_on_the_consolidated_list_of_a_blocked_bank_meets_the_fifty_percent_rule(
    consolidated: list[Listing],
) -> None:
    """OFAC numbers the parties of both lists together: a target that only the SDN list holds is found there."""
    keys = {listing.key for listing in consolidated}
    subsidiary, bank = next(
        (listing, relation)
        for listing in consolidated
        for relation in listing.relations
        if relation.kind == OWNED and relation.target in keys
    )
    blocked = replace(next(each for each in consolidated if each.key == bank.target), list_id="us_ofac_sdn")
    index = NameIndex.build([subsidiary, blocked])
    asked = in_country("US")
    asked["as_of"] = "2025-06-01"
    asked["counterparties"][0] |= {"name": subsidiary.name, "owners": []}
    matches = tuple(
        replace(match, related=tuple(replace(each, listed_on=each.listing.listed_on) for each in match.related))
        for match in match_parties(load_request(asked, now=NOW), index)
    )
    judgement = judge_body(asked, tuple(match for match in matches if match.listing.key == subsidiary.key))
    assert outcome_of(judgement, "US-50PCT") == "review"
    assert any(blocked.name in f.reason for f in judgement.findings if f.clause.id == "US-50PCT")


@pytest.mark.shared
def test_every_relation_of_the_real_list_is_resolved_or_leads_out_of_it(consolidated: list[Listing]) -> None:
    keys = {listing.key for listing in consolidated}
    relations = ListedRelations.of_listings(consolidated)
    stated = found = 0
    for listing in consolidated:
        direct = {r.target for r in listing.relations if r.kind == OWNED and r.target in keys}
        behind = {each.listing.key for each in relations.of(listing) if len(each.steps) == 1}
        stated += len(direct)
        found += len(direct & behind)
    assert stated == found > 200
    assert all(name.quality in AliasQuality for listing in consolidated for name in listing.names)


def test_one_owner_that_is_sure_is_enough_beside_one_that_is_not() -> None:
    match = owned()
    sure = match.related[0]
    unsure = replace(sure, steps=(replace(sure.steps[0], sure=False),))
    assert outcome_of(judge_body(CLERK, (replace(match, related=(unsure, sure)),)), "UN-1718-8d") == "deny"
    assert outcome_of(judge_body(CLERK, (replace(match, related=(unsure,)),)), "UN-1718-8d") == "review"


def test_a_listed_owner_may_hold_what_the_stated_shares_leave_and_no_more() -> None:
    owners = (Owner(name="A", share_percent=Decimal(20)), Owner(name="B", share_percent=Decimal(50)))
    share = BlockedShare(minimum=Decimal(0), maximum=Decimal(20), path=(), unstated=(), controlled=False, touched=True)
    assert with_listed_owner(share, owners, None).maximum == 50
    assert with_listed_owner(replace(share, maximum=Decimal(90)), owners, None).maximum == 100


def test_a_chain_of_relations_is_told_from_the_party_to_the_one_behind_it() -> None:
    match = owned()
    first = match.related[0].steps[0]
    second = replace(first, subject=first.other, other="Top Bank (un_sc KPe.801)")
    chained = replace(match, related=(replace(match.related[0], steps=(first, second)),))
    (finding,) = (f for f in judge_body(CLERK, (chained,)).findings if _chains(f))
    assert _chains(finding) == [[f"{first.subject} <- {first.other} <- {second.other}"]]


def _chains(finding: Finding) -> list[Any]:
    return [fact.value for fact in finding.facts if fact.field == "listing.relations"]


def test_a_party_that_is_listed_itself_is_denied_once_whoever_stands_behind_it() -> None:
    judgement = judge_body(CLERK, (owned(on="un_sc", dprk=True),))
    assert [f.outcome.word for f in judgement.findings if f.clause.id == "UN-1718-8d"] == ["deny"]
