"""The parsers of the audit log as targets: notes and proofs read twice by two programs, exports and certificates."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from service.audit import verify_audit
from service.audit.checkpoint import parse_head
from service.audit.leaf import leaf_hash
from service.audit.manifest import write_manifest
from service.audit.merkle import inclusion_proof, nodes_over
from service.audit.note import parse_key
from service.audit.proof import EntryProof, parse_proof
from service.errors import ProofError
from tests.audit_exports import ORIGIN, VKEY, a_head, an_entry, write_entries
from tests.fuzzing.invariants import demand
from tests.fuzzing.list_reading import BETWEEN_FILES
from tests.fuzzing.mutators import Mutator, lines
from tests.fuzzing.tree_mutators import json_text, parted

ENTRIES = [an_entry(number) for number in range(5)]
HASHES = [leaf_hash(entry.leaf) for entry in ENTRIES]
HEAD = a_head(HASHES)
GENUINE = [entry.leaf for entry in ENTRIES]
FILES = ("checkpoint", "entries.jsonl", "heads.log")
_PROOF = f"{verify_audit.PROOF_BEGIN}\n%s\n{verify_audit.PROOF_END}"


def reading_a_head(data: bytes) -> bool:
    """A signed checkpoint: the service and the auditor's program take the same ones and see the same in them."""
    theirs = _theirs(lambda: verify_audit.Head(data, "the head"))
    try:
        ours = parse_head(data)
    except ProofError:
        demand(theirs is None or len(theirs.signatures) > 100, "the auditor's program takes a head that we refuse")
        return False
    demand(theirs is not None, "the auditor's program refuses a head that we take")
    demand((theirs.size, theirs.root, theirs.text) == (ours.size, ours.root, ours.note.text), "two readings of a head")
    demand(str(ours).encode() == data, "a head is written in two ways")
    return True


def reading_a_proof(data: bytes) -> bool:
    """A proof: both programs take the same ones, and only the genuine one proves anything."""
    theirs = _theirs(lambda: verify_audit.read_proof(data, "the proof"))
    try:
        ours = parse_proof(data)
    except ProofError:
        demand(theirs is None or len(theirs[1]) > 63, "the auditor's program takes a proof that we refuse")
        return False
    demand(theirs is not None, "the auditor's program refuses a proof that we take")
    index, path, head = theirs
    demand((index, tuple(path), head.size) == (ours.index, ours.path, ours.head.size), "two readings of a proof")
    for number, leaf in enumerate(GENUINE):
        hashed = leaf_hash(leaf)
        proves = verify_audit.inclusion_holds(hashed, index, head.size, path, head.root)
        demand(proves == _verifies(ours, leaf), "the two programs disagree about what a proof proves")
        demand(not proves or head.root != HEAD.root or index == number, "a proof proves an entry at another place")
    return True


def reading_a_key(data: bytes) -> bool:
    """A verifier key: what we take, the auditor's program takes as well."""
    written = data.decode("utf-8", "replace")
    try:
        theirs = verify_audit.Key(written)
    except verify_audit.UnusableError:
        theirs = None
    try:
        ours = parse_key(written)
    except ProofError:
        return False
    demand(theirs is not None and theirs.public == ours.public, "the auditor's program refuses a key that we take")
    return True


def checking_an_export(data: bytes) -> bool:
    """A whole export, its manifest made anew: a verdict, and GOOD for the genuine entries only."""
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        folder = Path(name)
        for file, content in zip(FILES, data.split(BETWEEN_FILES), strict=False):
            (folder / file).write_bytes(content)
        write_manifest(folder, {"origin": ORIGIN}, selection=None)
        if not _is_good([name]):
            return False
        leaves = re.findall(rb'"leaf":"([^"]*)"', (folder / "entries.jsonl").read_bytes())
        demand([base64.b64decode(leaf) for leaf in leaves] == GENUINE, "an export with other entries is good")
    return True


def checking_a_manifest(data: bytes) -> bool:
    """A manifest beside genuine files: a verdict, and GOOD for the genuine one only."""
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        folder = Path(name)
        for file, content in zip(FILES, _export().split(BETWEEN_FILES), strict=True):
            (folder / file).write_bytes(content)
        write_manifest(folder, {"origin": ORIGIN}, selection=None)
        genuine = json.loads((folder / "manifest.json").read_bytes())["files"]
        (folder / "manifest.json").write_bytes(data)
        if not _is_good([name]):
            return False
        stated = json.loads(data)["files"]
        demand(all(stated[file] == genuine[file] for file in ("checkpoint", "entries.jsonl")), "another file is good")
    return True


def checking_a_certificate(data: bytes) -> bool:
    """A certificate, its block given as JSON: a verdict, and GOOD for a genuine entry only."""
    with tempfile.TemporaryDirectory(prefix="certificate-") as folder:
        page = Path(folder) / "certificate.html"
        page.write_text(_PROOF % base64.b64encode(data).decode())
        if not _is_good(["--certificate", str(page)]):
            return False
        leaf = base64.b64decode(json.loads(data)["leaf"])
        demand(leaf in GENUINE, "a certificate of another entry is good")
    return True


def _is_good(arguments: list[str]) -> bool:
    """The verdict of the auditor's program; what it prints must be text that a terminal can show."""
    with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()) as complained:
        verdict = verify_audit.main(["--vkey", VKEY, *arguments])
    (said.getvalue() + complained.getvalue()).encode("utf-8")
    demand(verdict in {0, 1, 2}, "no verdict")
    return verdict == 0


def _theirs(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except verify_audit.TamperedError:
        return None


def _verifies(proof: EntryProof, leaf: bytes) -> bool:
    try:
        proof.verify(leaf)
    except ProofError:
        return False
    return True


def _proof(index: int) -> str:
    return str(EntryProof(index, tuple(inclusion_proof(nodes_over(HASHES), index, len(HASHES))), HEAD))


def _export() -> bytes:
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        write_entries(Path(name), enumerate(ENTRIES))
        entries = (Path(name) / "entries.jsonl").read_bytes()
    heads = "".join(f"{a_head(HASHES[:size])}\n" for size in (1, 3))
    return BETWEEN_FILES.join((str(HEAD).encode(), entries, heads.encode()))


def _manifest() -> bytes:
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        for file, content in zip(FILES, _export().split(BETWEEN_FILES), strict=True):
            (Path(name) / file).write_bytes(content)
        write_manifest(Path(name), {"origin": ORIGIN}, selection=None)
        return (Path(name) / "manifest.json").read_bytes()


def _certificate(index: int) -> bytes:
    entry = ENTRIES[index]
    block = {"leaf": base64.b64encode(entry.leaf).decode(), "d": list(entry.disclosures), "proof": _proof(index)}
    return json.dumps(block).encode()


PARSERS: dict[str, tuple[Callable[[bytes], bool], Callable[[], Sequence[bytes]], Mutator]] = {
    "audit_head": (reading_a_head, lambda: [str(HEAD).encode()], lines),
    "audit_proof": (reading_a_proof, lambda: [_proof(index).encode() for index in range(5)], lines),
    "audit_key": (reading_a_key, lambda: [VKEY.encode()], lines),
    "audit_export": (checking_an_export, lambda: [_export()], parted(lines, BETWEEN_FILES)),
    "audit_manifest": (checking_a_manifest, lambda: [_manifest()], json_text),
    "audit_certificate": (checking_a_certificate, lambda: [_certificate(index) for index in (0, 3)], json_text),
}
