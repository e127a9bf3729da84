"""Many people screened against one index: each name once, and on as many processors as there are.

The matches are those of ``match_party`` for each one by itself, in the order in which the people were given.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.matching.screen import Memory, match_party
from service.screening.match import Match

IN_ONE_GO = 250  # people that a process takes at a time
_FEWEST = 4 * IN_ONE_GO  # people for which a second process is worth its start

Answer = TypeVar("Answer")
# What the children inherit; each goes on with a memory of its own.
_forked: list[tuple[NameIndex, Sequence[Party], Callable[[list[Match]], object], Memory]] = []


def screen_many(index: NameIndex, people: Sequence[Party]) -> list[list[Match]]:
    """The matches of each of the people; a name that several bear is looked up once."""
    return list(_screened(index, people, Memory()))


def _screened(index: NameIndex, people: Sequence[Party], memory: Memory) -> Iterator[list[Match]]:
    return (match_party(party, index, memory=memory) for party in people)


def screen_in_processes(
    index: NameIndex, people: Sequence[Party], tell: Callable[[list[Match]], Answer], *, processes: int
) -> list[Answer]:
    """What ``tell`` says of the matches of each of the people, worked out by so many processes.

    The processes are forked, so that they share the index; where the system cannot fork, or for a few people,
    this one does it all. ``tell`` runs in them: what it returns has to be small and to pickle.
    """
    if processes < 2 or len(people) < _FEWEST or "fork" not in multiprocessing.get_all_start_methods():
        return [tell(matches) for matches in screen_many(index, people)]
    _forked.append((index, people, tell, Memory()))
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            starts = range(0, len(people), IN_ONE_GO)
            return [answer for some in pool.map(_screen_some, starts) for answer in some]  # type: ignore[misc]
    finally:
        _forked.pop()


def _screen_some(start: int) -> list[object]:
    index, people, tell, memory = _forked[-1]
    return [tell(matches) for matches in _screened(index, people[start : start + IN_ONE_GO], memory)]
