"""When a list is to be asked for again: its interval with some jitter, sooner while it fails."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from service.lists.sources import ListSource
from service.records import LastAttempt

FIRST_PAUSE = timedelta(minutes=5)  # after a failure, doubled with each further one up to the interval
JITTER = 0.1  # of the pause: publishers are not to be asked by everybody at the same minute


def next_run(source: ListSource, last: LastAttempt | None, now: datetime) -> datetime:
    """When ``source`` is to be fetched again, given its last attempt; now where there was none.

    The jitter is drawn from the list and the time of the last attempt, so that every reader of the same
    attempts gets the same answer.
    """
    if last is None or last.at - now > source.interval:  # the clock was ahead then
        return now
    pause = source.interval
    if last.outcome in ("failed", "rejected"):
        doublings = min(max(last.failures, 1) - 1, 16)
        pause = min(FIRST_PAUSE * 2**doublings, source.interval)
    drawn = hashlib.sha256(f"{source.list_id} {last.at.timestamp()}".encode()).digest()
    return last.at + pause * (1 + JITTER * drawn[0] / 255)


def is_refreshable(source: ListSource, now: datetime) -> bool:
    """Whether the list has addresses and its publisher still keeps it up."""
    return bool(source.files) and not source.is_retired(now.date())
