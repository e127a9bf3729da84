"""Which nationality the worker holds: from stated nationalities and identity documents, and nothing else."""

from __future__ import annotations

import copy
from itertools import product
from typing import Any

import pytest

from service.nationality.table import table
from service.screening.nationals import (
    documented_nationalities,
    holds_dprk_nationality,
    holds_nationality_of,
    is_national_by_dprk_law,
)
from service.web.schemas.screening import load_request
from tests.rule_cases import NOW, bases, judge_body

HELD_BY_PASSPORT = {"country": "PRK", "evidence": "passport"}
KOREAN_PASSPORT = {"country": "KOR", "evidence": "passport"}
LATER = {**bases()["mason_in_russia"], "as_of": "2021-06-01"}


def asked(
    *nationalities: Any, documents: tuple[dict[str, Any], ...] = (), admitted_on: str | None = None
) -> dict[str, Any]:
    body = copy.deepcopy(LATER)
    body["worker"] |= {"nationalities": list(nationalities), "documents": list(documents)}
    if admitted_on:
        body["authorisation"]["admitted_on"] = {"kind": "passport", "country": admitted_on}
    return body


def dprk(*nationalities: Any, **more: Any) -> bool | None:
    request = load_request(asked(*nationalities, **more), now=NOW)
    return holds_dprk_nationality(request.worker, request.authorisation).value


def passport(country: str, **more: Any) -> dict[str, Any]:
    return {"kind": "passport", "issuing_country": country, "nationality": country, **more}


def test_one_stated_nationality_is_taken_at_its_word() -> None:
    assert dprk({"country": "PRK", "evidence": "self_declared"}) is True
    assert dprk({"country": "KOR", "evidence": "self_declared"}) is False
    assert dprk("Korea") is None
    assert dprk() is None


@pytest.mark.parametrize("basis", ["former", "claimed_by_law"])
def test_a_nationality_once_held_or_only_claimed_is_not_held(basis: str) -> None:
    assert dprk(KOREAN_PASSPORT, {"country": "PRK", "basis": basis}) is False
    assert dprk({"country": "PRK", "basis": basis}) is None


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX", "UNO"])
def test_a_code_that_names_no_nationality_leaves_it_open(code: str) -> None:
    assert dprk({"country": code, "evidence": "passport"}) is None


def test_a_second_passport_waits_for_the_document_of_admission() -> None:
    both = ({"country": "CHN", "evidence": "passport"}, HELD_BY_PASSPORT)
    assert dprk(*both) is None
    assert dprk(*both, admitted_on="PRK") is True
    assert dprk(*both, admitted_on="CHN") is None


def test_a_second_nationality_beside_an_unproven_one_leaves_it_open() -> None:
    assert dprk(KOREAN_PASSPORT, {"country": "PRK", "evidence": "self_declared"}) is None


def test_what_names_no_nationality_beside_a_proven_one_changes_nothing() -> None:
    for other in ("Korea", {"country": "XXA", "evidence": "passport"}, {"country": "UNO", "evidence": "passport"}):
        assert dprk(HELD_BY_PASSPORT, other) is True
        assert dprk({"country": "PRK", "evidence": "self_declared"}, other) is None
        assert dprk(KOREAN_PASSPORT, other) is None
        assert dprk(HELD_BY_PASSPORT, KOREAN_PASSPORT, other) is None
        assert dprk(HELD_BY_PASSPORT, KOREAN_PASSPORT, other, admitted_on="PRK") is True


def test_two_proven_nationalities_are_told_by_the_admission_whatever_documents_are_shown() -> None:
    assert dprk(HELD_BY_PASSPORT, KOREAN_PASSPORT, documents=(passport("KOR"),), admitted_on="PRK") is True
    assert dprk(HELD_BY_PASSPORT, KOREAN_PASSPORT, documents=(passport("PRK"), passport("KOR"))) is None
    assert dprk(HELD_BY_PASSPORT, documents=(passport("PRK"),)) is True


