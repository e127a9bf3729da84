"""The tests run on each mutant, in forked processes that share what is loaded once."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from types import CodeType, ModuleType

import flask_smorest  # noqa: F401 - the libraries are loaded before the forks, so that no mutant loads them again
import hypothesis
import lxml.etree  # noqa: F401
import marshmallow  # noqa: F401
import numpy as np  # noqa: F401
import psycopg_pool  # noqa: F401
import pytest
import rapidfuzz  # noqa: F401

from tests.mutation.operators import Mutant, mutants

QUICK = """
    test_logic test_moment test_case test_rules_cases test_decide test_nationals test_rules_listed_party
    test_rules_stages test_rules_findings test_rules_catalogue test_answer test_rules_turning_days
    test_rules_worked_cases test_rules_listed_relations test_wording test_settling test_ownership
""".split()
SLOW = "test_rules_properties test_bands test_rules_south_koreans test_rules_walk".split()
MOST_SECONDS = 120
Located = tuple[str, Mutant]  # the path of the module, and the mutant
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--no-header"]


class Verdict(StrEnum):
    """What became of a mutant; one that runs too long is killed: the suite would not end."""

    KILLED = "killed"
    SURVIVED = "survived"


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from code that is given, every other as ever."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        folder = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=folder
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def run_all(modules: Sequence[str], *, jobs: int, quick: bool) -> dict[Located, Verdict]:
    """The verdict on every mutant of the modules, in order; RuntimeError where the tests fail without any."""
    hypothesis.settings.register_profile(
        "mutation", derandomize=True, database=None, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate]
    )
    hypothesis.settings.load_profile("mutation")
    _prove_the_tests_pass(modules[0], quick=quick)
    started = time.monotonic()
    found: dict[Located, Verdict] = {}
    running: dict[int, tuple[Located, float]] = {}
    for module in modules:
        for key, pid in _forked(module, quick=quick):
            running[pid] = key, time.monotonic() + MOST_SECONDS
            if len(running) >= jobs:
                _keep_the_next(running, found)
        print(f"{time.monotonic() - started:6.0f} s  {len(found):5} mutants  {module}", flush=True)
    while running:
        _keep_the_next(running, found)
    return found


def _keep_the_next(running: dict[int, tuple[Located, float]], found: dict[Located, Verdict]) -> None:
    (module, mutant), verdict = _next_finished(running)
    found[module, mutant] = verdict
    if verdict is Verdict.SURVIVED:
        print(f"survived: {module}:{mutant.line} {mutant.within}: {mutant.kind}: {mutant.change}", flush=True)


def _forked(module: str, *, quick: bool) -> Iterator[tuple[Located, int]]:
    tree = ast.parse(Path(module).read_text(encoding="utf-8"))
    for mutant in mutants(tree):
        yield (module, mutant), _start(module, compile(tree, module, "exec"), quick=quick)


def _next_finished(running: dict[int, tuple[Located, float]]) -> tuple[Located, Verdict]:
    while True:
        for pid, (key, until) in running.items():
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del running[pid]
                survived = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
                return key, Verdict.SURVIVED if survived else Verdict.KILLED
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)


def _prove_the_tests_pass(module: str, *, quick: bool) -> None:
    pid = _start(module, compile(Path(module).read_text(encoding="utf-8"), module, "exec"), quick=quick)
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError("the tests fail without any mutant")


def _start(module: str, code: CodeType, *, quick: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        name = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        sys.meta_path.insert(0, _Planted(name, Path(module).resolve(), code))
        for names in _in_turn(module, quick=quick):
            status = int(pytest.main([*OPTIONS, *(f"tests/unit/{name}.py" for name in names)]))
            if status:
                break
    finally:
        os._exit(status)


def _in_turn(module: str, *, quick: bool) -> Iterator[Sequence[str]]:
    """The tests in the order in which they are likely to fail, those of the module itself first."""
    own = f"test_{Path(module).stem}"
    first = [own] if own in {*QUICK, *SLOW} else ["test_rules_cases"]
    yield first
    yield [test for test in QUICK if test not in first]
    if not quick:
        yield [test for test in SLOW if test not in first]
