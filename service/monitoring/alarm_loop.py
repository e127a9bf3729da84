"""Looks for what is wrong with the record every few seconds, beside the service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import structlog

from service.audit.events import EventWriter
from service.config import Config, Mode
from service.errors import ConfigError, HirescreenError
from service.monitoring.alarms import Alarms, Observation, of_clocks, of_database, of_lists, of_sealing, of_witness
from service.monitoring.no_hits import HitWatch
from service.records import Actor
from service.rulebook.list_clauses import UN_DPRK_LISTING
from service.store.alarms import RaisedAlarms
from service.store.database import Database
from service.store.list_hits import ListHits
from service.store.lists import Lists
from service.store.sealed_log import SealedLog
from service.witnesses.configured import WITNESSES, build_deliveries
from service.witnesses.journal import Journal

WATCH = Actor(kind="system", id="watch", name="watch")
LOOK_SECONDS = 10.0


class Watch:
    """What is looked at, of one configuration, over a database of the caller."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config = config
        self._database = database
        self._lists = Lists(database)
        self._log = SealedLog(database)
        self._deliveries = build_deliveries(config)
        hits = ListHits(database, dprk_clause=UN_DPRK_LISTING.id)
        self._hits = HitWatch(config.required_lists, hits, lambda: datetime.now(UTC))
        self._alarms = Alarms(RaisedAlarms(database), EventWriter(config.tenant, WATCH))

    def look(self) -> None:
        """Look once. StoreUnavailableError where the database is away: then nothing can be recorded."""
        self._alarms.look(tuple(self._observed()))

    def _observed(self) -> Iterator[Observation]:
        now = datetime.now(UTC)
        yield of_clocks((self._database.ping() - datetime.now(UTC)).total_seconds())
        yield of_database(self._database.check_safety)
        yield of_sealing(self._log.status())
        if self._config.mode is not Mode.DEMO:  # a demo decides on old lists, and says so in every answer
            yield from of_lists(self._config.required_lists, self._lists.active(), now)
        yield from self._hits.observed()
        configured = {delivery.witness.name for delivery in self._deliveries}
        for name in WITNESSES:
            if name not in configured and Journal(self._config.audit_folder, self._config.origin, name).path.exists():
                yield of_witness(name, 0.0)  # it was taken out of the settings
        for delivery in self._deliveries:
            standing = delivery.standing()
            state = standing.delivered
            sent = state.failures > 0 or state.size is not None
            yield of_witness(standing.name, state.failing_seconds(now) if sent else None, standing.waiting)


class WatchThread:
    """Looks every few seconds for the length of a block; what goes wrong is logged once, and tried again."""

    def __init__(self, config: Config) -> None:
        if config.database_url is None:
            raise ConfigError("DATABASE_URL is not set, and no embedded database was started.")
        self._database = Database(config.database_url, max_size=2)
        self._watch = Watch(config, self._database)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        said, opened = "", False
        try:
            while not self._stop.wait(LOOK_SECONDS):
                try:
                    if not opened:
                        self._database.open()
                        opened = True
                    self._watch.look()
                    said = ""
                except (HirescreenError, OSError) as failed:
                    if str(failed) != said:  # once, not at every turn
                        said = str(failed)
                        structlog.get_logger().warning("not_watched", reason=said)
                except Exception as broken:
                    structlog.get_logger().exception("watch_failed", kind=type(broken).__name__)
        finally:
            self._database.close()
