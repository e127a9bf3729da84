"""What the rules say and show beside their outcome: names, paragraphs, days, facts and what they ask for."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.rulebook import current
from service.rulebook.national_links import NATIONAL_CLAUSES
from service.screening.decide import Judgement, cite
from service.screening.finding import Binds
from service.screening.match import Match
from tests.rule_cases import Body, bases, judge_body, listed, set_path

BASES = bases()
CLAUSES = {clause.id: clause for clause in current().clauses}
OWNER = {"name": "Owner", "country": "SGP", "controls": False}
CLIENT = {"role": "client", "name": "Ryongpo Kiln", "country": "PRK"}


def asked(base: str = "clerk", **changes: Any) -> Body:
    made = copy.deepcopy(BASES[base])
    for path, value in changes.items():
        set_path(made, path.replace("__", "."), value)
    return made


def said_by(judgement: Judgement, clause: str) -> list[tuple[str, str]]:
    return [(each.outcome.word, each.reason) for each in judgement.findings if each.clause.id == clause]


def match(party: str, *, name: str = "Ryongpo Works", day: date = date(2016, 3, 2), **stated: Any) -> Match:
    found = listed({"party": party, "listed_on": day, **stated})
    names = (replace(found.listing.names[0], text=name),)
    return replace(found, listing=replace(found.listing, names=names, reference=f"KPe.{name.split(maxsplit=1)[0]}"))


@pytest.mark.parametrize(
    ("clause", "cited"),
    [
        ("CA-2006-287-s8-5", "SOR/2006-287 (Canada) para. 8(5)"),
        ("CA-2006-287-s7", "SOR/2006-287 (Canada) para. 7"),
        ("UN-2375-17", "S/RES/2375 (2017) para. 17"),
    ],
)
def test_a_paragraph_is_cited_as_people_write_it(clause: str, cited: str) -> None:
    assert cite(CLAUSES[clause]) == cited


@pytest.mark.parametrize(
    ("code", "since", "host"),
    [
        ("refused_video_interview", date(2022, 5, 16), "https://www.ic3.gov/"),
        ("identity_documents_held", date(2018, 7, 23), "https://www.state.gov/"),
        ("employs_dprk_workers", date(2018, 7, 23), "https://www.state.gov/"),
    ],
)
def test_an_indicator_bears_the_day_and_the_page_of_its_advisory(code: str, since: date, host: str) -> None:
    clause = CLAUSES[f"IND-{code}"]
    assert clause.in_force_from == since
    assert clause.url.startswith(host)


def test_an_indicator_shows_the_fact_that_was_stated() -> None:
    body = asked(indicators=["refused_video_interview"], counterparties=[{"role": "client", "name": "A"}])
    body["counterparties"][0]["employs_dprk_workers"] = True
    facts = [(fact.field, fact.value) for finding in judge_body(body).findings for fact in finding.facts]
    assert facts == [
        ("indicators", "refused_video_interview"),
        ("counterparties[0].employs_dprk_workers", True),
    ]


def test_the_first_listing_speaks_for_the_others_under_a_freeze() -> None:
    matches = (match("counterparties[0]", name="First Works"), match("counterparties[0]", name="Second Works"))
    judgement = judge_body(asked(jurisdictions=["GB"]), matches)
    [finding] = [each for each in judgement.findings if each.clause.id == "UK-2019-411-r13"]
    assert finding.reason == "A listing that this freeze follows names a counterparty: First Works (KPe.First)."
    assert [(fact.field, fact.value) for fact in finding.facts] == [("counterparties[0].name", "First Works")]


def test_one_sure_listing_among_others_names_the_party() -> None:
    matches = (match("counterparties[0]", agrees=[]), match("counterparties[0]"))
    [(outcome, reason)] = said_by(judge_body(asked(jurisdictions=["GB"]), matches), "UK-2019-411-r13")
    assert (outcome, " names a counterparty" in reason) == ("deny", True)


def test_of_several_owners_of_unknown_share_the_first_is_asked_about() -> None:
    body = asked(jurisdictions=["GB"])
    body["counterparties"][0]["owners"] = [OWNER, {**OWNER, "name": "Other"}]
    matches = (match("counterparties[0].owners[0]"), match("counterparties[0].owners[1]"))
    findings = judge_body(body, matches).findings
    [owned] = [each for each in findings if each.clause.id == "UK-2019-411-r7"]
    assert owned.missing == ("counterparties[0].owners[0].share_percent",)


@pytest.mark.parametrize(("rest", "if_known"), [(40, ("review", "deny")), (60, ("review",))])
def test_a_share_that_cannot_reach_the_half_is_not_said_to_deny(rest: int, if_known: tuple[str, ...]) -> None:
    body = asked(jurisdictions=["CA"])
    body["counterparties"][0]["owners"] = [OWNER, {"name": "Rest", "share_percent": rest}]
    judgement = judge_body(body, (match("counterparties[0].owners[0]"),))
    [owned] = [each for each in judgement.findings if each.clause.id == "CA-2006-287-s2"]
    assert tuple(outcome.word for outcome in owned.if_known) == if_known


def test_a_stated_share_is_not_asked_for_where_only_the_listing_is_open() -> None:
    body = asked(jurisdictions=["CA"])
    body["counterparties"][0]["owners"] = [{**OWNER, "share_percent": 60}]
    judgement = judge_body(body, (match("counterparties[0].owners[0]", agrees=[]),))
    assert not any(each.field.endswith(".share_percent") for each in judgement.missing)


def test_a_national_finding_carries_no_national_link() -> None:
    judgement = judge_body(asked("cook_in_poland"))
    links = {finding.clause.id: finding.national_link for finding in judgement.findings}
    assert links["EU-2016-849-26a"] is None
    assert links["UN-2375-17"] == ("EU-2016-849-26a",)
    assert all(CLAUSES[clause].jurisdiction == "UN" for clause in NATIONAL_CLAUSES)


def test_a_birth_date_that_is_stated_is_not_asked_for() -> None:
    worker = match("worker", kind="person", grade="possible", agrees=[])
    missing = judge_body(asked(), (worker,)).missing
    assert "worker.date_of_birth" not in {each.field for each in missing}


def test_a_national_is_excepted_from_the_ban_on_entry_as_such() -> None:
    body = asked(work={"country": "SE", "performed_from": "SE", "employer_country": "SE"})
    said = said_by(judge_body(body, (match("worker", kind="person"),)), "UN-1718-8e")
    assert said == [("allow", "The worker is shown to be a national of the State where the work is done.")]


def test_of_the_partners_of_a_venture_the_listed_ones_are_shown() -> None:
    body = asked("clerk_of_a_joint_venture", jurisdictions=["GB"])
    body["counterparties"][0]["owners"].append({**OWNER, "share_percent": 10})
    findings = judge_body(body, (match("counterparties[0].owners[1]"),)).findings
    [finding] = [each for each in findings if each.clause.id == "UK-2019-411-r24"]
    assert [fact.field for fact in finding.facts] == ["counterparties[0].owners[1]"]


@pytest.mark.parametrize(
    ("clause", "base", "changes", "if_known"),
    [
        ("UN-2270-32", "clerk", {"counterparties": [CLIENT]}, ("allow", "review")),
        ("UK-2019-411-r26", "clerk", {"counterparties": [CLIENT], "jurisdictions": ["GB"]}, ("allow", "deny")),
        ("US-31CFR510-201", "clerk", {"counterparties": [CLIENT], "jurisdictions": ["US"]}, ("allow", "deny")),
        (
            "UN-2321-23",
            "mason_in_russia",
            {"work__vessel": {"flag": "PA"}, "worker__nationalities": []},
            ("allow", "review"),
        ),
        (
            "EU-2016-849-32a",
            "programmer_in_pyongyang",
            {"jurisdictions": ["SE"], "contract__purpose": "mission_in_dprk", "contract__payee": "unknown"},
            ("allow", "review"),
        ),
        ("UN-2397-8", "mason_in_russia", {"as_of": "2021-06-01", "worker__nationalities": []}, ("allow", "deny")),
        (
            "UN-2397-8",
            "mason_in_russia",
            {"as_of": "2021-06-01", "worker__nationalities": [], "work": {"country": "TW"}},
            ("allow", "review"),
        ),
    ],
)
def test_a_review_tells_what_its_clause_can_come_to(
    clause: str, base: str, changes: dict[str, Any], if_known: tuple[str, ...]
) -> None:
    findings = judge_body(asked(base, **changes)).findings
    [finding] = [each for each in findings if each.clause.id == clause]
    assert (finding.outcome.word, bool(finding.missing)) == ("review", True)
    assert tuple(outcome.word for outcome in finding.if_known) == if_known


@pytest.mark.parametrize(
    ("clause", "binds", "effect"),
    [
        ("LIST-us_ofac_sdn", Binds.US_PERSON, "deny where the list binds, else review"),
        ("LIST-un_sc", Binds.STATE, "deny where the list binds, else review"),
        ("LIST-opensanctions", Binds.EMPLOYER, "review"),
    ],
)
def test_a_list_says_whom_it_binds_and_how_far(clause: str, binds: Binds, effect: str) -> None:
    assert (CLAUSES[clause].binds, CLAUSES[clause].effect) == (binds, effect)


def test_a_listing_that_no_law_carries_says_so_and_shows_the_name_that_met_it() -> None:
    findings = judge_body(asked(), (match("counterparties[0]", list="opensanctions", dprk=False),)).findings
    [finding] = [each for each in findings if each.clause.id == "LIST-opensanctions"]
    assert finding.reason.endswith("No law gives this list force by itself.")
    assert finding.facts[0].field == "counterparties[0].name"
    [worker] = judge_body(asked(), (match("worker", kind="person", agrees=[], list="un_sc", dprk=False),)).findings
    assert worker.facts[0].field == "worker.name"


def test_a_renewal_whose_day_is_known_waits_for_a_person_and_for_no_fact() -> None:
    body = asked("mason_in_russia", contract__events=[{"kind": "renewal", "on": "2018-02-01"}])
    judgement = judge_body(body)
    assert said_by(judgement, "UN-2375-17")[0][0] == "review"
    assert judgement.missing == ()
