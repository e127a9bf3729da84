"""Lists of the reference folder, read for benchmarks."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from service.lists.container import unpack
from service.lists.listing import Listing
from service.lists.readers import read

CHECKOUT = Path(__file__).resolve().parents[2]
REFERENCE = Path(os.environ.get("HIRESCREEN_SHARED") or CHECKOUT.parent / "shared")
LISTS = REFERENCE / "lists"


def read_list(list_id: str, *files: Path) -> list[Listing]:
    """Every listing of a list that is published as these files, compressed or not."""
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("rb")) for path in files]
        plain = [
            stack.enter_context(unpack(stream, path.name.removesuffix(".xz")))
            for stream, path in zip(streams, files, strict=True)
        ]
        return list(read(list_id, plain))


def un_and_ofac() -> list[Listing]:
    """The UN's list of 2026 and OFAC's SDN list of 2021, the last of which the folder holds every file."""
    un = read_list("un_sc", LISTS / "un_consolidated_2026-02-27.xml.xz")
    return un + read_list("us_ofac_sdn", *sorted((LISTS / "ofac_set_2021-07").iterdir()))


def four_publishers() -> list[Listing]:
    """Real lists of the number and size that the UN, OFAC, the EU and the United Kingdom publish together.

    The folder holds no whole list of the EU or the United Kingdom: Australia's, Canada's and the US
    consolidated screening list of 2022 stand in, some 32,000 listings with 82,000 names in all.
    """
    return [
        *un_and_ofac(),
        *read_list("us_ofac_cons", *sorted((LISTS / "ofac_cons_2025-12").iterdir())),
        *read_list("au_dfat", LISTS / "au_dfat_regulation8_2024-11-11.xlsx"),
        *read_list("ca_sema", LISTS / "ca_sema_2025-03-20.xml.xz"),
        *read_list("us_csl", LISTS / "us_csl_2022-05.csv.xz"),
    ]
