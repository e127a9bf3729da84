#!/usr/bin/env python3
"""Check an export of a hirescreen audit log: nothing changed, nothing removed, nothing reordered.

    python3 verify_audit.py DIR --vkey KEY [--vkey OLDER_KEY] [--since OLD_CHECKPOINT] [--whole]
    python3 verify_audit.py [DIR] --vkey KEY --certificate FILE

It needs Python 3.10 or newer and nothing else: no network, no installed package. The verifier key must come
from somewhere else than the export (a contract, the publisher's web site, an earlier audit): whoever can
change an export could change a key in it too. Exit status: 0 everything holds, 1 something was changed (the
first broken record is named), 2 the check could not be made (a file is missing, a key is malformed).

What DIR holds (all but the first three are optional):
  manifest.json   the SHA-256 and length of every file of the export, and of this list itself
  checkpoint      the signed head of the log: its name, its size and the root of its Merkle tree (C2SP formats)
  entries.jsonl   one entry a line: {"i": index, "leaf": base64 of its exact bytes, "d": [disclosures]}
  entries.csv     the same entries as a table, safe to open in a spreadsheet
  lists.json      every list version that the entries name, with its SHA-256
  rulebook/H.txt  the text of the rules whose SHA-256 is H, as the entries name it
  heads.log       earlier signed heads, an empty line after each
  tile/0/...      the hashes of all entries of the log, 256 to a file (C2SP tlog-tiles)
  tile/1/... , tile/entries/...   the rest of the tiles, in a whole export
  witnesses/...   what outside parties signed for some of these heads
  proofs/I.tlog-proof   in a selection: the proof of the entry with index I
All of this is computed again from the entries. What cannot be (README.txt and the like) is named in the report.

A whole export has every entry from 0 to size - 1, and the root is computed from them. A selection has some of
them: each is shown to stand in the log, but nobody can see from it whether others were left out on purpose.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import hashlib
import io
import json
import re
import sys
import zlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]  # in extended homogeneous coordinates
Row = tuple[int, bytes]  # index and leaf hash of an entry

HASH_BYTES = 32
TILE_WIDTH = 256
DASH = "\u2014 "
DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_NOTE_LINES = 200
MAX_CHECKED_SIGNATURES = 200  # of heads.log; a head counts by its root, which is always checked
LINE = re.compile(
    rb'\{"i":(0|[1-9][0-9]{0,18}),"leaf":"([A-Za-z0-9+/]+={0,2})",'
    rb'"d":\[((?:"[A-Za-z0-9_-]+"(?:,"[A-Za-z0-9_-]+")*)?)\]\}\n'
)
URL_ALPHABET = bytes.maketrans(b"+/", b"-_")
COLUMNS = (
    "index",
    "id",
    "at",
    "type",
    "outcome",
    "clauses",
    "actor",
    "screening",
    "rules",
    "lists",
    "leaf_hash",
    "leaf",
    "disclosed",
)
# what a spreadsheet takes for a formula, also in full width
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
RISKY_STARTS = frozenset(each for each in map(chr, range(0x3001)) if each.isspace()).union(FORMULA_STARTS)
FILTERS = frozenset({"from", "to", "first", "last", "decision", "clause", "list"})
TILE_NAME = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
PARTS = frozenset({"checkpoint", "entries.jsonl", "entries.csv", "lists.json", "heads.log"})
UNPROVEN = frozenset({"README.txt", "vkey.txt", "verify_audit.py", "entries.parquet", "rulebook/catalogue.json"})
WITNESSED = re.compile(r"witnesses/([1-9][0-9]{0,18})\.(note|[a-z]+\.(?:tsr|cosigned))")
MAX_BLOCK = 16 << 20  # bytes of a certificate's proof block, inflated
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
    except (ValueError, TypeError, RecursionError):
        raise TamperedError(f"{where}: a disclosure is malformed.") from None
    return salt, name, value


def read_leaf(leaf: bytes, where: str) -> dict[str, Any]:
    """What a leaf's bytes say."""
    try:
        content = json.loads(leaf.decode("utf-8"))
    except (ValueError, RecursionError):
        raise TamperedError(f"{where}: its content is not JSON.") from None
    if not isinstance(content, dict):
        raise TamperedError(f"{where}: its content is not a JSON object.")
    return content


