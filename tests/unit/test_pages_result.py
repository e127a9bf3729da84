from __future__ import annotations

from typing import Any

import pytest

from service.web.pages.presentation import (
    country_text,
    field_label,
    list_view,
    party_text,
    value_text,
    warning_text,
    when,
)
from service.web.pages.result import show_result

ANSWER: dict[str, Any] = {
    "id": "0193",
    "reference": "REQ-1",
    "decision": "review",
    "summary": "We cannot decide.",
    "as_of": "2018-06-01",
    "known_at": "2026-11-23T10:00:05.123456+00:00",
    "decided_at": "2026-11-23T10:00:05Z",
    "stage": "offer_accepted",
    "findings": [
        {
            "outcome": "review",
            "clause": {
                "id": "UN-2375-17",
                "instrument": "S/RES/2375 (2017)",
                "paragraph": "17",
                "title": "No new work authorisations",
                "url": "https://undocs.org/S/RES/2375(2017)",
                "in_force_from": "2017-09-11",
                "in_force_until": None,
                "binds": "state",
                "jurisdiction": "UN",
            },
            "reason": "It is open.",
            "facts": [
                {"field": "worker.nationalities", "value": ["PRK", "KOR"]},
                {"field": "contract.written", "value": None},
            ],
            "exceptions": [{"id": "committee-approval", "status": "unknown", "reason": "No letter."}],
            "national_link": [{"clause": "EU-2016-849-26a"}],
        }
    ],
    "matches": [
        {
            "party": "counterparties[0].owners[1]",
            "list": "us_ofac_sdn",
            "listing": "19611",
            "reference": "19611",
            "name": "KOREA GENERAL CORPORATION",
            "matched_name": "ZENKO",
            "alias_quality": "weak",
            "grade": "strong",
            "score": 9640,
            "agrees": ["country"],
            "disagrees": [],
            "unknown": ["identifiers"],
            "alignment": [{"query": "зенко", "listed": "zenko", "how": "transliteration"}],
            "listed_on": "2016-12-02",
            "programmes": ["DPRK3"],
            "disposition": None,
        }
    ],
    "ownership": [
        {
            "party": "counterparties[0]",
            "rule": "US-50PCT",
            "blocked_min_percent": 50.0,
            "blocked_max_percent": 75.0,
            "path": [],
        }
    ],
    "missing": [
        {
            "field": "contract.finalised_on",
            "question": "When?",
            "settles": ["UN-2375-17"],
            "if_known": ["allow", "deny"],
        }
    ],
    "ignored_fields": [{"field": "worker.nationalities", "reason": "not used before an offer"}],
    "not_evaluated": [{"clause": "UN-2397-8", "reason": "Later.", "recheck_at_stage": "offer_accepted"}],
    "warnings": [{"code": "demo_mode", "detail": "Demo mode: not for real decisions."}],
    "lists": [{"id": "un_sc", "version": 12, "entries": 1003, "sha256": "ab" * 32, "status": "stale"}],
    "rulebook": {"version": "2026.11", "sha256": "cd" * 32},
    "engine": {"version": "0.1.0"},
    "audit": {"entry_id": "0194", "leaf_hash": "ef" * 32, "origin": "o"},
}


def shown() -> dict[str, Any]:
    return show_result(ANSWER, {"committee-approval": "The Committee approved it"})


def test_a_finding_shows_its_clause_its_facts_and_its_exceptions_in_words() -> None:
    (finding,) = shown()["findings"]
    assert finding["source"] == "S/RES/2375 (2017), paragraph 17"
    assert finding["in_force"] == "In force from 2017-09-11"
    assert finding["binds"] == "Binds: the State (UN)"
    assert finding["facts"][0] == {"label": "Nationality", "value": "North Korea (PRK), South Korea (KOR)"}
    assert finding["facts"][1]["value"] == "Not known"
    assert finding["exceptions"][0]["name"] == "The Committee approved it"
    assert finding["exceptions"][0]["word"] == "Not known"
    assert finding["national"] == "National law: EU-2016-849-26a"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", None, 7])
