"""The readers of lists as targets: bytes are a file as it is handed in, or the files of a set."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import chain

from service.errors import MalformedListError
from service.lists import readers
from service.lists.container import PlainFile, unpack
from service.lists.last_look import looked_at
from service.lists.listing import Listing
from service.lists.sources import SOURCES
from service.lists.summary import fingerprint
from tests.fuzzing.invariants import check_list, check_listing, check_refusal, demand

BETWEEN_FILES = b"\n=+=+= the next file =+=+=\n"
NAME = "handed.in"


def list_of(form: str) -> str:
    """The id of the list that the fixtures in this format are."""
    return [list_id for list_id, source in SOURCES.items() if form in source.formats][-1]


def reading(form: str) -> Callable[[bytes], bool]:
    """A target: whether the bytes were read as a list of this format. What it must not do it raises."""
    list_id, chosen = list_of(form), readers.FORMATS[form]
    others = [readers.FORMATS[name] for name in SOURCES[list_id].formats]

    def check(data: bytes) -> bool:
        parts = data.split(BETWEEN_FILES)
        with ExitStack() as opened:
            try:
                files = [opened.enter_context(unpack(io.BytesIO(part), NAME)) for part in parts]
            except MalformedListError as refused:
                check_refusal(str(refused), refused.where)
                return False
            for each in others:
                each.recognises(files)
            return _is_read(chosen, files, list_id)

    return check


def _is_read(chosen: readers.Format, files: Sequence[PlainFile], list_id: str) -> bool:
    first = _outcome(chosen, files, list_id)
    demand(first == _outcome(chosen, files, list_id), "the same bytes are read in two ways")
    return not isinstance(first, str)


def _outcome(chosen: readers.Format, files: Sequence[PlainFile], list_id: str) -> str | tuple[list[Listing], bytes]:
    """The entries and a digest of all that they hold, or the words of the refusal."""
    try:
        read = looked_at(chosen.read(files, list_id, len(files) < 3), NAME)
        check_list(read)
        entries = list(read)
        for entry in entries:
            check_listing(entry)
    except MalformedListError as refused:
        check_refusal(str(refused), refused.where)
        return str(refused)
    demand(len({entry.key for entry in entries}) == len(entries), "two entries share a key")
    demand(all(entry.list_id == list_id for entry in entries), "an entry of another list")
    if read.declared_entries is not None:
        demand(isinstance(read.declared_entries, int), "a declared count that is no number")
    return entries, b"".join(chain.from_iterable((fingerprint(entry),) for entry in entries))
