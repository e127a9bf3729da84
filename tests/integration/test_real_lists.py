"""Every real file of the reference folder: loaded with its count, or refused with its reason.

The counts are compared with what another parser finds: ElementTree and a plain split into rows.
"""

from __future__ import annotations

import csv
import io
import lzma
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from service.errors import MalformedListError
from service.lists.acceptance import Outcome, Override, Verdict, judge
from service.lists.container import unpack
from service.lists.list_file import ListFile
from service.lists.listing import AliasQuality, Listing
from service.lists.readers import read
from service.lists.sources import SOURCES
from service.lists.summary import Summary, summarise

pytestmark = pytest.mark.shared

UN_FILES = {
    "un_consolidated_2017-06-20.xml.xz": (1024, 99),
    "un_consolidated_2018-06-07.xml.xz": (1098, 155),
    "un_consolidated_2018-08-24.xml.xz": (1098, 155),
    "un_consolidated_2020-11-23.xml.xz": (1018, 155),
    "un_consolidated_2020-11-24.xml.xz": (1018, 155),
    "un_consolidated_2020-12-01.xml.xz": (1006, 155),
    "un_consolidatedLegacyByPRN_2025-08-02.xml.xz": (879, 155),
    "un_consolidatedLegacyByPRN_2025-11-15.xml.xz": (1000, 155),
    "un_consolidated_2025-11-18.xml.xz": (1000, 155),
    "un_consolidated_2026-02-27.xml.xz": (1003, 155),
}
SDN_FILES = {
    "ofac_sdn_2022-12-08.csv.xz": 11164,
    "ofac_sdn_2022-12-09.csv.xz": 11381,
    "ofac_sdn_2022-12-12.csv.xz": 11367,
    "ofac_sdn_2023-05-19.csv.xz": 12538,
    "ofac_sdn_2024-03-26.csv.xz": 14550,
    "ofac_sdn_2024-03-27.csv.xz": 14561,
    "ofac_sdn_2024-05-03.csv.xz": 14965,
}
SET_2021 = [f"ofac_set_2021-07/{name}" for name in ("sdn.csv.xz", "alt.csv.xz", "add.csv.xz", "sdn_comments.csv")]
CONS_2018 = [f"ofac_cons_2018-05/{name}" for name in ("cons_prim.csv.xz", "cons_alt.csv.xz", "cons_add.csv.xz")]
CONS_2025 = [
    f"ofac_cons_2025-12/{name}" for name in ("cons_prim.csv.xz", "cons_alt.csv.xz", "cons_add.csv", "cons_comments.csv")
]


@pytest.fixture(scope="session")
def lists(shared: Path) -> Path:
    return shared / "lists"


@contextmanager
def opened(folder: Path, list_id: str, *names: str, partial: bool = False) -> Iterator[ListFile]:
    with ExitStack() as stack:
        files = []
        for name in names:
            stream = stack.enter_context((folder / name).open("rb"))
            files.append(stack.enter_context(unpack(stream, name)))
        yield read(list_id, files, partial=partial)


def load(folder: Path, list_id: str, *names: str, partial: bool = False) -> list[Listing]:
    with opened(folder, list_id, *names, partial=partial) as file:
        return list(file)


def content(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(path).rstrip(b"\x1a").decode("ascii"), newline="")))


@pytest.mark.parametrize(("name", "expected"), UN_FILES.items())
def test_every_un_file_loads_with_the_count_that_another_parser_finds(
    lists: Path, name: str, expected: tuple[int, int]
) -> None:
    with opened(lists, "un_sc", name) as file:
        listings = list(file)
    root = ElementTree.fromstring(content(lists / name))
    entries = [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]
    assert len(listings) == len(entries) == expected[0]
    assert sum(listing.dprk for listing in listings) == expected[1]
    assert Counter(listing.programmes[0] for listing in listings) == Counter(
        entry.findtext("UN_LIST_TYPE", "") for entry in entries
    )
    assert {listing.key for listing in listings} == {entry.findtext("DATAID") for entry in entries}
    assert file.published_on == date.fromisoformat(root.attrib["dateGenerated"][:10])
    assert file.published_on.isoformat() in name


