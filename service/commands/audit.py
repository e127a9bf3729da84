"""``hirescreen audit export`` and ``hirescreen db migrate``."""

from __future__ import annotations

from pathlib import Path

import click

from service.audit.export import write_export
from service.commands import sealing
from service.commands.running import database_of, event_writer, running_service
from service.config import Config
from service.store.migrate import migrate


@click.group()
def audit() -> None:
    """The audit log."""


for command in (sealing.seal, sealing.check, sealing.new_origin, sealing.keys):
    audit.add_command(command)


@audit.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "form", default="jsonl", show_default=True, type=click.Choice(["jsonl", "csv"]))
@click.pass_obj
def audit_export(config: Config, out: Path, form: str) -> None:
    """Write every audit entry to a new file in the folder OUT."""
    with running_service(config) as service:
        path, count = write_export(service.audit.export(), out, form)
        service.audit.append(event_writer(config)("export", {"format": form, "records": count}))
    click.echo(f"{count} entries written to {path}")


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
