"""Audit entries of what is no decision: list loads, keys, accounts, exports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.audit.leaf import build_leaf
from service.identifiers import uuid7
from service.records import Actor, AuditRecord


@dataclass(frozen=True, slots=True)
class EventWriter:
    """Makes audit records under the log's owner and in the name of one actor."""

    tenant: str
    actor: Actor

    def __call__(self, kind: str, fields: Mapping[str, Any], private: Iterable[tuple[str, Any]] = ()) -> AuditRecord:
        """An audit record of ``kind`` (``list_load``, ``list_reject``, ``key``, ``export``, …).

        ``private`` (name, value) is committed to, and can be erased.
        """
        now = datetime.now(UTC)
        named = {"tenant": self.tenant, "actor": f"{self.actor.kind}:{self.actor.id}", **fields}
        return build_leaf(entry_id=uuid7(now), at=now, kind=kind, fields=named, private=private)
