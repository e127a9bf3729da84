"""What a witness was given last, kept beside the file of heads: outside the database, and safe from a crash."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from service.audit.signing import sync_folder
from service.errors import WitnessError


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """The last head that a witness took, and its failures since.

    ``size`` is None before the first; times are RFC 3339 in UTC; ``reason`` is one line without personal data.
    """

    size: int | None = None
    delivered_at: str | None = None
    failures: int = 0
    failing_since: str | None = None
    failed_at: str | None = None
    reason: str | None = None

    def failing_seconds(self, now: datetime) -> float:
        """For how long nothing got through; 0 while all is well."""
        if self.failing_since is None:
            return 0.0
        return (now - datetime.fromisoformat(self.failing_since)).total_seconds()


class Journal:
    """The state of one witness for one origin, in a small file of its own."""

    def __init__(self, folder: Path, origin: str, witness: str) -> None:
        self.path = folder / "witnesses" / f"{quote(origin, safe='')}.{witness}.json"

    def read(self) -> Delivered:
        """The state; WitnessError where the file is there and cannot be read."""
        try:
            return Delivered(**json.loads(self.path.read_text("utf-8")))
        except FileNotFoundError:
            return Delivered()
        except (ValueError, TypeError, OSError) as damaged:
            raise WitnessError(f"{self.path} cannot be read: remove it to begin with the newest head.") from damaged

    def delivered(self, size: int) -> None:
        """The witness took the head of ``size``: its failures are over."""
        self._write(Delivered(size=size, delivered_at=_now()))

    def failed(self, reason: str) -> Delivered:
        """The witness did not take a head; the state after that."""
        before, now = self.read(), _now()
        after = replace(
            before,
            failures=before.failures + 1,
            failing_since=before.failing_since or now,
            failed_at=now,
            reason=" ".join(reason.split())[:300],
        )
        self._write(after)
        return after

    def _write(self, state: Delivered) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(asdict(state), file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            sync_folder(self.path.parent)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
