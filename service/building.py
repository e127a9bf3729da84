"""The index over list versions, built by a process of its own: ``python -m service.building LIST_ID:VERSION…``.

Building an index leaves more behind than the index: parsed names, full caches, and holes between the objects,
which later allocations fill, so that a forked worker soon owns a copy of every page. A process that only
builds, writes the index to its standard output as a pickle and ends takes all of that with it. What it is given
on its standard input, the spellings that the index before has read, it need not read again; the others are read
on all processors.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain

from service.config import Config
from service.errors import ConfigError, StoreUnavailableError
from service.log import configure_logging
from service.matching.index import NameIndex
from service.records import ListVersion
from service.snapshot import listings_of
from service.store.database import Database
from service.store.launch import end_with_owner, tied_command
from service.store.lists import Lists


class BuiltApart:
    """Builds indexes for a process that will fork."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self, versions: Collection[ListVersion], before: NameIndex | None = None) -> NameIndex:
        """The index over the listings of ``versions``, sooner where ``before`` holds most of their names.

        StoreUnavailableError where it could not be built.
        """
        names = [f"{version.list_id}:{version.version}" for version in versions]
        command = tied_command(sys.executable, "-m", "service.building", *names)
        env = self._config.child_env()
        try:
            with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as builder:
                assert builder.stdin is not None and builder.stdout is not None  # noqa: S101, PT018 - asked for
                pickle.dump(before.spellings if before is not None else {}, builder.stdin, pickle.HIGHEST_PROTOCOL)
                builder.stdin.close()
                index = pickle.load(builder.stdout)  # noqa: S301 - written by ourselves, through a pipe
        except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
            raise StoreUnavailableError("The index over the lists could not be built.") from error
        assert isinstance(index, NameIndex)  # noqa: S101 - nothing else is written
        return index


def main(names: Collection[str]) -> None:
    """Write the index over the named versions to standard output."""
    # the master's end comes as SIGINT, which a program that was started in the background ignores
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    configure_logging()
    config = Config.from_env()
    if config.database_url is None:
        raise ConfigError("DATABASE_URL is not set.")
    earlier = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by ourselves, through a pipe
    with reading_processes() as readers, Database(config.database_url, max_size=1) as database:
        lists = Lists(database)
        named = [name.rsplit(":", 1) for name in names]
        listings = (listings_of(lists, list_id, int(version)) for list_id, version in named)
        index = NameIndex.build(chain.from_iterable(listings), packed=True, earlier=earlier, readers=readers)
    pickle.dump(index, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


@contextmanager
def reading_processes() -> Iterator[Executor | None]:
    """As many processes as there are processors, which end with this one; None where there is one, or no fork.

    Enter before anything is opened that a fork must not share.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processors < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield None
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processors, context, end_with_owner, (os.getpid(),)) as readers:
        readers.submit(os.getpid).result()  # the first question starts them all
        yield readers


if __name__ == "__main__":
    main(sys.argv[1:])
