"""Writes ``docs/matching-quality.md``: the matcher and four others on the labelled names of the reference folder.

    HIRESCREEN_LOGIC_PYTHON=venv/bin/python python -m tests.quality

pg_trgm runs in the embedded PostgreSQL. LogicV2 runs under the Python that HIRESCREEN_LOGIC_PYTHON names, in which
``pip install nomenklatura`` was run; without it its column says that it was not run.
"""

from __future__ import annotations

from pathlib import Path

from tests.quality.matchers import Matcher, matchers
from tests.quality.sets import Pair, labelled_sets, screening

TARGET = Path(__file__).resolve().parents[2] / "docs/matching-quality.md"
HEAD = """# How good the names are

Written by `python -m tests.quality`; do not edit.

Every pair below was at hand while the matcher was written: these are figures on **seen** pairs. The two halves of
each set are split by a digest of the pair, so that a rule which helps a few pairs only shows in one of them; they
are not held out. Thresholds: 0.79 for hirescreen, the one fixed threshold of every answer; 0.70 for LogicV2, its own;
0.85 for WRatio and Jaro-Winkler and 0.30 for pg_trgm, the usual ones. WRatio and Jaro-Winkler compare names
brought to plain letters first, which helps them.

A: names of all kinds. C: aliases of persons on the UN's list against their names and against other persons' names
(many aliases are other names altogether, which no comparison of letters finds). E: listed North Koreans in every
spelling and script against themselves and against one another.
"""


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def row(name: str, pairs: list[Pair], scores: list[float], threshold: float) -> str:
    """A line of the table: precision, recall, F1 at the threshold, and recall where nine in ten alerts are right."""
    hits = [(s >= threshold, p.is_match) for s, p in zip(scores, pairs, strict=True)]
    right, wrong, missed = hits.count((True, True)), hits.count((True, False)), hits.count((False, True))
    precision, recall = share(right, right + wrong), share(right, right + missed)
    f1 = share(2 * right, 2 * right + wrong + missed)
    return f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {recall_at_nine_tenths(pairs, scores):.3f} |"


def recall_at_nine_tenths(pairs: list[Pair], scores: list[float]) -> float:
    """The highest recall at any threshold at which nine in ten of the pairs over it are matches."""
    ordered = sorted(zip(scores, (p.is_match for p in pairs), strict=True), reverse=True)
    positives = sum(p.is_match for p in pairs)
    found = best = 0
    for seen, (score, match) in enumerate(ordered, start=1):
        found += match
        last_of_its_score = seen == len(ordered) or ordered[seen][0] < score
        if last_of_its_score and found >= 0.9 * seen:
            best = found
    return share(best, positives)


def section(title: str, pairs: list[Pair], tried: list[Matcher]) -> list[str]:
    """The table of one set, whole and by halves."""
    lines = [f"## {title}", ""]
    scored = {m.name: m.scores(pairs) for m in tried}
    for label, half in (("whole", None), ("first half", 0), ("second half", 1)):
        chosen = [i for i, p in enumerate(pairs) if half is None or p.half == half]
        some = [pairs[i] for i in chosen]
        matches = sum(p.is_match for p in some)
        lines += [
            f"Seen pairs, {label}: {matches} matches, {len(some) - matches} others.", "",
            "| matcher | precision | recall | F1 | recall at 90 % precision |", "|---|---|---|---|---|",
        ]  # fmt: skip
        for matcher in tried:
            scores = scored[matcher.name]
            if scores is None:
                lines.append(f"| {matcher.name} | not run | | | |")
            else:
                lines.append(row(matcher.name, some, [scores[i] for i in chosen], matcher.threshold))
        lines.append("")
    return lines


def main() -> None:
    """Run every matcher on every set and write the page."""
    lines = [HEAD]
    with matchers() as tried:
        for title, pairs in labelled_sets().items():
            lines += section(title, pairs, tried)
    lines += screening()
    TARGET.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
