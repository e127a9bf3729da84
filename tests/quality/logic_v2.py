"""Scores of nomenklatura's LogicV2 for pairs of names, by a Python that has nomenklatura and PyICU installed.

Reads lines of JSON, [kind, name, other name], and writes a score from 0 to 1 for each. Run by ``tests.quality``
with the interpreter that HIRESCREEN_LOGIC_PYTHON names; nothing of this repository is imported.
"""

from __future__ import annotations

import json
import sys

from followthemoney import EntityProxy, model
from nomenklatura.matching import LogicV2
from nomenklatura.matching.types import ScoringConfig

SCHEMATA = {"person": "Person", "organisation": "Organization"}


def entity(key: str, schema: str, name: str) -> EntityProxy:
    """An entity of which nothing is known but its name."""
    made = model.make_entity(schema)
    made.id = key
    made.add("name", name)
    return made


def main() -> None:
    """Score every pair that comes in."""
    settings = ScoringConfig.defaults()
    for number, line in enumerate(sys.stdin):  # the matcher remembers names by the id of their entity
        kind, name, other = json.loads(line)
        schema = SCHEMATA[kind]
        result = LogicV2.compare(entity(f"a{number}", schema, name), entity(f"b{number}", schema, other), settings)
        print(result.score, flush=False)


if __name__ == "__main__":
    main()
