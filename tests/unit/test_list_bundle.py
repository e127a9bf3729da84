"""A bundle of list files: every byte of it is signed, or the only one that may stand there."""

from __future__ import annotations

import json
import tarfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import click
import pytest

from service.audit.note import make_note
from service.bundles.archive import BLOCK, MANIFEST_MEMBER, ArchiveReader, header
from service.bundles.bundle import FORMAT, Manifest
from service.bundles.keys import next_sequence
from service.bundles.note import KEY_NAME, open_manifest, parse_keys, sign_manifest
from service.commands.list_bundle import given_files, usual_lists
from service.config import Config
from service.errors import BundleError, ConfigError
from service.records import ListVersion
from tests.bundles import KEY, MADE, STRANGER, VKEY, archive, bundle, bundled

FILES = {"un_sc": {"consolidated.xml": b"<UN/>" * 130}, "us_ofac_sdn": {"SDN.CSV": b"1,2,3\r\n", "ALT.CSV": b"4,5"}}
WHOLE = bundle(FILES, sequence=7)
MANIFEST_ROOM = WHOLE.index(b"un_sc/1-consolidated.xml".ljust(100, b"\0"))  # where the manifest and its padding end


def read(raw: bytes) -> tuple[Manifest, list[bytes]]:
    with ExitStack() as opened:
        reader = ArchiveReader(BytesIO(raw))
        manifest, _ = open_manifest(reader.manifest(), [VKEY])
        contents = list(reader.contents(manifest.files(), opened.enter_context))
        return manifest, [content.read() for content in contents]


def refusal(raw: bytes) -> str:
    with pytest.raises(BundleError) as refused:
        read(raw)
    return str(refused.value)


def test_a_bundle_gives_back_what_was_packed() -> None:
    manifest, contents = read(WHOLE)
    assert manifest.sequence == 7
    assert manifest.created_at == MADE
    assert [each.list_id for each in manifest.lists] == ["un_sc", "us_ofac_sdn"]
    assert contents == [b"<UN/>" * 130, b"1,2,3\r\n", b"4,5"]


def test_an_ordinary_tar_shows_a_bundle() -> None:
    with tarfile.open(fileobj=BytesIO(WHOLE)) as tar:
        names = tar.getnames()
        assert names == [MANIFEST_MEMBER, "un_sc/1-consolidated.xml", "us_ofac_sdn/1-SDN.CSV", "us_ofac_sdn/2-ALT.CSV"]
        content = tar.extractfile("us_ofac_sdn/2-ALT.CSV")
        assert content is not None
        assert content.read() == b"4,5"


def test_no_byte_of_a_bundle_can_be_changed() -> None:
    for place in range(len(WHOLE)):
        changed = bytearray(WHOLE)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(BundleError):
            read(bytes(changed))


def test_a_bundle_that_ends_early_is_called_truncated() -> None:
    for length in range(0, len(WHOLE), 97):
        assert "truncated" in refusal(WHOLE[:length]) or length < BLOCK


def test_what_is_appended_is_refused() -> None:
    assert "goes on after its end" in refusal(WHOLE + b"\0")
    assert "goes on after its end" in refusal(WHOLE + WHOLE)


def test_a_member_that_the_manifest_does_not_name_is_refused() -> None:
    for member in ("un_sc/1-consolidated.xml", "../../etc/passwd", "/etc/passwd", "un_sc/9-more.xml"):
        more = header(member, 3) + b"abc".ljust(BLOCK, b"\0")
        assert "more files than its manifest" in refusal(WHOLE[: -2 * BLOCK] + more + bytes(2 * BLOCK))
        assert "that is not the one it must have" in refusal(WHOLE[:MANIFEST_ROOM] + more + WHOLE[MANIFEST_ROOM:])


def test_two_files_in_each_others_place_are_refused() -> None:
    lists = bundled("us_ofac_sdn", {"SDN.CSV": b"123", "ALT.CSV": b"456"})
    manifest = Manifest(created_at=MADE, sequence=1, lists=(lists,))
    signed = sign_manifest(manifest, [KEY])
    assert read(archive(manifest, signed, [b"123", b"456"]))[1] == [b"123", b"456"]
    assert "is not the file that was signed" in refusal(archive(manifest, signed, [b"456", b"123"]))
    assert "the one it must have" in refusal(archive(manifest, signed, [b"1234", b"456"]))


def test_a_header_that_claims_a_giant_is_no_reason_to_read_one() -> None:
    giant = bytearray(WHOLE)
    giant[MANIFEST_ROOM : MANIFEST_ROOM + BLOCK] = header("un_sc/1-consolidated.xml", 7 * 1024**3)
    assert "not the one it must have" in refusal(bytes(giant))
    manifest = header(MANIFEST_MEMBER, 7 * 1024**3)
    assert "larger than" in refusal(manifest + WHOLE[BLOCK:])


