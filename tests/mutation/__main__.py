"""How many small faults in the rules the tests notice: ``python -m tests.mutation [module ...]``.

Every module of ``service/screening`` and ``service/rulebook`` (or those named, as paths) is changed in one
place at a time (``operators``), and the tests run on it until one fails. It is done in a copy of the tree.
The libraries are loaded once; each mutant is a forked process that imports the service with the mutated
module in place of the written one and runs the quick tests and then, if all pass, the slow ones.

Mutants that mean the same as what is written, so that no test can tell them apart, are listed with the
reason in ``equivalent.toml`` and do not count. It prints every survivor and the score by module and by
kind; the exit status is 1 where the score is below 90 percent, a date or a comparison survives, or the
list names a mutant that is killed or no longer there. ``--jobs`` processes run at a time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutation.equivalents import Key, equivalents
from tests.mutation.operators import Kind, Mutant
from tests.mutation.running import Located, Verdict, run_all

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("service/screening", "service/rulebook")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "acceptance", "integration", "benchmarks")
REACH_PERCENT = 90
NEVER_SURVIVE = frozenset({Kind.DATE, Kind.COMPARISON})


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("modules", nargs="*")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--quick", action="store_true", help="without the slow tests: more survive, sooner")
    arguments.add_argument("--in-copy", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if not given.in_copy:
        return _in_a_copy(sys.argv[1:])
    modules = given.modules or [
        str(path) for package in PACKAGES for path in sorted(Path(package).glob("*.py")) if path.stat().st_size
    ]
    return _report(modules, run_all(modules, jobs=given.jobs, quick=given.quick))


def _in_a_copy(arguments: list[str]) -> int:
    """Start again in a copy of the tree, where nobody edits the files meanwhile."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        for part in ("service", "tests", "sql"):
            shutil.copytree(CHECKOUT / part, Path(folder) / part, ignore=LEFT_OUT)
        shutil.copy(CHECKOUT / "pyproject.toml", folder)
        command = [sys.executable, "-m", "tests.mutation", "--in-copy", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def _report(modules: list[str], found: dict[Located, Verdict]) -> int:
    known = equivalents()
    survivors = [key for key, verdict in found.items() if verdict is Verdict.SURVIVED]
    killed = [key for key, verdict in found.items() if verdict is Verdict.KILLED]
    equivalent = [key for key in survivors if _key(*key) in known]
    unkilled = [key for key in survivors if _key(*key) not in known]
    for module, mutant in unkilled:
        print(f"SURVIVED {module}:{mutant.line} {mutant.within}: {mutant.kind}: {mutant.change}")
    there = {_key(*key) for key in survivors}
    stale = [key for key in known if key.module in modules and key not in there]
    for key in stale:
        print(f"STALE in equivalent.toml: {key.module} {key.within}: {key.change}")
    _table("module", Counter(m for m, _ in killed), Counter(m for m, _ in unkilled), Counter(m for m, _ in equivalent))
    _table(
        "kind",
        Counter(m.kind for _, m in killed),
        Counter(m.kind for _, m in unkilled),
        Counter(m.kind for _, m in equivalent),
    )
    score = 100 * len(killed) / max(1, len(killed) + len(unkilled))
    print(f"score {score:.1f} percent: {len(killed)} killed, {len(unkilled)} survived, {len(equivalent)} equivalent")
    sure = not any(mutant.kind in NEVER_SURVIVE for _, mutant in unkilled)
    return 0 if score >= REACH_PERCENT and sure and not stale else 1


def _key(module: str, mutant: Mutant) -> Key:
    return Key(module=module, within=mutant.within, change=mutant.change)


def _table(title: str, killed: Counter[str], survived: Counter[str], equivalent: Counter[str]) -> None:
    print(f"\n{title:<44}{'killed':>8}{'survived':>10}{'equivalent':>12}{'score':>9}")
    for name in sorted({*killed, *survived, *equivalent}):
        counted = killed[name] + survived[name]
        score = f"{100 * killed[name] / counted:.1f} %" if counted else "-"
        print(f"{name:<44}{killed[name]:>8}{survived[name]:>10}{equivalent[name]:>12}{score:>9}")
    print()


if __name__ == "__main__":
    sys.exit(main())
