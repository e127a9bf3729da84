"""The desk on a real database: look up, decide, record; and nothing leaves without its record."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.app import Service, build_service
from service.audit.leaf import base64url, digest, leaf_hash
from service.config import Config, Mode
from service.errors import IdempotencyConflictError, ListsUnavailableError, StoreUnavailableError
from service.lists import starter
from service.recording import salted_digest
from service.records import Actor, ListVersion
from service.web.schemas.screening import load_request

ACTOR = Actor(kind="key", id="0192", name="tests")
LIST_IDS = ("un_sc", "us_ofac_sdn")
REQUEST: dict[str, Any] = {
    "reference": "REQ-7",
    "as_of": "2026-11-01",
    "worker": {
        "name": "Pak Un Gyong",
        "date_of_birth": "1990-05-04",
        "nationalities": [{"country": "PRK", "evidence": "passport"}],
        "protection": {"status": "none"},
    },
    "contract": {"finalised_on": "2018-02-10", "written": True, "open_ended": True, "remuneration": "paid"},
    "work": {"country": "MN"},
    "authorisation": {"kind": "work_permit"},
    "counterparties": [{"role": "legal_employer", "name": "Selenge Brick LLC", "country": "MN"}],
}


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(home=tmp_path, mode=Mode.DEMO, database_url=database_url)


@pytest.fixture
def service(config: Config) -> Iterator[Service]:
    built = build_service(config)
    with built.database:
        yield built


def in_production(service: Service) -> Service:
    return build_service(replace(service.config, mode=Mode.PRODUCTION))


def load(service: Service, *, checked_at: datetime | None) -> None:
    for list_id in LIST_IDS:
        entries = starter.listings(list_id)
        service.lists.add_version(
            ListVersion(
                list_id=list_id,
                version=0,
                sha256="00" * 32,
                entries=len(entries),
                published_on=datetime.now(UTC).date(),
                checked_at=checked_at,
            ),
            entries,
        )


def ask(service: Service, body: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    body = REQUEST if body is None else body
    stored = service.desk.screen(load_request(body, now=datetime.now(UTC)), body=body, actor=ACTOR, **options)
    answer = json.loads(stored.answer)
    assert isinstance(answer, dict)
    return answer


def changed(**worker: Any) -> dict[str, Any]:
    body = copy.deepcopy(REQUEST)
    body["worker"] |= worker
    return body


def codes(answer: dict[str, Any]) -> set[str]:
    return {warned["code"] for warned in answer["warnings"]}


def test_an_answer_is_stored_byte_for_byte_with_its_audit_entry(service: Service) -> None:
    answer = ask(service)
    stored = service.desk.screening(answer["id"])
    assert stored is not None
    assert json.loads(stored.answer) == answer
    entries = list(service.audit.export())
    assert [str(entry.entry_id) for entry in entries] == [answer["audit"]["entry_id"]]
    assert leaf_hash(entries[0].leaf).hex() == answer["audit"]["leaf_hash"]
    leaf = json.loads(entries[0].leaf)
    assert (leaf["type"], leaf["outcome"], leaf["clauses"]) == ("decision", "deny", answer["clauses"])


def test_the_leaf_names_no_person_and_its_commitments_open_to_request_and_decision(service: Service) -> None:
    answer = ask(service)
    entry = next(iter(service.audit.export()))
    for personal in (b"Pak", b"1990", b"PRK", b"REQ-7", b"Selenge"):
        assert personal not in entry.leaf
    leaf = json.loads(entry.leaf)
    assert sorted(digest(disclosed) for disclosed in entry.disclosures) == leaf["_sd"]
    opened = {
        name: value
        for _, name, value in (
            json.loads(base64.urlsafe_b64decode(each + "=" * (-len(each) % 4))) for each in entry.disclosures
        )
    }
    assert opened["worker.name"] == "Pak Un Gyong"
    salt = base64.urlsafe_b64decode(opened["digest_salt"] + "==")
    assert base64url(salt) == opened["digest_salt"]
    request = json.dumps(service.desk.request_of(answer["id"]), sort_keys=True, separators=(",", ":")).encode()
    assert leaf["request_fp"] == salted_digest(salt, request)


def test_one_day_of_difference_in_the_contract_changes_the_answer_and_says_why(service: Service) -> None:
    body = copy.deepcopy(REQUEST)
    body |= {"as_of": "2018-06-01"}
    body["contract"] |= {
        "finalised_on": "2017-08-30",
        "open_ended": False,
        "ends_on": "2019-05-31",
        "evidence": [
            "signed_contract",
            "worker_named",
            "dprk_party_screened",
            "permit_linked",
            "end_date_stated",
            "state_notification",
        ],
    }
    before = ask(service, body)
    body["contract"]["finalised_on"] = "2017-10-02"
    after = ask(service, body)
    assert (before["decision"], after["decision"]) == ("allow", "deny")
    assert "2 October 2017" in after["summary"]


def test_production_without_a_required_list_gives_no_answer_and_records_none(service: Service) -> None:
    production = in_production(service)
    with production.database:
        with pytest.raises(ListsUnavailableError, match="un_sc, us_ofac_sdn"):
            ask(production)
        assert not production.desk.readiness().ready
        assert list(production.audit.export()) == []


@pytest.mark.parametrize(
    ("age", "decision", "warning"),
    [
        (timedelta(hours=1), "allow", None),
        (timedelta(hours=30), "allow", "list_ageing"),
        (timedelta(hours=49), "review", "list_stale"),
        (None, "review", "list_stale"),
    ],
)
def test_an_old_list_warns_and_a_stale_one_allows_nothing(
    service: Service, age: timedelta | None, decision: str, warning: str | None
) -> None:
    load(service, checked_at=datetime.now(UTC) - age if age is not None else None)
    production = in_production(service)
    body = changed(nationalities=[{"country": "MNG", "evidence": "passport"}])
    body["as_of"] = datetime.now(UTC).date().isoformat()
    with production.database:
        answer = ask(production, body)
    assert answer["decision"] == decision
    assert answer["action"] == ("proceed" if decision == "allow" else "hold")
    assert codes(answer) == ({warning} if warning else set())


def test_demo_mode_says_so_and_lets_old_lists_decide(service: Service) -> None:
    body = changed(nationalities=[{"country": "MNG", "evidence": "passport"}])
    on_starter = ask(service, body)
    assert {"demo_mode", "starter_lists"} <= codes(on_starter)
    load(service, checked_at=datetime.now(UTC) - timedelta(days=900))
    assert service.snapshots.refresh()
    on_old_lists = ask(service, body)
    assert {"demo_mode", "list_stale"} <= codes(on_old_lists)
    assert (on_starter["decision"], on_old_lists["decision"]) == ("allow", "allow")


def test_a_new_list_version_is_swapped_in_whole(service: Service) -> None:
    assert [each["version"] for each in ask(service)["lists"]] == [0, 0]
    load(service, checked_at=datetime.now(UTC))
    service.snapshots.refresh()
    answer = ask(service)
    assert [(each["id"], each["version"]) for each in answer["lists"]] == [(list_id, 1) for list_id in LIST_IDS]


def test_a_repeated_idempotency_key_returns_the_first_answer_and_another_request_is_refused(service: Service) -> None:
    first = ask(service, idempotency_key="k-1")
    assert ask(service, idempotency_key="k-1") == first
    with pytest.raises(IdempotencyConflictError):
        ask(service, changed(name="Someone Else"), idempotency_key="k-1")
    assert len(list(service.audit.export())) == 1


def test_without_a_database_no_decision_leaves(config: Config, service: Service) -> None:
    service.snapshots.current()
    service.database.close()
    with pytest.raises(StoreUnavailableError):
        ask(service)


def test_before_a_us_offer_nationality_is_neither_used_nor_stored(service: Service) -> None:
    body = changed() | {"stage": "pre_offer", "jurisdictions": ["US"]}
    answer = ask(service, body)
    assert answer["decision"] == "allow"
    assert {each["field"] for each in answer["ignored_fields"]} == {"worker.nationalities", "worker.protection"}
    assert {each["clause"] for each in answer["not_evaluated"]} >= {"UN-2375-17", "UN-2397-8"}
    stored = service.desk.request_of(answer["id"])
    assert stored is not None
    assert "nationalities" not in stored["worker"]
    entry = next(iter(service.audit.export()))
    opened = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in entry.disclosures]
    assert not any(b"PRK" in each for each in opened)


def test_invisible_characters_in_a_name_never_pass(service: Service) -> None:
    answer = ask(
        service, changed(name="Pak\u200b Un Gyong", nationalities=[{"country": "MNG", "evidence": "passport"}])
    )
    assert answer["decision"] == "review"
    assert "suspicious_name" in codes(answer)


def test_the_answer_shows_what_share_listed_owners_hold_by_each_law_that_binds(service: Service) -> None:
    body = changed(nationalities=[{"country": "POL", "evidence": "passport"}])
    body |= {"jurisdictions": ["US"], "work": {"country": "PL"}}
    body["counterparties"][0] |= {
        "country": "PL",
        "owners": [
            {"name": "Mansudae Overseas Project Group of Companies", "country": "PRK", "share_percent": 50},
            {"name": "Wisla Kapital", "country": "PL", "share_percent": 50},
        ],
    }
    answer = ask(service, body)
    held = {each["rule"]: (each["blocked_min_percent"], each["path"]) for each in answer["ownership"]}
    owner = "counterparties[0].owners[0]"
    assert held == {rule: (50.0, [owner]) for rule in ("UN-1718-8d", "EU-2017-1509-34", "US-50PCT")}
    outcomes = {finding["clause"]["id"]: finding["outcome"] for finding in answer["findings"]}
    assert outcomes["US-50PCT"] == "deny", "half is enough in the United States"
    assert outcomes["EU-2017-1509-34"] == "review", "half is not more than half"
