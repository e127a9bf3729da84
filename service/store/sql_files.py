"""Finds the SQL: ``service/sql`` in an installed package, ``sql`` beside ``service`` in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.packaged import data_folder


@cache
def sql_folder() -> Path:
    """The folder that holds ``migrations`` and ``queries``."""
    return data_folder("sql", "sql")


def migrations_folder() -> Path:
    """The folder of the migrations, which dbmate reads."""
    return sql_folder() / "migrations"


@cache
def query(name: str) -> bytes:
    """The text of ``sql/queries/<name>.sql``, read once; FileNotFoundError for a name that is not there."""
    return (sql_folder() / "queries" / f"{name}.sql").read_bytes()
