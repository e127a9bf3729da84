"""A service for the length of one command: the configured database, or the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from service.app import Service, build_service
from service.audit.events import EventWriter
from service.config import Config, Mode
from service.records import Actor
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate

demo_option = click.option("--demo", is_flag=True, help="Decide on starter or old lists too; every answer says so.")
COMMAND_LINE = Actor(kind="cli", id="local", name="command line")


@contextmanager
def database_of(config: Config) -> Iterator[Config]:
    """The configuration with a database that runs: the one configured, else the embedded one."""
    if config.database_url is not None:
        yield config
        return
    with EmbeddedPostgres(config.home) as postgres:
        yield replace(config, database_url=postgres.url)


def in_mode(config: Config, *, demo: bool) -> Config:
    """The configuration, in demo mode where the command's option says so."""
    return replace(config, mode=Mode.DEMO) if demo else config


@contextmanager
def running_service(config: Config, *, replay: bool = True) -> Iterator[Service]:
    """An opened service on a migrated database; closed at the end.

    A restored backup may hold what was erased: with ``replay`` it is erased again before anything is read.
    """
    with database_of(config) as ready:
        assert ready.database_url is not None  # noqa: S101 - database_of gives one
        migrate(ready.database_url)
        service = build_service(ready)
        service.database.open()
        try:
            service.database.check_safety()
            if replay:
                service.erasures().replay()
            yield service
        finally:
            service.database.close()


def event_writer(config: Config) -> EventWriter:
    """Writes audit entries in the name of the command line."""
    return EventWriter(config.tenant, COMMAND_LINE)
