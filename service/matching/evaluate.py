"""How good the matcher is on labelled names: pairs (precision, recall, F1, AUC) and screening (recall, alerts).

``hirescreen matching evaluate`` and ``hirescreen matching screen`` print what these functions return.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.errors import HirescreenError
from service.matching.batch import screen_in_processes
from service.matching.comparison import THRESHOLD, compare
from service.matching.evidence import Party
from service.matching.index import NameIndex
from service.screening.match import Match
from service.screening.moment import PartialDate

_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


class LabelledFileError(HirescreenError):
    """A file of labelled names that cannot be read; the message says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledPair:
    """Two names and the verdict of people on them."""

    name1: str
    name2: str
    kind: str
    is_match: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PairError:
    """A pair that the matcher judges otherwise than the label."""

    pair: LabelledPair
    score: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PairReport:
    """Figures at the one fixed threshold; shares from 0 to 1, speed in pairs per second."""

    pairs: int
    threshold: int
    true_positives: int
    false_positives: int
    false_negatives: int
    auc: float
    pairs_per_second: float
    errors: tuple[PairError, ...]

    @property
    def precision(self) -> float:
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        both = 2 * self.true_positives
        return _share(both, both + self.false_positives + self.false_negatives)


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreeningReport:
    """How many of the queries raised an alert, and the speed in queries per second."""

    queries: int
    alerts: int
    queries_per_second: float
    alerted: tuple[tuple[str, str, int], ...]  # query, matched name, score

    @property
    def alerts_per_1000(self) -> float:
        return 1000 * _share(self.alerts, self.queries)

    @property
    def recall(self) -> float:
        """The share that raised an alert: the recall where every query is a listed party."""
        return _share(self.alerts, self.queries)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def read_pairs(path: Path) -> list[LabelledPair]:
    """The rows of a CSV with the columns name1, name2, is_match and, if it likes, schema.

    Raises LabelledFileError where a column is missing or a label is neither true nor false.
    """
    return list(_pairs(_rows(path, ("name1", "name2", "is_match"))))


def _pairs(rows: Iterable[dict[str, str]]) -> Iterator[LabelledPair]:
    for number, row in enumerate(rows, start=2):
        label = row["is_match"].strip().lower()
        if label not in _TRUE | _FALSE:
            raise LabelledFileError(f"line {number}: is_match is {row['is_match']!r}, not true or false")
        schema = (row.get("schema") or "Person").strip().lower()
        kind = "person" if schema in ("person", "individual") else "organisation"
        yield LabelledPair(name1=row["name1"], name2=row["name2"], kind=kind, is_match=label in _TRUE)


def _rows(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [c for c in needed if c not in (reader.fieldnames or ())]
            if missing:
                raise LabelledFileError(f"{path.name}: no column {', '.join(missing)}")
            return [{k: v or "" for k, v in row.items() if k is not None} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelledFileError(f"{path.name}: {error}") from error


def evaluate_pairs(pairs: Sequence[LabelledPair], threshold: int = THRESHOLD) -> PairReport:
    """Compare every pair once and count."""
    start = time.perf_counter()
    scores = [compare(p.name1, p.name2, p.kind).score for p in pairs]
    elapsed = time.perf_counter() - start
    verdicts = [(score >= threshold, pair.is_match) for score, pair in zip(scores, pairs, strict=True)]
    return PairReport(
        pairs=len(pairs),
        threshold=threshold,
        true_positives=verdicts.count((True, True)),
        false_positives=verdicts.count((True, False)),
        false_negatives=verdicts.count((False, True)),
        auc=area_under_curve(scores, [p.is_match for p in pairs]),
        pairs_per_second=len(pairs) / elapsed if elapsed else 0.0,
        errors=tuple(
            PairError(pair=p, score=s) for s, p in zip(scores, pairs, strict=True) if (s >= threshold) != p.is_match
        ),
    )


def area_under_curve(scores: Sequence[int], labels: Sequence[bool]) -> float:
    """The chance that a match scores above a non-match, ties counted half (Mann–Whitney)."""
    ordered = sorted(zip(scores, labels, strict=True))
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return 0.0
    rank_sum, i = 0.0, 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j][0] == ordered[i][0]:
            j += 1
        rank_sum += (i + j + 1) / 2 * sum(label for _, label in ordered[i:j])
        i = j
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def read_queries(path: Path) -> list[Party]:
    """The rows of a CSV with a column full_name or name and, if it likes, date_of_birth, gender and schema.

    Raises LabelledFileError where there is neither column of names.
    """
    rows = _rows(path, ())
    column = next((c for c in ("full_name", "name") if rows and c in rows[0]), None)
    if column is None:
        raise LabelledFileError(f"{path.name}: no rows, or no column full_name or name")
    return [_query(row, row[column], number) for number, row in enumerate(rows, start=2)]


def _query(row: dict[str, str], name: str, number: int) -> Party:
    schema = (row.get("schema") or "Person").strip().lower()
    kinds = ("person",) if schema in ("person", "individual") else ("organisation",)
    born = _born(row.get("date_of_birth", "").strip())
    return Party(path=f"line {number}", names=(name,), kinds=kinds, birth_date=born, gender=row.get("gender") or None)


def _born(text: str) -> PartialDate | None:
    """The birth date of a query; of a day that does not exist (sets hold them on purpose) the year is left."""
    for part in (text, text[:4]):
        try:
            return PartialDate.parse(part)
        except ValueError:
            continue
    return None


def screen_queries(queries: Sequence[Party], index: NameIndex, *, processes: int = 1) -> ScreeningReport:
    """Screen every query; an alert is any match over the threshold, whatever its grade."""
    start = time.perf_counter()
    answers = screen_in_processes(index, queries, _alert, processes=processes)
    alerted = [(query.names[0], *answer) for query, answer in zip(queries, answers, strict=True) if answer]
    elapsed = time.perf_counter() - start
    return ScreeningReport(
        queries=len(queries),
        alerts=len(alerted),
        queries_per_second=len(queries) / elapsed if elapsed else 0.0,
        alerted=tuple(alerted),
    )


def _alert(matches: list[Match]) -> tuple[str, int] | None:
    """The likeliest match: the listed name and its score."""
    return (matches[0].matched_name, matches[0].score) if matches else None
