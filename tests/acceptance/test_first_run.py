"""Somebody runs the README's first command and pastes what it prints."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.running_service import RunningService

ROOT = Path(__file__).resolve().parents[2]


def printed_request(service: RunningService) -> str:
    """The ready-to-paste request: from ``curl`` to the end of its paragraph."""
    found = re.search(r"^\s*(curl .*?)(?:\n\s*\n|\Z)", service.printed, re.MULTILINE | re.DOTALL)
    assert found, service.printed
    return found[1]


def ask_as_printed(service: RunningService) -> dict[str, Any]:
    """Paste the printed request into a shell; the answer."""
    pasted = subprocess.run(
        ["bash", "-c", printed_request(service)], capture_output=True, text=True, timeout=60, check=True
    )
    answer: dict[str, Any] = json.loads(pasted.stdout)
    return answer


def test_these_tests_start_the_service_with_the_readme_s_first_command() -> None:
    readme = (ROOT / "README.md").read_text()
    [command] = re.findall(r"^python3 -m venv .* -e \. .*$", readme, re.MULTILINE)
    assert command.endswith(".venv/bin/hirescreen serve --demo")
    assert "uv run hirescreen serve --demo" in readme


def test_it_prints_where_it_is_and_a_key(service: RunningService) -> None:
    assert f"URL: {service.url}" in service.printed
    assert re.search(r"API key: scr_live_[0-9A-Za-z]{36}", service.printed)


def test_the_printed_request_is_denied_with_both_clauses_cited(service: RunningService) -> None:
    answer = ask_as_printed(service)
    assert answer["decision"] == "deny"
    assert answer["action"] == "hold"
    assert {"UN-2375-17", "UN-2397-8"} <= set(answer["clauses"])
    assert {"demo_mode", "starter_lists"} <= {warning["code"] for warning in answer["warnings"]}


def test_what_was_answered_can_be_read_again(client: httpx.Client) -> None:
    posted = client.post("/v1/screenings", json={"reference": "FIRST-RUN", "worker": {"name": "Somebody"}})
    assert posted.status_code == httpx.codes.CREATED
    assert posted.json()["decision"] != "allow", "nothing is known of this worker"
    read = client.get(posted.headers["Location"])
    assert read.json() == posted.json()


def test_a_request_without_the_key_is_refused(service: RunningService) -> None:
    answer = httpx.post(f"{service.url}/v1/screenings", json={"worker": {"name": "Somebody"}})
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_home_folder_is_closed_to_other_users(service: RunningService) -> None:
    home = Path(service.environment["HIRESCREEN_HOME"])
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
