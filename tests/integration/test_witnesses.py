"""Signed heads reach their witnesses: once at least, in order, after any failure, and without holding up the sealer."""

from __future__ import annotations

import base64
import hmac
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import errors

from service.app import build_service
from service.audit.checkpoint import SignedHead, parse_head
from service.audit.export import Form, Order
from service.audit.heads import whole_records
from service.audit.manifest import write_manifest
from service.audit.selection import read_selection
from service.audit.signing import verify_note
from service.audit.witness import EvidenceKind, parse_cosigner, verify_cosignature
from service.cli import hirescreen
from service.config import Config
from service.errors import ConfigError, HirescreenError, WitnessError
from service.records import Actor
from service.sealing_loop import build_sealer, key_ring
from service.store.database import Database
from service.store.evidence import evidence_of
from service.witnesses.configured import build_witnesses
from service.witnesses.delivery import Delivery, Witnesses
from service.witnesses.file import FileWitness
from tests.integration.sealing import ORIGIN, add_entries, rows
from tests.integration.witnessing import Authority, Cosigner, Receiver, receiving

SECRET = bytes(range(32))


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(home=tmp_path / "home", database_url=database_url, origin=ORIGIN)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hooked(config: Config, receiver: Receiver, tmp_path: Path) -> Config:
    """With a webhook that answers."""
    secret = tmp_path / "secret"
    secret.write_text(f"whsec_{base64.b64encode(SECRET).decode()}\n")
    return replace(config, witness_webhook=receiver.url, witness_webhook_secret=secret)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "tsa")


@pytest.fixture
def stamped(config: Config, receiver: Receiver, authority: Authority) -> Config:
    """With a timestamp authority, asked at most once an hour."""
    receiver.otherwise = lambda query: (200, authority.reply(query))
    return replace(config, witness_timestamp=receiver.url, witness_timestamp_roots=authority.roots)


def seal(config: Config, *, adding: int = 1) -> SignedHead:
    """Add entries and sign a head; nobody is told."""
    assert config.database_url is not None
    add_entries(config.database_url, adding)
    sealer = build_sealer(config)
    try:
        while True:
            sealed = sealer.seal()
            assert sealed is not None
            if not sealed.more:
                head = sealer._heads.last()
                assert head is not None
                return head
    finally:
        sealer.close()


def only(config: Config) -> Delivery:
    (delivery,) = build_witnesses(config).deliveries
    return delivery


def sizes(receiver: Receiver) -> list[int]:
    return [json.loads(body)["data"]["size"] for _, body in receiver.came]


def heads_in(path: Path) -> list[SignedHead]:
    return [parse_head(record) for record in whole_records(path.read_bytes())]


