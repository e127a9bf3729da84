"""The rules as one text whose SHA-256 is the one that decisions name: the modules that decide, each after its name.

Of the rules of this program the modules lie beside this one; of earlier rules they lie in the archive of an engine
that decided by them (``service.replay.engine``).
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

PACKAGES = ("service.rulebook", "service.screening")


def rule_text(sha256: str, engine_with: Callable[[str], bytes | None]) -> bytes | None:
    """The text of the rules with this digest (hex); None where it is not kept.

    ``engine_with`` gives the archive of an engine that decided by rules with a digest.
    """
    if sha256 == hashlib.sha256(running_text()).hexdigest():
        return running_text()
    archive = engine_with(sha256)
    text = _archived_text(archive) if archive is not None else b""
    return text if hashlib.sha256(text).hexdigest() == sha256 else None


@cache
def running_text() -> bytes:
    """The text of the rules of this program; read once, for its files may be replaced by newer ones."""
    return b"".join(
        _in_order(
            package, ((each.name, each.read_bytes()) for each in files(package).iterdir() if each.name.endswith(".py"))
        )
        for package in PACKAGES
    )


def _archived_text(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return b"".join(_in_order(package, _members(file, package)) for package in PACKAGES)


def _members(file: zipfile.ZipFile, package: str) -> Iterable[tuple[str, bytes]]:
    folder = package.replace(".", "/") + "/"
    for name in file.namelist():
        if name.startswith(folder) and name.endswith(".py") and "/" not in name.removeprefix(folder):
            yield name.removeprefix(folder), file.read(name)


def _in_order(package: str, modules: Iterable[tuple[str, bytes]]) -> bytes:
    return b"".join(f"{package}/{name}\n".encode() + source for name, source in sorted(modules))
