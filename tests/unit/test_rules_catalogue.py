"""The catalogue of clauses, and the link from each UN finding to the national clauses that carry it."""

from __future__ import annotations

import copy
import inspect
import re
from datetime import date
from typing import Any

import pytest

from service.lists.sources import SOURCES
from service.rulebook import POWERS, RULES, current
from service.rulebook.national_links import NATIONAL_CLAUSES
from service.screening.finding import Basis, Clause
from tests.rule_cases import bases, judge_body, set_path

CLAUSES = current().clauses
IDS = [clause.id for clause in CLAUSES]

# Paragraphs whose wording nobody confirmed from a text, an official summary or a quotation.
UNCONFIRMED = {
    "UN-1718-8d",
    "UN-1718-8e",
    "UN-2094-11",
    "UN-2270-17",
    "UN-2270-32",
    "UN-2321-16",
    "UN-2321-17",
    "UN-2321-23",
    "UN-2371-3",
    "UN-2397-3",
    "EU-2017-1509-34",
}


WITHOUT_FORCE_OF_LAW = {f"LIST-{source.list_id}" for source in SOURCES.values() if source.binds_in is None}


@pytest.mark.parametrize("clause", CLAUSES, ids=IDS)
def test_a_clause_says_what_it_is_where_it_stands_and_whom_it_binds(clause: Clause) -> None:
    assert clause.url.startswith("https://") or clause.id == "LIST-own"  # which no publisher describes
    assert clause.paraphrase.endswith(".")
    assert len(clause.paraphrase) > len(clause.title) / 2
    assert not clause.title.endswith(".")
    assert clause.jurisdiction or clause.id.startswith("IND-") or clause.id in WITHOUT_FORCE_OF_LAW
    assert date(1950, 1, 1) <= clause.in_force_from <= date(2026, 11, 23)
    assert clause.in_force_until is None or clause.in_force_until > clause.in_force_from


def test_an_id_names_one_clause() -> None:
    asked = {clause for rule in RULES for clause in rule.clauses} | set(POWERS)
    assert len({clause.id for clause in asked}) == len(asked)


def test_what_was_not_confirmed_says_so_and_why() -> None:
    unconfirmed = [clause for clause in CLAUSES if clause.basis is Basis.UNCONFIRMED]
    assert {clause.id for clause in unconfirmed} == UNCONFIRMED
    assert all(clause.note for clause in unconfirmed)


def test_every_rule_says_what_it_asks() -> None:
    questions = [inspect.getdoc(rule.ask) for rule in RULES if rule.ask.__name__ != "<lambda>"]
    assert all(questions)


def test_an_exception_has_one_title_wherever_it_stands() -> None:
    titles: dict[str, set[str]] = {}
    for clause in CLAUSES:
        for exception in clause.exceptions:
            titles.setdefault(exception.id, set()).add(exception.title)
    assert {key: found for key, found in titles.items() if len(found) > 1} == {}


def test_the_version_of_the_rulebook_covers_its_source() -> None:
    rulebook = current()
    assert re.fullmatch(r"\d{4}\.\d+\.\d+", rulebook.version)
    assert re.fullmatch(r"[0-9a-f]{64}", rulebook.sha256)


def test_national_links_lead_from_the_un_to_national_law() -> None:
    known = {clause.id: clause for clause in CLAUSES}
    for un_clause, linked in NATIONAL_CLAUSES.items():
        assert known[un_clause].jurisdiction == "UN"
        assert all(clause.jurisdiction != "UN" and clause.id in known for clause in linked)


def links(base: str, clause: str, **changes: Any) -> tuple[str, ...] | str | None:
    body = copy.deepcopy(bases()[base])
    for path, value in changes.items():
        set_path(body, path.replace("__", "."), value)
    return next(f.national_link for f in judge_body(body).findings if f.clause.id == clause)


def test_a_un_finding_names_the_national_clause_of_the_country_of_work() -> None:
    assert links("cook_in_poland", "UN-2375-17") == ("EU-2016-849-26a",)


def test_a_national_clause_is_linked_only_while_it_is_in_force() -> None:
    swiss = {"country": "CH", "performed_from": "CH", "employer_country": "CH"}
    assert links("mason_in_russia", "UN-2375-17", work=swiss, as_of="2018-04-24") == ("CH-946-231-127-6-2a",)
    assert links("mason_in_russia", "UN-2375-17", work=swiss, as_of="2018-04-26") == (
        "CH-946-231-127-6-2a",
        "CH-946-231-127-6-2b",
    )


def test_where_no_national_rule_is_loaded_the_answer_says_for_which_country() -> None:
    assert links("mason_in_russia", "UN-2375-17") == "no national rule loaded for RU"
    assert links("mason_in_russia", "UN-2375-17", jurisdictions=["NZ"]) == "no national rule loaded for NZ, RU"


def test_a_joint_venture_links_to_what_bars_it_at_home() -> None:
    assert links("clerk_of_a_joint_venture", "UN-2375-18", jurisdictions=["NZ"]) == (
        "NZ-2017-74-r35A",
        "NZ-2017-74-r35B",
    )
