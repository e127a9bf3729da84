"""The bombs of test_list_bombs.py for every format of a list: each refused in little memory, asking nobody.

All of them are read by one process, one after another, which tells after each how much its memory has grown.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from subprocess import PIPE, Popen

import pytest

from service.lists.readers import FORMATS
from tests.fuzzing.list_reading import list_of
from tests.fuzzing.seeds import seeds_of
from tests.list_faults import LAUGHS, LONG_ENTITY
from tests.list_server import list_server

MOST_GROWTH = 32 * 1024  # KiB, after a genuine file of the format was read
LONGEST = 10.0  # seconds of processor time
# Wrong sizes in the directory of a zip whose content is genuine, and matches its check sum, harm nobody.
HARMLESS = {f"{form}: a zip{lie}" for form in ("un_sc_xml", "own_csv")
            for lie in (" whose file is smaller than it says", "64 whose file has four exabytes")}  # fmt: skip

READ = """
import json, pathlib, resource, sys, time, warnings
from service.errors import MalformedListError
from service.lists import au_dfat, readers
from service.lists.container import unpack

def used():
    return resource.getrusage(resource.RUSAGE_SELF)

def read(path, list_id, form):
    before, started = used().ru_maxrss, time.process_time()
    try:
        with open(path, "rb") as stream, unpack(stream, "handed.in", max_plain=200_000_000) as file:
            for _ in readers.FORMATS[form].read([file], list_id, True):
                pass
        word = "read"
    except MalformedListError as error:
        word = str(error)
    print(json.dumps([path, used().ru_maxrss - before, time.process_time() - started, word]), flush=True)

