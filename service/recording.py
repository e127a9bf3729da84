"""What is written down of a decided screening: the answer, the request, and the leaf of the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from service.audit.leaf import base64url, build_leaf, leaf_hash, new_salt, timestamp
from service.identifiers import uuid7
from service.records import Actor, AuditRecord, JsonObject, ListVersion, ScreeningRecord
from service.replay.engine import RunningEngine
from service.screening.case import Case

SORTED = orjson.OPT_SORT_KEYS


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Under whose name the record is kept: the log's owner and its origin (a URL without scheme)."""

    tenant: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """A decision about to be recorded. ``body`` is the request's JSON without what the stage forbids."""

    decision: JsonObject
    case: Case
    body: JsonObject
    actor: Actor
    versions: tuple[ListVersion, ...]
    ledger: Ledger
    at: datetime
    basis: Mapping[str, JsonObject] = field(default_factory=dict)  # by list id, for a replay
    engine: RunningEngine | None = None

    def build(self) -> ScreeningRecord:
        """The record, with identifiers of its own and the answer as the bytes that leave."""
        screening_id = uuid7(self.at)
        request = orjson.dumps(self.body, option=SORTED)
        audit = self._leaf(screening_id, request)
        return ScreeningRecord(
            id=screening_id,
            tenant=self.ledger.tenant,
            actor=self.actor.id,
            reference=self.case.request.reference,
            decision=self.decision["decision"],
            stage=self.decision["stage"],
            as_of=self.decision["as_of"],
            decided_at=self.at,
            clauses=tuple(self.decision["clauses"]),
            lists=tuple(f"{version.list_id}:{version.version}" for version in self.versions),
            request=request,
            answer=orjson.dumps(self._answer(screening_id, audit)),
            audit=audit,
        )

    def _answer(self, screening_id: UUID, audit: AuditRecord) -> JsonObject:
        return {
            "id": str(screening_id),
            **self.decision,
            "decided_at": timestamp(self.at),
            "audit": {
                "entry_id": str(audit.entry_id),
                "leaf_hash": leaf_hash(audit.leaf).hex(),
                "origin": self.ledger.origin,
            },
            "links": {
                "self": f"/v1/screenings/{screening_id}",
                "certificate": f"/screenings/{screening_id}/certificate",
                "proof": f"/v1/audit/entries/{audit.entry_id}/proof",
            },
        }

    def _leaf(self, screening_id: UUID, request: bytes) -> AuditRecord:
        """The audit entry: facts of the decision in the open, everything about people committed.

        Request and decision are committed by salted digests whose salt is a disclosure of its own: an
        unsalted digest of a person's data could be guessed, so it would still be personal data.
        """
        salt = new_salt()
        decision = self.decision
        fields: dict[str, Any] = {
            "tenant": self.ledger.tenant,
            "actor": f"{self.actor.kind}:{self.actor.id}",
            "screening": str(screening_id),
            "request_fp": salted_digest(salt, request),
            "decision_fp": salted_digest(salt, orjson.dumps(decision, option=SORTED)),
            "outcome": decision["decision"],
            "clauses": decision["clauses"],
            "scores": [match["score"] for match in decision["matches"]],
            "reasons": [
                {"clause": finding["clause"]["id"], "outcome": finding["outcome"]} for finding in decision["findings"]
            ],
            "warnings": sorted({warned["code"] for warned in decision["warnings"]}),
            "rules": decision["rulebook"],
            "policy": decision["policy"],
            "engine": {**decision["engine"], **(self.engine.named if self.engine else {})},
            "lists": [{**_list_of_leaf(v), **self.basis.get(v.list_id, {})} for v in self.versions],
        }
        return build_leaf(
            entry_id=uuid7(self.at), at=self.at, kind="decision", fields=fields, private=self._private(salt)
        )

    def _private(self, salt: bytes) -> list[tuple[str, Any]]:
        worker = self.case.request.worker
        return [
            ("digest_salt", base64url(salt)),
            ("worker.name", worker.name),
            ("worker.date_of_birth", str(worker.date_of_birth) if worker.date_of_birth else None),
            ("worker.nationalities", [nationality.country.stated for nationality in worker.nationalities]),
            ("reference", self.case.request.reference),
        ]


def _list_of_leaf(version: ListVersion) -> JsonObject:
    return {
        "name": version.list_id,
        "version": version.version,
        "published": version.published_on.isoformat() if version.published_on else None,
        "checked": timestamp(version.checked_at) if version.checked_at else None,
        "sha256": version.sha256,
        "records": version.entries,
    }


def salted_digest(salt: bytes, content: bytes) -> str:
    """Base64url SHA-256 over the salt and the content."""
    return base64url(hashlib.sha256(salt + content).digest())
