"""Reading a small list file in a test, as the service reads one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from service.lists import readers
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, Listing


@dataclass(frozen=True, slots=True)
class Reading:
    """A list of one file, called ``name``. ``usual`` is the content that a test means when it names none."""

    list_id: str
    usual: bytes = b""
    name: str = "list"

    @contextmanager
    def opened(self, content: bytes | None = None) -> Iterator[ListFile]:
        """The file, its head read."""
        with unpack(io.BytesIO(self.usual if content is None else content), self.name) as file:
            yield readers.read(self.list_id, [file])

    def entries(self, content: bytes | None = None) -> dict[str, Listing]:
        """Its listings by key."""
        with self.opened(content) as file:
            return {listing.key: listing for listing in file}


def names_of(listing: Listing, quality: AliasQuality) -> list[str]:
    """The names of one quality, in their order."""
    return [name.text for name in listing.names if name.quality is quality]
