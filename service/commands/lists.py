"""``hirescreen lists``: import files, fetch from the publishers, show what serves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from service.app import Service
from service.commands.running import event_writer, running_service
from service.config import Config
from service.errors import HirescreenError
from service.fetch import Fetcher
from service.lists.acceptance import Override
from service.lists.sources import SOURCES
from service.refresh import ListRefresh, Refreshed


@click.group()
def lists() -> None:
    """Sanctions lists."""


@lists.command("import")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--partial", is_flag=True, help="Load a set without all of its files; every answer then says so.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which you know these files to have been the publisher's current ones.",
)
@click.option("--allow-older", is_flag=True, help="Accept a list that is older than the one that serves.")
@click.option("--accept-held", is_flag=True, help="Accept a list that was held; you have checked the reasons.")
@click.pass_obj
def lists_import(
    config: Config,
    *,
    list_id: str,
    files: tuple[Path, ...],
    partial: bool,
    as_of: datetime | None,
    allow_older: bool,
    accept_held: bool,
) -> None:
    """Load FILES (plain, .xz, .gz or .zip) as the list LIST_ID, whole or not at all."""
    chosen = {Override.OLDER: allow_older, Override.HELD: accept_held}
    with running_service(config) as service:
        loaded = refresh_of(service).import_files(
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
    with running_service(config) as service:
        refreshed = refresh_of(service).update(list_ids or config.required_lists, Fetcher(), base_address=mirror)
    for each in refreshed:
        _say(each)
    failed = [each.list_id for each in refreshed if each.outcome == "failed"]
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


def refresh_of(service: Service) -> ListRefresh:
    """The ways in for lists, recording under the command line's name."""
    return ListRefresh(
        lists=service.lists,
        audit_log=service.audit,
        audit_event=event_writer(service.config),
        clock=lambda: datetime.now(UTC),
    )


def _say(refreshed: Refreshed) -> None:
    version = refreshed.version
    if refreshed.outcome == "failed":
        click.echo(f"{refreshed.list_id}: failed: {refreshed.fault}", err=True)
    elif version is not None:
        click.echo(f"{refreshed.list_id}: {refreshed.outcome}, version {version.version}, {version.entries} entries")
    for note in refreshed.notes:
        click.echo(f"{refreshed.list_id}: {note}")
