"""How far a long load has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from service.intake.refresh_ports import Counting
from service.lists.listing import Listing

A_STEP = 500  # entries from one look at the bar to the next
A_LINE = 100_000  # entries from one line to the next, where there is no terminal


@contextmanager
def shown_progress() -> Iterator[Counting]:
    """Counts entries as they go by, on standard error, for the length of the block."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lines
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bars:

        def counting(what: str, entries: Iterable[Listing], total: int | None) -> Iterator[Listing]:
            task, done = bars.add_task(what, total=total), 0
            for done, entry in enumerate(entries, 1):
                if done % A_STEP == 0:
                    bars.update(task, completed=done)
                yield entry
            bars.update(task, completed=done, total=done)

        yield counting


def lines(what: str, entries: Iterable[Listing], total: int | None) -> Iterator[Listing]:
    """Says every 100,000 entries how many it were."""
    of = f" of {total:,}" if total else ""
    for done, entry in enumerate(entries, 1):
        if done % A_LINE == 0:
            click.echo(f"{what} {done:,}{of} entries", err=True)
        yield entry
