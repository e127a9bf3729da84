"""``hirescreen erasures`` and ``hirescreen retention``: erase personal data, and find what need not be kept longer."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import click

from service.app import Service
from service.commands.lists import person
from service.commands.running import COMMAND_LINE, running_service
from service.config import Config
from service.erasure.erasures import NEEDED, Erasures
from service.erasure.ports import Erasure, Ground, Scope, Wanted
from service.errors import HirescreenError
from service.records import Actor

ROWS = 100

named = click.option("--as", "username", required=True, help="Your account.")
named_if_known = click.option("--as", "username", help="Your account; without one you count as nobody.")
proven = click.option("--password", help="Of that account; asked for where it is not given.")


@click.group()
def erasures() -> None:
    """Erase personal data: one person asks, another approves."""


@erasures.command("request")
@click.option(
    "--screening", "screenings", multiple=True, type=click.UUID, help="The id of a screening; may be repeated."
)
@click.option("--reference", help="The caller's own reference: every screening that carries it.")
@click.option("--ground", required=True, type=click.Choice([each.value for each in Ground]))
@click.option("--all", "whole", is_flag=True, help="Refuse unless everything may be erased.")
@click.option("--case", help="The number of the matter in your own files; no personal data.")
@named_if_known
@proven
@click.pass_obj
def erasures_request(
    config: Config,
    *,
    screenings: tuple[UUID, ...],
    reference: str | None,
    ground: str,
    whole: bool,
    case: str | None,
    username: str | None,
    password: str | None,
) -> None:
    """Ask for an erasure; it waits until another person approves it."""
    wanted = Wanted(
        ground=Ground(ground),
        screenings=tuple(dict.fromkeys(screenings)),
        reference=reference,
        scope=Scope.ALL if whole else Scope.ERASABLE,
        case=case,
    )
    with running_service(config) as service:
        made = service.erasures().request(wanted, _actor(service, username, password))
    _show(made)


@erasures.command("approve")
@click.argument("erasure_id", type=click.UUID)
@named
@proven
@click.pass_obj
def erasures_approve(config: Config, erasure_id: UUID, username: str, password: str | None) -> None:
    """Approve an erasure; with the second person behind it, it is carried out."""
    with running_service(config) as service:
        _show(service.erasures().approve(erasure_id, person(service, username, password)))


@erasures.command("refuse")
@click.argument("erasure_id", type=click.UUID)
@named
@proven
@click.pass_obj
def erasures_refuse(config: Config, erasure_id: UUID, username: str, password: str | None) -> None:
    """Refuse an erasure: nothing is erased."""
    with running_service(config) as service:
        _show(service.erasures().refuse(erasure_id, person(service, username, password)))


@erasures.command("list")
@click.option("--state", type=click.Choice(["requested", "refused", "done"]))
@click.pass_obj
def erasures_list(config: Config, state: str | None) -> None:
    """Show every erasure, the newest first."""
    with running_service(config) as service:
        shown = 0
        for erasure in _every(service.erasures(), state):
            _show(erasure)
            shown += 1
    if not shown:
        click.echo("No erasure.")


@erasures.command("replay")
@click.pass_obj
def erasures_replay(config: Config) -> None:
    """Apply every known erasure again, as after a restored backup. A starting service does so by itself."""
    with running_service(config, replay=False) as service:
        again = service.erasures().replay()
    click.echo(f"{again} screenings held values again; they are erased." if again else "Nothing had come back.")


@click.group()
def retention() -> None:
    """How long decisions are kept."""


@retention.command("list")
@click.pass_obj
def retention_list(config: Config) -> None:
    """Show every screening whose retention has ended and that no erasure waits for, the oldest first."""
    shown = 0
    with running_service(config) as service:
        for due in service.erasures().due():
            click.echo(f"{due.screening}  {due.retention.class_id:<12} kept until {due.retention.proposed_after}")
            shown += 1
    click.echo(f"{shown} screenings are past their retention.")


@retention.command("show")
@click.argument("screening", type=click.UUID)
@click.pass_obj
def retention_show(config: Config, screening: UUID) -> None:
    """Show how long the personal data of SCREENING are kept, and by which rule."""
    with running_service(config) as service:
        found = service.erasures().retention_of(screening)
    if found is None:
        raise HirescreenError("There is no screening with this id that holds personal data.")
    until = f"must be kept until {found.keep_until}" if found.keep_until else "no duty to keep it was found"
    click.echo(f"{screening}: {until}; erasure is proposed after {found.proposed_after}")
    click.echo(f"  {found.class_id}: {found.basis}")
    click.echo(f"  source: {found.source}")


@retention.command("sweep")
@named_if_known
@proven
@click.pass_obj
def retention_sweep(config: Config, username: str | None, password: str | None) -> None:
    """Ask for the erasure of everything whose retention has ended; people approve it."""
    with running_service(config) as service:
        actor = _actor(service, username, password)
        made = 0
        for erasure in service.erasures().sweep(actor):
            _show(erasure)
            made += 1
    if not made:
        click.echo("Nothing is past its retention.")


def _actor(service: Service, username: str | None, password: str | None) -> Actor:
    return COMMAND_LINE if username is None else person(service, username, password)


def _every(source: Erasures, state: str | None) -> Iterator[Erasure]:
    before = None
    while page := source.page(rows=ROWS, before=before, state=state):
        yield from page
        before = page[-1].id


def _show(erasure: Erasure) -> None:
    people = [f"{given['by']}" for given in erasure.approvals]
    counts = {
        state: [item for item in erasure.items if item["state"] == state] for state in ("erased", "kept", "waiting")
    }
    said = ", ".join(f"{len(items)} {state}" for state, items in counts.items() if items)
    click.echo(
        f"{erasure.id}  {erasure.state}  {erasure.ground}  screenings: {said or 'none'}  "
        f"asked by {erasure.requested_by}, approved by {', '.join(people) or 'nobody yet'}"
    )
    for item in erasure.items:
        if item["state"] == "kept" or (item["state"] == "waiting" and item["keep_until"]):
            click.echo(f"  {item['screening']} is kept until {item['keep_until']} ({item['class']}: {item['basis']})")
    if erasure.state == "requested":
        click.echo(f"  {NEEDED} people have to stand behind it: hirescreen erasures approve {erasure.id} --as ACCOUNT")
