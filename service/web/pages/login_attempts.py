"""Slows guessing of passwords: after a few failures for one name, that name has to wait, longer each time."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

FREE_FAILURES = 5
FIRST_WAIT = 30.0  # seconds; doubles with every further failure
LONGEST_WAIT = 900.0
MOST_NAMES = 10_000


class LoginAttempts:
    """Failures by user name, kept in this worker's memory, for known and unknown names alike.

    Names are held as SHA-256, so a memory dump shows no list of them. Safe to share between threads.
    """

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[bytes, tuple[int, float]] = OrderedDict()  # count, time of the last
        self._lock = Lock()

    def wait(self, username: str) -> float:
        """Seconds until this name may try again; 0 where it may now."""
        with self._lock:
            count, last = self._failures.get(_key(username), (0, 0.0))
        if count < FREE_FAILURES:
            return 0.0
        pause = min(FIRST_WAIT * float(1 << min(count - FREE_FAILURES, 16)), LONGEST_WAIT)
        return max(0.0, last + pause - self._clock())

    def failed(self, username: str) -> None:
        """Note a wrong password; failures older than the longest wait no longer count."""
        key, now = _key(username), self._clock()
        with self._lock:
            count, last = self._failures.pop(key, (0, now))
            if now - last > LONGEST_WAIT:
                count = 0
            self._failures[key] = (count + 1, now)
            if len(self._failures) > MOST_NAMES:
                self._failures.popitem(last=False)

    def succeeded(self, username: str) -> None:
        with self._lock:
            self._failures.pop(_key(username), None)


def _key(username: str) -> bytes:
    return hashlib.sha256(username.strip().casefold().encode("utf-8", "replace")).digest()
