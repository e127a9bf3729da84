"""Takes signed heads to the witnesses, each in a thread of its own, so that none holds up the sealing.

The file of heads is the queue: what a witness has not taken yet is read from there, also after a restart.
A head counts as delivered once the witness took it and what it answered is stored, so one may come twice.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog

from service.audit.checkpoint import SignedHead
from service.audit.heads import HeadsFile
from service.audit.sealing_ports import Tree
from service.audit.witness import Evidence
from service.errors import HirescreenError, WitnessError
from service.witnesses.journal import Delivered, Journal

FIRST_PAUSE = 5.0  # seconds after a failure, doubled up to the longest
LONGEST_PAUSE = 900.0
JITTER = 0.2
LOOK_SECONDS = 60.0  # how often a thread looks by itself

Keep = Callable[[str, Evidence], None]  # (origin, what a witness gave)


class Witness(Protocol):
    """Somebody who is told of heads: of each, or of the newest one every so many seconds."""

    name: str
    every_seconds: float | None

    @property
    def place(self) -> str:
        """Where it is, without secrets."""

    def deliver(self, head: SignedHead) -> Evidence | None:
        """Hand over one head; what the witness gave for it. OSError or HirescreenError where it did not take it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How a witness stands: what it took last, and how many signed heads it was not given."""

    name: str
    place: str
    delivered: Delivered
    waiting: int


class Delivery:
    """Brings one witness up to date with the file of heads."""

    def __init__(
        self,
        witness: Witness,
        heads: HeadsFile,
        journal: Journal,
        keep: Keep,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.witness = witness
        self._heads = heads
        self._journal = journal
        self._keep = keep
        self._clock = clock

    def standing(self) -> Standing:
        """What the witness has, and what waits for it."""
        state = self._journal.read()
        return Standing(
            name=self.witness.name,
            place=self.witness.place,
            delivered=state,
            waiting=len(self._heads.since(state.size or 0)),
        )

    def run(self) -> float:
        """Deliver what is due; seconds after which to look again. A failure is noted and logged, never raised."""
        try:
            for head in self._due():
                self._hand_over(head)
        except (OSError, HirescreenError) as failed:
            return self._note(str(failed))
        return min(self.witness.every_seconds or LOOK_SECONDS, LOOK_SECONDS)

    def _due(self) -> Sequence[SignedHead]:
        state, last = self._journal.read(), self._heads.last()
        if last is None:
            return ()
        if state.size is None:
            return (last,)  # a new witness begins with the newest head: that covers every earlier one
        if state.size > last.size:
            raise WitnessError(f"It was given size {state.size}, and the file of heads ends at {last.size}")
        if state.size == last.size:
            return ()
        if self.witness.every_seconds is None:
            return self._heads.since(state.size)
        stamped = datetime.fromisoformat(state.delivered_at) if state.delivered_at else None
        waited = (self._clock() - stamped).total_seconds() if stamped else self.witness.every_seconds
        return (last,) if state.failures or not 0 <= waited < self.witness.every_seconds else ()

    def _hand_over(self, head: SignedHead) -> None:
        evidence = self.witness.deliver(head)
        if evidence is not None:
            self._keep(head.checkpoint.origin, evidence)
        self._journal.delivered(head.size)

    def _note(self, reason: str) -> float:
        failures = 1
        try:
            failures = self._journal.failed(reason).failures
        except (OSError, HirescreenError) as unwritten:
            reason = f"{reason}; {unwritten}"
        structlog.get_logger().warning(
            "head_not_delivered", witness=self.witness.name, failures=failures, reason=reason
        )
        pause = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 16), LONGEST_PAUSE)
        return pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - so that not all come at once


class Witnesses:
    """All witnesses of a log, as the sealer's publisher: it wakes their threads and never waits for them.

    The threads begin with the first head that this host publishes, so one that only stands by tells nobody.
    """

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self.deliveries = tuple(deliveries)
        self._wake = [threading.Event() for _ in self.deliveries]
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._newest = 0

    def publish(self, head: SignedHead, _tree: Tree) -> None:
        """Say that there is a head."""
        if not self._threads:
            self._start()
        if head.size != self._newest:
            self._newest = head.size
            for each in self._wake:
                each.set()

    def deliver_now(self) -> None:
        """Deliver what is due, here and one after another: for a command that ends."""
        for delivery in self.deliveries:
            delivery.run()

    def close(self) -> None:
        """End the threads; what is under way may finish within a moment, and comes again otherwise."""
        self._stop.set()
        for each in self._wake:
            each.set()
        for thread in self._threads:
            thread.join(timeout=5.0)

    def _start(self) -> None:
        for delivery, wake in zip(self.deliveries, self._wake, strict=True):
            name = f"witness {delivery.witness.name}"
            thread = threading.Thread(target=self._work, args=(delivery, wake), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _work(self, delivery: Delivery, wake: threading.Event) -> None:
        pause_until_woken = True
        while not self._stop.is_set():
            wake.clear()
            try:
                pause = delivery.run()
                pause_until_woken = delivery.standing().delivered.failures == 0
            except Exception as broken:
                structlog.get_logger().exception("witness_failed", kind=type(broken).__name__)
                pause, pause_until_woken = LONGEST_PAUSE, False
            # after a failure a new head does not shorten the pause: the witness is not there, and would be stormed
            (wake if pause_until_woken else self._stop).wait(pause)
