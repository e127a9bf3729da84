"""What a screening costs beside the least that it could cost: ``python -m tests.benchmarks.screenings``.

Prints the first two rows of the figures to reach as ratios, so that they hold on any machine. One run
measures the product's ``POST /v1/screenings`` (lists loaded, decision and audit entry committed) and a bare
route of the same server that loads the same schema and inserts one row, in turn, on loopback. The lists
are the UN and OFAC files of the folder that HIRESCREEN_SHARED names or, without it, made-up ones of the
same size.
"""

from __future__ import annotations

import dataclasses
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from service import wsgi
from service.app import build_service
from service.commands.keys import create_key
from service.commands.serve import await_answer, bind, gunicorn_arguments
from service.config import Config, Mode
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate
from tests.benchmarks import bare_route, matching
from tests.benchmarks.bare_route import GRANT, TABLE
from tests.benchmarks.load import Measured, measure, prepared

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
SECONDS = 4.0  # of each route in each round
WORKERS = 2
PLACES = 40  # different requests


def a_request(number: int) -> dict[str, Any]:
    """A usual request: a worker of another nationality, a contract, two counterparties."""
    return {
        "reference": f"BENCH-{number}",
        "as_of": "2026-11-23",
        "worker": {
            "name": f"Marek Nowak {chr(97 + number % 26)}ski",
            "date_of_birth": f"19{60 + number}-03-02",
            "nationalities": [{"country": "PL", "evidence": "passport"}],
        },
        "contract": {"finalised_on": "2026-10-01", "written": True, "starts_on": "2026-12-01", "open_ended": True},
        "work": {"country": "PL", "employer_country": "PL"},
        "counterparties": [
            {"role": "legal_employer", "name": f"Budowa Krak {number} Sp. z o.o.", "country": "PL"},
            {"role": "staffing_agency", "name": "Praca Partner Lublin", "country": "PL"},
        ],
    }


@contextmanager
def server(home: Path) -> Iterator[tuple[int, str, str]]:
    """The product with the bare route beside it: its port, an API key, and what its lists are."""
    config = dataclasses.replace(Config.from_env({"HIRESCREEN_HOME": str(home)}), mode=Mode.DEMO)
    with EmbeddedPostgres(home) as postgres, (home / "log.txt").open("wb") as log:
        config = dataclasses.replace(config, database_url=postgres.url)
        migrate(postgres.url)
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute(TABLE)
            connection.execute(GRANT)
        lists = load_lists(home, postgres.url)
        service = build_service(config)
        with service.database:
            key = create_key(service, "benchmark", "screener", 1)
        listener = bind("127.0.0.1", 0)
        port = listener.getsockname()[1]
        arguments = [word.replace(wsgi.__name__, bare_route.__name__) for word in gunicorn_arguments(listener, WORKERS)]
        child = subprocess.Popen(
            [sys.executable, *arguments],
            env=config.child_env(),
            cwd=ROOT,
            pass_fds=(listener.fileno(),),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            await_answer(f"http://127.0.0.1:{port}", child)
            yield port, key, lists
        finally:
            child.terminate()
            child.wait(30)
            listener.close()


def load_lists(home: Path, database_url: str) -> str:
    """Import the real lists where the reference folder is there; say what was loaded."""
    shared = Path(os.environ.get("HIRESCREEN_SHARED") or ROOT.parent / "shared")
    lists = shared / "lists"
    if not lists.is_dir():
        return "starter lists only: HIRESCREEN_SHARED names no reference folder"
    ofac = [str(path) for path in sorted((lists / "ofac_set_2021-07").iterdir())]
    for list_id, files in (
        ("un_sc", [str(lists / "un_consolidated_2026-02-27.xml.xz")]),
        ("us_ofac_sdn", ofac),
    ):
        subprocess.run(
            [Path(sys.executable).with_name("hirescreen"), "lists", "import", list_id, *files],
            env=os.environ | {"HIRESCREEN_HOME": str(home), "DATABASE_URL": database_url, "HIRESCREEN_MODE": "demo"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return "UN of 2026-02-27 and OFAC of 2021-07"


def main() -> None:
    """Print both rows."""
    with tempfile.TemporaryDirectory(prefix="hirescreen-benchmark-") as folder, server(Path(folder)) as served:
        port, key, lists = served
        bodies = [a_request(number) for number in range(PLACES)]
        routes = {path: [prepared(port, path, body, key) for body in bodies] for path in ("/bare", "/v1/screenings")}
        for requests in routes.values():
            measure(port, requests, 1.0)
        rounds: list[dict[str, Measured]] = [
            {path: measure(port, requests, SECONDS) for path, requests in routes.items()} for _ in range(ROUNDS)
        ]
    print(f"screenings: {lists}")
    print(f"  {WORKERS} workers, 8 clients; medians of {ROUNDS} rounds of {SECONDS:.0f} s")
    for path in routes:
        rate = statistics.median(one[path].per_second for one in rounds)
        p50, p99 = (statistics.median(one[path].percentile(share) for one in rounds) for share in (0.5, 0.99))
        print(f"  {path:16} {rate:7.0f}/s   p50 {p50 * 1000:6.1f} ms   p99 {p99 * 1000:6.1f} ms")
    share = statistics.median(one["/v1/screenings"].per_second / one["/bare"].per_second for one in rounds)
    slower = statistics.median(one["/v1/screenings"].percentile(0.99) / one["/bare"].percentile(0.99) for one in rounds)
    print(f"  requests per second, screening / bare = {share:.2f} (reach: at least 0.50)")
    print(f"  p99, screening / bare = {slower:.1f} (reach: under 5)")
    matching.main()


if __name__ == "__main__":
    main()
