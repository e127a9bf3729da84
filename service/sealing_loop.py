"""Seals again and again: the sealer of a configuration, and the thread that runs it beside the service."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog

from service.audit.events import EventWriter
from service.audit.heads import HeadsFile
from service.audit.publishing import TileFolder
from service.audit.sealing import Sealer
from service.audit.sealing_ports import HeadPublisher
from service.audit.signing import KeyRing
from service.config import Config
from service.errors import ConfigError, HirescreenError, SealingStoppedError
from service.records import Actor
from service.store.sealing import SealingStore
from service.witnesses.configured import build_witnesses

SEALER = Actor(kind="system", id="sealer", name="sealer")
STOPPED_SECONDS = 60.0  # from one whole check of a stopped log to the next
KEYS_FILE = "signing-keys.json"


def key_ring(config: Config) -> KeyRing:
    """The signing keys of this host."""
    return KeyRing(config.audit_folder / KEYS_FILE)


def build_sealer(config: Config, publishers: Sequence[HeadPublisher] = ()) -> Sealer:
    """The sealer of the configured log; it connects when it first seals. ConfigError without a database."""
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set, and no embedded database was started.")
    return Sealer(
        SealingStore(config.database_url),
        heads=HeadsFile(config.audit_folder, config.origin),
        keys=key_ring(config),
        events=EventWriter(config.tenant, SEALER),
        publishers=(TileFolder(config.tiles_folder, config.origin), *publishers),
    )


def seal_until(stop: threading.Event, sealer: Sealer, seconds: float) -> None:
    """Seal every ``seconds`` until ``stop`` is set; what goes wrong is logged, and tried again.

    A full batch is followed by the next one at once. Where another sealer is at work, this one stands by.
    """
    log, said = structlog.get_logger(), ""
    try:
        while not stop.is_set():
            wait = seconds
            try:
                sealed = sealer.seal()
                if sealed is not None and sealed.more:
                    wait = 0.0
                said = ""
            except SealingStoppedError as stopped:
                log.error("sealing_stopped", reason=str(stopped))  # noqa: TRY400 - the reason says all
                wait = STOPPED_SECONDS
            except (HirescreenError, OSError) as failed:
                if str(failed) != said:  # once, not at every turn
                    said = str(failed)
                    log.warning("not_sealed", reason=said)
            except Exception as broken:
                log.exception("sealer_failed", kind=type(broken).__name__)
            stop.wait(wait)
    finally:
        sealer.close()


class SealingThread:
    """Runs a sealer beside the service for the length of a block, and tells the witnesses of its heads.

    ConfigError where a witness is not configured as it must be.
    """

    def __init__(self, config: Config) -> None:
        self._stop = threading.Event()
        self._witnesses = build_witnesses(config)
        self._thread = threading.Thread(
            target=seal_until,
            args=(self._stop, build_sealer(config, [self._witnesses]), float(config.seal_seconds)),
            name="sealer",
            daemon=True,
        )

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(timeout=20.0)
        self._witnesses.close()
