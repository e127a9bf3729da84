"""``hirescreen audit replay``, ``trust-engine`` and ``certificate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from uuid import UUID

import click

from service.commands.running import demo_option, in_mode, running_service
from service.config import Config
from service.errors import HirescreenError
from service.replay.replays import DIFFERENT, UNAVAILABLE, Replay
from service.web.api.certificate import certificate_json
from service.web.api.replay import replay_json

EXIT = {DIFFERENT: 1, UNAVAILABLE: 2}
NONE = "There is no screening with this id."


@click.command()
@click.argument("screening", metavar="ID", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print the whole comparison as JSON.")
@demo_option
@click.pass_obj
def replay(config: Config, screening: UUID, as_json: bool, demo: bool) -> None:
    """Compute the decision ID again by the rules, policy and lists it was made with, and compare every byte.

    What today's rules and lists say stands apart; for a service in demo mode ask with --demo. Ends with status 0
    where it is identical, 1 where it differs, 2 where it cannot be computed.
    """
    with running_service(in_mode(config, demo=demo)) as service:
        found = service.replays().replay(screening)
    if found is None:
        raise HirescreenError(NONE)
    click.echo(json.dumps(replay_json(found), ensure_ascii=False, indent=1) if as_json else _text(found))
    sys.exit(EXIT.get(found.status, 0))


def _text(found: Replay) -> str:
    """The comparison for people."""
    engine = found.entry.get("engine", {})
    lists = ", ".join(f"{each['name']} version {each['version']}" for each in found.entry.get("lists", []))
    lines = [
        f"{found.status.upper()}{f': {found.reason}' if found.reason else ''}",
        f"decided    {found.entry.get('at')}: {found.entry.get('outcome')}",
        f"engine     {engine.get('version')} {engine.get('sha256', '')} ({found.engine})",
        f"lists      {lists}",
        *(f"{part:10} {word.replace('_', ' ')}" for part, word in found.commitments.items()),
        *(
            f"differs    {each.path or '/'}: {_value(each.before)} -> {_value(each.after)}"
            for each in found.differences
        ),
        *(
            f"runtime    {each.path[1:]}: {_value(each.before)} then, {_value(each.after)} now"
            for each in found.runtime
        ),
    ]
    if found.today is None:
        lines.append(f"today      nothing can be said: {found.today_reason}")
    else:
        same = "differs" if found.today_differences else "in substance the same"
        lines.append(f"today      {found.today['decision']} ({same}): {found.today['summary']}")
    return "\n".join(lines)


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@click.command("trust-engine")
@click.argument("sha256")
@click.pass_obj
def trust_engine(config: Config, sha256: str) -> None:
    """Let this host run the stored engine SHA256 for replays.

    An engine that decided on this host is trusted already. Compare the digest with a rule_load entry of a
    sealed log before you trust one of another host.
    """
    with running_service(config) as service:
        try:
            new = service.known_engines.trust(sha256.lower())
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="SHA256") from None
    click.echo("This host may run the engine." if new else "This host may run the engine already.")


@click.command()
@click.argument("screening", metavar="ID", type=click.UUID)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.pass_obj
def certificate(config: Config, screening: UUID, out: Path) -> None:
    """Write the certificate of the screening ID as JSON, with its proof; verify_audit.py --certificate checks it."""
    with running_service(config) as service:
        found = service.certificates().of(screening)
    if found is None:
        raise HirescreenError(NONE)
    out.write_text(json.dumps(certificate_json(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    click.echo("Written." if found.proof else "Written without a proof: the entry is not sealed yet. Try again soon.")
