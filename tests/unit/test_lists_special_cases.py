"""Real changes that look like accidents and are none, and a fall that no publisher ever made: on real files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from service.lists import readers
from service.lists.acceptance import Outcome, Verdict, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.sources import source_of
from service.lists.summary import Summary, summarise

pytestmark = pytest.mark.shared


@contextmanager
def opened(path: Path, list_id: str) -> Iterator[ListFile]:
    with path.open("rb") as stream, unpack(stream, path.name) as file:
        yield readers.read(list_id, [file], partial=True)


def judged(folder: Path, list_id: str, before: str, after: str) -> tuple[Verdict, Summary, Summary]:
    """May the file ``after`` come in the place of ``before``?"""
    source = source_of(list_id)
    with opened(folder / before, list_id) as old_file, opened(folder / after, list_id) as file:
        old = summarise(old_file, published_on=old_file.published_on, digest=False)
        new = summarise(file, published_on=file.published_on, names=source.canaries, digest=False)
        verdict = judge(source=source, file=file, new=new, old=old, old_complete=old_file.complete)
    return verdict, old, new


def test_trap_11_iran_s_return_of_121_entries_is_accepted(shared: Path) -> None:
    names = [f"un_consolidatedLegacyByPRN_{day}.xml.xz" for day in ("2025-08-02", "2025-11-15")]
    verdict, old, new = judged(shared / "lists", "un_sc", *names)
    assert verdict.outcome is Outcome.ACCEPTED, verdict.explain()
    assert (old.counts.get("programme:Iran", 0), new.counts["programme:Iran"]) == (0, 121)


def test_trap_11_twelve_per_cent_fewer_are_held(shared: Path) -> None:
    source = source_of("un_sc")
    with opened(shared / "lists" / "un_consolidated_2026-02-27.xml.xz", "un_sc") as file:
        old = summarise(file, published_on=file.published_on, digest=False)
        few = summarise(islice(file, 882), published_on=file.published_on, names=source.canaries, digest=False)
        lenient = replace(source, canaries=tuple(few.canaries))
        verdict = judge(source=lenient, file=file, new=few, old=old)
    assert verdict.outcome is Outcome.HELD
    assert "121 of 1003 entries would be removed (12%)" in verdict.explain()


def test_trap_12_a_corrected_primary_name_is_no_removal(shared: Path) -> None:
    names = [f"ofac_sdn_2022-12-{day}.csv.xz" for day in ("09", "12")]
    verdict, old, new = judged(shared / "lists", "us_ofac_sdn", *names)
    # what waits is a true delisting of that week; the corrected names are no part of it
    assert verdict.explain() == "17 of 110 entries of ZIMBABWE would be removed"
    assert (old.groups.lacking_in(new.groups).total(), new.groups.lacking_in(old.groups).total()) == (20, 6)
