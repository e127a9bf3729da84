"""Change an export in every way that chance finds, and count what ``verify_audit.py`` does not notice.

Run: python -m tests.benchmarks.audit_tampering [EDITS] [ENTRIES] [SECONDS]

First every single bit of a small export is flipped. Then EDITS random edits, for SECONDS at most, are made in two
exports of ENTRIES entries, a whole one and a selection, in each of their files: bytes changed, cut or doubled, lines
changed, removed, doubled or moved. For half of the edits the manifest is made to fit again, as a forger would.

An edit counts as "means the same" where what the verifier says is still true: it says itself that README.txt,
vkey.txt, the rules' catalogue and the program are no part of the log; an old head may be taken away, and one in
somebody else's name is reported.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from time import monotonic

from service.audit import verify_audit
from service.audit.export import Order
from service.audit.heads import whole_records
from service.audit.manifest import write_manifest
from service.audit.selection import read_selection
from tests.audit_exports import VKEY, an_entry, write_bundle, write_whole

SMALL = ("checkpoint", "entries.jsonl", "heads.log", "manifest.json")
CHOSEN = read_selection({"first": "3", "last": "30", "clause": "UN-2397-8"})


def noticed(folder: Path) -> bool:
    """Whether the verifier says that something is wrong with the export."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = verify_audit.main([str(folder), "--vkey", VKEY])
    return code != 0 or "other keys only" in said.getvalue()


def flip_every_bit(folder: Path) -> int:
    """How many flips of one bit pass unnoticed."""
    passed = flips = 0
    for name in SMALL:
        whole = (folder / name).read_bytes()
        for at in range(len(whole) * 8):
            flipped = bytearray(whole)
            flipped[at // 8] ^= 1 << at % 8
            (folder / name).write_bytes(flipped)
            passed, flips = passed + (not noticed(folder)), flips + 1
        (folder / name).write_bytes(whole)
    print(f"{flips} flips of one bit: {flips - passed} detected, {passed} undetected", flush=True)
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


class Forger:
    """Edits the files of an export at random, each time from the untouched one."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.manifest = (folder / "manifest.json").read_bytes()
        said = json.loads(self.manifest)
        self.selection = said["selection"]
        self.about = {name: said[name] for name in said if name not in ("files", "selection", "sha256")}
        self.names = [*said["files"], "manifest.json"]
        self.weighty = [name for name in self.names if not name.startswith(("proofs/", "tile/"))]

    def edit_once(self) -> tuple[str, str]:
        """Make one edit, see whether it is noticed, and take it back; its outcome and the file's name."""
        name = self.chance.choice(self.names if self.chance.random() < 0.5 else self.weighty)
        whole = (self.folder / name).read_bytes()
        edit: Callable[[bytes, random.Random], bytes] = self.chance.choice((edit_bytes, edit_lines))
        edited = edit(whole, self.chance)
        while edited == whole:
            edited = edit_bytes(whole, self.chance)
        try:
            (self.folder / name).write_bytes(edited)
            forged = name != "manifest.json" and self.chance.random() < 0.5
            if forged:
                write_manifest(self.folder, self.about, selection=self.selection)
            if noticed(self.folder):
                return "detected", name
            fewer_heads = name == "heads.log" and set(whole_records(edited)) < set(whole_records(whole))
            harmless = forged and (fewer_heads or name in verify_audit.UNPROVEN)
            return ("means the same" if harmless else "undetected"), name
        finally:
            (self.folder / name).write_bytes(whole)
            (self.folder / "manifest.json").write_bytes(self.manifest)


def edit_at_random(folders: list[Path], edits: int, seconds: float) -> int:
    """How many random edits pass unnoticed."""
    chance, outcomes, started = random.Random(1), Counter[str](), monotonic()
    forgers, touched = [Forger(folder, chance) for folder in folders], Counter[str]()
    while outcomes.total() < edits and monotonic() < started + seconds:
        outcome, name = chance.choice(forgers).edit_once()
        outcomes[outcome] += 1
        touched[name.partition("/")[0]] += 1
        if outcome == "undetected":
            print(f"edit {outcomes.total()} of {name} passed", flush=True)
    counted = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in ("detected", "means the same", "undetected"))
    print(f"{outcomes.total()} random edits in {monotonic() - started:.0f} s: {counted}")
    print("in " + ", ".join(f"{name} {count}" for name, count in touched.most_common()), flush=True)
    return outcomes["undetected"]


def main(edits: int = 100_000, entries: int = 600, seconds: int = 3000) -> None:
    """Run both; the exit status is 1 where anything passed."""
    # most edits leave the signatures as they are, and checking one in pure Python takes the time of 200 entries
    verify_audit.signature_is_good = cache(verify_audit.signature_is_good)
    with tempfile.TemporaryDirectory() as name:
        small, large, chosen = (Path(name) / each for each in ("small", "large", "chosen"))
        write_whole(small, [an_entry(0), an_entry(1)], heads=(1,))
        log = [an_entry(number) for number in range(entries)]
        write_bundle(large, log, Order(personal=True))
        write_bundle(chosen, log, Order(selection=CHOSEN))
        assert not noticed(large)
        assert not noticed(chosen)
        passed = edit_at_random([large, chosen], edits, seconds) + flip_every_bit(small)
    sys.exit(1 if passed else 0)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
