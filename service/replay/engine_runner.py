"""Run a stored engine: in a process of its own, with little memory and time, without network and our secrets.

The archive was written by this service and its SHA-256 stands in the audit log. It is code all the same, so it is
run only where this host knows the digest (see :mod:`service.replay.known_engines`), never because a database says so.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from service.errors import ReplayError
from service.replay.engine_material import write_material
from service.replay.recompute import PinnedLists, Question

SECONDS = 60
MEMORY = 4 << 30  # bytes of address space; numpy's libraries alone map about one
LARGEST_ANSWER = 32 << 20

# What the process does first, before anything of the archive is imported: bound its time and memory, leave the
# network where the system allows that (it needs a user namespace), and take ``service`` from the archive alone.
_START = """
import ctypes, resource, sys
program, material, seconds, memory = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    ctypes.CDLL(None).unshare(0x10000000 | 0x40000000)  # CLONE_NEWUSER, CLONE_NEWNET
except (AttributeError, OSError):
    pass
sys.path.insert(0, program)
import service
if not service.__file__.startswith(program):
    raise SystemExit("ImportError: service is not that of the archive")
from service.replay.engine_process import answer
answer(material)
"""


def run_engine(archive: bytes, sha256: str, question: Question, lists: PinnedLists) -> bytes:
    """The decision that the engine in ``archive`` gives.

    ReplayError where the archive is not the one named, or the engine fails or takes too long.
    """
    if hashlib.sha256(archive).hexdigest() != sha256:
        raise ReplayError("The stored engine is not the one that decided: its digest differs.")
    with tempfile.TemporaryDirectory(prefix="hirescreen-replay-") as folder:
        program, material = Path(folder, "engine"), Path(folder, "material.jsonl")
        with zipfile.ZipFile(io.BytesIO(archive)) as file:
            file.extractall(program)
        with material.open("wb") as out:
            write_material(question, lists, out)
        return _run(program, material, Path(folder))


def _run(program: Path, material: Path, folder: Path) -> bytes:
    limits = (str(SECONDS), str(MEMORY))
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-B", "-c", _START, str(program), str(material), *limits],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReplayError(f"The engine did not answer within {SECONDS} s.") from None
    if ended.returncode != 0 or len(ended.stdout) > LARGEST_ANSWER:
        raise ReplayError(f"The engine of that time cannot run here: {_last_word(ended.stderr)}.")
    return ended.stdout


def _last_word(stderr: bytes) -> str:
    """The kind of the error that ended it; its message may quote the request."""
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition(":")[0].strip()[:80] if lines else "it said nothing"
