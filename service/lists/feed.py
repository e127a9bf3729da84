"""A publisher's RSS feed that names its files, each with a checksum: a cheap test for change.

Publisher: European Commission, Financial Sanctions Files. An item has a ``link`` to a file and a ``guid`` that
changes with the file's content. By which algorithm it is made is not published, so it is compared with the one of
the last download and never with the bytes.
"""

from __future__ import annotations

from typing import BinaryIO

from service.errors import MalformedListError
from service.lists.xml_records import clean, local_name, records, root_of

LONGEST = 200  # characters of a checksum


def checksum_in(stream: BinaryIO, address: str) -> str | None:
    """The checksum that the feed gives for the file at ``address``; None where it names it not, or more than once.

    The query of an address, which holds a token, does not count. MalformedListError for what is no RSS.
    """
    if local_name(root_of(stream).tag) != "rss":
        raise MalformedListError("the feed is no RSS")
    found = set()
    for _, channel in records(stream, frozenset({"channel"})):
        for item in channel.iterfind("{*}item"):
            stated = {local_name(child.tag): clean(child.text) for child in item if isinstance(child.tag, str)}
            if _place(stated.get("link", "")) == _place(address):
                found.add(stated.get("guid", ""))
    (one,) = found if len(found) == 1 else ("",)
    return one if 0 < len(one) <= LONGEST else None


def _place(address: str) -> str:
    """An address without its scheme and its query."""
    return address.partition("://")[2].partition("?")[0]
