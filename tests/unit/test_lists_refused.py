"""Real files that are none of the lists: refused by every reader, each with a reason that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import MalformedListError
from service.lists.container import unpack
from service.lists.readers import FORMATS, read
from service.lists.sources import SOURCES

OTHERS = (
    "trimmed/jp_mof_shisantouketsu_2026-08-28_head.csv",
    "malformed/ae_local_list_bom_multirow_header_2025-08.csv",
)
REASONS = "column|header|first line|not well-formed|workbook|root|JSON|XML"
MARKED = ("us_csl_csv", "us_csl_json", "us_bis_dpl_txt", "ch_seco_xml", "opensanctions_ftm", "opensanctions_csv")


@pytest.mark.shared
@pytest.mark.parametrize("list_id", sorted(SOURCES))
@pytest.mark.parametrize("name", OTHERS)
def test_a_list_that_nobody_reads_is_refused_as_every_list(shared: Path, name: str, list_id: str) -> None:
    with (
        (shared / "lists" / name).open("rb") as stream,
        unpack(stream, name) as file,
        pytest.raises(MalformedListError, match=REASONS),
    ):
        list(read(list_id, [file]))


@pytest.mark.shared
@pytest.mark.parametrize("name", OTHERS)
def test_a_format_with_a_mark_of_its_own_takes_no_strange_table_for_its_own(shared: Path, name: str) -> None:
    with (shared / "lists" / name).open("rb") as stream, unpack(stream, name) as file:
        assert not [key for key in MARKED if FORMATS[key].recognises([file])]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("un_consolidatedLegacyByNAME_2025-08.html.xz", "an HTML page, not a list file"),
        ("malformed/zero_byte_consolidatedLegacyByNAME.html", r"the file is empty \(zero bytes\)"),
        ("malformed/ofac_sdn_EMPTY_2024-05-04.csv", r"the file is empty \(zero bytes\)"),
        ("malformed/git_lfs_pointer_saved_as_eu_consolidated.xml", "a Git LFS pointer"),
    ],
)
def test_what_is_no_list_at_all_is_refused_before_any_reader(shared: Path, name: str, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason), (shared / "lists" / name).open("rb") as stream:
        unpack(stream, name)
