"""Where the embedded server's socket lies: in the data folder, or nearer where that path is too long."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from service.errors import ConfigError

LONGEST_SOCKET_NAME = ".s.PGSQL.65535"
LONGEST_PATH = 103  # bytes: sockaddr_un without its final NUL, 107 on Linux and 103 on macOS


def socket_folder(data: Path, *, create: bool = False) -> Path:
    """The folder for the socket of the server in ``data``; the same answer in every process.

    With ``create`` a folder outside ``data`` is made, or checked to be ours alone: ConfigError where
    somebody else holds that name.
    """
    if len(os.fsencode(data / LONGEST_SOCKET_NAME)) <= LONGEST_PATH:
        return data
    # not the temporary folder of the environment: that may differ between two processes of one user
    folder = Path("/tmp") / f"hirescreen-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108
    if create:
        _make_private(folder, owner=data.stat().st_uid)
    return folder


def _make_private(folder: Path, *, owner: int) -> None:
    """Make ``folder`` for ``owner`` alone; what stands there already must be exactly that."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise ConfigError(f"{folder} belongs to somebody else: choose a shorter HIRESCREEN_HOME.")
