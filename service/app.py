"""The composition root: puts store, desk and web together from one configuration."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from service import __version__, rulebook
from service.approval import Approvals
from service.audit.events import EventWriter
from service.canaries import Heartbeat, search
from service.circumstances import Policy
from service.config import Config, Mode
from service.desk import Desk
from service.errors import ConfigError
from service.history import ListHistory
from service.reception import Reception
from service.recording import Ledger
from service.records import Actor
from service.refresh import ListRefresh
from service.snapshot import Snapshots
from service.store.accounts import Accounts
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.intake import Intake
from service.store.keys import Keys
from service.store.list_versions import ListVersions
from service.store.lists import Lists
from service.store.screenings import Screenings
from service.store.sealed_log import SealedLog
from service.store.sessions import Sessions
from service.web.factory import build_web
from service.web.services import WebServices

SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """Everything that one process works with. ``database`` is closed until ``open`` is called on it."""

    config: Config
    database: Database
    lists: Lists
    keys: Keys
    accounts: Accounts
    sessions: Sessions
    audit: AuditLog
    intake: Intake
    snapshots: Snapshots
    heartbeat: Heartbeat
    desk: Desk

    def refresh_as(self, actor: Actor, *, trigger: str = "command") -> ListRefresh:
        """The ways in for lists, recording in the name of ``actor``."""
        return ListRefresh(
            lists=self.lists,
            intake=self.intake,
            audit_log=self.audit,
            audit_event=EventWriter(self.config.tenant, actor),
            find=search,
            clock=now,
            proposer=f"{actor.kind}:{actor.id}",
            trigger=trigger,
        )

    def history_as(self, actor: Actor) -> ListHistory:
        """The way in for past issues of lists, recording in the name of ``actor``."""
        event = EventWriter(self.config.tenant, actor)
        reception = Reception(
            lists=self.lists,
            intake=self.intake,
            audit_event=event,
            find=search,
            clock=now,
            proposer=f"{actor.kind}:{actor.id}",
        )
        return ListHistory(
            lists=self.lists, lock=self.intake, audit_log=self.audit, audit_event=event, reception=reception
        )

    def approvals(self) -> Approvals:
        """Settles versions that are held."""
        return Approvals(
            lists=self.lists,
            intake=self.intake,
            audit_event=lambda kind, fields, actor: EventWriter(self.config.tenant, actor)(kind, fields),
            find=search,
            clock=now,
        )


def now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def build_service(config: Config) -> Service:
    """Put the parts together; nothing is opened or started yet. ConfigError without a database."""
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set, and no embedded database was started.")
    demo = config.mode is Mode.DEMO
    database = Database(config.database_url, max_size=config.database_pool)
    lists, intake = Lists(database), Intake(database)
    snapshots = Snapshots(lists, required=config.required_lists, demo=demo)
    heartbeat = Heartbeat(snapshots, intake)
    desk = Desk(
        screenings=Screenings(database),
        snapshots=snapshots,
        database=database,
        rules=rulebook.current(),
        policy=Policy(demo=demo, required_lists=config.required_lists),
        ledger=Ledger(tenant=config.tenant, origin=config.origin),
        seal=SealedLog(database),
        attempts=intake,
        watch=heartbeat,
        refreshes=config.refreshes,
    )
    return Service(
        config=config,
        database=database,
        lists=lists,
        keys=Keys(database),
        accounts=Accounts(database),
        sessions=Sessions(database),
        audit=AuditLog(database),
        intake=intake,
        snapshots=snapshots,
        heartbeat=heartbeat,
        desk=desk,
    )


def create_app(service: Service) -> Flask:
    """The web application over an opened service."""
    config = service.config
    public_url = config.public_url
    return build_web(
        WebServices(
            desk=service.desk,
            keys=service.keys,
            accounts=service.accounts,
            sessions=service.sessions,
            list_versions=ListVersions(service.database),
            secret_key=secret_key(config),
            secure_cookies=bool(public_url and public_url.startswith("https://")),
            demo=config.mode is Mode.DEMO,
            version=__version__,
            public_url=public_url,
        )
    )


def secret_key(config: Config) -> bytes:
    """The key that signs form tokens: as configured, else one kept in the home folder (mode 0600)."""
    if config.secret_key is not None:
        return config.secret_key.encode()
    path = config.home / "secret-key"
    try:
        config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _kept_secret(path)
    except OSError as error:
        raise ConfigError(
            f"HIRESCREEN_HOME ({config.home}) cannot keep a secret: {error.strerror}; set HIRESCREEN_SECRET_KEY."
        ) from error


def _kept_secret(path: Path) -> bytes:
    """Read the secret, or write a new one; of several processes that write at once one wins."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip().encode()
