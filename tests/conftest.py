"""Fixtures for every test.

``database_url`` and ``database`` are a fresh, migrated database of a real PostgreSQL: one server for the
whole run (the embedded one, its files in memory where the system has /dev/shm), one migrated template,
and a copy of that template for each test, which takes some ten milliseconds.
HIRESCREEN_TEST_DATABASE_URL runs the tests on another server; its user must be able to create databases.

``shared`` is the folder of reference material beside the checkout; see :func:`shared`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from service.store.database import Database
from service.store.embedded import EmbeddedPostgres
from service.store.migrate import migrate

NUMBERS = count(1)
CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder: HIRESCREEN_SHARED, else ``shared`` beside the checkout.

    Tests that use it skip where it is absent, and fail where CI is set: there it must run.
    """
    folder = Path(os.environ.get("HIRESCREEN_SHARED") or CHECKOUT.parent / "shared")
    if not folder.is_dir():
        reason = "the reference folder is absent (HIRESCREEN_SHARED names it)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def fast_folder() -> Iterator[Path]:
    """A private folder, in memory where the system offers that."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="hirescreen-tests-", dir=memory if usable else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_url(fast_folder: Path) -> Iterator[str]:
    """A PostgreSQL server on which the tests may create databases."""
    given = os.environ.get("HIRESCREEN_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with EmbeddedPostgres(fast_folder / "home") as server:
        yield server.url


def with_database(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _run(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def new_database(server_url: str, *, template: str = "template0", options: str = "") -> Iterator[str]:
    """A database of its own for the length of the block; its URL."""
    name = f"hirescreen_test_{os.getpid()}_{next(NUMBERS)}"
    _run(server_url, f"create database {{}} template {{}} {options}", name, template)
    try:
        yield with_database(server_url, name)
    finally:
        _run(server_url, "drop database if exists {} with (force)", name)


@pytest.fixture(scope="session")
def migrated_template(server_url: str) -> Iterator[str]:
    """The name of a database that holds the newest schema and no rows."""
    with new_database(server_url) as url:
        migrate(url)
        yield urlsplit(url).path.removeprefix("/")


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """The URL of a fresh database without any table."""
    with new_database(server_url) as url:
        yield url


@pytest.fixture
def database_url(server_url: str, migrated_template: str) -> Iterator[str]:
    """The URL of a fresh database with the newest schema, for this test alone."""
    with new_database(server_url, template=migrated_template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open pool on a fresh database."""
    with Database(database_url, max_size=8) as opened:
        yield opened
