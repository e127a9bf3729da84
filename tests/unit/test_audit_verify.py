"""``verify_audit.py`` as an auditor runs it: a good export passes, and whatever is changed in one is named."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.audit import verify_audit
from service.audit.checkpoint import Checkpoint, parse_head
from service.audit.leaf import base64url, build_leaf, leaf_hash
from service.audit.manifest import write_manifest
from service.audit.merkle import inclusion_proof, nodes_over
from service.audit.note import make_note
from service.audit.proof import EntryProof
from service.audit.signing import SigningKey, sign_checkpoint
from service.errors import ProofError
from service.recording import salted_digest
from service.records import AuditRecord
from tests.audit_exports import KEY, ORIGIN, START, VKEY, a_head, an_entry, write_selection, write_whole
from tests.unit.test_audit_note import GO_KEY, GO_NOTE, RFC_8032

PROGRAM = Path(verify_audit.__file__)
GOOD, TAMPERED, UNUSABLE = 0, 1, 2
ENTRIES = [an_entry(number) for number in range(40)]
HASHES = [leaf_hash(entry.leaf) for entry in ENTRIES]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    write_whole(tmp_path / "export", ENTRIES, heads=(1, 7, 33))
    return tmp_path / "export"


@pytest.fixture
def selection(tmp_path: Path) -> Path:
    write_selection(tmp_path / "selection", ENTRIES, (3, 4, 39))
    return tmp_path / "selection"


def check(folder: Path, *options: str, vkey: str = VKEY) -> int:
    return verify_audit.main([str(folder), "--vkey", vkey, *options])


def relist(folder: Path, selection: dict[str, str] | None = None) -> None:
    """Make the manifest fit again, as a forger would."""
    write_manifest(folder, {"origin": ORIGIN}, selection=selection)


def edit_lines(folder: Path, edit: Callable[[list[str]], list[str]]) -> None:
    path = folder / "entries.jsonl"
    path.write_text("".join(edit(path.read_text().splitlines(keepends=True))))
    relist(folder)


def test_a_stranger_with_python_alone_checks_an_export(export: Path) -> None:
    shutil.copy(PROGRAM, export / "verify_audit.py")
    relist(export)
    command = [sys.executable, "-I", "-S", str(export / "verify_audit.py"), str(export), "--vkey", VKEY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (GOOD, "")
    for said in ("size       40", "40 decision", "120 disclosed", "3 earlier heads continued", "WHOLE", "GOOD"):
        assert said in done.stdout
    assert a_head(HASHES).note.text.split("\n")[2] in done.stdout


@pytest.mark.parametrize("number", [0, 17, 39])
def test_one_changed_byte_names_its_record_though_the_manifest_tells_of_it_too(
    export: Path, selection: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, index in ((export, number), (selection, {0: 3, 17: 4, 39: 39}[number])):
        path = folder / "entries.jsonl"
        lines = path.read_text().splitlines(keepends=True)
        place = next(at for at, line in enumerate(lines) if json.loads(line)["i"] == index)
        before, leaf = lines[place], json.loads(lines[place])["leaf"]
        lines[place] = before.replace(leaf, leaf[:60] + ("A" if leaf[60] != "A" else "B") + leaf[61:])
        path.write_text("".join(lines))
        assert check(folder) == TAMPERED
        assert re.match(rf"TAMPERED: Entry {index}\b", capsys.readouterr().out)


def test_a_selection_is_checked_and_called_one(selection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(selection) == GOOD
    assert "SELECTION: 3 of 40 entries" in capsys.readouterr().out
    assert check(selection, "--whole") == TAMPERED


@pytest.mark.parametrize(("tiles", "proofs"), [(True, False), (False, True)])
def test_a_selection_is_proven_by_tiles_or_by_proofs(tmp_path: Path, tiles: bool, proofs: bool) -> None:
    write_selection(tmp_path, ENTRIES, (0, 17), tiles=tiles, proofs=proofs)
    assert check(tmp_path) == GOOD


def test_a_log_of_several_tiles_is_checked(tmp_path: Path) -> None:
    entries = [an_entry(number) for number in range(600)]
    write_selection(tmp_path / "s", entries, (255, 256, 599))
    write_whole(tmp_path / "w", entries, heads=(256, 512))
    assert check(tmp_path / "s") == check(tmp_path / "w") == GOOD


def test_an_export_without_entries_is_good(tmp_path: Path) -> None:
    write_whole(tmp_path, [])
    assert check(tmp_path) == GOOD


def test_erased_disclosures_leave_the_export_good(tmp_path: Path) -> None:
    erased = [
        AuditRecord(entry_id=entry.entry_id, leaf=entry.leaf, disclosures=entry.disclosures if number % 3 else ())
        for number, entry in enumerate(ENTRIES)
    ]
    write_whole(tmp_path, erased)
    assert check(tmp_path) == GOOD


def other_value(lines: list[str]) -> list[str]:
    row = json.loads(lines[5])
    row["d"][0] = base64url(json.dumps(["c2FsdA", "worker.name", "Another"]).encode())
    return [*lines[:5], json.dumps(row, separators=(",", ":")) + "\n", *lines[6:]]


def other_outcome(lines: list[str]) -> list[str]:
    row = json.loads(lines[5])
    row["leaf"] = base64.b64encode(base64.b64decode(row["leaf"]).replace(b"review", b"allow!")).decode()
    return [*lines[:5], json.dumps(row, separators=(",", ":")) + "\n", *lines[6:]]


FORGERIES: dict[str, Callable[[list[str]], list[str]]] = {
    "Entry 5 (id 00000000-0000-0000-0000-000000000005": other_value,
    "one of the entries 1 to 6 was changed": other_outcome,
    "Entry 5 is missing": lambda lines: lines[:5] + lines[6:],
    "over 40 entries, but there are 39": lambda lines: lines[:-1],
    "entry 5 stands after it": lambda lines: [*lines[:6], lines[5], *lines[6:]],
    "entry 5 stands after": lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
    "line 6": lambda lines: [*lines[:5], lines[5].replace('"d"', '"d" '), *lines[6:]],
    "line 40": lambda lines: [*lines[:-1], lines[-1].rstrip("\n")],
}


@pytest.mark.parametrize("said", FORGERIES)
def test_a_forged_entry_is_named(export: Path, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    edit_lines(export, FORGERIES[said])
    assert check(export) == TAMPERED
    if said != "entry 5 stands after":
        assert said in capsys.readouterr().out


def test_tiles_tell_which_entry_of_a_whole_export_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_selection(tmp_path, ENTRIES, range(40), proofs=False)
    relist(tmp_path)
    assert check(tmp_path) == GOOD
    edit_lines(tmp_path, other_outcome)
    assert check(tmp_path) == TAMPERED
    assert f"Entry 5 (id {ENTRIES[5].entry_id}" in capsys.readouterr().out
    changed = AuditRecord(entry_id=ENTRIES[5].entry_id, leaf=ENTRIES[5].leaf.replace(b"review", b"allow!"))
    other = tmp_path / "other"
    write_selection(other, [*ENTRIES[:5], changed, *ENTRIES[6:]], range(40), proofs=False)
    (other / "checkpoint").write_text(str(a_head(HASHES)))
    relist(other)
    assert check(other) == TAMPERED
    assert "one of the entries 0 to 39" in capsys.readouterr().out


def test_a_removed_entry_that_is_called_a_selection_still_needs_its_tiles(export: Path) -> None:
    lines = (export / "entries.jsonl").read_text().splitlines(keepends=True)
    (export / "entries.jsonl").write_text("".join(lines[:5] + lines[6:]))
    relist(export, {"clause": "any"})
    assert check(export) == TAMPERED


@pytest.mark.parametrize("name", ["entries.jsonl", "proofs/4.tlog-proof", "tile/0/000.p/40"])
def test_a_selection_with_a_changed_part_is_refused(selection: Path, name: str) -> None:
    path = selection / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    relist(selection, {"clause": "UN-2397-8"})
    assert check(selection) == TAMPERED


@pytest.mark.parametrize("name", ["checkpoint", "entries.jsonl", "manifest.json", "heads.log"])
def test_a_missing_file_makes_the_export_unusable(export: Path, name: str) -> None:
    (export / name).unlink()
    assert check(export) == UNUSABLE


def test_what_is_no_key_or_no_folder_is_unusable(export: Path) -> None:
    for vkey in ("", "x", VKEY[:-1], VKEY.replace("964778c9", "964778c8")):
        assert check(export, vkey=vkey) == UNUSABLE
    assert check(export / "nowhere") == UNUSABLE
    for arguments in ([], [str(export)], ["--vkey", VKEY], [str(export), "--vkey"]):
        with pytest.raises(SystemExit) as ended:
            verify_audit.main(arguments)
        assert ended.value.code == UNUSABLE


def test_another_key_did_not_sign_it(export: Path) -> None:
    stranger = SigningKey(bytes(32), START)
    assert check(export, vkey=str(stranger.verifier(ORIGIN))) == TAMPERED
    (export / "checkpoint").write_text(str(a_head(HASHES, stranger)))
    relist(export)
    assert check(export) == TAMPERED


def test_after_a_rotation_both_keys_and_then_the_new_one_check(tmp_path: Path) -> None:
    """Old heads by the old key, one period by both, new heads by the new one."""
    new = SigningKey(bytes([7]) * 32, START)
    write_whole(tmp_path, ENTRIES)
    heads = [a_head(HASHES[:10], KEY), a_head(HASHES[:20], KEY, new), a_head(HASHES[:30], new)]
    (tmp_path / "heads.log").write_text("".join(f"{head}\n" for head in heads))
    (tmp_path / "checkpoint").write_text(str(a_head(HASHES, new)))
    relist(tmp_path)
    assert check(tmp_path, vkey=str(new.verifier(ORIGIN))) == GOOD
    assert check(tmp_path, "--vkey", str(new.verifier(ORIGIN))) == GOOD
    assert check(tmp_path) == TAMPERED  # the old key alone did not sign the newest head
    for size, head in zip((10, 20), heads, strict=False):
        (tmp_path / f"old-{size}").write_text(str(head))
        assert check(tmp_path, "--vkey", str(new.verifier(ORIGIN)), "--since", str(tmp_path / f"old-{size}")) == GOOD


def test_a_rewritten_history_is_seen_by_whoever_kept_a_head(export: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(a_head(HASHES[:20])))
    assert check(export, "--since", str(kept)) == GOOD
    entries = [*ENTRIES[:7], an_entry(700), *ENTRIES[8:]]
    write_whole(tmp_path / "rewritten", entries)
    assert check(tmp_path / "rewritten") == GOOD  # the key's holder can do this
    assert check(tmp_path / "rewritten", "--since", str(kept)) == TAMPERED
    write_whole(tmp_path / "shorter", ENTRIES[:10])
    assert check(tmp_path / "shorter", "--since", str(kept)) == TAMPERED
    assert check(export, "--since", str(tmp_path / "none")) == UNUSABLE


@pytest.mark.parametrize("size", [1, 33])
def test_an_earlier_head_that_the_log_does_not_continue_is_named(
    export: Path, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = [a_head([*HASHES[: each - 1], bytes(32)] if each == size else HASHES[:each]) for each in (1, 7, 33)]
    (export / "heads.log").write_text("".join(f"{head}\n" for head in heads))
    relist(export)
    assert check(export) == TAMPERED
    assert f"head of size {size}" in capsys.readouterr().out


def test_a_new_origin_continues_the_log_that_its_first_entry_cites(tmp_path: Path) -> None:
    old = a_head(HASHES[:30], origin="screening.example/audit/old")
    fields = {"previous": {"origin": old.checkpoint.origin, "size": 30}}
    opening = build_leaf(entry_id=ENTRIES[0].entry_id, at=START, kind="origin", fields=fields)
    (tmp_path / "kept").write_text(str(old))
    write_whole(tmp_path / "new", [opening, *ENTRIES])
    assert check(tmp_path / "new", "--since", str(tmp_path / "kept")) == GOOD
    write_whole(tmp_path / "lost", [opening, *ENTRIES[1:]])
    assert check(tmp_path / "lost", "--since", str(tmp_path / "kept")) == TAMPERED
    write_whole(tmp_path / "uncited", [ENTRIES[0], *ENTRIES])
    assert check(tmp_path / "uncited", "--since", str(tmp_path / "kept")) == TAMPERED


def test_a_flipped_bit_in_any_byte_of_a_small_export_is_noticed(tmp_path: Path) -> None:
    """One bit of each byte; tests/benchmarks/audit_tampering.py flips every one."""
    folder = tmp_path / "small"
    write_whole(folder, ENTRIES[:1], heads=(1,))
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for at in range(len(whole)):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << at % 8
            path.write_bytes(flipped)
            assert check(folder) != GOOD, f"{path.name}, byte {at}"
        path.write_bytes(whole)
    assert check(folder) == GOOD


def test_flipped_bits_are_noticed_without_the_manifest_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a forger would, who can make sums as well as anybody: the signed root alone must hold."""
    folder = tmp_path / "small"
    write_whole(folder, ENTRIES[:3], heads=(2,))
    chance = random.Random(1)
    for name in ("checkpoint", "entries.jsonl", "heads.log"):
        whole = (folder / name).read_bytes()
        for at in chance.sample(range(len(whole) * 8), 100):
            flipped = bytearray(whole)
            flipped[at // 8] ^= 1 << at % 8
            (folder / name).write_bytes(flipped)
            relist(folder)
            # an old head counts by its root; one in a stranger's name is no evidence, and is said to be none
            assert check(folder) != GOOD or "other keys only" in capsys.readouterr().out, f"{name}, bit {at}"
        (folder / name).write_bytes(whole)


@pytest.mark.parametrize(("_seed", "public", "message", "signature"), RFC_8032)
def test_its_own_ed25519_is_that_of_rfc_8032(_seed: str, public: str, message: str, signature: str) -> None:
    key, text, signed = (bytes.fromhex(each) for each in (public, message, signature))
    assert verify_audit.signature_is_good(key, text, signed)
    assert not verify_audit.signature_is_good(key, text + b"x", signed)
    for at in range(0, 64, 7):
        changed = bytearray(signed)
        changed[at] ^= 1
        assert not verify_audit.signature_is_good(key, text, bytes(changed))


def test_a_signature_has_one_form_only() -> None:
    """Adding the order of the group to S gives a second signature that a careless reader takes."""
    _, public, message, signature = (bytes.fromhex(each) for each in RFC_8032[1])
    larger = int.from_bytes(signature[32:], "little") + verify_audit.L
    assert not verify_audit.signature_is_good(public, message, signature[:32] + larger.to_bytes(32, "little"))
    for point in (b"\xff" * 32, (verify_audit.P + 1).to_bytes(32, "little"), b"\x02" + bytes(31)):
        assert not verify_audit.signature_is_good(point, message, signature)
        assert not verify_audit.signature_is_good(public, message, point + signature[32:])
    assert not verify_audit.signature_is_good(public[:31], message, signature)
    assert not verify_audit.signature_is_good(public, message, signature[:63])


def test_it_reads_keys_and_proofs_as_the_service_writes_them() -> None:
    assert verify_audit.Key(GO_KEY).name == "PeterNeumann"
    text, signature = GO_NOTE.split("\n\n")
    raw = base64.b64decode(signature.split()[-1])[4:]
    assert verify_audit.signature_is_good(verify_audit.Key(GO_KEY).public, (text + "\n").encode(), raw)
    proof = EntryProof(5, tuple(inclusion_proof(nodes_over(HASHES), 5, 40)), a_head(HASHES))
    index, path, head = verify_audit.read_proof(str(proof).encode(), "proof")
    assert (index, tuple(path), head.root) == (5, proof.path, proof.head.root)


def test_both_readers_of_heads_judge_alike() -> None:
    """The service's and the verifier's, on 5,000 random edits of a head."""
    whole, chance = str(a_head(HASHES)).encode(), random.Random(2)
    pieces = [b"\n", b"\x0b", b"=", b"0", b" ", "\u2028".encode(), b"\x85", b"\xff", b"A", b"+", "\u2014 ".encode()]
    for _ in range(5000):
        at, until = sorted(chance.choices(range(len(whole) + 1), k=2))
        edited = whole[:at] + chance.choice([*pieces, b""]) + whole[chance.choice((at, at + 1, until)) :]
        verdicts = []
        for read in (parse_head, lambda raw: verify_audit.Head(raw, "head")):
            try:
                found = read(edited)
                verdicts.append((found.size, found.root))
            except (ProofError, verify_audit.TamperedError):
                verdicts.append(None)
        assert verdicts[0] == verdicts[1], edited


def certificate(record: AuditRecord, **changes: str) -> str:
    hashes = [*HASHES, leaf_hash(record.leaf)]
    proof = EntryProof(40, tuple(inclusion_proof(nodes_over(hashes), 40, 41)), a_head(hashes))
    leaf = base64.b64encode(record.leaf).decode()
    block = {"leaf": leaf, "d": list(record.disclosures), "proof": str(proof), **changes}
    encoded = base64.encodebytes(json.dumps(block).encode()).decode()
    return f"<html><pre>{verify_audit.PROOF_BEGIN}\n{encoded}{verify_audit.PROOF_END}</pre></html>"


def test_a_certificate_is_checked_by_its_proof_block(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    salt, page = hashlib.sha256(b"salt").digest()[:16], tmp_path / "certificate.html"
    private = [("digest_salt", base64url(salt)), ("worker.name", "Kim")]
    fields = {"outcome": "deny", "decision_fp": salted_digest(salt, b'{"decision":"deny"}')}
    leaf = build_leaf(entry_id=ENTRIES[0].entry_id, at=START, kind="decision", fields=fields, private=private)
    page.write_text(certificate(leaf, decision='{"decision":"deny"}'))
    assert verify_audit.main(["--vkey", VKEY, "--certificate", str(page)]) == GOOD
    said = capsys.readouterr().out
    assert 'outcome: "deny"' in said
    assert 'worker.name: "Kim"' in said
    for changed in (
        certificate(leaf, decision='{"decision":"allow"}'),
        certificate(leaf, leaf=base64.b64encode(leaf.leaf.replace(b"deny", b"alow")).decode()),
        certificate(leaf, proof="nothing"),
        certificate(AuditRecord(entry_id=leaf.entry_id, leaf=leaf.leaf, disclosures=("WyJzIiwgIm4iLCAidiJd",))),
        certificate(leaf).replace("\ney", "\nfy"),
    ):
        page.write_text(changed)
        assert verify_audit.main(["--vkey", VKEY, "--certificate", str(page)]) == TAMPERED
    page.write_text("<html></html>")
    assert verify_audit.main(["--vkey", VKEY, "--certificate", str(page)]) == UNUSABLE


def test_a_checkpoint_with_a_duplicated_signature_line_is_refused(export: Path) -> None:
    text = (export / "checkpoint").read_text()
    (export / "checkpoint").write_text(text + text.split("\n\n")[1])
    relist(export)
    assert check(export) == TAMPERED


def test_a_checkpoint_of_another_log_does_not_fit(export: Path) -> None:
    other = sign_checkpoint(Checkpoint("elsewhere.example/log", 40, a_head(HASHES).root), [KEY])
    (export / "checkpoint").write_text(str(other))
    relist(export)
    assert check(export) == TAMPERED
    (export / "checkpoint").write_text(str(make_note(other.note.text, [KEY.sign(ORIGIN, other.note.text)])))
    relist(export)
    assert check(export) == TAMPERED
