"""What one more worker costs in memory: ``python -m tests.benchmarks.worker_memory UN.xml SDN.csv [ALT ADD COMMENTS]``.

Imports the files into a demo service with three workers and prints the private memory (unique set size) of each worker
after the swap that the import caused, and again after it has answered screenings; the shared memory stands beside it.
"""

from __future__ import annotations

import sys
import time

import httpx
import psutil

from tests.acceptance.running_service import RunningService

WORKERS = 3
SCREENINGS = 300
WITHIN = 120.0  # seconds for the swap
MEGABYTE = 1 << 20


def main(un: str, *ofac: str) -> int:
    """Measure and print; 1 where the lists never served."""
    with RunningService("--demo", "--workers", str(WORKERS)) as service:
        for list_id, files in (("un_sc", [un]), ("us_ofac_sdn", list(ofac))):
            done = service.run("lists", "import", list_id, *files)
            print(done.stdout.strip() or done.stderr.strip())
        if not wait_for_lists(service):
            print("the lists never served")
            return 1
        show(service, "after the swap")
        screen(service)
        show(service, f"after {SCREENINGS} screenings")
    return 0


def wait_for_lists(service: RunningService) -> bool:
    """Whether every answer names version 1 or later of both lists, twenty times running."""
    until, agreed = time.monotonic() + WITHIN, 0
    while agreed < 20 and time.monotonic() < until:
        with service.client() as client:  # a new connection each time, so that any worker may answer
            lists = {one["id"]: one["version"] for one in client.get("/v1/lists").json()["lists"]}
        agreed = agreed + 1 if lists["un_sc"] and lists["us_ofac_sdn"] else 0
        time.sleep(0.2)
    return agreed == 20


def screen(service: RunningService) -> None:
    """Ask about made-up people, over a connection of its own for each."""
    for number in range(SCREENINGS):
        body = {
            "worker": {"name": f"Marek Nowak {number}"},
            "counterparties": [{"role": "client", "name": "Volkov Stroi"}],
        }
        answer = httpx.post(
            f"{service.url}/v1/screenings", json=body, headers={"Authorization": f"Bearer {service.key}"}, timeout=30
        )
        answer.raise_for_status()


def show(service: RunningService, when: str) -> None:
    """Print the memory of each worker."""
    _, workers = service.web_server()
    for worker in workers:
        memory = psutil.Process(worker.pid).memory_full_info()
        print(f"{when}: private {memory.uss / MEGABYTE:6.1f} MB, resident {memory.rss / MEGABYTE:6.1f} MB")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
