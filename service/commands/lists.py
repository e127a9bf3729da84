"""``hirescreen lists``: import files, fetch from the publishers, settle what is held, show what serves."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from service.app import Service
from service.commands.list_bundle import import_bundle
from service.commands.progress import shown_progress
from service.commands.running import COMMAND_LINE, running_service
from service.config import Config, Mode
from service.errors import ApprovalError, HirescreenError
from service.intake.fetch import Fetcher
from service.intake.reception import Refreshed
from service.lists.acceptance import Override
from service.lists.sources import SOURCES
from service.passwords import password_matches
from service.records import Actor, JsonObject


@click.group()
def lists() -> None:
    """Sanctions lists."""


@lists.command("import")
@click.argument("list_id", required=False, type=click.Choice(list(SOURCES)))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--bundle", type=click.Path(path_type=Path, dir_okay=False), help="Take the lists of a signed bundle instead."
)
@click.option("--vkey", help="Whose bundle it must be; HIRESCREEN_BUNDLE_KEY where it is not given.")
@click.option("--partial", is_flag=True, help="Load a set without all of its files; every answer then says so.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which you know these files to have been the publisher's current ones.",
)
@click.option("--as", "username", help="The account in whose name a doubtful version is proposed.")
@click.option("--password", help="Of that account; asked for where it is not given.")
@click.option("--confirm", is_flag=True, help="Your own list: a large removal, or another oddity, is meant.")
@click.option("--allow-older", is_flag=True, help="Demo mode only: accept a list older than the one that serves.")
@click.option("--accept-held", is_flag=True, help="Demo mode only: accept a list that would wait for two people.")
@click.pass_obj
def lists_import(
    config: Config,
    *,
    list_id: str | None,
    files: tuple[Path, ...],
    bundle: Path | None,
    vkey: str | None,
    partial: bool,
    as_of: datetime | None,
    username: str | None,
    password: str | None,
    confirm: bool,
    allow_older: bool,
    accept_held: bool,
) -> None:
    """Load FILES (plain, .xz, .gz or .zip) as the list LIST_ID, whole or not at all; or the lists of a bundle."""
    chosen = {Override.OLDER: allow_older, Override.HELD: accept_held}
    if bundle is not None:
        if list_id or partial or as_of or confirm or any(chosen.values()):
            raise click.UsageError("--bundle stands with --vkey, --as and --password only.")
        with running_service(config) as service:
            taker = COMMAND_LINE if username is None else person(service, username, password)
            import_bundle(service, bundle, vkey, taker)
        return
    if list_id is None or not files:
        raise click.UsageError("Give LIST_ID and its FILES, or --bundle.")
    if any(chosen.values()) and config.mode is not Mode.DEMO:
        raise HirescreenError(
            "--allow-older and --accept-held work in demo mode only: here two people approve a doubtful version "
            "once it is imported (hirescreen lists approve)."
        )
    if confirm and not SOURCES[list_id].confirmed_at_import:
        raise click.UsageError(f"--confirm is for your own list; {list_id} is a publisher's.")
    chosen[Override.CONFIRMED] = confirm
    with running_service(config) as service:
        actor = COMMAND_LINE if username is None else person(service, username, password)
        with shown_progress() as counting:
            loaded = service.refresh_as(actor, counting=counting).import_files(
                list_id,
                files,
                partial=partial,
                as_of=as_of.date() if as_of else None,
                overrides=frozenset(override for override, given in chosen.items() if given),
            )
    _say(loaded)


@lists.command("update")
@click.argument("list_ids", nargs=-1, type=click.Choice(list(SOURCES)))
@click.option("--mirror", help="Fetch below this address instead of from the publishers.")
@click.pass_obj
def lists_update(config: Config, list_ids: tuple[str, ...], mirror: str | None) -> None:
    """Fetch LIST_IDS (all required ones where none is named) from their publishers."""
    with running_service(config) as service, shown_progress() as counting:
        refreshed = service.refresh_as(COMMAND_LINE, counting=counting).update(
            list_ids or config.required_lists, Fetcher(), base_address=mirror or config.mirror
        )
    for each in refreshed:
        _say(each)
    failed = [each.list_id for each in refreshed if each.fault is not None]
    if failed:
        raise HirescreenError(f"Not updated: {', '.join(failed)}.")


@lists.command("status")
@click.pass_obj
def lists_status(config: Config) -> None:
    """Show each list: what serves, how fresh it is, and its limits."""
    with running_service(config) as service:
        for shown in service.desk.list_status():
            version = shown["version"] if shown["version"] is not None else "-"
            published = shown["published_on"] or "-"
            checked = shown["checked_at"] or "-"
            click.echo(
                f"{shown['id']:<14} {shown['status']:<13} version {version:<4} {shown['entries']:>7} entries  "
                f"published {published}  checked {checked}"
            )
            for line in _kept_up(shown):
                click.echo(f"{'':<14} {line}")


def _kept_up(shown: JsonObject) -> list[str]:
    """Whether a list is required, what changed last, how the last attempt ended and when the next one is."""
    lines = []
    if change := shown["last_change"]:
        lines.append(
            f"last change {change['at']}: version {change['version']}, {change['added']} added, "
            f"{change['removed']} removed, {change['changed']} changed"
        )
    if attempt := shown["last_attempt"]:
        why = f": {attempt['detail']}" if attempt["detail"] else ""
        lines.append(f"last attempt {attempt['at']}: {attempt['outcome']}{why}")
    words = ["required"] if shown["required"] else []
    words += [f"next run {shown['next_run']}"] if shown["next_run"] else []
    words += [f"retired on {shown['retired_on']}"] if shown["retired_on"] else []
    return [*lines, ", ".join(words)] if words else lines


@lists.command("held")
@click.argument("list_id", required=False, type=click.Choice(list(SOURCES)))
@click.pass_obj
def lists_held(config: Config, list_id: str | None) -> None:
    """Show the versions that wait for two people, and why."""
    with running_service(config) as service:
        waiting = service.approvals().waiting(list_id)
    for held in waiting:
        instead = f"instead of version {held.against}" if held.against else "where none serves"
        given = ", ".join(approval["username"] for approval in held.approvals) or "nobody yet"
        click.echo(
            f"{held.list_id} version {held.version} {instead}, held {held.held_at:%Y-%m-%d %H:%M}, "
            f"brought by {held.proposed_by}, approved by {given}"
        )
        for reason in held.reasons:
            click.echo(f"  {reason['code']}: {reason['detail']}")
    if not waiting:
        click.echo("No version is held.")


@lists.command("approve")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.argument("version", type=click.IntRange(1))
@click.option("--as", "username", required=True, help="Your account.")
@click.option("--password", help="Asked for where it is not given.")
@click.option("--reason", required=True, help="Why it may serve: what you looked at.")
@click.option("--allow-older", is_flag=True, help="You know that the version is older than the one that serves.")
@click.pass_obj
def lists_approve(
    config: Config, *, list_id: str, version: int, username: str, password: str | None, reason: str, allow_older: bool
) -> None:
    """Approve a held version; with the second person's approval it serves."""
    with running_service(config) as service:
        actor = person(service, username, password)
        done = service.approvals().approve(list_id, version, actor, reason=reason, allow_older=allow_older)
    stands = "it serves now" if done.serves else "another person has to approve it"
    click.echo(f"{list_id} version {version}: {done.count} of {done.needed} approvals, {stands}")


