"""``hirescreen lists bundle``, ``bundle-key`` and ``import --bundle``: lists for sites without a network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from service.app import Service
from service.app import now as clock
from service.audit.events import EventWriter
from service.bundles.bundle import Manifest
from service.bundles.importing import BundleImport
from service.bundles.keys import FOLDER, key_ring
from service.bundles.making import BundleMaker, Packed
from service.bundles.note import KEY_NAME, parse_keys
from service.commands.progress import shown_progress
from service.commands.running import event_writer, running_service
from service.config import Config
from service.errors import ConfigError, HirescreenError
from service.intake.fetch import Fetcher
from service.intake.reception import Refreshed
from service.intake.refresh_ports import Counting
from service.lists.sources import SOURCES
from service.records import Actor, ListVersion
from service.store.list_bundles import ListBundles

_WORDS = {"loaded": "activated", "held": "held", "unchanged": "unchanged"}


@click.command("bundle")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The bundle to write.")
@click.option("--list", "list_ids", multiple=True, type=click.Choice(list(SOURCES)), help="Pack this list; repeatable.")
@click.option("--file", "given", multiple=True, metavar="LIST=PATH", help="A file that is not fetched; repeatable.")
@click.option("--mirror", help="Fetch below this address instead of from the publishers.")
@click.pass_obj
def lists_bundle(
    config: Config, *, out: Path, list_ids: tuple[str, ...], given: tuple[str, ...], mirror: str | None
) -> None:
    """Fetch the current files of lists and pack them, signed, for sites without a network.

    Without --list, all that serve here or are required, as far as they have an address, and those of --file.
    """
    files = given_files(given)
    with running_service(config) as service:
        active = {version.list_id: version for version in service.lists.active()}
        chosen = list(dict.fromkeys([*(list_ids or usual_lists(config, active, files)), *files]))
        maker = BundleMaker(
            folder=config.home / FOLDER,
            fetcher=Fetcher(),
            active=active,
            audit_log=service.audit,
            audit_event=event_writer(config),
            clock=clock,
            base_address=mirror or config.mirror,
        )
        made = maker.make(out, chosen, files)
    for packed in made.lists:
        for line in _packed_lines(packed):
            click.echo(line)
    manifest = made.manifest
    click.echo(f"{out}: bundle {manifest.sequence} of {manifest.created_at:%Y-%m-%d %H:%M} UTC, {made.size} bytes")


def usual_lists(config: Config, active: Mapping[str, ListVersion], given: Mapping[str, Sequence[Path]]) -> list[str]:
    """The lists that a site uses and can fetch; the others are told."""
    used = [list_id for list_id in SOURCES if list_id in active or list_id in config.required_lists]
    for list_id in used:
        if not SOURCES[list_id].files and list_id not in given:
            click.echo(f"{list_id}: left out, it has no address; give its file: --file {list_id}=PATH", err=True)
    return [list_id for list_id in used if SOURCES[list_id].files or list_id in given]


def given_files(words: Sequence[str]) -> dict[str, list[Path]]:
    """Files by list from words ``LIST=PATH``; BadParameter for another one."""
    found: dict[str, list[Path]] = defaultdict(list)
    for word in words:
        list_id, sign, path = word.partition("=")
        if list_id not in SOURCES or not sign or not path:
            raise click.BadParameter(f"{word!r} is not LIST=PATH with a known list", param_hint="--file")
        found[list_id].append(Path(path))
    return dict(found)


def _packed_lines(packed: Packed) -> list[str]:
    one = packed.bundled
    here = f"version {one.version} here" if one.version else "not the version that serves here"
    size = sum(file.size for file in one.files)
    head = f"{one.list_id}: {len(one.files)} file{'s' * (len(one.files) > 1)}, {size} bytes, {packed.entries} entries"
    lines = [f"{head}, published {one.published_on or 'on a day that it does not say'}, {here}"]
    return [*lines, *(f"{one.list_id}: a site that takes it may hold it: {note}" for note in packed.notes)]


@click.group("bundle-key")
def bundle_key() -> None:
    """The keys that sign bundles of list files."""


@bundle_key.command("generate")
@click.pass_obj
def generate(config: Config) -> None:
    """Make this site's first bundle key, and print the verifier key that other sites need."""
    _changed(config, "generated", lambda: str(key_ring(config.home / FOLDER).generate().verifier(KEY_NAME)))


