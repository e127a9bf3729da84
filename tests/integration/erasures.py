"""People, their keys, and requests full of canaries, for the tests of erasure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg

from service.api_keys import fingerprint, generate_key
from service.records import Account, Actor
from tests.integration.conftest import Api

GERMAN = {"jurisdictions": ["DE"], "work": {"country": "DE", "employer_country": "DE"}}
AMERICAN = {"jurisdictions": ["US"], "work": {"country": "DE"}}


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a key of their own."""

    account: UUID
    key: str

    @property
    def actor(self) -> Actor:
        return Actor(kind="account", id=str(self.account), name="account", roles=frozenset({"admin"}))


def a_person(api: Api, username: str, role: str = "admin") -> Person:
    account = api.service.accounts.create(username=username, role=role, password_hash="x")
    assert isinstance(account, Account)
    key = generate_key()
    api.service.keys.create(
        name=f"key of {username}", role=role, key_hash=fingerprint(key), last4=key[-4:], account_id=account.id
    )
    return Person(account.id, key)


def canary() -> str:
    """A text that stands nowhere else and survives folding: letters only."""
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:14])


def full_request(**changes: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A request with a canary in every field that may hold something about a person; the canaries by field."""
    seen: dict[str, str] = {}

    def put(field: str) -> str:
        seen[field] = canary()
        return seen[field]

    def person(path: str) -> dict[str, Any]:
        return {
            "name": f"{put(path + '.name')} Kim",
            "other_names": [put(path + ".other_names")],
            "kind": "person",
            "date_of_birth": "1907-02-03",
            "nationalities": ["DE"],
        }

    body: dict[str, Any] = {
        **GERMAN,
        "reference": put("reference"),
        "worker": {
            "name": f"Kim {put('worker.name')}",
            "given_names": put("worker.given_names"),
            "family_name": put("worker.family_name"),
            "other_names": [put("worker.other_names"), f"김{put('worker.other_names.korean')}"],
            "date_of_birth": "1907-01-09",
            "nationalities": [{"country": "PRK", "evidence": "passport"}],
            "protection": {"status": "refugee", "country": "DE", "evidence": "status_document"},
            "right_to_work": {"country": "DE", "evidence": "status_document"},
            "documents": [{"kind": "passport", "number": put("worker.documents.number"), "issuing_country": "PRK"}],
            "gender": put("worker.gender"),
        },
        "contract": {
            "finalised_on": "1987-06-05",
            "occupation": put("contract.occupation"),
            "training_field": put("contract.training_field"),
        },
        "counterparties": [
            {
                "role": "legal_employer",
                "name": put("counterparties.name"),
                "other_names": [put("counterparties.other_names")],
                "country": "DE",
                "identifiers": {
                    "registration_number": put("counterparties.registration_number"),
                    "crypto_addresses": [put("counterparties.crypto_address")],
                },
                "owners": [{**person("owners"), "share_percent": 60, "country": "DE"}],
                "directors": [
                    {k: v for k, v in person("directors").items() if k != "kind"},
                ],
            }
        ],
        "exemptions": [
            {
                "clause": "UN-2375-17",
                "kind": "committee_approval",
                "reference": put("exemptions.reference"),
                "evidence": "claimed",
            }
        ],
        "indicators": ["proxy_interview"],  # so that people have to settle it
        **changes,
    }
    return body, {**seen, "date_of_birth": "1907-01-09", "finalised_on": "1987-06-05", "owner_birth": "1907-02-03"}


def every_cell(url: str) -> list[tuple[str, str, str]]:
    """Every value of every table as text: (table, column, text)."""
    found: list[tuple[str, str, str]] = []
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select table_name, array_agg(column_name::text), array_agg(data_type::text)"
            " from information_schema.columns join information_schema.tables using (table_schema, table_name)"
            " where table_schema = 'public' and table_type = 'BASE TABLE' group by table_name"
        ).fetchall()
        for table, columns, kinds in tables:
            wanted = (
                f'"{c}"' if k in ("bytea", "ARRAY") else f'"{c}"::text' for c, k in zip(columns, kinds, strict=True)
            )
            for row in connection.execute(f'select {", ".join(wanted)} from "{table}"'):  # type: ignore[arg-type]
                found += [(table, name, readable(value)) for name, value in zip(columns, row, strict=True)]
    return found


def readable(value: Any) -> str:
    """A value as somebody would read it who looks for a name: bytes as text, disclosures decoded."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, list):
        return "\n".join(readable(each) + "\n" + opened(each) for each in value)
    return str(value)


def opened(disclosure: Any) -> str:
    """What a disclosure discloses; empty for any other text."""
    if not isinstance(disclosure, str):
        return ""
    try:
        return base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)).decode()
    except ValueError:
        return ""


def found_in(url: str, canaries: dict[str, str]) -> set[tuple[str, str, str]]:
    """Where canaries stand in the database: (canary's field, table, column)."""
    cells = every_cell(url)
    return {
        (field, table, column)
        for field, text in canaries.items()
        for table, column, cell in cells
        if text.lower() in cell.lower()
    }
