"""API keys and local accounts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import click

from service.api_keys import generate_key
from service.app import Service
from service.commands.running import event_writer, running_service
from service.config import Config
from service.errors import HirescreenError
from service.passwords import hash_password
from service.records import Account, AuditRecord
from service.web.auth import ROLES

LONGEST_DAYS = 365


def create_key(service: Service, name: str, role: str, days: int, *, holder: Account | None = None) -> str:
    """Make a key, store its hash with an audit entry, and return the key itself, once.

    A key of a ``holder`` acts with the role of that person, in whose name it may approve what needs two people.
    """
    key, key_id = generate_key(), uuid4()
    expires_at = datetime.now(UTC) + timedelta(days=days)
    service.keys.create(
        name=name,
        role=role,
        key_hash=hashlib.sha256(key.encode()).digest(),
        last4=key[-4:],
        key_id=key_id,
        expires_at=expires_at,
        account_id=holder.id if holder else None,
        audit=event_writer(service.config)(
            "key",
            {
                "action": "create",
                "key": str(key_id),
                "name": name,
                "role": role,
                "expires": expires_at.date().isoformat(),
            }
            | ({"account": str(holder.id)} if holder else {}),
        ),
    )
    return key


def create_account(service: Service, username: str, role: str, password: str) -> None:
    """Store a local account with an audit entry; HirescreenError where the name is taken."""
    account_id = uuid4()
    created = service.accounts.create(
        username=username,
        role=role,
        password_hash=hash_password(password),
        account_id=account_id,
        audit=event_writer(service.config)(
            "role_change", {"action": "create_account", "account": str(account_id), "role": role}
        ),
    )
    if created is None:
        raise HirescreenError(f"There is an account named {username} already.")


@click.group()
def keys() -> None:
    """API keys."""


@keys.command("create")
@click.option("--name", required=True, help="What the key is for; no personal data.")
@click.option("--role", type=click.Choice(tuple(ROLES)), help="What it may do; not for a key with --for.")
@click.option("--for", "username", help="The person whose key it is: it has that account's role and ends with it.")
@click.option("--days", default=LONGEST_DAYS, show_default=True, type=click.IntRange(1, LONGEST_DAYS))
@click.pass_obj
def keys_create(config: Config, name: str, role: str | None, username: str | None, days: int) -> None:
    """Make an API key and print it once."""
    if (role is None) == (username is None):
        raise click.UsageError("Give --role for a program's key, or --for and the account for a person's.")
    with running_service(config) as service:
        holder = _holder(service, username) if username is not None else None
        click.echo(create_key(service, name, role or (holder.role if holder else ""), days, holder=holder))


def _holder(service: Service, username: str) -> Account:
    account = service.accounts.find(username)
    if account is None or account.disabled_at is not None:
        raise HirescreenError(f"There is no account named {username} that is in use.")
    return account


@keys.command("list")
@click.pass_obj
def keys_list(config: Config) -> None:
    """Show every key that was ever made: its id, its role, what it is for, and until when it is good."""
    with running_service(config) as service:
        for key in service.keys.all():
            until = f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "without end"
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else until
            click.echo(f"{key.id}  {key.role:<10} {state:<20} {key.name}")


@keys.command("revoke")
@click.argument("key_id", type=click.UUID)
@click.pass_obj
def keys_revoke(config: Config, key_id: UUID) -> None:
    """Revoke the key KEY_ID; within five seconds it opens nothing any more."""
    entry = event_writer(config)("key", {"action": "revoke", "key": str(key_id)})
    with running_service(config) as service:
        if not service.keys.revoke(key_id, audit=entry):
            raise HirescreenError("There is no key with this id that is not revoked: see hirescreen keys list.")
    click.echo(f"Key {key_id} revoked.")


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


@accounts.command("disable")
@click.argument("username")
@click.pass_obj
def accounts_disable(config: Config, username: str) -> None:
    """Disable the account USERNAME and end its sessions; its keys end with it."""
    with running_service(config) as service:
        account = _holder(service, username)
        service.accounts.disable(username, audit=_account_entry(config, account, "disable_account"))
    click.echo(f"Account {username} disabled.")


@accounts.command("role")
@click.argument("username")
@click.argument("role", type=click.Choice(tuple(ROLES)))
@click.pass_obj
def accounts_role(config: Config, username: str, role: str) -> None:
    """Give the account USERNAME another ROLE; it has to sign in again."""
    with running_service(config) as service:
        account = _holder(service, username)
        entry = _account_entry(config, account, "change_role", role=role, before=account.role)
        service.accounts.set_role(username, role, audit=entry)
    click.echo(f"Account {username} is {role} now.")


@accounts.command("password")
@click.argument("username")
@click.password_option(help="Asked for where it is not given.")
@click.pass_obj
def accounts_password(config: Config, username: str, password: str) -> None:
    """Give the account USERNAME another password and end its sessions."""
    with running_service(config) as service:
        account = _holder(service, username)
        entry = _account_entry(config, account, "set_password")
        service.accounts.set_password(username, hash_password(password), audit=entry)
    click.echo(f"Account {username} has a new password.")


def _account_entry(config: Config, account: Account, action: str, **fields: str) -> AuditRecord:
    """An audit entry about an account: it stands there by its id, for its name is a person's."""
    return event_writer(config)("role_change", {"action": action, "account": str(account.id), **fields})