def test_only_the_given_key_opens_a_bundle() -> None:
    assert "none of the given keys" in refusal(bundle(FILES, key=STRANGER))
    assert str(STRANGER.verifier(KEY_NAME)).split("+")[1] in refusal(bundle(FILES, key=STRANGER))
    unsigned = read(WHOLE)[0].text.encode()
    rest = WHOLE[MANIFEST_ROOM:]
    padded = unsigned + bytes(-len(unsigned) % BLOCK)
    assert "no signed note" in refusal(header(MANIFEST_MEMBER, len(unsigned)) + padded + rest)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("member", "../un_sc"),
        ("member", "un_sc/../../x"),
        ("member", "/un_sc/x"),
        ("member", "un_sc/.x"),
        ("member", "us_ofac_sdn/1-x"),
        ("member", "un_sc/a/b"),
        ("member", "un_sc/1-\u00e9"),
        ("size", -1),
        ("size", 600 * 1024 * 1024),
        ("size", "5"),
        ("size", 1.5),
        ("size", True),
        ("sha256", "00"),
        ("name", None),
        ("name", ""),
    ],
)
def test_a_signed_manifest_is_still_read_strictly(name: str, value: object) -> None:
    stated = json.loads(read(WHOLE)[0].text.partition("\n")[2])
    stated["lists"][0]["files"][0][name] = value
    assert "manifest is not what it must be" in _refusal_of_signed(stated)


def test_a_manifest_names_each_list_and_file_once() -> None:
    stated = json.loads(read(WHOLE)[0].text.partition("\n")[2])
    twice = stated | {"lists": stated["lists"] * 2}
    assert "a list twice" in _refusal_of_signed(twice)
    stated["lists"][1]["files"] *= 2
    assert "twice" in _refusal_of_signed(stated)


def test_a_manifest_of_another_format_or_writing_is_refused() -> None:
    text = read(WHOLE)[0].text
    assert "of the format" in _refusal_of_text(text.replace("v1", "v2", 1))
    assert "the one way" in _refusal_of_text(text.replace('"sequence": 7', '"sequence":  7'))
    assert "twice in one object" in _refusal_of_text(text.replace('"sequence": 7', '"sequence": 7, "sequence": 8'))
    later = text.replace('"fetched": "2026-03-05T07', '"fetched": "2026-03-05T08', 1)
    assert "fetched later" in _refusal_of_text(later)


def test_a_key_that_is_none_is_told_by_where_it_stands() -> None:
    assert parse_keys(f"{VKEY} {STRANGER.verifier(KEY_NAME)}\n", source="--vkey")[0] == VKEY
    with pytest.raises(ConfigError, match="HIRESCREEN_BUNDLE_KEY is no verifier key"):
        parse_keys("nonsense", source="HIRESCREEN_BUNDLE_KEY")
    with pytest.raises(ConfigError, match="holds no verifier key"):
        parse_keys(" ", source="--vkey")


def test_times_are_kept_to_the_second_in_utc() -> None:
    made = datetime(2026, 3, 5, 9, 0, 1, 999, tzinfo=UTC).astimezone(tz=None)
    manifest = Manifest(created_at=made, sequence=1, lists=(bundled("un_sc", {"a": b"1"}),))
    assert '"created": "2026-03-05T09:00:01Z"' in manifest.text
    assert MADE + timedelta(hours=2) < made


def test_no_number_is_given_to_two_bundles(tmp_path: Path) -> None:
    assert [next_sequence(tmp_path) for _ in range(3)] == [1, 2, 3]
    (tmp_path / "sequence").write_text("damaged")
    with pytest.raises(ConfigError, match="does not hold the number"):
        next_sequence(tmp_path)


def _refusal_of_signed(stated: object) -> str:
    return _refusal_of_text(f"{FORMAT}\n{json.dumps(stated, ensure_ascii=False, indent=1)}\n")


def _refusal_of_text(text: str) -> str:
    signature = KEY.sign(KEY_NAME, text)
    with pytest.raises(BundleError) as refused:
        open_manifest(str(make_note(text, [signature])).encode(), [VKEY])
    return str(refused.value)


def test_without_a_choice_the_lists_in_use_are_packed_and_those_without_an_address_are_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = Config(home=Path("/nowhere"), required_lists=("un_sc",))
    active = {"own": ListVersion(list_id="own", version=1, sha256="0" * 64, entries=1)}
    assert usual_lists(config, active, {}) == ["un_sc"]
    assert "own: left out" in capsys.readouterr().err
    assert usual_lists(config, active, {"own": [Path("a.csv")]}) == ["own", "un_sc"]


def test_files_are_given_by_the_list_that_they_are_of() -> None:
    assert given_files(["own=a.csv", "un_sc=b=c.xml"]) == {"own": [Path("a.csv")], "un_sc": [Path("b=c.xml")]}
    for wrong in ("a.csv", "own=", "no_list=a.csv"):
        with pytest.raises(click.BadParameter, match="known list"):
            given_files([wrong])
