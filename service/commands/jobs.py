"""``hirescreen jobs``: what runs by itself."""

from __future__ import annotations

import click

from service.config import Config
from service.jobs.worker import run
from service.log import configure_logging


@click.group()
def jobs() -> None:
    """What runs by itself: keeping the lists up."""


@jobs.command("run")
@click.pass_obj
def jobs_run(config: Config) -> None:
    """Work the queue until stopped; ``serve`` does so by itself unless HIRESCREEN_REFRESH is off."""
    configure_logging()
    run(config)
