"""What the sealer needs from the database and gives to those who publish heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from service.audit.checkpoint import SignedHead
from service.audit.merkle import Node
from service.audit.sealed import SealedHead, SealedLeaf
from service.audit.tiles import FullTile
from service.records import AuditRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class SealerState:
    """The current log, None before the first; leaves in its tree and under its newest stored head."""

    log: int | None
    origin: str | None
    previous: int | None
    size: int
    signed_size: int
    mark: int
    stopped: str | None
    sweep_due: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry about to be numbered: its number in the store and its bytes."""

    entry: int
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Picked:
    """A batch, the mark after it, and whether it took everything that was there."""

    candidates: tuple[Candidate, ...]
    mark: int
    finished: bool


class Tree(Protocol):
    """A tree as it is stored."""

    size: int

    def tile(self, level: int, number: int, /) -> bytes: ...
    def full_tile(self, level: int, number: int, /) -> tuple[bytes, bytes]: ...
    def nodes(self) -> Node: ...
    def hashes(self, start: int, stop: int, /) -> bytes: ...
    def leaves(self, start: int, stop: int, /) -> Iterator[SealedLeaf]: ...


class SealStore(Protocol):
    """The database as the sealer sees it; service.store.sealing.SealingStore says what each method does."""

    def acquire(self) -> bool: ...
    def attach(self) -> None: ...
    def close(self) -> None: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def reading(self) -> AbstractContextManager[None]: ...
    def state(self) -> SealerState: ...
    def pick(self, state: SealerState, /, *, mark: int, sweep: bool, most: int) -> Picked: ...
    def pick_carried(self, state: SealerState, /, *, most: int) -> tuple[Candidate, ...]: ...
    def add_leaves(self, log: int, first: int, leaves: Sequence[tuple[int, bytes]], /) -> None: ...
    def add_tiles(self, log: int, tiles: Sequence[FullTile], /) -> None: ...
    def set_mark(self, mark: int, /, *, swept: bool) -> None: ...
    def tree(self, log: int, size: int, /) -> Tree: ...
    def last_head(self, log: int, /) -> SealedHead | None: ...
    def heads(self, log: int, /) -> Iterator[SealedHead]: ...
    def add_head(self, log: int, head: SignedHead, /) -> None: ...
    def start_log(self, origin: str, previous: int | None, opening: AuditRecord, /) -> tuple[int, int]: ...
    def append(self, record: AuditRecord, /) -> int: ...
    def stop(self, reason: str, alarm: AuditRecord, /) -> None: ...
    def resume(self) -> None: ...


class HeadPublisher(Protocol):
    """Where signed heads go: a folder, a webhook, a timestamp authority.

    Called after every round with the newest head, so it must know what it has sent. An OSError or a
    HirescreenError is logged and the next round tries again; sealing goes on.
    """

    def publish(self, head: SignedHead, tree: Tree, /) -> None: ...
