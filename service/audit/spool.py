"""Temporary folders for exports on their way out, which outlive nobody: a killed process leaves none for long.

A folder is locked for as long as its process lives. Whoever makes the next one, or starts the service, removes
those that nobody holds any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "hirescreen-export-"
YOUNG_SECONDS = 60.0  # a folder is made a moment before it is locked


@dataclass(slots=True)
class Spool:
    """An empty folder that this process alone may read, until :meth:`remove`."""

    folder: Path
    _held: int | None = field(repr=False)

    def remove(self) -> None:
        """Remove the folder with what is in it; a second time it does nothing."""
        held, self._held = self._held, None
        if held is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            os.close(held)


def new_spool() -> Spool:
    """A spool in the system's folder for temporary files."""
    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    return Spool(folder, _hold(folder))


def remove_abandoned() -> None:
    """Remove the spools whose process has ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another user's, or gone meanwhile, or held
            if time.time() - folder.stat().st_mtime > YOUNG_SECONDS:
                os.close(_hold(folder))
                shutil.rmtree(folder, ignore_errors=True)


def _hold(folder: Path) -> int:
    """A descriptor that keeps the folder locked; OSError where another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
