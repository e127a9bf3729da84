"""What the fuzzer starts from: the hand-written fixtures in each publisher's format, and a few made here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from service.lists.eu_dprk_annexes import LAYOUT
from tests.fuzzing.list_reading import BETWEEN_FILES

LISTS = Path(__file__).resolve().parents[1] / "data" / "lists"
FIXTURES = {
    "un_sc_xml": ("un_small.xml",),
    "ofac_xml": ("us_ofac_sdn_small.xml",),
    "ofac_advanced": ("us_ofac_sdn_advanced_small.xml",),
    "ofac_enhanced": ("us_ofac_sdn_enhanced_small.xml",),
    "eu_fsf_xml": ("eu_fsf_small.xml",),
    "eu_fsf_csv": ("eu_fsf_small.csv",),
    "uk_sl_xml": ("uk_sl_small.xml", "uk_sl_two_owners.xml"),
    "uk_sl_csv": ("uk_sl_small.csv",),
    "uk_ofsi_conlist_csv": ("uk_ofsi_conlist_2020.csv", "uk_ofsi_conlist_2022.csv"),
    "us_csl_csv": ("us_csl_small.csv",),
    "us_csl_json": ("us_csl_small.json",),
    "us_bis_dpl_txt": ("us_bis_dpl_small.txt",),
    "ch_seco_xml": ("ch_seco_small.xml",),
    "ca_sema_xml": ("ca_small.xml",),
    "opensanctions_ftm": ("opensanctions_small.ftm.json",),
    "opensanctions_csv": ("opensanctions_small.csv",),
}
OWN = """key,name,kind,aliases,weak_aliases,birth_dates,genders,countries,identifiers,addresses,owned_by,listed_on,dprk
V-18,Sample Works,organisation,SAMCO;S. W.,,,,KP,imo:9187629;other:x,1 Example Street,V-19,2026-01-31,yes
V-19,"Han, Song Il",person,,H,c 1968;1960/1964;1967-01-31,male,North Korea,passport:PS 1,,,2026-01-31,no
"""


def seeds_of(form: str) -> list[bytes]:
    """The inputs from which fuzzing of the reader of a format starts."""
    if form in _MADE:
        return list(_MADE[form]())
    return [(LISTS / name).read_bytes() for name in FIXTURES[form]]


def _ofac_set() -> Iterable[bytes]:
    folder = LISTS / "us_ofac_sdn"
    files = [(folder / name).read_bytes() for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV", "SDN_COMMENTS.CSV")]
    yield BETWEEN_FILES.join(files)
    yield BETWEEN_FILES.join(files[:3])
    yield files[0]


def _own() -> Iterable[bytes]:
    yield OWN.encode()


def _annexes() -> Iterable[bytes]:
    rows = (
        {"recordId": "6", "annex": "XVI.B", "schema": "LegalEntity", "name": "Sample Works (Aliases: SAMCO, SCEW)"}
        | {"alias": "견본회사; f.k.a.: Works", "swiftBic": "EXAMKPPY", "address": "Pyongyang, DPRK"},
        {"recordId": "16", "annex": "XIII.A", "schema": "Person", "name": "Pak Example", "alias": "Pak Hyon U"}
        | {"nationality": "DPRK.", "birthDate": "15.4.1957, 22.2.1958", "gender": "male."}
        | {"passportNumber": '927234267; "108120258 (issued by the DPRK on 14.2.2018)"'},
        {"recordId": "17", "annex": "XIV", "schema": "Vessel", "name": "SAMPLE STAR", "imoNumber": "9187629"},
    )
    text = io.StringIO()
    columns = ("celex", *sorted(LAYOUT.needed - {"celex"}))
    written = csv.DictWriter(text, columns, extrasaction="ignore")
    written.writeheader()
    base = {"celex": "32017R1509", "programKey": "EU-PRK", "measure": "Asset freeze", "startDate": "21.4.2022"}
    written.writerows(base | row for row in rows)
    yield text.getvalue().encode()


def _workbook() -> Iterable[bytes]:
    import openpyxl

    header: tuple[str, ...] = (
        "Reference",
        "Name of Individual or Entity",
        "Type",
        "Name Type",
        "Date of Birth",
        "Place of Birth",
    )
    header += ("Citizenship", "Address", "Additional Information", "Listing Information", "Committees")
    header += ("Control Date",)
    day = datetime(2024, 11, 11)  # noqa: DTZ001 - as a workbook holds a day
    more = ("Listed by the UN 1718 Committee on 16 July 2009", "1718 (DPRK)", day)
    born = datetime(1967, 1, 31)  # noqa: DTZ001
    rows = (
        (7, "RI Example Ho", "Individual", "Primary Name", born, "Pyongyang", "DPRK", "1 Street, DPRK", "Male.", *more),
        ("7a", "RI Ho-chol", "Individual", "aka", "circa 1967; 1970s", None, None, None, None, *more),
        ("7b", "리호철", "Individual", "Original Script", "31/00/1967", None, None, None, None, *more),
        (8, "Sample Works", "Entity", "Primary Name", 24503, None, None, "DPRK", "IMO 9187629", *more),
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    yield buffer.getvalue()


_MADE = {"ofac_csv": _ofac_set, "own_csv": _own, "eu_journal_csv": _annexes, "au_dfat_xlsx": _workbook}
