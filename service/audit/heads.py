"""The file of signed heads: what the sealer remembers outside the database, so that a changed one is noticed.

One file an origin, notes one after another with an empty line after each, so that a text editor shows it
and any head can be cut out. A head counts once it is on disk; one that a crash left half-written was never
given to anybody.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from service.audit.checkpoint import SignedHead, parse_head
from service.audit.note import DASH
from service.audit.signing import sync_folder
from service.errors import HirescreenError, ProofError, SealingStoppedError

TAIL_BYTES = 1 << 16
BLANK = b"\n\n"


class HeadsFile:
    """The heads of one origin, oldest first; sizes only grow."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self.path = folder / f"{quote(origin, safe='')}.heads"

    def last(self) -> SignedHead | None:
        """The newest head; None where nothing was signed. SealingStoppedError where the file is damaged."""
        try:
            with self.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - TAIL_BYTES))
                records = whole_records(file.read())
        except FileNotFoundError:
            return None
        if records:
            return self._parsed(records[-1])
        if size > 0:
            raise SealingStoppedError(f"{self.path} holds no whole head.")
        return None

    def all(self) -> Iterator[SignedHead]:
        """Every head. SealingStoppedError where one is damaged or the sizes do not grow."""
        if not self.path.exists():
            return
        size = 0
        for record in whole_records(self.path.read_bytes()):
            head = self._parsed(record)
            if head.size <= size:
                raise SealingStoppedError(f"{self.path} has size {head.size} after size {size}.")
            size = head.size
            yield head

    def since(self, size: int) -> list[SignedHead]:
        """The heads of more than ``size`` leaves, oldest first, read from the end of the file.

        SealingStoppedError where one is damaged.
        """
        window = TAIL_BYTES
        while True:
            try:
                with self.path.open("rb") as file:
                    length = file.seek(0, os.SEEK_END)
                    file.seek(max(0, length - window))
                    records = whole_records(file.read())
            except FileNotFoundError:
                return []
            whole = window >= length
            heads = [self._parsed(record) for record in (records if whole else records[1:])]  # the first may be cut
            if whole or (heads and heads[0].size <= size):
                return [head for head in heads if head.size > size]
            window *= 4

    def append(self, head: SignedHead) -> None:
        """Add a head and force it to disk; nothing happens where it stands there already.

        HirescreenError where another process holds the file or went ahead meanwhile.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked() as file:
            last = self.last()
            if last is not None and last.size >= head.size:
                if last.checkpoint == head.checkpoint:
                    return
                raise HirescreenError(f"Another sealer signed size {last.size} meanwhile.")
            os.ftruncate(file, whole_length(self.path))
            os.write(file, f"{head}\n".encode())
            os.fsync(file)
            sync_folder(self.path.parent)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
        except BlockingIOError as held:
            raise HirescreenError(f"Another process holds {self.path}.") from held
        finally:
            os.close(file)

    def _parsed(self, record: bytes) -> SignedHead:
        try:
            head = parse_head(record)
        except ProofError as damaged:
            raise SealingStoppedError(f"A head in {self.path} is damaged: {damaged}") from damaged
        if head.checkpoint.origin != self.origin:
            raise SealingStoppedError(f"A head in {self.path} is of another log, {head.checkpoint.origin}.")
        return head


def whole_records(data: bytes) -> list[bytes]:
    """The notes in (the tail of) a file of heads, without one that is cut off at its end.

    Where the data begin within a note, what is left of it comes first and is no note.
    """
    blocks = data.split(BLANK)[:-1]  # the last one is empty or cut off
    records, text = [], b""
    for block in blocks:
        if block.startswith(DASH.encode()):
            records.append(text + BLANK + block + b"\n")
            text = b""
        else:
            text = block
    return records


def whole_length(path: Path) -> int:
    """How many bytes of the file are whole notes."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    end = len(tail)
    while end > 0:
        end = tail.rfind(BLANK, 0, end) + len(BLANK) if BLANK in tail[:end] else 0
        line = tail[: end - len(BLANK)].rpartition(b"\n")[2]
        if end and line.startswith(DASH.encode()):
            return start + end
        end = max(0, end - 1)
    return start
