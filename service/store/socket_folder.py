"""Where the embedded server's socket lies: in the data folder, or nearer where that path is too long."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from service.errors import ConfigError

SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes: sockaddr_un without its final NUL; macOS allows four less
PORTABLE_PATH = 103


def socket_folder(data: Path, *, create: bool = False) -> Path:
    """The folder for the socket of the server in ``data``; the same answer in every process.

    With ``create`` a folder outside ``data`` is made, or checked to be ours alone: ConfigError where
    somebody else holds that name.
    """
    if len(os.fsencode(data / SOCKET_NAME)) <= PORTABLE_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"hirescreen-{name}"
    if create:
        folder.mkdir(mode=0o700, exist_ok=True)
        # without the file, of the owner of the data (the server creates the socket there)
        owner = data.stat().st_uid
        if os.geteuid() == 0 and folder.lstat().st_uid == 0 and owner != 0:
            os.chown(folder, owner, -1, follow_symlinks=False)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
            raise ConfigError(f"{folder} belongs to somebody else: choose a shorter HIRESCREEN_HOME.")
    return folder
