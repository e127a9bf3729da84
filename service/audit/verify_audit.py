#!/usr/bin/env python3
"""Check an export of a hirescreen audit log: nothing changed, nothing removed, nothing reordered.

    python3 verify_audit.py DIR --vkey KEY [--vkey OLDER_KEY] [--since OLD_CHECKPOINT] [--whole]
    python3 verify_audit.py [DIR] --vkey KEY --certificate FILE

It needs Python 3.10 or newer and nothing else: no network, no installed package. The verifier key must come
from somewhere else than the export (a contract, the publisher's web site, an earlier audit): whoever can
change an export could change a key in it too. Exit status: 0 everything holds, 1 something was changed (the
first broken record is named), 2 the check could not be made (a file is missing, a key is malformed).

What DIR holds:
  manifest.json   the SHA-256 and length of every file of the export, and of this list itself
  checkpoint      the signed head of the log: its name, its size and the root of its Merkle tree (C2SP formats)
  entries.jsonl   one entry a line: {"i": index, "leaf": base64 of its exact bytes, "d": [disclosures]}
  heads.log       optional: earlier signed heads, an empty line after each
  tile/0/...      the hashes of all entries of the log, 256 to a file (a whole export can do without)
  proofs/I.tlog-proof   in a selection, optional: the proof of the entry with index I

A whole export has every entry from 0 to size - 1, and the root is computed from them. A selection has some of
them: each is shown to stand in the log, but nobody can see from it whether others were left out on purpose.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]  # in extended homogeneous coordinates
Row = tuple[int, bytes]  # index and leaf hash of an entry

HASH_BYTES = 32
TILE_WIDTH = 256
DASH = "\u2014 "
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_CHECKED_SIGNATURES = 200  # of heads.log; a head counts by its root, which is always checked
LINE = re.compile(
    rb'\{"i":(0|[1-9][0-9]{0,18}),"leaf":"([A-Za-z0-9+/]+={0,2})",'
    rb'"d":\[((?:"[A-Za-z0-9_-]+"(?:,"[A-Za-z0-9_-]+")*)?)\]\}\n'
)
URL_ALPHABET = bytes.maketrans(b"+/", b"-_")
PROOF_BEGIN, PROOF_END = "-----BEGIN HIRESCREEN PROOF-----", "-----END HIRESCREEN PROOF-----"


class TamperedError(Exception):
    """Something is not what was signed."""


class UnusableError(Exception):
    """The check cannot be made."""


# --- Ed25519 (RFC 8032, section 5.1): verification only ---------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """The x of a point, or None where there is none."""
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_MINUS_1 % P
    if (x * x - x2) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0) or 0
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def add_points(p: Point, q: Point) -> Point:
    """The sum of two points in extended homogeneous coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(factor: int, point: Point) -> Point:
    """A point added to itself ``factor`` times."""
    total = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            total = add_points(total, point)
        point = add_points(point, point)
        factor >>= 1
    return total


def decompress(data: bytes) -> Point | None:
    """The point in 32 bytes, or None."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def signature_is_good(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is right."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = decompress(public), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, BASE), add_points(r, times(h, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- Merkle trees (RFC 6962, section 2.1) -----------------------------------------------------------------------

sha256 = hashlib.sha256


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two children."""
    return sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree that is followed leaf by leaf; it remembers the roots of its perfect subtrees only."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        whole, peaks = self.size, self.peaks
        while whole & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            whole >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over the leaves so far."""
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def inclusion_holds(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf's hash to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            leaf = node_hash(step, leaf)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            leaf = node_hash(leaf, step)
        at, last = at >> 1, last >> 1
    return last == 0 and leaf == root


# --- Signed notes, checkpoints and proofs (C2SP) ----------------------------------------------------------------


def strict_base64(text: str, what: str) -> bytes:
    """The bytes of canonical base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise TamperedError(f"{what}: not base64.") from None
    if base64.b64encode(data).decode() != text:
        raise TamperedError(f"{what}: base64 not in its canonical form.")
    return data


