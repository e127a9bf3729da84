"""The mutants that mean the same as what is written, each with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A mutant wherever its line moves: the module's path, the function around it, and what it changes."""

    module: str
    within: str
    change: str


def equivalents() -> dict[Key, str]:
    """Each listed mutant with the reason why no test can notice it."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8")).get("mutant", [])
    return {Key(module=e["module"], within=e["within"], change=e["change"]): e["reason"] for e in listed}
