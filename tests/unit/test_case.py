"""What several clauses ask of a case: whether they are in force, where the work is done, whose law binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.screening.case import Case, is_from_dprk
from service.screening.facts import Counterparty, Owner, Role
from service.screening.finding import Basis, Binds, Clause
from service.screening.logic import FALSE, TRUE, Truth, unknown
from service.screening.moment import Moment
from service.web.schemas.screening import load_request

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CLAUSE = Clause(
    id="A",
    instrument="An instrument",
    paragraph="1",
    title="A clause",
    paraphrase="A clause.",
    url="https://example.org/",
    in_force_from=date(2018, 4, 25),
    binds=Binds.STATE,
    jurisdiction="CH",
    basis=Basis.UNCONFIRMED,
    effect="deny",
)


def case(**body: Any) -> Case:
    return Case(request=load_request({"worker": {"name": "Anybody"}, **body}, now=NOW))


@pytest.mark.parametrize(
    ("as_of", "standing"),
    [("2018-04-24", FALSE), ("2018-04-25", TRUE), ("2019-06-30", TRUE), ("2019-07-01", FALSE)],
)
def test_a_clause_stands_from_its_first_day_to_its_last(as_of: str, standing: Truth) -> None:
    assert case(as_of=as_of).in_force(replace(CLAUSE, in_force_until=date(2019, 6, 30))) == standing


@pytest.mark.parametrize(
    ("as_of", "of_switzerland", "of_the_un"),
    [
        ("2018-04-23", FALSE, FALSE),
        ("2018-04-24", FALSE, FALSE),
        ("2018-04-25", unknown("as_of"), unknown("as_of")),
        ("2018-04-26", TRUE, unknown("as_of")),
        ("2018-04-27", TRUE, TRUE),
        ("2018-04-25T15:59:59Z", FALSE, FALSE),
        ("2018-04-25T16:00:00Z", TRUE, TRUE),
    ],
)
def test_a_bare_day_is_that_countrys_under_its_own_law_and_any_zones_under_the_uns(
    as_of: str, of_switzerland: Truth, of_the_un: Truth
) -> None:
    timed = replace(CLAUSE, in_force_instant=datetime(2018, 4, 25, 16, 0, tzinfo=UTC))
    assert case(as_of=as_of).in_force(timed) == of_switzerland
    assert case(as_of=as_of).in_force(replace(timed, jurisdiction="UN")) == of_the_un


def test_the_place_of_work_is_where_it_is_performed_from_else_the_country_of_work() -> None:
    both, one = case(work={"country": "PL", "performed_from": "RU"}), case(work={"country": "PL"})
    assert (both.place and both.place.code, both.place_field) == ("RU", "work.performed_from")
    assert (one.place and one.place.code, one.place_field) == ("PL", "work.country")
    assert case().works_in_dprk == unknown("work.country")
    assert case(work={"country": "Korea"}).works_in_dprk == unknown("work.country")
    assert case(work={"country": "KP"}).works_in_dprk == TRUE
    assert both.works_in_dprk == FALSE


@pytest.mark.parametrize(
    ("country", "hosted"),
    [("RU", TRUE), ("KP", FALSE), ("TW", Truth(None)), ("GI", TRUE), (None, unknown("work.country"))],
)
def test_a_member_state_of_the_united_nations_other_than_the_dprk_hosts_the_work(
    country: str | None, hosted: Truth
) -> None:
    assert case(as_of="2018-01-01", work={"country": country}).works_in_member_state == hosted


def test_an_unknown_place_is_open_only_where_that_law_is_said_to_bind() -> None:
    assert case().works_in("CH") == FALSE
    assert case(jurisdictions=["CH"]).works_in("CH") == unknown("work.country")
    assert case(jurisdictions=["CH"], work={"country": "Korea"}).works_in("CH") == unknown("work.country")
    assert case(work={"country": "CH"}).works_in("CH") == TRUE
    assert case(work={"country": "RU"}, jurisdictions=["CH"]).works_in("CH") == FALSE
    assert case(work={"country": "PR"}).works_in("US") == TRUE
    assert case().works_in_the_eu == FALSE
    assert case(jurisdictions=["EU"]).works_in_the_eu == unknown("work.country")
    assert case(jurisdictions=["EU"], work={"country": "Korea"}).works_in_the_eu == unknown("work.country")
    assert case(work={"country": "PL"}).works_in_the_eu == TRUE
    assert case(work={"country": "RU"}, jurisdictions=["EU"]).works_in_the_eu == FALSE


def test_the_host_national_is_one_of_the_state_behind_the_place() -> None:
    def of(nationality: str, place: str | None) -> Truth:
        worker = {"name": "Anybody", "nationalities": [{"country": nationality, "evidence": "passport"}]}
        return case(worker=worker, work={"country": place}).worker_is_host_national

    assert of("US", "PR") == TRUE
    assert of("US", "US") == TRUE
    assert of("US", "RU") == FALSE
    assert of("US", None) == FALSE
    assert of("US", "Korea") == FALSE


@pytest.mark.parametrize(
    ("body", "binding"),
    [
        ({}, set()),
        ({"jurisdictions": ["NZ"]}, {"NZ"}),
        ({"work": {"country": "RU", "performed_from": "CN", "employer_country": "SG"}}, {"RU", "CN", "SG"}),
        ({"work": {"country": "PL"}}, {"PL", "EU"}),
        ({"counterparties": [{"role": "legal_employer", "name": "A", "country": "PL"}]}, {"PL", "EU"}),
        ({"counterparties": [{"role": "legal_employer", "name": "A"}]}, set()),
        ({"counterparties": [{"role": "legal_employer", "name": "A", "country": "Korea"}]}, set()),
        ({"counterparties": [{"role": "client", "name": "A", "country": "PL"}]}, set()),
        ({"work": {"country": "Korea"}}, set()),
    ],
)
def test_the_law_that_binds_is_that_stated_of_the_work_and_of_the_employer(
    body: dict[str, Any], binding: set[str]
) -> None:
    assert case(as_of="2018-01-01", **body).jurisdictions == binding


@pytest.mark.parametrize(
    ("right", "place", "documented"),
    [
        ({"country": "RU", "evidence": "residence_permit"}, "RU", True),
        ({"country": "RU", "evidence": "self_declared"}, "RU", False),
        ({"country": "PL", "evidence": "residence_permit"}, "RU", False),
        ({"evidence": "residence_permit"}, "RU", False),
        ({"country": "RU", "evidence": "residence_permit"}, None, False),
        (None, "RU", False),
    ],
)
def test_a_right_to_work_is_documented_for_the_place_of_work(
    right: dict[str, str] | None, place: str | None, documented: bool
) -> None:
    worker = {"name": "Anybody", "right_to_work": right}
    assert case(worker=worker, work={"country": place}).has_documented_right_to_work is documented


@pytest.mark.parametrize(
    ("capacity", "purpose", "within"),
    [
        ("un_staff", "un_functions", TRUE),
        ("mission_staff", "un_functions", TRUE),
        ("un_staff", "ordinary", FALSE),
        ("un_staff", None, unknown("contract.purpose")),
        ("unknown", "un_functions", unknown("worker.official_capacity")),
        ("unknown", "ordinary", FALSE),
        ("none", "un_functions", FALSE),
    ],
)
def test_functions_of_the_united_nations_take_a_holder_and_their_purpose(
    capacity: str, purpose: str | None, within: Truth
) -> None:
    asked = case(worker={"name": "Anybody", "official_capacity": capacity}, contract={"purpose": purpose})
    assert asked.performs_un_functions == within


def test_the_labour_facts_are_those_stated() -> None:
    assert case().labour_facts == ()
    body = {
        "worker": {
            "name": "Anybody",
            "nationalities": [{"country": "PRK", "evidence": "passport"}],
            "protection": {"status": "none"},
        },
        "contract": {"finalised_at": "2018-01-02T10:00:00Z", "starts_on": "2018-02-01", "ends_on": "2018-03-01"},
        "authorisation": {"issued_on": "2018-01-05", "kind": "work_permit"},
        "work": {"country": "RU"},
    }
    assert [(fact.field, fact.value) for fact in case(**body).labour_facts] == [
        ("worker.nationalities", ["PRK"]),
        ("worker.protection.status", "none"),
        ("contract.finalised_at", "2018-01-02T10:00:00+00:00"),
        ("contract.starts_on", "2018-02-01"),
        ("contract.ends_on", "2018-03-01"),
        ("authorisation.kind", "work_permit"),
        ("authorisation.issued_on", "2018-01-05"),
        ("work.country", "RU"),
    ]
    dated = case(contract={"finalised_on": "2018-01-02", "written": False}).labour_facts
    assert [(fact.field, fact.value) for fact in dated] == [
        ("contract.finalised_on", "2018-01-02"),
        ("contract.written", False),
    ]


def test_a_party_is_of_the_dprk_only_where_its_country_says_so() -> None:
    parties = case(
        counterparties=[
            {"role": "client", "name": "A", "country": "KP"},
            {"role": "client", "name": "B", "country": "KR"},
            {"role": "client", "name": "C", "country": "Korea"},
            {"role": "client", "name": "D"},
        ]
    ).request.counterparties
    assert [is_from_dprk(party) for party in parties] == [True, False, False, False]
    assert is_from_dprk(Owner(name="E", country=parties[0].country))
    assert not is_from_dprk(Counterparty(role=Role.BANK, name="F"))


def test_the_moment_of_the_case_is_the_requests() -> None:
    assert case(as_of="2018-01-01").as_of == Moment(date(2018, 1, 1))


@pytest.mark.parametrize(
    ("kind", "remuneration", "needed"),
    [
        ("work_permit", "unknown", TRUE),
        ("quota_position", "unpaid", TRUE),
        ("visitor_visa", "unpaid", FALSE),
        ("visitor_visa", "paid", TRUE),
        ("unknown", "in_kind", unknown("contract.remuneration")),
    ],
)
def test_a_permit_or_a_quota_shows_that_one_is_needed_and_otherwise_pay_does(
    kind: str, remuneration: str, needed: Truth
) -> None:
    asked = case(authorisation={"kind": kind}, contract={"remuneration": remuneration})
    assert asked.needs_work_authorisation == needed
