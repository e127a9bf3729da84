"""Prints what came of each fault of a list server: ``python -m tests.benchmarks.list_faults``.

The table of ``tests.list_faults`` against a server on loopback and a PostgreSQL of its own. Ends with status 1
where a fault had another outcome than is due.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from tests.list_faults import Result, bench, faults


def main() -> int:
    """Run every fault and print the outcomes; how many were not as due."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        migrate(server.url)
        with bench(server.url) as tried:
            results = [tried.run(fault) for fault in faults()]
    Console(width=200).print(table(results))
    wrong = [result for result in results if not result.as_due]
    activated = [result for result in results if result.serves != 1]
    print(f"{len(results)} faults and good lists; {len(activated)} came into service; {len(wrong)} not as due")
    return len(wrong)


def table(results: list[Result]) -> Table:
    shown = Table("what the server did", "outcome", "serves", "audit", "ms", "reason")
    for result in results:
        serves = "the old one" if result.serves == 1 else "the new one"
        mark = "" if result.as_due else " (!)"
        shown.add_row(
            result.fault.name,
            result.outcome + mark,
            serves,
            ", ".join(result.recorded),
            f"{1000 * result.seconds:.0f}",
            result.reason[:110],
        )
    return shown


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
