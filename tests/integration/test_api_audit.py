"""The record over the API: receipts lead to proofs, the log is there as tiles, and who may take it away."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from service.audit.checkpoint import parse_head
from service.audit.leaf import leaf_hash
from service.audit.merkle import inclusion_proof, root_of
from service.audit.proof import parse_proof
from service.audit.signing import verify_note
from service.audit.tiles import entries_path, nodes_in_tiles, split_bundle, tile_path
from service.sealing_loop import key_ring
from tests.integration.conftest import Api
from tests.integration.exporting import Record, verify
from tests.integration.test_api_screenings import HIRE, problem


@pytest.fixture
def record(api: Api) -> Record:
    return Record(api.service)


@pytest.fixture(autouse=True)
def sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where exports lie while they are sent."""
    folder = tmp_path / "sending"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def auditor(api: Api) -> str:
    return api.new_key("auditor")


def test_the_receipt_of_an_answer_leads_to_its_proof(api: Api, record: Record) -> None:
    answer = api.screen(HIRE).get_json()
    waiting = api.call("GET", answer["links"]["proof"])
    problem(waiting, 503, "not-sealed-yet")
    assert waiting.headers["Retry-After"] == "5"
    record.seal()
    given = api.call("GET", answer["links"]["proof"])
    assert given.content_type == "text/plain; charset=utf-8"
    proof = parse_proof(given.data)
    config = api.service.config
    assert verify_note(proof.head.note, key_ring(config).verifiers(config.origin))
    assert proof.head.checkpoint.origin == answer["audit"]["origin"]
    (leaf,) = [e.leaf for e in api.service.audit.export() if str(e.entry_id) == answer["audit"]["entry_id"]]
    assert leaf_hash(leaf).hex() == answer["audit"]["leaf_hash"]
    proof.verify(leaf)


def test_an_entry_that_is_not_there_has_no_proof(api: Api, record: Record) -> None:
    address = "/v1/audit/entries/01a20a57-720b-73f0-be70-030cf7a712a5/proof"
    problem(api.call("GET", address), 404, "audit-entry-not-found")
    record.seal()
    problem(api.call("GET", address), 404, "audit-entry-not-found")


def test_the_checkpoint_is_the_newest_signed_head(api: Api, record: Record) -> None:
    problem(api.call("GET", "/v1/audit/checkpoint"), 503, "not-sealed-yet")
    record.add_decisions(3)
    record.seal()
    given = api.call("GET", "/v1/audit/checkpoint")
    assert (given.content_type, parse_head(given.data).size) == ("text/plain; charset=utf-8", 4)
    same = api.call("GET", "/v1/audit/checkpoint", headers={"If-None-Match": given.headers["ETag"]})
    assert same.status_code == 304


@pytest.mark.parametrize("published", [True, False])
def test_a_stranger_reads_the_whole_log_from_its_tiles(
    api: Api, record: Record, auditor: str, tmp_path: Path, published: bool
) -> None:
    record.add_decisions(600)
    record.seal()
    if not published:  # another host publishes
        (tmp_path / "audit" / "tiles").rename(tmp_path / "elsewhere")
    head = parse_head(api.call("GET", "/v1/audit/checkpoint", key=auditor).data)

    def get(path: str) -> bytes:
        given = api.call("GET", f"/v1/audit/{path}", key=auditor)
        assert given.status_code == 200, path
        kept = "private, no-cache" if ".p/" in path else "private, max-age=31536000, immutable"
        assert (given.content_type, given.headers["Cache-Control"]) == ("application/octet-stream", kept)
        return given.data

    widths = {(level, number): 256 for level in (0,) for number in (0, 1)} | {(0, 2): 89, (1, 0): 2}
    node = nodes_in_tiles(lambda level, number: get(tile_path(level, number, widths[level, number])))
    leaves = [leaf for n, w in enumerate((256, 256, 89)) for leaf in split_bundle(get(entries_path(n, w)))]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert root_of(hashes) == head.root
    assert inclusion_proof(node, 300, 601) == inclusion_proof(
        lambda k, i: root_of(hashes[i << k : (i + 1) << k]), 300, 601
    )


NO_TILES = (
    "0/003 0/002 0/002.p/90 0/002.p/0 0/000.p/256 1/000 7/000.p/1 64/000 00/000 0/0 0/x000/001 0/000/ 0/000.p/01 "
    "entries/003 entries/002.p/90 entries/../../../signing-keys.json checkpoint ../checkpoint 0/../../checkpoint "
    "%2e%2e/checkpoint ..%2f..%2fsigning-keys.json 0/000%00 0//000 0/٠٠٠"
)


def test_nothing_but_a_tile_is_given(api: Api, record: Record, auditor: str) -> None:
    record.add_decisions(600)
    record.seal()
    for path in NO_TILES.split():
        given = api.call("GET", f"/v1/audit/tile/{path}", key=auditor)
        assert given.status_code in {301, 308, 404}, path
        assert b"seed" not in given.data


def lines(body: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in body.splitlines()]


