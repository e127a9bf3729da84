"""The formats in which lists come, and which reader takes which file.

A format is told by the content of the files, never by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from service.errors import MalformedListError
from service.lists import (
    au_dfat,
    ca_sema,
    ch_seco,
    eu_dprk_annexes,
    eu_fsf,
    eu_fsf_csv,
    ofac_advanced,
    ofac_enhanced,
    ofac_xml,
    opensanctions_csv,
    opensanctions_ftm,
    own_list,
    uk_ofsi_conlist,
    uk_sl,
    uk_sl_csv,
    un_sc,
    us_bis_dpl,
    us_csl,
    us_ofac,
)
from service.lists.container import PlainFile
from service.lists.last_look import looked_at
from service.lists.list_file import ListFile
from service.lists.sources import source_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """``recognises`` looks at the first bytes only; ``read`` may raise MalformedListError, as may iterating.

    ``read`` is the publisher's part; ``readers.read`` takes the last look at its entries.
    """

    title: str
    recognises: Callable[[Sequence[PlainFile]], bool]
    read: Callable[[Sequence[PlainFile], str, bool], ListFile]  # files, list id, partial


def _of_one_file(read: Callable[[PlainFile, str], ListFile]) -> Callable[[Sequence[PlainFile], str, bool], ListFile]:
    """A reader of lists that are one file."""

    def read_one(files: Sequence[PlainFile], list_id: str, partial: bool) -> ListFile:
        del partial  # a single file is whole or refused
        if len(files) != 1:
            raise MalformedListError(f"{len(files)} files; the list {list_id} is one file")
        return replace(read(files[0], list_id), files=(("list", files[0]),))

    return read_one


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "au_dfat_xlsx": Format(
            title="Australian Consolidated List, Excel workbook",
            recognises=au_dfat.recognises,
            read=_of_one_file(au_dfat.read_file),
        ),
        "ca_sema_xml": Format(
            title="Canadian autonomous sanctions, XML (data-set/record)",
            recognises=ca_sema.recognises,
            read=_of_one_file(ca_sema.read_file),
        ),
        "own_csv": Format(
            title="The operator's own list, CSV",
            recognises=own_list.recognises,
            read=_of_one_file(own_list.read_file),
        ),
        "un_sc_xml": Format(
            title="UN consolidated list, XML (CONSOLIDATED_LIST)",
            recognises=un_sc.recognises,
            read=_of_one_file(un_sc.read_file),
        ),
        "ofac_csv": Format(
            title="OFAC, CSV set (SDN or CONS_PRIM, ALT, ADD, COMMENTS)",
            recognises=us_ofac.recognises,
            read=lambda files, list_id, partial: us_ofac.read(files, list_id, partial=partial),
        ),
        "ofac_enhanced": Format(
            title="OFAC, Enhanced XML, plain or zipped (sanctionsData)",
            recognises=ofac_enhanced.recognises,
            read=_of_one_file(ofac_enhanced.read_file),
        ),
        "ofac_advanced": Format(
            title="OFAC, Advanced XML (Sanctions)",
            recognises=ofac_advanced.recognises,
            read=_of_one_file(ofac_advanced.read_file),
        ),
        "ofac_xml": Format(
            title="OFAC, XML (sdnList)",
            recognises=ofac_xml.recognises,
            read=_of_one_file(ofac_xml.read_file),
        ),
        "eu_fsf_xml": Format(
            title="EU financial sanctions, XML 1.1 (export/sanctionEntity)",
            recognises=eu_fsf.recognises,
            read=_of_one_file(eu_fsf.read_file),
        ),
        "eu_fsf_csv": Format(
            title="EU financial sanctions, CSV 1.1",
            recognises=eu_fsf_csv.recognises,
            read=_of_one_file(eu_fsf_csv.read_file),
        ),
        "eu_journal_csv": Format(
            title="Annexes of Regulation (EU) 2017/1509, transcribed as CSV",
            recognises=eu_dprk_annexes.recognises,
            read=_of_one_file(eu_dprk_annexes.read_file),
        ),
        "uk_sl_xml": Format(
            title="UK Sanctions List, XML (Designations)",
            recognises=uk_sl.recognises,
            read=_of_one_file(uk_sl.read_file),
        ),
        "uk_sl_csv": Format(
            title="UK Sanctions List, CSV",
            recognises=uk_sl_csv.recognises,
            read=_of_one_file(uk_sl_csv.read_file),
        ),
        "uk_ofsi_conlist_csv": Format(
            title="OFSI Consolidated List (closed), ConList.csv of 2020 or 2022",
            recognises=uk_ofsi_conlist.recognises,
            read=_of_one_file(uk_ofsi_conlist.read_file),
        ),
        "us_csl_csv": Format(
            title="US Consolidated Screening List, CSV",
            recognises=us_csl.recognises_csv,
            read=_of_one_file(us_csl.read_csv),
        ),
        "us_csl_json": Format(
            title="US Consolidated Screening List, JSON",
            recognises=us_csl.recognises_json,
            read=_of_one_file(us_csl.read_json),
        ),
        "us_bis_dpl_txt": Format(
            title="US Denied Persons List, tab separated",
            recognises=us_bis_dpl.recognises,
            read=_of_one_file(us_bis_dpl.read_file),
        ),
        "ch_seco_xml": Format(
            title="Swiss sanctions list, XML (swiss-sanctions-list)",
            recognises=ch_seco.recognises,
            read=_of_one_file(ch_seco.read_file),
        ),
        "opensanctions_ftm": Format(
            title="OpenSanctions, FollowTheMoney entities, JSON lines",
            recognises=opensanctions_ftm.recognises,
            read=_of_one_file(opensanctions_ftm.read_file),
        ),
        "opensanctions_csv": Format(
            title="OpenSanctions, targets.simple.csv",
            recognises=opensanctions_csv.recognises,
            read=_of_one_file(opensanctions_csv.read_file),
        ),
    }
)


def read(list_id: str, files: Sequence[PlainFile], *, partial: bool = False) -> ListFile:
    """Read ``files`` as the list ``list_id``, in whichever of its formats they are.

    Where none recognises them, the preferred one says what is wrong with them. RejectedListError for an
    unknown list, MalformedListError for files that are not that list.
    """
    formats = [FORMATS[name] for name in source_of(list_id).formats]
    chosen = next((each for each in formats if each.recognises(files)), formats[0])
    return looked_at(chosen.read(files, list_id, partial), files[0].name if files else list_id)
