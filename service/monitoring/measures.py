"""What is counted of the service at work: requests and decisions. No label holds an id or anything personal.

Under gunicorn each worker counts in files of its own that any of them can add up: prometheus_client does so
where PROMETHEUS_MULTIPROC_DIR names a folder when it is first imported (``hirescreen serve`` sets it).
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
NO_ROUTE = "none"  # an address that no route has


class Measures:
    """The counters of one application."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self._requests = Counter(
            "hirescreen_requests", "Requests answered.", ("method", "route", "status"), registry=self._own
        )
        self._seconds = Histogram(
            "hirescreen_request_seconds",
            "How long requests took.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self._own,
        )
        self._decisions = Counter(
            "hirescreen_decisions", "Screenings decided and recorded.", ("decision",), registry=self._own
        )

    def request(self, *, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count a request by its route's pattern."""
        self._requests.labels(method, route or NO_ROUTE, str(status)).inc()
        self._seconds.labels(method, route or NO_ROUTE).observe(seconds)

    def decision(self, outcome: str) -> None:
        """Count a decision: allow, review or deny."""
        self._decisions.labels(outcome).inc()

    def registry(self) -> CollectorRegistry:
        """What was counted by every worker of this host, ready to be written out."""
        summed = CollectorRegistry()
        if values.ValueClass is values.MutexValue:  # one process
            return self._own
        MultiProcessCollector(summed)  # type: ignore[no-untyped-call]
        return summed