def plain_text(raw: bytes, what: str) -> str:
    """UTF-8 without control characters but newline, so that no line can hide in another."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise TamperedError(f"{what}: not UTF-8.") from None
    if any(character < " " and character != "\n" for character in text):
        raise TamperedError(f"{what}: a control character.")
    return text


def can_name(name: str) -> bool:
    """Whether a log or a key may be called so."""
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


class Key:
    """A verifier key: name+id+base64 of type and key."""

    def __init__(self, line: str) -> None:
        parts = line.strip().split("+", 2)
        try:
            name, key_id, material = parts[0], parts[1], base64.b64decode(parts[2], validate=True)
        except (IndexError, binascii.Error, ValueError):
            raise UnusableError("A verifier key is written name+id+key.") from None
        right_id = sha256(name.encode() + b"\n" + material).digest()[:4]
        if len(material) != 33 or material[0] != 1 or right_id.hex() != key_id:
            raise UnusableError(f"The verifier key of {name} is not a whole Ed25519 key; copy it again.")
        self.name, self.key_id, self.public = name, right_id, material[1:]


class Head:
    """A signed checkpoint; ``signatures`` are (name, key id, signature) and not checked yet."""

    def __init__(self, raw: bytes, what: str) -> None:
        message = plain_text(raw, what)
        text, blank, lines = message.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise TamperedError(f"{what}: not a signed note.")
        self.what, self.text = what, text + "\n"
        self.signatures = [self._signature(line) for line in lines[:-1].split("\n")]
        if len({signature[:2] for signature in self.signatures}) < len(self.signatures):
            raise TamperedError(f"{what}: two signatures by one key.")
        parts = self.text.split("\n")
        if len(parts) != 4 or not can_name(parts[0]) or not DECIMAL.fullmatch(parts[1]):
            raise TamperedError(f"{what}: not a checkpoint.")
        self.origin, self.size, self.root = parts[0], int(parts[1]), strict_base64(parts[2], what)
        if len(self.root) != HASH_BYTES:
            raise TamperedError(f"{what}: its root is no hash.")

    def _signature(self, line: str) -> tuple[str, bytes, bytes]:
        name, _, encoded = line[len(DASH) :].partition(" ")
        material = strict_base64(encoded, self.what)
        if not line.startswith(DASH) or not can_name(name) or len(material) <= 4:
            raise TamperedError(f"{self.what}: a malformed signature line.")
        return name, material[:4], material[4:]

    def is_signed_by(self, keys: list[Key]) -> bool:
        """Whether one of the keys signed it; TamperedError where a signature in the name of one is wrong."""
        found = False
        for name, key_id, signature in self.signatures:
            for key in keys:
                if (key.name, key.key_id) == (name, key_id):
                    if not signature_is_good(key.public, self.text.encode(), signature):
                        raise TamperedError(f"{self.what}: the signature by {name} is wrong.")
                    found = True
        return found

    def demand_signature(self, keys: list[Key]) -> None:
        """TamperedError unless one of the keys signed it."""
        if not self.is_signed_by(keys):
            raise TamperedError(f"{self.what}: not signed by the given key.")


def read_proof(raw: bytes, what: str) -> tuple[int, list[bytes], Head]:
    """Index, path and signed head of a C2SP tlog-proof."""
    text, blank, head = plain_text(raw, what).partition("\n\n")
    lines = text.split("\n")
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise TamperedError(f"{what}: not a proof.")
    if lines and lines[0].startswith("extra "):
        strict_base64(lines.pop(0)[6:], what)
    number = lines.pop(0)[6:] if lines and lines[0].startswith("index ") else ""
    if not DECIMAL.fullmatch(number):
        raise TamperedError(f"{what}: no index.")
    path = [strict_base64(line, what) for line in lines]
    if any(len(each) != HASH_BYTES for each in path):
        raise TamperedError(f"{what}: a step is no hash.")
    return int(number), path, Head(head.encode(), what)


# --- Entries ----------------------------------------------------------------------------------------------------


def without_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no name stands twice."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a name stands twice")
    return content


def check_disclosures(content: dict[str, Any], disclosures: list[bytes], where: Callable[[], str]) -> None:
    """Every disclosure must be one that the leaf committed to (RFC 9901), and none may stand twice."""
    committed = content.get("_sd")
    for each in disclosures:
        if not isinstance(committed, list):
            raise TamperedError(f"{where()}: values are disclosed of which it recorded none.")
        digest = b2a_base64(sha256(each).digest(), newline=False).translate(URL_ALPHABET, b"=\n").decode()
        if digest not in committed:
            raise TamperedError(f"{where()}: a disclosed value is not what was recorded.")
    if len(set(disclosures)) < len(disclosures):
        raise TamperedError(f"{where()}: a disclosed value stands twice.")


def read_disclosure(each: str, where: str) -> tuple[str, str, Any]:
    """(salt, name, value) of a disclosure."""
    try:
        salt, name, value = json.loads(base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)))
    except (ValueError, TypeError):
        raise TamperedError(f"{where}: a disclosure is malformed.") from None
    return salt, name, value


def read_leaf(leaf: bytes, where: str) -> dict[str, Any]:
    """What a leaf's bytes say."""
    try:
        content = json.loads(leaf)
    except (ValueError, RecursionError):
        raise TamperedError(f"{where}: its content is not JSON.") from None
    if not isinstance(content, dict):
        raise TamperedError(f"{where}: its content is not a JSON object.")
    return content


