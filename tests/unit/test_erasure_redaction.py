"""What erasure leaves of an answer: the decision and the law, and not a word about the person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.erasure.redaction import ERASED, IMPERSONAL, SUMMARY, without_personal_data
from service.web.api.describing import example
from service.web.schemas.answer import AnswerSchema

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
# What may stay as it is: the law, the lists, and what the service says about itself.
OPEN = ("clause", "lists", "rulebook", "engine", "policy", "audit", "links", "national_link", "clauses")


def left(answer: Any) -> dict[str, Any]:
    return dict(json.loads(without_personal_data(json.dumps(answer).encode(), AT)))


def texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, path)
    elif isinstance(value, str):
        yield path, value


@pytest.fixture
def answer() -> dict[str, Any]:
    return dict(example("answer"))


def test_what_is_left_has_the_published_shape(answer: dict[str, Any]) -> None:
    assert AnswerSchema().validate(left(answer)) == {}


def test_decision_clauses_and_lists_stay(answer: dict[str, Any]) -> None:
    after = left(answer)
    for name in ("id", "decision", "action", "clauses", "lists", "rulebook", "policy", "engine", "audit", "decided_at"):
        assert after.get(name) == answer.get(name)
    assert [f["clause"] for f in after["findings"]] == [f["clause"] for f in answer["findings"]]
    assert [[(e["id"], e["status"]) for e in f["exceptions"]] for f in after["findings"]] == [
        [(e["id"], e["status"]) for e in f["exceptions"]] for f in answer["findings"]
    ]
    assert after["erased_at"] == "2026-11-24T04:00:00.000000Z"


def test_no_sentence_and_no_value_stays(answer: dict[str, Any]) -> None:
    after = left(answer)
    assert (after["summary"], after["reference"], after["matches"], after["missing"]) == (SUMMARY, None, [], [])
    assert {f["reason"] for f in after["findings"]} == {ERASED}
    assert {fact["value"] for f in after["findings"] for fact in f["facts"]} <= {None}
    kept = {text for path, text in texts(after) if not set(path) & set(OPEN)}
    plain = {w["detail"] for w in answer["warnings"] if w["code"] in IMPERSONAL}
    sentences = {text for text in kept if " " in text} - {SUMMARY} - plain
    assert sentences == set()


def test_a_warning_that_names_a_field_of_the_request_loses_its_words(answer: dict[str, Any]) -> None:
    answer["warnings"] = [
        {"code": "suspicious_name", "detail": "worker.name: the name holds unusual characters."},
        {"code": "demo_mode", "detail": "Demo mode: not for real decisions."},
    ]
    assert [w["detail"] for w in left(answer)["warnings"]] == [ERASED, "Demo mode: not for real decisions."]


@given(st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_a_member_that_nobody_thought_of_is_gone(name: str, values: list[str]) -> None:
    answer = dict(example("answer"))
    marked = [f"zq-{value}" for value in values]
    answer[f"zq{name}"] = marked
    answer["findings"] = [
        {**finding, f"zq{name}": marked, "facts": [{"field": "x", "value": marked, f"zq{name}": 1}]}
        for finding in answer["findings"]
    ]
    assert "zq" not in json.dumps(left(answer))