def test_the_un_file_of_2026_keeps_every_alias_that_holds_a_name(lists: Path) -> None:
    listings = {x.key: x for x in load(lists, "un_sc", "un_consolidated_2026-02-27.xml.xz")}
    root = ElementTree.fromstring(content(lists / "un_consolidated_2026-02-27.xml.xz"))
    aliases = 0
    for entry in [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]:
        known = {name.text for name in listings[entry.findtext("DATAID", "")].names}
        for element in entry.iter("ALIAS_NAME"):
            alias = " ".join((element.text or "").split())
            if alias and not set(alias) & set(";()") and " born " not in alias:
                aliases += 1
                assert alias.strip(' ,;:"“”') in known
    assert aliases > 2600


@pytest.mark.parametrize(("list_id", "names", "expected"), [
    ("us_ofac_sdn", SET_2021, 8976), ("us_ofac_cons", CONS_2018, 639), ("us_ofac_cons", CONS_2025, 442),
], ids=["sdn-2021", "cons-2018", "cons-2025"])  # fmt: skip
def test_every_ofac_set_loads_with_the_counts_that_another_parser_finds(
    lists: Path, list_id: str, names: list[str], expected: int
) -> None:
    with opened(lists, list_id, *names) as file:
        assert file.complete
        assert file.doubts == ()
        listings = list(file)
    parties, aliases, addresses = (rows(lists / name) for name in names[:3])
    assert len(listings) == len(parties) == expected
    assert [(listing.key, listing.name) for listing in listings] == [(row[0], row[1]) for row in parties]
    strong = Counter(x.key for x in listings for name in x.names if name.quality is AliasQuality.STRONG)
    distinct = {(row[0], row[3]) for row in aliases} - {(row[0], row[1]) for row in parties}
    assert strong == Counter(key for key, _ in distinct)
    told = [row for row in addresses if any(cell.strip() != "-0-" for cell in row[2:5])]
    assert sum(len(x.addresses) for x in listings) == len(told)


@pytest.mark.parametrize(("name", "expected"), SDN_FILES.items())
def test_every_sdn_file_alone_loads_in_part_only(lists: Path, name: str, expected: int) -> None:
    with pytest.raises(MalformedListError, match="--partial"), opened(lists, "us_ofac_sdn", name):
        pass
    with opened(lists, "us_ofac_sdn", name, partial=True) as file:
        assert not file.complete
        assert len(list(file)) == len(rows(lists / name)) == expected


def test_zenko_genco_and_kogen_are_aliases_of_one_party(lists: Path) -> None:
    listings = load(lists, "us_ofac_sdn", *SET_2021)
    found = {
        name.text: (listing.key, name.quality)
        for listing in listings
        for name in listing.names
        if name.text in ("ZENKO", "GENCO", "KOGEN")
    }
    assert found == dict.fromkeys(("ZENKO", "GENCO", "KOGEN"), ("19611", AliasQuality.WEAK))


def test_an_npwmd_only_party_is_dprk_by_its_remarks(lists: Path) -> None:
    listings = load(lists, "us_ofac_sdn", "ofac_sdn_2024-05-03.csv.xz", partial=True)
    sim = next(listing for listing in listings if listing.key == "42498")
    assert sim.programmes == ("NPWMD",)
    assert sim.dprk
    only_by_remark = [x for x in listings if x.dprk and set(x.programmes) == {"NPWMD"}]
    assert len(only_by_remark) == 109
    assert sum(listing.dprk for listing in listings) == 593  # 591 by the remark and 2 by a DPRK tag alone


def test_every_birth_date_of_the_sdn_list_is_read(lists: Path) -> None:
    listings = load(lists, "us_ofac_sdn", "ofac_sdn_2024-05-03.csv.xz", partial=True)
    unread = [
        listing.key
        for listing in listings
        if "DOB " in str(listing.record.get("remarks", "")).replace("alt. DOB", "DOB") and not listing.birth_dates
    ]
    assert unread == []


