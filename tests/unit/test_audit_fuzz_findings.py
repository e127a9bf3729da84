"""What the fuzzer found in the auditor's program, each with a small input that showed it: always a verdict."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from service.audit import verify_audit
from tests.audit_exports import VKEY, an_entry, write_whole

TAMPERED = 1
NESTED = "[" * 100_000 + "]" * 100_000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    write_whole(tmp_path / "export", [an_entry(number) for number in range(3)])
    return tmp_path / "export"


def test_a_manifest_with_text_that_is_no_unicode_is_tampered_with(export: Path) -> None:
    manifest = json.loads((export / "manifest.json").read_bytes())
    (export / "manifest.json").write_text(json.dumps({**manifest, "origin": "\ud800"}))
    assert verify_audit.main(["--vkey", VKEY, str(export)]) == TAMPERED


def test_a_manifest_nested_without_end_is_tampered_with(export: Path) -> None:
    (export / "manifest.json").write_text(f'{{"files": {NESTED}}}')
    assert verify_audit.main(["--vkey", VKEY, str(export)]) == TAMPERED


@pytest.mark.parametrize("block", ['{"leaf": 0, "d": 0, "proof": "/"}', f'{{"leaf": "", "d": {NESTED}, "proof": ""}}'])
def test_a_proof_block_of_other_things_than_texts_is_tampered_with(block: str, tmp_path: Path) -> None:
    page = tmp_path / "certificate.html"
    encoded = base64.b64encode(block.encode()).decode()
    page.write_text(f"{verify_audit.PROOF_BEGIN}\n{encoded}\n{verify_audit.PROOF_END}")
    assert verify_audit.main(["--vkey", VKEY, "--certificate", str(page)]) == TAMPERED