def test_entries_come_as_lines_as_a_table_and_as_a_bundle(
    api: Api, record: Record, auditor: str, tmp_path: Path, sending: Path
) -> None:
    record.add_decisions(20)
    record.seal()
    given = api.call("GET", "/v1/audit/export?format=jsonl", key=auditor, buffered=True)
    assert given.content_type == "application/x-ndjson"
    assert given.headers["Content-Disposition"] == 'attachment; filename="audit-21.jsonl"'
    assert [line["i"] for line in lines(given.text)] == list(range(21))
    assert {str(line["d"]) for line in lines(given.text)} == {"[]"}
    table = api.call("GET", "/v1/audit/export?format=csv&decision=deny", key=auditor, buffered=True)
    assert table.content_type == "text/csv; charset=utf-8"
    assert table.text.count("\r\n") == 1 + 6
    packed = api.call("GET", "/v1/audit/export?format=bundle", key=auditor, buffered=True)
    zipfile.ZipFile(io.BytesIO(packed.data)).extractall(tmp_path)
    (folder,) = tmp_path.glob("audit-2*")
    assert verify(folder, record.vkey, "--whole").returncode == 0
    for response in (given, table, packed):
        response.close()
    assert list(sending.iterdir()) == []


def test_a_filter_chooses_by_time_index_decision_clause_and_list(api: Api, record: Record, auditor: str) -> None:
    record.add_decisions(40)
    record.seal()

    def chosen(query: str) -> list[object]:
        given = api.call("GET", f"/v1/audit/export?{query}", key=auditor, buffered=True)
        assert given.status_code == 200, given.text
        return [line["i"] for line in lines(given.text)]

    assert chosen("from=2026-11-20T13:00:00Z&to=2026-11-20T16:00:00%2B01:00") == [1, 2]
    assert chosen("from=2026-11-21&to=2026-11-21&decision=allow") == [12, 15, 18, 21, 24, 27, 30, 33]
    assert chosen("first=3&last=5") == [3, 4, 5]
    assert chosen("clause=UN-2397-8&last=6") == [1, 3, 5]
    assert chosen("list=own&first=9") == [12, 16, 20, 24, 28, 32, 36]
    assert chosen("decision=deny&clause=UN-2397-8&list=own") == []


MISTAKES = {
    "decision=yes": "decision",
    "from=soon": "from",
    "from=2026-02-30": "from",
    "to=2026-11-23T10:00:00": "to",
    "from=2026-11-23&to=2026-11-22": "to",
    "first=-1": "first",
    "first=5&last=4": "last",
    "clause=%00": "clause",
    "list=../x": "list",
    "format=xml": "format",
    "personal_data=yes": "personal_data",
    "desicion=deny": "desicion",
    "decision=deny&decision=allow": "once",
}


def test_a_filter_that_cannot_be_read_is_named_and_nothing_is_exported(api: Api, record: Record, auditor: str) -> None:
    record.seal()
    for query, named in MISTAKES.items():
        given = api.call("GET", f"/v1/audit/export?{query}", key=auditor)
        problem(given, 400, "invalid-parameter")
        assert named in given.get_json()["detail"]
    assert all(b'"export"' not in entry.leaf for entry in api.service.audit.export())


def test_only_who_may_take_people_s_data_gets_them(api: Api, record: Record, auditor: str) -> None:
    record.add_decisions(2)
    record.seal()
    problem(api.call("GET", "/v1/audit/export?personal_data=true", key=auditor, buffered=True), 403, "forbidden")
    given = api.call("GET", "/v1/audit/export?personal_data=true", key=api.new_key("admin"), buffered=True)
    assert [len(line["d"]) for line in lines(given.text)] == [2, 2, 0]  # type: ignore[arg-type]


def test_an_export_is_on_record_before_its_first_byte(api: Api, record: Record, auditor: str) -> None:
    record.add_decisions(2)
    record.seal()
    given = api.call("GET", "/v1/audit/export?decision=deny&format=csv", key=auditor, buffered=False)
    (said,) = [json.loads(e.leaf) for e in api.service.audit.export() if json.loads(e.leaf)["type"] == "export"]
    given.close()
    assert said["actor"].startswith("key:")
    assert (said["form"], said["selection"], said["personal_data"]) == ("csv", {"decision": "deny"}, False)
    assert (said["size"], said["entries"]) == (3, 0)
    head = api.call("HEAD", "/v1/audit/export", key=auditor)
    assert (head.status_code, head.data) == (200, b"")
    assert sum(b'"export"' in entry.leaf for entry in api.service.audit.export()) == 1


def test_one_export_is_made_at_a_time(api: Api, record: Record, auditor: str) -> None:
    record.seal()
    with psycopg.connect(record.service.database.url) as connection, ThreadPoolExecutor() as threads:
        connection.execute("lock table audit_checkpoint in access exclusive mode")
        first = threads.submit(lambda: api.call("GET", "/v1/audit/export", key=auditor, buffered=True).status_code)
        deadline = monotonic() + 10
        while connection.execute("select 1 from pg_locks where not granted").fetchone() is None:
            assert monotonic() < deadline
            sleep(0.01)
        busy = api.call("GET", "/v1/audit/export", key=auditor, buffered=True)
        connection.rollback()
        problem(busy, 503, "export-busy")
        assert first.result() == 200


def test_an_export_needs_a_sealed_log_and_the_right(api: Api, record: Record, auditor: str) -> None:
    problem(api.call("GET", "/v1/audit/export", key=auditor, buffered=True), 503, "not-sealed-yet")
    for role in ("screener", "reviewer", "monitor"):
        key = api.new_key(role)
        problem(api.call("GET", "/v1/audit/export", key=key, buffered=True), 403, "forbidden")
        problem(api.call("GET", "/v1/audit/tile/0/000", key=key), 403, "forbidden")
