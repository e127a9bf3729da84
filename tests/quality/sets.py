"""The labelled names of the reference folder, each set with the halves that we split it into."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass

from service.matching.evaluate import read_pairs, read_queries, screen_queries
from service.matching.index import NameIndex
from tests.benchmarks.real_lists import REFERENCE, un_and_ofac

FOLDER = REFERENCE / "matching"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two names, what they are names of, and whether people call them one party."""

    name: str
    other: str
    kind: str
    is_match: bool

    @property
    def half(self) -> int:
        """0 or 1, by a digest of the pair."""
        return hashlib.sha256(f"{self.name}\n{self.other}".encode()).digest()[0] % 2


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def labelled_sets() -> dict[str, list[Pair]]:
    """Title -> pairs."""
    first = [
        Pair(name=p.name1, other=p.name2, kind=p.kind, is_match=p.is_match)
        for p in read_pairs(FOLDER / "name_pairs_dev.csv")
    ]
    aliases = [
        Pair(name=r["name2"], other=r["name1"], kind="person", is_match=r["is_match"] == "true")
        for r in rows("un_alias_pairs_dev.csv")
    ]
    koreans = [
        Pair(name=r["name2"], other=r["name1"], kind="person", is_match=match)
        for file, match in (
            ("dprk_positives_dev.csv", True),
            ("dprk_negatives_dev.csv", False),
            ("dprk_negatives_other_script_dev.csv", False),
        )
        for r in rows(file)
    ]
    return {"A: names of all kinds": first, "C: aliases": aliases, "E: listed North Koreans": koreans}


def screening() -> list[str]:
    """Set D: altered names of listed persons, and people who are on no list, against the UN's and OFAC's lists."""
    index = NameIndex.build(un_and_ofac())
    listed = read_queries(FOLDER / "screening_positives_dev.csv")
    others = read_queries(FOLDER / "screening_negatives_dev.csv")
    lines = [
        "## D: screening against the UN's list of 2026 and OFAC's SDN list of 2021", "",
        "hirescreen alone, the name without any other fact; seen queries.", "",
        "| queries | listed persons found | alerts per 1,000 people who are on no list |", "|---|---|---|",
    ]  # fmt: skip
    for label, half in (("all", None), ("first half", 0), ("second half", 1)):
        some, more = (
            [q for i, q in enumerate(queries) if half is None or i % 2 == half] for queries in (listed, others)
        )
        found, alerts = screen_queries(some, index), screen_queries(more, index)
        lines.append(
            f"| {label} | {found.alerts} of {found.queries} ({found.recall:.4f}) | "
            f"{alerts.alerts_per_1000:.1f} ({alerts.queries} people) |"
        )
    return [*lines, ""]
