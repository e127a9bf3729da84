"""The command ``hirescreen``. Every fault is one clear line on standard error and a non-zero exit."""

from __future__ import annotations

import logging
import sys

import click

from service import __version__
from service.commands.audit import audit, db
from service.commands.erasures import erasures, retention
from service.commands.jobs import jobs
from service.commands.keys import accounts, keys
from service.commands.list_bundle import bundle_key, lists_bundle
from service.commands.list_history import lists_changes, lists_history, lists_versions
from service.commands.lists import lists
from service.commands.matching import matching
from service.commands.screen import screen
from service.commands.serve import serve
from service.config import Config
from service.errors import HirescreenError
from service.log import configure_logging

FAULT = 1
INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.pass_context
def hirescreen(context: click.Context) -> None:
    """Sanctions screening for employers: allow, deny or review, with the clause cited."""
    context.obj = Config.from_env()


for command in (serve, screen, lists, keys, accounts, audit, db, erasures, retention, jobs, matching):
    hirescreen.add_command(command)
for command in (lists_history, lists_versions, lists_changes, lists_bundle, bundle_key):
    lists.add_command(command)


def main() -> None:
    """Run the command line; faults that we know become one line."""
    configure_logging(logging.WARNING)
    try:
        hirescreen(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        click.echo(f"hirescreen: {' '.join(error.format_message().split())}", err=True)
        sys.exit(error.exit_code)
    except HirescreenError as error:
        click.echo(f"hirescreen: {' '.join(str(error).split())}", err=True)
        sys.exit(FAULT)
    except OSError as error:
        click.echo(f"hirescreen: {error.filename or 'system'}: {error.strerror}", err=True)
        sys.exit(FAULT)
