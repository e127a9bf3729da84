"""What a site that makes bundles keeps: its signing keys, and the number of the last bundle."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from service.audit.signing import KeyRing, sync_folder
from service.errors import BundleError, ConfigError

FOLDER = "list-bundles"  # in the home folder
KEYS_FILE, SEQUENCE_FILE, LOCK_FILE = "signing-keys.json", "sequence", "lock"


def key_ring(folder: Path) -> KeyRing:
    """The bundle keys of a site; ``folder`` is that of its bundles."""
    return KeyRing(folder / KEYS_FILE)


def next_sequence(folder: Path) -> int:
    """A number higher than that of any bundle before; kept before it is used, so no number is used twice."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / SEQUENCE_FILE
    with (folder / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        text = path.read_text("ascii").strip() if path.exists() else "0"
        if not text.isdigit():
            raise ConfigError(f"{path} does not hold the number of the last bundle.")
        number = int(text) + 1
        with replaced(path) as file:
            file.write(b"%d\n" % number)
    return number


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` once it is whole and on disk; BundleError where it cannot be written."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise BundleError(f"{path} cannot be written ({error.strerror}).") from error
    finally:
        with suppress(OSError):
            fresh.unlink()
