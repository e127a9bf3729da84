"""Writes an export of the sealed log: its entries, and all that a stranger needs to check them.

Every stored hash of the log is followed to the signed root, and each entry's bytes are compared with its hash,
so that a log that was changed is refused here already and not first by the auditor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from service.audit import verify_audit
from service.audit.checkpoint import SignedHead
from service.audit.export_parquet import Parquet
from service.audit.export_parts import Bundles, Lines, Part, Row, Table, write_file
from service.audit.export_readme import readme
from service.audit.export_tree import ExportTree
from service.audit.exporting_ports import ExportedEntry, LogReading
from service.audit.leaf import leaf_hash, timestamp
from service.audit.manifest import write_manifest
from service.audit.merkle import HASH_BYTES
from service.audit.rulebook_text import rule_text
from service.audit.selection import WHOLE, Selection
from service.audit.witness import Evidence
from service.errors import ExportError, SealingStoppedError

ENTRIES_A_TURN = 65_536  # a multiple of a tile
MOST_PROOFS = 10_000  # of a selection; the tiles prove any number
CHANGED = "The log is not what was signed, so nothing is exported: "


class Form(StrEnum):
    """What is written: the lines or the table alone, or everything."""

    JSONL = "jsonl"
    CSV = "csv"
    BUNDLE = "bundle"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to export, and for whom. ``personal`` adds disclosures, ``parquet`` a Parquet file to a bundle."""

    form: Form = Form.BUNDLE
    selection: Selection = WHOLE
    personal: bool = False
    parquet: bool = False
    recipient: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What stands in a bundle beside the log: earlier heads, verifier keys, and the rules in force now."""

    heads: Iterable[SignedHead] = ()
    evidence: Iterable[Evidence] = ()
    vkeys: tuple[str, ...] = ()
    catalogue: Mapping[str, Any] = field(default_factory=dict)
    program: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What was written. ``digest`` is the SHA-256 (hex) that the manifest gives of itself, or that of the one file."""

    entries: int
    disclosures: int
    head: SignedHead
    proofs: bool
    digest: str


def write_export(reading: LogReading, folder: Path, order: Order, around: Surroundings) -> Written:
    """Write what ``order`` asks for into an empty folder.

    SealingStoppedError where the log is not what was signed; ExportError where an entry cannot be read, or the
    order cannot be filled.
    """
    return _Export(reading, folder, order, around).write()


