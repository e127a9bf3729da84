"""A recorded screening as it is read back: the columns, the leaf, and the personal data while it is there."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson

from service.audit.proof import EntryProof
from service.errors import ProofError
from service.recording import salted_digest
from service.records import JsonObject


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedScreening:
    """``request`` and ``answer`` are None, and ``disclosures`` empty, once they were erased."""

    id: UUID
    decided_at: datetime
    decision: str
    entry_id: UUID
    leaf: bytes
    request: bytes | None
    answer: bytes | None
    disclosures: tuple[str, ...]

    @property
    def entry(self) -> JsonObject:
        """What the leaf says."""
        content: JsonObject = orjson.loads(self.leaf)
        return content

    @property
    def opened(self) -> dict[str, Any]:
        """The disclosed values by name."""
        found = (json.loads(base64.urlsafe_b64decode(each + "=" * (-len(each) % 4))) for each in self.disclosures)
        return {name: value for _, name, value in found}

    def is_as_committed(self, part: str, content: bytes) -> bool | None:
        """Whether ``content`` is the ``request`` or ``decision`` that the leaf commits to.

        None where that cannot be told any more, because the salt was erased.
        """
        salt = self.opened.get("digest_salt")
        if salt is None:
            return None
        return salted_digest(base64.urlsafe_b64decode(salt + "=="), content) == self.entry.get(f"{part}_fp")


class RecordSource(Protocol):
    """Where recorded screenings are read. StoreUnavailableError where the database is away."""

    def get(self, screening_id: UUID, /) -> RecordedScreening | None:
        """One screening; None where there is none of that id."""


class ProofSource(Protocol):
    """Gives proofs of entries. StoreUnavailableError where the database is away."""

    def proof(self, entry_id: UUID, /) -> EntryProof | None:
        """The proof of an entry; None while it is not sealed."""


def stands_in(proof: EntryProof, leaf: bytes) -> bool:
    """Whether the sealed log holds these very bytes where the proof says."""
    try:
        proof.verify(leaf)
    except ProofError:
        return False
    return True


def answer_of(record: RecordedScreening) -> Mapping[str, Any] | None:
    """The answer as it was given; None once it was erased."""
    return None if record.answer is None else orjson.loads(record.answer)