def test_a_renamed_party_keeps_its_key(lists: Path) -> None:
    names = [
        next(x.name for x in load(lists, "us_ofac_sdn", f"ofac_sdn_{day}.csv.xz", partial=True) if x.key == "40205")
        for day in ("2022-12-09", "2022-12-12")
    ]
    assert names == ["CHOL, Kim Myong", "KIM, Myong Chol"]


@pytest.mark.parametrize(
    ("list_id", "name", "reason"),
    [
        ("un_sc", "malformed/un_unescaped_ampersand_2024-10-16.xml.xz", r"not well-formed XML: .*line 39788"),
        ("un_sc", "malformed/un_bytes_truncated_code_units_2025-08-16.xml.xz", r"invalid Char value 25, line 53"),
        ("un_sc", "malformed/git_lfs_pointer_saved_as_eu_consolidated.xml", "Git LFS pointer"),
        ("un_sc", "malformed/zero_byte_consolidatedLegacyByNAME.html", "zero bytes"),
        ("un_sc", "un_consolidatedLegacyByNAME_2025-08.html.xz", "HTML page"),
        ("un_sc", "trimmed/un_sample_2024-10-17.xml", "the section ENTITIES is missing"),
        ("un_sc", "ofac_consolidated_2025-03-28.xml.xz", "root element"),
        ("un_sc", "trimmed/uk_sanctions_list_trimmed_2026-09-02.xml", "root element is Designations"),
        ("us_ofac_sdn", "malformed/ofac_sdn_EMPTY_2024-05-04.csv", "zero bytes"),
        ("us_ofac_sdn", "malformed/ofac_sdn_header_added_2023-01-20.csv.xz", r"line 1: .*header row"),
        ("us_ofac_sdn", "malformed/ofac_sdn_TAMPERED_resaved_2022-01.csv.xz", r"line 9044: ent_num 2677 .* second"),
        ("us_ofac_sdn", "malformed/us_csl_duplicate_header_subset_2023-11.csv.xz", r"line 1: 29 columns"),
        ("us_ofac_sdn", "malformed/ae_local_list_bom_multirow_header_2025-08.csv", r"line 1: 19 columns"),
        ("us_ofac_sdn", "ofac_alt_2026-02.csv.xz", "lacks its file of parties"),
        ("us_ofac_sdn", "un_consolidated_2026-02-27.xml.xz", "columns"),
    ],
)
def test_a_broken_or_foreign_file_is_refused_with_its_reason(lists: Path, list_id: str, name: str, reason: str) -> None:
    with pytest.raises(MalformedListError, match=reason):
        load(lists, list_id, name, partial=True)


@pytest.mark.parametrize("other", ["ofac_2025-12", "ofac_2026-06"])
def test_files_of_different_years_are_no_set(lists: Path, other: str) -> None:
    names = [SET_2021[0], f"{other}/alt.csv.xz", f"{other}/add.csv.xz", SET_2021[3]]
    with pytest.raises(MalformedListError, match="not of one set"):
        load(lists, "us_ofac_sdn", *names)


def summary(lists: Path, name: str) -> tuple[ListFile, Summary]:
    with opened(lists, "un_sc", name) as file:
        return file, summarise(file, published_on=file.published_on, names=SOURCES["un_sc"].canaries)


def replaced(lists: Path, old: str, new: str, *overrides: Override) -> Verdict:
    file, ours = summary(lists, new)
    _, theirs = summary(lists, old)
    return judge(source=SOURCES["un_sc"], file=file, new=ours, old=theirs, overrides=frozenset(overrides))


def test_the_same_list_under_a_new_date_has_the_same_digest(lists: Path) -> None:
    digests = [summary(lists, name)[1].digest for name in UN_FILES]
    assert digests[3] == digests[4]  # 2020-11-23 and the next day
    assert digests[7] == digests[8]  # ordered by reference and by name, three days apart
    assert len(set(digests)) == len(UN_FILES) - 2


