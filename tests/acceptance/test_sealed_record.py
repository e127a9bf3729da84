"""A running service seals its own record within ten seconds, and what it publishes is the log."""

from __future__ import annotations

import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from service.audit.checkpoint import parse_head
from service.audit.tiles import split_bundle
from tests.acceptance.running_service import RunningService

PROMISED_SECONDS = 10.0
SCREENED = 12
SMALLEST = {"worker": {"name": "Ana Ruiz", "nationalities": [{"country": "ESP", "evidence": "passport"}]}}


def test_a_decision_is_sealed_soon_and_readiness_says_how_far(service: RunningService, client: httpx.Client) -> None:
    answer = client.post("/v1/screenings", json=SMALLEST).json()
    answered = time.monotonic()
    (published,) = (service.home / "home" / "audit" / "tiles").iterdir()
    while not any(
        answer["audit"]["entry_id"].encode() in leaf
        for bundle in published.glob("tile/entries/*.p/*")
        for leaf in split_bundle(bundle.read_bytes())
    ):
        assert time.monotonic() < answered + PROMISED_SECONDS
        time.sleep(0.1)
    head = parse_head((published / "checkpoint").read_bytes())
    assert head.checkpoint.origin == answer["audit"]["origin"]
    ready = client.get("/readyz").json()
    assert ready["ready"]
    assert "entries sealed" in str(ready["checks"]["audit"])


def test_what_the_workers_count_is_one_sum(service: RunningService) -> None:
    key = service.run("keys", "create", "--name", "prometheus", "--role", "monitor").stdout.strip()
    before = scraped(service, key)
    for _ in range(SCREENED):
        with service.client() as client:  # a connection of its own: whichever worker takes it
            assert client.post("/v1/screenings", json=SMALLEST).status_code == httpx.codes.CREATED
    after = scraped(service, key)
    for counter in (
        "hirescreen_decisions_total decision=allow",
        "hirescreen_requests_total method=POST route=/v1/screenings status=201",
        "hirescreen_request_seconds_count method=POST route=/v1/screenings",
    ):
        assert after[counter] - before.get(counter, 0) == SCREENED
    assert after["hirescreen_database_up"] == 1
    assert after["hirescreen_seal_lag_seconds"] < PROMISED_SECONDS


def scraped(service: RunningService, key: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    answer = httpx.get(f"{service.url}/metrics", headers={"Authorization": f"Bearer {key}"}, timeout=30)
    assert answer.status_code == httpx.codes.OK, answer.text
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
