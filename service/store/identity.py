"""As whom the embedded PostgreSQL runs: PostgreSQL refuses to run as root.

An ordinary user runs it as itself. Root runs it in a user namespace, where the server sees itself as
``nobody`` while its files stay root's. Where a container forbids namespaces, it runs as another user of
the system; only our own home folder is opened to that user, never a folder above it.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

from service.errors import ConfigError
from service.store.launch import tied_command

USERS = ("postgres", "nobody")  # who may stand in for root, the first that exists
ADVICE = "run hirescreen as an ordinary user, or set DATABASE_URL"


def choose_identity(home: Path, data: Path, postgres: Path) -> str:
    """The IDENTITY for launch.py; prepares ``home`` for it. ConfigError where nobody can run ``postgres``.

    Files that exist decide: a data folder is always run as the user who owns it.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ConfigError(f"{data} belongs to another user (uid {owner}).")
        _try(postgres, "self")
        return "self"
    if not owner:
        namespace = f"namespace:{pwd.getpwnam('nobody').pw_uid}"
        refusal = _refusal(postgres, namespace)
        if refusal is None:
            return namespace
        if owner == 0:
            raise ConfigError(f"PostgreSQL cannot run as root here ({refusal}), who owns {data}: {ADVICE}.")
    user = pwd.getpwuid(owner) if owner else _stand_in()
    identity = f"user:{user.pw_uid}:{user.pw_gid}"
    os.chown(home, -1, user.pw_gid)
    home.chmod(0o710)  # the user may pass through our folder to its own, and list nothing
    _try(postgres, identity)
    _check_way(home, user)
    return identity


def _stand_in() -> pwd.struct_passwd:
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ConfigError(f"PostgreSQL refuses to run as root, and no user is {' or '.join(USERS)}: {ADVICE}.")


def _try(postgres: Path, identity: str) -> None:
    refusal = _refusal(postgres, identity)
    if refusal is not None:
        raise ConfigError(f"PostgreSQL cannot be run ({refusal}): {ADVICE}.")


def _refusal(program: Path, identity: str) -> str | None:
    """Why ``program --version`` does not run under ``identity``; None where it does."""
    command = tied_command(str(program), "--version", identity=identity)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else (done.stderr.strip() or f"exit code {done.returncode}")


def _check_way(home: Path, user: pwd.struct_passwd) -> None:
    """Refuse a home that ``user`` cannot reach: opening folders above it is not ours to do."""
    for folder in reversed(home.parents):
        mode, owner, group = (found := folder.stat()).st_mode, found.st_uid, found.st_gid
        passable = mode & (0o100 if owner == user.pw_uid else 0o010 if group == user.pw_gid else 0o001)
        if not passable:
            raise ConfigError(
                f"PostgreSQL runs as {user.pw_name} here and {folder} is closed to it: set HIRESCREEN_HOME "
                "to a folder that it can reach (such as /var/lib/hirescreen), or set DATABASE_URL."
            )