def test_the_return_of_the_iran_entries_is_no_corruption(lists: Path) -> None:
    verdict = replaced(lists, "un_consolidatedLegacyByPRN_2025-08-02.xml.xz", "un_consolidated_2025-11-18.xml.xz")
    assert verdict.outcome is Outcome.ACCEPTED


def test_going_back_in_time_is_held_and_so_is_losing_twelve_percent(lists: Path) -> None:
    verdict = replaced(lists, "un_consolidated_2025-11-18.xml.xz", "un_consolidatedLegacyByPRN_2025-08-02.xml.xz")
    assert verdict.outcome is Outcome.HELD
    assert {reason.code for reason in verdict.reasons} == {"older", "removals", "group_removals"}
    allowed = replaced(
        lists, "un_consolidated_2025-11-18.xml.xz", "un_consolidatedLegacyByPRN_2025-08-02.xml.xz", *Override
    )
    assert allowed.outcome is Outcome.ACCEPTED


def test_every_first_load_of_a_real_list_is_accepted(lists: Path) -> None:
    loads = [("us_ofac_sdn", SET_2021), ("us_ofac_cons", CONS_2018), ("us_ofac_cons", CONS_2025)]
    loads += [("un_sc", [name]) for name in UN_FILES]
    for list_id, names in loads:
        with opened(lists, list_id, *names) as file:
            new = summarise(file, published_on=file.published_on, names=SOURCES[list_id].canaries)
            verdict = judge(source=SOURCES[list_id], file=file, new=new, old=None)
        assert verdict.outcome is Outcome.ACCEPTED, verdict.explain()


def test_one_ofac_list_is_not_taken_for_the_other(lists: Path) -> None:
    with opened(lists, "us_ofac_sdn", *CONS_2025) as file:
        new = summarise(file, names=SOURCES["us_ofac_sdn"].canaries)
        verdict = judge(source=SOURCES["us_ofac_sdn"], file=file, new=new, old=None, overrides=frozenset(Override))
    assert verdict.outcome is Outcome.REJECTED


def test_reading_needs_little_memory_whatever_the_size_of_the_list(lists: Path) -> None:
    """The UN file twenty times over costs hardly more memory than once: entries are freed as they go."""
    script = (
        "import io, lzma, re, resource, sys\n"
        "from service.lists import un_sc\n"
        "text = lzma.open(sys.argv[1]).read()\n"
        "times = int(sys.argv[2])\n"
        "head, rest = text.split(b'<INDIVIDUALS>', 1)\n"
        "people, tail = rest.split(b'</INDIVIDUALS>', 1)\n"
        "class Stream(io.RawIOBase):\n"
        "    def __init__(self): self.seek(0)\n"
        "    def parts(self):\n"
        "        yield head + b'<INDIVIDUALS>'\n"
        "        for n in range(times):\n"
        "            mark = b'\\\\g<1>%d-' % n\n"
        "            yield re.sub(rb'(<DATAID>|<REFERENCE_NUMBER>)', mark, people)\n"
        "        yield b'</INDIVIDUALS>' + tail\n"
        "    def seek(self, *_):\n"
        "        self.source, self.rest = self.parts(), b''\n"
        "        return 0\n"
        "    def read(self, size=-1):\n"
        "        if not self.rest: self.rest = next(self.source, b'')\n"
        "        out, self.rest = self.rest[:size], self.rest[size:]\n"
        "        return out\n"
        "entries = sum(1 for _ in un_sc.read(Stream()))\n"
        "print(entries, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    path = lists / "un_consolidated_2026-02-27.xml.xz"
    used = {}
    for times in (1, 20):
        command = [sys.executable, "-c", script, str(path), str(times)]
        entries, megabytes = map(int, subprocess.check_output(command, text=True).split())
        assert entries == 730 * times + 273
        used[times] = megabytes
    assert used[20] - used[1] < 20
