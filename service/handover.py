"""How the workers of a host come to share a new snapshot: their master builds it once and forks successors.

Memory is shared only with what a process had when it forked. So a worker that finds a list changed does not
build an index of its own; it asks, through a few bytes that all of them see. The master builds the snapshot
beside the old one, adopts it, and has its workers replaced in order: new ones are forked, the old ones end
the requests that they hold. Where the master does not answer, a worker helps itself.
"""

from __future__ import annotations

import gc
import mmap
import struct
import threading
from collections.abc import Callable
from time import monotonic

import structlog

PATIENCE = 10.0  # seconds that a worker waits for the master to begin
LONGEST_END = 60.0  # seconds that it waits to be replaced once the master has built
LONGEST_BUILD = 300.0  # seconds after which a build of the master is given up for lost
LOOK_SECONDS = 0.5

_CLOCK = struct.Struct("=d")  # seconds of the monotonic clock, which the processes of a host share; 0 is never
_ASKED, _BUILDING, _BUILT = 0, _CLOCK.size, 2 * _CLOCK.size
log = structlog.get_logger()


class Handover:
    """Made in the master before it forks; used on both sides."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._shared = mmap.mmap(-1, 3 * _CLOCK.size)
        self._clock = clock
        self._waiting_since: float | None = None
        self._stopped = threading.Event()

    def awaited(self) -> bool:
        """Ask the master for a new snapshot; False where the asking worker had better build one itself."""
        now = self._clock()
        if self._waiting_since is None:
            self._waiting_since = now
        built = self._read(_BUILT)
        if self._waiting_since <= built and now - built < LONGEST_END:
            return True  # a successor is forked with what this one asked for
        building = self._read(_BUILDING)
        if building and now - building < LONGEST_BUILD:
            return True
        self._write(_ASKED, now)
        return now - self._waiting_since < PATIENCE

    def settled(self) -> None:
        """The worker has what it asked for."""
        self._waiting_since = None

    def answer(self, build: Callable[[], bool], replace_workers: Callable[[], None]) -> bool:
        """In the master: where somebody asked, ``build``; where that gave a new snapshot, ``replace_workers``."""
        if not self._read(_ASKED):
            return False
        self._write(_BUILDING, self._clock())
        self._write(_ASKED, 0.0)
        try:
            changed = build()
            if changed:
                share_all()
                self._write(_BUILT, self._clock())
                replace_workers()
        finally:
            self._write(_BUILDING, 0.0)
        return changed

    def keep(self, build: Callable[[], bool], replace_workers: Callable[[], None]) -> None:
        """In the master: go on answering, in a thread of its own, until ``stop``."""
        threading.Thread(target=self._keep, args=(build, replace_workers), name="handover", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _keep(self, build: Callable[[], bool], replace_workers: Callable[[], None]) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.answer(build, replace_workers)
            except Exception as error:  # the thread must live; the message may quote data, so only its type is told
                log.warning("handover_failed", error=type(error).__name__)

    def _read(self, place: int) -> float:
        seconds: float = _CLOCK.unpack_from(self._shared, place)[0]
        return seconds

    def _write(self, place: int, seconds: float) -> None:
        _CLOCK.pack_into(self._shared, place, seconds)


def share_all() -> None:
    """Drop what is dead; what lives is shared from now on, and the collector must not touch, and so copy, it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
