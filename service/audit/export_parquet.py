"""The entries as a Parquet file, for those who work with tables; needs the extra ``parquet``."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from service.audit.export_parts import Row
from service.audit.verify_audit import plain
from service.errors import ExportError

ROWS_A_GROUP = 20_000
TEXTS = ("id", "at", "type", "outcome", "actor", "screening", "rules")
COLUMNS = ("index", *TEXTS, "clauses", "lists", "leaf_hash", "leaf", "disclosed")


class Parquet:
    """``entries.parquet``: the columns of the table, with clauses and lists as lists. ExportError without pyarrow."""

    def __init__(self, path: Path) -> None:
        try:
            self._arrow: Any = importlib.import_module("pyarrow")
            parquet: Any = importlib.import_module("pyarrow.parquet")
        except ImportError as absent:
            raise ExportError("A Parquet file needs the package pyarrow: install hirescreen[parquet].") from absent
        arrow = self._arrow
        types = {name: arrow.string() for name in (*TEXTS, "disclosed")}
        types |= {"index": arrow.int64(), "leaf_hash": arrow.binary(32), "leaf": arrow.binary()}
        types |= {name: arrow.list_(arrow.string()) for name in ("clauses", "lists")}
        self._schema = arrow.schema([(name, types[name]) for name in COLUMNS])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._columns: list[list[Any]] = [[] for _ in COLUMNS]

    def add(self, row: Row) -> None:
        for column, value in zip(self._columns, _values(row), strict=True):
            column.append(value)
        if len(self._columns[0]) == ROWS_A_GROUP:
            self._write()

    def close(self) -> None:
        if self._columns[0]:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        columns = dict(zip(COLUMNS, self._columns, strict=True))
        self._writer.write_table(self._arrow.table(columns, schema=self._schema))
        self._columns = [[] for _ in COLUMNS]


def _values(row: Row) -> tuple[Any, ...]:
    content = row.content
    rules, clauses, lists = content.get("rules"), content.get("clauses"), content.get("lists")
    named = {**content, "rules": rules.get("version") if isinstance(rules, dict) else None}
    cited = [each for each in lists if isinstance(each, dict)] if isinstance(lists, list) else []
    return (
        row.number,
        *(plain(named.get(name)) for name in TEXTS),
        [plain(each) for each in clauses] if isinstance(clauses, list) else [],
        [f"{plain(each.get('name'))}:{plain(each.get('version'))}" for each in cited],
        row.leaf_hash,
        row.leaf,
        plain(dict(row.opened)) if row.opened else "",
    )