@pytest.mark.parametrize(
    ("stated", "document"),
    [
        ({"country": "PRK", "evidence": "self_declared"}, passport("KOR")),
        ({"country": "KOR", "evidence": "self_declared"}, passport("PRK")),
        ({"country": "KAZ", "evidence": "passport"}, passport("PRK")),
        (HELD_BY_PASSPORT, passport("RUS")),
        (KOREAN_PASSPORT, {"kind": "passport", "issuing_country": "KOR", "nationality": "PRK"}),
        (KOREAN_PASSPORT, {"kind": "national_id", "issuing_country": "PRK", "nationality": "KOR"}),
    ],
)
def test_facts_that_contradict_each_other_neither_clear_nor_deny(
    stated: dict[str, Any], document: dict[str, Any]
) -> None:
    assert dprk(stated, documents=(document,)) is None
    judgement = judge_body(asked(stated, documents=(document,)))
    assert judgement.outcome.word == "review"
    assert "worker.nationalities" in {each.field for each in judgement.missing}


def test_the_zone_of_a_passport_counts_as_what_the_document_says() -> None:
    zone = "P<KORNOH<<YU<RIM<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nM000000196KOR9107083F3101012<<<<<<<<<<<<<<08"
    assert dprk({"country": "PRK", "evidence": "self_declared"}, documents=({"kind": "passport", "mrz": zone},)) is None
    request = load_request(asked(KOREAN_PASSPORT, documents=({"kind": "passport", "mrz": zone},)), now=NOW)
    assert documented_nationalities(request.worker) == {"KR"}


def test_a_zone_that_cannot_be_read_proves_nothing() -> None:
    assert dprk(KOREAN_PASSPORT, documents=({"kind": "passport", "mrz": "P<KOR"},)) is False


def test_a_residence_permit_says_nothing_of_nationality() -> None:
    permit = {"kind": "residence_permit", "issuing_country": "PRK", "nationality": "PRK"}
    assert dprk(KOREAN_PASSPORT, documents=(permit,)) is False


@pytest.mark.parametrize(("evidence", "holds"), [("passport", True), ("self_declared", None), ("unknown", None)])
def test_the_nationality_of_the_host_has_to_be_proven(evidence: str, holds: bool | None) -> None:
    request = load_request(asked(HELD_BY_PASSPORT, {"country": "RUS", "evidence": evidence}), now=NOW)
    assert holds_nationality_of(request.worker, "RU").value is holds
    assert holds_nationality_of(request.worker, "CN").value is False


@pytest.mark.parametrize(
    ("nationalities", "national"),
    [
        ((KOREAN_PASSPORT,), False),
        ((KOREAN_PASSPORT, {"country": "PRK", "basis": "claimed_by_law"}), None),
        ((KOREAN_PASSPORT, {"country": "PRK", "basis": "former"}), None),
        ((HELD_BY_PASSPORT,), True),
        ((), None),
    ],
)
def test_the_dprks_own_law_lets_nobody_go_who_is_mentioned_with_it(
    nationalities: tuple[Any, ...], national: bool | None
) -> None:
    request = load_request(asked(*nationalities), now=NOW)
    assert is_national_by_dprk_law(request.worker, request.authorisation).value is national


SPELLINGS = sorted(name for name, meaning in table().names.items() if meaning.code == "KR")
WAYS = (str, str.upper, str.title, lambda text: f"  {text} ", lambda text: text.replace(" ", "  "))


def test_hundreds_of_spellings_of_south_korea_never_deny() -> None:
    written = {way(name) for way, name in product(WAYS, SPELLINGS)}
    assert len(written) >= 500
    for text in written:
        assert judge_body(asked({"country": text, "evidence": "self_declared"})).outcome.word == "allow", text


def test_an_unproven_nationality_beside_another_is_asked_for_and_not_the_admission() -> None:
    stated = ({"country": "PRK", "evidence": "self_declared"}, KOREAN_PASSPORT)
    assert dprk(*stated, admitted_on="PRK") is None
    request = load_request(asked(*stated), now=NOW)
    assert holds_dprk_nationality(request.worker, request.authorisation).fields == ("worker.nationalities",)
