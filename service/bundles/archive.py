"""The file that a bundle is: a tar archive of which every byte is either signed or fixed by what is signed.

The manifest comes first and the files follow in its order. Headers hold the name and the size and are otherwise
always the same, so a reader makes each header itself and compares: a member that is not in the manifest, or comes
twice, or has a path of its own, or a bit that differs, is no header that was expected. ``tar tf`` shows a bundle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from service.bundles.bundle import BundledFile
from service.errors import BundleError

MANIFEST_MEMBER = "manifest.note"
MAX_MANIFEST = 1024 * 1024  # bytes
BLOCK = 512
_END = bytes(2 * BLOCK)
_CHUNK = 256 * 1024
_IN_MEMORY = 1024 * 1024
_SIZE_FIELD = slice(124, 136)


def header(member: str, size: int) -> bytes:
    """The one header that a member of this name and size has: POSIX ustar, mode 0644, owner 0, time 0."""
    fields = (
        member.encode("ascii").ljust(100, b"\0"),
        *(b"0000644\0", b"0000000\0", b"0000000\0"),  # mode, user, group
        *(b"%011o\0" % size, b"00000000000\0"),  # size, time
        *(b" " * 8, b"0", bytes(100)),  # room for the sum; a plain file; no link
        *(b"ustar\x0000", bytes(32), bytes(32)),  # no names of owners
        *(b"0000000\0", b"0000000\0", bytes(155), bytes(12)),  # no device, no prefix
    )
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def write_archive(out: BinaryIO, manifest: bytes, files: Iterable[tuple[BundledFile, BinaryIO]]) -> None:
    """Write a bundle of ``files``, each with its content from the start of its stream.

    BundleError where a content is not as long as its file says.
    """
    _write_member(out, MANIFEST_MEMBER, len(manifest), [manifest])
    for file, content in files:
        content.seek(0)
        _write_member(out, file.member, file.size, iter(lambda stream=content: stream.read(_CHUNK), b""))  # type: ignore[misc]
    out.write(_END)


def _write_member(out: BinaryIO, member: str, size: int, content: Iterable[bytes]) -> None:
    out.write(header(member, size))
    written = 0
    for chunk in content:
        written += len(chunk)
        out.write(chunk)
    if written != size:
        raise BundleError(f"{member} has {written} bytes, not {size}.")
    out.write(bytes(-size % BLOCK))


class ArchiveReader:
    """Reads a bundle once from start to end. BundleError at the first byte that is not as it must be."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def manifest(self) -> bytes:
        """The manifest, not verified."""
        found = self._exactly(BLOCK, MANIFEST_MEMBER)
        digits = found[_SIZE_FIELD].rstrip(b"\0")
        size = int(digits, 8) if len(digits) == 11 and all(digit in b"01234567" for digit in digits) else -1
        if size < 0 or found != header(MANIFEST_MEMBER, size):
            raise BundleError("The file is no bundle of lists: it does not begin with a manifest.")
        if size > MAX_MANIFEST:
            raise BundleError(f"The bundle's manifest is larger than {MAX_MANIFEST} bytes.")
        raw = self._exactly(size, MANIFEST_MEMBER)
        self._padding(size, MANIFEST_MEMBER)
        return raw

    def contents(self, files: Iterable[BundledFile], keep: Callable[[BinaryIO], BinaryIO]) -> Iterator[BinaryIO]:
        """The content of each of ``files``, verified, as a private copy at its start; then the end of the bundle.

        ``keep`` sees that the copy is closed. The copies are complete before the last is handed out.
        """
        for file in files:
            found = self._exactly(BLOCK, file.member)
            if found != header(file.member, file.size):
                raise BundleError(f"Where {file.member} should begin, the bundle holds {_what(found)}.")
            copy = keep(cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY)))  # noqa: SIM115 - kept by ``keep``
            self._copy(file, copy)
            self._padding(file.size, file.member)
            copy.seek(0)
            yield copy
        if self._exactly(len(_END), "the end") != _END:
            raise BundleError("The bundle holds more files than its manifest names.")
        if self._stream.read(1):
            raise BundleError("The bundle goes on after its end.")

    def _copy(self, file: BundledFile, copy: BinaryIO) -> None:
        digest, missing = hashlib.sha256(), file.size
        while missing:
            chunk = self._stream.read(min(_CHUNK, missing))
            if not chunk:
                raise BundleError(f"The bundle ends within {file.member}: it is truncated.")
            missing -= len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        if digest.hexdigest() != file.sha256:
            raise BundleError(f"{file.member} is not the file that was signed: its SHA-256 is {digest.hexdigest()}.")

    def _padding(self, size: int, member: str) -> None:
        if any(self._exactly(-size % BLOCK, member)):
            raise BundleError(f"Behind {member} the bundle holds bytes that nobody signed.")

    def _exactly(self, size: int, within: str) -> bytes:
        found = self._stream.read(size)
        if len(found) != size:
            raise BundleError(f"The bundle ends at {within}: it is truncated.")
        return found


def _what(found: bytes) -> str:
    """What stands where a header should, in a few words without the bytes themselves."""
    if not any(found):
        return "its end"
    name = found[:100].rstrip(b"\0")
    if found[257:262] != b"ustar" or not name.isascii():
        return "no header of a file"
    shown = "".join(sign if sign.isprintable() else "?" for sign in name.decode("ascii"))
    return f"a header for {shown!r} that is not the one it must have"