# --- What an export says of its entries a second time: made by the service and by this check with the same code --


def csv_cell(text: str) -> str:
    """A cell as it stands between quotes, with a quote before anything that a spreadsheet would run."""
    if text[:1] in RISKY_STARTS and (text[0] in FORMULA_STARTS or text.lstrip().startswith(FORMULA_STARTS)):
        text = "'" + text
    return text.replace('"', '""')


def plain(value: object) -> str:
    """A value of a leaf as one text: a list with spaces, nothing as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join([each if type(each) is str else plain(each) for each in value])
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def csv_row(cells: Iterable[str]) -> bytes:
    """One row of entries.csv (RFC 4180)."""
    return ('"' + '","'.join([csv_cell(cell) for cell in cells]) + '"\r\n').encode("utf-8", "backslashreplace")


def entry_row(index: int, leaf: bytes, leaf_hash: bytes, content: dict[str, Any], disclosed: list[Any]) -> bytes:
    """The row of an entry; ``disclosed`` are its (name, value) pairs. UnicodeDecodeError where it is not UTF-8."""
    lists, rules = _listed(content.get("lists")), content.get("rules")
    known = [content.get(name) for name in ("id", "at", "type", "outcome", "clauses", "actor", "screening")]
    return csv_row(
        (
            str(index),
            *[each if type(each) is str else plain(each) for each in known],
            plain(rules.get("version")) if isinstance(rules, dict) else "",
            " ".join([f"{plain(each.get('name'))}:{plain(each.get('version'))}" for each in lists]),
            leaf_hash.hex(),
            leaf.decode("utf-8"),
            json.dumps(disclosed, ensure_ascii=False, separators=(",", ":")) if disclosed else "",
        )
    )


def fits(selection: dict[str, Any], index: int, content: dict[str, Any]) -> bool:
    """Whether an entry is one that a selection asks for; ``from`` and ``to`` are compared as times of leaves."""
    at = plain(content.get("at"))
    clauses, lists = content.get("clauses"), _listed(content.get("lists"))
    wanted = selection.get("list")
    return (
        at >= selection.get("from", "")
        and ("to" not in selection or at < selection["to"])
        and index >= selection.get("first", 0)
        and ("last" not in selection or index <= selection["last"])
        and ("decision" not in selection or content.get("outcome") == selection["decision"])
        and ("clause" not in selection or (isinstance(clauses, list) and selection["clause"] in clauses))
        and (wanted is None or any(wanted in _list_names(each, "name") for each in lists) or _tells_of(content, wanted))
    )


def _list_names(each: dict[str, Any], name: str) -> tuple[object, str]:
    return each.get(name), f"{plain(each.get(name))}:{plain(each.get('version'))}"


def _tells_of(content: dict[str, Any], wanted: str) -> bool:
    return "list" in content and wanted in _list_names(content, "list")


def _listed(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


class Citations:
    """The list versions and rulebooks that entries name."""

    def __init__(self) -> None:
        self.lists: set[tuple[Any, ...]] = set()
        self.rules: dict[str, int] = {}

    def add(self, content: dict[str, Any]) -> None:
        """Note what an entry names."""
        try:
            for each in _listed(content.get("lists")):
                self.lists.add((each["name"], each["version"], each["published"], each["sha256"], each["records"]))
            if content.get("type") == "list_load":
                names = ("list", "version", "published", "sha256", "records")
                self.lists.add(tuple([content[name] for name in names]))
        except (KeyError, TypeError):
            pass  # an entry that names lists in another way
        rules = content.get("rules")
        if isinstance(rules, dict) and isinstance(rules.get("sha256"), str):
            self.rules[rules["sha256"]] = self.rules.get(rules["sha256"], 0) + 1

    def lists_json(self) -> bytes:
        """The content of lists.json."""
        names = ("name", "version", "published", "sha256", "records")
        named = (dict(zip(names, row, strict=True)) for row in self.lists)
        rows = sorted(json.dumps(each, ensure_ascii=False, sort_keys=True) for each in named)
        return ("[\n" + ",\n".join(rows) + "\n]\n").encode("utf-8", "backslashreplace")


class Companions:
    """The other files of the export that repeat the entries, compared as the entries are read."""

    def __init__(self, folder: Path, listed: set[str], selection: dict[str, Any] | None) -> None:
        self.folder, self.selection, self.citations = folder, selection, Citations()
        self.listed = listed
        self._csv = (folder / "entries.csv").open("rb") if "entries.csv" in listed else None
        self._bundles = selection is None and self.lists("tile/entries/")
        self._bundle: list[bytes] = []
        self._number = 0
        if self._csv is not None:
            self._demand_row(csv_row(COLUMNS), "the header")

    def add(
        self,
        index: int,
        leaf: bytes,
        leaf_hash: bytes,
        content: dict[str, Any],
        *,
        disclosed: list[bytes],
        where: Callable[[], str],
    ) -> None:
        """Compare what the other files say of an entry."""
        if self.selection is not None and not fits(self.selection, index, content):
            raise TamperedError(f"{where()}: not one that the manifest's selection asks for.")
        self.citations.add(content)
        if self._csv is not None:
            opened = [read_disclosure(each.decode(), where())[1:] for each in disclosed]
            try:
                row = entry_row(index, leaf, leaf_hash, content, opened)
            except UnicodeDecodeError:
                raise TamperedError(f"{where()}: its content is not UTF-8.") from None
            self._demand_row(row, f"entry {index}")
        if self._bundles:
            self._bundle.append(len(leaf).to_bytes(2, "big") + leaf)
            if len(self._bundle) == TILE_WIDTH:
                self._compare_bundle()

    def lists(self, start: str) -> bool:
        """Whether the manifest lists a file whose name begins so."""
        return any(name.startswith(start) for name in self.listed)

    def _demand_row(self, row: bytes, what: str) -> None:
        if self._csv is not None and self._csv.read(len(row)) != row:
            raise TamperedError(f"entries.csv: {what} is not what entries.jsonl says.")

    def _compare_bundle(self) -> None:
        name = tile_name("entries", self._number, len(self._bundle))
        if need(self.folder / name) != b"".join(self._bundle):
            raise TamperedError(f"{name}: not the entries {self._number * TILE_WIDTH} and following.")
        self._bundle, self._number = [], self._number + 1

    def close(self) -> None:
        """Close what is open."""
        if self._csv is not None:
            self._csv.close()

    def finish(self) -> None:
        """Nothing is left over in the other files."""
        if self._csv is not None and self._csv.read(1):
            raise TamperedError("entries.csv: it has rows that entries.jsonl has not.")
        if self._bundle:
            self._compare_bundle()
        if "lists.json" in self.listed and need(self.folder / "lists.json") != self.citations.lists_json():
            raise TamperedError("lists.json: not the list versions that the entries name.")
        for name in sorted(self.listed):
            text = re.fullmatch(r"rulebook/(.+)\.txt", name)
            if text is not None and file_sha256(self.folder / name) != text[1]:
                raise TamperedError(f"{name}: not the rules of that SHA-256.")


class Entries:
    """Reads entries.jsonl line by line and counts what it sees."""

    def __init__(self, path: Path, companions: Companions) -> None:
        self.path, self.companions = path, companions
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
                disclosed = disclosures[1:-1].split(b'","') if disclosures else []
                if disclosed:
                    check_disclosures(self._content, disclosed, self.where)
                    self.disclosed += len(disclosed)
                self._count(index, self._content)
                leaf_hash = sha256(b"\x00" + leaf).digest()
                yield index, leaf_hash  # its hash is compared first: the copies may be wrong because it is
                self.companions.add(index, leaf, leaf_hash, self._content, disclosed=disclosed, where=self.where)
        self.companions.finish()

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


def read_notes(path: Path) -> Iterator[bytes]:
    """The notes of heads.log, one after the other: text, an empty line, signatures, an empty line."""
    blanks, note = 0, list[bytes]()
    with path.open("rb") as file:
        for line in file:
            if line == b"\n":
                blanks += 1
                if blanks == 2:
                    yield b"".join(note)
                    blanks, note = 0, []
                    continue
            note.append(line)
            if len(note) > MAX_NOTE_LINES:
                break
    if note:
        raise TamperedError("heads.log: it ends within a head.")


class Heads:
    """Earlier heads, each compared with the root when the tree has grown to its size."""

    def __init__(self, path: Path, origin: str, keys: list[Key]) -> None:
        self.compared = self.signed = self.by_others = self.agreed = 0
        self._keys = keys
        self._origin = origin
        self._heads: Iterator[Head] = self._read(path) if path.is_file() else iter(())
        self.next = next(self._heads, None)

    def _read(self, path: Path) -> Iterator[Head]:
        size, step = 0, max(1, sum(1 for _ in read_notes(path)) // MAX_CHECKED_SIGNATURES)
        for number, note in enumerate(read_notes(path)):
            what = f"heads.log, head {number + 1}"
            head = Head(note, what)
            if head.origin != self._origin or head.size <= size:
                raise TamperedError(f"{what}: of another log, or out of order.")
            size = head.size
            if number % step == 0:
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
    """Every listed file has its bytes; the manifest and the names of files that it does not list.

    A changed file of entries is left to the check of its records, which names the first that is broken.
    """
    raw = need(folder / "manifest.json")
    try:
        manifest = json.loads(raw, object_pairs_hook=without_twice)
        files, own = manifest["files"], manifest.pop("sha256")
        listed = [(name, files[name]["sha256"], files[name]["bytes"]) for name in files]
        changed = sha256(canonical(manifest)).hexdigest() != own or canonical({**manifest, "sha256": own}) != raw
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise TamperedError("manifest.json: not a manifest.") from None
    if changed:
        raise TamperedError("manifest.json: it was changed.")
    for name, expected, size in listed:
        path = folder / name
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise TamperedError(f"manifest.json: it lists {name}, which is not in the export.")
        if not path.is_file():
            raise UnusableError(f"{path}: missing, though the manifest lists it.")
        if name != "entries.jsonl" and is_another(path, expected, size):
            raise TamperedError(f"{name}: not the file that was exported.")
    names = {name for name, _, _ in listed} | {"manifest.json"}
    check_selection_text(manifest.get("selection"))
    strangers = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    return manifest, [name for name in strangers if name not in names]


def is_another(path: Path, digest: str, size: int) -> bool:
    """Whether a file is not the one that was listed."""
    return path.stat().st_size != size or file_sha256(path) != digest


def check_selection_text(selection: Any) -> None:
    """A selection is none, or names filters that are known here."""
    if selection is None:
        return
    numbers = {"first", "last"}
    if not isinstance(selection, dict) or not FILTERS.issuperset(selection):
        raise TamperedError("manifest.json: a selection that is not known here.")
    if not all(type(value) is (int if name in numbers else str) for name, value in selection.items()):
        raise TamperedError("manifest.json: a malformed selection.")


def check_names(manifest: dict[str, Any], size: int, indexes: set[int] | None) -> None:
    """The manifest lists no file that an export of this log cannot have."""
    whole_tree = indexes is None and any(name.startswith("tile/0/") for name in manifest["files"])
    for name in manifest["files"]:
        if name in PARTS or name in UNPROVEN or re.fullmatch(r"rulebook/[0-9a-f]{64}\.txt", name):
            continue
        proof = re.fullmatch(r"proofs/([0-9]+)\.tlog-proof", name)
        if proof is not None and indexes is not None and int(proof[1]) in indexes and str(int(proof[1])) == proof[1]:
            continue
        witnessed = WITNESSED.fullmatch(name)
        if witnessed is not None and int(witnessed[1]) <= size:
            continue
        tile = TILE_NAME.fullmatch(name)
        if tile is None or not (tile[1] == "0" or whole_tree) or not tile_belongs(tile, size):
            raise TamperedError(f"{name}: not a file that an export of {size} entries has.")


def tile_belongs(name: re.Match[str], size: int) -> bool:
    """Whether a tile of this name is part of a tree of ``size`` leaves."""
    level = 0 if name[1] == "entries" else int(name[1])
    number = int(name[2].replace("/", "").replace("x", ""))
    hashes = size >> 8 * level
    width = min(TILE_WIDTH, hashes - number * TILE_WIDTH)
    return width > 0 and name[0] == tile_name(name[1], number, width)


def check_about(manifest: dict[str, Any], entries: Entries, checkpoint: Head) -> None:
    """What the manifest says of the log and of its entries is what was found."""
    root = base64.b64encode(checkpoint.root).decode()
    found = {
        "log": {"origin": checkpoint.origin, "size": checkpoint.size, "root": root},
        "entries": entries.count,
        "disclosures": entries.disclosed,
    }
    for name, value in found.items():
        if name in manifest and manifest[name] != value:
            raise TamperedError(f"manifest.json: its {name!r} is not what the export holds.")


def file_sha256(path: Path) -> str:
    """The SHA-256 (hex) of a file of any length."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check_whole(folder: Path, entries: Entries, watch: Watch) -> None:
    """The root over every entry is the checkpoint's. Tiles, where there are any, tell which entry is not."""
    tiled = entries.companions.lists("tile/0/")
    sealed = (leaf for tile in read_tiles(folder, watch.checkpoint.size) for leaf in tile) if tiled else None
    for index, leaf in entries:
        if index != watch.tree.size:
            raise TamperedError(f"Entry {watch.tree.size} is missing: after entry {watch.tree.size - 1} comes {index}.")
        if sealed is not None and next(sealed, leaf) != leaf:
            raise TamperedError(f"{entries.where()}: not the entry that was sealed.")
        watch.append(leaf)
    watch.finish()
    if tiled and entries.companions.lists("tile/1/"):
        check_higher_tiles(folder, watch.checkpoint.size)


