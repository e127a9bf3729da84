"""A running service seals its own record within ten seconds, and what it publishes is the log."""

from __future__ import annotations

import time

import httpx

from service.audit.checkpoint import parse_head
from service.audit.tiles import split_bundle
from tests.acceptance.running_service import RunningService

PROMISED_SECONDS = 10.0
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
