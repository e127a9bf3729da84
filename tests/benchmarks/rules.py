"""How long the rules take on one request with 5 counterparties and 20 owners: ``python -m tests.benchmarks.rules``."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from typing import Any

from service.rulebook import current
from service.screening.case import Case
from service.screening.decide import decide
from service.web.schemas.screening import load_request

REACH_MILLISECONDS = 1.0
ROUNDS = 500
PARTIES, OWNERS_EACH = 5, 4


def a_request() -> dict[str, Any]:
    """A DPRK national in the European Union, with a chain of owners behind each counterparty."""
    owners = [{"name": f"Holder {number} Ltd", "country": "CY", "share_percent": 20} for number in range(OWNERS_EACH)]
    return {
        "as_of": "2026-11-23",
        "jurisdictions": ["US", "GB", "CA", "NZ"],
        "worker": {
            "name": "Pak Un Gyong",
            "nationalities": [{"country": "PRK", "evidence": "passport"}],
            "protection": {"status": "none"},
        },
        "contract": {"finalised_on": "2018-02-10", "written": True, "open_ended": True, "remuneration": "paid"},
        "work": {"country": "PL", "employer_country": "PL"},
        "authorisation": {"kind": "work_permit", "issued_on": "2018-03-01"},
        "counterparties": [
            {"role": "client", "name": f"Firm {number} sp. z o.o.", "country": "PL", "owners": owners}
            for number in range(PARTIES)
        ],
    }


def main() -> None:
    """Print the median and what was reached."""
    request = load_request(a_request(), now=datetime(2026, 11, 23, tzinfo=UTC))
    rules = current().rules
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        judgement = decide(Case(request=request), rules)
        spent.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(spent)
    print(f"rules: {PARTIES} counterparties, {PARTIES * OWNERS_EACH} owners, {len(judgement.findings)} findings")
    print(
        f"  median {median:.2f} ms; median / reach of {REACH_MILLISECONDS:.0f} ms = {median / REACH_MILLISECONDS:.2f}"
    )


if __name__ == "__main__":
    main()
