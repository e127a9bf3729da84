"""The file of erasures: what was erased, remembered outside the database, so that a restored backup forgets it again.

It lies beside the signed heads, one JSON line an erasure, appended and forced to disk before the erasure commits. It
holds ids of screenings and of audit entries, never a person's data. A line that a crash cut off was of an erasure
that did not commit; one that is damaged stops the service, for what it named could come back.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from service.audit.leaf import timestamp
from service.audit.signing import sync_folder
from service.errors import ErasureFileError

NAME = "erasures.jsonl"
TAIL_BYTES = 1 << 20  # no line is longer


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """One erasure that was carried out. ``by`` names who asked and who approved, as kind and id."""

    id: UUID
    entry_id: UUID  # of the audit entry that says so
    at: datetime
    ground: str
    by: tuple[str, ...]
    screenings: tuple[UUID, ...]

    def line(self) -> str:
        """As one line of JSON."""
        content = {
            "v": 1,
            "erasure": str(self.id),
            "entry": str(self.entry_id),
            "at": timestamp(self.at),
            "ground": self.ground,
            "by": list(self.by),
            "screenings": [str(each) for each in self.screenings],
        }
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def read(cls, line: str) -> Erased:
        """What a line says. ValueError, KeyError or TypeError where it is none of ours."""
        content: dict[str, Any] = json.loads(line)
        if content["v"] != 1:
            raise ValueError("an unknown version")
        return cls(
            id=UUID(content["erasure"]),
            entry_id=UUID(content["entry"]),
            at=datetime.fromisoformat(content["at"]),
            ground=str(content["ground"]),
            by=tuple(_named(each) for each in content["by"]),
            screenings=tuple(UUID(each) for each in content["screenings"]),
        )


def _named(text: str) -> str:
    """Who acted, as kind and id; ValueError where an account has no id."""
    kind, _, account = text.partition(":")
    return f"{kind}:{UUID(account)}" if kind == "account" else text


class ErasureFile:
    """The erasures that this host knows, the oldest first."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME

    def all(self) -> tuple[Erased, ...]:
        """Every erasure; none where nothing was erased yet. ErasureFileError names a damaged line."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ErasureFileError(f"{self.path} cannot be read: {error.strerror}.") from error
        return tuple(self._read(number, line) for number, line in enumerate(text.split(b"\n")[:-1], 1))

    def append(self, erased: Iterable[Erased]) -> None:
        """Add erasures and force them to disk; those that stand there already are left out."""
        added = tuple(erased)
        known = {each.id for each in self.all()} if added else set[UUID]()
        news = [each for each in added if each.id not in known]
        if not news:
            return
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked() as file:
                os.ftruncate(file, _whole_length(file))
                _write(file, "".join(f"{each.line()}\n" for each in news).encode())
                os.fsync(file)
            sync_folder(self.path.parent)
        except OSError as error:
            raise ErasureFileError(f"{self.path} cannot be written: {error.strerror}.") from error

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _read(self, number: int, line: bytes) -> Erased:
        try:
            return Erased.read(line.decode("ascii"))
        except (ValueError, KeyError, TypeError) as damaged:
            raise ErasureFileError(
                f"Line {number} of {self.path} is damaged: take the file from a backup, or what it named can come back."
            ) from damaged


def _whole_length(file: int) -> int:
    """How many bytes of the file are whole lines."""
    size = os.fstat(file).st_size
    tail = os.pread(file, TAIL_BYTES, max(0, size - TAIL_BYTES))
    return size - len(tail) + tail.rfind(b"\n") + 1


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]
