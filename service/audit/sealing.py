"""The sealer: numbers committed entries, extends the tree, reads it again, and only then signs its head.

The order makes it safe to be killed anywhere. Leaves are committed before anything is signed; a head is on
disk outside the database before anybody else sees it; and a head is signed only if it continues the last
one there. A mismatch stops signing until a whole check finds nothing wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import takewhile

import structlog

from service.audit.checking import (
    check_continues,
    check_everything,
    check_heads,
    check_rest,
    check_tile,
    checked_leaves,
    follow_hashes,
)
from service.audit.checkpoint import Checkpoint, SignedHead
from service.audit.events import EventWriter
from service.audit.heads import HeadsFile
from service.audit.leaf import leaf_hash
from service.audit.merkle import GrowingTree, root_from
from service.audit.sealing_ports import Candidate, HeadPublisher, SealerState, SealStore, Tree
from service.audit.signing import KeyRing, sign_checkpoint, verify_note
from service.audit.tiles import WIDTH, new_tiles
from service.errors import ConfigError, HirescreenError, ProofError, SealingStoppedError

BATCH = 4096  # entries in one transaction
TILES_A_ROUND = 16  # older tiles read again in each round, so that in time every one is


class Step(StrEnum):
    """What a round has just done."""

    LOCKED = "locked"
    PICKED = "picked"
    WRITTEN = "written"
    COMMITTED = "committed"
    READ_AGAIN = "read again"
    PROVEN = "proven"
    SIGNED = "signed"  # the head is in the file of heads
    STORED = "stored"
    PUBLISHED = "published"


def _nothing(_step: Step) -> None:
    """What is done after a step: nothing."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a round did: entries added, the size of the tree, and whether more are waiting."""

    added: int
    size: int
    more: bool


