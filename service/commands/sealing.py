"""``hirescreen audit seal``, ``check``, ``new-origin`` and ``keys``."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import click

from service.audit.heads import HeadsFile
from service.audit.new_origin import start_new_origin
from service.audit.sealing import Sealer
from service.commands.running import database_of, event_writer, running_service
from service.config import Config
from service.sealing_loop import build_sealer, key_ring, seal_until
from service.store.database import Database
from service.store.migrate import migrate
from service.store.sealing import SealingStore
from service.witnesses.configured import build_deliveries, build_witnesses
from service.witnesses.delivery import Standing, Witnesses

AT_WORK = "Another sealer is at work on this database; it seals what is here."


@contextmanager
def sealer_of(config: Config, *, tells: bool = True) -> Iterator[tuple[Sealer, Witnesses]]:
    """The sealer of a configured log on a database that runs and has the newest schema, and its witnesses.

    ``tells``: whether the sealer tells them of each head by itself.
    """
    with database_of(config) as ready:
        assert ready.database_url is not None  # noqa: S101 - database_of gives one
        migrate(ready.database_url)
        with Database(ready.database_url, max_size=1) as database:
            database.check_safety()  # a head over entries that a crash may lose would be a false promise
        witnesses = build_witnesses(ready)
        sealer = build_sealer(ready, [witnesses] if tells else [])
        try:
            yield sealer, witnesses
        finally:
            sealer.close()
            witnesses.close()


@click.command()
@click.option("--once", is_flag=True, help="Seal what is there and end.")
@click.pass_obj
def seal(config: Config, once: bool) -> None:
    """Seal the audit log again and again, or once. A running service does so by itself."""
    with sealer_of(config, tells=not once) as (sealer, told):
        if once:
            click.echo(seal_all(sealer))
            told.deliver_now()
            return
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        seal_until(stop, sealer, float(config.seal_seconds))


def seal_all(sealer: Sealer) -> str:
    """Seal until nothing waits; what was done, for people."""
    added = 0
    while True:
        sealed = sealer.seal()
        if sealed is None:
            return AT_WORK
        added += sealed.added
        if not sealed.more:
            return f"{added} entries sealed; the log holds {sealed.size}."


@click.command()
@click.pass_obj
def check(config: Config) -> None:
    """Read the whole sealed log and every signed head again and compare them; a service may run meanwhile."""
    with sealer_of(config, tells=False) as (sealer, _):
        size = sealer.check()
    click.echo(f"All {size} leaves, their tiles and every signed head agree.")


@click.command("new-origin")
@click.argument("origin")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def new_origin(config: Config, origin: str, yes: bool) -> None:
    """Continue a log that cannot be continued under the new name ORIGIN, citing its last head.

    For a database that was restored from an older backup, or whose sealed log was damaged. Stop the service
    first; afterwards set HIRESCREEN_ORIGIN to the new name and start it again.
    """
    old, new = (HeadsFile(config.audit_folder, name) for name in (config.origin, origin))
    if not yes:
        click.confirm(f"End the log {config.origin} for ever and begin {origin}?", abort=True)
    with database_of(config) as ready:
        assert ready.database_url is not None  # noqa: S101 - database_of gives one
        migrate(ready.database_url)
        store = SealingStore(ready.database_url)
        try:
            survival = start_new_origin(store, old=old, new=new, keys=key_ring(config), events=event_writer(config))
        finally:
            store.close()
    agrees = survival.agrees_with.size if survival.agrees_with else 0
    click.echo(f"{survival.leaves} leaves are carried over; their bytes agree with the head of size {agrees}.")
    click.echo(f"Now set HIRESCREEN_ORIGIN={origin}")


@click.command("witnesses")
@click.pass_obj
def witnesses(config: Config) -> None:
    """Show who is told of the log's heads, what each took last, and what it failed to take.

    To be run on the host that seals: it reads that host's files and changes nothing.
    """
    standings = [delivery.standing() for delivery in build_deliveries(config)]
    for each in standings:
        click.echo(f"{each.name:<10} {each.place}")
        for line in _lines_on(each):
            click.echo(f"{'':<10} {line}")
    if not standings:
        click.echo("Nobody is told of the log's heads: see docs/audit-log.md.")


def _lines_on(standing: Standing) -> Iterator[str]:
    state = standing.delivered
    if state.size is None:
        yield "took no head yet"
    else:
        yield f"took the head of size {state.size} at {state.delivered_at}"
    if standing.waiting:
        yield f"{standing.waiting} signed heads are newer"
    if state.failures:
        yield f"failed {state.failures} times since {state.failing_since}, last at {state.failed_at}: {state.reason}"


@click.group()
def keys() -> None:
    """The keys that sign the log's heads."""


@keys.command("generate")
@click.pass_obj
def generate(config: Config) -> None:
    """Make this host's first signing key."""
    key = key_ring(config).generate()
    vkey = str(key.verifier(config.origin))
    with running_service(config) as service:
        service.audit.append(event_writer(config)("key", {"change": "generated", "vkey": vkey}))
    click.echo(vkey)


@keys.command("list")
@click.pass_obj
def list_keys(config: Config) -> None:
    """Print the verifier keys that auditors need, oldest first."""
    now = datetime.now(UTC)
    for key in key_ring(config).all():
        until = key.signs_until
        state = "signs" if until is None else f"{'signs' if key.signs_at(now) else 'signed'} until {until:%Y-%m-%d}"
        click.echo(f"{key.verifier(config.origin)}  since {key.created_at:%Y-%m-%d}, {state}")


@keys.command("rotate")
@click.option("--overlap-days", default=30, show_default=True, type=click.IntRange(0, 3650))
@click.pass_obj
def rotate(config: Config, overlap_days: int) -> None:
    """Make a new signing key; the old one signs beside it for a while, and its heads stay valid."""
    key = key_ring(config).rotate(timedelta(days=overlap_days))
    vkey = str(key.verifier(config.origin))
    fields = {"change": "rotated", "vkey": vkey, "overlap_days": overlap_days}
    with running_service(config) as service:
        service.audit.append(event_writer(config)("key", fields))
    click.echo(vkey)