class Entries:
    """Reads entries.jsonl line by line and counts what it sees."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = self.disclosed = 0
        self.kinds: dict[str, int] = {}
        self.first: str | None = None
        self.last: str | None = None
        self.citation: dict[str, Any] | None = None  # what entry 0 says of the log before this one
        self._line, self._index = 0, -1
        self._content: dict[str, Any] = {}

    def where(self) -> str:
        """What to call the entry that was read last."""
        return f"Entry {self._index} (id {self._content.get('id')}, line {self._line} of entries.jsonl)"

    def __iter__(self) -> Iterator[Row]:
        """(index, leaf hash) of every entry."""
        with self.path.open("rb") as file:
            for self._line, line in enumerate(file, 1):
                match = LINE.fullmatch(line)
                if match is None:
                    raise TamperedError(f"entries.jsonl line {self._line}: not an entry as exports write it.")
                number, encoded, disclosures = match.groups()
                index = int(number)
                if index <= self._index:
                    raise TamperedError(f"{self.where()}: entry {index} stands after it.")
                self._index = index
                try:
                    leaf = a2b_base64(encoded)
                except binascii.Error:
                    leaf = b""
                if b2a_base64(leaf, newline=False) != encoded:
                    raise TamperedError(f"entries.jsonl line {self._line} (entry {index}): malformed base64.")
                self._content = read_leaf(leaf, f"Entry {index}")
                if disclosures:
                    disclosed = disclosures[1:-1].split(b'","')
                    check_disclosures(self._content, disclosed, self.where)
                    self.disclosed += len(disclosed)
                self._count(index, self._content)
                yield index, sha256(b"\x00" + leaf).digest()

    def _count(self, index: int, content: dict[str, Any]) -> None:
        self.count += 1
        kind, at = str(content.get("type")), content.get("at")
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if isinstance(at, str):
            self.first = at if self.first is None or at < self.first else self.first
            self.last = at if self.last is None or at > self.last else self.last
        if index == 0 and kind == "origin" and isinstance(content.get("previous"), dict):
            self.citation = content["previous"]


# --- Heads, in step with the tree -------------------------------------------------------------------------------


class Heads:
    """Earlier heads, each compared with the root when the tree has grown to its size."""

    def __init__(self, path: Path, origin: str, keys: list[Key]) -> None:
        self.compared = self.signed = self.by_others = self.agreed = 0
        self._keys = keys
        self._origin = origin
        self._heads: Iterator[Head] = self._read(path) if path.is_file() else iter(())
        self.next = next(self._heads, None)

    def _read(self, path: Path) -> Iterator[Head]:
        content, size = path.read_bytes(), 0
        blocks = content.split(b"\n\n")
        if blocks.pop() or len(blocks) % 2:
            raise TamperedError("heads.log: it ends within a head.")
        step = max(1, len(blocks) // 2 // MAX_CHECKED_SIGNATURES)
        for number in range(0, len(blocks), 2):
            what = f"heads.log, head {number // 2 + 1}"
            head = Head(blocks[number] + b"\n\n" + blocks[number + 1] + b"\n", what)
            if head.origin != self._origin or head.size <= size:
                raise TamperedError(f"{what}: of another log, or out of order.")
            size = head.size
            if number // 2 % step == 0:
                if head.is_signed_by(self._keys):
                    self.signed += 1
                else:
                    self.by_others += 1
            yield head

    def compare(self, head: Head, root: bytes) -> None:
        """Compare the next head with the root at its size."""
        if head.root != root:
            raise TamperedError(
                f"{head.what}: the log does not continue this head of size {head.size}: "
                f"one of the entries {self.agreed} to {head.size - 1} was changed or moved."
            )
        self.compared += 1
        self.agreed = head.size
        self.next = next(self._heads, None)


class Watch:
    """Grows the tree and compares it with every head on the way: heads.log, --since, and an older log's head."""

    def __init__(self, heads: Heads, since: Head | None, checkpoint: Head) -> None:
        self.tree, self.older = GrowingTree(), GrowingTree()
        self.heads, self.since, self.checkpoint = heads, since, checkpoint
        self.follows_older = since is not None and since.origin != checkpoint.origin
        self.since_holds = False

    def append(self, leaf: bytes) -> None:
        """The next leaf's hash."""
        self.tree.append(leaf)
        size = self.tree.size
        if self.heads.next is not None and self.heads.next.size == size:
            self.heads.compare(self.heads.next, self.tree.root())
        if self.since is None:
            return
        if self.follows_older:
            if size > 1 and self.older.size < self.since.size:  # leaf 0 is the citation
                self.older.append(leaf)
                if self.older.size == self.since.size:
                    self._compare_since(self.since, self.older.root())
        elif size == self.since.size:
            self._compare_since(self.since, self.tree.root())

    def _compare_since(self, since: Head, root: bytes) -> None:
        if root != since.root:
            raise TamperedError(f"{since.what}: the log does not continue it: history was rewritten.")
        self.since_holds = True

    def finish(self) -> None:
        """Every head was met, and the last one is the checkpoint."""
        size, checkpoint = self.tree.size, self.checkpoint
        if size != checkpoint.size:
            raise TamperedError(f"The checkpoint is over {checkpoint.size} entries, but there are {size}.")
        if self.tree.root() != checkpoint.root:
            raise TamperedError(
                "The entries do not give the root of the checkpoint: "
                f"one of the entries {self.heads.agreed} to {size - 1} was changed or moved."
            )
        if self.heads.next is not None:
            raise TamperedError(f"{self.heads.next.what}: larger than the checkpoint.")
        if self.since is not None and not self.since_holds:
            raise TamperedError(
                f"{self.since.what}: it is over {self.since.size} entries, more than there are: some are gone."
            )