class Sealer:
    """Seals one log. ``after_step`` is called after each step of a round; tests end the process there."""

    def __init__(
        self,
        store: SealStore,
        *,
        heads: HeadsFile,
        keys: KeyRing,
        events: EventWriter,
        publishers: Sequence[HeadPublisher] = (),
        after_step: Callable[[Step], None] = _nothing,
        batch: int = BATCH,
    ) -> None:
        self._store = store
        self._heads = heads
        self._keys = keys
        self._events = events
        self._publishers = publishers
        self._after = after_step
        self._batch = batch
        self._forget()

    def _forget(self) -> None:
        self._grown = GrowingTree()  # over leaves as read again: the second way to the root
        self._log: int | None = None
        self._next_tile = 0
        self._sweeping = False

    def close(self) -> None:
        """Let another sealer go on."""
        self._store.close()

    def seal(self) -> Sealed | None:
        """Seal a batch of entries; None where another sealer is at work.

        Raises SealingStoppedError where the log is not what was signed (this is recorded, with an alarm
        entry), ConfigError where this host has no key or not the file of heads, and StoreUnavailableError.
        After any error the lock is given back and nothing is remembered.
        """
        try:
            if not self._store.acquire():
                return None
            return self._round()
        except SealingStoppedError as stopped:
            self._record_stop(str(stopped))
            raise
        except BaseException:
            self._forget()
            self._store.close()
            raise

    def check(self) -> int:
        """Read the whole log and every head again; the size. Needs no lock: what is sealed meanwhile is left out.

        SealingStoppedError names the first thing that is not as it was sealed; this is recorded as well, so
        a running sealer stops too.
        """
        try:
            self._store.attach()
            last = self._heads.last()  # before the state: the tree never lags behind the file
            state = self._store.state()
            if state.log is None:
                return 0
            self._check_log(state)
            self._demand_leaves(state, last)
            self._check_whole(state.log, state.size)
        except SealingStoppedError as stopped:
            self._record_stop(str(stopped))
            raise
        return state.size

    def _round(self) -> Sealed:
        self._after(Step.LOCKED)
        state = self._prepared()
        log = state.log
        assert log is not None  # noqa: S101 - _prepared starts one
        if state.stopped is not None:
            self._check_whole(log, state.size)
            self._store.resume()
        with self._store.transaction():
            state = self._store.state()
            candidates, more = self._pick(state)
            self._after(Step.PICKED)
            if candidates:
                self._write(state, candidates)
            self._after(Step.WRITTEN)
        self._after(Step.COMMITTED)
        size = state.size + len(candidates)
        if size:
            self._sign(log, self._store.tree(log, size))
        return Sealed(len(candidates), size, more)

    def _prepared(self) -> SealerState:
        """The state of a log that this host may continue."""
        state = self._store.state()
        if state.log is None:
            self._start()
            state = self._store.state()
        self._check_log(state)
        if not self._keys.signing(datetime.now(UTC)):
            raise ConfigError(f"This host has no signing key in {self._keys.path}, so it does not seal.")
        last = self._heads.last()
        if last is None and state.signed_size:
            raise ConfigError(
                f"{self._heads.path} is missing, so this host does not seal: bring it from the host that sealed before."
            )
        self._demand_leaves(state, last)
        return state

    def _demand_leaves(self, state: SealerState, last: SignedHead | None) -> None:
        if last is not None:
            self._check_signature(last)
        signed = max(state.signed_size, last.size if last else 0)
        if signed > state.size:
            raise SealingStoppedError(
                f"The database holds {state.size} leaves, but {signed} were signed: "
                "it was restored from an older backup, or leaves were removed."
            )

    def _check_log(self, state: SealerState) -> None:
        if state.origin != self._heads.origin:
            raise ConfigError(
                f"The log of this database is {state.origin}, and HIRESCREEN_ORIGIN says {self._heads.origin}."
            )

    def _start(self) -> None:
        """Begin the first log of a database, with a key where this host has none."""
        if self._heads.last() is not None:
            raise SealingStoppedError(
                f"The database holds no log, but heads of {self._heads.origin} were signed: "
                "it was emptied or replaced by an older one."
            )
        key = (self._keys.all() or (self._keys.generate(),))[-1]
        vkey = str(key.verifier(self._heads.origin))
        with self._store.transaction():
            self._store.start_log(self._heads.origin, None, self._events("key", {"change": "generated", "vkey": vkey}))

    def _pick(self, state: SealerState) -> tuple[Sequence[Candidate], bool]:
        """The next entries to number, and whether there may be more. Moves the mark."""
        if state.previous is not None:
            carried = self._store.pick_carried(state, most=self._batch)
            if carried:
                return carried, True
        sweep = state.sweep_due
        mark = 0 if sweep and not self._sweeping else state.mark
        picked = self._store.pick(state, mark=mark, sweep=sweep, most=self._batch)
        self._sweeping = sweep and not picked.finished
        if picked.candidates or picked.mark > state.mark + 1000 or sweep:
            # an idle log is not written to
            self._store.set_mark(picked.mark, swept=sweep and picked.finished)
        return picked.candidates, not picked.finished

    def _write(self, state: SealerState, candidates: Sequence[Candidate]) -> None:
        assert state.log is not None  # noqa: S101 - the caller has one
        hashes = [leaf_hash(candidate.leaf) for candidate in candidates]
        numbered = [(candidate.entry, each) for candidate, each in zip(candidates, hashes, strict=True)]
        self._store.add_leaves(state.log, state.size, numbered)
        tiles = new_tiles(self._store.tree(state.log, state.size).tile, state.size, hashes)
        self._store.add_tiles(state.log, tiles)

    def _sign(self, log: int, tree: Tree) -> None:
        with self._store.reading():
            root = self._read_again(log, tree)
        self._after(Step.READ_AGAIN)
        last = self._heads.last()
        self._check_last(log, tree, root, last)
        self._after(Step.PROVEN)
        if last is not None:
            self._store.add_head(log, last)  # where we were killed before it was stored
        if last is None or last.size < tree.size:
            checkpoint = Checkpoint(self._heads.origin, tree.size, root)
            last = sign_checkpoint(checkpoint, self._keys.signing(datetime.now(UTC)))
            self._heads.append(last)
        self._after(Step.SIGNED)
        self._store.add_head(log, last)
        self._after(Step.STORED)
        for publisher in self._publishers:
            self._publish(publisher, last, tree)
        self._after(Step.PUBLISHED)

    def _publish(self, publisher: HeadPublisher, head: SignedHead, tree: Tree) -> None:
        try:
            with self._store.reading():
                publisher.publish(head, tree)
        except (OSError, HirescreenError) as failed:
            structlog.get_logger().warning("head_not_published", to=type(publisher).__name__, reason=str(failed))

    def _read_again(self, log: int, tree: Tree) -> bytes:
        """The root, found in two ways from what is committed now: over the leaves, and over the tiles."""
        if log != self._log or self._grown.size > tree.size:
            self._forget()
            self._log = log
        if self._grown.size == 0:  # a new process: older leaves by their hashes, and in time by their bytes
            head = self._heads.last()
            follow_hashes(tree, self._grown, head.size if head else 0)
        for leaf in checked_leaves(tree, self._grown.size, tree.size):
            self._grown.append(leaf.hash)
        root = root_from(tree.nodes(), tree.size)
        if root != self._grown.root():
            raise SealingStoppedError("The tiles and the leaves have two different roots.")
        self._read_older(tree)
        return root

    def _read_older(self, tree: Tree) -> None:
        full = tree.size // WIDTH
        for number in range(self._next_tile, min(self._next_tile + TILES_A_ROUND, full)):
            check_tile(tree, number)
        self._next_tile = self._next_tile + TILES_A_ROUND if self._next_tile + TILES_A_ROUND < full else 0
        check_rest(tree)

    def _check_last(self, log: int, tree: Tree, root: bytes, last: SignedHead | None) -> None:
        """The tree must continue the head in the file, and the newest one in the database."""
        if last is not None:
            self._check_signature(last)
            with self._store.reading():
                check_continues(tree, size=last.size, root=last.root, now=root, where=self._heads.path.name)
        known = self._store.last_head(log)
        if known is not None:
            with self._store.reading():
                check_continues(tree, size=known.size, root=known.root, now=root, where="database")

    def _check_signature(self, head: SignedHead) -> None:
        try:
            verify_note(head.note, self._keys.verifiers(self._heads.origin))
        except ProofError as wrong:
            raise SealingStoppedError(
                f"The head of size {head.size} in {self._heads.path.name} is not signed by a key of this host."
            ) from wrong

    def _check_whole(self, log: int, size: int) -> None:
        tree = self._store.tree(log, size)
        with self._store.reading():
            check_everything(tree)
            check_heads(tree, self._signed_heads(size), self._heads.path.name)
            stored = ((head.size, head.root) for head in self._store.heads(log))
            check_heads(tree, takewhile(lambda head: head[0] <= size, stored), "database")

    def _signed_heads(self, size: int) -> Iterator[tuple[int, bytes]]:
        for head in self._heads.all():
            if head.size > size:  # signed since
                return
            self._check_signature(head)
            yield head.size, head.root

    def _record_stop(self, reason: str) -> None:
        self._forget()
        try:
            self._store.stop(reason, self._events("alarm", {"alarm": "sealing_stopped"}))
        finally:
            self._store.close()
