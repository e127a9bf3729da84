"""The program that decides, as one archive: every module and table that a decision passes through.

The archive is a ZIP without compression, in the order of the names and without times, so the same files give the
same bytes on every machine; its SHA-256 names the engine. It holds what :mod:`service.replay.engine_process`
imports from ``service``, found by reading the imports, and the data files beside those modules. Packages of others
are not in it: their versions are named beside it (``runtime``).
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import platform
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from service import __version__
from service.packaged import PACKAGE

ENTRY = "service.replay.engine_process"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can state
_DATA = {".tsv", ".toml", ".txt"}
_DIGESTED = ("rulebook", "screening")  # whole, for the rulebook's digest is over every module of these
_PURE = {"lists", "matching", "nationality", "rulebook", "screening"}  # the packages that have tables


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningEngine:
    """The engine that this process decides by. ``runtime`` maps Python and foreign packages to their versions."""

    version: str
    sha256: str
    runtime: dict[str, str]

    @property
    def runtime_sha256(self) -> str:
        return runtime_digest(self.runtime)

    @property
    def named(self) -> dict[str, str]:
        """What a leaf states of it beside its version."""
        return {"sha256": self.sha256, "runtime": self.runtime_sha256}


def runtime_digest(runtime: dict[str, str]) -> str:
    """SHA-256 (hex) over the versions that an engine ran with."""
    return hashlib.sha256(json.dumps(runtime, sort_keys=True).encode()).hexdigest()


@cache
def running_engine() -> RunningEngine:
    """The engine of this program; read once."""
    _, foreign = _imports()
    return RunningEngine(version=__version__, sha256=hashlib.sha256(archive()).hexdigest(), runtime=_runtime(foreign))


@cache
def archive() -> bytes:
    """The bytes of the running engine's archive; read once, early, for its files may be replaced by newer ones."""
    modules, _ = _imports()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for path in sorted(_with_data(modules), key=_name):
            entry = zipfile.ZipInfo(_name(path), date_time=_FIRST_DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def _with_data(modules: frozenset[Path]) -> Iterator[Path]:
    """The modules, what is digested beside them, and the tables of the pure packages among them."""
    yield from modules
    for package in _DIGESTED:
        yield from (path for path in (PACKAGE / package).glob("*.py") if path not in modules)
    for package in sorted({path.relative_to(PACKAGE).parts[0] for path in modules} & _PURE):
        yield from (data for data in (PACKAGE / package).rglob("*") if data.suffix in _DATA)


@cache
def _imports() -> tuple[frozenset[Path], frozenset[str]]:
    """The modules of ``service`` that the entry reaches, and the names of foreign packages that those import."""
    modules: dict[str, Path] = {}
    foreign: set[str] = set()
    waiting = [ENTRY]
    while waiting:
        module = waiting.pop()
        path = _path(module)
        if module in modules or path is None:
            continue
        modules[module] = path
        waiting += [module.rpartition(".")[0]] if "." in module else []
        for name in _imported(path):
            if name.partition(".")[0] == "service":
                waiting.append(name)
            elif name.partition(".")[0] not in sys.stdlib_module_names:
                foreign.add(name.partition(".")[0])
    return frozenset(modules.values()), frozenset(foreign)


def _path(module: str) -> Path | None:
    """The file of a module of ours; None for a name that is none (a function imported from one)."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    found = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return found if found.is_file() else None


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _runtime(foreign: frozenset[str]) -> dict[str, str]:
    """The versions of Python and of the packages that hold the foreign modules."""
    holders = metadata.packages_distributions()
    names = {name for module in foreign for name in holders.get(module, ())}
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in sorted(names)}}
