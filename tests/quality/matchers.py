"""The matchers that are compared: ours, three of common use, and LogicV2 in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from service.matching import THRESHOLD, compare
from service.store.embedded import EmbeddedPostgres
from tests.quality.sets import Pair

LOGIC = Path(__file__).with_name("logic_v2.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class Matcher:
    """``scores``: 0 to 1 for each pair, or None where the matcher could not be run."""

    name: str
    threshold: float
    scores: Callable[[list[Pair]], list[float] | None]


def plain(name: str) -> str:
    return anyascii(name).lower()


def ours(pairs: list[Pair]) -> list[float]:
    return [compare(p.name, p.other, p.kind).score / 10000 for p in pairs]


def wratio(pairs: list[Pair]) -> list[float]:
    return [fuzz.WRatio(plain(p.name), plain(p.other)) / 100 for p in pairs]


def jaro_winkler(pairs: list[Pair]) -> list[float]:
    return [JaroWinkler.similarity(plain(p.name), plain(p.other)) for p in pairs]


def trigrams(connection: psycopg.Connection[tuple[float]], pairs: list[Pair]) -> list[float]:
    names, others = [plain(p.name) for p in pairs], [plain(p.other) for p in pairs]
    query = (
        "select similarity(name, other)::float from unnest(%s::text[], %s::text[]) with ordinality"
        " as pair(name, other, place) order by place"
    )
    return [score for (score,) in connection.execute(query, (names, others))]


def logic_v2(pairs: list[Pair]) -> list[float] | None:
    python = os.environ.get("HIRESCREEN_LOGIC_PYTHON")
    if python is None:
        return None
    asked = "".join(json.dumps([p.kind, p.name, p.other]) + "\n" for p in pairs)
    done = subprocess.run([python, str(LOGIC)], input=asked, capture_output=True, text=True, check=True)
    scores = [float(line) for line in done.stdout.split()]
    if len(scores) != len(pairs):
        raise RuntimeError(f"{len(scores)} scores for {len(pairs)} pairs")
    return scores


@contextmanager
def matchers() -> Iterator[list[Matcher]]:
    """Every matcher, with a PostgreSQL that runs as long as the block."""
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder)) as server,
        psycopg.connect(server.url, autocommit=True) as connection,
    ):
        connection.execute("create extension pg_trgm")
        yield [
            Matcher(name="hirescreen", threshold=THRESHOLD / 10000, scores=ours),
            Matcher(name="LogicV2", threshold=0.70, scores=logic_v2),
            Matcher(name="WRatio (rapidfuzz)", threshold=0.85, scores=wratio),
            Matcher(name="Jaro-Winkler (rapidfuzz)", threshold=0.85, scores=jaro_winkler),
            Matcher(name="pg_trgm", threshold=0.30, scores=lambda pairs: trigrams(connection, pairs)),
        ]