# --- The parts of an export -------------------------------------------------------------------------------------


def need(path: Path) -> bytes:
    """The bytes of a file that must be there."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror}.") from None


def canonical(content: dict[str, Any]) -> bytes:
    """The one way in which the manifest is written."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def check_manifest(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Every listed file has its bytes; the manifest and the names of files that it does not list."""
    raw = need(folder / "manifest.json")
    try:
        manifest = json.loads(raw, object_pairs_hook=without_twice)
        files, own = manifest["files"], manifest.pop("sha256")
        listed = [(name, files[name]["sha256"], files[name]["bytes"]) for name in files]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TamperedError("manifest.json: not a manifest.") from None
    if sha256(canonical(manifest)).hexdigest() != own or canonical({**manifest, "sha256": own}) != raw:
        raise TamperedError("manifest.json: it was changed.")
    for name, expected, size in listed:
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise TamperedError(f"manifest.json: it lists {name}, which is not in the export.")
        if not path.is_file():
            raise UnusableError(f"{path}: missing, though the manifest lists it.")
        if file_sha256(path) != expected or path.stat().st_size != size:
            raise TamperedError(f"{name}: not the file that was exported.")
    names = {name for name, _, _ in listed} | {"manifest.json"}
    strangers = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    return manifest, [name for name in strangers if name not in names]


def file_sha256(path: Path) -> str:
    """The SHA-256 (hex) of a file of any length."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check_whole(folder: Path, entries: Entries, watch: Watch) -> None:
    """The root over every entry is the checkpoint's. Tiles, where there are any, tell which entry is not."""
    tiled = (folder / "tile" / "0").is_dir()
    sealed = (leaf for tile in read_tiles(folder, watch.checkpoint.size) for leaf in tile) if tiled else None
    for index, leaf in entries:
        if index != watch.tree.size:
            raise TamperedError(f"Entry {watch.tree.size} is missing: after entry {watch.tree.size - 1} comes {index}.")
        if sealed is not None and next(sealed, leaf) != leaf:
            raise TamperedError(f"{entries.where()}: not the entry that was sealed.")
        watch.append(leaf)
    watch.finish()


