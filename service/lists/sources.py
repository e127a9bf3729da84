"""Where each list comes from, who publishes it, and what a genuine copy of it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from service.errors import RejectedListError

SOFT_AGE = timedelta(hours=24)  # since the last successful check: decide, but warn
HARD_AGE = timedelta(hours=48)  # older: no allow rests on the list
LONGEST_HARD_AGE = timedelta(hours=72)  # an operator may shorten the limits, never lengthen them beyond this

_OFAC = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"
# OFAC answers with a redirect to a short-lived storage address; the bucket's name is not published.
_OFAC_STORAGE = (
    ".s3.amazonaws.com",
    ".s3.us-east-1.amazonaws.com",
    ".s3.us-gov-east-1.amazonaws.com",
    ".s3.us-gov-west-1.amazonaws.com",
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a list; ``role`` is its name within the set."""

    role: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSource:
    """A list as its publisher offers it.

    ``redirects``: hosts (or, with a leading dot, suffixes of hosts) that the publisher's own host may
    send us to. ``floor``: fewer entries than this cannot be the whole list. ``canaries``: primary names
    that every genuine copy has held for years; each must be found in a new version. ``keys_grow``: new
    entries get ever higher numbers as keys. ``longest_gap``: the publisher has never let more time pass
    between two issues; an older one under its address means that the address was retired.
    """

    list_id: str
    title: str
    publisher: str
    page: str
    format: str
    legal_basis: str
    files: tuple[SourceFile, ...]
    redirects: tuple[str, ...]
    floor: int
    canaries: tuple[str, ...]
    longest_gap: timedelta
    keys_grow: bool = False
    soft_age: timedelta = SOFT_AGE
    hard_age: timedelta = HARD_AGE


_UN_SC = ListSource(
    list_id="un_sc",
    title="United Nations Security Council Consolidated List",
    publisher="United Nations Security Council",
    page="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    format="XML (CONSOLIDATED_LIST)",
    legal_basis="Measures of the Security Council under Chapter VII; for the DPRK S/RES/1718 (2006), paragraph 8 (d)",
    files=(SourceFile("list", "https://scsanctions.un.org/resources/xml/en/consolidated.xml"),),
    redirects=("scsanctions.un.org", "main.un.org", "www.un.org"),
    floor=500,
    canaries=(
        "YUN HO-JIN",
        "RI HONG-SOP",
        "PAEK CHANG-HO",
        "KIM YONG CHOL",
        "KIM CHOL NAM",
        "KOREA MINING DEVELOPMENT TRADING CORPORATION",
        "TANCHON COMMERCIAL BANK",
        "KOREA RYONHA MACHINERY JOINT VENTURE CORPORATION",
        "RECONNAISSANCE GENERAL BUREAU",
        "KOREA DAESONG BANK",
        "DCB FINANCE LIMITED",
        "MUHAMMAD TAHER ANWARI",
        "HAJI KHAIRULLAH HAJI SATTAR MONEY EXCHANGE",
        "HAQQANI NETWORK (HQN)",
        "AIMAN MUHAMMED RABI AL-ZAWAHIRI",
        "AL-QAIDA",
        "ABU SAYYAF GROUP",
        "ERIC BADEGE",
        "CONGOMET TRADING HOUSE",
        "FRANÇOIS YANGOUVONDA BOZIZÉ",
        "AL-SHABAAB",
        "LIBYAN INVESTMENT AUTHORITY",
        "ABDULMALIK AL-HOUTHI",
        "IBRAIMA CAMARÁ",
    ),
    longest_gap=timedelta(days=7),  # made anew every night, changed or not
)

