"""How long a proof takes to be served over the API, in a log of many entries.

Run: python -m tests.benchmarks.audit_proofs [ENTRIES] [PROOFS]
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import psycopg

from service.api_keys import fingerprint, generate_key
from service.app import build_service, create_app
from service.audit.proof import parse_proof
from service.config import Config, Mode
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from tests.benchmarks.audit_export import add_many, seal_everything

REACH_MS = 5.0


def main(count: int = 100_000, proofs: int = 500) -> None:
    """Print the figures; the exit status is 1 where the median is above five milliseconds."""
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres(Path(name) / "server") as server:
        migrate(server.url)
        config = Config(home=Path(name) / "home", mode=Mode.DEMO, database_url=server.url)
        add_many(server.url, count)
        seal_everything(config)
        with psycopg.connect(server.url) as connection:
            rows = connection.execute("select entry_id, leaf from audit_entry order by random() limit %s", [proofs])
            entries = rows.fetchall()
        service = build_service(config)
        with service.database:
            key = generate_key()
            service.keys.create(
                name="auditor", role="auditor", key_hash=fingerprint(key), last4=key[-4:], expires_at=None
            )
            client, times, busy = create_app(service).test_client(), [], process_time()
            for entry_id, leaf in random.sample(entries, len(entries)):
                started = perf_counter()
                given = client.get(
                    f"/v1/audit/entries/{entry_id}/proof", headers={"Authorization": f"Bearer {key}"}
                ).data
                times.append((perf_counter() - started) * 1000)
                parse_proof(given).verify(leaf)
            busy = (process_time() - busy) / len(entries) * 1000
    times.sort()
    at99 = times[len(times) * 99 // 100]
    print(f"{len(times)} proofs of {count:,} entries, one after the other, over the whole application:")
    print(f"median {median(times):.1f} ms, 99 of 100 below {at99:.1f} ms; {busy:.1f} ms of a core each, with its check")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    sys.exit(0 if median(times) < REACH_MS else 1)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