def test_an_address_that_is_no_web_page_is_not_made_a_link(url: Any) -> None:
    finding = {**ANSWER["findings"][0], "clause": {**ANSWER["findings"][0]["clause"], "url": url}}
    assert show_result({**ANSWER, "findings": [finding]}, {})["findings"][0]["url"] is None


def test_a_match_shows_evidence_and_no_score() -> None:
    (match,) = shown()["matches"]
    assert match["party"] == "Organisation 1, owner 2"
    assert match["alignment"] == [
        {"query": "зенко", "listed": "zenko", "how": "transliteration", "words": "another script"}
    ]
    assert dict(match["evidence"]) == {"Agrees": "Country", "Disagrees": "nothing", "Not known": "Identifiers"}
    assert "weak alias: ZENKO" in match["listing"]
    assert "listed on 2016-12-02" in match["listing"]
    assert "9640" not in str(match)


def test_what_is_missing_names_question_field_and_what_it_would_settle() -> None:
    (missing,) = shown()["missing"]
    assert missing["settles"] == "Would settle UN-2375-17: ALLOW or DENY."
    assert missing["label"] == "Contract finalised on"


def test_nothing_of_the_answer_is_dropped() -> None:
    view = str(shown())
    for said in (
        "REQ-1",
        "not used before an offer",
        "UN-2397-8",
        "Offer accepted",
        "US-50PCT",
        "75.0",
        "0194",
        "2026.11",
    ):
        assert said in view
    assert shown()["warnings"] == ["Demo mode: not for real decisions."]


def test_facts_that_an_earlier_clause_has_shown_are_not_repeated() -> None:
    (finding,) = ANSWER["findings"]
    first, second = show_result({**ANSWER, "findings": [finding, finding]}, {})["findings"]
    assert first["same_facts"] is None
    assert second["same_facts"] == "The same facts as for UN-2375-17"


def test_the_meaning_is_not_said_twice() -> None:
    meaning = shown()["meaning"]
    assert meaning
    assert show_result({**ANSWER, "summary": f"Well. {meaning}"}, {})["meaning"] == ""


def test_an_answer_that_holds_only_what_it_must_is_shown() -> None:
    least = {key: ANSWER[key] for key in ("id", "summary", "as_of", "stage")} | {"decision": "allow"}
    view = show_result(least, {})
    assert view["findings"] == view["matches"] == view["missing"] == view["lists"] == []


def test_a_list_that_is_too_old_has_the_shape_of_a_deny() -> None:
    (list_,) = shown()["lists"]
    assert (list_["freshness"], list_["tone"]) == ("Too old", "deny")
    assert list_["line"] == "Version 12, 1,003 entries, SHA-256 abababababab…"
    assert list_view({"id": "own", "status": "never_loaded"})["tone"] == "deny"
    assert list_view({"id": "elsewhere", "status": "fresh"})["name"] == "elsewhere"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2018-06-01", "2018-06-01"),
        ("2026-11-23T10:00:05.123456+00:00", "2026-11-23 10:00 UTC"),
        ("2017-09-12T07:30:00+09:00", "2017-09-12T07:30:00+09:00"),
        (None, "–"),
    ],
)
def test_times_are_in_utc_and_dates_as_iso_writes_them(text: str | None, read: str) -> None:
    assert when(text) == read


def test_fields_and_parties_have_the_words_of_the_form() -> None:
    assert field_label("counterparties[2].owners[0].share_percent") == "Share in percent"
    assert field_label("counterparties[0].owners[0]") == "Organisation 1, owner 1"
    assert field_label("listing.matched_name") == "Name on the list"
    assert field_label("something.else") == "something.else"
    assert party_text("worker") == "The person"
    assert (
        warning_text("un_sc: last checked too long ago.")
        == "United Nations Security Council: last checked too long ago."
    )
    assert warning_text("worker: odd characters.") == "The person: odd characters."
    assert warning_text("Plain words: and more") == "Plain words: and more"


def test_values_read_as_words() -> None:
    assert value_text("contract.written", True) == "Yes"
    assert value_text("contract.payee", "third_party") == "Somebody else"
    assert value_text("worker.protection", {"status": "refugee", "country": "GB", "evidence": None}).startswith(
        "Refugee, "
    )
    assert country_text("KP") == "North Korea (PRK)"
    assert country_text("Korean") == "Korean"