@bundle_key.command("rotate")
@click.option("--overlap-days", default=30, show_default=True, type=click.IntRange(0, 3650))
@click.pass_obj
def rotate(config: Config, overlap_days: int) -> None:
    """Make a new bundle key; the old one signs beside it for a while."""
    ring, overlap = key_ring(config.home / FOLDER), timedelta(days=overlap_days)
    _changed(config, "rotated", lambda: str(ring.rotate(overlap).verifier(KEY_NAME)))


@bundle_key.command("list")
@click.pass_obj
def list_keys(config: Config) -> None:
    """Print the verifier keys of this site's bundles, oldest first."""
    now = datetime.now(UTC)
    for key in key_ring(config.home / FOLDER).all():
        until = f"until {key.signs_until:%Y-%m-%d}" if key.signs_until else ""
        click.echo(f"{key.verifier(KEY_NAME)}  {'signs' if key.signs_at(now) else 'signed'} {until}".rstrip())


def _changed(config: Config, change: str, make: Callable[[], str]) -> None:
    """Make a key while its audit entry can be written, and print it."""
    with running_service(config) as service:
        vkey = make()
        service.audit.append(event_writer(config)("key", {"change": change, "vkey": vkey, "for": "list_bundle"}))
    click.echo(vkey)


def import_bundle(service: Service, path: Path, vkeys: str | None, actor: Actor) -> None:
    """Verify a bundle and bring its lists in; HirescreenError names those that did not get through."""
    keys = vkeys or service.config.bundle_key
    if not keys:
        raise ConfigError("Whose bundles are taken? Give --vkey or set HIRESCREEN_BUNDLE_KEY to a verifier key.")
    stated = (keys, "--vkey" if vkeys else "HIRESCREEN_BUNDLE_KEY")
    with shown_progress() as counting:
        done = _importer(service, stated, actor, counting).take(path, _say_verified)
    for one in done:
        for line in _received_lines(one):
            click.echo(line, err=one.fault is not None)
    counts = Counter(_WORDS.get(one.outcome, one.outcome) for one in done)
    click.echo(", ".join(f"{count} {word}" for word, count in counts.items()))
    if faulty := [one.list_id for one in done if one.fault is not None]:
        raise HirescreenError(f"Not in service from this bundle: {', '.join(faulty)}.")


def _importer(service: Service, keys: tuple[str, str], actor: Actor, counting: Counting) -> BundleImport:
    """``keys``: the verifier keys as a text, and where they stand."""
    return BundleImport(
        keys=parse_keys(keys[0], source=keys[1]),
        bundles=ListBundles(service.database),
        active=service.lists.active,
        lock=service.intake,
        refresh=service.refresh_as(actor, trigger="import", counting=counting),
        audit_log=service.audit,
        audit_event=EventWriter(service.config.tenant, actor),
        clock=clock,
        taken_by=f"{actor.kind}:{actor.id}",
    )


def _say_verified(manifest: Manifest) -> None:
    files = sum(len(each.files) for each in manifest.lists)
    click.echo(
        f"Bundle {manifest.sequence} of {manifest.created_at:%Y-%m-%d %H:%M} UTC is verified: "
        f"{len(manifest.lists)} lists, {files} files."
    )


def _received_lines(one: Refreshed) -> list[str]:
    word = _WORDS.get(one.outcome, one.outcome)
    if one.fault is not None:
        return [f"{one.list_id}: {word}: {one.fault}"]
    version = one.version
    shown = f", version {version.version}, {version.entries} entries" if version else ""
    checked = f", checked {version.checked_at:%Y-%m-%d %H:%M} UTC" if version and version.checked_at else ""
    return [f"{one.list_id}: {word}{shown}{checked}", *(f"{one.list_id}: {note}" for note in one.notes)]
