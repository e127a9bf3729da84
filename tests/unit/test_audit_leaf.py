"""The bytes of a leaf and of its disclosures, against published vectors and the design's own."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from service.audit.leaf import build_leaf, canonical, digest, disclosure, leaf_hash, timestamp

ENTRY = UUID("01980000-0000-7000-8000-000000000000")
AT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def test_a_disclosure_and_its_digest_are_those_of_rfc_9901() -> None:
    salt = base64.urlsafe_b64decode("_26bc4LT-ac6q2KI6cBW5es=")
    disclosed = disclosure("family_name", "Möbius", salt)
    assert disclosed == "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest(disclosed) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_a_leaf_hashes_to_the_value_of_the_design() -> None:
    leaf = {
        "_sd": ["DwqGXwWTGlufIWTkT4jA65zbsW0URn5RzA-ywVjzmeU", "K-QJN60Pg7ICGelvb0g-06tWUqo8C34WGUbpSvQkHHU"],
        "_sd_alg": "sha-256",
        "at": "2026-11-23T19:00:00.000000Z",
        "id": str(ENTRY),
        "lists": "sha256:" + "cd" * 32,
        "outcome": "review",
        "rules": "sha256:" + "ab" * 32,
        "type": "decision",
        "v": 1,
    }
    canonical = json.dumps(leaf, separators=(",", ":"), sort_keys=True).encode()
    assert leaf_hash(canonical).hex() == "b7fea18c6394f174abecc90af6b4bb80bda5e383c5b98b15c4e17973e699b717"
    fields = {name: leaf[name] for name in ("lists", "outcome", "rules")}
    record = build_leaf(entry_id=ENTRY, at=AT, kind="decision", fields=fields)
    bare = {name: value for name, value in leaf.items() if not name.startswith("_sd")}
    assert record.leaf == json.dumps(bare, separators=(",", ":"), sort_keys=True).encode()


def test_personal_values_stand_in_the_leaf_as_sorted_digests_only() -> None:
    private = [("worker.name", "Phyo Tok Bin"), ("worker.date_of_birth", "1988-04-17"), ("reference", "REQ-1")]
    record = build_leaf(entry_id=ENTRY, at=AT, kind="decision", fields={}, private=private)
    content = json.loads(record.leaf)
    assert b"Phyo" not in record.leaf
    assert b"1988" not in record.leaf
    assert content["_sd"] == sorted(digest(disclosed) for disclosed in record.disclosures)
    opened = [json.loads(base64.urlsafe_b64decode(d + "=" * (-len(d) % 4))) for d in record.disclosures]
    assert [(name, value) for _, name, value in opened] == private


def test_two_leaves_of_one_person_share_no_digest() -> None:
    one, other = (
        build_leaf(entry_id=ENTRY, at=AT, kind="decision", fields={}, private=[("worker.name", "Kim")])
        for _ in range(2)
    )
    assert json.loads(one.leaf)["_sd"] != json.loads(other.leaf)["_sd"]


def test_a_leaf_that_no_tile_can_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes"):
        build_leaf(entry_id=ENTRY, at=AT, kind="decision", fields={"reasons": ["x" * 70_000]})


def test_every_time_in_a_leaf_is_utc_with_microseconds() -> None:
    in_seoul = AT.astimezone(timezone(timedelta(hours=9)))
    assert timestamp(in_seoul) == "2026-11-23T19:00:00.000000Z"


names = st.text(st.characters(max_codepoint=0x7F), max_size=8)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))


@given(st.dictionaries(names, values, max_size=5))
def test_the_fast_canonical_form_is_the_one_of_rfc_8785(content: dict[str, object]) -> None:
    assert canonical(content) == rfc8785.dumps(content)
