"""``hirescreen lists history``, ``versions`` and ``changes``: load past issues, and show what happened to a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from service.commands.running import COMMAND_LINE, running_service
from service.config import Config
from service.errors import MalformedListError, RejectedListError
from service.intake.git_bundle import BundleHistory, is_bundle, names_of
from service.intake.history import Issue, Taken
from service.lists.acceptance import Override
from service.lists.changes import EntryChange
from service.lists.container import PlainFile, unpack
from service.lists.sources import SOURCES
from service.records import DatedVersion
from service.store.list_versions import ListVersions

VERSIONS_A_PAGE = 200
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@click.command("history")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--partial", is_flag=True, help="Load sets without all of their files; answers by them say so.")
@click.option("--accept-held", is_flag=True, help="Also load what looks doubtful; you have checked the reasons.")
@click.option("--member", multiple=True, help="The name of the list's file in a git bundle (the publisher's own).")
@click.pass_obj
def lists_history(
    config: Config,
    *,
    list_id: str,
    paths: tuple[Path, ...],
    partial: bool,
    accept_held: bool,
    member: tuple[str, ...],
) -> None:
    """Load past issues of the list LIST_ID, in the order of their days.

    Each of PATHS is a file, a folder with the files of one set, or a git bundle in which every commit is an issue.
    The day of an issue stands in the file, in its name (2024-05-03), or is that of the commit. What serves goes on
    serving, unless the newest issue is newer and passes every check of an import.
    """
    names = frozenset(name.lower() for name in member) or names_of(SOURCES[list_id])
    overrides = frozenset({Override.HELD}) if accept_held else frozenset()
    outcomes: Counter[str] = Counter()
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="hirescreen-history-")))
        issues = [issue for path in paths for issue in _issues(path, names, folder, opened)]
        service = opened.enter_context(running_service(config))
        shown = opened.enter_context(_progress())
        heads = shown.add_task("Reading the days", total=len(issues))
        entries = shown.add_task("Loading", total=len(issues))
        history = service.history_as(COMMAND_LINE)
        surveyed = _counted(issues, lambda: shown.advance(heads))
        for taken in history.load(list_id, surveyed, partial=partial, overrides=overrides):
            outcomes[taken.outcome] += 1
            shown.advance(entries)
            _say(taken, shown.console)
    click.echo(f"{list_id}: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    if set(outcomes) <= {"refused"}:
        raise RejectedListError(f"No issue of {list_id} could be loaded.")


@click.command("versions")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.pass_obj
def lists_versions(config: Config, list_id: str) -> None:
    """Show every version of the list LIST_ID, the newest by published day first."""
    with running_service(config) as service:
        store = ListVersions(service.database)
        place = None
        while page := store.page(list_id, rows=VERSIONS_A_PAGE, before=place):
            for dated in page:
                click.echo(_version_line(dated))
                for reason, count in sorted(dated.version.left_out.items()):
                    click.echo(f"{'':<12}left out, {reason}: {count}")
            place = (page[-1].day, page[-1].version.version)


@click.command("changes")
@click.argument("list_id", type=click.Choice(list(SOURCES)))
@click.argument("since", metavar="FROM", type=click.IntRange(min=1))
@click.argument("version", metavar="TO", type=click.IntRange(min=1))
@click.pass_obj
def lists_changes(config: Config, list_id: str, since: int, version: int) -> None:
    """Show the entries of the list LIST_ID in which the versions FROM and TO differ, field by field."""
    with running_service(config) as service:
        store = ListVersions(service.database)
        for number in (since, version):
            if store.version(list_id, number) is None:
                raise RejectedListError(f"There is no version {number} of {list_id}.")
        for change in store.changes(list_id, since, version):
            for line in _change_lines(change):
                click.echo(line)
        added, removed, changed = store.count(list_id, since, version)
    click.echo(f"{added} added, {removed} removed, {changed} changed")


def _issues(path: Path, names: frozenset[str], folder: Path, opened: ExitStack) -> Sequence[Issue]:
    if path.is_dir():
        return [
            Issue(path.name, _day_in(path.name), _opener(sorted(each for each in path.iterdir() if each.is_file())))
        ]
    if is_bundle(path):
        return opened.enter_context(BundleHistory(path, folder, names=names)).issues()
    return [Issue(path.name, _day_in(path.name), _opener([path]))]


def _opener(paths: Sequence[Path]) -> Callable[[], AbstractContextManager[Sequence[PlainFile]]]:
    @contextmanager
    def files() -> Iterator[Sequence[PlainFile]]:
        with ExitStack() as opened:
            found = []
            for path in paths:
                try:
                    with path.open("rb") as stream:
                        found.append(opened.enter_context(unpack(stream, path.name)))
                except OSError as error:
                    raise MalformedListError(f"cannot be opened ({error.strerror})", where=path.name) from error
            yield found

    return files


def _day_in(name: str) -> date | None:
    found = _DAY.search(name)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _progress() -> Progress:
    """A bar on standard error; only lines where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True))


def _counted(issues: Iterable[Issue], step: Callable[[], None]) -> Iterator[Issue]:
    for issue in issues:
        yield issue
        step()


def _say(taken: Taken, console: Console) -> None:
    if taken.fault is not None:
        console.print(
            f"{taken.issue.name}: {taken.outcome}: {taken.fault}", markup=False, highlight=False, soft_wrap=True
        )
    for note in taken.notes:
        console.print(f"{taken.issue.name}: {note}", markup=False, highlight=False, soft_wrap=True)


def _version_line(dated: DatedVersion) -> str:
    version = dated.version
    marks = " serves" if version.activated_at else ""
    marks += "" if version.complete else " partial"
    return (
        f"{dated.day.isoformat()}  version {version.version:<5} {version.entries:>7} entries  "
        f"+{dated.added} -{dated.removed} ~{dated.changed}  {version.sha256[:12]}{marks}"
    )


def _change_lines(change: EntryChange) -> Iterator[str]:
    yield f"{_SIGNS[change.kind]} {change.key} {change.name}"
    for field in change.fields:
        yield f"    {field.field}: {_shown(field.old)} -> {_shown(field.new)}"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
