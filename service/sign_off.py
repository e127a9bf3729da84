"""Who has signed a decision: what a certificate needs to know of the people who decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """One person's word: the account's name, what was decided, and when."""

    signer: str
    outcome: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SignOff:
    """The signatures on one decision, in their order; ``final`` once as many have signed as must."""

    signatures: Sequence[Signature] = ()
    final: bool = False


class SignOffs(Protocol):
    """Where signatures are kept. StoreUnavailableError where the database is away."""

    def of(self, screening_id: UUID, /) -> SignOff:
        """The signatures on one decision."""
