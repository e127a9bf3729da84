"""Signed notes, checkpoints, proofs and tiles in the exact bytes of C2SP, read strictly."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from service.audit.checkpoint import Checkpoint, SignedHead, parse_checkpoint, parse_head
from service.audit.leaf import build_leaf, leaf_hash
from service.audit.merkle import inclusion_proof, nodes_over, root_of
from service.audit.note import Note, NoteSignature, VerifierKey, make_note, parse_key, parse_note
from service.audit.proof import EntryProof, parse_proof
from service.audit.signing import KeyRing, SigningKey, sign_checkpoint, verify_note
from service.audit.tiles import entries_path, entry_bundle, split_bundle, tile_path, tile_root, tile_widths
from service.errors import ConfigError, ProofError

ORIGIN = "screening.example/audit/t1"
KEY = SigningKey(bytes(range(32)), datetime(2026, 11, 23, tzinfo=UTC))
VKEY = "screening.example/audit/t1+964778c9+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
HEAD = (
    "screening.example/audit/t1\n3\njhVii+btzCFnV7yWPJOWkJKVe2z1dzIMDrWwYzXbBM8=\n\n"
    "\u2014 screening.example/audit/t1 lkd4yX3YmV32eZPhkuWB4yCiieA/7BoBnE8cWHdSMekNCH9NcBxrLmDR4xJApi1Fj7pZssOu2wSA"
    "qObZLKuDLQ4gSQs=\n"
)
PATH_OF_1 = (
    base64.b64decode("t/6hjGOU8XSr7MkK9rS7gL2l44PFuYsVxOF5c+aZtxc="),
    base64.b64decode("3Sn926PkS7PP9sunbsv8y3p/YfPZlTOQgdNO5EWmW4M="),
)
# The example of the note format in Go's documentation, whose format C2SP took over.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# RFC 8032 section 7.1, tests 1 to 3: seed, public key, message, signature.
RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


def opened(raw: bytes | str) -> SignedHead:
    head = parse_head(raw)
    verify_note(head.note, [parse_key(VKEY)])
    return head


def test_the_key_of_the_design_has_its_verifier_line() -> None:
    assert str(KEY.verifier(ORIGIN)) == VKEY
    assert parse_key(VKEY) == KEY.verifier(ORIGIN)
    assert "0001" not in repr(KEY)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_signatures_are_those_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey(bytes.fromhex(seed), datetime.now(UTC))
    assert key.verifier("x").public.hex() == public
    if all(byte < 0x80 for byte in bytes.fromhex(message)):
        assert key.sign("x", bytes.fromhex(message).decode()).value.hex() == signature


def test_the_checkpoint_of_the_design_comes_out_byte_for_byte() -> None:
    root = base64.b64decode("jhVii+btzCFnV7yWPJOWkJKVe2z1dzIMDrWwYzXbBM8=")
    head = sign_checkpoint(Checkpoint(ORIGIN, 3, root), [KEY])
    assert str(head) == HEAD
    assert parse_head(HEAD.encode()) == head
    assert verify_note(head.note, [parse_key(VKEY)]) == (parse_key(VKEY),)


def test_the_tree_and_the_proof_of_the_design_come_out_byte_for_byte() -> None:
    """Three decisions with salts SHA-256("salt<k><j>")[:16]; the design gives hash 0, the root and this path."""
    assert PATH_OF_1[0].hex() == "b7fea18c6394f174abecc90af6b4bb80bda5e383c5b98b15c4e17973e699b717"
    proof = EntryProof(1, PATH_OF_1, parse_head(HEAD))
    text = (
        "c2sp.org/tlog-proof@v1\nindex 1\nt/6hjGOU8XSr7MkK9rS7gL2l44PFuYsVxOF5c+aZtxc=\n"
        f"3Sn926PkS7PP9sunbsv8y3p/YfPZlTOQgdNO5EWmW4M=\n\n{HEAD}"
    )
    assert str(proof) == text
    assert parse_proof(text) == proof


def test_a_proof_holds_for_its_leaf_only() -> None:
    leaves = [build_leaf(entry_id=UUID(int=n), at=datetime.now(UTC), kind="x", fields={}).leaf for n in range(5)]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    head = sign_checkpoint(Checkpoint(ORIGIN, 5, root_of(hashes)), [KEY])
    for index, leaf in enumerate(leaves):
        proof = parse_proof(str(EntryProof(index, tuple(inclusion_proof(nodes_over(hashes), index, 5)), head)))
        proof.verify(leaf)
        with pytest.raises(ProofError):
            proof.verify(leaves[index - 1])


def test_a_published_note_of_another_program_verifies() -> None:
    note, key = parse_note(GO_NOTE), parse_key(GO_KEY)
    assert verify_note(note, [key]) == (key,)
    assert str(note) == GO_NOTE
    with pytest.raises(ProofError):
        verify_note(Note(note.text.replace("cryptography", "cryptographx"), note.signatures), [key])


@pytest.mark.parametrize("separator", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\r\n", "\t\n"])
def test_only_a_newline_ends_a_line(separator: str) -> None:
    for place in (1, 2):
        lines = HEAD.split("\n")
        changed = "\n".join(lines[:place]) + separator + "\n".join(lines[place:])
        with pytest.raises(ProofError):
            opened(changed)


@pytest.mark.parametrize(
    "changed",
    [
        HEAD.replace("gSQs=", "gSQt="),
        HEAD.replace("BM8=", "BM9="),
        HEAD.replace("gSQs=", "gSQs"),
        HEAD.replace("gSQs=", "gSQs= "),
        HEAD.replace("gSQs=", "gS Qs="),
        HEAD.replace("\n3\n", "\n03\n"),
        HEAD.replace("\n3\n", "\n+3\n"),
        HEAD.replace("\n3\n", "\n\u0663\n"),
        HEAD.replace("\n\n", "\n"),
        HEAD.replace("\n\n", "\nextension\n\n"),
        HEAD.replace("\u2014 ", "- "),
        HEAD[:-1],
        HEAD + "\n",
        HEAD + HEAD.split("\n\n")[1],
        "\ufeff" + HEAD[: HEAD.index("\n\n") + 2],
        "",
        "\n\n",
    ],
)
def test_what_is_not_exactly_a_signed_checkpoint_is_refused(changed: str) -> None:
    with pytest.raises(ProofError):
        parse_head(changed.encode())


def test_every_flipped_bit_of_a_head_is_noticed() -> None:
    raw = HEAD.encode()
    for at in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(ProofError):
            opened(bytes(flipped))


@pytest.mark.parametrize(
    "line",
    [
        VKEY.replace("964778c9", "964778c8"),
        VKEY.replace("964778c9", "964778C9"),
        VKEY.replace("+AQ", "+Ag"),
        VKEY.replace("VTG4", "VTG5"),
        VKEY[:-4],
        "name+" + VKEY.split("+", 1)[1],
        "a b+00000000+AQ==",
        "nothing",
        "",
    ],
)
def test_a_verifier_key_that_does_not_fit_itself_is_refused(line: str) -> None:
    with pytest.raises(ProofError):
        parse_key(line)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\x01"])
def test_a_key_may_not_have_a_name_that_a_line_cannot_carry(name: str) -> None:
    with pytest.raises(ProofError):
        make_note("text\n", [NoteSignature(name, b"1234", b"x" * 64)])


@pytest.mark.parametrize("text", ["", "no newline", "control\x01\n", "lone \ud800\n"])
def test_a_text_that_no_reader_would_take_is_not_signed(text: str) -> None:
    with pytest.raises(ProofError):
        make_note(text, [KEY.sign(ORIGIN, "x")])


def test_a_signature_by_a_stranger_is_passed_over_but_never_enough() -> None:
    stranger = SigningKey(bytes(32), datetime.now(UTC))
    note = make_note("text\n", [stranger.sign("elsewhere", "text\n"), KEY.sign(ORIGIN, "text\n")])
    assert verify_note(note, [KEY.verifier(ORIGIN)]) == (KEY.verifier(ORIGIN),)
    with pytest.raises(ProofError, match="none of the given keys"):
        verify_note(make_note("text\n", [stranger.sign("elsewhere", "text\n")]), [KEY.verifier(ORIGIN)])
    with pytest.raises(ProofError, match="wrong"):
        verify_note(
            make_note("other\n", [KEY.sign(ORIGIN, "text\n")]), [VerifierKey(ORIGIN, 1, KEY.verifier(ORIGIN).public)]
        )


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (7, "007"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_a_tile_stands_where_c2sp_says(number: int, path: str) -> None:
    assert tile_path(1, number) == f"tile/1/{path}"
    assert tile_path(0, number, 112) == f"tile/0/{path}.p/112"
    assert entries_path(number) == f"tile/entries/{path}"
    assert entries_path(number, 3) == f"tile/entries/{path}.p/3"


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (257, [(0, 1, 1), (1, 0, 1)]),
        (70_000, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]),
    ],
)
def test_a_tree_ends_in_one_tile_a_level(size: int, tiles: list[tuple[int, int, int]]) -> None:
    assert list(tile_widths(size)) == tiles


def test_a_full_tile_has_the_root_of_its_leaves() -> None:
    hashes = [hashlib.sha256(bytes([n])).digest() for n in range(256)]
    assert tile_root(b"".join(hashes)) == root_of(hashes)
    with pytest.raises(ProofError):
        tile_root(b"".join(hashes[:255]))


def test_a_bundle_gives_its_entries_back_and_is_never_half_read() -> None:
    leaves = [b"", b"a", b"x" * 65_535]
    bundle = entry_bundle(leaves)
    assert bundle[:4] == b"\0\0\0\1"
    assert split_bundle(bundle) == leaves
    for cut in (1, 3, len(bundle) - 1):
        with pytest.raises(ProofError):
            split_bundle(bundle[:cut])


def test_a_checkpoint_is_three_lines_with_a_whole_root() -> None:
    with pytest.raises(ProofError):
        parse_checkpoint("origin\n1\nAAAA\n")
    with pytest.raises(ProofError):
        parse_checkpoint("origin\n1\n")


def test_a_key_is_kept_for_its_owner_alone_and_rotated_with_an_overlap(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "audit" / "keys.json")
    assert ring.all() == ()
    with pytest.raises(ConfigError):
        ring.rotate(timedelta(days=1))
    first = ring.generate()
    assert ring.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigError):
        ring.generate()
    second = ring.rotate(timedelta(days=1))
    now = datetime.now(UTC)
    assert [key.seed for key in ring.signing(now)] == [first.seed, second.seed]
    assert [key.seed for key in ring.signing(now + timedelta(days=2))] == [second.seed]
    assert len(ring.verifiers(ORIGIN)) == 2
    head = sign_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), ring.signing(now))
    for key in (first, second):
        assert verify_note(head.note, [key.verifier(ORIGIN)])
    ring.path.write_text("[{}]")
    with pytest.raises(ConfigError):
        ring.all()
