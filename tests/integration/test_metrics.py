"""``/metrics`` tells how the service stands to whoever may know, and nothing about anybody."""

from __future__ import annotations

import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.app import build_service
from service.config import Config, Mode
from service.jobs.schema import prepare
from service.monitoring.measures import Measures
from tests.integration.conftest import Api
from tests.integration.test_witnesses import seal

CANARY = "Zyxwvut Qanarry"
SCREENED = {"reference": "CANARY-REF", "worker": {"name": CANARY, "nationalities": [{"country": "ESP"}]}}


def read(api: Api) -> str:
    answer = api.call("GET", "/metrics", key=api.new_key("monitor"))
    assert answer.status_code == HTTPStatus.OK
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    return answer.get_data(as_text=True)


def values(text: str) -> dict[str, float]:
    """Each sample by its name and labels, as a scraper reads it."""
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_decisions_are_counted_by_route_and_outcome(api: Api) -> None:
    screening = api.screen(SCREENED).get_json()
    for _ in range(3):
        api.call("GET", f"/v1/screenings/{screening['id']}")
    api.call("GET", f"/v1/{CANARY}")
    api.call("POST", "/v1/screenings", json={"worker": {"name": 7}})
    api.screen(SCREENED, headers={"Idempotency-Key": '"one"'})
    api.screen(SCREENED, headers={"Idempotency-Key": '"one"'})  # the earlier answer again: nothing was decided
    found = values(read(api))
    assert found["hirescreen_requests_total method=POST route=/v1/screenings status=201"] == 3
    assert found["hirescreen_requests_total method=POST route=/v1/screenings status=422"] == 1
    assert found["hirescreen_requests_total method=GET route=none status=404"] == 1
    (by_id,) = (name for name in found if name.startswith("hirescreen_requests_total method=GET route=/v1/screenings/"))
    assert found[by_id] == 3
    assert found[f"hirescreen_decisions_total decision={screening['decision']}"] == 2
    assert found["hirescreen_request_seconds_count method=POST route=/v1/screenings"] == 4


def test_no_label_says_anything_about_anybody(api: Api) -> None:
    screening = api.screen(SCREENED).get_json()
    api.call("GET", f"/v1/screenings/{screening['id']}?name={CANARY}")
    api.call("GET", f"/v1/{CANARY}/{screening['id']}")
    api.client.get(f"/v1/{screening['audit']['entry_id']}", headers={"Authorization": f"Bearer {CANARY}"})
    api.client.open("/v1/screenings", method="CANARY")
    text = read(api)
    for secret in (CANARY, "Zyxwvut", "CANARY", screening["id"], screening["audit"]["entry_id"], api.key):
        assert secret not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text)


def test_the_record_the_lists_and_the_queue_are_told(api: Api, database_url: str) -> None:
    api.screen(SCREENED)
    prepare(database_url)
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(
            "select procrastinate_defer_jobs_v1(array[row('lists','refresh_list',0,null,null,'{}',null)"
            "::procrastinate_job_to_defer_v1])"
        )
    found = values(read(api))
    assert found["hirescreen_database_up"] == 1
    assert found["hirescreen_unsealed_entries"] == 1
    assert 0 < found["hirescreen_seal_lag_seconds"] < 60
    assert found["hirescreen_sealing_stopped"] == 0
    assert found["hirescreen_lists_held"] == 0
    assert found["hirescreen_jobs queue=lists status=todo"] == 1


def test_a_database_that_is_away_is_told_too(tmp_path: Path) -> None:
    away = Config(home=tmp_path, mode=Mode.DEMO, database_url="postgresql://nobody@127.0.0.1:1/none")
    found = values(build_service(away).metrics().write().decode())
    assert found["hirescreen_database_up"] == 0
    assert not [name for name in found if "seal" in name]


def test_witnesses_that_lag_are_told(database_url: str, tmp_path: Path) -> None:
    config = Config(home=tmp_path, mode=Mode.DEMO, database_url=database_url, witness_file=tmp_path / "heads")
    seal(config)
    service = build_service(config)
    with service.database:
        found = values(service.metrics().write().decode())
    assert found["hirescreen_witness_heads_waiting witness=file"] == 1
    assert found["hirescreen_witness_failures witness=file"] == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [("monitor", 200), ("admin", 200), ("screener", 403), ("reviewer", 403), ("auditor", 403), ("nobody", 403)],
)
def test_metrics_are_for_those_who_watch_the_service(api: Api, role: str, status: int) -> None:
    assert api.call("GET", "/metrics", key=api.new_key(role)).status_code == status


def test_who_watches_the_service_may_do_nothing_else(api: Api) -> None:
    key = api.new_key("monitor")
    assert api.call("POST", "/v1/screenings", json=SCREENED, key=key).status_code == HTTPStatus.FORBIDDEN
    assert api.call("GET", "/v1/lists", key=key).status_code == HTTPStatus.FORBIDDEN


def test_several_workers_count_together(tmp_path: Path) -> None:
    """As under gunicorn: each process counts in files of its own, and any of them tells the sum."""
    program = (
        "import os\n"
        "from service.monitoring.measures import Measures\n"
        "from prometheus_client import generate_latest\n"
        "measures = Measures()\n"
        "for _ in range(3):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        measures.decision('deny')\n"
        "        measures.request(method='GET', route='/x', status=200, seconds=0.2)\n"
        "        os._exit(0)\n"
        "    os.waitpid(child, 0)\n"
        "print(generate_latest(measures.registry()).decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = values(done.stdout)
    assert found["hirescreen_decisions_total decision=deny"] == 3
    assert found["hirescreen_request_seconds_count method=GET route=/x"] == 3


def test_one_process_counts_for_itself() -> None:
    first, second = Measures(), Measures()
    first.decision("allow")
    assert first.registry() is not second.registry()
    assert second.registry().get_sample_value("hirescreen_decisions_total", {"decision": "allow"}) is None
