"""API keys and local accounts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import click

from service.api_keys import generate_key
from service.app import Service
from service.commands.running import event_writer, running_service
from service.config import Config
from service.errors import HirescreenError
from service.passwords import hash_password
from service.web.auth import ROLES

LONGEST_DAYS = 365


def create_key(service: Service, name: str, role: str, days: int) -> str:
    """Make a key, store its hash with an audit entry, and return the key itself, once."""
    key = generate_key()
    expires_at = datetime.now(UTC) + timedelta(days=days)
    service.keys.create(
        name=name,
        role=role,
        key_hash=hashlib.sha256(key.encode()).digest(),
        last4=key[-4:],
        expires_at=expires_at,
        audit=event_writer(service.config)(
            "key", {"action": "create", "name": name, "role": role, "expires": expires_at.date().isoformat()}
        ),
    )
    return key


def create_account(service: Service, username: str, role: str, password: str) -> None:
    """Store a local account with an audit entry; HirescreenError where the name is taken."""
    created = service.accounts.create(
        username=username,
        role=role,
        password_hash=hash_password(password),
        audit=event_writer(service.config)("role_change", {"action": "create_account", "role": role}),
    )
    if created is None:
        raise HirescreenError(f"There is an account named {username} already.")


@click.group()
def keys() -> None:
    """API keys."""


@keys.command("create")
@click.option("--name", required=True, help="What the key is for; no personal data.")
@click.option("--role", required=True, type=click.Choice(tuple(ROLES)))
@click.option("--days", default=LONGEST_DAYS, show_default=True, type=click.IntRange(1, LONGEST_DAYS))
@click.pass_obj
def keys_create(config: Config, name: str, role: str, days: int) -> None:
    """Make an API key and print it once."""
    with running_service(config) as service:
        click.echo(create_key(service, name, role, days))


@click.group()
def accounts() -> None:
    """Local accounts of people who use the pages."""


@accounts.command("create")
@click.option("--username", required=True)
@click.option("--role", required=True, type=click.Choice(tuple(ROLES)))
@click.password_option(help="Asked for where it is not given.")
@click.pass_obj
def accounts_create(config: Config, username: str, role: str, password: str) -> None:
    """Make a local account."""
    with running_service(config) as service:
        create_account(service, username, role, password)
    click.echo(f"Account {username} created.")
