"""The reader of each list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.errors import MalformedListError
from service.lists import un_sc, us_ofac
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.sources import source_of


def read(list_id: str, files: Sequence[PlainFile], *, partial: bool = False) -> ListFile:
    """Read ``files`` as the list ``list_id``; see the readers for what they refuse.

    RejectedListError for an unknown list, MalformedListError for files that are not that list.
    """
    source_of(list_id)
    if list_id in (us_ofac.SDN, us_ofac.CONSOLIDATED):
        return us_ofac.read(files, list_id, partial=partial)
    if len(files) != 1:
        raise MalformedListError(f"{len(files)} files; the list {list_id} is one file")
    return replace(un_sc.read(files[0].stream), files=(("list", files[0]),))
