"""Change an export in every way that chance finds, and count what ``verify_audit.py`` does not notice.

Run: python -m tests.benchmarks.audit_tampering [EDITS] [ENTRIES]

First every single bit of a small export is flipped, then EDITS random edits are made in an export of ENTRIES
entries: bytes changed, cut or doubled, lines changed, removed, doubled or moved. For half of the edits the
manifest is made to fit again, as a forger would. Two edits leave an export that is still true and count as
noticed: an old head in somebody else's name (the auditor is told), and an old head taken away.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from service.audit import verify_audit
from service.audit.heads import whole_records
from service.audit.manifest import write_manifest
from tests.audit_exports import ORIGIN, VKEY, an_entry, write_whole

NAMES = ("checkpoint", "entries.jsonl", "heads.log", "manifest.json")


def noticed(folder: Path) -> bool:
    """Whether the verifier says that something is wrong with the export."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = verify_audit.main([str(folder), "--vkey", VKEY])
    return code != 0 or "other keys only" in said.getvalue()


def flip_every_bit(folder: Path) -> int:
    """How many flips of one bit pass unnoticed."""
    passed = flips = 0
    for name in NAMES:
        whole = (folder / name).read_bytes()
        for at in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[at // 8] ^= 1 << at % 8
            (folder / name).write_bytes(flipped)
            passed, flips = passed + (not noticed(folder)), flips + 1
        (folder / name).write_bytes(whole)
    print(f"{flips} flips of one bit: {passed} passed unnoticed")
    return passed


def edit_bytes(raw: bytes, chance: random.Random) -> bytes:
    """Bytes changed, cut or doubled."""
    at = chance.randrange(len(raw))
    until = min(len(raw), at + chance.choice((1, 1, 2, 40, 2000)))
    new = chance.choice((b"", raw[at:until] * 2, bytes([chance.randrange(256)]) * (until - at)))
    return raw[:at] + new + raw[until:]


def edit_lines(raw: bytes, chance: random.Random) -> bytes:
    """Lines removed, doubled or moved."""
    lines = raw.splitlines(keepends=True)
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    what = chance.randrange(4)
    if what == 0:
        del lines[at : at + chance.choice((1, 1, 50))]
    elif what == 1:
        lines.insert(to, lines[at])
    elif what == 2:
        lines[at], lines[to] = lines[to], lines[at]
    else:
        lines = lines[: max(at, 1)]
    return b"".join(lines)


def edit_at_random(folder: Path, edits: int) -> int:
    """How many random edits pass unnoticed."""
    chance, passed, made = random.Random(1), 0, 0
    while made < edits:
        name = chance.choice(NAMES)
        whole, manifest = (folder / name).read_bytes(), (folder / "manifest.json").read_bytes()
        edit: Callable[[bytes, random.Random], bytes] = chance.choice((edit_bytes, edit_lines))
        edited = edit(whole, chance)
        if edited == whole:
            continue
        (folder / name).write_bytes(edited)
        if name != "manifest.json" and chance.random() < 0.5:
            write_manifest(folder, {"origin": ORIGIN}, selection=None)
        fewer_heads = name == "heads.log" and set(whole_records(edited)) < set(whole_records(whole))
        if not fewer_heads and not noticed(folder):
            passed += 1
            print(f"edit {made} of {name} passed", flush=True)
        (folder / name).write_bytes(whole)
        (folder / "manifest.json").write_bytes(manifest)
        made += 1
    print(f"{made} random edits: {passed} passed unnoticed")
    return passed


def main(edits: int = 2000, entries: int = 1000) -> None:
    """Run both; the exit status is 1 where anything passed."""
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small", Path(name) / "large"
        write_whole(small, [an_entry(0), an_entry(1)], heads=(1,))
        write_whole(large, [an_entry(number) for number in range(entries)], heads=(10, entries // 2))
        passed = edit_at_random(large, edits) + flip_every_bit(small)
    sys.exit(1 if passed else 0)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