def wait_for(truth: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_file_elsewhere_gets_every_head_once_and_in_order(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "mount" / "heads"
    path.parent.mkdir()
    config = replace(config, witness_file=path)
    delivery = only(config)
    delivery.run()  # there is none yet
    assert not path.exists()
    signed = [seal(config)]
    delivery.run()
    signed += [seal(config), seal(config)]
    only(config).run()  # as after a restart
    only(config).run()
    assert [str(head) for head in heads_in(path)] == [str(head) for head in signed]
    standing = delivery.standing()
    assert (standing.delivered.size, standing.waiting, standing.delivered.failures) == (signed[-1].size, 0, 0)


def test_a_head_that_a_crash_cut_off_is_written_again_behind_it(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "heads"
    first, second = seal(config), seal(config)
    witness = FileWitness(path)
    witness.deliver(first)
    whole = path.read_bytes()
    for cut in range(1, len(f"{second}\n".encode())):
        path.write_bytes(whole + f"{second}\n".encode()[:cut])
        witness.deliver(second)
        found = [record for record in whole_records(path.read_bytes()) if record.startswith(ORIGIN.encode())]
        assert parse_head(found[0]) == first
        assert parse_head(found[-1]) == second
        before = path.read_bytes()
        witness.deliver(second)  # it stands there
        assert path.read_bytes() == before


def test_a_file_that_can_only_grow_is_never_cut(config: Config, tmp_path: Path) -> None:
    path, first, second = tmp_path / "heads", seal(config), seal(config)
    witness = FileWitness(path)
    witness.deliver(second)
    with pytest.raises(WitnessError, match=f"size {second.size} already"):
        witness.deliver(first)
    forged = parse_head(str(second).replace(str(second).split("\n")[2], "A" * 43 + "="))
    with pytest.raises(WitnessError, match="already"):
        witness.deliver(forged)
    assert heads_in(path) == [second]


def test_a_webhook_is_signed_as_standard_webhooks_say(hooked: Config, receiver: Receiver) -> None:
    head = seal(hooked)
    only(hooked).run()
    ((headers, body),) = receiver.came
    sent = json.loads(body)
    assert sent["type"] == "audit.head"
    assert sent["data"] == {
        "origin": ORIGIN,
        "size": head.size,
        "root": head.root.hex(),
        "checkpoint": str(head),
    }
    verify_note(parse_head(sent["data"]["checkpoint"]).note, key_ring(hooked).verifiers(ORIGIN))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(SECRET, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert "." not in headers["webhook-id"]


def test_a_webhook_that_fails_gets_every_head_later_also_after_a_restart(hooked: Config, receiver: Receiver) -> None:
    first = seal(hooked)
    only(hooked).run()
    second, third = seal(hooked), seal(hooked)
    receiver.answers = [(500, b""), (302, b""), (429, b"")]
    receiver.headers = {"Location": "http://127.0.0.1:1/elsewhere"}
    pauses = [only(hooked).run() for _ in range(3)]
    assert pauses[0] < pauses[1] < pauses[2]
    standing = only(hooked).standing()
    assert (standing.delivered.size, standing.waiting, standing.delivered.failures) == (first.size, 2, 3)
    assert standing.delivered.reason == "127.0.0.1 answered HTTP 429"
    only(hooked).run()
    assert sizes(receiver) == [first.size, *[second.size] * 4, third.size]
    tried = {
        headers["webhook-id"] for headers, body in receiver.came if json.loads(body)["data"]["size"] == second.size
    }
    assert len(tried) == 1, "each attempt at one head has the same id"
    assert only(hooked).standing().delivered.failures == 0


def test_the_pause_between_attempts_has_an_end(hooked: Config, receiver: Receiver) -> None:
    seal(hooked)
    receiver.otherwise = lambda _: (503, b"")
    delivery = only(hooked)
    assert max(delivery.run() for _ in range(20)) <= 900 * 1.2


def test_a_new_witness_begins_with_the_newest_head(hooked: Config, receiver: Receiver) -> None:
    heads = [seal(hooked) for _ in range(3)]
    only(hooked).run()
    assert sizes(receiver) == [heads[-1].size]


def test_a_file_of_heads_that_lost_its_end_is_noticed_by_the_witness(hooked: Config, receiver: Receiver) -> None:
    seal(hooked)
    path = hooked.audit_folder / f"{ORIGIN.replace('/', '%2F')}.heads"
    before = path.read_bytes()
    head = seal(hooked)
    only(hooked).run()
    path.write_bytes(before)
    only(hooked).run()
    assert f"It was given size {head.size}" in str(only(hooked).standing().delivered.reason)


def test_a_cosignature_in_the_answer_is_verified_and_kept_in_the_note(
    hooked: Config, receiver: Receiver, tmp_path: Path
) -> None:
    ours, other = Cosigner("witness.example/w1", 7), Cosigner("witness.example/w2", 8)
    keys = tmp_path / "witnesses"
    keys.write_text(f"{ours.verifier}\n")
    config = replace(hooked, witness_webhook_keys=keys)
    assert parse_cosigner(str(ours.verifier)) == ours.verifier
    head, at = seal(config), 1_790_000_000
    text = head.checkpoint.text
    receiver.answers = [
        (204, b""),
        (200, other.line(text, at).encode()),
        (200, ours.line(text.replace("\n2\n", "\n3\n"), at).encode()),
        (200, (other.line(text, at) + ours.line(text, at)).encode()),
    ]
    reasons = []
    for _ in range(4):
        only(config).run()
        reasons.append(only(config).standing().delivered.reason)
    assert [reason is None for reason in reasons] == [False, False, False, True], reasons
    assert config.database_url is not None
    with Database(config.database_url) as database:
        (kept,) = evidence_of(database, ORIGIN)
    assert (kept.size, kept.kind) == (head.size, EvidenceKind.COSIGNATURE)
    note = parse_head(kept.body)
    assert note.checkpoint == head.checkpoint
    assert len(note.note.signatures) == 2
    seen = verify_cosignature(note.checkpoint.text, note.note.signatures[-1], ours.verifier)
    assert seen == datetime.fromtimestamp(at, UTC)
    verify_note(note.note, key_ring(config).verifiers(ORIGIN))  # the log's own signature is still there


def test_a_timestamp_is_verified_when_it_comes_and_an_auditor_can_verify_it(
    stamped: Config, authority: Authority
) -> None:
    head = seal(stamped)
    only(stamped).run()
    assert only(stamped).standing().delivered.reason is None
    assert stamped.database_url is not None
    with Database(stamped.database_url) as database:
        (kept,) = evidence_of(database, ORIGIN)
    assert (kept.size, kept.witness, kept.kind) == (head.size, "timestamp", EvidenceKind.TIMESTAMP)
    assert "Verification: OK" in authority.verify(str(head).encode(), kept.body)
    with psycopg.connect(stamped.database_url) as owner, pytest.raises(errors.InsufficientPrivilege):
        owner.execute("delete from audit_evidence")


def test_the_newest_head_is_stamped_again_once_the_time_has_come(stamped: Config, receiver: Receiver) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=1)
    delivery = only(stamped)
    delivery._clock = lambda: moment
    seal(stamped)
    delivery.run()
    seal(stamped)
    newest = seal(stamped)
    delivery.run()
    assert len(receiver.came) == 1
    moment += timedelta(hours=1, seconds=1)
    delivery.run()
    assert len(receiver.came) == 2
    assert delivery.standing().delivered.size == newest.size


def test_a_stamp_over_something_else_or_by_somebody_else_is_refused(
    stamped: Config, receiver: Receiver, authority: Authority, tmp_path: Path
) -> None:
    seal(stamped)
    replayed: list[bytes] = []

    def first_stamp_again(query: bytes) -> tuple[int, bytes]:
        replayed.append(authority.reply(query))
        return 200, replayed[0] if len(replayed) > 1 else b"not a stamp"

    receiver.otherwise = first_stamp_again
    stranger = Authority(tmp_path / "stranger")
    answers: list[str | None] = []
    for otherwise in (
        first_stamp_again,  # no stamp at all
        first_stamp_again,  # of an earlier question: its nonce is another
        lambda query: (200, stranger.reply(query)),
        lambda query: (200, (reply := authority.reply(query))[:-1] + bytes([reply[-1] ^ 1])),
    ):
        receiver.otherwise = otherwise
        only(stamped).run()
        answers.append(only(stamped).standing().delivered.reason)
    assert all(answer and "no valid timestamp" in answer for answer in answers), answers
    assert stamped.database_url is not None
    assert rows(stamped.database_url, "select count(*) from audit_evidence") == [(0,)]


def test_sealing_never_waits_for_a_witness_that_hangs(hooked: Config, receiver: Receiver) -> None:
    """And it is told of what it missed as soon as it answers again."""
    hanging = True

    def hang(_: bytes) -> tuple[int, bytes]:
        while hanging:
            time.sleep(0.01)
        return 204, b""

    receiver.otherwise = hang
    witnesses = build_witnesses(hooked)
    assert hooked.database_url is not None
    sealer = build_sealer(hooked, [witnesses])
    try:
        slowest = 0.0
        for _ in range(5):
            add_entries(hooked.database_url, 1)
            begun = time.monotonic()
            assert sealer.seal() is not None
            slowest = max(slowest, time.monotonic() - begun)
        assert slowest < 2
        wait_for(lambda: len(receiver.came) == 1)
        hanging = False
        wait_for(lambda: bool(receiver.came) and sizes(receiver)[-1] == 6)
        assert sizes(receiver) == [sizes(receiver)[0], *range(sizes(receiver)[0] + 1, 7)]
    finally:
        hanging = False
        sealer.close()
        witnesses.close()


def test_evidence_that_cannot_be_kept_does_not_count_as_delivered(stamped: Config) -> None:
    seal(stamped)
    delivery = only(stamped)
    refused = True

    def keep(_origin: str, _evidence: object) -> None:
        if refused:
            raise HirescreenError("The database cannot be reached.")

    delivery._keep = keep
    delivery.run()
    assert delivery.standing().delivered.size is None
    refused = False
    delivery.run()
    assert delivery.standing().delivered.size is not None


def test_a_standby_host_tells_nobody(hooked: Config, receiver: Receiver) -> None:
    seal(hooked)
    witnesses = build_witnesses(hooked)
    assert isinstance(witnesses, Witnesses)
    witnesses.close()
    assert receiver.came == []


@pytest.mark.parametrize(
    ("setting", "content"),
    [
        ("witness_webhook_secret", "geheim"),
        ("witness_webhook_secret", ""),
        ("witness_webhook_secret", "whsec_" + base64.b64encode(bytes(23)).decode()),
        ("witness_webhook_secret", base64.b64encode(bytes(32)).decode()),
        ("witness_webhook_keys", "name+00000000+AQAA"),
        ("witness_webhook_keys", ""),
        ("witness_timestamp_roots", "geheim"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_at_the_start(
    hooked: Config, tmp_path: Path, setting: str, content: str
) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    config = replace(hooked, witness_timestamp="http://tsa.example/", **{setting: file})
    with pytest.raises(ConfigError) as refused:
        build_witnesses(config)
    assert str(file) in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_an_export_holds_what_witnesses_gave(stamped: Config, authority: Authority, tmp_path: Path) -> None:
    head = seal(stamped, adding=3)
    only(stamped).run()
    seal(stamped)
    service = build_service(stamped)
    with service.database:
        order = Order(form=Form.BUNDLE, selection=read_selection({}), personal=False, parquet=False, recipient=None)
        service.exports().write_to(tmp_path / "out", order, Actor(kind="cli", id="local", name="tests"))
    folder = tmp_path / "out" / "witnesses"
    assert sorted(path.name for path in folder.iterdir()) == [f"{head.size}.note", f"{head.size}.timestamp.tsr"]
    note = (folder / f"{head.size}.note").read_bytes()
    assert note == str(head).encode()
    assert "Verification: OK" in authority.verify(note, (folder / f"{head.size}.timestamp.tsr").read_bytes())
    status, said = verified(stamped, tmp_path / "out")
    assert status == 0, said
    assert "1 of these heads were given to outside parties" in said
    about = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    own = {name: value for name, value in about.items() if name not in {"selection", "files", "sha256"}}
    root = str(head).split("\n")[2]
    for old, new in ((f"\n{head.size}\n", f"\n{head.size + 1}\n"), (root, "A" * 43 + "=")):
        (folder / f"{head.size}.note").write_text(str(head).replace(old, new))
        write_manifest(tmp_path / "out", own, selection=None)
        status, said = verified(stamped, tmp_path / "out")
        assert status == 1, said
        assert f"witnesses/{head.size}.note" in said


def verified(config: Config, folder: Path) -> tuple[int, str]:
    """What the export's own program says of it."""
    vkey = str(key_ring(config).verifiers(ORIGIN)[0])
    done = subprocess.run(
        [sys.executable, folder / "verify_audit.py", folder, "--vkey", vkey],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_operator_sees_how_each_witness_stands(hooked: Config, receiver: Receiver, tmp_path: Path) -> None:
    config = replace(hooked, witness_file=tmp_path / "heads")
    receiver.otherwise = lambda _: (503, b"")
    environment = config.child_env()
    assert "took no head yet" in CliRunner().invoke(hirescreen, ["audit", "witnesses"], env=environment).stdout
    CliRunner().invoke(hirescreen, ["audit", "seal", "--once"], env=environment)
    shown = CliRunner().invoke(hirescreen, ["audit", "witnesses"], env=environment).stdout
    assert re.search(r"file +\S+heads\n +took the head of size \d+ at 20", shown), shown
    assert "webhook    127.0.0.1\n" in shown
    assert re.search(r"1 signed heads are newer\n +failed 1 times since .*: 127.0.0.1 answered HTTP 503", shown), shown
    assert "geheim" not in shown, "an address may hold a secret"
    nobody = replace(config, witness_file=None, witness_webhook=None).child_env()
    assert "Nobody is told" in CliRunner().invoke(hirescreen, ["audit", "witnesses"], env=nobody).stdout
