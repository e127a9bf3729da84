"""The service answers as its own OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx

from tests.acceptance.running_service import RunningService

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CONFIG = Path(__file__).with_name("schemathesis.toml")
PROMISED = {
    ("/v1/screenings", "post"),
    ("/v1/screenings/{id}", "get"),
    ("/v1/lists", "get"),
    ("/v1/lists/{id}/versions", "get"),
    ("/v1/lists/{id}/versions/{n}/changes", "get"),
    ("/v1/lists/held", "get"),
    ("/v1/lists/{id}/held/{n}/approvals", "post"),
    ("/v1/lists/{id}/held/{n}/refusals", "post"),
    ("/v1/rulebook", "get"),
    ("/v1/screenings/what-if", "post"),
    ("/v1/rulebook/clauses/{id}", "get"),
    ("/v1/indicators", "get"),
}


def test_the_document_holds_every_promised_call(service: RunningService) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    offered = {(_generic(path), method) for path, item in document["paths"].items() for method in item}
    assert {(_generic(path), method) for path, method in PROMISED} <= offered


def test_every_operation_has_an_id_and_a_summary(service: RunningService) -> None:
    document = httpx.get(f"{service.url}/openapi.json").json()
    operations = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    unnamed = [
        (path, method) for path, method, one in operations if not one.get("operationId") or not one.get("summary")
    ]
    assert not unnamed
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))


def test_generated_requests_get_the_answers_that_the_document_states(service: RunningService, tmp_path: Path) -> None:
    run = subprocess.run(
        [
            SCHEMATHESIS,
            f"--config-file={CONFIG}",
            "run",
            f"{service.url}/openapi.json",
            f"--header=Authorization: Bearer {service.key}",
            "--checks=all",
            "--mode=all",
            "--max-examples=25",
            "--max-time=100",
            "--seed=1",
            "--workers=2",
            "--request-timeout=20",
            "--continue-on-failure",
            "--generation-database=none",
            "--no-color",
        ],
        cwd=tmp_path,
        env={
            **service.environment,
            "SCHEMATHESIS_HOOKS": "tests.acceptance.openapi_formats",
            "PYTHONPATH": str(CONFIG.parents[2]),
        },
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
    assert service.process is not None
    assert service.process.poll() is None


def _generic(path: str) -> str:
    """A path with its parameters' names left out: ``/v1/screenings/{}``."""
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