def number_path(number: int) -> str:
    """A tile's number as C2SP writes it: three digits a folder."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


def tile_name(level: str, number: int, width: int) -> str:
    """The path of a tile; ``level`` is a number, or ``entries``."""
    return f"tile/{level}/{number_path(number)}" + ("" if width == TILE_WIDTH else f".p/{width}")


def check_higher_tiles(folder: Path, size: int) -> None:
    """The tiles above level 0, whose own hashes were compared before, are what those give."""
    level = 0
    while size >> 8 * (level + 1):
        level += 1
        below = size >> 8 * (level - 1)
        roots: list[bytes] = []
        for number in range(below // TILE_WIDTH):
            roots.append(tile_root(need(folder / tile_name(str(level - 1), number, TILE_WIDTH))))
            if len(roots) == TILE_WIDTH or number == below // TILE_WIDTH - 1:
                name = tile_name(str(level), number // TILE_WIDTH, len(roots))
                if need(folder / name) != b"".join(roots):
                    raise TamperedError(f"{name}: not the hashes that the tiles below it give.")
                roots = []


def tile_root(tile: bytes) -> bytes:
    """The root over a full tile."""
    hashes = [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def read_tiles(folder: Path, size: int) -> Iterator[list[bytes]]:
    """The hashes of all leaves, 256 at a time."""
    for number in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        name = tile_name("0", number, width)
        tile = need(folder / name)
        if len(tile) != width * HASH_BYTES:
            raise TamperedError(f"{name}: of the wrong length.")
        yield [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def check_selection(folder: Path, entries: Entries, watch: Watch, keys: list[Key]) -> set[int]:
    """Each entry stands where the tiles say, and the tiles give the root; or each has its own proof.

    The indexes of those that have a proof of their own.
    """
    tiled, proven = entries.companions.lists("tile/0/"), entries.companions.lists("proofs/")
    if not tiled and not proven and watch.checkpoint.size:
        raise TamperedError("Entries are missing: the export is not whole, and has neither tiles nor proofs.")
    rows, indexes = iter(entries), set[int]()
    row = next(rows, None)
    for tile in read_tiles(folder, watch.checkpoint.size) if tiled else ():
        for leaf in tile:
            if row is not None and row[0] == watch.tree.size:
                if row[1] != leaf:
                    raise TamperedError(f"{entries.where()}: not the entry that was sealed.")
                if proven:
                    check_proof(folder, row, entries, watch.checkpoint, keys)
                    indexes.add(row[0])
                row = next(rows, None)
            watch.append(leaf)
    if tiled:
        watch.finish()
        if row is not None:
            raise TamperedError(f"{entries.where()}: the log has no entry with this index.")
        return indexes
    while row is not None:
        check_proof(folder, row, entries, watch.checkpoint, keys)
        indexes.add(row[0])
        row = next(rows, None)
    return indexes


def check_proof(folder: Path, row: Row, entries: Entries, checkpoint: Head, keys: list[Key]) -> None:
    """The proof of one entry leads to a head that is the checkpoint, or is signed as well."""
    index, leaf = row
    what = f"proofs/{index}.tlog-proof"
    at, path, head = read_proof(need(folder / what), what)
    if (head.text, head.signatures) != (checkpoint.text, checkpoint.signatures):
        head.demand_signature(keys)
    if at != index or head.origin != checkpoint.origin or not inclusion_holds(leaf, index, head.size, path, head.root):
        raise TamperedError(f"{entries.where()}: {what} does not prove it.")


def check_certificate(path: Path, keys: list[Key]) -> None:
    """Check the proof block of a certificate; prints what was really recorded."""
    text = need(path).decode("utf-8", "replace")
    # a printed page may break a line at any space
    begin, end = PROOF_BEGIN.replace(" ", r"\s+"), PROOF_END.replace(" ", r"\s+")
    found = re.findall(f"{begin}(.*?){end}", text, re.DOTALL)
    if len(found) != 1:
        raise UnusableError(f"{path}: it has {'more than one' if found else 'no'} proof block.")
    where = "The certificate"
    try:
        block = json.loads(unpacked("".join(found[0].split())), object_pairs_hook=without_twice)
        raw, disclosures, proof = str(block["leaf"]), block["d"], block["proof"].encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error):
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
    print_decision(block.get("decision"), where)
    print("Compare these lines with the page: only they are proven.")


def unpacked(encoded: str) -> bytes:
    """The bytes of a proof block: base64, and deflated unless they begin as JSON does."""
    data = base64.b64decode(encoded, validate=True)
    if data.startswith(b"{"):
        return data
    inflating = zlib.decompressobj()
    content = inflating.decompress(data, MAX_BLOCK)
    if not inflating.eof or inflating.unused_data:
        raise ValueError("not whole, or too long")
    return content


def print_decision(text: str | None, where: str) -> None:
    """What a decision that was checked says: its summary, the facts used, the fields that were not."""
    if text is None:
        return
    try:
        decision = json.loads(text)
        facts = {each["field"]: each["value"] for finding in decision.get("findings", ()) for each in finding["facts"]}
        ignored = [each["field"] for each in decision.get("ignored_fields", ())]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise TamperedError(f"{where}: its decision is malformed.") from None
    print(f"  summary: {json.dumps(decision.get('summary'), ensure_ascii=False)}")
    for name, value in facts.items():
        print(f"  fact {name}: {json.dumps(value, ensure_ascii=False)}")
    print(f"  not used: {json.dumps(ignored)}")


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
    whole = manifest.get("selection") is None
    listed = set(manifest["files"])
    if demand_whole and not whole:
        raise TamperedError("This is a selection, not the whole log.")
    with contextlib.closing(Companions(folder, listed, manifest.get("selection"))) as companions:
        entries = Entries(folder / "entries.jsonl", companions)
        watch = Watch(Heads(folder / "heads.log", checkpoint.origin, keys), since, checkpoint)
        indexes = None
        with as_listed(folder / "entries.jsonl", manifest["files"]["entries.jsonl"]):
            if whole:
                check_whole(folder, entries, watch)
            else:
                indexes = check_selection(folder, entries, watch, keys)
    check_names(manifest, checkpoint.size, indexes)
    check_witnessed(folder, listed)
    check_about(manifest, entries, checkpoint)
    if since is not None and watch.follows_older and watch.since_holds:
        check_citation(entries, since)
    report(entries, watch, manifest, strangers)


@contextlib.contextmanager
def as_listed(path: Path, listed: dict[str, Any]) -> Iterator[None]:
    """Check a file's records within, and then the file as a whole: so the first broken record is named."""
    another = is_another(path, listed["sha256"], listed["bytes"])
    try:
        yield
    except UnusableError as reason:
        if another:
            raise TamperedError(f"{path.name}: not the file that was exported. {reason}") from None
        raise
    if another:
        raise TamperedError(f"{path.name}: not the file that was exported, though its records stand in the log.")


