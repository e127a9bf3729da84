"""A plain ``hirescreen serve`` fetches its lists by itself, and goes on when their publisher fails."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from tests.acceptance.running_service import RunningService
from tests.list_faults import PATH, a_real_un_list
from tests.list_server import Page, list_server


def test_a_plain_serve_fetches_its_required_lists() -> None:
    with list_server() as server:
        server.pages[PATH] = Page(a_real_un_list(datetime.now(UTC).date()), headers={"ETag": '"1"'})
        settings = {"HIRESCREEN_MIRROR": server.address, "HIRESCREEN_REQUIRED_LISTS": "un_sc"}
        with RunningService("--workers", "1", settings=settings) as service:
            service.wait_until_ready()
            service.key = service.run("keys", "create", "--name", "test", "--role", "screener").stdout.strip()
            shown = un_list(service)
            assert (shown["version"], shown["status"], shown["required"]) == (1, "fresh", True)
            assert shown["last_attempt"]["outcome"] == "loaded"
            assert shown["last_change"]["added"] == 600
            assert shown["next_run"] is not None
            time.sleep(1)
            assert [path for path, _ in server.requests] == [PATH]
        assert service.processes() == []


def un_list(service: RunningService) -> Any:
    with service.client() as client:
        return next(entry for entry in client.get("/v1/lists").json()["lists"] if entry["id"] == "un_sc")


def test_a_demo_asks_nobody() -> None:
    with list_server() as server:
        with RunningService("--demo", settings={"HIRESCREEN_MIRROR": server.address}):
            time.sleep(2)
        assert server.requests == []
