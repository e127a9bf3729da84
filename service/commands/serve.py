"""``hirescreen serve``: the database, the web workers, and what a newcomer needs to try it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import NoReturn

import click

from service.app import Service, build_service, secret_key
from service.audit.spool import remove_abandoned
from service.commands.keys import create_account, create_key
from service.commands.running import demo_option, in_mode
from service.config import Config, Mode
from service.errors import ConfigError, HirescreenError
from service.jobs.beside import WorkerBeside
from service.monitoring.alarm_loop import WatchThread
from service.passwords import hash_password
from service.sealing_loop import SealingThread
from service.store.embedded import EmbeddedPostgres
from service.store.launch import tied_command
from service.store.migrate import migrate

THREADS = 4
START_SECONDS = 60.0
STOP_SECONDS = 25.0
COUNTED_IN = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client lets several processes count together
DEMO_USER = "demo"
DEMO_DAYS = 90

EXAMPLE = {
    "reference": "REQ-1",
    "worker": {
        "name": "Phyo Tok Bin",
        "date_of_birth": "1988-04-17",
        "nationalities": [{"country": "PRK", "evidence": "passport"}],
        "protection": {"status": "none"},
    },
    "contract": {
        "finalised_on": "2018-02-10",
        "written": True,
        "starts_on": "2018-03-05",
        "open_ended": True,
        "remuneration": "paid",
    },
    "work": {"country": "RU", "employer_country": "RU"},
    "authorisation": {"kind": "work_permit", "issued_on": "2018-03-01"},
    "counterparties": [{"role": "legal_employer", "name": "Belogorsk Masonry LLC", "country": "RU"}],
}


@click.command()
@demo_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.pass_obj
def serve(config: Config, demo: bool, host: str, port: int, workers: int) -> None:
    """Start the service, on an embedded PostgreSQL unless DATABASE_URL is set."""
    config = in_mode(config, demo=demo)
    listener = bind(host, port)
    # A stop must pass through the context managers, so that the database stops after the workers.
    signal.signal(signal.SIGTERM, _interrupt)
    if config.database_url is not None:
        code = _serve(config, listener, workers, None)
    else:
        with EmbeddedPostgres(config.home) as postgres:
            code = _serve(replace(config, database_url=postgres.url), listener, workers, postgres)
    if code:
        raise HirescreenError(f"The web server ended with status {code}.")


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; ConfigError names the address where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    listener.listen(256)
    return listener


def _serve(config: Config, listener: socket.socket, workers: int, postgres: EmbeddedPostgres | None) -> int:
    assert config.database_url is not None  # noqa: S101 - the caller gave one
    migrate(config.database_url)
    remove_abandoned()
    secret_key(config)  # one secret before several workers look for it
    announcement = _prepare(config)
    counted = Path(tempfile.mkdtemp(prefix="hirescreen-metrics-", dir=_shared_memory()))
    environment = {**config.child_env(), COUNTED_IN: str(counted)}
    child = subprocess.Popen(
        tied_command(sys.executable, *gunicorn_arguments(listener, workers)),
        env=environment,
        pass_fds=(listener.fileno(),),
        start_new_session=True,  # the terminal's Ctrl-C comes to us; we stop the workers in order
    )
    try:
        host, port = listener.getsockname()[:2]
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        await_answer(url, child)
        with ExitStack() as beside:
            if config.refreshes:
                beside.enter_context(WorkerBeside(environment))
            beside.enter_context(SealingThread(config))
            beside.enter_context(WatchThread(config))
            click.echo(announcement.replace("{url}", url))
            return postgres.run_beside(child) if postgres is not None else child.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(child)
        listener.close()
        shutil.rmtree(counted, ignore_errors=True)


def _shared_memory() -> Path | None:
    """A folder that is no disk, where the system has one."""
    folder = Path("/dev/shm")  # noqa: S108 - for heartbeats and counters, which must not touch a disk
    return folder if os.access(folder, os.W_OK) else None


def gunicorn_arguments(listener: socket.socket, workers: int) -> list[str]:
    """How this Python runs gunicorn on an inherited listening socket."""
    shared_memory = _shared_memory()
    heartbeat = [f"--worker-tmp-dir={shared_memory}"] if shared_memory else []
    return [
        "-m",
        "gunicorn",
        "--config=python:service.wsgi",
        "--preload",
        f"--bind=fd://{listener.fileno()}",
        f"--workers={workers}",
        "--worker-class=gthread",
        f"--threads={THREADS}",
        "--no-control-socket",
        "--timeout=30",
        "--graceful-timeout=20",
        "--keep-alive=5",
        "--limit-request-line=4094",
        "--limit-request-fields=50",
        "--limit-request-field_size=8190",
        "--log-level=warning",
        *heartbeat,
        "service.wsgi:application()",
    ]


def _prepare(config: Config) -> str:
    """Check the database once and say what the user can do next; ``{url}`` stands for the address."""
    service = build_service(config)
    with service.database:
        advice = service.database.check_safety()
        if config.mode is Mode.DEMO:
            key, password = _demo_credentials(service)
            return _demo_text(key, password)
        lines = ["URL: {url}", *advice]
        if not service.keys.all():
            lines.append("There is no API key yet: hirescreen keys create --name NAME --role screener")
        loaded = {version.list_id for version in service.lists.active()}
        lines += [
            f"The required list {list_id} is not loaded: hirescreen lists update {list_id}"
            for list_id in config.required_lists
            if list_id not in loaded
        ]
        return "\n".join(lines)


def _demo_credentials(service: Service) -> tuple[str, str]:
    """The demo's key and password: those of the last start where the database still knows them."""
    path = service.config.home / "demo-credentials.json"
    with suppress(OSError, ValueError, KeyError):
        kept = json.loads(path.read_text())
        found = service.keys.find(hashlib.sha256(kept["key"].encode()).digest())
        if found is not None and found.revoked_at is None and service.accounts.find(DEMO_USER):
            return kept["key"], kept["password"]
    key = create_key(service, "demo", "admin", DEMO_DAYS)
    password = secrets.token_urlsafe(12)
    if service.accounts.find(DEMO_USER) is None:
        create_account(service, DEMO_USER, "admin", password)
    else:
        service.accounts.set_password(DEMO_USER, hash_password(password))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"key": key, "password": password}, file)
    return key, password


def _demo_text(key: str, password: str) -> str:
    request = json.dumps(EXAMPLE, ensure_ascii=False)
    headers = f"-H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
    return "\n".join(
        (
            "",
            "hirescreen runs in demo mode: not for real decisions.",
            "URL: {url}",
            f"API key: {key}",
            f"Sign in at {{url}}/ as {DEMO_USER} with the password {password}",
            "",
            "Try it:",
            f"curl -s {{url}}/v1/screenings {headers} -d '{request}'",
            "",
            "Stop with Ctrl-C.",
        )
    )


def await_answer(url: str, child: subprocess.Popen[bytes]) -> None:
    """Wait until the web server answers; HirescreenError where it ends first or takes too long."""
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        if child.poll() is not None:
            raise HirescreenError("The web server did not start; its reason stands above.")
        # Our own address, so the scheme is known.
        with suppress(OSError), urllib.request.urlopen(f"{url}/livez", timeout=5):  # noqa: S310
            return
        sleep(0.1)
    raise HirescreenError(f"The web server did not answer within {START_SECONDS:.0f} s.")


def _stop(child: subprocess.Popen[bytes]) -> None:
    for stop_signal in (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL):
        if child.poll() is not None:
            return
        with suppress(ProcessLookupError):
            child.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
