"""What gunicorn runs: ``service.wsgi:application()``, loaded once by the master and shared by its workers.

The master builds every snapshot of the lists, so that the workers share its memory; each worker then
opens its own database pool and keeps its own watch. gunicorn reads the hooks at the end from this module.
"""

from __future__ import annotations

import atexit
import os
import signal
from contextlib import suppress
from typing import Any

from flask import Flask

from service.app import Service, build_service, create_app
from service.config import Config
from service.errors import HirescreenError
from service.handover import Handover, share_all
from service.log import configure_logging
from service.matching.screen import load_tables

_services: list[Service] = []  # what the master loaded, for the workers that it forks
_handover = Handover()


def application() -> Flask:
    """Build the application in the master; it serves once a worker has opened its database."""
    configure_logging()
    config = Config.from_env()
    service, loader = build_service(config), build_service(config, forks=True)
    with loader.database:  # closed before the fork: connections and threads do not survive one
        loader.database.check_safety()
        loader.erasures().replay()  # a restored backup may hold what was erased: before the first answer
        loader.keep_rules()
        loader.snapshots.refresh()
        read_ahead(loader)
    service.snapshots.adopt(loader.snapshots)
    _services.append(service)
    app = create_app(service)
    share_all()
    return app


def rebuild() -> bool:
    """In the master: take the versions that are active now; True where the snapshot changed."""
    changed = False
    for service in _services:
        loader = build_service(service.config, forks=True)  # a pool that was closed cannot be opened again
        loader.snapshots.adopt(service.snapshots)
        with loader.database:
            changed |= loader.snapshots.refresh()
            read_ahead(loader)
        service.snapshots.adopt(loader.snapshots)
    return changed


def read_ahead(loader: Service) -> None:
    """In the master: read what a first question would read, so that the workers need not each do it."""
    with suppress(HirescreenError):  # no lists yet: the workers will say so
        load_tables(loader.snapshots.current().index)


def when_ready(_arbiter: Any) -> None:
    """gunicorn's hook in the master: build what the workers ask for, and have them replaced in order."""
    if _services:
        _handover.keep(rebuild, lambda: os.kill(os.getpid(), signal.SIGHUP))


def post_worker_init(_worker: Any) -> None:
    """gunicorn's hook in a new worker: open the pool, ask for versions activated meanwhile, and keep watch."""
    for service in _services:
        service.database.open()
        atexit.register(service.database.close)
        service.snapshots.watch(_handover)  # first: a worker that has a snapshot builds no other by itself
        service.snapshots.refresh()
        service.heartbeat.watch()
