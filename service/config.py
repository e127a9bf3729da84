"""The settings of a running service, read from the environment once and passed on as one object."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from service.errors import ConfigError
from service.witnesses.settings import DEFAULT_TIMESTAMP_SECONDS, witness_faults

DEFAULT_REQUIRED = ("un_sc", "us_ofac_sdn")
DEFAULT_TENANT = "default"
DEFAULT_ORIGIN = "hirescreen.local/audit/default"


class Mode(StrEnum):
    """Demo decides on starter or old lists and says so; production never does."""

    DEMO = "demo"
    PRODUCTION = "production"


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Every setting, with the variable that gives it and what it means."""

    home: Path = field(
        metadata={
            "env": "HIRESCREEN_HOME",
            "help": "folder for the embedded database, its secrets and list files",
        }
    )
    mode: Mode = field(default=Mode.PRODUCTION, metadata={"env": "HIRESCREEN_MODE", "help": "`demo` or `production`"})
    database_url: str | None = field(
        default=None,
        metadata={
            "env": "DATABASE_URL",
            "help": "a PostgreSQL 15 to 18; without it an embedded one is started",
        },
    )
    required_lists: tuple[str, ...] = field(
        default=DEFAULT_REQUIRED,
        metadata={
            "env": "HIRESCREEN_REQUIRED_LISTS",
            "help": "ids of the lists without which nothing is decided",
        },
    )
    tenant: str = field(
        default=DEFAULT_TENANT, metadata={"env": "HIRESCREEN_TENANT", "help": "name of the log's owner"}
    )
    origin: str = field(
        default=DEFAULT_ORIGIN,
        metadata={"env": "HIRESCREEN_ORIGIN", "help": "name of the audit log: a URL without its scheme"},
    )
    public_url: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_PUBLIC_URL",
            "help": "address that users see; https makes cookies Secure",
        },
    )
    secret_key: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_SECRET_KEY",
            "help": "signs form tokens, 32 characters or more; without it one is kept in the home folder",
        },
    )
    database_pool: int = field(
        default=8,
        metadata={"env": "HIRESCREEN_DATABASE_POOL", "help": "connections that one worker may hold"},
    )
    audit_home: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_AUDIT_HOME",
            "help": "folder for the audit log's signing keys and signed heads; without it `audit` in the home folder",
        },
    )
    audit_tiles: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_AUDIT_TILES",
            "help": "folder for the sealed log as static files; without it `tiles` in the folder above",
        },
    )
    seal_seconds: int = field(
        default=5,
        metadata={"env": "HIRESCREEN_SEAL_SECONDS", "help": "seconds from one seal of the audit log to the next"},
    )

    refresh: bool | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_REFRESH",
            "help": "`on` or `off`: whether a running service fetches its lists by itself; off in demo mode unless set",
        },
    )
    mirror: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_MIRROR",
            "help": "address below which lists are fetched instead of from their publishers",
        },
    )
    witness_file: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_FILE",
            "help": "file on another machine's disk to which every signed head of the audit log is appended",
        },
    )
    witness_webhook: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_WEBHOOK",
            "help": "https address to which every signed head is posted",
        },
    )
    witness_webhook_secret: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE",
            "help": "file with the `whsec_` secret that signs those posts; two lines in a rotation",
        },
    )
    witness_webhook_keys: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_WEBHOOK_KEYS",
            "help": "file with verifier keys of witnesses, one of which has to cosign in its answer",
        },
    )
    witness_timestamp: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_TIMESTAMP_URL",
            "help": "address of a timestamp authority (RFC 3161) that stamps the newest head",
        },
    )
    witness_timestamp_roots: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_WITNESS_TIMESTAMP_ROOTS",
            "help": "PEM file with the certificates that its stamps have to lead to",
        },
    )
    witness_timestamp_seconds: int = field(
        default=DEFAULT_TIMESTAMP_SECONDS,
        metadata={
            "env": "HIRESCREEN_WITNESS_TIMESTAMP_SECONDS",
            "help": "seconds from one stamp to the next; 3600 unless set",
        },
    )
    bundle_key: str | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_BUNDLE_KEY",
            "help": "verifier key of the site that packs list files for this one; two, parted by a space, in a "
            "rotation",
        },
    )

    retention: Path | None = field(
        default=None,
        metadata={
            "env": "HIRESCREEN_RETENTION",
            "help": "TOML file with retention classes of your own, beside those that come with the service",
        },
    )

    @property
    def refreshes(self) -> bool:
        """Whether a running service fetches its lists by itself: a demo stays offline unless told otherwise."""
        return self.mode is not Mode.DEMO if self.refresh is None else self.refresh

    @property
    def audit_folder(self) -> Path:
        """Where this host keeps the log's signing keys and signed heads."""
        return self.audit_home or self.home / "audit"

    @property
    def tiles_folder(self) -> Path:
        """Where this host publishes the sealed log."""
        return self.audit_tiles or self.audit_folder / "tiles"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the environment; ConfigError names every variable that is wrong, all at once."""
        env = os.environ if environ is None else environ
        faults: list[str] = []
        mode = env.get("HIRESCREEN_MODE", Mode.PRODUCTION.value)
        if mode not in set(Mode):
            faults.append(f"HIRESCREEN_MODE must be demo or production, not {mode!r}")
        url = env.get("DATABASE_URL") or None
        if url and not url.startswith(("postgresql://", "postgres://")):
            faults.append("DATABASE_URL must begin with postgresql://")
        public_url = env.get("HIRESCREEN_PUBLIC_URL") or None
        if public_url and not public_url.startswith(("http://", "https://")):
            faults.append("HIRESCREEN_PUBLIC_URL must begin with http:// or https://")
        pool = env.get("HIRESCREEN_DATABASE_POOL", "8")
        if not (pool.isascii() and pool.isdigit() and 1 <= int(pool) <= 200):
            faults.append(f"HIRESCREEN_DATABASE_POOL must be a number from 1 to 200, not {pool!r}")
        refresh = env.get("HIRESCREEN_REFRESH") or None
        if refresh not in (None, "on", "off"):
            faults.append(f"HIRESCREEN_REFRESH must be on or off, not {refresh!r}")
        seconds = env.get("HIRESCREEN_SEAL_SECONDS") or "5"
        if not (seconds.isascii() and seconds.isdigit() and 1 <= int(seconds) <= 60):
            faults.append(f"HIRESCREEN_SEAL_SECONDS must be a number from 1 to 60, not {seconds!r}")
        origin = env.get("HIRESCREEN_ORIGIN") or DEFAULT_ORIGIN
        if not re.fullmatch(r"[!-*,-~]{1,200}", origin):
            faults.append("HIRESCREEN_ORIGIN must be up to 200 characters of ASCII without spaces and plus signs")
        secret_key = env.get("HIRESCREEN_SECRET_KEY") or None
        if secret_key is not None and len(secret_key) < 32:
            faults.append("HIRESCREEN_SECRET_KEY must have 32 characters or more")
        required = tuple(part.strip() for part in env.get("HIRESCREEN_REQUIRED_LISTS", "").split(",") if part.strip())
        faults += witness_faults(env)
        if faults:
            raise ConfigError("; ".join(faults))
        return cls(
            home=Path(env.get("HIRESCREEN_HOME") or Path.home() / ".local" / "share" / "hirescreen"),
            mode=Mode(mode),
            database_url=url,
            required_lists=required or DEFAULT_REQUIRED,
            tenant=env.get("HIRESCREEN_TENANT") or DEFAULT_TENANT,
            origin=origin,
            public_url=public_url,
            secret_key=secret_key,
            database_pool=int(pool),
            audit_home=_path(env.get("HIRESCREEN_AUDIT_HOME")),
            audit_tiles=_path(env.get("HIRESCREEN_AUDIT_TILES")),
            seal_seconds=int(seconds),
            refresh=None if refresh is None else refresh == "on",
            mirror=env.get("HIRESCREEN_MIRROR") or None,
            retention=_path(env.get("HIRESCREEN_RETENTION")),
            witness_file=_path(env.get("HIRESCREEN_WITNESS_FILE")),
            witness_webhook=env.get("HIRESCREEN_WITNESS_WEBHOOK") or None,
            witness_webhook_secret=_path(env.get("HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE")),
            witness_webhook_keys=_path(env.get("HIRESCREEN_WITNESS_WEBHOOK_KEYS")),
            witness_timestamp=env.get("HIRESCREEN_WITNESS_TIMESTAMP_URL") or None,
            witness_timestamp_roots=_path(env.get("HIRESCREEN_WITNESS_TIMESTAMP_ROOTS")),
            witness_timestamp_seconds=int(env.get("HIRESCREEN_WITNESS_TIMESTAMP_SECONDS") or DEFAULT_TIMESTAMP_SECONDS),
            bundle_key=env.get("HIRESCREEN_BUNDLE_KEY") or None,
        )

    def child_env(self) -> dict[str, str]:
        """The environment of a worker process that is to read this very configuration."""
        settings = {
            "HIRESCREEN_HOME": str(self.home),
            "HIRESCREEN_MODE": self.mode.value,
            "DATABASE_URL": self.database_url or "",
            "HIRESCREEN_REQUIRED_LISTS": ",".join(self.required_lists),
            "HIRESCREEN_TENANT": self.tenant,
            "HIRESCREEN_ORIGIN": self.origin,
            "HIRESCREEN_PUBLIC_URL": self.public_url or "",
            "HIRESCREEN_SECRET_KEY": self.secret_key or "",
            "HIRESCREEN_DATABASE_POOL": str(self.database_pool),
            "HIRESCREEN_AUDIT_HOME": str(self.audit_home or ""),
            "HIRESCREEN_AUDIT_TILES": str(self.audit_tiles or ""),
            "HIRESCREEN_SEAL_SECONDS": str(self.seal_seconds),
            "HIRESCREEN_REFRESH": "" if self.refresh is None else "on" if self.refresh else "off",
            "HIRESCREEN_MIRROR": self.mirror or "",
            "HIRESCREEN_RETENTION": str(self.retention or ""),
            "HIRESCREEN_WITNESS_FILE": str(self.witness_file or ""),
            "HIRESCREEN_WITNESS_WEBHOOK": self.witness_webhook or "",
            "HIRESCREEN_WITNESS_WEBHOOK_SECRET_FILE": str(self.witness_webhook_secret or ""),
            "HIRESCREEN_WITNESS_WEBHOOK_KEYS": str(self.witness_webhook_keys or ""),
            "HIRESCREEN_WITNESS_TIMESTAMP_URL": self.witness_timestamp or "",
            "HIRESCREEN_WITNESS_TIMESTAMP_ROOTS": str(self.witness_timestamp_roots or ""),
            "HIRESCREEN_WITNESS_TIMESTAMP_SECONDS": str(self.witness_timestamp_seconds),
            "HIRESCREEN_BUNDLE_KEY": self.bundle_key or "",
        }
        return {**os.environ, **settings}


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
