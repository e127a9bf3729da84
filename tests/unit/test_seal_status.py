"""What readiness says of the sealing: late beyond a minute, not ready beyond five, and never silent about a stop."""

from __future__ import annotations

import pytest

from service.audit.sealed import SealStatus


@pytest.mark.parametrize(
    ("waiting", "oldest", "ready", "said"),
    [
        (0, 0.0, True, "7 entries sealed, 0 waiting"),
        (2, 3.2, True, "7 entries sealed, 2 waiting, the oldest for 3 s"),
        (2, 60.0, True, "7 entries sealed, 2 waiting, the oldest for 60 s"),
        (2, 61.0, True, "7 entries sealed, 2 waiting, the oldest for 61 s: sealing is late"),
        (2, 300.0, True, "7 entries sealed, 2 waiting, the oldest for 300 s: sealing is late"),
        (2, 301.0, False, "2 entries are not sealed, the oldest for 301 s."),
    ],
)
def test_the_age_of_the_oldest_entry_that_waits_is_told(waiting: int, oldest: float, ready: bool, said: str) -> None:
    status = SealStatus(sealed=7, unsealed=waiting, oldest_seconds=oldest, stopped=None)
    assert (status.ready, str(status)) == (ready, said)


def test_a_stop_is_never_ready() -> None:
    status = SealStatus(sealed=7, unsealed=0, oldest_seconds=0.0, stopped="Leaf 3 is not what was sealed.")
    assert not status.ready
    assert "Leaf 3" in str(status)
