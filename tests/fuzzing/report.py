"""The figures of runs of the fuzzer: added up by target in ``summary.json``, and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What one or several runs of a target did.

    ``read``: executions whose input was taken as a whole; the rest were refused. ``seconds`` is processor time,
    ``slowest`` that of the slowest input. ``edges`` and ``features``: what libFuzzer counted as covered; ``inputs``:
    how many it kept for what they alone cover.
    """

    began: str
    executions: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    edges: int = 0
    features: int = 0
    inputs: int = 0
    findings: Mapping[str, str] = field(default_factory=dict)

    def with_life(self, other: Run) -> Run:
        """Both together."""
        return Run(
            began=self.began,
            executions=self.executions + other.executions,
            read=self.read + other.read,
            seconds=round(self.seconds + other.seconds, 1),
            slowest=max(self.slowest, other.slowest),
            edges=max(self.edges, other.edges),
            features=max(self.features, other.features),
            inputs=max(self.inputs, other.inputs),
            findings={**self.findings, **other.findings},
        )


def load(folder: Path) -> dict[str, Run]:
    """The runs that ``summary.json`` in ``folder`` holds, by target; none where there is no such file."""
    path = folder / "summary.json"
    return {name: Run(**run) for name, run in json.loads(path.read_text("utf-8")).items()} if path.is_file() else {}


def save(folder: Path, name: str, run: Run) -> None:
    """Add a run to ``summary.json``."""
    runs = load(folder)
    runs[name] = runs[name].with_life(run) if name in runs else run
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "summary.json.new"
    path.write_text(json.dumps({each: asdict(held) for each, held in runs.items()}, indent=1) + "\n", "utf-8")
    path.replace(folder / "summary.json")


def table(runs: Mapping[str, Run]) -> str:
    """The summary as a table of Markdown."""
    lines = [
        "| target | processor minutes | executions | read as a whole | edges | slowest input | findings |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, run in runs.items():
        share = f"{run.read / run.executions:.0%}" if run.executions else "-"
        lines.append(
            f"| `{name}` | {run.seconds / 60:.1f} | {run.executions:,} | {share} | {run.edges} "
            f"| {run.slowest * 1000:.0f} ms | {len(run.findings)} |"
        )
    minutes, executions = sum(run.seconds for run in runs.values()) / 60, sum(run.executions for run in runs.values())
    lines.append(
        f"| all {len(runs)} | {minutes:.1f} | {executions:,} | | | | {sum(len(r.findings) for r in runs.values())} |"
    )
    return "\n".join(lines)
