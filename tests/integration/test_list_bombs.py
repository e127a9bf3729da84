"""Files that are made to fill the memory or to make us ask somebody: refused, in little memory, asking nobody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.list_faults import LAUGHS, LONG_ENTITY, document, entry
from tests.list_server import list_server

LEAST_GROWTH = 50 * 1024  # KiB

READ = """
import resource, sys
from service.errors import MalformedListError
from service.lists import readers
from service.lists.container import unpack

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

path, list_id = sys.argv[1:]
before = peak()
try:
    with open(path, "rb") as stream, unpack(stream, "handed.in", max_plain=200_000_000) as file:
        for _ in readers.read(list_id, [file]):
            pass
    word = "read"
except MalformedListError as error:
    word = str(error)
print(peak() - before, word)
"""


def read_in_child(path: Path, list_id: str = "un_sc") -> tuple[int, str]:
    """How much more memory (KiB) a process of its own took to read the file, and with what words it refused it."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), list_id], capture_output=True, text=True, timeout=120, check=True
    )
    grown, _, word = done.stdout.strip().partition(" ")
    return int(grown), word


def packed(program: str, path: Path) -> Path:
    """Three hundred megabytes of spaces, packed by a program in a child, so that it never stands in our memory."""
    made = f"""
import gzip, lzma, zipfile
blank = b" " * 1_000_000
path = {str(path)!r}
with {program} as out:
    for _ in range(300):
        out.write(blank)
"""
    subprocess.run([sys.executable, "-c", made], check=True, timeout=120)
    return path


PROGRAMS = {
    "gzip": 'gzip.open(path, "wb", compresslevel=1)',
    "xz": 'lzma.open(path, "wb", preset=0)',
    "zip": 'zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive, archive.open("x", "w")',
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_much_in_a_small_file_is_refused_in_little_memory(program: str, tmp_path: Path) -> None:
    bomb = packed(program, tmp_path / "bomb")
    assert bomb.stat().st_size < 5_000_000
    grown, word = read_in_child(bomb)
    assert word == "handed.in: unpacks to more than 200000000 bytes"
    assert grown < LEAST_GROWTH


def xml(head: str, text: str) -> Callable[[str], bytes]:
    return lambda address: document([entry(0, name=text), entry(1)], head=head.replace("{address}", address))


OUTSIDE = {
    "billion laughs": xml(LAUGHS, "&a9;"),
    "quadratic entities": xml(LONG_ENTITY, "&a;" * 20_000),
    "an entity that is a file": xml('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n', "&e;"),
    "an entity on a server": xml('<!DOCTYPE x [<!ENTITY e SYSTEM "{address}/e">]>\n', "&e;"),
    "a parameter entity on a server": xml('<!DOCTYPE x [<!ENTITY % e SYSTEM "{address}/e"> %e;]>\n', "x"),
    "a DTD on a server": xml('<!DOCTYPE x SYSTEM "{address}/x.dtd">\n', "x"),
    "an inclusion": xml("", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}/x" parse="text"/>'),
    "a stylesheet": xml('<?xml-stylesheet href="{address}/x.xsl" type="text/xsl"?>\n', "x"),
    "a nesting of a hundred thousand": xml("", "<a>" * 100_000 + "</a>" * 100_000),
    "an attribute of fifty megabytes": xml("", f'<a b="{"x" * 50_000_000}"/>'),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_xml_that_grows_or_reaches_out_is_refused_and_nobody_is_asked(name: str, tmp_path: Path) -> None:
    with list_server() as server:
        path = tmp_path / "list.xml"
        path.write_bytes(OUTSIDE[name](server.address).replace(b"{address}", server.address.encode()))
        grown, word = read_in_child(path)
        assert server.requests == []
    assert grown < LEAST_GROWTH + path.stat().st_size // 1024
    assert "/etc/passwd" not in word
    if name == "a stylesheet":  # a hint for browsers that no reader follows
        assert word == "read"
    else:
        assert word != "read"
        assert len(word) < 300
