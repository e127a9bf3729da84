"""The witness that is a file elsewhere: on another machine's mount, or one to which only can be appended."""

from __future__ import annotations

import os
from pathlib import Path

from service.audit.checkpoint import SignedHead, parse_head
from service.audit.heads import BLANK, TAIL_BYTES, whole_records
from service.audit.signing import sync_folder
from service.audit.witness import Evidence
from service.errors import ProofError, WitnessError


class FileWitness:
    """Appends every head, in the form of the sealer's own file of heads, and forces it to disk.

    It only ever appends, so the file may carry the append-only attribute (``chattr +a``) and belong to
    somebody else. A head that contradicts the newest one there is not written.
    """

    name = "file"
    every_seconds: float | None = None

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def place(self) -> str:
        return str(self.path)

    def deliver(self, head: SignedHead) -> Evidence | None:
        """Append ``head``, unless it stands there last; WitnessError where it contradicts what does."""
        tail = self._tail()
        last = self._last(tail, head.checkpoint.origin)
        if last is not None and last.checkpoint == head.checkpoint:
            return None
        if last is not None and last.size >= head.size:
            raise WitnessError(f"{self.path} has a head of size {last.size} already")
        new = not self.path.exists()
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        try:
            # one that a crash cut off is ended by an empty line, so that what follows begins anew
            ending = b"" if not tail or tail.endswith(BLANK) else b"\n" if tail.endswith(b"\n") else BLANK
            os.write(file, ending + f"{head}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)
        if new:
            sync_folder(self.path.parent)
        return None

    def _tail(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
                return file.read()
        except FileNotFoundError:
            return b""

    def _last(self, tail: bytes, origin: str) -> SignedHead | None:
        """The newest whole head of ``origin``; what is no head (cut off by a crash) is passed over."""
        for record in reversed(whole_records(tail)):
            try:
                head = parse_head(record)
            except ProofError:
                continue
            if head.checkpoint.origin == origin:
                return head
        return None
