"""Past issues of a list out of a git bundle: every commit that changed its files is an issue.

Some people keep a publisher's files by committing them whenever they change, and hand the history on as
one file (``git bundle``). The bundle is cloned into a folder given by the caller; nothing of it is run.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Self, cast

from service.errors import MalformedListError
from service.intake.history import Issue
from service.lists.container import PlainFile, unpack
from service.lists.sources import ListSource

_SIGNATURE = b"# v"
_IN_MEMORY = 16 * 1024 * 1024
_SECONDS = 600


def is_bundle(path: Path) -> bool:
    """Whether ``path`` is a git bundle by its first line."""
    with path.open("rb") as stream:
        line = stream.readline(64)
    return line.startswith(_SIGNATURE) and line.rstrip().endswith(b"git bundle")


class BundleHistory:
    """The issues in one bundle; close it (or use it as a context manager) when they are loaded."""

    def __init__(self, path: Path, folder: Path, *, names: frozenset[str]) -> None:
        """Clone the bundle ``path`` to below ``folder``. ``names``: file names, in lower case, that make an issue.

        MalformedListError where it is no whole bundle, holds none of the files, or git is missing.
        """
        self._clone = folder / f"{path.stem}.git"
        if shutil.which("git") is None:
            raise MalformedListError("reading a git bundle needs the program git", where=path.name)
        arguments = ("clone", "--quiet", "--bare", "--no-hardlinks", "--template=", str(path.resolve()))
        _git(path.name, *arguments, str(self._clone))
        self._paths = self._paths_of(path.name, names)
        if not self._paths:
            raise MalformedListError(f"no file in it is called {', '.join(sorted(names))}", where=path.name)
        self._name = path.name
        self._reader = subprocess.Popen(
            ["git", "-C", str(self._clone), "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.communicate()

    def issues(self) -> list[Issue]:
        """One issue for each commit that changed a wanted file, the oldest first; its day is that of the commit."""
        found = []
        for line in self._log("--format=%H %cI", "--", *self._paths).splitlines():
            commit, instant = line.split(" ", 1)
            day = datetime.fromisoformat(instant).astimezone(UTC).date()
            found.append(Issue(f"{self._name} {day} {commit[:10]}", day, self._opener(commit)))
        return found

    def _opener(self, commit: str) -> Callable[[], AbstractContextManager[Sequence[PlainFile]]]:
        return lambda: self._opened(commit)

    @contextmanager
    def _opened(self, commit: str) -> Iterator[Sequence[PlainFile]]:
        with ExitStack() as opened:
            files = []
            for path in self._paths:
                spool = opened.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY))
                if self._copy(f"{commit}:{path}", spool):
                    name = path.rsplit("/", 1)[-1]
                    files.append(opened.enter_context(unpack(cast(BinaryIO, spool), name)))
            yield files

    def _copy(self, name: str, into: IO[bytes]) -> bool:
        """Copy one object; False where there is none of that name."""
        pipe, answers = self._reader.stdin, self._reader.stdout
        assert pipe is not None and answers is not None  # noqa: S101, PT018 - both are pipes
        pipe.write(f"{name}\n".encode())
        pipe.flush()
        head = answers.readline().split()
        if len(head) != 3:
            return False
        left = int(head[2])
        while left:
            chunk = answers.read(min(left, 1 << 20))
            if not chunk:
                raise MalformedListError("git broke off", where=self._name)
            into.write(chunk)
            left -= len(chunk)
        answers.read(1)  # the line end after the object
        return True

    def _paths_of(self, bundle: str, names: frozenset[str]) -> list[str]:
        every = _git(bundle, "-C", str(self._clone), "-c", "core.quotePath=false", "log", "--format=", "--name-only")
        return sorted({path for path in every.splitlines() if path.rsplit("/", 1)[-1].lower() in names})

    def _log(self, *arguments: str) -> str:
        return _git(self._name, "-C", str(self._clone), "log", "--reverse", *arguments)


def names_of(source: ListSource) -> frozenset[str]:
    """The names, in lower case, under which the publisher offers the files of a list."""
    return frozenset(file.address.rsplit("/", 1)[-1].lower() for file in source.files)


def _git(bundle: str, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        raise MalformedListError("git cannot read it as a whole bundle", where=bundle) from error
    return done.stdout.decode(errors="replace")
