"""The files of the embedded server: makes its data folder, checks it, and clears what a kill left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from service.errors import ConfigError, StoreUnavailableError
from service.store.launch import tied_command


def create_cluster(data: Path, *, initdb: Path, identity: str, superuser: str) -> None:
    """Run initdb beside the place and move the finished folder there: never half a cluster.

    ConfigError with initdb's reason where it fails.
    """
    unfinished = data.with_suffix(".new")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700)
    if identity.startswith("user:"):
        uid, gid = identity.split(":")[1:]
        os.chown(unfinished, int(uid), int(gid))
    options = [
        f"--pgdata={unfinished}",
        f"--username={superuser}",
        "--auth=trust",  # only this user reaches the socket's folder
        "--encoding=UTF8",
        "--locale=C.UTF-8",  # with C, trigrams of non-Latin names are silently empty
        "--data-checksums",
    ]
    command = tied_command(str(initdb), *options, identity=identity)
    surroundings = {"PATH": os.defpath}  # the options say everything
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ConfigError(f"initdb failed: {reason[-1] if reason else done.returncode}")
    unfinished.rename(data)


def check_major(data: Path, postgres: Path) -> None:
    """ConfigError where another major version made the data folder: its files cannot be read."""
    created_by = (data / "PG_VERSION").read_text().strip()
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    version = said.split()[2]  # "postgres (PostgreSQL) 18.6"
    if version.split(".")[0] != created_by:
        raise ConfigError(f"{data} was made by PostgreSQL {created_by}; the one installed is {version}.")


def read_pid(data: Path) -> int | None:
    """The process that ``postmaster.pid`` names; None where the file is absent or not yet whole."""
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def drop_stale_files(data: Path, sockets: Path) -> None:
    """Remove the pid file and the socket of a killed server; call with the lock held: none of ours lives.

    PostgreSQL itself judges by the number in the file, which a zombie or a stranger may have by now. A
    server that somebody started by hand has no part in the lock, but it works in the data folder:
    StoreUnavailableError.
    """
    if sys.platform != "linux":  # without /proc PostgreSQL's own judgement stands
        return
    pid = read_pid(data)
    with suppress(OSError):  # no such process, or a zombie, which works nowhere
        if pid is not None and Path(f"/proc/{pid}/cwd").samefile(data):
            raise StoreUnavailableError(f"Process {pid} runs a PostgreSQL in {data}: stop it first.")
    for stale in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
