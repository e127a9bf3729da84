"""A log with entries of every kind, sealed, and the verifier as an auditor runs it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from service.app import Service
from service.audit import verify_audit
from service.audit.export import Order, Written
from service.audit.leaf import build_leaf
from service.identifiers import uuid7
from service.records import Actor, AuditRecord
from service.replay.engine import RunningEngine
from service.rulebook import current
from service.sealing_loop import build_sealer, key_ring
from service.store.audit import append_in
from service.store.rules import Rules

AUDITOR = Actor(kind="key", id="0192", name="auditor")
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
OUTCOMES = ("allow", "review", "deny")


def _earlier_engine() -> bytes:
    """The archive of a program that decided here before, as far as its rules go."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("service/rulebook/un_2375.py", "earlier rules")
    return buffer.getvalue()


EARLIER_ENGINE = _earlier_engine()
EARLIER_TEXT = b"service.rulebook/un_2375.py\nearlier rules"
EARLIER_RULES = hashlib.sha256(EARLIER_TEXT).hexdigest()


def a_decision(number: int) -> AuditRecord:
    """A decision of its hour, with a person's data committed."""
    at = START + timedelta(hours=number)
    fields = {
        "tenant": "default",
        "actor": "key:0192",
        "screening": str(UUID(int=number)),
        "outcome": OUTCOMES[number % 3],
        "clauses": ["UN-2375-17", "UN-2397-8"] if number % 2 else ["LIST-un_sc"],
        "rules": {"version": "2026.11", "sha256": current().sha256 if number % 2 else EARLIER_RULES},
        "lists": [
            {"name": name, "version": 1 + number // 10, "published": None, "sha256": "cd" * 32, "records": 10}
            for name in ("un_sc", "own")[: 1 + (number % 4 == 0)]
        ],
    }
    private = [("worker.name", f"=HYPERLINK(Kim {number})"), ("reference", None)]
    return build_leaf(entry_id=uuid7(at), at=at, kind="decision", fields=fields, private=private)


@dataclass(frozen=True)
class Record:
    """The record of a service, which nobody else seals."""

    service: Service

    def add(self, *records: AuditRecord) -> None:
        with psycopg.connect(self.service.database.url) as connection:
            for each in records:
                append_in(connection, each)

    def add_decisions(self, count: int) -> list[AuditRecord]:
        added = [a_decision(number) for number in range(count)]
        self.add(*added)
        return added

    def keep_earlier_engine(self) -> None:
        rulebook = {"version": "2026.10", "sha256": EARLIER_RULES}
        engine = RunningEngine(version="0.0.9", sha256=hashlib.sha256(EARLIER_ENGINE).hexdigest(), runtime={})
        entry = build_leaf(entry_id=uuid7(START), at=START, kind="rule_load", fields={"rules": rulebook}, private=[])
        Rules(self.service.database).keep_engine(engine, rulebook, EARLIER_ENGINE, entry)

    def seal(self) -> int:
        sealer = build_sealer(self.service.config)
        try:
            while True:
                sealed = sealer.seal()
                assert sealed is not None
                if not sealed.more:
                    return sealed.size
        finally:
            sealer.close()

    def export(self, target: Path, order: Order | None = None, **changes: object) -> Written:
        return self.service.exports().write_to(target, replace(order or Order(), **changes), AUDITOR)

    @property
    def vkey(self) -> str:
        config = self.service.config
        return str(key_ring(config).verifiers(config.origin)[-1])


def verify(folder: Path, vkey: str, *options: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    """Run the program that lies in the export, with the standard library alone."""
    program = [python, "-I", "-S", str(folder / "verify_audit.py"), str(folder), "--vkey", vkey, *options]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def check(folder: Path, vkey: str, *options: str) -> int:
    """The same in this process."""
    return verify_audit.main([str(folder), "--vkey", vkey, *options])
