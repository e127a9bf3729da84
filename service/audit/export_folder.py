"""A folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.audit.manifest import NAME as MANIFEST
from service.audit.signing import sync_folder
from service.errors import ExportError

PRIVATE = 0o700


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside ``target`` that becomes it when the block ends well, and is removed otherwise.

    ExportError where ``target`` is there already and not an empty folder. A folder that cannot be replaced (the
    root of a volume, the working folder) is filled instead, the manifest last.
    """
    _demand_empty(target)
    fixed = _cannot_be_replaced(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = (target if fixed else target.parent) / f".{target.name}.{os.getpid()}.partial"
    partial.mkdir(mode=PRIVATE)
    try:
        yield partial
        sync_tree(partial)
        if fixed:
            _fill(target, partial)
        else:
            _demand_empty(target)
            partial.rename(target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def sync_tree(folder: Path) -> None:
    """Force every file below a folder, and their names, to disk."""
    for parent, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(parent, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(parent))


def _demand_empty(target: Path) -> None:
    try:
        mode = target.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(mode):
        raise ExportError(f"{target} is there already and is no folder; name a new one.")
    if any(target.iterdir()):
        raise ExportError(f"{target} is not empty; an export is written to a new folder or an empty one.")


def _cannot_be_replaced(target: Path) -> bool:
    return target.is_dir() and (target.is_mount() or target.resolve() == Path.cwd())


def _fill(target: Path, partial: Path) -> None:
    for path in sorted(partial.iterdir(), key=lambda path: path.name == MANIFEST):
        path.rename(target / path.name)
    sync_folder(target)
