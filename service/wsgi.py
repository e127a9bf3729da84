"""What gunicorn loads in each worker: ``service.wsgi:application``."""

from __future__ import annotations

import atexit

from flask import Flask

from service.app import build_service, create_app
from service.config import Config
from service.log import configure_logging


def application() -> Flask:
    """Build the application of this worker: its own database pool and its own watch over the lists."""
    configure_logging()
    service = build_service(Config.from_env())
    service.database.open()
    service.database.check_safety()
    service.snapshots.refresh()
    service.snapshots.watch()
    atexit.register(service.database.close)
    return create_app(service)
