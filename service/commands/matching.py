"""``hirescreen matching``: measure the matcher on labelled names."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.commands.running import running_service
from service.config import Config
from service.errors import ListsUnavailableError
from service.matching.evaluate import evaluate_pairs, read_pairs, read_queries, screen_queries
from service.matching.index import NameIndex

LABELLED = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def matching() -> None:
    """Measure the matcher."""


@matching.command("evaluate")
@click.argument("pairs", type=LABELLED)
@click.option("--errors", default=20, show_default=True, type=click.IntRange(0), help="How many errors to list.")
def matching_evaluate(pairs: Path, errors: int) -> None:
    """Compare the PAIRS of a CSV (name1, name2, schema, is_match) and print the figures."""
    report = evaluate_pairs(read_pairs(pairs))
    click.echo(f"pairs      {report.pairs}")
    click.echo(f"threshold  {report.threshold}")
    click.echo(f"precision  {report.precision:.4f}")
    click.echo(f"recall     {report.recall:.4f}")
    click.echo(f"F1         {report.f1:.4f}")
    click.echo(f"AUC        {report.auc:.4f}")
    click.echo(f"speed      {report.pairs_per_second:.0f} pairs per second")
    for error in report.errors[:errors]:
        pair = error.pair
        label = "one party" if pair.is_match else "two parties"
        click.echo(f"error      {error.score:>5}  {pair.name1}  ~  {pair.name2}  labelled {label}")
    if len(report.errors) > errors:
        click.echo(f"           and {len(report.errors) - errors} more errors")


@matching.command("screen")
@click.argument("queries", type=LABELLED)
@click.option("--against", "list_id", required=True, help="The id of a loaded list.")
@click.option("--hits", default=20, show_default=True, type=click.IntRange(0), help="How many alerts to list.")
@click.option("--processes", type=click.IntRange(1), help="How many processors to use; all of them unless given.")
@click.pass_obj
def matching_screen(config: Config, queries: Path, list_id: str, hits: int, processes: int | None) -> None:
    """Screen the QUERIES of a CSV (full_name or name) and print recall or alerts per 1,000."""
    names = read_queries(queries)
    with running_service(config) as service:
        version = next((v for v in service.lists.active() if v.list_id == list_id), None)
        if version is None:
            raise ListsUnavailableError(f"The list {list_id} is not loaded.")
        index = NameIndex.build(service.lists.listings(list_id, version.version))
    report = screen_queries(names, index, processes=processes or os.cpu_count() or 1)
    click.echo(f"queries             {report.queries}")
    click.echo(f"alerts              {report.alerts}")
    click.echo(f"alerts per 1,000    {report.alerts_per_1000:.2f}")
    click.echo(f"recall, if listed   {report.recall:.4f}")
    click.echo(f"speed               {report.queries_per_second:.0f} queries per second")
    for query, matched, score in report.alerted[:hits]:
        click.echo(f"alert               {score:>5}  {query}  ~  {matched}")
