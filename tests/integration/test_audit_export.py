"""The export of the record as an auditor gets and checks it: whole, by a selection, and never half."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import psycopg
import pytest

from service.audit.checkpoint import parse_head
from service.audit.export import MOST_PROOFS, Form
from service.audit.heads import HeadsFile
from service.audit.manifest import write_manifest
from service.audit.proof import parse_proof
from service.audit.selection import Selection, read_selection
from service.errors import ExportError, NotSealedError, SealingStoppedError
from service.rulebook import current
from tests.integration.conftest import Api
from tests.integration.exporting import EARLIER_RULES, EARLIER_TEXT, Record, a_decision, check, verify

GOOD, TAMPERED, UNUSABLE = 0, 1, 2
PERSON = b"HYPERLINK(Kim"


@pytest.fixture
def record(api: Api) -> Record:
    return Record(api.service)


@pytest.fixture
def sealed(record: Record) -> Record:
    """600 decisions under two heads; the entry of the signing key stands among them."""
    decisions = [a_decision(number) for number in range(600)]
    record.add(*decisions[:290])
    record.seal()
    record.add(*decisions[290:])
    assert record.seal() == 601
    return record


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def relist(folder: Path) -> None:
    """Make the manifest fit what is there, as a forger would."""
    said = json.loads((folder / "manifest.json").read_text())
    about = {name: value for name, value in said.items() if name not in ("files", "sha256", "selection")}
    write_manifest(folder, about, selection=said["selection"])


def test_a_stranger_checks_a_whole_export_with_the_standard_library(sealed: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = sealed.export(out)
    assert (written.entries, written.disclosures) == (601, 0)
    done = verify(out, sealed.vkey, "--whole")
    assert (done.returncode, done.stderr) == (GOOD, ""), done.stdout
    for said in ("size       601", "601 (600 decision, 1 key), 0 disclosed", "2 earlier heads", "WHOLE", "GOOD"):
        assert said in done.stdout
    assert names(out) == {
        *("tile/0/000", "tile/0/001", "tile/0/002.p/89", "tile/1/000.p/2"),
        *("tile/entries/000", "tile/entries/001", "tile/entries/002.p/89"),
        *("checkpoint", "entries.jsonl", "entries.csv", "heads.log", "lists.json", "manifest.json", "vkey.txt"),
        *("verify_audit.py", "README.txt", "rulebook/catalogue.json", f"rulebook/{current().sha256}.txt"),
    }
    published = sealed.service.record()._tiles.folder
    for name in (name for name in names(out) if name.startswith("tile/")):
        assert (out / name).read_bytes() == (published / name).read_bytes()
    assert json.loads((out / "rulebook/catalogue.json").read_bytes())["sha256"] == current().sha256
    assert {row["name"] for row in json.loads((out / "lists.json").read_text())} == {"un_sc", "own"}
    for path in (out / name for name in names(out)):
        assert PERSON not in path.read_bytes()
    for said in ("--since OLD_CHECKPOINT", "outside", "TAMPERED", "the whole log", sealed.service.config.origin):
        assert said in (out / "README.txt").read_text()


def test_the_text_of_earlier_rules_comes_with_the_decisions_that_were_made_by_them(
    sealed: Record, tmp_path: Path
) -> None:
    sealed.keep_earlier_engine()
    sealed.export(tmp_path / "both")
    assert (tmp_path / "both" / "rulebook" / f"{EARLIER_RULES}.txt").read_bytes() == EARLIER_TEXT
    done = verify(tmp_path / "both", sealed.vkey)
    assert (done.returncode, done.stdout.count("their text is here")) == (GOOD, 2), done.stdout
    sealed.export(tmp_path / "one", selection=read_selection({"first": "1", "last": "1"}))
    texts = [path.stem for path in (tmp_path / "one" / "rulebook").glob("*.txt")]
    assert len(texts) == 1
    assert verify(tmp_path / "one", sealed.vkey).returncode == GOOD


def test_an_export_by_filters_proves_each_of_its_entries(sealed: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    chosen = read_selection({"decision": "deny", "clause": "UN-2397-8", "to": "2026-11-24", "first": "4"})
    written = sealed.export(out, selection=chosen)
    lines = [json.loads(line) for line in (out / "entries.jsonl").read_text().splitlines()]
    assert [line["i"] for line in lines] == list(range(5, 108, 6))
    assert {f"proofs/{line['i']}.tlog-proof" for line in lines} <= names(out)
    assert not any(name.startswith(("tile/1", "tile/entries")) for name in names(out))
    done = verify(out, sealed.vkey)
    assert done.returncode == GOOD, done.stdout
    assert f"SELECTION: {written.entries} of 601" in done.stdout
    assert check(out, sealed.vkey, "--whole") == TAMPERED
    assert parse_proof((out / "proofs/5.tlog-proof").read_bytes()).head == parse_head((out / "checkpoint").read_bytes())
    assert "does not prove that no other entry" in (out / "README.txt").read_text()
    nothing = sealed.export(tmp_path / "none", selection=Selection(clause="NO-SUCH-CLAUSE"))
    assert nothing.entries == 0
    assert check(tmp_path / "none", sealed.vkey) == GOOD


def test_a_selection_of_very_many_entries_is_proven_by_the_tiles_alone(
    sealed: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.audit.export.MOST_PROOFS", 100)
    assert MOST_PROOFS > 100
    written = sealed.export(tmp_path / "out", selection=Selection(first=1))
    assert (written.entries, written.proofs) == (600, False)
    assert not (tmp_path / "out" / "proofs").exists()
    assert check(tmp_path / "out", sealed.vkey) == GOOD


def test_the_auditor_s_old_checkpoint_shows_that_nothing_was_rewritten(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record.add(a_decision(0), a_decision(1))
    record.seal()
    record.export(tmp_path / "first")
    old = str(tmp_path / "first" / "checkpoint")
    record.add(a_decision(2))
    record.seal()
    record.export(tmp_path / "second")
    assert check(tmp_path / "second", record.vkey, "--since", old) == GOOD
    said = capsys.readouterr().out
    assert "continues the head of size 3 that you kept" in said
    assert "1 export" in said  # the first export stands in the second
    assert check(tmp_path / "first", record.vkey, "--since", str(tmp_path / "second" / "checkpoint")) == TAMPERED


def test_values_are_disclosed_only_when_asked_for_and_only_while_they_are_kept(sealed: Record, tmp_path: Path) -> None:
    with psycopg.connect(sealed.service.database.url) as connection:
        connection.execute("delete from audit_private where id % 3 = 0")
    written = sealed.export(tmp_path / "out", personal=True, recipient="The labour inspectorate")
    assert 0 < written.disclosures < 1200
    done = verify(tmp_path / "out", sealed.vkey)
    assert done.returncode == GOOD, done.stdout
    assert f"{written.disclosures} disclosed values" in done.stdout
    with (tmp_path / "out" / "entries.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert json.loads(rows[0]["disclosed"])[0][0] == "worker.name"
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    (said,) = [entry for entry in sealed.service.audit.export() if json.loads(entry.leaf)["type"] == "export"]
    assert b"inspectorate" not in said.leaf  # a recipient may be a person
    assert len(said.disclosures) == 1


def test_a_value_that_was_changed_in_the_database_is_not_exported(sealed: Record, tmp_path: Path) -> None:
    with psycopg.connect(sealed.service.database.url) as connection:
        connection.execute(
            "update audit_private set disclosures = (select disclosures from audit_private order by id limit 1)"
        )
    with pytest.raises(SealingStoppedError, match="a value of entry 1 is not"):
        sealed.export(tmp_path / "out", personal=True)
    assert not (tmp_path / "out").exists()
    assert sealed.export(tmp_path / "out").entries == 601


@pytest.mark.parametrize(
    "change",
    [
        "update audit_entry set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), 'deny', 'allow'), 'UTF8')",
        "update audit_leaf set leaf_hash = sha256(leaf_hash) where leaf_index = 300",
        "delete from audit_leaf where leaf_index = 300",
    ],
)
def test_a_log_that_was_changed_is_not_exported_and_leaves_nothing_behind(
    sealed: Record, tmp_path: Path, change: str
) -> None:
    with psycopg.connect(sealed.service.database.url) as connection:
        connection.execute("alter table audit_entry disable trigger user")
        connection.execute("alter table audit_leaf disable trigger user")
        connection.execute(change.encode())
    before = len(list(sealed.service.audit.export()))
    with pytest.raises(SealingStoppedError, match="nothing is exported"):
        sealed.export(tmp_path / "exports" / "out")
    assert list((tmp_path / "exports").iterdir()) == []
    assert len(list(sealed.service.audit.export())) == before


def test_a_database_from_an_older_backup_is_not_exported(sealed: Record, tmp_path: Path) -> None:
    with psycopg.connect(sealed.service.database.url) as connection:
        connection.execute("alter table audit_checkpoint disable trigger user")
        connection.execute("delete from audit_checkpoint where size = 601")
    with pytest.raises(SealingStoppedError, match="does not hold the head of size 601"):
        sealed.export(tmp_path / "out")


def test_heads_come_from_the_database_where_this_host_does_not_seal(sealed: Record, tmp_path: Path) -> None:
    config = sealed.service.config
    vkey = sealed.vkey
    HeadsFile(config.audit_folder, config.origin).path.unlink()
    (config.audit_folder / "signing-keys.json").unlink()
    sealed.export(tmp_path / "out")
    assert not (tmp_path / "out" / "vkey.txt").exists()
    done = verify(tmp_path / "out", vkey)
    assert "2 earlier heads" in done.stdout
    assert done.returncode == GOOD


def test_an_export_goes_to_a_new_or_empty_folder_alone(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotSealedError):
        record.export(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    record.seal()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    for target in (tmp_path / "full", tmp_path / "full" / "note.txt"):
        with pytest.raises(ExportError, match=r"not empty|no folder"):
            record.export(target)
    assert names(tmp_path / "full") == {"note.txt"}
    (tmp_path / "empty").mkdir()
    record.export(tmp_path / "empty")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")  # a folder that cannot be replaced
    record.export(Path())
    for folder in ("empty", "here"):
        assert check(tmp_path / folder, record.vkey) == GOOD
        assert not any(".partial" in path.name for path in (tmp_path / folder).iterdir())


@pytest.mark.parametrize("form", [Form.JSONL, Form.CSV])
def test_lines_or_the_table_come_alone_where_that_is_asked(sealed: Record, tmp_path: Path, form: Form) -> None:
    sealed.export(tmp_path / "bundle")
    sealed.export(tmp_path / "out", form=form)
    (name,) = names(tmp_path / "out")
    assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "bundle" / name).read_bytes()


def test_a_parquet_file_holds_the_same_entries(sealed: Record, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    sealed.export(tmp_path / "out", parquet=True)
    table = parquet.read_table(tmp_path / "out" / "entries.parquet").to_pylist()
    with (tmp_path / "out" / "entries.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(str(row["index"]), row["id"], row["leaf"].decode()) for row in table] == [
        (row["index"], row["id"], row["leaf"]) for row in rows
    ]
    assert table[1]["clauses"] == ["UN-2375-17", "UN-2397-8"]
    done = verify(tmp_path / "out", sealed.vkey)
    assert done.returncode == GOOD
    assert "entries.parquet" in done.stdout  # named as not proven


# file -> how it is changed so that the rest of the export still fits
DAMAGE = {
    "checkpoint": (b"\n601\n", b"\n600\n"),
    "entries.jsonl": (b'"i":7,', b'"i":07,'),
    "entries.csv": (b'"deny"', b'"allow"'),
    "heads.log": (b"\n291\n", b"\n292\n"),
    "lists.json": (b"cdcd", b"cdce"),
    f"rulebook/{current().sha256}.txt": (b"2026", b"2027"),
    "tile/0/000": (b"", b""),  # a hash has no known bytes: its first bit is turned
    "tile/1/000.p/2": (b"", b""),
    "tile/entries/001": (b"deny", b"dene"),
    "tile/entries/002.p/89": (b"deny", b"dene"),
}


def test_damage_in_each_file_is_found_also_where_the_manifest_was_made_to_fit(
    sealed: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, broken = tmp_path / "out", tmp_path / "broken"
    sealed.export(out)
    for name in sorted(names(out)):
        for damage in ("changed", "cut", "empty", "longer"):
            shutil.copytree(out, broken)
            raw = (broken / name).read_bytes()
            changed = {"changed": bytes([raw[0] ^ 1]) + raw[1:], "cut": raw[:-1], "empty": b"", "longer": raw + b"\n"}
            (broken / name).write_bytes(changed[damage])
            assert check(broken, sealed.vkey) == TAMPERED, (name, damage)
            said = capsys.readouterr().out
            assert name in said, said
            shutil.rmtree(broken)
        shutil.copytree(out, broken)
        (broken / name).unlink()
        assert check(broken, sealed.vkey) == UNUSABLE, name
        shutil.rmtree(broken)
    for name, (old, new) in DAMAGE.items():
        shutil.copytree(out, broken)
        raw = (broken / name).read_bytes()
        assert old in raw
        (broken / name).write_bytes(raw.replace(old, new, 1) if old else bytes([raw[0] ^ 1]) + raw[1:])
        relist(broken)
        assert check(broken, sealed.vkey) == TAMPERED, name
        shutil.rmtree(broken)


def test_what_an_export_cannot_hold_is_refused_although_it_is_listed(sealed: Record, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sealed.export(out)
    for name in (
        "tile/0/003",
        "tile/0/000.p/7",
        "tile/2/000.p/1",
        "proofs/1.tlog-proof",
        "notes.txt",
        "rulebook/x.txt",
    ):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        relist(out)
        assert check(out, sealed.vkey) == TAMPERED, name
        path.unlink()
    relist(out)
    assert check(out, sealed.vkey) == GOOD
    for word, value in {"entries": 600, "disclosures": 1, "log": {"origin": "x", "size": 601, "root": ""}}.items():
        said = json.loads((out / "manifest.json").read_text())
        about = {name: each for name, each in said.items() if name not in ("files", "sha256", "selection")}
        write_manifest(out, {**about, word: value}, selection=None)
        assert check(out, sealed.vkey) == TAMPERED, word
    for selection in ({"decision": "deny"}, {"colour": "red"}, {"first": "1"}):
        write_manifest(out, {}, selection=selection)
        assert check(out, sealed.vkey) == TAMPERED, selection
