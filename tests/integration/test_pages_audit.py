"""The page about the record: its head, its export by filters, and who sees it."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from service.audit.checkpoint import parse_head
from tests.integration.conftest import Api
from tests.integration.exporting import Record, verify
from tests.integration.test_pages import Visitor, people

__all__ = ["people"]  # the fixture


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
def auditor(people: Callable[[str], Visitor]) -> Visitor:
    return people("auditor")


def test_an_auditor_sees_the_head_and_takes_the_record_away(record: Record, auditor: Visitor, tmp_path: Path) -> None:
    assert "Nothing is sealed yet" in auditor.get("/audit")
    auditor.get("/audit/checkpoint", status=404)
    record.add_decisions(30)
    size = record.seal()
    page = auditor.get("/audit")
    head = parse_head(auditor.client.get("/audit/checkpoint").data)
    assert head.size == size
    assert record.service.config.origin in page
    assert 'href="/audit"' in auditor.get("/lists")
    given = auditor.post("/audit/export", {"decision": "deny", "recipient": "The inspectorate"}, page="/audit")
    assert given.content_type == "application/zip"
    zipfile.ZipFile(io.BytesIO(given.data)).extractall(tmp_path)
    (folder,) = tmp_path.glob("audit-*")
    assert "SELECTION: 10 of" in verify(folder, record.vkey).stdout
    (said,) = [entry for entry in record.service.audit.export() if json.loads(entry.leaf)["type"] == "export"]
    assert json.loads(said.leaf)["actor"].startswith("account:")
    assert len(said.disclosures) == 1  # who got it


def test_a_slip_is_said_beside_its_input_and_nothing_is_exported(record: Record, auditor: Visitor) -> None:
    record.seal()
    response = auditor.post("/audit/export", {"from": "soon", "clause": "UN-2375-17"}, page="/audit")
    assert response.status_code == 422
    page = unescape(response.text)
    assert "<title>Error: " in page
    for said in ('href="#from"', 'id="from-error"', 'value="soon"', 'value="UN-2375-17"'):
        assert said in page
    assert auditor.post("/audit/export", {"colour": "red"}, page="/audit").status_code == 400
    assert not any(b'"export"' in entry.leaf for entry in record.service.audit.export())


def test_people_s_data_need_the_right_and_a_recipient(
    record: Record, auditor: Visitor, people: Callable[[str], Visitor]
) -> None:
    record.add_decisions(2)
    record.seal()
    asked = {"personal_data": "true", "format": "jsonl"}
    assert "personal_data" not in auditor.get("/audit")
    assert auditor.post("/audit/export", {**asked, "recipient": "Me"}, page="/audit").status_code == 403
    admin = people("admin")
    refused = admin.post("/audit/export", asked, page="/audit")
    assert refused.status_code == 422
    assert "Write who gets the personal data" in refused.text
    given = admin.post("/audit/export", {**asked, "recipient": "The court"}, page="/audit")
    assert sum(len(json.loads(line)["d"]) for line in given.text.splitlines()) >= 4


def test_whoever_may_not_take_the_record_does_not_see_the_page(people: Callable[[str], Visitor]) -> None:
    screener = people("screener")
    screener.get("/audit", status=403)
    screener.get("/audit/checkpoint", status=403)
    assert 'href="/audit"' not in screener.get("/lists")
