"""What a reader hands back: the head of a list file and a way to stream its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from service.lists.container import PlainFile
from service.lists.listing import Listing


@dataclass(frozen=True, kw_only=True, slots=True)
class ListFile:
    """A list file whose head was read. Iterating parses the body anew, entry by entry.

    Iteration raises MalformedListError at the first fault, so a list counts as read only once an
    iteration has come to its end. ``declared_entries`` is what the publisher says it wrote, where it
    says so. ``complete`` is False where a set was read in part. ``doubts`` are oddities that a genuine
    file does not have but that do not stop reading; a person must look at them. ``left_out`` counts what the
    file holds and the list does not, by reason: parties no longer listed, rows given twice.
    """

    list_id: str
    entries: Callable[[], Iterator[Listing]]
    published_on: date | None = None  # the day inside the file, in the publisher's own zone
    generated_at: datetime | None = None
    declared_entries: int | None = None
    complete: bool = True
    doubts: tuple[str, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    files: tuple[tuple[str, PlainFile], ...] = ()  # (role, file) in the order of the roles' names

    def __iter__(self) -> Iterator[Listing]:
        return self.entries()
