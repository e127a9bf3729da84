"""The witnesses that a configuration names."""

from __future__ import annotations

from service.audit.heads import HeadsFile
from service.audit.witness import Evidence
from service.config import Config
from service.errors import ConfigError
from service.store.evidence import EvidenceStore
from service.witnesses.delivery import Delivery, Keep, Witness, Witnesses
from service.witnesses.file import FileWitness
from service.witnesses.journal import Journal
from service.witnesses.timestamp import TimestampWitness, read_certificates
from service.witnesses.webhook import WebhookWitness, read_cosigners, read_secrets

WITNESSES = (FileWitness.name, WebhookWitness.name, TimestampWitness.name)


def _refuse(_origin: str, _evidence: Evidence) -> None:
    raise ConfigError("There is no database to keep evidence in.")


def build_witnesses(config: Config) -> Witnesses:
    """Everybody who is to be told of heads; nobody where none is configured.

    ConfigError where a file that a setting names is not what it should be, or there is no database.
    """
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set, and no embedded database was started.")
    return Witnesses(build_deliveries(config, EvidenceStore(config.database_url).keep))


def build_deliveries(config: Config, keep: Keep = _refuse) -> list[Delivery]:
    """The way to each witness; ``keep`` stores what they give, and without it they can only be looked at."""
    heads = HeadsFile(config.audit_folder, config.origin)
    return [
        Delivery(witness, heads, Journal(config.audit_folder, config.origin, witness.name), keep)
        for witness in _named(config)
    ]


def _named(config: Config) -> list[Witness]:
    found: list[Witness] = []
    if config.witness_file is not None:
        found.append(FileWitness(config.witness_file))
    if config.witness_webhook is not None and config.witness_webhook_secret is not None:
        cosigners = read_cosigners(config.witness_webhook_keys) if config.witness_webhook_keys else ()
        found.append(WebhookWitness(config.witness_webhook, read_secrets(config.witness_webhook_secret), cosigners))
    if config.witness_timestamp is not None and config.witness_timestamp_roots is not None:
        certificates = read_certificates(config.witness_timestamp_roots)
        found.append(TimestampWitness(config.witness_timestamp, certificates, float(config.witness_timestamp_seconds)))
    return found