class _Export:
    def __init__(self, reading: LogReading, folder: Path, order: Order, around: Surroundings) -> None:
        self.reading, self.folder, self.order, self.around = reading, folder, order, around
        self.selection = order.selection.as_json()
        self.whole = self.selection is None
        self.bundle = order.form is Form.BUNDLE
        self.citations = verify_audit.Citations()
        self.entries = self.disclosures = 0
        self.indexes: list[int] | None = [] if self.bundle and not self.whole else None

    def write(self) -> Written:
        head = self.reading.head
        tree = ExportTree(self._write_file if self.bundle else None, all_levels=self.whole)
        with ExitStack() as stack:
            parts = []
            for part in self._parts():
                stack.callback(part.close)
                parts.append(part)
            for row in self._rows(tree):
                for part in parts:
                    part.add(row)
        if tree.finish() != head.root:
            raise SealingStoppedError(f"{CHANGED}its hashes do not give the signed root of size {head.size}.")
        proofs = self.indexes is not None and len(self.indexes) > 0
        if self.bundle:
            self._write_proofs(tree, head)
            self._write_surroundings(head)
            digest = write_manifest(self.folder, self._about(head, proofs=proofs), selection=self.selection)
        else:
            (only,) = self.folder.iterdir()
            digest = verify_audit.file_sha256(only)
        return Written(entries=self.entries, disclosures=self.disclosures, head=head, proofs=proofs, digest=digest)

    def _write_file(self, name: str, content: bytes) -> None:
        write_file(self.folder / name, content)

    def _parts(self) -> Iterator[Part]:
        if self.order.form is not Form.CSV:
            yield Lines(self.folder / "entries.jsonl")
        if self.order.form is not Form.JSONL:
            yield Table(self.folder / "entries.csv")
        if self.bundle and self.whole:
            yield Bundles(self.folder)
        if self.bundle and self.order.parquet:
            yield Parquet(self.folder / "entries.parquet")

    def _rows(self, tree: ExportTree) -> Iterator[Row]:
        """The entries that are asked for; the tree follows every hash on the way."""
        size, chosen = self.reading.head.size, self.order.selection
        first = chosen.first or 0
        stop = size if chosen.last is None else min(size, chosen.last + 1)
        for start in range(0, size, ENTRIES_A_TURN):
            until = min(start + ENTRIES_A_TURN, size)
            hashes = self.reading.hashes(start, until)
            if len(hashes) != (until - start) * HASH_BYTES:
                raise SealingStoppedError(f"{CHANGED}leaves between {start} and {until} are missing.")
            tree.add(hashes)
            if max(start, first) < min(until, stop):
                found = self.reading.entries(max(start, first), min(until, stop), personal=self.order.personal)
                for entry in found:
                    at = (entry.number - start) * HASH_BYTES
                    row = self._row(entry, hashes[at : at + HASH_BYTES])
                    if row is not None:
                        yield row

    def _row(self, entry: ExportedEntry, sealed: bytes) -> Row | None:
        """The entry read and counted; None where it is not asked for."""
        if leaf_hash(entry.leaf) != sealed:
            raise SealingStoppedError(f"{CHANGED}leaf {entry.number} is not the one that was sealed.")
        where = f"Entry {entry.number}"
        try:
            content = orjson.loads(entry.leaf)
        except orjson.JSONDecodeError as wrong:
            raise ExportError(f"{where} is not JSON.") from wrong
        if not isinstance(content, dict):
            raise ExportError(f"{where} is not a JSON object.")
        if self.selection is not None and not verify_audit.fits(self.selection, entry.number, content):
            return None
        opened = self._open(entry, content) if entry.disclosures else []
        self.entries += 1
        self.disclosures += len(opened)
        if self.bundle:
            self.citations.add(content)
        if self.indexes is not None:
            self.indexes.append(entry.number)
            if len(self.indexes) > MOST_PROOFS:
                self.indexes = None
        return Row(entry.number, entry.leaf, sealed, content, entry.disclosures, opened)

    def _open(self, entry: ExportedEntry, content: dict[str, Any]) -> list[tuple[str, Any]]:
        where = f"Entry {entry.number}"
        try:
            raw = [each.encode("ascii") for each in entry.disclosures]
            verify_audit.check_disclosures(content, raw, lambda: where)
            return [verify_audit.read_disclosure(each, where)[1:] for each in entry.disclosures]
        except (verify_audit.TamperedError, UnicodeEncodeError) as wrong:
            raise SealingStoppedError(
                f"{CHANGED}a value of entry {entry.number} is not the one committed to."
            ) from wrong

    def _write_proofs(self, tree: ExportTree, head: SignedHead) -> None:
        if not self.indexes:
            return
        prove = tree.prover(head, lambda name: (self.folder / name).read_bytes())
        for index in self.indexes:
            self._write_file(f"proofs/{index}.tlog-proof", str(prove(index)).encode())

    def _write_surroundings(self, head: SignedHead) -> None:
        around = self.around
        self._write_file("checkpoint", str(head).encode())
        witnessed = {each.size for each in self._write_evidence()}
        with (self.folder / "heads.log").open("xb") as file:
            for each in around.heads:
                if each.size <= head.size:
                    file.write(f"{each}\n".encode())
                    if each.size in witnessed:  # the very bytes that a timestamp is over
                        self._write_file(f"witnesses/{each.size}.note", str(each).encode())
        self._write_file("lists.json", self.citations.lists_json())
        self._write_file("rulebook/catalogue.json", orjson.dumps(around.catalogue, option=orjson.OPT_INDENT_2))
        for digest in sorted(self.citations.rules):
            text = rule_text(digest, self.reading.engine_with)
            if text is not None:
                self._write_file(f"rulebook/{digest}.txt", text)
        if around.vkeys:
            self._write_file("vkey.txt", "".join(f"{each}\n" for each in around.vkeys).encode())
        self._write_file("verify_audit.py", Path(verify_audit.__file__).read_bytes())
        self._write_file("README.txt", readme(head, self.selection, personal=self.order.personal).encode())

    def _write_evidence(self) -> Iterator[Evidence]:
        for each in self.around.evidence:
            self._write_file(f"witnesses/{each.file_name}", each.body)
            yield each

    def _about(self, head: SignedHead, *, proofs: bool) -> dict[str, Any]:
        root = head.checkpoint.text.split("\n")[2]
        return {
            "format": 1,
            "log": {"origin": head.checkpoint.origin, "size": head.size, "root": root},
            "entries": self.entries,
            "disclosures": self.disclosures,
            "personal_data": self.order.personal,
            "proofs": proofs,
            "exported_at": timestamp(datetime.now(UTC)),
            "program": self.around.program,
        }
