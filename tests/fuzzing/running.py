"""One process of the fuzzer: ``python -m tests.fuzzing.running NAME OUT SECONDS CORPUS``; see ``__main__``.

Findings do not end it: each is kept in ``OUT/findings`` once for each kind and place, with the smallest input
that showed it. It ends after SECONDS of its own processor time and leaves its figures in ``OUT/figures.json``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["service"]):
    from tests.fuzzing.other_parsers import STARTS_PROGRAMS
    from tests.fuzzing.targets import TARGETS

SLOW = 3.0  # seconds of processor time that one input may take
MEMORY = 128 * 1024  # KiB by which one input may raise the most memory ever used
HANG, RSS_MB = 60, 2048  # where libFuzzer itself ends the process
MAX_BYTES = 64 * 1024
SAVE_EVERY = 10.0  # seconds
_CHECKOUT = Path(__file__).resolve().parents[2]
_FORBIDDEN = frozenset({"socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system"})


class ReachedOutError(AssertionError):
    """A parser opened a socket or started a program."""


@dataclass(slots=True)
class Figures:
    """What a process did, and whether its inputs got deep enough to be read as a whole."""

    executions: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    findings: dict[str, str] = field(default_factory=dict)


class Session:
    """Runs one target and keeps what it finds."""

    def __init__(self, name: str, out: Path, seconds: float, corpus: Path) -> None:
        self.name, self.target = name, TARGETS[name]
        self.out, self.budget, self.corpus = out, seconds, corpus
        self.figures = Figures()
        self._sizes: dict[str, int] = {}
        self._saved = self._peak = 0.0
        self._pool: list[bytes] = []
        self._read: list[bytes] = []
        (out / "findings").mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        """Never returns: the process ends when its time is over."""
        self.corpus.mkdir(parents=True, exist_ok=True)
        for seed in self.target.seeds():
            (self.corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        self._pool = [path.read_bytes() for path in sorted(self.corpus.iterdir())[:200]]
        for seed in self._pool[:20]:  # what is loaded and cached at the first use counts for nobody
            self._caught(seed)
        self._peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        if self.name not in STARTS_PROGRAMS:
            sys.addaudithook(_refuse_to_reach_out)
        options = [
            f"-timeout={HANG}",
            f"-rss_limit_mb={RSS_MB}",
            f"-max_len={MAX_BYTES}",
            "-len_control=0",
            "-mutate_depth=2",
        ]
        arguments = [sys.argv[0], *options, f"-artifact_prefix={self.out}/", str(self.corpus)]
        atheris.Setup(arguments, self._one, custom_mutator=self._mutated)
        atheris.Fuzz()

    def _one(self, data: bytes) -> None:
        started = _spent()
        self._caught(data)
        now = _spent()
        self.figures.executions += 1
        self.figures.seconds = now
        self.figures.slowest = max(self.figures.slowest, now - started)
        peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        if now - started > SLOW:
            self._keep(data, f"slow: one input took more than {SLOW:g} s", "")
        if peak - self._peak > MEMORY:
            self._keep(data, f"memory: one input took more than {MEMORY // 1024} MB", "")
        self._peak = peak
        if now - self._saved > SAVE_EVERY:
            self._saved = now
            self._save()
        if now > self.budget:
            self._save()
            os._exit(0)

    def _caught(self, data: bytes) -> None:
        try:
            if self.target.check(data):
                self.figures.read += 1
                self._remember(data)
        except Exception as found:
            place = _place(found.__traceback__)
            self._keep(data, f"{type(found).__name__} at {place}: {_words(found)}", traceback.format_exc(limit=-25))

    def _remember(self, data: bytes) -> None:
        """Keep some of the inputs that were read, to change them further: most changes make one that is refused."""
        if len(data) > MAX_BYTES // 3:
            return
        if len(self._read) < 300:
            self._read.append(data)
        elif self.figures.executions % 50 == 0:
            self._read[self.figures.executions // 50 % 300] = data

    def _mutated(self, data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.05:
            return bytes(atheris.Mutate(data, max_size))
        if self._read and chance.random() < 0.4:
            data = chance.choice(self._read)
        return self.target.mutate(data, chance, self._pool)[:max_size]

    def _keep(self, data: bytes, words: str, trace: str) -> None:
        mark = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:12]
        if len(data) >= self._sizes.get(mark, 1 << 30):
            return
        known = mark in self._sizes
        self._sizes[mark] = len(data)
        self.figures.findings[mark] = words
        (self.out / "findings" / f"{mark}.input").write_bytes(data)
        if not known:
            (self.out / "findings" / f"{mark}.txt").write_text(f"{words}\n\n{trace}", "utf-8", "replace")
            self._save()

    def _save(self) -> None:
        whole = self.out / "figures.json.new"
        whole.write_text(json.dumps(asdict(self.figures), indent=1), "utf-8", "replace")
        whole.replace(self.out / "figures.json")


def _spent() -> float:
    """Seconds of processor time of this process and of the programs that it ran."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _place(trace: TracebackType | None) -> str:
    """The innermost line of ours in a traceback; our checks' own where no line of the service is."""
    found = [(frame.filename, frame.name) for frame in traceback.extract_tb(trace)]
    ours = [(Path(file), name) for file, name in found if file.startswith(f"{_CHECKOUT}/service/")]
    return f"{ours[-1][0].relative_to(_CHECKOUT)} {ours[-1][1]}" if ours else "the check"


def _words(found: Exception) -> str:
    """The promise that was broken; of any other exception nothing, since its words vary with the input."""
    return str(found) if isinstance(found, AssertionError) else ""


def _refuse_to_reach_out(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise ReachedOutError(event)


def main(arguments: Sequence[str]) -> None:
    name, out, seconds, corpus = arguments
    sys.setrecursionlimit(1000)
    Session(name, Path(out), float(seconds), Path(corpus)).run()


if __name__ == "__main__":
    main(sys.argv[1:])
