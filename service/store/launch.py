"""Become another program: leave root, end with the owner, then exec. Standard library only.

Run as a script (``python -I -S launch.py OWNER_PID IDENTITY PROGRAM ARGUMENT…``) between fork and exec,
where a callback inside the owner's process could deadlock. IDENTITY is ``self`` (stay as we are),
``namespace:UID`` (root only: a user namespace in which we are UID; files stay root's) or ``user:UID:GID``.
Exits with 71 and one line on standard error where the kernel refuses the identity.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

REFUSED = 71  # EX_OSERR of sysexits.h
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1


def tied_command(program: str, *arguments: str, identity: str = "self") -> list[str]:
    """The command line that runs ``program`` under ``identity`` and ends it when this process dies.

    Start it from a thread that lives as long as the process: the kernel watches the starting thread.
    """
    launcher = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]
    return [*launcher, str(os.getpid()), identity, program, *arguments]


def enter_namespace(uid: int) -> None:
    """Become ``uid`` within a new user namespace; OSError where the kernel or a container refuses."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    process = Path("/proc/self")
    outer_uid, outer_gid = 0, 0  # only root comes here
    (process / "setgroups").write_text("deny")
    (process / "uid_map").write_text(f"{uid} {outer_uid} 1")
    (process / "gid_map").write_text(f"{uid} {outer_gid} 1")


def become_user(uid: int, gid: int) -> None:
    """Drop root for good; OSError where the container lacks the right to."""
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def end_with_owner(owner: int) -> None:
    """Have the kernel stop us when the owner dies; must come after every change of identity.

    SIGINT is the fast shutdown of PostgreSQL and of gunicorn. Where the owner has died already, our
    parent is another.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != owner:
        raise SystemExit(REFUSED)


def main(owner: str, identity: str, program: str, *arguments: str) -> None:
    """Change identity, tie our life to the owner's and exec the program."""
    kind, *numbers = identity.split(":")
    try:
        if kind == "namespace":
            enter_namespace(int(numbers[0]))
        elif kind == "user":
            become_user(int(numbers[0]), int(numbers[1]))
    except OSError as refused:
        sys.stderr.write(f"{refused.strerror}\n")
        raise SystemExit(REFUSED) from refused
    end_with_owner(int(owner))
    try:
        os.execv(program, [program, *arguments])  # noqa: S606 - no shell is the point
    except OSError as refused:
        sys.stderr.write(f"{program}: {refused.strerror}\n")
        raise SystemExit(REFUSED) from refused


if __name__ == "__main__":
    main(*sys.argv[1:])