_US_OFAC_SDN = ListSource(
    list_id="us_ofac_sdn",
    title="Specially Designated Nationals and Blocked Persons List",
    publisher="Office of Foreign Assets Control, U.S. Department of the Treasury",
    page="https://sanctionslist.ofac.treas.gov/Home/SdnList",
    format="CSV set (SDN, ALT, ADD, SDN_COMMENTS)",
    legal_basis="International Emergency Economic Powers Act and 31 CFR chapter V; for the DPRK 31 CFR part 510",
    files=(
        SourceFile("parties", f"{_OFAC}/SDN.CSV"),
        SourceFile("aliases", f"{_OFAC}/ALT.CSV"),
        SourceFile("addresses", f"{_OFAC}/ADD.CSV"),
        SourceFile("comments", f"{_OFAC}/SDN_COMMENTS.CSV"),
    ),
    redirects=("sanctionslistservice.ofac.treas.gov", *_OFAC_STORAGE),
    floor=5000,
    canaries=(
        "AEROCARIBBEAN AIRLINES",
        "BANCO NACIONAL DE CUBA",
        "HAMAS",
        "HIZBALLAH",
        "AL QA'IDA",
        "KOREA GENERAL CORPORATION FOR EXTERNAL CONSTRUCTION",
        "NAMGANG CONSTRUCTION",
        "MANSUDAE OVERSEAS PROJECT GROUP OF COMPANIES",
        "FOREIGN TRADE BANK OF THE DEMOCRATIC PEOPLE'S REPUBLIC OF KOREA",
        "KOREA MINING DEVELOPMENT TRADING CORPORATION",
        "RECONNAISSANCE GENERAL BUREAU",
        "LAZARUS GROUP",
        "MOKRAN LLC",
        "KIM, Jong Un",
        "RI, Jong Won",
        "DANDONG ZHONGSHENG INDUSTRY & TRADE CO., LTD.",
        "ISLAMIC REVOLUTIONARY GUARD CORPS",
        "MAHAN AIR",
        "ROSOBORONEKSPORT OAO",
        "BANK MELLI IRAN",
    ),
    longest_gap=timedelta(days=45),  # published as needed, in most weeks several times
    keys_grow=True,
)

_US_OFAC_CONS = ListSource(
    list_id="us_ofac_cons",
    title="Consolidated Sanctions List (Non-SDN Lists)",
    publisher="Office of Foreign Assets Control, U.S. Department of the Treasury",
    page="https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
    format="CSV set (CONS_PRIM, CONS_ALT, CONS_ADD, CONS_COMMENTS)",
    legal_basis="International Emergency Economic Powers Act and 31 CFR chapter V",
    files=(
        SourceFile("parties", f"{_OFAC}/CONS_PRIM.CSV"),
        SourceFile("aliases", f"{_OFAC}/CONS_ALT.CSV"),
        SourceFile("addresses", f"{_OFAC}/CONS_ADD.CSV"),
        SourceFile("comments", f"{_OFAC}/CONS_COMMENTS.CSV"),
    ),
    redirects=("sanctionslistservice.ofac.treas.gov", *_OFAC_STORAGE),
    floor=100,
    canaries=(
        "ABU TEIR, Mohammed",
        "AL-SHANTI, Jamileh Abdullah",
        "HANIYA, Ismail Abdul Salah",
        "ZAHHAR, Mahmoud Khaled",
        "SIAM, Saeed",
        "GAZPROMBANK (SWITZERLAND) LTD",
        "GPB INTERNATIONAL SA",
        "ROSNEFT TRADE LIMITED",
        "OAO NOVATEK",
        "VTB INSURANCE LIMITED",
        "VEB CAPITAL",
        "SVIAZ-BANK",
        "BANK OF KUNLUN CO LTD",
        "VERTOLETY ROSSII AO",
        "OJSC SAMOTLORNEFTEGAZ",
        "IZHORSKIYE ZAVODY OAO",
        "TRANSNEFT-MEDIA, OOO",
        "GAZPROM INVEST, OOO",
        "OOO PS YANDEX.MONEY",
        "CENTREX EUROPE ENERGY AND GAS AG",
    ),
    longest_gap=timedelta(days=45),  # published as needed, in most weeks several times
    keys_grow=True,
)

SOURCES: Mapping[str, ListSource] = MappingProxyType(
    {source.list_id: source for source in (_UN_SC, _US_OFAC_SDN, _US_OFAC_CONS)}
)


def source_of(list_id: str) -> ListSource:
    """The source of ``list_id``; RejectedListError names the known ids where it is none of them."""
    if list_id not in SOURCES:
        raise RejectedListError(f"{list_id!r} is no list that can be read here; known: {', '.join(sorted(SOURCES))}")
    return SOURCES[list_id]


def files_at(source: ListSource, base_address: str | None) -> tuple[SourceFile, ...]:
    """The files of ``source``, at their own addresses or, with ``base_address``, below that one.

    A mirror keeps the publisher's file names below a folder named by the list's id.
    """
    if base_address is None:
        return source.files
    folder = f"{base_address.rstrip('/')}/{source.list_id}"
    return tuple(SourceFile(file.role, f"{folder}/{file.address.rsplit('/', 1)[1]}") for file in source.files)
