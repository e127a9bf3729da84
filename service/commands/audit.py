"""``hirescreen audit export`` and ``hirescreen db migrate``."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

import click

from service.audit.export import Form, Order
from service.audit.selection import DECISIONS, read_selection
from service.commands import replay, sealing
from service.commands.running import COMMAND_LINE, database_of, running_service
from service.config import Config
from service.errors import ConfigError, SealingStoppedError
from service.store.migrate import migrate
from service.store.sealed_log import SealedLog

SEALED_WITHIN = 20.0  # seconds; a running service seals every few
LOOK_SECONDS = 0.2


@click.group()
def audit() -> None:
    """The audit log."""


for command in (sealing.seal, sealing.check, sealing.new_origin, sealing.witnesses, sealing.keys):
    audit.add_command(command)
for each in (replay.replay, replay.trust_engine, replay.certificate):
    audit.add_command(each)


@audit.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder, or an empty one.")
@click.option("--format", "form", default="bundle", show_default=True, type=click.Choice([each.value for each in Form]))
@click.option("--from", "since", default="", help="First day, or an RFC 3339 moment.")
@click.option("--to", "until", default="", help="Last day, or the RFC 3339 moment before which entries stand.")
@click.option("--first", default="", help="Index of the first entry.")
@click.option("--last", default="", help="Index of the last entry.")
@click.option("--decision", default="", type=click.Choice(["", *DECISIONS]), metavar="|".join(DECISIONS))
@click.option("--clause", default="", help="Entries that name this clause.")
@click.option("--list", "list_id", default="", help="Entries that rest on this list.")
@click.option("--recipient", help="Who gets it; recorded.")
@click.option("--with-personal-data", "personal", is_flag=True, help="With the disclosed values.")
@click.option("--parquet", is_flag=True, help="With the entries as a Parquet file too.")
@click.pass_obj
def audit_export(
    config: Config, /, *, out: Path, form: str, recipient: str | None, personal: bool, parquet: bool, **stated: str
) -> None:
    """Write the sealed log to the folder OUT, with all that a stranger needs to check it.

    Without a filter the whole log. The export is recorded before the folder gets its name.
    """
    names = {"since": "from", "until": "to", "list_id": "list"}
    order = Order(
        form=Form(form),
        selection=read_selection({names.get(name, name): text for name, text in stated.items()}),
        personal=personal,
        parquet=parquet,
        recipient=recipient,
    )
    _demand_recipient(order)
    _seal_first(config)
    with running_service(config) as service:
        _await_seal(SealedLog(service.database))
        written = service.exports().write_to(out, order, COMMAND_LINE)
    scope = "the whole log" if order.selection.as_json() is None else f"a selection of {written.head.size}"
    click.echo(f"{written.entries} entries ({scope}) written to {out}, {written.disclosures} disclosed values")
    if form == Form.BUNDLE:
        click.echo(f"Check it: python3 {out}/verify_audit.py {out} --vkey KEY")


def _demand_recipient(order: Order) -> None:
    if order.personal and not order.recipient:
        raise click.UsageError("--with-personal-data needs --recipient: who gets personal data is recorded.")
    if order.parquet and order.form is not Form.BUNDLE:
        raise click.UsageError("--parquet goes with the format bundle.")


def _seal_first(config: Config) -> None:
    """Seal what waits, so that the export holds everything until now, where this host can."""
    try:
        with sealing.sealer_of(config, tells=False) as (sealer, _):
            sealing.seal_all(sealer)
    except (ConfigError, SealingStoppedError) as reason:
        click.echo(f"Not sealed first: {reason}", err=True)


def _await_seal(log: SealedLog) -> None:
    """Where a running service seals, wait until it has sealed what stands in the log now; say where it does not."""
    status = log.status()
    wanted, until = status.sealed + status.unsealed, monotonic() + SEALED_WITHIN
    while status.sealed < wanted and status.stopped is None and monotonic() < until:
        sleep(LOOK_SECONDS)
        status = log.status()
    if status.sealed < wanted:
        click.echo(f"{wanted - status.sealed} entries are not sealed yet and not in this export.", err=True)


@click.group()
def db() -> None:
    """The database."""


@db.command("migrate")
@click.pass_obj
def db_migrate(config: Config) -> None:
    """Bring the database to the newest schema."""
    with database_of(config) as ready:
        assert ready.database_url is not None  # noqa: S101 - database_of gives one
        migrate(ready.database_url)
    click.echo("The database is up to date.")
