"""Which engines this host may run: by their digests, in a file of its own, outside the database.

An engine is code. Were the database's word enough, whoever can write a row could run a program here. A digest
comes into the file when this host runs that engine itself, or by an operator's word.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")


class KnownEngines:
    """Reads and extends the file; safe for several processes, which only ever append whole lines."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def knows(self, sha256: str) -> bool:
        """Whether this host may run the engine; False where the file cannot be read."""
        try:
            return sha256 in self._path.read_text(encoding="ascii").split()
        except OSError:
            return False

    def trust(self, sha256: str) -> bool:
        """Let this host run an engine; False where it might already. ValueError for what is no digest, OSError."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("the digest of an engine has 64 hexadecimal digits")
        if self.knows(sha256):
            return False
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{sha256}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return True
