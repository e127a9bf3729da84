"""Every parser that is fuzzed: how it is asked, what it starts from and how its inputs are changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from service.lists import readers
from tests.fuzzing import other_parsers
from tests.fuzzing.list_reading import BETWEEN_FILES, reading
from tests.fuzzing.mutators import Mutator, structured
from tests.fuzzing.seeds import seeds_of
from tests.fuzzing.tree_mutators import json_lines, json_text, parted, table, zipped
from tests.fuzzing.xml_mutator import xml


@dataclass(frozen=True, slots=True)
class Target:
    """``check`` tells whether the bytes were read; whatever it raises is a finding."""

    check: Callable[[bytes], bool]
    seeds: Callable[[], Sequence[bytes]]
    mutate: Mutator


_DELIMITERS = {"eu_fsf_csv": ";", "us_bis_dpl_txt": "\t"}
_OWN_SHAPES = {
    "ofac_csv": parted(table(","), BETWEEN_FILES),
    "au_dfat_xlsx": zipped(xml),
    "us_csl_json": json_text,
    "opensanctions_ftm": json_lines,
}
_FIRST = (  # the most important ones; a run of all goes in this order
    *("un_sc_xml", "ofac_csv", "ofac_xml", "ofac_advanced", "ofac_enhanced", "eu_fsf_xml", "uk_sl_xml", "us_csl_csv"),
    *("us_csl_json", "own_csv"),
)


def _of_list(form: str) -> Target:
    shape = _OWN_SHAPES.get(form) or (xml if _is_xml(form) else table(_DELIMITERS.get(form, ",")))
    return Target(reading(form), partial(seeds_of, form), structured(shape))


def _is_xml(form: str) -> bool:
    return form.endswith("_xml") or form in {"ofac_advanced", "ofac_enhanced"}


def _targets() -> dict[str, Target]:
    found = {form: _of_list(form) for form in sorted(readers.FORMATS, key=_rank)}
    for name, (check, seeds, shape) in other_parsers.PARSERS.items():
        found[name] = Target(check, seeds, structured(shape))
    return found


def _rank(form: str) -> int:
    return _FIRST.index(form) if form in _FIRST else len(_FIRST)


TARGETS: Mapping[str, Target] = _targets()
