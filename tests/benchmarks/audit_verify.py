"""Write an export of many entries and time ``verify_audit.py`` on it.

Run: python -m tests.benchmarks.audit_verify [ENTRIES] [PYTHON]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from service.audit import verify_audit
from service.audit.checkpoint import Checkpoint
from service.audit.leaf import leaf_hash
from service.audit.manifest import write_manifest
from service.audit.merkle import GrowingTree
from service.audit.signing import sign_checkpoint
from service.records import AuditRecord
from tests.audit_exports import KEY, ORIGIN, VKEY, an_entry, write_entries

HEAD_EVERY = 1000


def write_large(folder: Path, count: int) -> None:
    """An export of ``count`` entries with a head for every thousand."""
    tree = GrowingTree()

    def followed() -> Iterator[tuple[int, AuditRecord]]:
        with (folder / "heads.log").open("w") as heads:
            for index in range(count):
                entry = an_entry(index)
                tree.append(leaf_hash(entry.leaf))
                if tree.size % HEAD_EVERY == 0:
                    heads.write(f"{sign_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root()), [KEY])}\n")
                yield index, entry

    write_entries(folder, followed())
    (folder / "checkpoint").write_text(str(sign_checkpoint(Checkpoint(ORIGIN, count, tree.root()), [KEY])))
    write_manifest(folder, {"origin": ORIGIN}, selection=None)


def main(count: int = 1_000_000, python: str = sys.executable) -> None:
    """Print how long the check took and what memory it used."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_large(folder, count)
        size = sum(path.stat().st_size for path in folder.iterdir())
        started = monotonic()
        subprocess.run([python, "-I", verify_audit.__file__, str(folder), "--vkey", VKEY], check=True)
        seconds = monotonic() - started
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{count:,} entries, {size / 1e6:,.0f} MB: {seconds:.1f} s ({used.ru_utime:.1f} s of one core)")
        print(f"{used.ru_maxrss / 1024:.0f} MB of memory")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]), *sys.argv[2:3])