def number_path(number: int) -> str:
    """A tile's number as C2SP writes it: three digits a folder."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


def read_tiles(folder: Path, size: int) -> Iterator[list[bytes]]:
    """The hashes of all leaves, 256 at a time."""
    for number in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        name = f"tile/0/{number_path(number)}" + ("" if width == TILE_WIDTH else f".p/{width}")
        tile = need(folder / name)
        if len(tile) != width * HASH_BYTES:
            raise TamperedError(f"{name}: of the wrong length.")
        yield [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def check_selection(folder: Path, entries: Entries, watch: Watch, keys: list[Key]) -> None:
    """Each entry stands where the tiles say, and the tiles give the root; or each has its own proof."""
    tiled, proven = (folder / "tile" / "0").is_dir(), (folder / "proofs").is_dir()
    if not tiled and not proven and watch.checkpoint.size:
        raise TamperedError("Entries are missing: the export is not whole, and has neither tiles nor proofs.")
    rows = iter(entries)
    row = next(rows, None)
    for tile in read_tiles(folder, watch.checkpoint.size) if tiled else ():
        for leaf in tile:
            if row is not None and row[0] == watch.tree.size:
                if row[1] != leaf:
                    raise TamperedError(f"{entries.where()}: not the entry that was sealed.")
                if proven:
                    check_proof(folder, row, entries, watch.checkpoint, keys)
                row = next(rows, None)
            watch.append(leaf)
    if tiled:
        watch.finish()
        if row is not None:
            raise TamperedError(f"{entries.where()}: the log has no entry with this index.")
        return
    while row is not None:
        check_proof(folder, row, entries, watch.checkpoint, keys)
        row = next(rows, None)


def check_proof(folder: Path, row: Row, entries: Entries, checkpoint: Head, keys: list[Key]) -> None:
    """The proof of one entry leads to a head that is the checkpoint, or is signed as well."""
    index, leaf = row
    what = f"proofs/{index}.tlog-proof"
    at, path, head = read_proof(need(folder / what), what)
    if head.text != checkpoint.text:
        head.demand_signature(keys)
    if at != index or head.origin != checkpoint.origin or not inclusion_holds(leaf, index, head.size, path, head.root):
        raise TamperedError(f"{entries.where()}: {what} does not prove it.")


def check_certificate(path: Path, keys: list[Key]) -> None:
    """Check the proof block of a certificate; prints what was really recorded."""
    text = need(path).decode("utf-8", "replace")
    match = re.search(f"{PROOF_BEGIN}(.*?){PROOF_END}", text, re.DOTALL)
    if match is None:
        raise UnusableError(f"{path}: it has no proof block.")
    where = "The certificate"
    try:
        block = json.loads(base64.b64decode("".join(match[1].split()), validate=True), object_pairs_hook=without_twice)
        raw, disclosures, proof = block["leaf"], block["d"], block["proof"].encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise TamperedError(f"{where}: its proof block is damaged.") from None
    leaf = strict_base64(raw, where)
    index, steps, head = read_proof(proof, where)
    head.demand_signature(keys)
    if not inclusion_holds(sha256(b"\x00" + leaf).digest(), index, head.size, steps, head.root):
        raise TamperedError(f"{where}: its entry does not stand in the signed log.")
    content = read_leaf(leaf, where)
    if not isinstance(disclosures, list) or not all(isinstance(each, str) and each.isascii() for each in disclosures):
        raise TamperedError(f"{where}: its disclosures are malformed.")
    check_disclosures(content, [each.encode() for each in disclosures], lambda: where)
    opened = {name: value for _, name, value in (read_disclosure(each, where) for each in disclosures)}
    for part in ("request", "decision"):
        if part in block:
            check_salted(content, opened, part, block[part], where)
    print(f"The certificate's entry stands at index {index} of {head.origin}, size {head.size}. What was recorded:")
    for name in ("id", "at", "type", "screening", "outcome", "clauses", "rules", "lists"):
        if name in content:
            print(f"  {name}: {json.dumps(content[name], ensure_ascii=False)}")
    for name, value in opened.items():
        if name != "digest_salt":
            print(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    print("Compare these lines with the page: only they are proven.")


def check_salted(content: dict[str, Any], opened: dict[str, Any], part: str, text: str, where: str) -> None:
    """The request's or decision's exact text must have the salted digest in the leaf."""
    try:
        salt = base64.urlsafe_b64decode(opened["digest_salt"] + "==")
        digest = base64.urlsafe_b64encode(sha256(salt + text.encode()).digest()).rstrip(b"=").decode()
    except (KeyError, ValueError, TypeError, AttributeError):
        raise TamperedError(f"{where}: its {part} cannot be checked.") from None
    if digest != content.get(f"{part}_fp"):
        raise TamperedError(f"{where}: its {part} is not the one that was recorded.")


def check_export(folder: Path, keys: list[Key], since_path: Path | None, demand_whole: bool) -> None:
    """Check everything in the folder and print what was found."""
    if not folder.is_dir():
        raise UnusableError(f"{folder}: no such folder.")
    manifest, strangers = check_manifest(folder)
    for name in ("checkpoint", "entries.jsonl"):
        if name not in manifest["files"]:
            raise TamperedError(f"manifest.json: it does not list {name}.")
    checkpoint = Head(need(folder / "checkpoint"), "checkpoint")
    checkpoint.demand_signature(keys)
    since = None
    if since_path is not None:
        since = Head(need(since_path), f"--since {since_path.name}")
        if since.origin == checkpoint.origin:
            since.demand_signature(keys)
    entries = Entries(folder / "entries.jsonl")
    watch = Watch(Heads(folder / "heads.log", checkpoint.origin, keys), since, checkpoint)
    whole = manifest.get("selection") is None
    if demand_whole and not whole:
        raise TamperedError("This is a selection, not the whole log.")
    if whole:
        check_whole(folder, entries, watch)
    else:
        check_selection(folder, entries, watch, keys)
    if since is not None and watch.follows_older and watch.since_holds:
        check_citation(entries, since)
    report(entries, watch, whole, strangers)


def check_citation(entries: Entries, since: Head) -> None:
    """A head of an earlier log counts only if this log says that it continues that one."""
    if not entries.citation or entries.citation.get("origin") != since.origin:
        raise TamperedError(f"{since.what}: of the log {since.origin}, which this one does not continue.")


def report(entries: Entries, watch: Watch, whole: bool, strangers: list[str]) -> None:
    """Print what holds."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(entries.kinds.items()))
    checkpoint, heads = watch.checkpoint, watch.heads
    print(f"log        {checkpoint.origin}")
    print(f"size       {checkpoint.size}")
    print(f"root       {base64.b64encode(checkpoint.root).decode()}")
    print(f"entries    {entries.count}{f' ({kinds})' if kinds else ''}, {entries.disclosed} disclosed values")
    print(f"from       {entries.first}")
    print(f"until      {entries.last}")
    print(f"heads      {heads.compared} earlier heads continued; signatures of {heads.signed} checked")
    if heads.by_others:
        print(f"           {heads.by_others} heads are signed by other keys only: give those with --vkey too")
    if watch.since is not None and watch.since_holds:
        print(f"since      the log continues the head of size {watch.since.size} that you kept")
    for name in strangers:
        print(f"not part of the export, not checked: {name}")
    if whole:
        print("WHOLE: every entry of the log is here, in order and unchanged.")
    else:
        print(f"SELECTION: {entries.count} of {checkpoint.size} entries. Each is unchanged and stands in the log;")
        print("whether others should be here, nobody can see from a selection.")


def main(arguments: list[str] | None = None) -> int:
    """Run the check; the exit status."""
    parser = argparse.ArgumentParser(description="Check an export of a hirescreen audit log.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder of the export")
    parser.add_argument("--vkey", action="append", required=True, help="verifier key; repeat for older ones")
    parser.add_argument("--since", type=Path, help="a signed head that you kept from an earlier audit")
    parser.add_argument("--certificate", type=Path, help="a certificate to check")
    parser.add_argument("--whole", action="store_true", help="refuse a selection")
    options = parser.parse_args(arguments)
    if options.folder is None and options.certificate is None:
        parser.error("give the folder of an export, or --certificate FILE")
    try:
        keys = [Key(line) for line in options.vkey]
        if options.folder is not None:
            check_export(options.folder, keys, options.since, options.whole)
        if options.certificate is not None:
            check_certificate(options.certificate, keys)
    except TamperedError as found:
        print(f"TAMPERED: {found}")
        return 1
    except UnusableError as reason:
        print(f"UNUSABLE: {reason}", file=sys.stderr)
        return 2
    print("GOOD")
    return 0


if __name__ == "__main__":
    sys.exit(main())