def check_witnessed(folder: Path, listed: set[str]) -> None:
    """Every note that stands beside a witness's signature is a head of heads.log, and those were all compared."""
    waiting: dict[int, list[str]] = {}
    for found in filter(None, map(WITNESSED.fullmatch, sorted(listed))):
        if not found[2].endswith("tsr"):
            waiting.setdefault(int(found[1]), []).append(found[0])
    for note in read_notes(folder / "heads.log") if waiting else ():
        head = Head(note, "heads.log")
        for name in waiting.pop(head.size, ()):
            other = Head(need(folder / name), name)
            if (other.origin, other.size, other.root) != (head.origin, head.size, head.root):
                raise TamperedError(f"{name}: not the head of size {head.size} in heads.log.")
    for names in waiting.values():
        raise TamperedError(f"{names[0]}: heads.log has no head of this size.")


def check_citation(entries: Entries, since: Head) -> None:
    """A head of an earlier log counts only if this log says that it continues that one."""
    if not entries.citation or entries.citation.get("origin") != since.origin:
        raise TamperedError(f"{since.what}: of the log {since.origin}, which this one does not continue.")


def report(entries: Entries, watch: Watch, manifest: dict[str, Any], strangers: list[str]) -> None:
    """Print what holds, and what nobody can see from the export."""
    whole = manifest.get("selection") is None
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
    report_rules(entries.companions)
    unproven = sorted(UNPROVEN.intersection(manifest["files"]))
    if unproven:
        print(f"not signed {', '.join(unproven)}: no part of the log, so read them as you would a letter")
    witnessed = {found[1] for found in map(WITNESSED.fullmatch, manifest["files"]) if found}
    if witnessed:
        print(f"witnesses  {len(witnessed)} of these heads were given to outside parties: check what those signed")
    for name in strangers:
        print(f"not part of the export, not checked: {name}")
    if whole:
        print("WHOLE: every entry of the log is here, in order and unchanged.")
    else:
        print(f"SELECTION: {entries.count} of {checkpoint.size} entries. Each is unchanged and stands in the log;")
        print("whether others should be here, nobody can see from a selection.")


def report_rules(companions: Companions) -> None:
    """Print which rules the decisions rest on, and whether their text is here."""
    for digest, count in sorted(companions.citations.rules.items()):
        here = "their text is here" if f"rulebook/{digest}.txt" in companions.listed else "their text is not here"
        print(f"rules      {digest}: {count} decisions; {here}")


def main(arguments: list[str] | None = None) -> int:
    """Run the check; the exit status."""
    parser = argparse.ArgumentParser(description="Check an export of a hirescreen audit log.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder of the export")
    parser.add_argument("--vkey", action="append", required=True, help="verifier key; repeat for older ones")
    parser.add_argument("--since", type=Path, help="a signed head that you kept from an earlier audit")
    parser.add_argument("--certificate", type=Path, help="a certificate to check")
    parser.add_argument("--whole", action="store_true", help="refuse a selection")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows no such letter
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
    except OSError as error:
        print(f"UNUSABLE: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print("GOOD")
    return 0


if __name__ == "__main__":
    sys.exit(main())
