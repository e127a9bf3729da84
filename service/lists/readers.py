"""The formats in which lists come, and which reader takes which file.

A format is told by the content of the files, never by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from service.errors import MalformedListError
from service.lists import un_sc, us_ofac
from service.lists.container import PlainFile
from service.lists.list_file import ListFile
from service.lists.sources import source_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """``recognises`` looks at the first bytes only; ``read`` may raise MalformedListError, as may iterating."""

    title: str
    recognises: Callable[[Sequence[PlainFile]], bool]
    read: Callable[[Sequence[PlainFile], str, bool], ListFile]  # files, list id, partial


def _of_one_file(read: Callable[[PlainFile, str], ListFile]) -> Callable[[Sequence[PlainFile], str, bool], ListFile]:
    """A reader of lists that are one file."""

    def read_one(files: Sequence[PlainFile], list_id: str, partial: bool) -> ListFile:
        del partial  # a single file is whole or refused
        if len(files) != 1:
            raise MalformedListError(f"{len(files)} files; the list {list_id} is one file")
        return replace(read(files[0], list_id), files=(("list", files[0]),))

    return read_one


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "un_sc_xml": Format(
            title="UN consolidated list, XML (CONSOLIDATED_LIST)",
            recognises=un_sc.recognises,
            read=_of_one_file(un_sc.read_file),
        ),
        "ofac_csv": Format(
            title="OFAC, CSV set (SDN or CONS_PRIM, ALT, ADD, COMMENTS)",
            recognises=us_ofac.recognises,
            read=lambda files, list_id, partial: us_ofac.read(files, list_id, partial=partial),
        ),
    }
)


def read(list_id: str, files: Sequence[PlainFile], *, partial: bool = False) -> ListFile:
    """Read ``files`` as the list ``list_id``, in whichever of its formats they are.

    Where none recognises them, the preferred one says what is wrong with them. RejectedListError for an
    unknown list, MalformedListError for files that are not that list.
    """
    formats = [FORMATS[name] for name in source_of(list_id).formats]
    chosen = next((each for each in formats if each.recognises(files)), formats[0])
    return chosen.read(files, list_id, partial)
