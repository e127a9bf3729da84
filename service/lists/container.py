"""A list file as it was handed in, unpacked and told apart from what is no list at all.

Publishers, mirrors and operators hand in plain, xz, gzip and zip files. Real accidents saved as list
files are zero bytes, an error page and a Git LFS pointer; each is refused here with its own reason,
before a reader sees it.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Self, cast

from service.errors import MalformedListError
from service.lists.workbook import is_workbook

MAX_COMPRESSED = 100 * 1024 * 1024  # bytes
MAX_PLAIN = 500 * 1024 * 1024  # bytes
_IN_MEMORY = 4 * 1024 * 1024  # larger files wait on disk, so that memory does not grow with the list
_CHUNK = 256 * 1024
_XZ_MEMORY = 80 * 1024 * 1024  # bytes: what the strongest preset of xz needs, and a tenth of what a header may ask for
_ZIP_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # the others may ask for gigabytes
# What the libraries raise at broken input; the last four only ever at headers that no program writes.
DAMAGE = (
    *(lzma.LZMAError, EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError),
    *(ValueError, IndexError, OverflowError, struct.error),
)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PACKED = (b"\xfd7zXZ\x00", b"\x1f\x8b", b"PK\x03\x04")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainFile:
    """Unpacked content, seekable and at its start; ``sha256`` (hex) is over the unpacked bytes.

    Used as a context manager, it closes its stream at the end.
    """

    name: str
    stream: BinaryIO
    size: int
    sha256: str
    head: bytes  # the first bytes, enough to tell formats apart

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()


def unpack(
    stream: BinaryIO,
    name: str,
    *,
    max_compressed: int = MAX_COMPRESSED,
    max_plain: int = MAX_PLAIN,
) -> PlainFile:
    """The content of ``stream``, decompressed where it is xz, gzip or a zip of one member.

    An Excel workbook, itself a zip of many members, is handed on as it is. ``name`` is only used in messages.
    MalformedListError where the file is empty, too large, damaged, an HTML page or a Git LFS pointer.
    """
    stream.seek(0)
    magic = stream.read(8)
    stream.seek(0)
    cap = max_compressed if magic.startswith(_PACKED) else max_plain
    if stream.seek(0, 2) > cap:
        raise MalformedListError(f"larger than {cap} bytes", where=name)
    stream.seek(0)
    with ExitStack() as on_failure:
        temporary = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by whoever gets it
        spool = on_failure.enter_context(cast(BinaryIO, temporary))
        digest, size = _copy(stream, spool, magic, name, max_plain)
        spool.seek(0)
        head = spool.read(4096)
        spool.seek(0)
        _refuse_what_is_no_list(head, name)
        on_failure.pop_all()
    return PlainFile(name=name, stream=spool, size=size, sha256=digest, head=head)


def _copy(stream: BinaryIO, spool: BinaryIO, magic: bytes, name: str, max_plain: int) -> tuple[str, int]:
    """Unpack ``stream`` into ``spool``; the digest (hex) and the number of the bytes that came out."""
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(stream, magic, name) as plain:
            while chunk := plain.read(_CHUNK):
                size += len(chunk)
                if size > max_plain:
                    raise MalformedListError(f"unpacks to more than {max_plain} bytes", where=name)
                digest.update(chunk)
                spool.write(chunk)
    except DAMAGE as error:
        raise MalformedListError(f"the compressed file is damaged ({error})", where=name) from error
    return digest.hexdigest(), size


class _Xz:
    """Unpacks xz, one stream after another, in bounded memory: ``lzma.open`` takes whatever the file asks for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, none at the end; LZMAError or EOFError where the file is damaged or cut."""
        while True:
            if self._unpacker.eof:
                if not (following := self._next_stream()):
                    return b""
                self._unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
            elif self._unpacker.needs_input:
                if not (following := self._stream.read(_CHUNK)):
                    raise EOFError("the file ends within the xz stream")
            else:
                following = b""
            if plain := self._unpacker.decompress(following, size):
                return plain

    def _next_stream(self) -> bytes:
        """What follows an ended stream and the zeros that may stand behind it; nothing at the end of the file."""
        following = self._unpacker.unused_data.lstrip(b"\0")
        while not following and (chunk := self._stream.read(_CHUNK)):
            following = chunk.lstrip(b"\0")
        return following


@contextmanager
def _opened(stream: BinaryIO, magic: bytes, name: str) -> Iterator[IO[bytes]]:
    if magic.startswith(b"\xfd7zXZ\x00"):
        yield cast(IO[bytes], _Xz(stream))
    elif magic.startswith(b"\x1f\x8b"):
        with gzip.open(stream) as plain:
            yield cast(IO[bytes], plain)
    elif magic.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(stream) as archive:
            if is_workbook(archive):  # its reader wants the zip itself, and checks its parts
                stream.seek(0)
                yield stream
                return
            members = [info for info in archive.infolist() if not info.is_dir()]
            if len(members) != 1:
                raise MalformedListError(f"a zip with {len(members)} files; expected one", where=name)
            if members[0].flag_bits & 1:
                raise MalformedListError("the zip is encrypted", where=name)
            if members[0].compress_type not in _ZIP_METHODS:
                raise MalformedListError("the zip is packed by a method other than deflate", where=name)
            with archive.open(members[0]) as plain:
                yield plain
    else:
        yield stream


def _refuse_what_is_no_list(head: bytes, name: str) -> None:
    if not head:
        raise MalformedListError("the file is empty (zero bytes)", where=name)
    if head.startswith(b"version https://git-lfs"):
        raise MalformedListError("a Git LFS pointer, not the list itself", where=name)
    if _HTML.search(head[:1024]):
        raise MalformedListError("an HTML page, not a list file", where=name)