@lists.command("refuse")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.argument("version", type=click.IntRange(1))
@click.option("--as", "username", required=True, help="Your account.")
@click.option("--password", help="Asked for where it is not given.")
@click.option("--reason", required=True, help="Why it must not serve.")
@click.pass_obj
def lists_refuse(
    config: Config, *, list_id: str, version: int, username: str, password: str | None, reason: str
) -> None:
    """Refuse a held version: it never serves, nor does the very same content when it comes again."""
    with running_service(config) as service:
        service.approvals().refuse(list_id, version, person(service, username, password), reason=reason)
    click.echo(f"{list_id} version {version}: refused")


def person(service: Service, username: str, password: str | None) -> Actor:
    """The account that a user name and its password prove; the password is asked for. ApprovalError otherwise."""
    given = password if password is not None else click.prompt("Password", hide_input=True, err=True)
    account = service.accounts.find(username)
    usable = account if account is not None and account.disabled_at is None else None
    if not password_matches(given, usable.password_hash if usable else None) or usable is None:
        raise ApprovalError("The user name or the password is wrong.")
    return Actor(kind="account", id=str(usable.id), name="account", roles=frozenset({usable.role}))


def _say(refreshed: Refreshed) -> None:
    version = refreshed.version
    if refreshed.fault is not None:
        click.echo(f"{refreshed.list_id}: {refreshed.outcome}: {refreshed.fault}", err=True)
    elif version is not None:
        moved = " (+{} −{}, {} changed)".format(*refreshed.changes) if refreshed.changes else ""
        click.echo(
            f"{refreshed.list_id}: {refreshed.outcome}, version {version.version}, {version.entries} entries{moved}"
        )
    for note in refreshed.notes:
        click.echo(f"{refreshed.list_id}: {note}")
