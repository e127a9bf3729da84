"""What the store gives of the sealed log."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

ALARM_SECONDS = 60.0  # an entry that waits longer raises an alarm
READY_SECONDS = 300.0  # an entry that waits longer makes the service not ready


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedLeaf:
    """A leaf of the tree: its index, its stored hash, and the entry whose bytes it stands for."""

    index: int
    hash: bytes
    number: int
    entry_id: UUID
    leaf: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedHead:
    """A signed head as the database holds it; ``note`` is its whole text."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SealStatus:
    """How far the log is sealed: entries under a signed head, entries that wait, the oldest one's age.

    ``stopped`` says why nothing is signed any more; None while all is well.
    """

    sealed: int
    unsealed: int
    oldest_seconds: float
    stopped: str | None

    @property
    def ready(self) -> bool:
        """Whether the promise of the receipts is kept: sealing works and nothing waits for too long."""
        return self.stopped is None and self.oldest_seconds <= READY_SECONDS

    def __str__(self) -> str:
        """One line for people; it holds no personal data."""
        if self.stopped is not None:
            return f"Sealing has stopped: {self.stopped}"
        if not self.ready:
            return f"{self.unsealed} entries are not sealed, the oldest for {self.oldest_seconds:.0f} s."
        oldest = f", the oldest for {self.oldest_seconds:.0f} s" if self.unsealed else ""
        late = ": sealing is late" if self.oldest_seconds > ALARM_SECONDS else ""
        return f"{self.sealed} entries sealed, {self.unsealed} waiting{oldest}{late}"
