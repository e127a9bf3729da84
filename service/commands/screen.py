"""``hirescreen screen``: one request in, one recorded decision out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import BinaryIO

import click

from service.commands.running import COMMAND_LINE, demo_option, in_mode, running_service
from service.config import Config
from service.web.json_body import read_json
from service.web.schemas.screening import load_request


@click.command()
@click.argument("file", type=click.File("rb"))
@demo_option
@click.pass_obj
def screen(config: Config, file: BinaryIO, demo: bool) -> None:
    """Screen the request in FILE (- for standard input) and print the decision as JSON."""
    body = read_json(file.read())
    request = load_request(body, now=datetime.now(UTC))
    with running_service(in_mode(config, demo=demo)) as service:
        service.keep_rules()
        stored = service.desk.screen(request, body=body, actor=COMMAND_LINE)
    click.echo(stored.answer)
