"""Held versions by API: two keys of two people put one into service, and a person counts once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.lists import sources
from service.lists.us_bis_dpl import REPEATED
from tests.integration.held_lists import REFRESH, House, held_template, house  # noqa: F401 - fixtures
from tests.list_faults import ENTRIES, a_list

HELD = "/v1/lists/un_sc/held/3"
SMALL_DPL = Path(__file__).resolve().parents[1] / "data" / "lists" / "us_bis_dpl_small.txt"
REASON = {"reason": "Confirmed with the publisher."}


def send(at: House, path: str, username: str, body: Any = REASON) -> Any:
    return at.api.call("POST", path, key=at.key_of(username), json=body)


@pytest.fixture(autouse=True)
def people(house: House) -> None:  # noqa: F811
    house.person("anna")
    house.person("bo", "admin")


def test_what_waits_is_shown_with_its_reasons_and_what_it_would_change(house: House) -> None:  # noqa: F811
    (held,) = house.api.call("GET", "/v1/lists/held").json["held"]
    assert (held["list"], held["version"], held["against"], held["state"]) == ("un_sc", 3, 2, "held")
    assert (held["proposed_by"], held["approvals"], held["approvals_needed"]) == ("job:refresh", [], 2)
    assert "removals" in [reason["code"] for reason in held["reasons"]]
    assert held["changes"]["removed"] > 100
    assert held == house.api.call("GET", HELD).json
    changes = house.api.call("GET", "/v1/lists/un_sc/versions/3/changes?kind=removed&limit=1000").json
    assert (changes["since"], len(changes["changes"])) == (2, held["changes"]["removed"])
    assert {change["kind"] for change in changes["changes"]} == {"removed"}


def test_two_people_put_it_into_service_by_their_keys(house: House) -> None:  # noqa: F811
    first = send(house, f"{HELD}/approvals", "anna")
    assert first.status_code == 201
    assert (first.json["state"], [given["reason"] for given in first.json["approvals"]]) == ("held", [REASON["reason"]])
    assert house.serving() == 2
    second = send(house, f"{HELD}/approvals", "bo")
    assert (second.status_code, second.json["state"], house.serving()) == (201, "approved", 3)
    recorded = [json.loads(leaf.leaf) for leaf in house.api.service.audit.export()]
    settled = [leaf for leaf in recorded if leaf["type"] in ("list_approve", "list_activate")]
    assert [leaf["type"] for leaf in settled] == ["list_approve", "list_approve", "list_activate"]
    assert settled[0]["account"] == str(house.people["anna"].id)
    assert settled[0]["actor"].startswith("key:")
    assert REASON["reason"] not in json.dumps(settled), "the words of a person stand in the log as a commitment only"


def test_a_person_counts_once_whatever_the_key(house: House) -> None:  # noqa: F811
    assert send(house, f"{HELD}/approvals", "anna").status_code == 201
    again = send(house, f"{HELD}/approvals", "anna")
    assert (again.status_code, again.json["type"]) == (409, "/problems/not-to-be-settled")
    assert "already" in again.json["detail"]
    assert house.serving() == 2


def test_what_was_settled_stays_settled(house: House) -> None:  # noqa: F811
    refused = send(house, f"{HELD}/refusals", "anna")
    assert (refused.status_code, refused.json["state"]) == (201, "refused")
    assert refused.json["settled_reason"] == REASON["reason"]
    for path in ("approvals", "refusals"):
        assert send(house, f"{HELD}/{path}", "bo").status_code == 409
    assert house.api.call("GET", "/v1/lists/held").json["held"] == []
    assert house.api.call("GET", "/v1/lists/un_sc/versions/3/changes").status_code == 404


def test_a_version_that_was_overtaken_cannot_be_approved(house: House) -> None:  # noqa: F811
    house.bring(a_list())
    answer = send(house, f"{HELD}/approvals", "anna")
    assert answer.status_code == 409
    assert house.api.call("GET", HELD).json["state"] == "superseded"


def test_a_key_of_a_program_and_a_role_without_the_right_may_not(house: House) -> None:  # noqa: F811
    program = house.api.call("POST", f"{HELD}/approvals", key=house.api.new_key("admin"), json=REASON)
    assert (program.status_code, program.json["type"]) == (403, "/problems/not-an-approver")
    for role in ("screener", "auditor"):
        answer = house.api.call("POST", f"{HELD}/approvals", key=house.api.new_key(role), json=REASON)
        assert (answer.status_code, answer.json["type"]) == (403, "/problems/forbidden")
    house.person("cy", "screener")
    assert send(house, f"{HELD}/approvals", "cy").status_code == 403
    assert house.serving() == 2


def test_a_person_s_key_has_that_person_s_role_and_ends_with_the_account(house: House) -> None:  # noqa: F811
    key = house.key_of("anna")
    assert house.api.call("GET", "/v1/lists/held", key=key).status_code == 200
    house.api.service.accounts.disable("anna")
    fresh = house.key_of("anna")  # a key that was asked with a moment ago is remembered for some seconds
    assert house.api.call("GET", "/v1/lists/held", key=fresh).status_code == 401


def test_an_older_issue_must_be_meant_by_both(house: House) -> None:  # noqa: F811
    older = house.hold(a_list(range(ENTRIES + 2), date(2026, 3, 2)))
    path = f"/v1/lists/un_sc/held/{older}"
    assert any(reason["needs_allow_older"] for reason in house.api.call("GET", path).json["reasons"])
    assert send(house, f"{path}/approvals", "anna").status_code == 409
    meant = {**REASON, "allow_older": True}
    assert send(house, f"{path}/approvals", "anna", meant).status_code == 201
    assert send(house, f"{path}/approvals", "bo", meant).json["state"] == "approved"


def test_what_is_wrong_with_an_approval_is_pointed_at(house: House) -> None:  # noqa: F811
    faults: list[tuple[dict[str, Any], str]] = [
        ({}, "/reason"),
        ({"reason": " "}, "/reason"),
        ({"reason": "x" * 1001}, "/reason"),
        ({"reason": "a\x00b"}, "/reason"),
        ({"reason": "x", "allow_older": "yes"}, "/allow_older"),
        ({"reason": "x", "also": 1}, "/also"),
    ]
    for body, pointer in faults:
        answer = send(house, f"{HELD}/approvals", "anna", body)
        assert answer.status_code in (400, 422), body
        assert pointer in [error["pointer"] for error in answer.json["errors"]], body


def test_what_was_never_held_is_not_found(house: House) -> None:  # noqa: F811
    for path in ("un_sc/held/1", "un_sc/held/99", "un_sc/held/99999999999", "no_list/held/1", "no%00list/held/1"):
        assert house.api.call("GET", f"/v1/lists/{path}").status_code == 404, path
        assert send(house, f"/v1/lists/{path}/approvals", "anna").status_code == 404, path


def test_an_unknown_kind_of_change_is_refused(house: House) -> None:  # noqa: F811
    assert house.api.call("GET", "/v1/lists/un_sc/versions/2/changes?kind=moved").status_code == 400


def test_a_version_tells_what_its_files_hold_and_it_does_not(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    few = replace(sources.SOURCES["us_bis_dpl"], floor=1, canaries=())
    monkeypatch.setattr(sources, "SOURCES", {**sources.SOURCES, "us_bis_dpl": few})
    house.api.service.refresh_as(REFRESH).import_files("us_bis_dpl", [SMALL_DPL])
    (version,) = house.api.call("GET", "/v1/lists/us_bis_dpl/versions").json["versions"]
    assert version["left_out"] == {REPEATED: 1}
    assert house.api.call("GET", "/v1/lists/un_sc/versions").json["versions"][0]["left_out"] == {}