for line in sys.stdin:
    read(*json.loads(line))
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: KiB by which the most memory grew, seconds of processor time, words of the refusal."""

    grown: int
    seconds: float
    word: str


XML_FORMATS = [name for name in FORMATS if name.endswith("_xml") or name in ("ofac_advanced", "ofac_enhanced")]
JSON_FORMATS = ["us_csl_json", "opensanctions_ftm"]
WORKBOOKS = ["au_dfat_xlsx"]
TABLES = [name for name in FORMATS if name not in (*XML_FORMATS, *JSON_FORMATS, *WORKBOOKS)]
FILE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n'


def xml_bombs(genuine: bytes) -> Iterator[tuple[str, bytes]]:
    """Each bomb in the first text of a genuine file of the format."""

    def made(head: str, text: str) -> bytes:
        content = genuine.decode()
        start = content.index("?>") + 2 if content.startswith("<?xml") else 0
        place = re.compile(r">\s*([^<>\s][^<>]*)<").search(content, start)
        assert place
        return (
            content[:start] + "\n" + head + content[start : place.start(1)] + text + content[place.end(1) :]
        ).encode()

    yield "billion laughs", made(LAUGHS, "&a9;")
    yield "quadratic entities", made(LONG_ENTITY, "&a;" * 20_000)
    yield "an entity that is a file", made(FILE, "&e;")
    yield "an entity on a server", made('<!DOCTYPE x [<!ENTITY e SYSTEM "{address}/e">]>\n', "&e;")
    yield "a parameter entity", made('<!DOCTYPE x [<!ENTITY % e SYSTEM "{address}/e"> %e;]>\n', "x")
    yield "a DTD on a server", made('<!DOCTYPE x SYSTEM "{address}/x.dtd">\n', "x")
    yield "deep nesting", made("", "<a>" * 100_000 + "</a>" * 100_000)
    yield "an overlong attribute", made("", f'<a b="{"x" * 12_000_000}"/>')
    yield "an overlong text", made("", "x" * 12_000_000)
    yield "an element without end", made("", "<a>x</a>" * 1_000_000)
    yield "DOCTYPE in UTF-16", made(FILE, "&e;").decode().replace("UTF-8", "UTF-16").encode("utf-16")


def json_bombs(genuine: bytes) -> Iterator[tuple[str, bytes]]:
    first = genuine.split(b"\n")[0] if genuine.count(b"\n{") else genuine
    text = re.search(rb'"(name|caption)": ?"[^"]*"', first)
    assert text
    key = text[0].split(b":")[0] + b": "

    def made(value: bytes) -> bytes:
        return first.replace(text[0], key + value, 1)

    yield "deep nesting of lists", made(b"[" * 1_000_000 + b"]" * 1_000_000)
    yield "deep nesting of objects", made(b'{"a":' * 300_000 + b"1" + b"}" * 300_000)
    yield "an overlong text", made(b'"' + b"x" * 40_000_000 + b'"')
    yield "an overlong name", made(b'1, "' + b"x" * 40_000_000 + b'": 1')
    yield "an overlong number", made(b"9" * 8_000_000)
    yield "values without end", made(b"[" + b"[]," * 2_000_000 + b"[]]")


def table_bombs(genuine: bytes) -> Iterator[tuple[str, bytes]]:
    head = genuine.splitlines(keepends=True)[0]
    yield "a line without end", head + b"x" * 40_000_000
    yield "a cell without end", head + b'"' + b"x\n" * 2_000_000
    yield "a row of a million cells", head + b",;\t" * 1_000_000


def workbook_bombs(genuine: bytes) -> Iterator[tuple[str, bytes]]:
    sheet, texts = "xl/worksheets/sheet1.xml", "[Content_Types].xml"

    def made(change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> bytes:
        with zipfile.ZipFile(io.BytesIO(genuine)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return zipped(change(parts).items())

    def within(name: str, head: str, text: str) -> bytes:
        def change(parts: dict[str, bytes]) -> dict[str, bytes]:
            plain = re.sub(rb"<\?xml[^>]*\?>", b"", parts[name])
            place = plain.index(b">") + 1
            return {**parts, name: head.encode() + plain[:place] + text.encode() + plain[place:]}

        return made(change)

    for part in (sheet, texts):
        yield f"billion laughs in {part}", within(part, LAUGHS, "&a9;")
        yield f"an entity that is a file in {part}", within(part, FILE, "&e;")
        yield f"a DTD on a server in {part}", within(part, '<!DOCTYPE x SYSTEM "{address}/x.dtd">', "")
    yield "deep nesting", within(sheet, "", "<a>" * 400_000 + "</a>" * 400_000)
    yield "an overlong attribute", within(sheet, "", f'<a b="{"x" * 20_000_000}"/>')
    yield "UTF-16", made(lambda parts: {**parts, sheet: FILE.encode("utf-16")})
    yield "a part of seventy megabytes", made(lambda parts: {**parts, "xl/x.bin": b"\0" * 70_000_000})
    yield "elements without end", within(sheet, "", "<a/>" * 3_100_000)
    yield "a row of a million cells", within(sheet, "", "<sheetData><row>" + "<c/>" * 1_000_000)
    yield "DOCTYPE in a sheet of another name", made(lambda parts: {**parts, "xl/sheet.bin": FILE.encode("utf-16")})
    yield "parts without end", made(lambda parts: {**parts, **{f"xl/{number}.xml": b"<a/>" for number in range(600)}})
    yield "a part twice", zipped([*zip_parts(genuine), (sheet, b"<worksheet/>")])
    yield (
        "a part that is larger than it says",
        lying(zipped([*zip_parts(genuine), ("xl/x.xml", b"<a> </a>" * 4_000)]), 1),
    )


def packed_bombs(genuine: bytes) -> Iterator[tuple[str, bytes]]:
    """Containers that lie about what they hold; the content would be a genuine list."""
    blank = b" " * 20_000_000
    yield "a zip of two files", zipped([("a", genuine), ("b", genuine)])
    yield "a zip of one file twice", zipped([("a", genuine), ("a", genuine)])
    yield "a zip whose file is larger than it says", lying(zipped([("a", genuine + blank)]), len(genuine))
    yield "a zip whose file is smaller than it says", lying(zipped([("a", genuine)]), 0xFFFFFFFE)
    yield "a zip64 whose file has four exabytes", zip64(zipped([("a", genuine)]), 1 << 62)
    yield "a gzip whose length is a lie", gzip.compress(genuine)[:-4] + struct.pack("<I", 7)
    yield "gzip within gzip", gzip.compress(gzip.compress(blank))
    yield "a zip within a zip", zipped([("a", zipped([("b", blank)]))])


def zip_parts(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a name given twice
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in parts:
                archive.writestr(name, content)
    return buffer.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """The last member of a zip with another unpacked size in the directory."""
    place = content.rindex(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", size) + content[place + 4 :]


def zip64(content: bytes, size: int) -> bytes:
    """A zip of one member whose size stands in the directory's extra field for large files."""
    directory = content.rindex(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    name = struct.unpack("<H", content[directory + 28 : directory + 30])[0]
    extra = struct.pack("<HHQ", 1, 8, size)
    entry = bytearray(content[directory:end])
    entry[24:28] = b"\xff\xff\xff\xff"
    entry[30:32] = struct.pack("<H", len(extra))
    entry[46 + name : 46 + name] = extra
    tail = bytearray(content[end:])
    tail[12:16] = struct.pack("<I", len(entry))
    return content[:directory] + bytes(entry) + bytes(tail)


GENUINE = "a genuine list"


def bombs() -> Iterator[tuple[str, str, bytes]]:
    """(format, name of the bomb, file) of every bomb of every format."""
    shapes = ((XML_FORMATS, xml_bombs), (JSON_FORMATS, json_bombs), (TABLES, table_bombs), (WORKBOOKS, workbook_bombs))
    for names, make in shapes:
        for form in names:
            genuine = seeds_of(form)[-1 if form == "ofac_csv" else 0]
            yield form, GENUINE, genuine
            yield from ((form, name, content) for name, content in make(genuine))
            if form in ("un_sc_xml", "own_csv"):
                yield from ((form, name, content) for name, content in packed_bombs(genuine))


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """Every bomb read by one process while a server listens that is named in some of them."""
    folder, told = tmp_path_factory.mktemp("bombs"), dict[str, Reading]()
    command = [sys.executable, "-c", READ]
    with list_server() as server, Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=folder) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        for form, name, content in bombs():
            path = folder / "bomb"
            path.write_bytes(content.replace(b"{address}", server.address.encode()))
            reader.stdin.write(json.dumps([str(path), list_of(form), form]) + "\n")
            reader.stdin.flush()
            _, grown, seconds, word = json.loads(reader.stdout.readline())
            told[f"{form}: {name}"] = Reading(grown, seconds, word)
            path.unlink()
        reader.stdin.close()
        assert reader.wait(60) == 0
        assert server.requests == []
        assert list(folder.iterdir()) == []
    return told


def test_every_format_has_its_bombs(readings: dict[str, Reading]) -> None:
    assert {name.split(":")[0] for name in readings} == set(FORMATS)
    assert len(readings) > 100


def test_every_bomb_is_refused_with_few_words(readings: dict[str, Reading]) -> None:
    read = {name for name, reading in readings.items() if reading.word == "read"}
    assert read == {f"{form}: {GENUINE}" for form in FORMATS} | HARMLESS
    assert [name for name, reading in readings.items() if len(reading.word) > 300] == []
    assert [name for name, reading in readings.items() if "root:" in reading.word] == []


def test_no_bomb_fills_the_memory(readings: dict[str, Reading]) -> None:
    bombs_alone = {name: reading.grown for name, reading in readings.items() if not name.endswith(GENUINE)}
    assert {name: grown for name, grown in bombs_alone.items() if grown > MOST_GROWTH} == {}


def test_no_bomb_takes_long(readings: dict[str, Reading]) -> None:
    assert {name: reading.seconds for name, reading in readings.items() if reading.seconds > LONGEST} == {}
