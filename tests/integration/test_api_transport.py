"""What every route has in common: keys, faults as problems, headers, ids and log lines."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from service.web.auth import ROLES
from service.web.json_body import LARGEST_BODY
from service.web.problem_types import PROBLEMS
from tests.integration.conftest import Api
from tests.integration.test_api_screenings import HIRE, problem

OPEN_ROUTES = {"/livez", "/readyz", "/openapi.json", "/docs", "/problems/<name>"}
ROLE_MATRIX = {
    ("POST", "/v1/screenings"): {"screener", "reviewer", "admin"},
    ("GET", "/v1/screenings/01a20a57-720b-73f0-be70-030cf7a712a5"): {"screener", "reviewer", "auditor", "admin"},
    ("GET", "/v1/lists"): {"screener", "reviewer", "auditor", "admin"},
    ("GET", "/v1/rulebook"): {"screener", "reviewer", "auditor", "admin"},
    ("GET", "/v1/audit/entries/01a20a57-720b-73f0-be70-030cf7a712a5/proof"): set(ROLES) - {"monitor"},
    ("GET", "/v1/audit/tile/0/000"): {"auditor", "admin"},
}


def test_no_route_of_the_api_answers_without_a_key(api: Api) -> None:
    asked = 0
    for rule in api.app.url_map.iter_rules():
        if not rule.rule.startswith("/v1"):
            continue
        numbered = re.sub(r"<int:[^>]+>", "1", rule.rule)
        path = re.sub(r"<[^>]+>", "01a20a57-720b-73f0-be70-030cf7a712a5", numbered)
        for method in (rule.methods or set()) - {"OPTIONS"}:
            response = api.client.open(path, method=method)
            assert response.status_code == 401, (method, path)
            asked += 1
    assert asked >= 5


def test_every_route_of_the_api_is_in_the_document(api: Api) -> None:
    document = api.client.get("/openapi.json").get_json()
    published = {re.sub(r"{[^}]+}", "*", path) for path in document["paths"]}
    routes = {
        re.sub(r"<[^>]+>", "*", rule.rule)
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith("/v1") or rule.rule in {"/livez", "/readyz", "/metrics"}
    }
    assert routes == published


def test_without_a_key_both_schemes_are_offered(api: Api) -> None:
    response = api.client.post("/v1/screenings", json=HIRE)
    problem(response, 401, "unauthenticated")
    offered = response.headers.getlist("WWW-Authenticate")
    assert [scheme.split()[0] for scheme in offered] == ["Bearer", "Basic"]


def test_basic_takes_the_key_as_user_name(api: Api) -> None:
    stated = base64.b64encode(f"{api.key}:".encode()).decode()
    response = api.client.get("/v1/lists", headers={"Authorization": f"Basic {stated}"})
    assert response.status_code == 200


def test_expired_and_revoked_keys_are_refused(api: Api) -> None:
    expired = api.new_key(expires_at=datetime.now(UTC) - timedelta(minutes=1))
    problem(api.call("GET", "/v1/lists", key=expired), 401, "unauthenticated")
    key = api.new_key()
    kept = next(each for each in api.service.keys.all() if each.name == "test screener" and each.expires_at is None)
    assert api.service.keys.revoke(kept.id)
    refused = [api.call("GET", "/v1/lists", key=each).status_code for each in (api.key, key)]
    assert sorted(refused) == [200, 401]


@pytest.mark.parametrize("role", ["screener", "reviewer", "auditor", "admin", "stranger"])
def test_each_role_may_do_what_it_is_for_and_no_more(api: Api, role: str) -> None:
    key = api.new_key(role)
    for (method, path), allowed in ROLE_MATRIX.items():
        response = api.call(method, path, key=key, json=HIRE if method == "POST" else None)
        if role in allowed:
            assert response.status_code in {200, 201, 404}
        else:
            problem(response, 403, "forbidden")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/v1/screenings", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("DELETE", "/v1/screenings/01a20a57-720b-73f0-be70-030cf7a712a5", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/v1/lists", {"GET", "HEAD", "OPTIONS"}),
        ("PATCH", "/livez", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/v1/rulebook", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(api: Api, method: str, path: str, allow: set[str]) -> None:
    response = api.call(method, path)
    problem(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) == allow


def test_options_and_head_answer_without_a_body(api: Api) -> None:
    options = api.client.options("/v1/screenings")
    assert options.status_code == 200
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    head = api.call("HEAD", "/v1/rulebook")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == api.call("GET", "/v1/rulebook").headers["ETag"]


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json",
     "application/json; charset=utf-16", "application/json; charset=latin-1", "application/xml"],
)  # fmt: skip
def test_only_json_in_utf8_is_read(api: Api, content_type: str | None) -> None:
    response = api.call("POST", "/v1/screenings", data=json.dumps(HIRE).encode(), content_type=content_type)
    problem(response, 415, "unsupported-media-type")


def test_a_compressed_body_is_not_read(api: Api) -> None:
    response = api.call(
        "POST", "/v1/screenings", data=b"x", content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    problem(response, 415, "unsupported-media-type")


def test_a_body_beyond_256_kib_is_refused_with_and_without_a_stated_length(api: Api) -> None:
    raw = b" " * (LARGEST_BODY + 1)
    stated = api.call("POST", "/v1/screenings", data=raw, content_type="application/json")
    problem(stated, 413, "body-too-large")
    chunked = api.call(
        "POST",
        "/v1/screenings",
        input_stream=io.BytesIO(raw),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    problem(chunked, 413, "body-too-large")


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b"", ""),
        (b"{", ""),
        (b'{"a":NaN}', "/a"),
        (b'{"worker":{"name":"A","name":"B"}}', "/worker"),
        (b'{"worker":{"name":"\\u0000"}}', "/worker/name"),
        (b'{"worker":{"name":"\\ud800"}}', "/worker/name"),
        (b"\xff\xfe{\0}\0", ""),
        (b"\xef\xbb\xbf{}", ""),
        (b"9" * 5_000, ""),
        (b"[" * 100_000, ""),
        (b'{"a":' * 30_000, ""),
    ],
)
def test_a_body_that_is_not_sound_json_is_a_client_s_fault(api: Api, raw: bytes, pointer: str) -> None:
    response = api.call("POST", "/v1/screenings", data=raw, content_type="application/json")
    said = problem(response, 400, "malformed-body")
    assert [each["pointer"] for each in said["errors"]] == [pointer]


@pytest.mark.parametrize("raw", [b"null", b"[]", b"1", b'"x"', b"true", b"[[[[]]]]"])
def test_json_that_is_no_object_is_an_invalid_request(api: Api, raw: bytes) -> None:
    said = problem(
        api.call("POST", "/v1/screenings", data=raw, content_type="application/json"), 422, "invalid-request"
    )
    assert [each["pointer"] for each in said["errors"]] == [""]


def test_a_path_that_is_not_there_is_a_problem_for_programs_and_a_page_for_people(api: Api) -> None:
    problem(api.client.get("/nowhere"), 404, "not-found")
    problem(api.client.get("/v1/nowhere", headers={"Accept": "text/html"}), 404, "not-found")
    page = api.client.get("/nowhere", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.mimetype == "text/html"


def test_every_response_carries_the_security_headers(api: Api) -> None:
    calls = [
        api.client.get("/livez"),
        api.client.get("/nowhere"),
        api.client.get("/docs"),
        api.client.get("/openapi.json"),
        api.call("PUT", "/v1/screenings"),
        api.call("GET", "/v1/lists"),
        api.screen(HIRE),
        api.screen({}),
    ]
    for response in calls:
        policy = response.headers["Content-Security-Policy"]
        for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in response.headers
        assert "Strict-Transport-Security" not in response.headers
        assert response.headers["Cache-Control"]
    assert calls[-2].headers["Cache-Control"] == "no-store"


def test_behind_https_browsers_are_told_to_stay_there(make_api: Callable[..., Api]) -> None:
    api = make_api(public_url="https://screen.example")
    assert api.client.get("/livez").headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert api.client.get("/openapi.json").get_json()["servers"] == [{"url": "https://screen.example"}]


def test_a_request_id_is_taken_over_only_where_it_cannot_be_a_name(api: Api) -> None:
    own = "0af7651916cd43dd8448eb211c80319c"
    assert api.client.get("/livez", headers={"X-Request-Id": own}).headers["X-Request-Id"] == own
    for stated in ("Kim Yong Chol", "x" * 100, "dead\x7fbeef"):
        assert api.client.get("/livez", headers={"X-Request-Id": stated}).headers["X-Request-Id"] != stated


def test_the_log_is_one_json_line_a_request_without_anything_personal(
    api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Ri\u2028Song\u0007Hak"
    api.screen({"reference": "REF-7\u2028", "worker": {"name": name}}, headers={"Idempotency-Key": "idem-7"})
    api.screen({"worker": {"name": "Ri Song Hak", "Ri Song Hak": 1}}, headers={"User-Agent": "Ri Song Hak"})
    api.screen({**HIRE, "reference": "REF-8"})
    api.call("GET", "/v1/screenings/Ri-Song-Hak?name=Ri-Song-Hak")
    api.client.get("/Ri-Song-Hak", headers={"X-Request-Id": "Ri Song Hak"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in requests] == [422, 422, 201, 404, 404]
    for line in requests:
        assert {"id", "method", "route", "status", "ms", "actor", "timestamp"} <= set(line)
    written = json.dumps(lines, ensure_ascii=False)
    for secret in ("Song", "REF-", "idem-7", api.key, api.key[9:39]):
        assert secret not in written


def test_an_unforeseen_fault_is_a_problem_without_a_trace(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("Ri Song Hak")

    monkeypatch.setattr(type(api.service.desk), "screen", fail)
    response = api.screen(HIRE)
    problem(response, 500, "internal-error")
    written = response.get_data(as_text=True) + capsys.readouterr().err
    assert "Ri Song Hak" not in written
    assert "Traceback" not in written
    assert '"type": "RuntimeError"' in written


def test_every_problem_type_has_a_page_that_explains_it(api: Api) -> None:
    for kind in PROBLEMS.values():
        page = api.client.get(kind.address)
        assert page.status_code == 200
        assert kind.title in page.get_data(as_text=True)
    assert api.client.get("/problems/nothing").status_code == 404


def test_the_api_s_page_shows_every_operation(api: Api) -> None:
    page = api.client.get("/docs").get_data(as_text=True)
    document = api.client.get("/openapi.json").get_json()
    for path, item in document["paths"].items():
        assert path in page
        for operation in item.values():
            if isinstance(operation, dict):
                assert operation["summary"] in page
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    assert "<script" not in page


def test_the_document_and_the_rulebook_are_not_sent_twice(api: Api) -> None:
    for path in ("/openapi.json", "/v1/rulebook"):
        first = api.call("GET", path)
        assert first.status_code == 200
        again = api.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""


def test_two_applications_live_side_by_side(api: Api, make_api: Callable[..., Api]) -> None:
    other = make_api()
    assert isinstance(other.app, Flask)
    assert other.app is not api.app
    assert other.client.get("/openapi.json").data == api.client.get("/openapi.json").data
