"""What ``/metrics`` says: the counters of the workers, and how the record, the lists and the queue stand now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from service import __version__
from service.errors import HirescreenError
from service.lists.status import age_of
from service.monitoring.measures import Measures
from service.records import ListVersion
from service.store.alarms import RaisedAlarms
from service.store.database import Database
from service.store.job_counts import job_counts
from service.store.lists import Lists
from service.store.sealed_log import SealedLog
from service.witnesses.delivery import Delivery

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """Writes the metrics of one service in the Prometheus text format."""

    def __init__(
        self,
        measures: Measures,
        database: Database,
        *,
        held: Callable[[], int],
        deliveries: Callable[[], Iterable[Delivery]],
    ) -> None:
        self._measures = measures
        self._standing = CollectorRegistry()
        self._standing.register(Standing(database, held=held, deliveries=deliveries))

    def write(self) -> bytes:
        """The text. Where the database is away ``hirescreen_database_up`` is 0, and what it knows is left out."""
        return generate_latest(self._measures.registry()) + generate_latest(self._standing)


class Standing:
    """Looks at the database and the witnesses when it is asked (a collector of prometheus_client)."""

    def __init__(
        self, database: Database, *, held: Callable[[], int], deliveries: Callable[[], Iterable[Delivery]]
    ) -> None:
        self._database = database
        self._held = held
        self._deliveries = deliveries

    def describe(self) -> Iterable[Metric]:
        """Nothing: the names are known once it is asked, and registering must not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every gauge."""
        yield _one("hirescreen_info", "The version that runs.", 1, version=__version__)
        found: list[Metric] = []
        try:
            found += self._of_sealing()
            found += self._of_lists()
            found += self._of_alarms_and_jobs()
        except HirescreenError:
            found = []
        yield _one("hirescreen_database_up", "1 where the database answers.", int(bool(found)))
        yield from found
        yield from self._of_witnesses()

    def _of_sealing(self) -> list[Metric]:
        status = SealedLog(self._database).status()
        return [
            _one("hirescreen_sealed_entries", "Audit entries under a signed head.", status.sealed),
            _one("hirescreen_unsealed_entries", "Audit entries that wait for a head.", status.unsealed),
            _one("hirescreen_seal_lag_seconds", "How long the oldest of them has waited.", status.oldest_seconds),
            _one("hirescreen_sealing_stopped", "1 where nothing is signed any more.", int(status.stopped is not None)),
        ]

    def _of_lists(self) -> list[Metric]:
        now = datetime.now(UTC)
        versions = Lists(self._database).active()
        return [
            _many(
                "hirescreen_list_age_seconds",
                "Since the list that serves was last confirmed by its publisher.",
                [
                    ({"list": each.list_id}, (now - each.checked_at).total_seconds())
                    for each in versions
                    if each.checked_at
                ],
            ),
            _many(
                "hirescreen_list_entries", "Entries that serve.", [({"list": v.list_id}, v.entries) for v in versions]
            ),
            _many("hirescreen_list_status", "1 beside the status of each list.", [_status(v, now) for v in versions]),
            _one("hirescreen_lists_held", "List versions that wait for two people.", self._held()),
        ]

    def _of_alarms_and_jobs(self) -> list[Metric]:
        raised = RaisedAlarms(self._database).raised()
        return [
            _many("hirescreen_alarm_raised", "1 for each alarm that is raised.", [({"alarm": n}, 1) for n in raised]),
            _many(
                "hirescreen_jobs",
                "Jobs that wait (todo) or run (doing).",
                [({"queue": queue, "status": status}, jobs) for queue, status, jobs in job_counts(self._database)],
            ),
        ]

    def _of_witnesses(self) -> list[Metric]:
        try:
            standings = [delivery.standing() for delivery in self._deliveries()]
        except (HirescreenError, OSError):
            return []
        return [
            _many(
                "hirescreen_witness_heads_waiting",
                "Signed heads that a witness has not taken.",
                [({"witness": each.name}, each.waiting) for each in standings],
            ),
            _many(
                "hirescreen_witness_failures",
                "Attempts since a witness last took one.",
                [({"witness": each.name}, each.delivered.failures) for each in standings],
            ),
        ]


def _status(version: ListVersion, now: datetime) -> tuple[dict[str, str], float]:
    return {"list": version.list_id, "status": age_of(version, now).freshness.value}, 1


def _one(name: str, text: str, value: float, **labels: str) -> Metric:
    return _many(name, text, [(labels, value)])


def _many(name: str, text: str, samples: list[tuple[dict[str, str], float]]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=tuple(samples[0][0]) if samples else ())
    for labels, value in samples:
        family.add_metric(tuple(labels.values()), value)
    return family
