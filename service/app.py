"""The composition root: puts store, desk and web together from one configuration."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from service import __version__, rulebook
from service.audit.events import EventWriter
from service.audit.exporting import Exports
from service.audit.heads import HeadsFile
from service.audit.publishing import TileFolder
from service.audit.record import Record
from service.building import BuiltApart
from service.certificate import Certificates
from service.circumstances import Policy
from service.claims import ClaimMaker
from service.config import Config, Mode
from service.desk import Desk
from service.dispositions import Reviews
from service.erasure.erasures import Erasures
from service.erasure.file import ErasureFile
from service.erasure.retention import load_schedule
from service.errors import ConfigError
from service.intake.approval import Approvals
from service.intake.canaries import Heartbeat, search
from service.intake.history import ListHistory
from service.intake.reception import Reception
from service.intake.refresh import ListRefresh
from service.intake.refresh_ports import Counting, uncounted
from service.monitoring.measures import Measures
from service.monitoring.metrics import Metrics
from service.recording import Ledger
from service.records import Actor
from service.replay.engine import running_engine
from service.replay.engine_process import load
from service.replay.known_engines import KnownEngines
from service.replay.replays import Replays
from service.replay.rules_on_record import RulesOnRecord
from service.sealing_loop import key_ring
from service.snapshot import Snapshots
from service.store.accounts import Accounts
from service.store.audit import AuditLog
from service.store.audit_export import ExportStore
from service.store.database import Database
from service.store.dispositions import Dispositions
from service.store.erasures import ErasureRecords
from service.store.intake import Intake
from service.store.keys import Keys
from service.store.list_versions import ListVersions
from service.store.lists import Lists
from service.store.rules import Rules
from service.store.screening_records import ScreeningRecords
from service.store.screenings import Screenings
from service.store.sealed_log import SealedLog
from service.store.sessions import Sessions
from service.web.factory import build_web
from service.web.services import WebServices
from service.witnesses.configured import build_deliveries

SECRET_BYTES = 32
SYSTEM = Actor(kind="system", id="service", name="service")


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
    measures: Measures = field(default_factory=Measures)

    def refresh_as(self, actor: Actor, *, trigger: str = "command", counting: Counting = uncounted) -> ListRefresh:
        """The ways in for lists, recording in the name of ``actor``; ``counting`` sees the entries go by."""
        return ListRefresh(
            lists=self.lists,
            intake=self.intake,
            audit_log=self.audit,
            audit_event=EventWriter(self.config.tenant, actor),
            find=search,
            clock=now,
            proposer=f"{actor.kind}:{actor.id}",
            trigger=trigger,
            counting=counting,
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

    def metrics(self) -> Metrics:
        """What ``/metrics`` says."""
        return Metrics(
            self.measures,
            self.database,
            held=lambda: len(self.intake.held()),
            deliveries=lambda: build_deliveries(self.config),
        )

    def approvals(self) -> Approvals:
        """Settles versions that are held."""
        return Approvals(
            lists=self.lists,
            intake=self.intake,
            audit_event=lambda kind, fields, actor, private: EventWriter(self.config.tenant, actor)(
                kind, fields, private
            ),
            find=search,
            clock=now,
        )

    def keep_rules(self) -> None:
        """Keep the engine and the policy that this process decides by, and record where they are new."""
        RulesOnRecord(
            rules=Rules(self.database),
            known=self.known_engines,
            engine=running_engine(),
            rulebook=self.desk.rules,
            policy=self.desk.policy,
            event=EventWriter(self.config.tenant, SYSTEM),
        ).keep()

    @property
    def known_engines(self) -> KnownEngines:
        """The engines that this host may run."""
        return KnownEngines(self.config.audit_folder / "engines")

    def replays(self) -> Replays:
        """Replays recorded decisions."""
        return Replays(
            records=ScreeningRecords(self.database),
            log=SealedLog(self.database),
            lists=self.lists,
            kept=Rules(self.database),
            known=self.known_engines,
            engine=running_engine(),
            rules=self.desk.rules,
            policy=self.desk.policy,
            snapshots=self.snapshots,
            load=load,
            today=lambda body: self.desk.suppose(load(body, now()), body=body),
        )

    def certificates(self) -> Certificates:
        """Certifies recorded decisions."""
        return Certificates(
            records=ScreeningRecords(self.database), log=SealedLog(self.database), sign_offs=self.reviews()
        )

    def reviews(self) -> Reviews:
        """Settles what a machine may not."""
        return Reviews(
            store=Dispositions(self.database),
            audit_event=lambda kind, fields, actor, private: EventWriter(self.config.tenant, actor)(
                kind, fields, private
            ),
            clock=now,
        )

    def exports(self) -> Exports:
        """Exports the sealed log. An object makes one export to be sent at a time."""
        config = self.config
        return Exports(
            ExportStore(self.database),
            heads=HeadsFile(config.audit_folder, config.origin),
            vkeys=lambda: tuple(str(key) for key in key_ring(config).verifiers(config.origin)),
            catalogue=self.desk.rulebook,
            tenant=config.tenant,
            program=f"hirescreen {__version__}",
        )

    def record(self) -> Record:
        """Reads the sealed log: proofs, tiles, the head, exports."""
        config = self.config
        return Record(
            SealedLog(self.database),
            store=ExportStore(self.database),
            tiles=TileFolder(config.tiles_folder, config.origin),
            exports=self.exports(),
        )

    def erasures(self) -> Erasures:
        """Erases personal data. ConfigError where the operator's retention classes cannot be read."""
        return Erasures(
            store=ErasureRecords(self.database),
            file=ErasureFile(self.config.audit_folder),
            schedule=load_schedule(self.config.retention),
            audit_event=lambda kind, fields, actor: EventWriter(self.config.tenant, actor)(kind, fields),
            clock=now,
        )


def now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def build_service(config: Config, *, forks: bool = False) -> Service:
    """Put the parts together; nothing is opened or started yet. ConfigError without a database.

    ``forks`` says that the memory of this process will be shared with others.
    """
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set, and no embedded database was started.")
    demo = config.mode is Mode.DEMO
    database = Database(config.database_url, max_size=config.database_pool)
    lists, intake = Lists(database), Intake(database)
    snapshots = Snapshots(
        lists,
        required=config.required_lists,
        demo=demo,
        build_apart=BuiltApart(config) if forks else None,
    )
    heartbeat = Heartbeat(snapshots, intake)
    measures = Measures()
    desk = Desk(
        screenings=Screenings(database),
        snapshots=snapshots,
        database=database,
        rules=rulebook.current(),
        policy=Policy(demo=demo, required_lists=config.required_lists),
        ledger=Ledger(tenant=config.tenant, origin=config.origin),
        seal=SealedLog(database),
        count=measures.decision,
        engine=running_engine(),
        attempts=intake,
        watch=heartbeat,
        refreshes=config.refreshes,
        claims=ClaimMaker(lambda: secret_key(config)),
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
        measures=measures,
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
            replays=service.replays(),
            certificates=service.certificates(),
            history=ScreeningRecords(service.database),
            erasures=service.erasures(),
            reviews=service.reviews(),
            record=service.record(),
            approvals=service.approvals(),
            list_days=service.intake,
            metrics=service.metrics().write,
            count_request=service.measures.request,
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
