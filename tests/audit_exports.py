"""Hand-made exports of an audit log, for the tests of the verifier and its benchmark."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from service.audit.checkpoint import Checkpoint, SignedHead
from service.audit.export import Order, Surroundings, Written, write_export
from service.audit.exporting_ports import ExportedEntry, HashTree
from service.audit.leaf import build_leaf, leaf_hash
from service.audit.manifest import write_manifest
from service.audit.merkle import GrowingTree, inclusion_proof, nodes_over
from service.audit.proof import EntryProof
from service.audit.signing import SigningKey, sign_checkpoint
from service.audit.tiles import WIDTH, tile_path
from service.records import AuditRecord
from service.rulebook import current

ORIGIN = "screening.example/audit/t1"
START = datetime(2026, 11, 23, 19, tzinfo=UTC)
KEY = SigningKey(bytes(range(32)), START)
VKEY = str(KEY.verifier(ORIGIN))


def an_entry(number: int) -> AuditRecord:
    """A decision as the service records it, with a person's data committed."""
    private = [("worker.name", f"Kim {number}"), ("worker.date_of_birth", "1988-04-17"), ("reference", None)]
    fields = {
        "tenant": "default",
        "actor": "key:0192",
        "outcome": "review",
        "clauses": ["UN-2375-17", "UN-2397-8"],
        "rules": {"version": "2026.11", "sha256": current().sha256},
        "lists": [{"name": "un_sc", "version": 3, "sha256": "cd" * 32, "records": 1000}],
    }
    at = START + timedelta(seconds=number)
    return build_leaf(entry_id=UUID(int=number), at=at, kind="decision", fields=fields, private=private)


def a_head(hashes: Sequence[bytes], *keys: SigningKey, origin: str = ORIGIN) -> SignedHead:
    tree = GrowingTree()
    for each in hashes:
        tree.append(each)
    return sign_checkpoint(Checkpoint(origin, len(hashes), tree.root()), keys or (KEY,))


def write_entries(folder: Path, entries: Iterable[tuple[int, AuditRecord]]) -> None:
    with (folder / "entries.jsonl").open("w") as file:
        for index, entry in entries:
            leaf = base64.b64encode(entry.leaf).decode()
            row = {"i": index, "leaf": leaf, "d": list(entry.disclosures)}
            file.write(json.dumps(row, separators=(",", ":")) + "\n")


def write_whole(
    folder: Path, entries: Sequence[AuditRecord], *, heads: Iterable[int] = (), origin: str = ORIGIN
) -> SignedHead:
    """An export of every entry, with earlier heads of these sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = [leaf_hash(entry.leaf) for entry in entries]
    write_entries(folder, enumerate(entries))
    head = a_head(hashes, origin=origin)
    (folder / "checkpoint").write_text(str(head))
    (folder / "heads.log").write_text("".join(f"{a_head(hashes[:size], origin=origin)}\n" for size in heads))
    write_manifest(folder, {"origin": origin}, selection=None)
    return head


def write_selection(
    folder: Path, entries: Sequence[AuditRecord], chosen: Iterable[int], *, tiles: bool = True, proofs: bool = True
) -> None:
    """An export of some entries, with the tiles of all and a proof of each."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = [leaf_hash(entry.leaf) for entry in entries]
    chosen = list(chosen)
    write_entries(folder, ((index, entries[index]) for index in chosen))
    head = a_head(hashes)
    (folder / "checkpoint").write_text(str(head))
    if tiles:
        for start in range(0, len(hashes), WIDTH):
            part = hashes[start : start + WIDTH]
            path = folder / tile_path(0, start // WIDTH, len(part))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(part))
    if proofs:
        (folder / "proofs").mkdir()
        for index in chosen:
            path = tuple(inclusion_proof(nodes_over(hashes), index, len(hashes)))
            (folder / "proofs" / f"{index}.tlog-proof").write_text(str(EntryProof(index, path, head)))
    write_manifest(folder, {"origin": ORIGIN}, selection={"clause": "UN-2397-8"})


class LogInMemory:
    """A sealed log as an export reads it, without a database."""

    def __init__(self, entries: Sequence[AuditRecord], *, keys: Sequence[SigningKey] = (KEY,)) -> None:
        self._entries = entries
        self._hashes = [leaf_hash(entry.leaf) for entry in entries]
        self._keys = keys
        self.head = a_head(self._hashes, *keys)

    @property
    def tree(self) -> HashTree:
        raise NotImplementedError  # no export asks for it

    def hashes(self, start: int, stop: int) -> bytes:
        return b"".join(self._hashes[start:stop])

    def entries(self, start: int, stop: int, *, personal: bool) -> Iterator[ExportedEntry]:
        for number in range(start, stop):
            entry = self._entries[number]
            disclosures = list(entry.disclosures) if personal else []
            yield ExportedEntry(number, self._hashes[number], entry.leaf, disclosures)

    def heads(self) -> Iterator[SignedHead]:
        for size in range(10, len(self._hashes), max(10, len(self._hashes) // 5)):
            yield a_head(self._hashes[:size], *self._keys)
        yield self.head

    def engine_with(self, rulebook: str) -> bytes | None:
        return None


def write_bundle(folder: Path, entries: Sequence[AuditRecord], order: Order) -> Written:
    """A bundle as the service writes it."""
    log = LogInMemory(entries)
    folder.mkdir(parents=True)
    around = Surroundings(heads=log.heads(), vkeys=(VKEY,), catalogue={"version": "1"}, program="tests")
    return write_export(log, folder, order, around)
