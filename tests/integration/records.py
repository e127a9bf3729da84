"""Made-up records for the tests of the store."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from service.lists.listing import AliasQuality, ListedName, Listing, ListingKind
from service.records import AuditRecord, IdempotencyClaim, ListVersion, ScreeningRecord

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def an_audit_record(text: str = "decision") -> AuditRecord:
    entry_id = uuid4()
    leaf = json.dumps({"id": str(entry_id), "type": text}).encode()
    return AuditRecord(entry_id=entry_id, leaf=leaf, disclosures=("WyJzYWx0IiwgIm5hbWUiXQ",))


def a_screening(*, answer: bytes = b'{"decision":"deny"}', actor: str = "key:1", **changes: Any) -> ScreeningRecord:
    values: dict[str, Any] = {
        "id": uuid4(),
        "tenant": "default",
        "actor": actor,
        "reference": "REQ-1",
        "decision": "deny",
        "stage": "offer_accepted",
        "as_of": "2026-11-23",
        "decided_at": NOW,
        "clauses": ("UN-2375-17", "UN-2397-8"),
        "lists": ("un_sc:3",),
        "request": b'{"worker":{"name":"Kim Yong Chol"}}',
        "answer": answer,
        "audit": an_audit_record(),
    }
    return ScreeningRecord(**values | changes)


def a_claim(key: str = "k-1", body: bytes = b"{}") -> IdempotencyClaim:
    return IdempotencyClaim(key=key, fingerprint=hashlib.sha256(body).hexdigest())


def a_listing(key: str, name: str = "ZENKO", **changes: Any) -> Listing:
    values: dict[str, Any] = {
        "list_id": "own",
        "key": key,
        "reference": f"R-{key}",
        "kind": ListingKind.ORGANISATION,
        "names": (ListedName(text=name, quality=AliasQuality.PRIMARY),),
        "programmes": ("DPRK",),
        "record": {"uid": key, "line": f"{key};{name}"},
    }
    return Listing(**values | changes)


def a_version(**changes: Any) -> ListVersion:
    values: dict[str, Any] = {"list_id": "own", "version": 0, "sha256": "ab" * 32, "entries": 0}
    return ListVersion(**values | changes)
